"""Actions that begin, end, correct and delete workouts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.ulid import ulid_now
import voluptuous as vol

from .. import answers
from ..coordinator import OpenStrapCoordinator
from ..engine.told import WORKOUT_KINDS, Span, ToldWorkout
from ..engine.training.workout_rules import WorkoutError, are_times
from ..store import WearerStore
from .action import Answer, Fields, action_error, write_action
from .fields import ANY, ATTR_END, ATTR_START, moment_of, now_ts, zone

ATTR_WORKOUT_ID: Final = "workout_id"
ATTR_KIND: Final = "kind"
ATTR_TITLE: Final = "title"

KIND: Final = {vol.Optional(ATTR_KIND): vol.In(WORKOUT_KINDS)}
TITLE: Final = {vol.Optional(ATTR_TITLE): cv.string}
WORKOUT_ID: Final = {vol.Required(ATTR_WORKOUT_ID): cv.string}
START: Final = {vol.Optional(ATTR_START): ANY}
END: Final = {vol.Optional(ATTR_END): ANY}


@contextmanager
def _telling() -> Iterator[None]:
    """Translate why a workout is refused."""
    try:
        yield
    except WorkoutError as err:
        raise action_error(f"workout_{err.code}") from err


async def _async_start(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    now, start_ts = now_ts(), moment_of(fields, ATTR_START)
    with _telling():
        told = await wearer.worker.async_run(
            WearerStore.start_workout,
            ulid_now(),
            now if start_ts is None else start_ts,
            fields.get(ATTR_KIND),
            title=fields.get(ATTR_TITLE),
            now=now,
            tz=zone(),
        )
    return _changed(wearer, told)


async def _async_end(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    now, end_ts = now_ts(), moment_of(fields, ATTR_END)
    with _telling():
        told = await wearer.worker.async_run(
            _end, fields.get(ATTR_WORKOUT_ID), now if end_ts is None else end_ts, now
        )
    return _changed(wearer, told)


def _end(store: WearerStore, workout_id: str | None, end_ts: float, now: float) -> ToldWorkout:
    """End a workout, that which goes on for None."""
    if workout_id is None:
        if (on := answers.going(store, now)) is None:
            raise WorkoutError("unknown_workout")
        workout_id = on.id
    return store.end_workout(workout_id, end_ts, now=now, tz=zone())


async def _async_edit(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    span = moment_of(fields, ATTR_START), moment_of(fields, ATTR_END)
    with _telling():
        told = await wearer.worker.async_run(
            _edit,
            fields[ATTR_WORKOUT_ID],
            span,
            kind=fields.get(ATTR_KIND),
            title=fields.get(ATTR_TITLE),
            now=now_ts(),
        )
    return _changed(wearer, told)


def _edit(
    store: WearerStore,
    workout_id: str,
    span: tuple[float | None, float | None],
    *,
    kind: str | None,
    title: str | None,
    now: float,
) -> ToldWorkout:
    """Correct a workout; what is not told of it (None) stays as it was.

    One that goes on may be named: when it was is told at its end.
    """
    start_ts, end_ts = span
    detected = answers.detected_span(workout_id)
    replaces: Span | None = None
    held: tuple[float, float | None]
    if detected is None:
        if (told := store.told_workout(workout_id)) is None:
            raise WorkoutError("unknown_workout")
        if told.end_ts is None and span == (None, None):
            return store.describe_workout(workout_id, kind=kind, title=title, now=now, tz=zone())
        held, kind = (told.start_ts, told.end_ts), kind or told.kind
    else:
        found = _known(store, workout_id, detected)
        held = replaces = found["start_ts"], found["end_ts"]
        title = found["title"] if title is None else title
        workout_id = ulid_now()
    first = held[0] if start_ts is None else start_ts
    last = held[1] if end_ts is None else end_ts
    if last is None:
        raise action_error("field_missing", field=ATTR_END)
    return store.save_workout(
        workout_id, (first, last), kind, replaces=replaces, title=title, now=now, tz=zone()
    )


async def _async_delete(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    workout_id = fields[ATTR_WORKOUT_ID]
    with _telling():
        await wearer.worker.async_run(_delete, workout_id)
    wearer.async_workout_told()
    return {ATTR_WORKOUT_ID: workout_id}


def _delete(store: WearerStore, workout_id: str) -> None:
    detected = answers.detected_span(workout_id)
    if detected is not None:
        found = _known(store, workout_id, detected)
        store.delete_detected((found["start_ts"], found["end_ts"]), zone())
    elif not store.delete_workout(workout_id, zone()):
        raise WorkoutError("unknown_workout")


def _known(store: WearerStore, workout_id: str, detected: Span) -> Answer:
    """Give a detected workout that is still there. Raises WorkoutError."""
    if not are_times(detected):
        raise WorkoutError("not_a_time")
    found = answers.find_workout(store, workout_id, zone())
    # One that was corrected since goes by another name.
    if found is not None and found[ATTR_WORKOUT_ID] == workout_id:
        return found
    raise WorkoutError("unknown_workout")


def _changed(wearer: OpenStrapCoordinator, told: ToldWorkout) -> Answer:
    """Have the days looked at anew soon, and say what is told now."""
    wearer.async_workout_told()
    return answers.workout_of(told, zone())


ACTIONS: Final = (
    write_action("start_workout", KIND | TITLE | START, _async_start),
    write_action("end_workout", {vol.Optional(ATTR_WORKOUT_ID): cv.string} | END, _async_end),
    write_action("edit_workout", WORKOUT_ID | START | END | KIND | TITLE, _async_edit),
    write_action("delete_workout", WORKOUT_ID, _async_delete),
)
