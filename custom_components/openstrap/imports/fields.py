"""Parts of days as the fields that are kept of them; what cannot be true is left out and counted."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
import math
from typing import Any, Final
from zoneinfo import ZoneInfo

from ..engine.catalog import CATALOG
from ..engine.imported import (
    NAP,
    NOTE,
    NUMBER,
    SLEEP,
    STAGES,
    TAG,
    TIMEZONE,
    VALUE,
    WORKOUT,
    WORKOUT_KEYS,
    Fields,
    SourceName,
)
from ..engine.insight.journal import JournalDay
from ..engine.metric import DECIMALS
from ..engine.metric_spec import EPOCH
from ..engine.sleep.hypnogram import Segment
from ..engine.told import MAX_REST_S, Span
from ..engine.training.workout_rules import WorkoutError, checked_title
from .parts import ImportedDay, ImportedJournal, ImportedNap, ImportedWorkout

OUT_OF_RANGE: Final = "out_of_range"
UNKNOWN_METRIC: Final = "unknown_metric"
BAD_TIME: Final = "bad_time"
EARLIEST_TS: Final = 1_262_304_000.0
"""2010-01-01 UTC, epoch s: nobody wore anything that is imported here before."""
MAX_WORKOUT_S: Final = 86400.0
LIMITS: Final = {
    "%": (-100.0, 400.0),
    "bpm": (20.0, 250.0),
    "ms": (0.0, 5000.0),
    "ms²": (0.0, 1e6),
    "min": (0.0, 1560.0),
    "steps": (0.0, 200_000.0),
    "kcal": (0.0, 20_000.0),
    "strain": (0.0, 21.0),
    "points": (0.0, 100.0),
    "br/min": (3.0, 60.0),
    "°C": (10.0, 45.0),
    "Δ°C": (-15.0, 15.0),
    "mL/kg/min": (5.0, 100.0),
}
"""Lowest and highest value of a unit that can be true (judgement); a day has up to 26 hours."""
SHARES: Final = frozenset({"recovery", "sleep_efficiency", "sleep_performance"})
"""Per cent of a whole, which are no more than that."""

type Kept = tuple[date, SourceName, Fields]


def day_fields(part: ImportedDay, as_of: int, now: float, skipped: Counter[str]) -> Iterator[Kept]:
    """Give the fields of a day, and those of its workouts on the days on which they end.

    ``as_of`` (epoch s) is how far the file reaches; ``now`` (epoch s) is what future means.
    """
    zone = ZoneInfo(part.timezone)
    found: dict[str, Any] = {}
    for key, value in part.values.items():
        if key not in CATALOG:
            skipped[UNKNOWN_METRIC] += 1
        elif _is_possible(key, value, now):
            found[VALUE + key] = round(float(value), DECIMALS)
        else:
            skipped[OUT_OF_RANGE] += 1
    if part.sleep is not None:
        if _is_rest(part.sleep, now):
            found[SLEEP] = [round(ts, 3) for ts in part.sleep]
        else:
            skipped[BAD_TIME] += 1
    if part.stages:
        if _in_order(part.stages, now):
            found[STAGES] = [
                [round(start, 3), round(end, 3), int(stage)] for start, end, stage in part.stages
            ]
        else:
            skipped[BAD_TIME] += 1
    found |= dict(_naps(part.naps, now, skipped))
    if datetime.fromtimestamp(now, zone).date() < part.day or part.day.year < 2010:
        skipped[BAD_TIME] += 1
    elif found:
        found[TIMEZONE] = part.timezone
        yield part.day, part.source, {name: (as_of, value) for name, value in found.items()}
    for workout in part.workouts:
        yield from workout_fields(workout, as_of, zone, now, skipped)


def workout_fields(
    part: ImportedWorkout, as_of: int, zone: ZoneInfo, now: float, skipped: Counter[str]
) -> Iterator[Kept]:
    """Give the fields of the day on which a workout ends."""
    if not _is_span((part.start_ts, part.end_ts), MAX_WORKOUT_S, now):
        skipped[BAD_TIME] += 1
        return
    row = dict.fromkeys(WORKOUT_KEYS) | {
        "start_ts": round(part.start_ts, 3),
        "end_ts": round(part.end_ts, 3),
        "kind": part.kind,
        "avg_bpm": _within(part.avg_hr_bpm, "bpm", 1, skipped),
        "max_bpm": _within(part.max_hr_bpm, "bpm", 0, skipped),
        "kcal": _within(part.kcal, "kcal", 0, skipped),
        "strain": _within(part.strain, "strain", 2, skipped),
        "steps": _within(part.steps, "steps", 0, skipped),
        "title": _title(part.title, skipped),
    }
    if (zones := part.zone_s) is not None:
        if all(math.isfinite(spent) and 0.0 <= spent <= MAX_WORKOUT_S for spent in zones):
            row["zone_s"] = [round(spent) for spent in zones]
        else:
            skipped[OUT_OF_RANGE] += 1
    day = datetime.fromtimestamp(part.end_ts, zone).date()
    name = f"{WORKOUT}{part.start_ts:.0f}"
    kept = [row[key] for key in WORKOUT_KEYS]
    if row["title"] is None:
        # As it was before there were titles: the same file again changes nothing.
        kept.pop()
    fields = {TIMEZONE: zone.key, name: kept}
    yield day, part.source, {name: (as_of, value) for name, value in fields.items()}


def journal_fields(
    part: ImportedJournal, as_of: int, zone: ZoneInfo, source: SourceName, skipped: Counter[str]
) -> Iterator[Kept]:
    """Give the fields of the entry of a journal; ``source`` is that of its format."""
    try:
        entry = JournalDay(frozenset(part.tags), dict(part.numbers), part.note or "")
    except ValueError:
        skipped[OUT_OF_RANGE] += 1
        return
    found: dict[str, Any] = {TAG + tag: True for tag in entry.tags}
    found |= {NUMBER + name: value for name, value in entry.numbers.items()}
    if entry.note:
        found[NOTE] = entry.note
    if found:
        found[TIMEZONE] = zone.key
        fields = {name: (as_of, value) for name, value in found.items()}
        yield part.day, part.source or source, fields


def _naps(
    naps: tuple[ImportedNap, ...], now: float, skipped: Counter[str]
) -> Iterator[tuple[str, Any]]:
    for nap in naps:
        if not _is_rest((nap.start_ts, nap.end_ts), now):
            skipped[BAD_TIME] += 1
            continue
        asleep = _within(nap.asleep_min, "min", 1, skipped)
        yield (
            f"{NAP}{nap.start_ts:.0f}",
            [round(nap.start_ts, 3), round(nap.end_ts, 3), asleep],
        )


def _is_possible(key: str, value: float, now: float) -> bool:
    if not math.isfinite(value):
        return False
    unit = CATALOG[key].unit
    if unit == EPOCH:
        return EARLIEST_TS <= value <= now + 2 * 86400.0
    if key in SHARES:
        return 0.0 <= value <= 100.0
    low, high = LIMITS.get(unit, (-1e9, 1e9))
    return low <= value <= high


def _within(value: float | None, unit: str, decimals: int, skipped: Counter[str]) -> float | None:
    if value is None:
        return None
    low, high = LIMITS[unit]
    if not (math.isfinite(value) and low <= value <= high):
        skipped[OUT_OF_RANGE] += 1
        return None
    return round(float(value), decimals)


def _title(told: str | None, skipped: Counter[str]) -> str | None:
    try:
        return checked_title(told)
    except WorkoutError:
        skipped[OUT_OF_RANGE] += 1
        return None


def _is_rest(span: Span, now: float) -> bool:
    return _is_span(span, MAX_REST_S, now)


def _is_span(span: Span, longest_s: float, now: float) -> bool:
    start, end = span
    return (
        math.isfinite(start)
        and math.isfinite(end)
        and EARLIEST_TS <= start < end <= now + 86400.0
        and end - start <= longest_s
    )


def _in_order(stages: tuple[Segment, ...], now: float) -> bool:
    return (
        _is_rest((stages[0][0], stages[-1][1]), now)
        and all(start < end for start, end, _ in stages)
        and all(later[0] >= one[1] for one, later in pairwise(stages))
    )
