"""Workouts as the phone lists, begins, ends, names and deletes them.

Jobs of the worker over the same words that Home Assistant's actions write, so that what one side
tells the other side shows. Times are epoch s.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Final

from homeassistant.util.ulid import ulid_now

from .. import answers
from ..engine.profile import Profile
from ..engine.told import WORKOUT_KINDS
from ..engine.training.workout_rules import MIN_S
from ..store import WearerStore
from .envelope import Json
from .refusal import not_found
from .session_rows import (
    TOLD_CONFIDENCE,
    phone_id,
    session_row,
    whole,
    workout_id as answers_id,
    zones_of,
)
from .workout_now import measured_now

RANGE_DAYS: Final = {"week": 7, "month": 35, "quarter": 91, "7d": 7, "30d": 30, "90d": 90}
DEFAULT_DAYS: Final = 35
DAY_S: Final = 86400.0
MINUTE_S: Final = 60.0
OTHER: Final = "other"
LIVE: Final = "live"


def kind_of(text: object) -> str | None:
    """Give the kind that a phone named: "other" for one that is not known, None for none named."""
    if text is None:
        return None
    return text if isinstance(text, str) and text in WORKOUT_KINDS else OTHER


def begin(
    store: WearerStore, kind: str | None, title: str | None, now: float, zone: tzinfo
) -> Json:
    """Begin a workout; only one can go on.

    Asked again while one of the same kind goes on, or of a kind that was not told, that is the one
    (an answer may have been lost, or Home Assistant began it). Another kind ends the one that goes
    on, which is kept; one of less than a minute becomes the new one. A title is that of the one
    which goes on then; None leaves that which it has.
    """
    told = answers.going(store, now)
    if told is not None and (
        kind is None or told.kind in (kind, None) or now - told.start_ts < MIN_S
    ):
        if kind not in (None, told.kind) or title is not None:
            told = store.describe_workout(told.id, kind=kind, title=title, now=now, tz=zone)
    else:
        if told is not None:
            store.end_workout(told.id, now, now=now, tz=zone)
        # One that was ended within its first minute ends with that.
        told_until = [one.end_ts for one in store.told(now, now + MIN_S).workouts if one.end_ts]
        start_ts = max([now, *told_until])
        told = store.start_workout(ulid_now(), start_ts, kind, title=title, now=start_ts, tz=zone)
    return {
        "workout_id": told.id,
        "start_ts": int(told.start_ts),
        "type": told.kind or OTHER,
        "status": LIVE,
        "title": told.title,
    }


def finish(store: WearerStore, workout_id: str, now: float, zone: tzinfo, profile: Profile) -> Json:
    """End a workout, and tell what is known of it; one that is over stays as it is.

    One of less than a minute ends with its first minute, the least that a workout lasts: nobody
    should have to wait to be rid of it. Raises Refusal for one that is not there.
    """
    found = _found(store, workout_id, zone)
    if found["end_ts"] is None:
        end_ts = max(now, found["start_ts"] + MIN_S)
        store.end_workout(found["workout_id"], end_ts, now=end_ts, tz=zone)
        found = _found(store, workout_id, zone)
    found = measured_now(store, found, now, zone, profile)
    return {
        "workout_id": phone_id(found["workout_id"]),
        "end_ts": int(found["end_ts"]),
        "durationMin": whole(found["duration_min"]),
        "avgHr": whole(found.get("avg_bpm")),
        "maxHr": whole(found.get("max_bpm")),
        "strain": found.get("strain"),
        "calories": whole(found.get("kcal")),
        "hrr60": whole(found.get("hrr60_bpm")),
        "zones": zones_of(found),
        "confidence": found.get("confidence", TOLD_CONFIDENCE),
        "type": found["kind"] or OTHER,
        "title": found["title"],
        "pending": found["pending"],
    }


def rename(
    store: WearerStore,
    workout_id: str,
    now: float,
    zone: tzinfo,
    *,
    kind: str | None,
    title: str | None,
) -> Json:
    """Say of what kind a workout is and what it is called; None leaves the one or the other.

    A detected one goes by another id from then on. Raises Refusal for one that is not there.
    """
    found = _found(store, workout_id, zone)
    name, span = found["workout_id"], (found["start_ts"], found["end_ts"])
    title = found["title"] if title is None else title
    if answers.detected_span(name) is not None:
        told = store.save_workout(
            ulid_now(), span, kind, replaces=span, title=title, now=now, tz=zone
        )
    elif span[1] is None:
        told = store.describe_workout(name, kind=kind, title=title, now=now, tz=zone)
    else:
        if kind is None and (held := store.told_workout(name)) is not None:
            kind = held.kind
        # Also one that nobody ended, and that the day ended by itself: then it ends there for good.
        told = store.save_workout(name, span, kind, title=title, now=now, tz=zone)
    return {
        "ok": True,
        "workout_id": told.id,
        "id": told.id,
        "type": told.kind or found["kind"] or OTHER,
        "title": told.title,
    }


def delete(store: WearerStore, workout_id: str, zone: tzinfo) -> bool:
    """Delete a workout, which is not found again; False for one that is not there."""
    found = answers.find_workout(store, answers_id(workout_id), zone)
    if found is None:
        return False
    name = found["workout_id"]
    if answers.detected_span(name) is None:
        return store.delete_workout(name, zone)
    store.delete_detected((found["start_ts"], found["end_ts"]), zone)
    return True


def _found(store: WearerStore, workout_id: str, zone: tzinfo) -> Json:
    found = answers.find_workout(store, answers_id(workout_id), zone)
    if found is None:
        raise not_found("No such workout")
    return found


async def async_listed(run: answers.Run, days: int, now: float, zone: tzinfo) -> list[Json]:
    """Give the workouts that began in the last days and the one that goes on, newest first."""
    today = datetime.fromtimestamp(now, zone).date()
    found = await answers.async_workouts(run, today - timedelta(days=days), today, zone, now_ts=now)
    rows = [one for one in found["workouts"] if one["start_ts"] >= now - days * DAY_S]
    if (on := found["going"]) is not None:
        rows.append(on | {"duration_min": (now - on["start_ts"]) / MINUTE_S})
    return [session_row(one) for one in sorted(rows, key=lambda one: -one["start_ts"])]


def summary(rows: Iterable[Json]) -> Json:
    """Add up the workouts that are over."""
    done = [row for row in rows if row["status"] != LIVE]
    by_type: dict[str, dict[str, int]] = {}
    zone_min = [0.0] * 5
    for row in done:
        of_type = by_type.setdefault(row["type"], {"count": 0, "min": 0})
        of_type["count"] += 1
        of_type["min"] += row["duration_min"]
        for zone in range(5) if row["zones"] else ():
            zone_min[zone] += row["zones"][f"zone{zone + 1}_min"]
    known = [row for row in done if row["strain"] is not None]
    hardest = max(known, key=lambda row: row["strain"], default=None)
    return {
        "count": len(done),
        "total_min": sum(row["duration_min"] for row in done),
        "total_calories": sum(row["calories"] or 0 for row in done),
        "by_type": by_type,
        "zone_min": [round(spent, 1) for spent in zone_min],
        "hardest": None
        if hardest is None
        else {name: hardest[name] for name in ("id", "type", "strain")},
    }
