"""The stages of a night as metrics."""

from typing import Final

from ..metric import NO_SLEEP, Metric, Tier, need_input
from ..metric_spec import EPOCH, MetricSpec
from .architecture import Architecture, latency_reason, sleep_architecture
from .cycles import sleep_cycles
from .hypnogram import Stage
from .intervals import FULL_CONFIDENCE, sleep_confidence, stage_ranges
from .staging import StagedNight
from .window import RestWindow

CYCLE_CONFIDENCE = 0.8
"""Cycles are counted on stages: less sure than those (judgement)."""
MINUTE_S = 60.0
INPUTS = ("hr", "motion")

ROWS: Final = (
    MetricSpec("sleep_onset", EPOCH, 0, Tier.ESTIMATE, "Fell asleep", headline=True),
    MetricSpec("sleep_offset", EPOCH, 0, Tier.ESTIMATE, "Woke up", headline=True),
    MetricSpec("sleep_min", "min", 0, Tier.ESTIMATE, "Sleep", headline=True),
    MetricSpec("sleep_efficiency", "%", 0, Tier.ESTIMATE, "Sleep efficiency", headline=True),
    MetricSpec("light_min", "min", 0, Tier.ESTIMATE, "Light sleep", headline=True),
    MetricSpec("deep_min", "min", 0, Tier.ESTIMATE, "Deep sleep", headline=True),
    MetricSpec("rem_min", "min", 0, Tier.ESTIMATE, "REM sleep", headline=True),
    MetricSpec("waso_min", "min", 0, Tier.ESTIMATE, "Awake in the night", headline=True),
    MetricSpec("awakenings", "awakenings", 0, Tier.ESTIMATE, "Awakenings", headline=False),
    MetricSpec(
        "sustained_awakenings",
        "awakenings",
        0,
        Tier.ESTIMATE,
        "Awakenings of five minutes and more",
        headline=False,
    ),
    MetricSpec("sleep_latency_min", "min", 0, Tier.ESTIMATE, "Sleep latency", headline=False),
    MetricSpec("rem_latency_min", "min", 0, Tier.ESTIMATE, "REM latency", headline=False),
    MetricSpec("sleep_cycles", "cycles", 0, Tier.ESTIMATE, "Sleep cycles", headline=False),
    MetricSpec("longest_sleep_min", "min", 0, Tier.ESTIMATE, "Longest sleep", headline=False),
    MetricSpec("stage_shifts_per_h", "1/h", 1, Tier.ESTIMATE, "Stage shifts", headline=False),
    MetricSpec("unobserved_min", "min", 0, Tier.HIGH, "Not observed in bed", headline=False),
)
SPEC: Final = {row.key: row for row in ROWS}

_PART = {"light_min": Stage.LIGHT, "deep_min": Stage.DEEP, "rem_min": Stage.REM}
_STAGED = (*_PART, "rem_latency_min", "sleep_cycles", "stage_shifts_per_h")
"""Absent where only sleep and wake are told apart."""


def sleep_night_metrics(
    staged: StagedNight | str,
    rest: RestWindow | str,
    *,
    rr_coverage: float = 0.0,
    lights_out_ts: float | None = None,
) -> dict[str, Metric]:
    """Metrics of the main sleep: all of ``ROWS``, absent with a reason without a main sleep.

    ``staged`` and ``rest`` may be reasons (str) in place of a night. ``rr_coverage`` is the share
    of the seconds in bed with beats. ``lights_out_ts`` (epoch s) is what the wearer told, else
    there is no latency. Minutes of a stage are the stager's expectation, with its range as drivers
    low and high; ``scored`` is what the hypnogram shows. In bed is the rest as far as it was staged.
    """
    if isinstance(rest, str):
        return _absent(rest, ())
    if isinstance(staged, str):
        return _absent(staged, INPUTS)
    segments = staged.hypnogram.segments()
    found = sleep_architecture(
        segments,
        max(rest.bed_ts, staged.hypnogram.start_ts),
        min(rest.rise_ts, staged.hypnogram.end_ts),
        lights_out_ts=lights_out_ts,
    )
    if isinstance(found, str):
        return _absent(found, INPUTS)
    recorded = sleep_confidence(found.tib_s, staged.hr_present, rr_coverage) / FULL_CONFIDENCE
    sure = min(staged.confidence, recorded)
    metrics = _sleep(found, sure, min(sure, rest.confidence))
    if asleep := staged.minutes.get("asleep"):
        # What the stages sum to as well; on laboratory nights nearer than counting epochs.
        spread = (("low", asleep.low), ("high", asleep.high), ("scored", found.tst_s / MINUTE_S))
        metrics["sleep_min"] = SPEC["sleep_min"].measured(
            asleep.value,
            metrics["sleep_min"].confidence,
            INPUTS,
            drivers=metrics["sleep_min"].drivers + spread,
        )
    metrics["sleep_latency_min"] = _latency(found, sure, lights_out_ts)
    if not staged.depth:
        reason = staged.reason or NO_SLEEP
        return metrics | {key: SPEC[key].absent(reason, INPUTS) for key in _STAGED}
    cycles = sleep_cycles(segments)
    lengths = [cycle.length_min for cycle in cycles]
    return (
        metrics
        | _stages(found, staged, sure)
        | {
            "rem_latency_min": _rem_latency(found, sure),
            "stage_shifts_per_h": SPEC["stage_shifts_per_h"].measured(
                found.shifts_per_h, sure, INPUTS
            ),
            "sleep_cycles": SPEC["sleep_cycles"].measured(
                len(cycles),
                CYCLE_CONFIDENCE * sure,
                INPUTS,
                drivers=(("mean_min", sum(lengths) / len(lengths)),) if lengths else (),
            ),
        }
    )


