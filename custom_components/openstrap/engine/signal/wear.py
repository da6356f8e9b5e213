"""When the strap was on a wrist: what its wrist events and its records say."""

from collections.abc import Sequence
from dataclasses import dataclass

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


type WristEvent = tuple[float, bool]
"""When (epoch s) the strap was put on (True) or taken off (False)."""


@dataclass(frozen=True, slots=True)
class Wear:
    """What is known of the wear of n records."""

    worn: NDArray[np.bool_]
    """(n,) The record came from a wrist."""
    told: NDArray[np.bool_]
    """(n,) The strap's wrist events say so too, whether it did or not."""


def judge_wear(samples: Samples, wrist: Sequence[WristEvent] = ()) -> Wear:
    """Tell which records came from a wrist, by the strap's events (ascending) where it sent them.

    Between one event and the contrary one after it the strap knows: neither a noisy pulse on a
    wrist nor a stray one on a table counts. Before the first event, after the last, and between
    two of a kind, of which one in the middle was lost, the records decide: an event that never
    came must not cost a night.
    """
    worn = worn_records(samples)
    if not wrist:
        return Wear(worn, np.zeros(len(worn), dtype=bool))
    on = np.array([state for _, state in wrist])
    last = np.searchsorted([ts for ts, _ in wrist], samples.ts, side="right") - 1
    known = last >= 0
    closed = np.append(on[1:] != on[:-1], False)
    worn = np.where(known & closed[last], on[last], worn)
    return Wear(worn, known & (on[last] == worn))


def worn_records(samples: Samples) -> NDArray[np.bool_]:
    """Tell which records came from a wrist by what they hold alone, (n,).

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


def seen_seconds(ts: NDArray[np.float64]) -> int:
    """Count the distinct seconds of ascending times: those in which there is a record."""
    second = np.floor(ts)
    return int((np.diff(second) > 0).sum()) + 1 if len(second) else 0
