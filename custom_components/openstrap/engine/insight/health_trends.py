"""Health beside earlier days and what the wearer told, wrapped."""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import partial
import math
from typing import Final

from ..facts import DayFacts, calendar_days, values_of
from ..heart.illness import Level
from ..metric import Metric, Tier, clamp, need_input
from ..metric_spec import EPOCH, MetricSpec
from ..told import Told
from .anomaly import MIN_NIGHTS, Anomaly
from .body_alert import WALK_DAYS, BodyAlert, body_alert
from .change_points import ChangePoint, change_points
from .cycle import LUTEAL_SHARE, Cycle, Phase, cycle_on, lost, luteal_days
from .night_state import night_state
from .temperature_state import skin_rhythm

FULL_NIGHTS: Final = 60
MAX_CONFIDENCE: Final = 0.7
CYCLIC_CONFIDENCE: Final = 0.5
"""Part of the confidence that is left where a cycle explains the signs as well."""
STATE_CONFIDENCE: Final = (0.2, 0.85)
STATE_SIGNS: Final = 4.0
CHANGE_CONFIDENCE: Final = 0.6
RHYTHM_CONFIDENCE: Final = 0.6
NOT_ASKED: Final = "not_asked:name=cycle_tracking"
"""Reason: the wearer has not asked for it."""
NO_CHANGE: Final = "no_change_found"
"""Reason: the level has been the same all the time."""

_row = partial(MetricSpec, kind="trend")
ROWS: Final = (
    _row("body_alert", "level", 0, Tier.ESTIMATE, "Body alert", headline=True),
    _row("anomaly_d", "sd", 2, Tier.ESTIMATE, "Night unlike usual"),
    _row("anomaly_p", "fraction", 4, Tier.ESTIMATE, "Night unlike usual, chance"),
    _row("night_state", "level", 0, Tier.ESTIMATE, "Night signs"),
    _row("resting_hr_change_bpm", "bpm", 1, Tier.ESTIMATE, "Resting heart rate step"),
    _row("resting_hr_change_days", "d", 0, Tier.ESTIMATE, "Resting heart rate step age"),
    _row("hrv_change_pct", "%", 1, Tier.ESTIMATE, "HRV step"),
    _row("hrv_change_days", "d", 0, Tier.ESTIMATE, "HRV step age"),
    _row("skin_temp_stability", "ratio", 2, Tier.RELATIVE, "Skin temperature stability"),
    _row("skin_temp_variability", "ratio", 2, Tier.RELATIVE, "Skin temperature variability"),
    _row("cycle_day", "d", 0, Tier.ESTIMATE, "Cycle day", kind="day_trend"),
    _row("cycle_phase", "level", 0, Tier.ESTIMATE, "Cycle phase", kind="day_trend"),
    _row("cycle_luteal", "flag", 0, Tier.ESTIMATE, "Second half of cycle", kind="day_trend"),
    _row("next_period", EPOCH, 0, Tier.ESTIMATE, "Next period", kind="day_trend"),
    _row(
        "next_period_spread_d", "d", 1, Tier.ESTIMATE, "Next period, give or take", kind="day_trend"
    ),
)
SPEC: Final = {row.key: row for row in ROWS}
NIGHT: Final = ("resting heart rate", "nightly HRV", "breathing rate", "skin temperature")
TOLD: Final = ("period starts",)
SKIN: Final = ("skin temperature",)


