"""How much of the heart's variation is one slow wave, as in paced breathing."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import DEGENERATE_SIGNAL, Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from ..signal.spectrum import lomb_scargle

MIN_BEATS: Final = 20
MIN_SPAN_S: Final = 30.0
FULL_SPAN_S: Final = 180.0
POINTS: Final = 400
LOWEST_HZ: Final = (0.0033, 0.04)
"""The spectrum begins at one wave per session, within these."""
HIGHEST_HZ: Final = 0.40
PEAK_HZ: Final = (0.04, 0.26)
HALF_WIDTH_HZ: Final = 0.015
"""The peak, its range and its window: McCraty et al. 2009 (HeartMath)."""
PACE_NEAR_HZ: Final = 0.02
OFF_PACE: Final = 0.85
"""What confidence is left when the wave is not known to be the guided one."""

SPEC: Final = MetricSpec(
    "coherence", "score", 0, Tier.ESTIMATE, "Coherence", headline=True, kind="day"
)


@dataclass(frozen=True, slots=True)
class Coherence:
    """The strongest slow wave (Hz, waves a minute), its power over the rest, and 0..100 of it."""

    peak_hz: float
    per_min: float
    ratio: float
    score: float
    span_s: float


def coherence(nn_ms: NDArray[np.float64], t_s: NDArray[np.float64]) -> Coherence | str:
    """Tell how coherent a session is; a reason (str) when it is thin or has no waves.

    ``nn_ms`` (m,) ms of normal intervals, ``t_s`` (m,) s ascending; 20 beats over 30 s at least,
    64 s are advised. A single wave of any cause scores high.
    """
    span_s = float(t_s[-1] - t_s[0]) if len(t_s) else 0.0
    if len(nn_ms) < MIN_BEATS:
        return need_input("beats", len(nn_ms), MIN_BEATS)
    if span_s < MIN_SPAN_S:
        return need_input("span_s", span_s, MIN_SPAN_S)
    start = clamp(1.0 / span_s, *LOWEST_HZ)
    # The upper end itself is not part of the range.
    freq_hz = np.linspace(start, HIGHEST_HZ, POINTS)[:-1]
    power = lomb_scargle(t_s, nn_ms, freq_hz)
    if power is None:
        return DEGENERATE_SIGNAL
    slow = np.flatnonzero((freq_hz >= PEAK_HZ[0]) & (freq_hz <= PEAK_HZ[1]))
    peak_hz = float(freq_hz[slow[power[slow].argmax()]])
    near = np.abs(freq_hz - peak_hz) <= HALF_WIDTH_HZ
    of_peak, of_rest = float(power[near].sum()), float(power[~near].sum())
    if not of_rest:
        return DEGENERATE_SIGNAL
    ratio = of_peak / of_rest
    return Coherence(peak_hz, 60.0 * peak_hz, ratio, 100.0 * ratio / (ratio + 1.0), span_s)


def coherence_metric(
    nn_ms: NDArray[np.float64], t_s: NDArray[np.float64], *, pace_per_min: float | None = None
) -> Metric:
    """Wrap the score of a breathing session, guided at a pace (breaths a minute) or not."""
    found = coherence(nn_ms, t_s)
    if isinstance(found, str):
        return SPEC.absent(found, ("rr", "hr"))
    paced = pace_per_min is not None and abs(found.per_min - pace_per_min) < 60.0 * PACE_NEAR_HZ
    sure = clamp(found.span_s / FULL_SPAN_S, 0.3, 1.0) * (1.0 if paced else OFF_PACE)
    return SPEC.measured(
        found.score,
        clamp(sure, 0.2, 0.9),
        ("rr", "hr"),
        drivers=(
            ("waves_per_min", found.per_min),
            ("ratio", found.ratio),
            ("span_s", found.span_s),
        ),
    )
