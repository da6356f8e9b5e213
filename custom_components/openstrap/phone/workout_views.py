"""The routes of workouts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

from homeassistant.util import dt as dt_util

from ..engine.training.workout_rules import MAX_TITLE, WorkoutError
from .refusal import Refusal, invalid, not_found
from .view import Call, PhoneView, read_route, urls, write_route
from .workout_page import page
from .workouts import (
    DEFAULT_DAYS,
    RANGE_DAYS,
    async_listed,
    begin,
    delete,
    finish,
    kind_of,
    rename,
    summary,
)

DEFAULT_RANGE: Final = "month"
ID: Final = "{workout_id:detected/[^/]+/[^/]+|[^/]+}"
"""Ids of detected ones, as the actions of Home Assistant have them, hold slashes."""
MAX_ID: Final = 128
"""Letters of an id, far more than any has."""
WHY: Final = {
    "too_long": "a workout that nobody ended is over after some hours: its records tell when",
    "in_future": "the workout begins after now",
    "overlap": "another workout was told of in this time",
    "title_too_long": f"a title has at most {MAX_TITLE} characters",
    "title_not_plain": "a title is one line without control characters",
}


def views() -> tuple[PhoneView, ...]:
    """Make the routes; those with an id come after those without."""
    return StartView(), EndView(), WorkoutsView(), TypeView(), WorkoutView()


@contextmanager
def _telling() -> Iterator[None]:
    """Say why something that was told of a workout is refused."""
    try:
        yield
    except WorkoutError as err:
        if err.code == "unknown_workout":
            raise not_found("No such workout") from err
        raise Refusal(
            HTTPStatus.BAD_REQUEST, "Workout refused", reason=WHY.get(err.code, err.code)
        ) from err


class StartView(PhoneView):
    """Begins a workout."""

    url, *extra_urls = urls("workout/start")
    name = "api:openstrap:v1:workout:start"

    @write_route
    async def post(self, call: Call) -> dict[str, Any]:
        """Begin one of ``type``, called ``title``; the answer has its id."""
        body = await call.async_body() if call.request.can_read_body else {}
        kind, title = kind_of(body.get("type")), _title(body)
        with _telling():
            begun = await call.async_run(begin, kind, title, *_now())
        return _changed(call, begun)


class EndView(PhoneView):
    """Ends a workout and answers what is known of it; one that is over stays as it is."""

    url, *extra_urls = urls("workout/end")
    name = "api:openstrap:v1:workout:end"

    @write_route
    async def post(self, call: Call) -> dict[str, Any]:
        """End the one of ``workout_id``."""
        workout_id = (await call.async_body()).get("workout_id")
        if not isinstance(workout_id, str) or not workout_id:
            raise invalid("workout_id must be the id of a workout", "workout_id required")
        with _telling():
            ended = await call.async_run(
                finish, _checked(workout_id), *_now(), call.wearer.sweeper.profile
            )
        return _changed(call, ended)


class WorkoutsView(PhoneView):
    """Answers the workouts of a range, newest first, and their sum."""

    url, *extra_urls = urls("workouts")
    name = "api:openstrap:v1:workouts"

    @read_route
    async def get(self, call: Call) -> dict[str, Any]:
        """List them; a range that is not known is a month."""
        asked = call.query.get("range", DEFAULT_RANGE)
        rows = await async_listed(call.async_run, RANGE_DAYS.get(asked, DEFAULT_DAYS), *_now())
        return {"range": asked, "workouts": rows, "summary": summary(rows)}


class WorkoutView(PhoneView):
    """Answers one workout in depth, or deletes it."""

    url, *extra_urls = urls(f"workout/{ID}")
    name = "api:openstrap:v1:workout"

    @read_route
    async def get(self, call: Call, workout_id: str) -> dict[str, Any]:
        """Tell all that is known of it."""
        return await call.async_run(
            page, _checked(workout_id), *_now(), call.wearer.sweeper.profile
        )

    @write_route
    async def delete(self, call: Call, workout_id: str) -> dict[str, Any]:
        """Delete it: it is not found again."""
        with _telling():
            gone = await call.async_run(
                delete, _checked(workout_id), dt_util.get_default_time_zone()
            )
        return _changed(call, {"ok": True, "deleted": int(gone)})


class TypeView(PhoneView):
    """Says of what kind a workout is, and what it is called."""

    url, *extra_urls = urls(f"workout/{ID}/type")
    name = "api:openstrap:v1:workout:type"

    @write_route
    async def post(self, call: Call, workout_id: str) -> dict[str, Any]:
        """Take ``type`` for its kind, whatever its records say, and ``title`` for its name."""
        body = await call.async_body()
        kind, title = kind_of(body.get("type")), _title(body)
        if kind is None and title is None:
            raise invalid("type must be given", "type required")
        with _telling():
            renamed = await call.async_run(
                rename, _checked(workout_id), *_now(), kind=kind, title=title
            )
        return _changed(call, renamed)


def _title(body: Mapping[str, Any]) -> str | None:
    title = body.get("title")
    if title is not None and not isinstance(title, str):
        raise invalid("title must be a text when given")
    return title


def _checked(workout_id: str) -> str:
    if len(workout_id) > MAX_ID:
        raise not_found("No such workout")
    return workout_id


def _now() -> tuple[float, Any]:
    return dt_util.utcnow().timestamp(), dt_util.get_default_time_zone()


def _changed(call: Call, answer: dict[str, Any]) -> dict[str, Any]:
    """Have the days looked at anew soon."""
    call.wearer.async_workout_told()
    return answer
