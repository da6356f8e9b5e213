"""What a night says of breath and of the skin's warmth, wrapped."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..facts import TimeSpan
from ..metric import DEGENERATE_SIGNAL, Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from ..samples import Samples
from ..signal.clean import CleanBeats
from ..signal.motion import Motion
from .cvhr import night_variation, variation_confidence
from .rate import BreathingRate, breathing_rate, night_track
from .tachogram import tachogram
from .temperature import skin_temperature
from .timeline import BreathTimeline, breath_timeline
from .variability import MIN_BINS, bin_rates, breath_variability

ROWS: Final = (
    MetricSpec("breathing_rate_brpm", "br/min", 1, Tier.HIGH, "Breathing rate", headline=True),
    MetricSpec(
        "breathing_rate_sd", "br/min", 2, Tier.HIGH, "Breathing variability", headline=False
    ),
    MetricSpec(
        "breathing_rate_cv", "%", 1, Tier.HIGH, "Relative breathing variability", headline=False
    ),
    MetricSpec(
        "breathing_slope", "br/min/h", 2, Tier.HIGH, "Breathing trend of the night", headline=False
    ),
    MetricSpec(
        "cvhr_per_h", "1/h", 1, Tier.ESTIMATE, "Cyclic heart rate variation", headline=False
    ),
    MetricSpec(
        "cvhr_observed_h",
        "h",
        1,
        Tier.ESTIMATE,
        "Time screened for cyclic variation",
        headline=False,
    ),
    MetricSpec("skin_temp_c", "°C", 2, Tier.RELATIVE, "Skin temperature", headline=False),
)
SPEC: Final = {row.key: row for row in ROWS}

RR: Final = ("rr", "hr")
SKIN: Final = ("skin temperature",)
VARIABILITY: Final = ("breathing_rate_sd", "breathing_rate_cv", "breathing_slope")
CVHR: Final = ("cvhr_per_h", "cvhr_observed_h")
SKIN_CONFIDENCE: Final = (0.1, 0.95)


@dataclass(frozen=True, slots=True)
class BreathNight:
    """Every metric of ``ROWS``, and the breath through the night, None with too few beats."""

    metrics: Mapping[str, Metric]
    timeline: BreathTimeline | None


def breath_night(
    night: Samples,
    worn: NDArray[np.bool_],
    clean: CleanBeats,
    motion: Motion,
    window: TimeSpan,
    *,
    irregular: bool,
) -> BreathNight:
    """Tell what the rest ``window`` (epoch s) says; metrics without a value carry their reason.

    ``night`` holds the records of the window and ``worn`` (n,) which came from a wrist; ``clean``
    and ``motion`` come from them. ``irregular``: the screen for irregular rhythm is positive.
    """
    line = tachogram(clean, *window)
    track = None if line is None else night_track(line)
    rate = breathing_rate(clean, track)
    hours, rates = (np.empty(0), np.empty(0)) if track is None else bin_rates(track)
    return BreathNight(
        metrics={
            "breathing_rate_brpm": _rate(rate),
            **_variability(hours, rates, rate),
            **_cyclic(clean, irregular=irregular),
            "skin_temp_c": _skin(night, worn, window[1] - window[0]),
        },
        timeline=None if line is None else breath_timeline(line, motion),
    )


def breath_night_absent(reason: str) -> dict[str, Metric]:
    """Every metric of ``ROWS`` without a value, for one reason."""
    return {key: spec.absent(reason) for key, spec in SPEC.items()}


def _rate(found: BreathingRate) -> Metric:
    spec = SPEC["breathing_rate_brpm"]
    if found.brpm is None or found.p10_brpm is None or found.p90_brpm is None:
        return spec.absent(found.reason or DEGENERATE_SIGNAL, RR)
    return spec.measured(
        found.brpm,
        found.confidence,
        RR,
        drivers=(
            ("p10_brpm", found.p10_brpm),
            ("p90_brpm", found.p90_brpm),
            ("consensus", found.consensus),
            ("told", found.told / found.segments),
            ("share", found.share),
        ),
    )


def _variability(
    hours: NDArray[np.float64], rates: NDArray[np.float64], rate: BreathingRate
) -> dict[str, Metric]:
    if rate.brpm is None:
        reason = rate.reason or DEGENERATE_SIGNAL
        return {key: SPEC[key].absent(reason, RR) for key in VARIABILITY}
    found = breath_variability(hours, rates)
    if found.bins < MIN_BINS:
        reason = need_input("breathing_half_hours", found.bins, MIN_BINS)
        return {key: SPEC[key].absent(reason, RR) for key in VARIABILITY}
    values = (found.sd_brpm, found.cv_pct, found.slope_brpm_h)
    drivers = (("half_hours", found.bins),)
    return {
        key: SPEC[key].measured(value, found.confidence, RR, drivers=drivers)
        for key, value in zip(VARIABILITY, values, strict=True)
    }


def _cyclic(clean: CleanBeats, *, irregular: bool) -> dict[str, Metric]:
    found = night_variation(clean, irregular=irregular)
    if isinstance(found, str):
        return {key: SPEC[key].absent(found, RR) for key in CVHR}
    sure = variation_confidence(found, clean.artifact_fraction)
    drivers = [("cycles", float(found.cycles)), ("hours", found.hours)]
    if found.depth_ms is not None and found.width_s is not None:
        drivers += [("depth_ms", found.depth_ms), ("width_s", found.width_s)]
    values = (found.cycles / found.hours, found.hours)
    return {
        key: SPEC[key].measured(value, sure, RR, drivers=drivers)
        for key, value in zip(CVHR, values, strict=True)
    }


def _skin(night: Samples, worn: NDArray[np.bool_], length_s: float) -> Metric:
    spec = SPEC["skin_temp_c"]
    found = skin_temperature(night.skin_temp_c, worn)
    if isinstance(found, str):
        return spec.absent(found, SKIN)
    covered = min(found.readings / max(length_s, 1.0), 1.0)
    return spec.measured(
        found.mean_c,
        clamp(found.settled * covered, *SKIN_CONFIDENCE),
        SKIN,
        drivers=(("settled", found.settled), ("readings", found.readings)),
    )