def _absent(reason: str, inputs: tuple[str, ...]) -> dict[str, Metric]:
    return {key: spec.absent(reason, inputs) for key, spec in SPEC.items()}


def _sleep(found: Architecture, sure: float, placed: float) -> dict[str, Metric]:
    """Wrap what sleep and wake alone tell; ``placed`` is how sure their window is as well."""
    seen = (("observed_min", found.observed_s / MINUTE_S),)
    values = {
        "sleep_onset": (found.onset_ts, placed),
        "sleep_offset": (found.offset_ts, placed),
        "sleep_min": (found.tst_s / MINUTE_S, placed),
        "sleep_efficiency": (100.0 * found.efficiency, placed),
        "waso_min": (found.waso_s / MINUTE_S, sure),
        "awakenings": (found.awakenings, sure),
        "sustained_awakenings": (found.sustained_awakenings, sure),
        "longest_sleep_min": (found.longest_sleep_s / MINUTE_S, sure),
        "unobserved_min": (found.unobserved_s / MINUTE_S, placed),
    }
    return {
        key: SPEC[key].measured(value, confidence, INPUTS, drivers=seen)
        for key, (value, confidence) in values.items()
    }


def _stages(found: Architecture, staged: StagedNight, sure: float) -> dict[str, Metric]:
    slept = found.tst_s / MINUTE_S
    scored = {stage: found.share(stage) * slept for stage in _PART.values()}
    ranges = stage_ranges(scored, FULL_CONFIDENCE * sure)
    given = {stage: staged.minutes.get(stage.name.lower()) for stage in ranges}
    told = {stage: given[stage] or ranges[stage] for stage in ranges}
    total = sum(part.value for part in told.values())
    return {
        key: SPEC[key].measured(
            told[stage].value,
            sure,
            INPUTS,
            drivers=(
                ("low", told[stage].low),
                ("high", told[stage].high),
                ("scored", scored[stage]),
                *((("percent", 100.0 * told[stage].value / total),) if total else ()),
            ),
            note="range:source=" + ("stager" if given[stage] else "confidence"),
        )
        for key, stage in _PART.items()
    }


def _latency(found: Architecture, sure: float, lights_out_ts: float | None) -> Metric:
    spec = SPEC["sleep_latency_min"]
    if lights_out_ts is None:
        return spec.absent(need_input("lights_out", 0, 1), INPUTS)
    if found.sol_s is None:
        return spec.absent(latency_reason(before=found.onset_ts < lights_out_ts), INPUTS)
    return spec.measured(found.sol_s / MINUTE_S, sure, INPUTS)


def _rem_latency(found: Architecture, sure: float) -> Metric:
    spec = SPEC["rem_latency_min"]
    if not found.rem_s:
        return spec.absent(need_input("rem_s", 0, 1), INPUTS)
    if found.rem_latency_s is None:
        return spec.absent(latency_reason(before=False), INPUTS)
    return spec.measured(found.rem_latency_s / MINUTE_S, sure, INPUTS)
