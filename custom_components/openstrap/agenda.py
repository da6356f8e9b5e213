"""What a wearer's days hold for a calendar: nights, naps, workouts, and the coming night.

Runs in the worker thread and knows no Home Assistant. Times are epoch seconds.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from . import answers
from .analysis import ShownDay, has_night
from .engine.day_result import DayResult
from .engine.told import WorkoutKind
from .engine.trends import DETAILS
from .store import DayRow, WearerStore

# Home Assistant has no place for translations of what stands in a calendar.
WORKOUT_WORDS: Final[dict[WorkoutKind, str]] = {
    "run": "Run",
    "cycle": "Ride",
    "strength": "Strength training",
    "walk": "Walk",
    "swim": "Swim",
    "cardio": "Cardio",
    "yoga": "Yoga",
    "other": "Workout",
}
PLANNED_GOAL: Final = "all"
"""Of the coach's windows the one that gives all of the sleep that is needed."""
# A day may have been lived in a zone up to 26 hours away from the one that is asked in, and a
# night ends on the day after it began.
_BEFORE: Final = timedelta(days=2)
_AFTER: Final = timedelta(days=3)
_FIRST_DAY: Final = date(2014, 12, 31)
"""No record is older: none counts from before 2015."""
SLICE: Final = timedelta(days=20)
"""Days that one job reads: about 50 ms on a slow machine."""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One entry of a calendar; ``uid`` is the same for the same thing, also once corrected."""

    start_ts: float
    end_ts: float
    summary: str
    description: str
    uid: str


def slices(start: datetime, end: datetime, today: date) -> Iterator[tuple[date, date]]:
    """Cut the days that may hold something between two times into (first, last), oldest first."""
    tomorrow = today + timedelta(days=1)
    first = max(start.date(), _FIRST_DAY + _BEFORE) - _BEFORE
    last = min(end.date(), tomorrow - _AFTER) + _AFTER
    while first <= last:
        yield first, min(first + SLICE - timedelta(days=1), last)
        first += SLICE


def read_agenda(store: WearerStore, first: date, last: date, zone: tzinfo) -> list[AgendaItem]:
    """Give what the days from first to last (both included) hold, in the order of time.

    Workouts as they are told by now, also where their day waits to be derived; what is told of no
    stored day goes by ``zone``.
    """
    items = [item for row in store.each_day(first, last) for item in _items(row)]
    items += map(_workout, answers.listed_workouts(store, first, last, zone))
    return sorted(items, key=lambda item: (item.start_ts, item.uid))


def planned_night(shown: ShownDay | None) -> AgendaItem | None:
    """Give the coming night by the coach of the newest day; None when it does not say."""
    if shown is None:
        return None
    coach = shown.result.details.get(DETAILS, {}).get("coach") or {}
    for window in (coach.get("sleep") or {}).get("windows", ()):
        if window["goal"] == PLANNED_GOAL:
            return AgendaItem(
                window["bed_ts"],
                window["wake_ts"],
                "Planned sleep",
                f"In bed for {duration(window['sleep_min'])} of sleep",
                f"{shown.result.day}/planned",
            )
    return None


def duration(minutes: float) -> str:
    """Write a duration in minutes as people say it."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def _items(row: DayRow) -> Iterator[AgendaItem]:
    """Give what one day holds; nothing of a result that makes no sense."""
    with suppress(KeyError, TypeError, ValueError):
        result = DayResult.from_dict(row.result)
        found = [*_naps(result)]
        if (night := _night(result, final=row.final)) is not None:
            found.append(night)
        yield from (item for item in found if item.end_ts > item.start_ts)


def _night(result: DayResult, *, final: bool) -> AgendaItem | None:
    if not has_night(result):
        return None
    start, end, slept, efficiency, recovery = (
        metric.value if (metric := result.metrics.get(key)) is not None else None
        for key in ("rest_onset", "rest_offset", "sleep_min", "sleep_efficiency", "recovery")
    )
    if start is None or end is None:
        return None
    lines = [
        f"{name} {value:.0f} %"
        for name, value in (("Efficiency", efficiency), ("Recovery", recovery))
        if value is not None
    ]
    if not final:
        lines.append("Not final yet")
    summary = "Night" if slept is None else f"Slept {duration(slept)}"
    return AgendaItem(start, end, summary, "\n".join(lines), f"{result.day}/night")


def _naps(result: DayResult) -> Iterator[AgendaItem]:
    for start, end, asleep_s, _ in result.details.get("naps", ()):
        asleep = f"Asleep for {duration(asleep_s / 60.0)}"
        yield AgendaItem(start, end, "Nap", asleep, f"{result.day}/nap/{start:.0f}")


def _workout(one: Mapping[str, Any]) -> AgendaItem:
    word = WORKOUT_WORDS.get(one["kind"], WORKOUT_WORDS["other"])
    if one["title"]:
        word = f"{one['title']} ({word})"
    strain = "" if one.get("strain") is None else f", strain {one['strain']:.1f}"
    lines = [f"Duration {duration(one['duration_min'])}"]
    if one["source"] == "detected":
        lines.append("Found by heart rate")
    return AgendaItem(
        one["start_ts"],
        one["end_ts"],
        f"{word}{strain}",
        "\n".join(lines),
        f"workout/{one['workout_id']}",
    )
