"""Days as the calendar finds them, and how it is asked."""

from collections.abc import Callable, Coroutine
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import ALGORITHM_VERSION
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.store import DayRow

CALENDAR = "calendar.ada_calendar"
DAY = date(2026, 1, 15)
BERLIN = ZoneInfo("Europe/Berlin")
type Keep = Callable[..., Coroutine[Any, Any, None]]


def ts_of(text: str, zone: ZoneInfo = BERLIN) -> float:
    """Epoch seconds of a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def row_of(
    day: date,
    zone: str = "Europe/Berlin",
    *,
    rest: tuple[float, float] | None = None,
    naps: tuple[tuple[float, float], ...] = (),
    workouts: tuple[dict[str, Any], ...] = (),
    planned: tuple[float, float] | None = None,
    final: bool = True,
    **values: float,
) -> DayRow:
    """Make the stored result of a day with some of its numbers."""
    if rest is not None:
        values |= {"rest_onset": rest[0], "rest_offset": rest[1]}
    metrics = {
        key: spec.measured(values[key], 0.8, ()) if key in values else spec.absent("no_sleep")
        for key, spec in CATALOG.items()
    }
    windows = [
        {"goal": goal, "bed_ts": bed, "wake_ts": wake, "sleep_min": 480.0}
        for goal, bed, wake in (
            () if planned is None else (("all", *planned), ("most", planned[0] + 3600, planned[1]))
        )
    ]
    details = {
        "naps": [[start, end, end - start - 600, 0.7] for start, end in naps],
        "trends": {"workouts": list(workouts), "coach": {"sleep": {"windows": windows}}},
    }
    result = DayResult(day, zone, ALGORITHM_VERSION, metrics, details=details)
    return DayRow(day, zone, ALGORITHM_VERSION, final, 1000, result.to_dict())


def workout(start: float, minutes: float, kind: str = "run", **changes: Any) -> dict[str, Any]:
    """Make a workout as results list it."""
    return {
        "id": None,
        "start_ts": start,
        "end_ts": start + 60 * minutes,
        "kind": kind,
        "source": "detected",
        "duration_min": minutes,
        "strain": 8.25,
    } | changes


async def events(home: HomeAssistant, start: str, end: str) -> list[dict[str, Any]]:
    """Ask as an automation does."""
    answer = await home.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": CALENDAR, "start_date_time": start, "end_date_time": end},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    found: Any = answer[CALENDAR]
    listed: list[dict[str, Any]] = found["events"]
    return listed
