"""What the coach says of a day as metrics, and its lists and curves as plain JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ..facts import DayFacts, calendar_days
from ..metric import NO_SLEEP, Metric, Tier, need_input
from ..metric_spec import EPOCH, MetricSpec
from ..sleep.need_metrics import OWN_NEED
from ..sleep.regularity import clock_h, zone_jump
from ..sleep.sleep_trends import ZONE_JUMP
from .alertness import Alertness, alertness
from .plan import RECOVERY, plan, summary
from .sleep_coach import need_parts, sleep_windows, wake_target
from .strain_target import StrainTarget, alike_strain, strain_target

TARGET_CONFIDENCE: Final = 0.6
WAKE_CONFIDENCE: Final = 0.55
ALERTNESS_CONFIDENCE: Final = 0.35
NIGHTS: Final = 3
"""Nights whose sleep alertness is worked out from: of what was before, little is left."""

ROWS: Final = (
    MetricSpec(
        "strain_target", "strain", 1, Tier.ESTIMATE, "Strain target", headline=True, kind="trend"
    ),
    MetricSpec(
        "wake_target", EPOCH, 0, Tier.ESTIMATE, "Wake-up target", headline=False, kind="trend"
    ),
    MetricSpec(
        "alertness_low", EPOCH, 0, Tier.ESTIMATE, "Alertness low", headline=False, kind="trend"
    ),
    MetricSpec(
        "alertness_high", EPOCH, 0, Tier.ESTIMATE, "Alertness high", headline=False, kind="trend"
    ),
)
SPEC: Final = {row.key: row for row in ROWS}

_ASLEEP = ("asleep spans",)
_NO_HISTORY: Final[Mapping[date, float]] = {}


def coach_trends(
    facts: Mapping[date, DayFacts],
    day: date,
    *,
    metrics: Mapping[str, Metric],
    strain: Mapping[date, float] = _NO_HISTORY,
    recovery: Mapping[date, float] = _NO_HISTORY,
) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day, absent with a reason.

    ``metrics`` are the other metrics of the day by key. ``strain`` (of days that were mostly worn)
    and ``recovery`` are those of earlier days, the wearer's own usual; the day itself and later
    ones are not looked at.
    """
    return {
        "strain_target": _target(metrics, target_of(day, metrics, strain, recovery)),
        "wake_target": _wake(metrics),
        **_alertness(alertness_of(facts, day)),
    }


def coach_details(
    facts: Mapping[date, DayFacts],
    day: date,
    *,
    metrics: Mapping[str, Metric],
    strain: Mapping[date, float] = _NO_HISTORY,
    recovery: Mapping[date, float] = _NO_HISTORY,
) -> dict[str, Any]:
    """Tell what stands out, the range of strain, the coming night and the shape of the day.

    Plain JSON types, None for what is not known; arguments as ``coach_trends`` has them.
    """
    target = target_of(day, metrics, strain, recovery)
    shape = alertness_of(facts, day)
    return {
        "plan": [item.to_dict() for item in plan(metrics)],
        "summary": summary(metrics).to_dict(),
        "strain_target": None if target is None else target.to_dict(),
        "sleep": _night(metrics),
        "alertness": None if isinstance(shape, str) else shape.to_dict(),
    }


def target_of(
    day: date,
    metrics: Mapping[str, Metric],
    strain: Mapping[date, float],
    recovery: Mapping[date, float],
) -> StrainTarget | None:
    """Range of strain of a day; None without its own recovery, never by that of another day.

    Fatigue over fitness is that of the morning, so the range stands still while the day goes on.
    """
    today, acute, chronic = (
        metrics[key].value if key in metrics else None for key in (RECOVERY, "atl", "ctl")
    )
    if today is None:
        return None
    ratio = acute / chronic if acute is not None and chronic else None
    return strain_target(today, ratio, alike_strain(strain, recovery, day, today))


def alertness_of(facts: Mapping[date, DayFacts], day: date) -> Alertness | str:
    """Shape of the waking day after the night that ended on ``day``, or say why there is none.

    From the sleep of up to three nights in a row. Not after the wall clock moved by three hours
    or more among them, since the body's clock is read off it.
    """
    fact = facts.get(day)
    if fact is None or fact.offset_ts is None or fact.tst_min is None:
        return NO_SLEEP
    nights: list[DayFacts] = []
    for on in reversed(calendar_days(day, NIGHTS, including=True)):
        if on not in facts or facts[on].tst_min is None:
            break
        nights.insert(0, facts[on])
    if any(zone_jump(one, fact) for one in nights):
        return ZONE_JUMP
    asleep = sorted(span for one in nights for span in one.asleep)
    wake_h = clock_h(fact, fact.offset_ts)
    return alertness(asleep, fact.offset_ts, wake_h, fact.tst_min / 60.0)


def _target(metrics: Mapping[str, Metric], target: StrainTarget | None) -> Metric:
    spec = SPEC["strain_target"]
    if target is None:
        missing = metrics[RECOVERY].note if RECOVERY in metrics else None
        return spec.absent(missing or need_input(RECOVERY, 0, 1), (RECOVERY,))
    found = spec.measured(
        target.middle,
        TARGET_CONFIDENCE,
        (RECOVERY, "load") if target.load_known else (RECOVERY,),
        drivers=(("low", target.low), ("high", target.high), ("own_days", target.own_days)),
        note=None if target.load_known else "without:load",
    )
    source = metrics[RECOVERY]
    return found.at_most(source.tier, source.confidence)


def _wake(metrics: Mapping[str, Metric]) -> Metric:
    spec, inputs = SPEC["wake_target"], ("sleep",)
    bed = metrics.get("bedtime")
    if bed is None or bed.value is None:
        return spec.absent((bed and bed.note) or NO_SLEEP, inputs)
    parts = dict(bed.drivers)
    return spec.measured(
        wake_target(bed.value, parts["need_min"], parts["efficiency"]),
        WAKE_CONFIDENCE,
        inputs,
        drivers=(("bedtime", bed.value), ("need_min", parts["need_min"])),
    ).at_most(bed.tier, bed.confidence)


def _alertness(shape: Alertness | str) -> dict[str, Metric]:
    low, high = SPEC["alertness_low"], SPEC["alertness_high"]
    if isinstance(shape, str):
        return {row.key: row.absent(shape, _ASLEEP) for row in (low, high)}
    return {
        row.key: row.measured(
            span[0], ALERTNESS_CONFIDENCE, _ASLEEP, drivers=(("until_ts", span[1]),)
        )
        for row, span in ((low, shape.low), (high, shape.high))
    }


def _night(metrics: Mapping[str, Metric]) -> dict[str, Any] | None:
    """Parts of the need and the windows of its goals, as far as they are known."""
    need, bed = metrics.get("sleep_need_min"), metrics.get("bedtime")
    if need is None or need.value is None:
        return None
    known = dict(need.drivers)
    parts = need_parts(
        known["base_min"],
        known.get("debt_min"),
        known.get("strain"),
        told=OWN_NEED in (need.note or "").split(";"),
    )
    windows = []
    if bed is not None and bed.value is not None:
        by = dict(bed.drivers)
        wake_ts = wake_target(bed.value, by["need_min"], by["efficiency"])
        windows = [
            one.to_dict() for one in sleep_windows(wake_ts, by["need_min"], by["efficiency"])
        ]
    return {"need": parts.to_dict(), "windows": windows}
