"""Rows of NOOP's tables as parts, whether they lie in its backup or come by its push."""

from collections.abc import Iterable, Mapping
from datetime import date
import json
import math
from typing import Any, Final

from ..engine.sleep.hypnogram import Segment
from .database import number
from .nights import STAGE_KEYS, STAGE_WORDS, Sleep, asleep_min, in_order
from .parts import ImportedWorkout, SourceName
from .sports import kind_of_activity
from .table import FIRST_YEAR, LAST_YEAR

SOURCE: Final = SourceName.NOOP
STRAIN_SCALE: Final = 21.0 / 100.0
"""Its load goes to 100 where the maker's goes to 21; it is the same curve."""
MAX_STAGES: Final = 5000
DAILY: Final = {
    "totalSleepMin": "sleep_min",
    "deepMin": "deep_min",
    "remMin": "rem_min",
    "lightMin": "light_min",
    "restingHr": "resting_hr_bpm",
    "avgHrv": "rmssd_ms",
    "recovery": "recovery",
    "respRateBpm": "breathing_rate_brpm",
    "skinTempDevC": "skin_temp_deviation_c",
    "steps": "steps",
    "sleepPerformance": "sleep_performance",
}
"""Columns that mean what the catalogue's metrics mean; its energy and oxygen do not."""
_MAY_BE_ZERO: Final = frozenset(
    {"deepMin", "remMin", "lightMin", "recovery", "skinTempDevC", "steps"}
)
_NOT_RMSSD: Final = ("apple", "health")
"""Begins, or is in, the device under which it keeps days of a source whose HRV is SDNN."""


def daily_values(
    row: Mapping[str, Any], device: str, strain_scale: float | None
) -> dict[str, float]:
    """Give a row of daily numbers as keys of the catalogue.

    ``strain_scale`` brings its strain to 0..21, None where the scale is not known.
    """
    found: dict[str, float] = {}
    for column, key in DAILY.items():
        value = number(row.get(column))
        if value is None or (value <= 0.0 and column not in _MAY_BE_ZERO):
            continue
        if key == "rmssd_ms" and any(word in device.lower() for word in _NOT_RMSSD):
            continue
        found[key] = value
    efficiency = share(row.get("efficiency"))
    if efficiency is not None:
        found["sleep_efficiency"] = efficiency
    strain = number(row.get("strain"))
    if strain is not None and strain_scale is not None:
        found["strain"] = strain * strain_scale
    return found


def share(value: Any) -> float | None:
    """Give a share in per cent, which is kept as a fraction or in per cent; None without."""
    found = number(value)
    if found is None or found <= 0.0:
        return None
    return 100.0 * found if found <= 1.0 else found


def sleep_of(row: Mapping[str, Any], start: Any) -> Sleep | None:
    """Give a row of its sleeps; ``start`` is its key. None for one that cannot have been."""
    adjusted = number(row.get("startTsAdjusted"))
    start_ts = number(start) if adjusted is None else adjusted
    end_ts = number(row.get("endTs"))
    if start_ts is None or end_ts is None:
        return None
    stages, minutes = _stages(row.get("stagesJSON"), start_ts, end_ts)
    values = dict(minutes)
    if stages:
        values["sleep_min"] = asleep_min(stages)
    for column, key in (("restingHr", "resting_hr_bpm"), ("avgHrv", "rmssd_ms")):
        value = number(row.get(column))
        if value is not None and value > 0.0:
            values[key] = value
    if (efficiency := share(row.get("efficiency"))) is not None:
        values["sleep_efficiency"] = efficiency
    found = Sleep(start_ts, end_ts, values, stages)
    return found if found.is_possible else None


def workout_of(
    row: Mapping[str, Any], start: Any, sport: Any, strain_scale: float | None
) -> ImportedWorkout | None:
    """Give a row of its workouts; None for one without times."""
    start_ts, end_ts = number(start), number(row.get("endTs"))
    if start_ts is None or end_ts is None or end_ts <= start_ts:
        return None
    strain = number(row.get("strain"))
    steps = number(row.get("steps"))
    return ImportedWorkout(
        SOURCE,
        start_ts,
        end_ts,
        kind_of_activity(sport if isinstance(sport, str) else None),
        avg_hr_bpm=_positive(row.get("avgHr")),
        max_hr_bpm=_positive(row.get("maxHr")),
        kcal=_positive(row.get("energyKcal")),
        strain=None if strain is None or strain_scale is None else strain * strain_scale,
        zone_s=_zones(row.get("zonesJSON"), end_ts - start_ts),
        steps=None if steps is None else int(steps),
    )


def day_of(value: Any) -> date | None:
    """Give a day of text; None for anything else, also for one on which nobody wore anything."""
    if not isinstance(value, str) or len(value) != len("2026-01-01"):
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year < LAST_YEAR else None


def loaded(text: Any) -> Any:
    """Give what a column of JSON holds; None where it holds none."""
    if not isinstance(text, str):
        return None
    try:
        return json.loads(text)
    except ValueError, RecursionError:
        return None


def _stages(
    text: Any, start_ts: float, end_ts: float
) -> tuple[tuple[Segment, ...], dict[str, float]]:
    """Give its stages, or the minutes of each where it keeps no more."""
    found = loaded(text)
    if isinstance(found, Mapping):
        minutes = {
            stage: value
            for word, stage in STAGE_WORDS.items()
            if (value := number(found.get(word))) is not None and value >= 0.0
        }
        return (), {key: minutes[stage] for stage, key in STAGE_KEYS.items() if stage in minutes}
    if not isinstance(found, list):
        return (), {}
    segments: list[Segment] = []
    for row in found[:MAX_STAGES]:
        if not isinstance(row, Mapping):
            return (), {}
        stage = STAGE_WORDS.get(str(row.get("stage")).strip().lower())
        start, end = number(row.get("start")), number(row.get("end"))
        if stage is not None and start is not None and end is not None:
            segments.append((max(start, start_ts), min(end, end_ts), stage))
    return in_order(segments), {}


def _zones(text: Any, length_s: float) -> tuple[float, float, float, float, float] | None:
    """Give seconds of the five zones from their shares in per cent; None for anything else."""
    found = loaded(text)
    if isinstance(found, Mapping):
        found = _by_number(found)
    if not isinstance(found, list) or len(found) != 5:
        return None
    shares = [number(value) for value in found]
    known = [value for value in shares if value is not None and value >= 0.0]
    if len(known) != 5 or not math.isclose(sum(known), 100.0, abs_tol=5.0):
        # What does not add up is in another unit, or leaves out what is below the zones.
        return None
    one, two, three, four, five = (length_s * value / 100.0 for value in known)
    return one, two, three, four, five


def _by_number(found: Mapping[Any, Any]) -> list[Any]:
    names: Iterable[str] = sorted(str(name) for name in found)
    digits = {name[-1]: found[name] for name in names if name[-1:] in "12345" and name}
    return [digits.get(digit) for digit in "12345"]


def _positive(value: Any) -> float | None:
    found = number(value)
    return found if found is not None and found > 0.0 else None
