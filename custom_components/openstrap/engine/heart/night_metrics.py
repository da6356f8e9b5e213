"""What the heart says of a night, wrapped: values, how sure they are, and why one is missing."""

from dataclasses import dataclass
import math
from typing import Final

import numpy as np

from ..metric import Metric, Tier, artifact, clamp, hrv_refused, need_input
from ..metric_spec import MetricSpec
from ..samples import Samples
from ..signal.beats import Beats
from ..signal.clean import CleanBeats
from ..signal.noise import Noise, judge_noise
from ..sleep.hypnogram import Hypnogram, Stage
from .baevsky import MIN_BEATS as MIN_STRESS_BEATS, stress_index, stress_score
from .bands import HF, LF, MAX_ARTIFACT, VLF, band_powers
from .hrv import differences, time_domain
from .nightly import MIN_WINDOW_DIFFERENCES, WindowedRmssd, windowed_rmssd
from .poincare import poincare
from .prsa import heart_rate_capacity
from .rate_metrics import RATE_ROWS, rate_metrics
from .shape import MIN_BINS, MIN_THIRD_BINS, night_shape
from .staged import stages_at
from .wrapping import LEAST, Span, all_measured

HIGH, ESTIMATE = Tier.HIGH, Tier.ESTIMATE

ROWS: Final = (
    MetricSpec("rmssd_ms", "ms", 1, HIGH, "Nightly HRV", headline=True),
    MetricSpec("rmssd_deep_ms", "ms", 1, ESTIMATE, "Deep-sleep HRV", headline=False),
    MetricSpec("rmssd_whole_ms", "ms", 1, HIGH, "Whole-night RMSSD", headline=False),
    MetricSpec("sdnn_ms", "ms", 1, HIGH, "SDNN", headline=False),
    MetricSpec("sdann_ms", "ms", 1, HIGH, "SDANN", headline=False),
    MetricSpec("sdnn_index_ms", "ms", 1, HIGH, "SDNN index", headline=False),
    MetricSpec("pnn50", "%", 1, HIGH, "pNN50", headline=False),
    MetricSpec("pnn20", "%", 1, HIGH, "pNN20", headline=False),
    MetricSpec("sd1_ms", "ms", 1, HIGH, "Poincaré SD1", headline=False),
    MetricSpec("sd2_ms", "ms", 1, HIGH, "Poincaré SD2", headline=False),
    MetricSpec("hrv_shape_ratio", "ratio", 2, HIGH, "HRV, end over start", headline=False),
    MetricSpec("vlf_power_ms2", "ms²", 0, HIGH, "VLF power", headline=False),
    MetricSpec("lf_power_ms2", "ms²", 0, HIGH, "LF power", headline=False),
    MetricSpec("hf_power_ms2", "ms²", 0, HIGH, "HF power", headline=False),
    MetricSpec("hf_ln_ms2", "ln ms²", 2, HIGH, "HF power (ln)", headline=False),
    MetricSpec("lf_hf", "ratio", 2, HIGH, "LF over HF", headline=False),
    MetricSpec("lf_nu", "%", 1, HIGH, "LF share", headline=False),
    MetricSpec("deceleration_capacity_ms", "ms", 1, HIGH, "Deceleration capacity", headline=False),
    MetricSpec("acceleration_capacity_ms", "ms", 1, HIGH, "Acceleration capacity", headline=False),
    MetricSpec("stress_index", "1/s²", 0, ESTIMATE, "Baevsky stress index", headline=False),
    *RATE_ROWS,
    MetricSpec("rr_clean_fraction", "fraction", 3, HIGH, "Clean beats", headline=False),
    MetricSpec("beats", "beats", 0, Tier.AUTH, "Beats in the rest window", headline=False),
)
SPEC: Final = {row.key: row for row in ROWS}

FULL_WINDOWS: Final = 12
"""Five-minute windows for full confidence: one hour."""
FULL_BEATS: Final = 250
FULL_ANCHORS: Final = 1000
MAX_RR_COVERED: Final = 1.1
"""Intervals that add up to more than the night hold repeats: a copied list of intervals is known
to double RMSSD, and between honest ones rounding and lag leave far less."""
MIN_BREATHING_PER_MIN: Final = 9.5
"""Below it the waves of breathing fall into LF, and LF over HF means nothing."""

