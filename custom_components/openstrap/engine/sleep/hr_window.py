"""A night by the heart alone, for when the wrist's movement is not known."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..signal.grid import on_grid
from ..signal.rolling import rolling_quantiles
from ..signal.runs import merge, runs

STEP_S: Final = 5.0
SMOOTH_STEPS: Final = 60
"""Five minutes."""
WAKING_SHARE: Final = 0.9
"""Of the waking heart rate: below it the heart rests."""
LOW_PERCENTILE: Final = 30.0
"""Of the span's heart rates, in place of a waking heart rate."""
BRIDGE_S: Final = 1800.0
HOLE_S: Final = 300.0
"""No heart rate for longer than this ends a rest."""
MIN_LENGTH_S: Final = 7200.0
MIN_READINGS: Final = 1800
"""Half an hour of heart rates, at least."""


@dataclass(frozen=True, slots=True)
class HrWindow:
    """The longest rest of the heart, epoch seconds, and the threshold (bpm) it stayed below."""

    start_ts: float
    end_ts: float
    threshold_bpm: float


def hr_window(
    ts: NDArray[np.float64], hr_bpm: NDArray[np.float64], *, waking_bpm: float | None = None
) -> HrWindow | None:
    """Longest stretch of at least two hours with a low heart rate; None without one.

    ``ts`` (n,) epoch s ascending, ``hr_bpm`` (n,) with 0 for none. Low: the median of five
    minutes lies below 0.9 of the waking heart rate, or below the 30th percentile of what there is
    when it is not known. Highs of up to half an hour are bridged, five minutes without a heart
    rate end a rest. None as well below 1800 heart rates.
    """
    pulse = hr_bpm > 0
    if int(pulse.sum()) < MIN_READINGS:
        return None
    ts, bpm = ts[pulse], hr_bpm[pulse]
    if waking_bpm is None:
        threshold = float(np.percentile(bpm, LOW_PERCENTILE))
    else:
        threshold = WAKING_SHARE * waking_bpm
    start = float(ts[0])
    size = int((ts[-1] - start) // STEP_S) + 1
    grid = on_grid(ts, bpm, start_ts=start, step_s=STEP_S, size=size)
    (level,) = rolling_quantiles(grid, SMOOTH_STEPS, (0.5,))
    best: tuple[float, int, int] | None = None
    for first, stop in _heard(np.isfinite(grid)):
        low_first, low_stop = runs(level[first:stop] < threshold)
        for low, high in merge(low_first, low_stop, BRIDGE_S / STEP_S):
            length_s = STEP_S * (high - low)
            if length_s >= MIN_LENGTH_S and (best is None or length_s > best[0]):
                best = (length_s, first + low, first + high)
    if best is None:
        return None
    _, low, high = best
    return HrWindow(start + STEP_S * low, start + STEP_S * high, threshold)


def _heard(known: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches without a hole of over five minutes."""
    return merge(*runs(known), HOLE_S / STEP_S + 1)