def health_trends(facts: Mapping[date, DayFacts], day: date, told: Told) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day, from its own facts, those of earlier days and ``told``.

    ``body_alert`` is 0, 1 (watch) or 2 (alert), see ``body_alert``; ``night_state`` of ``State``;
    ``cycle_phase`` of ``Phase``. Later days and later period starts are left out. Nothing of the
    cycle is told, nor used, without ``told.cycle_tracking``.
    """
    known = until(facts, day)
    luteal = luteal_until(told, day)
    return {
        **_alert(body_alert(known, day, luteal)),
        "night_state": _state(known, day),
        **_changes(known, day),
        **_rhythm(known, day),
        **_cycle(known, day, told),
    }


def until(facts: Mapping[date, DayFacts], day: date) -> dict[date, DayFacts]:
    """Leave out later days."""
    return {one: fact for one, fact in facts.items() if one <= day}


def luteal_until(told: Told, day: date) -> frozenset[date]:
    """Return the days lately in the second half of a cycle; none where it was not asked for."""
    if not told.cycle_tracking:
        return frozenset()
    return luteal_days(told.period_starts, day, calendar_days(day, WALK_DAYS, including=True))


def _alert(found: BodyAlert | str) -> dict[str, Metric]:
    level, far, chance = (SPEC[key] for key in ("body_alert", "anomaly_d", "anomaly_p"))
    if isinstance(found, str):
        return {row.key: row.absent(found, NIGHT) for row in (level, far, chance)}
    sure = min(MAX_CONFIDENCE, found.nights / FULL_NIGHTS)
    if found.cyclic:
        sure *= CYCLIC_CONFIDENCE
    night = found.night
    drivers: list[tuple[str, float]] = []
    if found.above_bpm is not None and found.usual_bpm is not None:
        drivers += [("above_bpm", found.above_bpm), ("usual_bpm", found.usual_bpm)]
    note = None
    if found.level is not Level.GREEN:
        note = f"signs={'+'.join(found.signs)}" + (",cycle=luteal" if found.cyclic else "")
    if isinstance(night, Anomaly):
        drivers += [*_by_size(night.z), ("p", night.p)]
    return {
        level.key: level.measured(found.level, sure, NIGHT, drivers=drivers, note=note),
        **_night(night, far, chance),
    }


def _night(night: Anomaly | str, far: MetricSpec, chance: MetricSpec) -> dict[str, Metric]:
    if isinstance(night, str):
        return {row.key: row.absent(night, NIGHT) for row in (far, chance)}
    sure = clamp(night.nights / FULL_NIGHTS, MIN_NIGHTS / FULL_NIGHTS, MAX_CONFIDENCE)
    drivers = [*_by_size(night.z), ("nights", float(night.nights))]
    return {
        far.key: far.measured(night.d, sure, NIGHT, drivers=drivers),
        chance.key: chance.measured(night.p, sure, NIGHT, drivers=drivers),
    }


def _by_size(z: tuple[tuple[str, float], ...]) -> list[tuple[str, float]]:
    return sorted(((f"{name}_z", value) for name, value in z), key=lambda one: -abs(one[1]))


def _state(facts: Mapping[date, DayFacts], day: date) -> Metric:
    row = SPEC["night_state"]
    inputs = ("resting heart rate", "nightly HRV", "nocturnal dip", "skin temperature")
    found = night_state(facts, day)
    if isinstance(found, str):
        return row.absent(found, inputs)
    return row.measured(
        found.state,
        clamp(len(found.z) / STATE_SIGNS, *STATE_CONFIDENCE),
        inputs,
        drivers=_by_size(found.z),
        note=f"signs={'+'.join(found.raised)}" if found.raised else None,
    )


def _changes(facts: Mapping[date, DayFacts], day: date) -> dict[str, Metric]:
    resting = change_points(values_of(facts, "resting_hr_bpm"), day)
    hrv = hrv_changes(facts, day)
    return {
        **_change(
            "resting_hr_change_bpm", "resting_hr_change_days", resting, day, "resting heart rate"
        ),
        **_change("hrv_change_pct", "hrv_change_days", hrv, day, "nightly HRV"),
    }


def _change(
    step_key: str,
    age_key: str,
    found: tuple[ChangePoint, ...] | str,
    day: date,
    name: str,
) -> dict[str, Metric]:
    """Wrap the newest change: by how much and how many days ago."""
    step, age = SPEC[step_key], SPEC[age_key]
    if isinstance(found, str) or not found:
        note = found if isinstance(found, str) else NO_CHANGE
        return {row.key: row.absent(note, (name,)) for row in (step, age)}
    last = found[-1]
    apart = last.after - last.before
    value = 100.0 * apart / last.before if step.unit == "%" else apart
    drivers = (("before", last.before), ("after", last.after), ("nights", float(last.nights)))
    ago = float((day - last.day).days)
    return {
        step_key: step.measured(value, CHANGE_CONFIDENCE, (name,), drivers=drivers),
        age_key: age.measured(ago, CHANGE_CONFIDENCE, (name,), drivers=drivers),
    }


def hrv_changes(facts: Mapping[date, DayFacts], day: date) -> tuple[ChangePoint, ...] | str:
    """Find the changes of HRV in its logarithm, told in ms (geometric means)."""
    rmssd = values_of(facts, "rmssd_ms")
    found = change_points({on: math.log(ms) for on, ms in rmssd.items() if ms > 0.0}, day)
    if isinstance(found, str):
        return found
    return tuple(
        ChangePoint(one.day, math.exp(one.before), math.exp(one.after), one.nights) for one in found
    )


def _rhythm(facts: Mapping[date, DayFacts], day: date) -> dict[str, Metric]:
    stable, varied = SPEC["skin_temp_stability"], SPEC["skin_temp_variability"]
    found = skin_rhythm(facts, day)
    if isinstance(found, str):
        return {row.key: row.absent(found, SKIN) for row in (stable, varied)}
    sure = RHYTHM_CONFIDENCE * found.observed
    return {
        stable.key: stable.measured(found.stability, sure, SKIN),
        varied.key: varied.measured(found.variability, sure, SKIN),
    }


def _cycle(facts: Mapping[date, DayFacts], day: date, told: Told) -> dict[str, Metric]:
    keys = ("cycle_day", "cycle_phase", "cycle_luteal", "next_period", "next_period_spread_d")
    number, phase, luteal, following, spread = (SPEC[key] for key in keys)
    found = cycle_on(told.period_starts, day) if told.cycle_tracking else NOT_ASKED
    if isinstance(found, str):
        return {key: SPEC[key].absent(found, TOLD) for key in keys}
    sure = found.confidence
    late = "overdue" if found.overdue else None
    named = zip(Phase, found.chances, strict=True)
    chances = sorted(((one.name.lower(), chance) for one, chance in named), key=lambda x: -x[1])
    metrics = {
        number.key: number.measured(found.number, sure, TOLD, note=late),
        phase.key: phase.measured(found.phase, sure, TOLD, drivers=chances, note=late),
        spread.key: spread.measured(found.spread_days, sure, TOLD),
        luteal.key: _luteal(found, day, told),
    }
    if day not in facts:
        return metrics | {following.key: following.absent(need_input("day", 0, 1), TOLD)}
    at = datetime.combine(found.next_start, time(), facts[day].zone()).timestamp()
    drivers = (("length_d", float(found.length)), ("spread_d", found.spread_days))
    return metrics | {following.key: following.measured(at, sure, TOLD, drivers=drivers, note=late)}


def _luteal(found: Cycle, day: date, told: Told) -> Metric:
    """Wrap whether a day is in the second half; not known too long after a start was expected."""
    row = SPEC["cycle_luteal"]
    if not found.lengths:
        return row.absent(need_input("cycle_lengths", 0, 1), TOLD)
    second = day in luteal_until(told, day)
    if not second and found.number - 1 > LUTEAL_SHARE[1] * found.length:
        return row.absent(lost(found.number, found.length), TOLD)
    return row.measured(float(second), found.confidence, TOLD)