RR: Final = ("rr", "hr")
STAGED: Final = ("rr", "hr", "stages")


def repeated_beats(covered: float) -> str:
    """Intervals add up to more time than there was."""
    return f"repeated_beats:covered={covered:.2f},max={MAX_RR_COVERED:g}"


def slow_breathing(per_min: float) -> str:
    """Breaths are so slow that their waves are no longer fast ones."""
    return f"slow_breathing:per_min={per_min:.1f},need={MIN_BREATHING_PER_MIN:g}"


@dataclass(frozen=True, slots=True)
class _Beating:
    """Beats of a night after cleaning, and what all confidences have in common."""

    clean: CleanBeats
    covered: float
    """Intervals that came as a share of the night, 0..1."""
    artifact: float
    noise: Noise

    def sure(self, share: float, *, low: float, high: float) -> float:
        """Hold within limits, then take what of the night was not heard off."""
        return max(clamp(share, low, high) * self.covered, LEAST)

    def spread(self) -> float:
        """Confidence of what is made of the whole night's intervals."""
        share = clamp(len(self.clean.nn_ms) / FULL_BEATS, 0.0, 1.0) * (1.0 - self.artifact)
        return self.sure(share * self.noise.quality, low=0.3, high=0.95)

    @property
    def drivers(self) -> tuple[tuple[str, float], ...]:
        """Tell what confidence came from."""
        return (
            ("beats", len(self.clean.nn_ms)),
            *_noise_drivers(self.noise),
            ("artifact", self.artifact),
            ("covered", self.covered),
        )


def night_metrics(
    night: Samples,
    beats: Beats,
    clean: CleanBeats,
    window: Span,
    hypnogram: Hypnogram | None = None,
    *,
    breathing_per_min: float | None = None,
) -> dict[str, Metric]:
    """Every metric of ``ROWS``, those without a value with their reason.

    ``night`` holds the records of the rest ``window`` (epoch s), ``beats`` and ``clean`` come from it. The
    stages are needed by the deep-sleep and NREM values alone; the sleeping heart rate falls back
    on the whole window. Confidences are those of the methods times the share of the night that
    was heard. ``breathing_per_min`` (None = unknown) withholds LF over HF below 9.5.
    """
    found = rate_metrics(night, window, hypnogram)
    length_s = max(window[1] - window[0], 1.0)
    covered = float(beats.rr_ms.sum()) / 1000.0 / length_s
    reason = None
    if not len(beats):
        reason = need_input("rr", 0, MIN_WINDOW_DIFFERENCES)
    elif covered > MAX_RR_COVERED:
        reason = repeated_beats(covered)
    if reason is not None:
        return {key: found.get(key) or spec.absent(reason, RR) for key, spec in SPEC.items()}
    step = differences(clean.nn_ms, clean.joined)
    heart = _Beating(clean, min(covered, 1.0), clean.artifact_fraction, judge_noise(step))
    found |= _counts(heart)
    found |= _nightly(beats, heart, window, hypnogram)
    found |= (
        _time_domain(heart)
        | _shape(heart)
        | _waves(heart, breathing_per_min)
        | _capacity(heart)
        | _stress(heart)
    )
    return {key: found[key] for key in SPEC}


def _counts(heart: _Beating) -> dict[str, Metric]:
    clean = heart.clean
    shares = {
        "rejected_by_hr": clean.rejected,
        "unverified": clean.unverified,
        "corrected": clean.corrected,
        "dropped": clean.dropped,
    }
    return {
        "beats": SPEC["beats"].measured(clean.total, 1.0, ("rr",)),
        "rr_clean_fraction": SPEC["rr_clean_fraction"].measured(
            1.0 - heart.artifact,
            heart.sure(clean.total / FULL_BEATS, low=0.3, high=0.95),
            RR,
            drivers=[(name, count / clean.total) for name, count in shares.items()],
        ),
    }


