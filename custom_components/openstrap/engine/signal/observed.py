"""What was observed: seconds of which it may be said that somebody slept or was awake."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..samples import Samples

RECORD_REACH_S: Final = 1.0
"""How far from a second its record may lie, s: records are 0.961 s or, jittered, over 1 s apart."""
HR_REACH_S: Final = 15.0
"""How far from a second a heart rate may lie, s."""


def observed_seconds(
    samples: Samples, worn: NDArray[np.bool_], start_ts: float, size: int
) -> NDArray[np.bool_]:
    """Tell which of ``size`` seconds from ``start_ts`` on were observed, (size,).

    ``worn`` is (n,). Observed: a worn record lies within the second or 1 s of it, and a worn
    record with a heart rate within 15 s of it. All else is neither wake nor sleep.
    """
    held = _reached(samples.ts[worn] - start_ts, size, RECORD_REACH_S)
    return held & _reached(samples.ts[worn & (samples.hr_bpm > 0)] - start_ts, size, HR_REACH_S)


def _reached(since: NDArray[np.float64], size: int, reach_s: float) -> NDArray[np.bool_]:
    """Tell in which of ``size`` seconds any of the times lies in [second - reach, second + 1 + reach)."""
    first = np.clip(np.floor(since - (1.0 + reach_s)) + 1.0, 0, size).astype(np.intp)
    last = np.clip(np.floor(since + reach_s) + 1.0, 0, size).astype(np.intp)
    open_now = np.bincount(first, minlength=size + 1) - np.bincount(last, minlength=size + 1)
    reached: NDArray[np.bool_] = np.cumsum(open_now)[:size] > 0
    return reached
