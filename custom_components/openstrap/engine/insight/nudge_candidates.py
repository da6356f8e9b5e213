"""What of a day might be told: findings made one, goals, the morning, the evening, the week."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from ..facts import DayFacts
from ..metric import Metric
from .findings import Finding, Severity
from .nudges import EXCEPTION, MEDICAL, MIN_CONFIDENCE, Nudge
from .plan import RECOVERY

VERY_LOW_RECOVERY: Final = 10.0
TWICE_LOW_RECOVERY: Final = 20.0
"""On two days in a row; a single low one is an ordinary part of life (judgement)."""
MEDICAL_CODES: Final = frozenset({"body_alert", "irregular_rhythm", "warm_skin"})
"""Findings of the body's state. What a cycle explains as well, and steps of a level that are found
only a week later, are for whoever looks."""
LOW_CODE: Final = "low_recovery"
SURE_BY: Final = {
    "body_alert": "body_alert",
    "irregular_rhythm": "irregular_rhythm",
    "warm_skin": "temperature_flag",
    LOW_CODE: RECOVERY,
}
"""Metric that each finding is as sure as."""
WEEK: Final = "week"
"""Topic of the look back on a week."""
WEEK_CODE: Final = "week_over"
CODES: Final = (
    *sorted(MEDICAL_CODES),
    LOW_CODE,
    "recovery_ready",
    "steps_goal_reached",
    "strain_goal_reached",
    "workout_ended",
    "bedtime_near",
    WEEK_CODE,
)
"""Everything that a nudge may be called."""
WORKOUT_S: Final = 7200.0
"""So long after its end a workout is news."""
BEFORE_BED_S: Final = 1800.0
"""Time to get ready for bed (judgement)."""
AFTER_BED_S: Final = 3600.0
"""Who is up an hour later has decided otherwise (judgement)."""


def day_candidates(
    fact: DayFacts,
    metrics: Mapping[str, Metric],
    *,
    settled: bool,
    imported: bool = False,
    step_goal: float | None = None,
    recovery_before: float | None = None,
    findings: Iterable[Finding] = (),
) -> tuple[Nudge, ...]:
    """Gather what may be told of a day by its metrics (by key) and findings.

    ``settled``: its night is over and its numbers stay. ``recovery_before`` is that of the day
    before. Workouts and the look back on a week come beside.
    """
    day, woke = fact.day, fact.offset_ts
    found = [
        exception_nudge(
            day,
            findings,
            metrics,
            settled=settled,
            recovery_before=recovery_before,
            not_before_ts=woke,
        ),
        *goal_nudges(day, fact.end_ts, metrics, step_goal=step_goal),
        bedtime_nudge(day, metrics),
    ]
    if woke is not None:
        recovery = metrics.get(RECOVERY)
        found.insert(1, recovery_nudge(day, recovery, woke, fact.end_ts, settled=settled))
    return tuple(replace(one, imported=imported) for one in found if one is not None)


def is_exception(finding: Finding, recovery_before: float | None = None) -> bool:
    """Tell whether a finding is out of the ordinary enough to interrupt.

    Low recovery is below 10, or below 20 on both days: ``recovery_before`` is that of the day
    before.
    """
    if finding.code != LOW_CODE:
        return finding.code in MEDICAL_CODES
    recovery = dict(finding.values).get(RECOVERY)
    if recovery is None:
        return False
    twice = recovery_before is not None and max(recovery, recovery_before) < TWICE_LOW_RECOVERY
    return twice or recovery < VERY_LOW_RECOVERY


def exception_nudge(
    day: date,
    found: Iterable[Finding],
    metrics: Mapping[str, Metric],
    *,
    settled: bool,
    recovery_before: float | None = None,
    not_before_ts: float | None = None,
) -> Nudge | None:
    """Make one nudge of all findings of a day that are out of the ordinary; None without any.

    ``found`` may hold findings of other days and such that the day's ``metrics`` (by key) are not
    sure enough of; they are left out. Medical if one of them is; its code is that of the first
    medical one, or of the first, and its values have each code with how severe it is.
    """
    odd = [
        (one, sure)
        for one in found
        if one.day == day
        and is_exception(one, recovery_before)
        and (sure := _confidence(one, metrics)) >= MIN_CONFIDENCE
    ]
    if not odd:
        return None
    medical = [pair for pair in odd if pair[0].code in MEDICAL_CODES]
    first, confidence = (medical or odd)[0]
    return Nudge(
        day,
        MEDICAL if medical else EXCEPTION,
        first.severity,
        first.code,
        tuple((one.code, float(one.severity)) for one, _ in odd) + first.values,
        confidence,
        not_before_ts=not_before_ts,
        settled=settled,
    )


def findings_of(listed: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Undo ``Finding.to_dict``: findings as a day keeps them, in plain JSON types."""
    return tuple(
        Finding(
            one["code"],
            Severity(one["severity"]),
            date.fromisoformat(one["day"]),
            tuple(one["values"].items()),
        )
        for one in listed
    )


