"""Workouts as rows of the phone's table of sessions."""

from collections.abc import Mapping
from typing import Any, Final

from ..answers.workouts import DETECTED
from .envelope import Json

ZONES: Final = 5
TOLD_CONFIDENCE: Final = 1.0
"""Of a workout that the wearer told and nothing is measured of yet: there was one."""


def session_row(workout: Mapping[str, Any]) -> Json:
    """Make a row of a workout as ``answers`` gives it: measured, told a moment ago, or going on.

    Times are whole epoch s; while it goes on ``end_ts`` is the start, as the app expects a number,
    and ``duration_min`` (whole minutes) is 0 unless ``workout`` says how long it has been;
    ``zones`` minutes in zones 1 to 5 or null; everything that no heart rate tells is null.
    """
    start_ts, end_ts = workout["start_ts"], workout["end_ts"]
    row = {
        "id": phone_id(workout["workout_id"]),
        "start_ts": int(start_ts),
        "end_ts": int(start_ts if end_ts is None else end_ts),
        "type": workout.get("kind") or "other",
        "avg_hr": whole(workout.get("avg_bpm")),
        "max_hr": whole(workout.get("max_bpm")),
        "strain": workout.get("strain"),
        "calories": whole(workout.get("kcal")),
        "hrr60": whole(workout.get("hrr60_bpm")),
        "zones": zones_of(workout),
        "confidence": workout.get("confidence", TOLD_CONFIDENCE),
        "status": "live" if end_ts is None else "done",
        "source": "manual" if workout["source"] in ("told", "edited") else "auto",
        "title": workout.get("title"),
        "duration_min": whole(workout.get("duration_min")) or 0,
        "pending": bool(workout.get("pending")),
    }
    if workout["source"] == "imported":
        row |= {"imported": True, "imported_from": workout.get("imported_from")}
    return row


def zones_of(workout: Mapping[str, Any]) -> Json | None:
    """Give the minutes in zones 1 to 5 of a workout; None where they are not known."""
    spent = workout.get("zone_s")
    if spent is None:
        return None
    # The first are seconds below zone 1.
    return {f"zone{zone}_min": round(spent[zone] / 60.0, 1) for zone in range(1, ZONES + 1)}


def phone_id(workout_id: str) -> str:
    """Name a workout so that its id fits between two slashes of a path."""
    return workout_id.replace("/", ":") if workout_id.startswith(DETECTED) else workout_id


def workout_id(phone_id: str) -> str:
    """Undo ``phone_id``: what ``answers`` and the actions call the workout."""
    return (
        phone_id.replace(":", "/") if phone_id.startswith(DETECTED.replace("/", ":")) else phone_id
    )


def whole(value: float | None) -> int | None:
    """Round a number that may be unknown."""
    return None if value is None else round(value)