def _nightly(
    beats: Beats, heart: _Beating, window: Span, hypnogram: Hypnogram | None
) -> dict[str, Metric]:
    whole = windowed_rmssd(beats, window[0])
    found = {
        "rmssd_ms": _of_windows(
            "rmssd_ms", whole, heart, RR, "estimator:name=median_of_5_min_windows"
        )
    }
    if hypnogram is None:
        found["rmssd_deep_ms"] = SPEC["rmssd_deep_ms"].absent(need_input("stages", 0, 1), STAGED)
        return found
    deep = whole.within(stages_at(hypnogram, whole.ts) == Stage.DEEP)
    chance = hypnogram.probability[hypnogram.stage == Stage.DEEP, Stage.DEEP]
    chance = chance[np.isfinite(chance)]
    found["rmssd_deep_ms"] = _of_windows(
        "rmssd_deep_ms",
        deep,
        heart,
        STAGED,
        "estimator:name=median_of_5_min_windows_in_deep_sleep",
        share=float(chance.mean()) if len(chance) else 1.0,
    )
    return found


def _of_windows(
    key: str,
    windows: WindowedRmssd,
    heart: _Beating,
    inputs: tuple[str, ...],
    note: str,
    *,
    share: float = 1.0,
) -> Metric:
    """Median over the windows with enough differences; ``share`` is how sure their choice is."""
    spec, rmssd = SPEC[key], windows.enough()
    if not len(rmssd):
        most = int(windows.count.max(initial=0))
        return spec.absent(need_input("differences_in_5_min", most, MIN_WINDOW_DIFFERENCES), inputs)
    noise = judge_noise(windows.step)
    if noise.refused:
        return spec.absent(hrv_refused(noise.acf1, noise.concentration), inputs)
    quality = clamp(len(rmssd) / FULL_WINDOWS, 0.0, 1.0) * noise.quality * (1.0 - heart.artifact)
    return spec.measured(
        float(np.median(rmssd)),
        max(heart.sure(quality, low=0.3, high=0.95) * share, LEAST),
        inputs,
        drivers=(
            ("windows", len(rmssd)),
            ("mean_ms", float(rmssd.mean())),
            *_noise_drivers(noise),
            ("artifact", heart.artifact),
            ("covered", heart.covered),
        ),
        note=note,
    )


def _time_domain(heart: _Beating) -> dict[str, Metric]:
    clean = heart.clean
    told = time_domain(clean.nn_ms, clean.t_s, clean.joined)
    cloud = poincare(clean.nn_ms, clean.joined)
    steps = {
        "rmssd_whole_ms": told.rmssd,
        "pnn50": told.pnn50,
        "pnn20": told.pnn20,
        "sd1_ms": cloud.sd1_ms if cloud else None,
        "sd2_ms": cloud.sd2_ms if cloud else None,
    }
    reason = need_input("differences", 0, 2)
    if heart.noise.refused:
        steps = dict.fromkeys(steps)
        reason = hrv_refused(heart.noise.acf1, heart.noise.concentration)
    bins = need_input("bins_of_5_min", 0, 2)
    values = {key: (value, reason) for key, value in steps.items()} | {
        "sdnn_ms": (told.sdnn, need_input("beats", len(clean.nn_ms), 2)),
        "sdann_ms": (told.sdann, bins),
        "sdnn_index_ms": (told.sdnn_index, bins),
    }
    return all_measured(SPEC, values, heart.spread(), RR, heart.drivers)


def _shape(heart: _Beating) -> dict[str, Metric]:
    spec, clean = SPEC["hrv_shape_ratio"], heart.clean
    shape = night_shape(clean.nn_ms, clean.t_s, clean.joined)
    present = shape.present if shape else 0
    if shape is None or present < MIN_BINS:
        return {spec.key: spec.absent(need_input("half_hours", present, MIN_BINS), RR)}
    if shape.ratio is None or shape.first_ms is None or shape.last_ms is None:
        thin = need_input("half_hours_at_either_end", 0, MIN_THIRD_BINS)
        return {spec.key: spec.absent(thin, RR)}
    if heart.noise.refused:
        refused = hrv_refused(heart.noise.acf1, heart.noise.concentration)
        return {spec.key: spec.absent(refused, RR)}
    share = 0.8 * shape.present / len(shape.rmssd_ms)
    drivers = (("first_third_ms", shape.first_ms), ("last_third_ms", shape.last_ms))
    sure = heart.sure(share, low=0.0, high=0.8)
    return {spec.key: spec.measured(shape.ratio, sure, RR, drivers=drivers)}


