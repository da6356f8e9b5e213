"""Steps out of the length of raw acceleration: first whether someone walks, then how often."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .cadence import RATE_HZ, band_pass, resampled, spectra_of, track_cadence, windows
from .walking import SPREAD_S, STEP_BAND_HZ, walking_features
from .walking_judge import JUDGE

CADENCE_WINDOW_S: Final = 8.0
"""Span around a second of which the cadence is taken, s."""
SURE_REGULARITY: Final = 0.5
"""Share of power at one cadence from which it is gait whatever else the arm does (judgement; no
minute of desk work, dressing, laces or dishes of the recordings reached it)."""
KNOWN_REGULARITY: Final = 0.35
"""Share from which the cadence of someone who walks is known; below it strikes are counted."""
MIN_PROBABILITY: Final = 0.55
"""Of having walked, averaged over fifteen seconds, from which irregular movement is gait."""
MIN_SPREAD_G: Final = 0.04
"""Spread within the band of steps below which nothing is a gait, g: swings of 0.057 g."""
LOCAL_S: Final = 1.0
MIN_LOCAL_SHARE: Final = 0.4
"""Share of the spread around it that a second must have to belong to the gait."""
MIN_RUN_S: Final = 3
"""Shorter gaits are none (Straczkiewicz et al. 2023)."""
MIN_STRIKE_G: Final = 0.15
"""Prominence of a heel strike, g."""
STRIKE_SHARE: Final = 0.3
"""Share of the strikes around it that one must reach."""
STRIKE_AROUND_S: Final = 4.0
MIN_STRIDE_S: Final = 0.4
MIN_SECONDS: Final = 6
"""A shorter stretch tells nothing: its cadence has no room."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Per whole second of a stretch, (n,): steps taken, whether in gait, and the cadence then."""

    steps: NDArray[np.float64]
    walking: NDArray[np.bool_]
    step_hz: NDArray[np.float64]

    @property
    def total(self) -> int:
        """Whole steps."""
        return int(np.floor(self.steps.sum() + 0.5))


def count_steps(t_s: NDArray[np.float64], magnitude_g: NDArray[np.float64]) -> Steps | None:
    """Count the steps of one stretch of raw acceleration.

    ``t_s`` (n,) s, ascending, holes of at most about a second; ``magnitude_g`` (n,) length of the
    acceleration with gravity, g; any rate from 12.5 Hz. None for a slower or shorter than 6 s one.

    Walking is recognised first, then paced, as in Straczkiewicz et al. 2023 (npj Digit Med 6:29);
    the recognition differs: a second is gait where half of the power around it lies at one cadence
    and its swing, or where a fitted judge of twelve seconds says so, which also knows slow steps.
    Regular gaits count by their cadence, irregular slow ones by their heel strikes. Rhythmic work
    of the arm alone, such as stirring, looks the same and is counted.
    """
    values = resampled(t_s, magnitude_g)
    if len(values) < MIN_SECONDS * RATE_HZ:
        return None
    cadence = track_cadence(spectra_of(values, CADENCE_WINDOW_S))
    band = band_pass(values - 1.0, *STEP_BAND_HZ)
    around = windows(band, CADENCE_WINDOW_S).std(axis=1)
    local = windows(band, LOCAL_S).std(axis=1)
    lively = (around >= MIN_SPREAD_G) & (local >= MIN_LOCAL_SHARE * around)
    walking = _walking(values, cadence.regularity, lively)
    known = cadence.regularity >= KNOWN_REGULARITY
    strikes = _strikes(band, len(walking))
    paced = np.where(known, cadence.step_hz * lively, strikes)
    return Steps(np.where(walking, paced, 0.0), walking, cadence.step_hz)


def _walking(
    values: NDArray[np.float64], regularity: NDArray[np.float64], lively: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell the seconds of gait, (n,): runs of at least three."""
    from scipy.ndimage import binary_opening, uniform_filter1d  # noqa: PLC0415  with first analysis

    sure = binary_opening((regularity >= SURE_REGULARITY) & lively, np.ones(MIN_RUN_S, dtype=bool))
    likely = uniform_filter1d(JUDGE.probability(walking_features(values)), SPREAD_S, mode="nearest")
    found: NDArray[np.bool_] = sure | (likely > MIN_PROBABILITY)
    return found


def _strikes(band: NDArray[np.float64], seconds: int) -> NDArray[np.float64]:
    """Count the heel strikes of each second in acceleration within the band of steps, (n,)."""
    from scipy.signal import find_peaks  # noqa: PLC0415  scipy loads with the first analysis

    at, told = find_peaks(band, prominence=MIN_STRIKE_G, distance=int(MIN_STRIDE_S * RATE_HZ))
    height = told["prominences"]
    near = np.abs(at[:, None] - at) < STRIKE_AROUND_S * RATE_HZ
    usual = [float(np.percentile(height[row], 75.0)) for row in near]
    place = (at[height >= STRIKE_SHARE * np.array(usual)] / RATE_HZ).astype(np.intp)
    return np.bincount(place[place < seconds], minlength=seconds).astype(np.float64)
