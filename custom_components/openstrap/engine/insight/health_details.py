"""What health has to tell that does not fit in a number: dates, findings, a cycle."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ..facts import DayFacts, values_of
from ..metric import Metric
from ..told import Told
from .change_points import ChangePoint, change_points
from .cycle import cycle_on, length_log, warmer_since
from .findings import findings
from .health_trends import health_trends, hrv_changes, luteal_until, until
from .temperature_state import CONFIDENCE, Warmth, warmth

TELLING: Final = 0.4
"""Less sure metrics are no finding (judgement)."""
FLAG: Final = "temperature_flag"
"""Metric of the same two nights, as sure as the thermometer was."""


def health_details(
    facts: Mapping[date, DayFacts],
    day: date,
    told: Told,
    beside: Mapping[str, Metric] | None = None,
) -> dict[str, Any]:
    """Return what is a list, as plain JSON types; a reason (text) where there is no answer.

    ``changes`` of resting heart rate (bpm) and HRV (ms, geometric means) with their dates;
    ``findings`` of the day, and of the changes; ``temperature`` the state of the skin at night;
    ``cycle`` with dates, only with ``told.cycle_tracking``. ``beside`` are metrics of the day
    that other rooms worked out (``recovery``, ``temperature_flag``, which say how sure a finding
    is) and those of ``health_trends``, so that nothing is
    judged twice; those of ``health_trends`` are worked out where they are not in it.
    """
    known = until(facts, day)
    metrics = dict(beside or {})
    if "body_alert" not in metrics:
        metrics |= health_trends(known, day, told)
    skin = warmth(known, day, luteal=day in luteal_until(told, day))
    resting = change_points(values_of(known, "resting_hr_bpm"), day)
    hrv = hrv_changes(known, day)
    flag = metrics.get(FLAG)
    own = known[day].values if day in known else {}
    # What a metric says is as sure as that metric, though the facts hold it for less.
    values = {key: value for key, value in own.items() if key not in metrics} | {
        key: metric.value
        for key, metric in metrics.items()
        if metric.value is not None and metric.confidence >= TELLING
    }
    details: dict[str, Any] = {
        "changes": {
            "resting_hr_bpm": resting if isinstance(resting, str) else _listed(resting),
            "rmssd_ms": hrv if isinstance(hrv, str) else _listed(hrv),
        },
        "findings": [
            one.to_dict()
            for one in findings(
                day,
                values,
                warmth=None if isinstance(skin, str) or not _sure(flag) else skin,
                changes=() if isinstance(resting, str) else resting,
            )
        ],
        "temperature": _warmth(skin, flag),
    }
    if told.cycle_tracking:
        details["cycle"] = _cycle_details(known, day, told)
    return details


def _cycle_details(facts: Mapping[date, DayFacts], day: date, told: Told) -> dict[str, Any]:
    found = cycle_on(told.period_starts, day)
    details: dict[str, Any] = {
        "now": found if isinstance(found, str) else found.to_dict(),
        "lengths": length_log(told.period_starts, day),
    }
    if not isinstance(found, str):
        warm = warmer_since(values_of(facts, "skin_temp_c"), found.started, day)
        details["warmer_since"] = None if warm is None else warm.isoformat()
    return details


def _listed(found: tuple[ChangePoint, ...]) -> list[dict[str, Any]]:
    return [one.to_dict() for one in found]


def _sure(flag: Metric | None) -> bool:
    return flag is None or flag.confidence >= TELLING


def _warmth(skin: Warmth | str, flag: Metric | None) -> dict[str, Any] | str:
    """Wrap the state of the skin, no surer than the flag, which knows how sure the night was."""
    if isinstance(skin, str):
        return skin
    sure = CONFIDENCE[skin]
    if flag is not None and flag.value is not None:
        sure = min(sure, flag.confidence)
    return {"state": skin.name.lower(), "confidence": sure}