def _waves(heart: _Beating, breathing_per_min: float | None) -> dict[str, Metric]:
    clean = heart.clean
    told = band_powers(clean.nn_ms, clean.t_s, artifact_fraction=heart.artifact)
    high = told.power_ms2[HF.name]
    reasons = {
        band.name: need_input(f"{band.name}_segments", told.segments[band.name], 1)
        for band in (VLF, LF, HF)
    }
    if heart.artifact > MAX_ARTIFACT:
        reasons[HF.name] = artifact(heart.artifact, MAX_ARTIFACT)
    elif heart.noise.refused:
        # A shaky clock adds most where waves are fast.
        high, reasons[HF.name] = None, hrv_refused(heart.noise.acf1, heart.noise.concentration)
    ratio_reason = reasons[LF.name] if told.power_ms2[LF.name] is None else reasons[HF.name]
    slow = breathing_per_min is not None and breathing_per_min < MIN_BREATHING_PER_MIN
    if slow and breathing_per_min is not None:
        ratio_reason = slow_breathing(breathing_per_min)
    no_ratio = slow or high is None
    values = {
        "vlf_power_ms2": (told.power_ms2[VLF.name], reasons[VLF.name]),
        "lf_power_ms2": (told.power_ms2[LF.name], reasons[LF.name]),
        "hf_power_ms2": (high, reasons[HF.name]),
        "hf_ln_ms2": (math.log(high) if high else None, reasons[HF.name]),
        "lf_hf": (None if no_ratio else told.lf_hf, ratio_reason),
        "lf_nu": (None if no_ratio else told.lf_nu, ratio_reason),
    }
    sure = heart.sure((1.0 - heart.artifact) * (0.6 if high is None else 0.9), low=0.2, high=0.9)
    return all_measured(SPEC, values, sure, RR, heart.drivers)


def _capacity(heart: _Beating) -> dict[str, Metric]:
    told = heart_rate_capacity(heart.clean.nn_ms, heart.clean.joined)
    found: dict[str, Metric] = {}
    for key, value, anchors in (
        ("deceleration_capacity_ms", told.deceleration_ms, told.decelerations),
        ("acceleration_capacity_ms", told.acceleration_ms, told.accelerations),
    ):
        sure = heart.sure(anchors / FULL_ANCHORS, low=0.3, high=0.95)
        drivers = (("anchors", anchors), ("covered", heart.covered))
        told_why = {key: (value, need_input("anchors", anchors, 1))}
        found |= all_measured(SPEC, told_why, sure, RR, drivers)
    return found


def _stress(heart: _Beating) -> dict[str, Metric]:
    spec, nn_ms = SPEC["stress_index"], heart.clean.nn_ms
    told = stress_index(nn_ms)
    if told is None:
        thin = need_input("varying_beats", len(nn_ms), MIN_STRESS_BEATS)
        return {spec.key: spec.absent(thin, RR)}
    drivers = (
        ("score", stress_score(told.index)),
        ("mode_s", told.mode_s),
        ("mode_percent", told.mode_percent),
        ("range_s", told.range_s),
        ("windows", told.windows),
    )
    sure = heart.sure(0.4 + told.windows / 60.0, low=0.4, high=0.7)
    return {spec.key: spec.measured(told.index, sure, RR, drivers=drivers)}


def _noise_drivers(noise: Noise) -> tuple[tuple[str, float], ...]:
    named = (("acf1", noise.acf1), ("concentration", noise.concentration))
    return tuple((name, value) for name, value in named if np.isfinite(value))
