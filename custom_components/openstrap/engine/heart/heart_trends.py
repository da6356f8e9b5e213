"""What the heart's nights and days say beside earlier ones."""

from collections.abc import Mapping
from datetime import date
from functools import partial
import statistics
from typing import Final

from ..against_usual import CONFIDENCE, against_usual, usual
from ..baseline import (
    DEGENERATE_BASELINE,
    HRV_MS,
    RESTING_HR_BPM,
    calendar_values,
    detectable_change,
    known_values,
    need_baseline,
)
from ..facts import DayFacts, values_of
from ..metric import Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from .daily_wave import hourly_of, wave_metrics
from .illness import BASELINE_DAYS, NO_RESTING_HR, illness_cusum, night_signal
from .readiness import (
    MIN_PRIOR,
    MIN_REFERENCE,
    MIN_WEEK,
    REFERENCE_NIGHTS,
    WEEK_NIGHTS,
    Readiness,
    is_saturated,
    night_readiness,
    week_readiness,
)
from .stress import MIN_USUAL_HOURS, USUAL_DAYS, usual_arousal
from .variation import MIN_NIGHTS, NIGHTS, hrv_variation

WAVE_CONFIDENCE: Final = (0.1, 0.95)
MIN_STEPS: Final = 6
"""Steps between neighbouring nights that tell how far nights of a wearer are apart (judgement)."""
ELEVATED_BPM: Final = 4.0
ELEVATED_SHARE: Final = 1.05
"""A sleeping heart rate is raised from both of these above usual on (judgement)."""
MIN_ELEVATED_NIGHTS: Final = 7
WAKING_HOURS: Final = 12.0
"""Hours for full confidence in a comparison of waking hours."""
MS_A_MINUTE: Final = 60000.0
HIGH, ESTIMATE = Tier.HIGH, Tier.ESTIMATE

_row = partial(MetricSpec, kind="trend")
ROWS: Final = (
    _row("hrv_readiness_z", "sd", 2, HIGH, "HRV readiness", headline=True),
    _row("hrv_night_z", "sd", 2, HIGH, "HRV of the night"),
    _row("hrv_7d_ln", "ln ms", 3, HIGH, "Weekly HRV"),
    _row("hrv_cv_pct", "%", 1, HIGH, "HRV variation"),
    _row("resting_hr_deviation", "sd", 2, HIGH, "Resting heart rate deviation"),
    _row("illness_level", "level", 0, ESTIMATE, "Illness signs"),
    _row("illness_cusum", "sd", 2, ESTIMATE, "Illness signs, sum"),
    _row("night_signal", "level", 0, ESTIMATE, "Night signal"),
    _row("cosinor_mesor_bpm", "bpm", 1, HIGH, "Daily mean level"),
    _row("cosinor_amplitude_bpm", "bpm", 1, HIGH, "Daily wave height"),
    _row("cosinor_acrophase_h", "h", 2, HIGH, "Daily peak hour"),
    _row("arousal_vs_usual_bpm", "bpm", 1, ESTIMATE, "Arousal above usual"),
)
SPEC: Final = {row.key: row for row in ROWS}
NIGHTLY_HRV: Final = ("nightly HRV",)
RESTING: Final = ("resting heart rate",)
HOURLY: Final = ("hourly heart rate",)


