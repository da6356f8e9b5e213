"""When the strap was on a wrist, judged from its records alone."""

import numpy as np
from numpy.typing import NDArray

from ..samples import Samples

MAX_RECORD_GAP_S = 120.0
"""A longer hole between records is "not seen"."""
MAX_HR_GAP_S = 600.0
"""Records without a heart rate for longer than this: not on a wrist.

A worn strap loses the pulse for seconds up to a few minutes, a strap on a table for as long as
it lies there.
"""


def worn_records(samples: Samples) -> NDArray[np.bool_]:
    """Tell which records came from a wrist, (n,).

    A stretch of records without a hole over 120 s is worn as far as heart rates in it lie within
    600 s of each other, or of the ends of the stretch when it has any heart rate at all. Records
    alone prove no wrist: a gen4 strap on a table or charger goes on recording with heart rate 0,
    which would pass for wear and for deep rest.
    """
    ts = samples.ts
    if not len(ts):
        return np.zeros(0, dtype=bool)
    first = np.flatnonzero(np.concatenate(([True], np.diff(ts) > MAX_RECORD_GAP_S)))
    last = np.concatenate((first[1:], [len(ts)])) - 1
    stretch = np.repeat(np.arange(len(first)), last - first + 1)

    pulse = samples.hr_bpm > 0
    row = np.arange(len(ts))
    before = np.maximum.accumulate(np.where(pulse, row, -1))
    after = np.minimum.accumulate(np.where(pulse, row, len(ts))[::-1])[::-1]
    # Nothing before (or after) in this stretch: its end stands in.
    none_before, none_after = before < first[stretch], after > last[stretch]
    before = np.where(none_before, first[stretch], before)
    after = np.where(none_after, last[stretch], after)
    worn: NDArray[np.bool_] = ts[after] - ts[before] <= MAX_HR_GAP_S
    worn |= pulse
    return worn & ~(none_before & none_after)


def worn_seconds(ts: NDArray[np.float64], worn: NDArray[np.bool_]) -> float:
    """Seconds between neighbouring worn records that are at most 120 s apart."""
    if len(ts) < 2:
        return 0.0
    step = np.diff(ts)
    return float(step[worn[1:] & worn[:-1] & (step <= MAX_RECORD_GAP_S)].sum())