def _confidence(finding: Finding, metrics: Mapping[str, Metric]) -> float:
    metric = metrics.get(SURE_BY[finding.code])
    return 0.0 if metric is None else metric.confidence


def recovery_nudge(
    day: date, recovery: Metric | None, woke_ts: float, end_ts: float, *, settled: bool
) -> Nudge | None:
    """Tell, from waking to the end of the day (epoch s), that its recovery is there."""
    if recovery is None or recovery.value is None:
        return None
    return Nudge(
        day,
        "recovery",
        Severity.NOTE,
        "recovery_ready",
        (("recovery", recovery.value),),
        recovery.confidence,
        not_before_ts=woke_ts,
        expires_ts=end_ts,
        settled=settled,
    )


def goal_nudges(
    day: date, end_ts: float, metrics: Mapping[str, Metric], *, step_goal: float | None
) -> tuple[Nudge, ...]:
    """Tell, until the day ends (epoch s), the goals that it reached: steps, and strain's target.

    The target is reached at its lower end. What is absent reaches nothing.
    """
    strain_goal = dict(metrics["strain_target"].drivers) if "strain_target" in metrics else {}
    goals = (("steps", step_goal), ("strain", strain_goal.get("low")))
    return tuple(
        Nudge(
            day,
            f"goal:{key}",
            Severity.NOTE,
            f"{key}_goal_reached",
            ((key, metric.value), ("goal", goal)),
            metric.confidence,
            expires_ts=end_ts,
        )
        for key, goal in goals
        if goal and (metric := metrics.get(key)) and metric.value and metric.value >= goal
    )


def workout_nudge(
    day: date, end_ts: float, confidence: float, values: Sequence[tuple[str, float]]
) -> Nudge:
    """Tell, for two hours, that a workout ended at ``end_ts`` (epoch s); of a day only once."""
    return Nudge(
        day,
        "workout",
        Severity.NOTE,
        "workout_ended",
        tuple(values),
        confidence,
        not_before_ts=end_ts,
        expires_ts=end_ts + WORKOUT_S,
    )


def bedtime_nudge(day: date, metrics: Mapping[str, Metric]) -> Nudge | None:
    """Tell half an hour before that bedtime comes; in quiet hours too, where it mostly falls."""
    bed = metrics.get("bedtime")
    if bed is None or bed.value is None:
        return None
    beside = ((key, metrics.get(key)) for key in ("sleep_need_min", "sleep_debt_min"))
    return Nudge(
        day,
        "bedtime",
        Severity.NOTE,
        "bedtime_near",
        (
            ("bedtime", bed.value),
            *((key, one.value) for key, one in beside if one is not None and one.value is not None),
        ),
        bed.confidence,
        quiet_ok=True,
        not_before_ts=bed.value - BEFORE_BED_S,
        expires_ts=bed.value + AFTER_BED_S,
    )


def week_nudge(day: date, contents: Sequence[tuple[str, float]], confidence: float) -> Nudge | None:
    """Look back on the week that ended with ``day``; None when there is nothing to say of it."""
    if not contents:
        return None
    return Nudge(day, WEEK, Severity.NOTE, WEEK_CODE, tuple(contents), confidence)