def heart_trends(facts: Mapping[date, DayFacts], day: date) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day, from its own facts and those of earlier days.

    Later days are left out, so a day says the same whenever it is asked. Each metric states the
    calendar window that it looks at; none reaches back more than 120 days.
    """
    known = {d: fact for d, fact in facts.items() if d <= day}
    resting = values_of(known, "resting_hr_bpm")
    return {
        **_readiness(known, day),
        "resting_hr_deviation": against_usual(
            SPEC["resting_hr_deviation"],
            RESTING_HR_BPM,
            resting,
            day,
            name="bpm",
            inputs=RESTING,
            missing=NO_RESTING_HR,
            drivers=(
                *_detectable(resting, day, "detectable_bpm"),
                *_elevated(values_of(known, "sleeping_hr_bpm"), day),
            ),
        ),
        **_illness(known, day),
        **_wave(known, day),
        "arousal_vs_usual_bpm": _usual(known, day),
    }


def _elevated(sleeping: Mapping[date, float], day: date) -> tuple[tuple[str, float], ...]:
    """Whether the sleeping heart rate lies well above that of four weeks; empty if unknown."""
    earlier = known_values(sleeping, day, BASELINE_DAYS)
    if day not in sleeping or len(earlier) < MIN_ELEVATED_NIGHTS:
        return ()
    usual_bpm = statistics.median(earlier)
    raised = sleeping[day] >= max(usual_bpm + ELEVATED_BPM, ELEVATED_SHARE * usual_bpm)
    return (("sleeping_hr_elevated", float(raised)),)


def _readiness(facts: Mapping[date, DayFacts], day: date) -> dict[str, Metric]:
    rmssd = values_of(facts, "rmssd_ms")
    weekly, varied = SPEC["hrv_7d_ln"], SPEC["hrv_cv_pct"]
    long, short = SPEC["hrv_readiness_z"], SPEC["hrv_night_z"]
    if day not in rmssd:
        note = need_input("rmssd_ms", 0, 1)
        return {row.key: row.absent(note, NIGHTLY_HRV) for row in (long, short, weekly, varied)}
    night, week = night_readiness(rmssd, day), week_readiness(rmssd, day)
    share = week.tested_nights / WEEK_NIGHTS
    beside: tuple[tuple[str, float], ...] = ()
    if not isinstance(found := usual(HRV_MS, rmssd, day), str):
        beside = (("usual_ms", found[0].centre), ("difference_ms", found[1].delta))
    variation = hrv_variation(rmssd, day)
    too_few = need_input("nights", week.tested_nights, MIN_WEEK)
    return {
        long.key: _judged(long, week, MIN_REFERENCE, share * week.nights / REFERENCE_NIGHTS, beside)
        if week.tested is not None
        else long.absent(too_few, NIGHTLY_HRV),
        short.key: _judged(
            short,
            night,
            MIN_PRIOR,
            night.nights / WEEK_NIGHTS,
            _saturated(facts[day], night) + _detectable(rmssd, day, "detectable_ms"),
        ),
        weekly.key: weekly.measured(week.tested, clamp(share, *CONFIDENCE), NIGHTLY_HRV)
        if week.tested is not None
        else weekly.absent(too_few, NIGHTLY_HRV),
        varied.key: varied.measured(
            variation.cv_pct, clamp(variation.nights / NIGHTS, *CONFIDENCE), NIGHTLY_HRV
        )
        if variation.cv_pct is not None
        else varied.absent(need_input("nights", variation.nights, MIN_NIGHTS), NIGHTLY_HRV),
    }


def _judged(
    row: MetricSpec,
    found: Readiness,
    need: int,
    share: float,
    extra: tuple[tuple[str, float], ...] = (),
) -> Metric:
    """Wrap z with the band that it was judged by."""
    if found.band is None or found.low is None or found.high is None or found.mean is None:
        return row.absent(need_baseline(found.nights, need), NIGHTLY_HRV)
    if found.z is None:
        return row.absent(DEGENERATE_BASELINE, NIGHTLY_HRV)
    drivers = (("mean_ln", found.mean), ("band_low_ln", found.low), ("band_high_ln", found.high))
    return row.measured(
        found.z,
        clamp(share, *CONFIDENCE),
        NIGHTLY_HRV,
        drivers=drivers + extra,
        note=f"band={found.band}",
    )


def _saturated(facts: DayFacts, night: Readiness) -> tuple[tuple[str, float], ...]:
    """Whether high HRV comes with a very slow heart; the sleeping rate tells the mean interval."""
    rate = facts.values.get("sleeping_hr_bpm")
    saturated = is_saturated(MS_A_MINUTE / rate if rate else None, night.z)
    return () if saturated is None else (("saturated", float(saturated)),)


def _detectable(
    values: Mapping[date, float], day: date, name: str
) -> tuple[tuple[str, float], ...]:
    """Smallest change from one night to the next that is one, by the four weeks before."""
    change = detectable_change(calendar_values(values, day, BASELINE_DAYS), MIN_STEPS)
    return () if change is None else ((name, change),)


def _illness(facts: Mapping[date, DayFacts], day: date) -> dict[str, Metric]:
    level, total, signal = (SPEC[k] for k in ("illness_level", "illness_cusum", "night_signal"))
    metrics: dict[str, Metric] = {}
    cusum = illness_cusum(values_of(facts, "resting_hr_bpm"), day)
    if isinstance(cusum, str):
        metrics |= {row.key: row.absent(cusum, RESTING) for row in (level, total)}
    else:
        sure = clamp(cusum.baseline.count / BASELINE_DAYS, *CONFIDENCE)
        drivers = [("z", cusum.z), ("usual_bpm", cusum.baseline.centre)]
        metrics[level.key] = level.measured(
            cusum.level, sure, RESTING, drivers=[("sum", cusum.total), *drivers]
        )
        metrics[total.key] = total.measured(cusum.total, sure, RESTING, drivers=drivers)
    inputs = ("median heart rate at night",)
    night = night_signal(values_of(facts, "night_hr_median_bpm"), day)
    if isinstance(night, str):
        return metrics | {signal.key: signal.absent(night, inputs)}
    return metrics | {
        signal.key: signal.measured(
            night.level,
            clamp(night.nights / BASELINE_DAYS, *CONFIDENCE),
            inputs,
            drivers=[("above_bpm", night.above_bpm), ("usual_bpm", night.median_bpm)],
        )
    }


def _wave(facts: Mapping[date, DayFacts], day: date) -> dict[str, Metric]:
    rows = {
        "mesor": SPEC["cosinor_mesor_bpm"],
        "amplitude": SPEC["cosinor_amplitude_bpm"],
        "peak": SPEC["cosinor_acrophase_h"],
    }
    hourly = hourly_of(facts, day, lambda fact: fact.hourly_hr)
    return wave_metrics(rows, hourly, day, HOURLY, WAVE_CONFIDENCE)


def _usual(facts: Mapping[date, DayFacts], day: date) -> Metric:
    row = SPEC["arousal_vs_usual_bpm"]
    found = usual_arousal(facts, day)
    inputs = ("hourly heart rate", "hourly activity")
    if found.above_bpm is None:
        return row.absent(need_input("comparable_hours", found.hours, MIN_USUAL_HOURS), inputs)
    return row.measured(
        found.above_bpm,
        clamp(found.days / USUAL_DAYS * found.hours / WAKING_HOURS, *CONFIDENCE),
        inputs,
        drivers=[("hours", float(found.hours)), ("days", found.days)],
    )
