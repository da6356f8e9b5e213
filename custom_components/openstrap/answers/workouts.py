"""Workouts of a range of days, with what the wearer told since the days were derived."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
import math
from typing import Any, Final

from ..engine.imported import IMPORTED
from ..engine.told import Span, ToldWorkout, is_same, shared_s
from ..engine.training.workout_rules import FORGOTTEN_S, TOLD_CONFIDENCE, are_times, is_going
from ..store import WearerStore
from .briefs import BRIEFS
from .kept import Run
from .values import chunks
from .wording import Answer, iso, span, zone_of

DETECTED: Final = "detected/"
"""Begins what names a workout that nobody told: it has no id, but a start and an end."""


def workouts(store: WearerStore, start: date, end: date, zone: tzinfo, *, now_ts: float) -> Answer:
    """Give the workouts that ended from start to end (both included), oldest first, and their sum.

    ``workout_id`` names each for changing or deleting it, ``title`` is what somebody calls it or
    None. ``pending`` ones were told since their day was derived: nothing is measured of them yet.
    ``going`` is the one that nobody ended yet. Days without a stored result go by ``zone``;
    ``now_ts`` is epoch s.
    """
    found = listed(store, start, end, zone)
    return _answer(found, going(store, now_ts), start, end, zone)


async def async_workouts(
    run: Run, start: date, end: date, zone: tzinfo, *, now_ts: float
) -> Answer:
    """Do what ``workouts`` does, a part a job, so that frames need not wait long."""
    found: list[Answer] = []
    for first, last in chunks(start, end):
        found += await run(listed, first, last, zone)
    return _answer(found, await run(going, now_ts), start, end, zone)


def _answer(
    found: list[Answer], on: ToldWorkout | None, start: date, end: date, zone: tzinfo
) -> Answer:
    found = sorted(found, key=_order)
    return {
        "start_date": start.isoformat(),
        "end_date": end.isoformat(),
        "workouts": found,
        "going": None if on is None else workout_of(on, zone),
        "summary": _summary(found),
    }


def going(store: WearerStore, now_ts: float) -> ToldWorkout | None:
    """Give the workout that nobody ended yet; one that was forgotten goes on no more."""
    told = store.told(now_ts - 1.0, now_ts + 1.0).workouts
    return next((one for one in told if is_going(one, now_ts) and one.start_ts <= now_ts), None)


def listed(store: WearerStore, start: date, end: date, zone: tzinfo) -> list[Answer]:
    """Give the workouts that ended from start to end, oldest first.

    After a move to the east two days share some hours: what was found in them is of the earlier.
    """
    told = store.told(
        datetime.combine(start - timedelta(days=1), time(), zone).timestamp(),
        datetime.combine(end + timedelta(days=2), time(), zone).timestamp(),
    )
    waiting = {one.id: one for one in told.workouts}
    replaced = [one.replaces for one in told.workouts if one.replaces is not None]
    spoken = [(one.start_ts, one.end_ts) for one in told.workouts if one.end_ts is not None]
    found: list[Answer] = []
    before_ts = last_ts = 0.0
    for day, brief in BRIEFS.read(store, start - timedelta(days=1), end).items():
        if not brief.workouts:
            continue
        day_zone, before_ts = zone_of(brief.timezone), last_ts
        for one in brief.workouts:
            if one["id"] is None:
                its = (one["start_ts"], one["end_ts"])
                last_ts = max(last_ts, its[1])
                if day < start:
                    continue
                if (own := _named(told.workouts, one)) is not None:
                    if waiting.pop(own.id, None) is not None:
                        found.append(_worded(_of_told(one, own), own, day_zone))
                    continue
                stands = (
                    its[0] >= before_ts
                    and not any(is_same(its, gone) for gone in (*told.tombstones, *replaced))
                    and not any(shared_s(its, other) > 0.0 for other in spoken)
                )
            else:
                stands = day >= start and _unchanged(waiting.get(one["id"]), one)
            if stands:
                own = waiting.pop(one["id"], None)
                found.append(_worded(one, own, day_zone))
    found += [
        workout_of(left, zone)
        for left in waiting.values()
        if left.end_ts is not None and start <= _day(left.end_ts, zone) <= end
    ]
    return sorted(found, key=_order)


def find(store: WearerStore, workout_id: str, zone: tzinfo) -> Answer | None:
    """Give one workout by what names it; None for one that is not there (any more).

    A detected one that was corrected since is found by its old name too.
    """
    detected = detected_span(workout_id)
    told = store.told_workout(workout_id) if detected is None else _correction(store, detected)
    if told is not None:
        found = _around(store, told.id, told.start_ts, told.end_ts, zone)
        return found or workout_of(told, zone)
    return None if detected is None else _around(store, workout_id, *detected, zone)


def _correction(store: WearerStore, detected: Span) -> ToldWorkout | None:
    """Give the workout that was told in place of a detected one."""
    if not are_times(detected):
        return None
    for one in store.told(*detected).workouts:
        if one.replaces is not None and _name(*one.replaces) == _name(*detected):
            return one
    return None


def _around(
    store: WearerStore, workout_id: str, start_ts: float, end_ts: float | None, zone: tzinfo
) -> Answer | None:
    """Find a workout in the days where it may have ended, whatever zone they were lived in."""
    # A forgotten one ends by itself within some hours.
    times = start_ts, start_ts + FORGOTTEN_S if end_ts is None else end_ts
    if not are_times(times):
        return None
    reach = timedelta(days=1)
    first, last = (_day(ts, zone) for ts in times)
    rows = listed(store, (first if end_ts is None else last) - reach, last + reach, zone)
    return next((one for one in rows if one["workout_id"] == workout_id), None)


def workout_of(told: ToldWorkout, zone: tzinfo) -> Answer:
    """Describe a told workout of which nothing is measured yet; ``end`` is None while it goes on."""
    end_ts = told.end_ts
    return {
        "workout_id": told.id,
        "start": iso(told.start_ts, zone),
        "end": None if end_ts is None else iso(end_ts, zone),
        "start_ts": told.start_ts,
        "end_ts": end_ts,
        "kind": told.kind,
        "title": told.title,
        "source": "told" if told.replaces is None else "edited",
        "duration_min": None if end_ts is None else round((end_ts - told.start_ts) / 60.0, 1),
        "pending": True,
    }


def detected_span(workout_id: str) -> Span | None:
    """Read what names a detected workout; None for the id of a told one."""
    first, _, last = workout_id.removeprefix(DETECTED).partition("/")
    if not workout_id.startswith(DETECTED):
        return None
    try:
        found = float(first), float(last)
    except ValueError:
        return None
    return found if all(map(math.isfinite, found)) else None


def _worded(one: Mapping[str, Any], told: ToldWorkout | None, zone: tzinfo) -> Answer:
    """Describe a workout of a derived day; what it is called is no part of that."""
    start_ts, end_ts = one["start_ts"], one["end_ts"]
    name = one["id"] or _name(start_ts, end_ts)
    rest = {key: value for key, value in one.items() if key != "id"}
    rest["title"] = one.get("title") if told is None else told.title
    return {"workout_id": name, **rest, **span(start_ts, end_ts, zone), "pending": False}


def _name(start_ts: float, end_ts: float) -> str:
    return f"{DETECTED}{start_ts:.0f}/{end_ts:.0f}"


def _order(one: Answer) -> tuple[float, float]:
    return one["start_ts"], one["end_ts"]


def _unchanged(told: ToldWorkout | None, one: Mapping[str, Any]) -> bool:
    """Whether a told workout is still as it was when its day was derived, or was forgotten then."""
    if told is None or told.start_ts != one["start_ts"]:
        return False
    return told.end_ts in (None, one["end_ts"]) and told.kind in (None, one["kind"])


def _named(told: Iterable[ToldWorkout], one: Mapping[str, Any]) -> ToldWorkout | None:
    """Give the word that left the times of a found workout as they are, so its numbers hold.

    Those of another kind are measured anew, but for an imported one nobody will ever do that.
    """
    its = (one["start_ts"], one["end_ts"])
    for own in told:
        if own.replaces == its == (own.start_ts, own.end_ts) and (
            own.kind in (None, one["kind"]) or one["source"] == IMPORTED
        ):
            return own
    return None


def _of_told(one: Mapping[str, Any], own: ToldWorkout) -> Answer:
    """Describe a found workout as its day will once it is derived anew."""
    row = {**one, "id": own.id, "kind": own.kind or one["kind"]}
    if own.kind is not None:
        row["kind_confidence"] = TOLD_CONFIDENCE
    # What another system told of it stays marked as such.
    if one["source"] != IMPORTED:
        row |= {"source": "edited", "confidence": TOLD_CONFIDENCE}
    return row


def _summary(found: Iterable[Answer]) -> Answer:
    """Add up what is known of workouts; pending ones count with their time."""
    every = list(found)
    minutes: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for one in every:
        kind = one["kind"] or "other"
        count[kind] += 1
        minutes[kind] += one["duration_min"]
    kcal = [one["kcal"] for one in every if one.get("kcal") is not None]
    zones = [one["zone_s"] for one in every if one.get("zone_s") is not None]
    hardest = max(
        (one for one in every if one.get("strain") is not None),
        key=lambda one: one["strain"],
        default=None,
    )
    return {
        "count": len(every),
        "duration_min": round(sum(minutes.values()), 1),
        "kcal": sum(kcal) if kcal else None,
        "zone_s": [sum(spent) for spent in zip(*zones, strict=True)] if zones else None,
        "by_kind": {
            kind: {"count": count[kind], "duration_min": round(minutes[kind], 1)}
            for kind in sorted(count)
        },
        "hardest": None if hardest is None else hardest["workout_id"],
    }


def _day(ts: float, zone: tzinfo) -> date:
    return datetime.fromtimestamp(ts, zone).date()
