"""Results of days made by hand, for whatever acts upon results and not upon frames."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import ALGORITHM_VERSION
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.facts import DayFacts, clock_of
from custom_components.openstrap.store import DayRow, WearerStore

NO_DATA = "need_input:name=record,have=0,need=1"


def at(day: date, hour: int, minute: int = 0, *, zone: tzinfo = UTC) -> float:
    """Give a time of a day as epoch s."""
    return datetime.combine(day, time(hour, minute), zone).timestamp()


def made_day(
    day: date,
    values: Mapping[str, float],
    *,
    onset_ts: float | None = None,
    offset_ts: float | None = None,
    drivers: Mapping[str, Iterable[tuple[str, float]]] | None = None,
    details: Mapping[str, Any] | None = None,
    final: bool = False,
    zone: tzinfo = UTC,
    confidence: float = 0.9,
) -> DayRow:
    """Make the result of a day with a few metrics, and a night from onset to offset if given."""
    known = dict(values)
    if onset_ts is not None and offset_ts is not None:
        known |= {"sleep_onset": onset_ts, "sleep_offset": offset_ts}
        known |= {"rest_onset": onset_ts, "rest_offset": offset_ts}
        known.setdefault("sleep_min", (offset_ts - onset_ts) / 60.0)
    told = drivers or {}
    metrics = {
        key: spec.measured(known[key], confidence, (), drivers=tuple(told.get(key, ())))
        if key in known
        else spec.absent(NO_DATA)
        for key, spec in CATALOG.items()
    }
    clock, end_ts = clock_of(day, zone)
    slept = onset_ts is not None and offset_ts is not None
    facts = DayFacts(
        day,
        str(zone),
        clock,
        end_ts,
        onset_ts=onset_ts if slept else None,
        offset_ts=offset_ts if slept else None,
        tst_min=known["sleep_min"] if slept else None,
    )
    result = DayResult(day, str(zone), ALGORITHM_VERSION, metrics, facts, details or {})
    return DayRow(day, str(zone), ALGORITHM_VERSION, final, 1000, result.to_dict())


def night_of(day: date, values: Mapping[str, float] | None = None, **beside: Any) -> DayRow:
    """Make a day whose night was from eleven to seven."""
    return made_day(
        day,
        {"recovery": 61.4} if values is None else values,
        onset_ts=at(day - timedelta(days=1), 23),
        offset_ts=at(day, 7),
        **beside,
    )


def keep(store: WearerStore, row: DayRow) -> None:
    """Store the result of a day."""
    store.save_day(row)


def workout(start_ts: float, end_ts: float, **changes: Any) -> dict[str, Any]:
    """Make a workout as a day lists it."""
    return {
        "start_ts": start_ts,
        "end_ts": end_ts,
        "kind": "run",
        "source": "detected",
        "confidence": 0.8,
        "strain": 9.25,
        "avg_bpm": 141.5,
        "kcal": None,
        "duration_min": round((end_ts - start_ts) / 60.0, 1),
        **changes,
    }
