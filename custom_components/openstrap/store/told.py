"""What the wearer told of workouts and cycles, on disk: rows that no sweep ever works out again.

Everything here runs within the caller's transaction; see ``told_rows`` for the rows. A title of
None leaves that which is there, an empty one removes it.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date, tzinfo
import json
import sqlite3
from typing import Final

from ..engine.told import Span, Told, ToldWorkout
from ..engine.training.workout_rules import (
    FORGOTTEN_S,
    MAX_S,
    MOVED_MAX_S,
    WorkoutError,
    are_times,
    checked_workout,
)
from . import told_rest
from .told_rows import Row, day_of, delete as delete_row, get, note, note_spans, rows, write

WORKOUT: Final = "workout"
TOMBSTONE: Final = "tombstone"
PERIOD: Final = "period"
CYCLE_TRACKING: Final = "cycle_tracking"
_REACH_S: Final = MAX_S + MOVED_MAX_S
"""A row that begins so long before or after a stretch has nothing to do with it, s."""


def read(conn: sqlite3.Connection, start_ts: float, end_ts: float) -> Told:
    """Give what was told of a stretch (end excluded), in the order of time.

    Workouts and tombstones that touch it, by their own times or by those they replace, and the
    nights and naps that do; the starts of periods are all there, for a cycle is longer than any
    stretch.
    """
    starts = conn.execute("SELECT id FROM told WHERE what = ? ORDER BY id", (PERIOD,))
    return Told(
        workouts=tuple(
            workout
            for workout in _workouts(conn, start_ts - _REACH_S, end_ts + _REACH_S)
            if any(first < end_ts and last > start_ts for first, last in _spans(workout))
        ),
        tombstones=tuple(
            (first, last)
            for _, first, last, _ in rows(conn, TOMBSTONE, start_ts - _REACH_S, end_ts)
            if first is not None and last is not None and last > start_ts
        ),
        period_starts=tuple(day for (text,) in starts if (day := day_of(text)) is not None),
        cycle_tracking=get(conn, CYCLE_TRACKING, "") is not None,
        sleep_edits=told_rest.edits(conn, start_ts, end_ts),
        rejected_naps=told_rest.rejected(conn, start_ts, end_ts),
    )


def workout(conn: sqlite3.Connection, workout_id: str) -> ToldWorkout | None:
    """Give the workout of an id; None without one that this version understands."""
    row = get(conn, WORKOUT, workout_id)
    return None if row is None else _workout(row)


def start(
    conn: sqlite3.Connection,
    workout_id: str,
    start_ts: float,
    kind: str | None,
    *,
    title: str | None = None,
    now: float,
    tz: tzinfo,
) -> ToldWorkout:
    """Begin a workout. Its id again is the same workout. Raises WorkoutError."""
    if (held := workout(conn, workout_id)) is not None:
        return held
    return _put(conn, workout_id, (start_ts, None), kind, None, title=title, now=now, tz=tz)


def end(
    conn: sqlite3.Connection, workout_id: str, end_ts: float, *, now: float, tz: tzinfo
) -> ToldWorkout:
    """End a workout; one that ended stays as it is. Raises WorkoutError."""
    held = workout(conn, workout_id)
    if held is None:
        raise WorkoutError("unknown_workout")
    if held.end_ts is not None:
        return held
    span = (held.start_ts, end_ts)
    return _put(conn, workout_id, span, held.kind, held.replaces, now=now, tz=tz)


def save(
    conn: sqlite3.Connection,
    workout_id: str,
    span: Span,
    kind: str | None,
    *,
    replaces: Span | None,
    title: str | None = None,
    now: float,
    tz: tzinfo,
) -> ToldWorkout:
    """Keep a workout that is over, new or in place of the one of its id. Raises WorkoutError.

    What a corrected one replaces it keeps replacing, unless told otherwise.
    """
    held = workout(conn, workout_id)
    if replaces is None and held is not None:
        replaces = held.replaces
    return _put(conn, workout_id, span, kind, replaces, title=title, now=now, tz=tz)


def describe(
    conn: sqlite3.Connection,
    workout_id: str,
    *,
    kind: str | None,
    title: str | None,
    now: float,
    tz: tzinfo,
) -> ToldWorkout:
    """Say of what kind a told workout is (None: as before) and what it is called.

    Whether it is over or not. Raises WorkoutError.
    """
    held = workout(conn, workout_id)
    if held is None:
        raise WorkoutError("unknown_workout")
    kind, span = kind or held.kind, (held.start_ts, held.end_ts)
    return _put(conn, workout_id, span, kind, held.replaces, title=title, now=now, tz=tz)


def delete(conn: sqlite3.Connection, workout_id: str, tz: tzinfo) -> bool:
    """Delete a told workout; what it replaced does not come back. False when there is none."""
    held = workout(conn, workout_id)
    if held is None:
        return False
    delete_row(conn, WORKOUT, workout_id)
    if held.replaces is not None:
        _bury(conn, held.replaces)
    note_spans(conn, _spans(held), tz)
    return True


def delete_detected(conn: sqlite3.Connection, span: Span, tz: tzinfo) -> None:
    """Delete a detected workout: none is found again where it was. Raises WorkoutError."""
    if not are_times(span):
        raise WorkoutError("not_a_time")
    if span[1] <= span[0]:
        raise WorkoutError("end_before_start")
    if span[1] - span[0] > MAX_S:
        raise WorkoutError("too_long")
    _bury(conn, span)
    note_spans(conn, [span], tz)


def set_period(conn: sqlite3.Connection, day: date, *, began: bool) -> None:
    """Note that a period began on a day, or that it did not."""
    if began:
        write(conn, (PERIOD, day.isoformat(), None, None, "{}"))
    else:
        delete_row(conn, PERIOD, day.isoformat())
    note(conn, [day])


def set_cycle_tracking(conn: sqlite3.Connection, day: date, *, on: bool) -> None:
    """Begin or end the tracking of cycles; ``day`` is the first to look at anew."""
    if on:
        write(conn, (CYCLE_TRACKING, "", None, None, "{}"))
    else:
        delete_row(conn, CYCLE_TRACKING, "")
    note(conn, [day])


def _put(
    conn: sqlite3.Connection,
    workout_id: str,
    span: tuple[float, float | None],
    kind: str | None,
    replaces: Span | None,
    *,
    title: str | None = None,
    now: float,
    tz: tzinfo,
) -> ToldWorkout:
    """Check a workout and keep it in place of an earlier one of its id."""
    held = workout(conn, workout_id)
    if title is None and held is not None:
        title = held.title
    last = now if span[1] is None else span[1]
    # A time that is none finds no row, and is then refused.
    others = _workouts(conn, span[0] - _REACH_S, last + _REACH_S)
    told = checked_workout(workout_id, span, kind, others, now, replaces=replaces, title=title)
    row = told.to_dict()
    rest = {name: row[name] for name in ("kind", "replaces", "title")}
    write(conn, (WORKOUT, told.id, told.start_ts, told.end_ts, json.dumps(rest)))
    # No result of a day follows from a title, so none is looked at anew.
    if held is not None and replace(told, title=held.title) == held:
        return told
    note_spans(conn, [*_spans(told), *(() if held is None else _spans(held))], tz)
    return told


def _bury(conn: sqlite3.Connection, span: Span) -> None:
    write(conn, (TOMBSTONE, f"{span[0]:.3f}/{span[1]:.3f}", *span, "{}"))


def _workouts(conn: sqlite3.Connection, first: float, last: float) -> list[ToldWorkout]:
    found = (_workout(row) for row in rows(conn, WORKOUT, first, last))
    return [one for one in found if one is not None]


def _workout(row: Row) -> ToldWorkout | None:
    """Read a workout; None for one that makes no sense, or only to a later version."""
    row_id, start_ts, end_ts, text = row
    with suppress(KeyError, TypeError, ValueError):
        rest = json.loads(text)
        return ToldWorkout.from_dict(
            {
                "id": row_id,
                "start_ts": start_ts,
                "end_ts": end_ts,
                "kind": rest["kind"],
                "replaces": rest["replaces"],
                "title": rest.get("title"),
            }
        )
    return None


def _spans(told: ToldWorkout) -> list[Span]:
    """Stretches that a workout says something of; one that goes on may do so for hours."""
    end_ts = told.start_ts + FORGOTTEN_S if told.end_ts is None else told.end_ts
    return [(told.start_ts, end_ts), *(() if told.replaces is None else (told.replaces,))]
