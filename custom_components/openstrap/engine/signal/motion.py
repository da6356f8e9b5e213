"""Movement of the wrist over true time, in one form for every kind of recording."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..samples import Samples
from .accel import is_reading

STILL_STEP_G: Final = 0.087
"""Step of the gravity vector between neighbouring records up to which the arm lay still, g.

The chord of a turn by 5 degrees, the published limit of an arm at rest (van Hees et al. 2015,
PLoS One 10:e0142533; there between means of 5 s). It holds for the straps known so far. On a
real gen4 night the noise of the sensor is 1 mg (median step), and the share of 15 s with
movement changes little around it: 5.0 % at 0.05 g, 4.5 % at 0.087 g, 4.1 % at 0.15 g; labelled
nights have 2.4 to 7.0 %.
"""
STAGED_STEP_G: Final = 0.518
"""Step up to which a sleeping arm is taken for still by the stager, g: the chord of a turn by 30
degrees, a change of posture.

The stager learnt from a device that shows movement in 2.9 to 4.4 % (quartiles of nights) of 15 s.
On the one real gen4 night 0.35 g gives its middle of 3.5 %, 0.518 g 3.3 %. When in doubt the higher
one: a quarter of the movements unseen cost 0.003 of agreement on sleep and wake in labelled nights,
false ones in 1 % of all bins 0.013.
"""
MAX_STEP_S: Final = 2.5
"""Records further apart than this say nothing of what the arm did between them, s."""
RECORD_STEP_S: Final = 1.0
"""Nominal time between records, s."""
MIN_OBSERVED: Final = 0.5
"""Share of a bin that must have been observed before it is called still."""
SLACK_S: Final = 1e-6
"""Far above the rounding of times, far below any spacing."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Movement of the wrist over true time.

    ``ts`` (n,) float64 epoch seconds, ascending: the start of what each value describes.
    ``amount`` (n,) float64, free of unit: 0 = still, more = stronger, NaN = not observed.
    ``step_s``: how many seconds a value nominally describes.
    """

    ts: NDArray[np.float64]
    amount: NDArray[np.float64]
    step_s: float

    def __len__(self) -> int:
        """Count the values."""
        return len(self.ts)

    def between(self, start_ts: float, end_ts: float) -> Motion:
        """Return the values that start in start <= ts < end."""
        first, last = (int(row) for row in np.searchsorted(self.ts, (start_ts, end_ts)))
        return Motion(self.ts[first:last], self.amount[first:last], self.step_s)

    def above(self, least: float) -> Motion:
        """Return the same with movement up to ``least`` taken for stillness."""
        weak = self.amount <= least  # NaN is neither weak nor strong
        return Motion(self.ts, np.where(weak, 0.0, self.amount), self.step_s)


def motion_of(samples: Samples, worn: NDArray[np.bool_]) -> Motion:
    """Measure how far gravity moves from each record to the next usable one, g.

    ``worn`` is (n,). Used are worn records with a reading of acceleration; a step of up to
    0.087 g counts as still (0). NaN where the next usable record is over 2.5 s away, at records
    that are not usable, and at the last. One value per record. Calibrated acceleration or not
    makes hardly a difference: offsets cancel.
    """
    amount = np.full(len(samples), np.nan)
    use = np.flatnonzero(worn & is_reading(samples.accel_g))
    if len(use) > 1:
        step = np.linalg.norm(np.diff(samples.accel_g[use], axis=0), axis=1)
        near = np.diff(samples.ts[use]) <= MAX_STEP_S
        amount[use[:-1][near]] = np.where(step > STILL_STEP_G, step, 0.0)[near]
    return Motion(samples.ts, amount, RECORD_STEP_S)


def motion_bins(motion: Motion, start_ts: float, step_s: float, size: int) -> NDArray[np.float64]:
    """Strongest movement in each of ``size`` bins of ``step_s`` seconds from ``start_ts`` on.

    (size,); NaN where nothing was observed: a bin without movement counts as still only when at
    least half of it was observed. A value that describes more than a bin goes to every bin that
    it begins or goes on in.
    """
    known = np.isfinite(motion.amount)
    ts, amount, lasts_s = motion.ts[known], motion.amount[known], motion.step_s
    if lasts_s > step_s:
        parts = int(np.ceil(lasts_s / step_s - SLACK_S))
        lasts_s /= parts
        ts = (ts[:, None] + lasts_s * np.arange(parts)).ravel()
        amount = np.repeat(amount, parts)
    place = np.floor((ts - start_ts) / step_s)
    inside = (place >= 0) & (place < size)
    row, amount = place[inside].astype(np.intp), amount[inside]
    strongest = np.zeros(size)
    np.maximum.at(strongest, row, amount)
    observed_s = np.bincount(row, minlength=size) * lasts_s
    seen = (observed_s >= MIN_OBSERVED * step_s - SLACK_S) | (strongest > 0.0)
    return np.where(seen, strongest, np.nan)
