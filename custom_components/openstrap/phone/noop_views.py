"""The route to which NOOP pushes, by its protocol 1.0 and 1.1."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial, wraps
import hashlib
from http import HTTPStatus
import logging
from typing import Any, Final
import uuid
from zoneinfo import ZoneInfo

from aiohttp import hdrs, web
from homeassistant.helpers.http import KEY_HASS
from homeassistant.util import dt as dt_util

from ..engine.imported import Fields
from ..imports.noop_push import (
    MAX_DECODED,
    MAX_WIRE,
    STREAMS,
    VERSIONS,
    Batch,
    PushRefused,
    chosen_version,
    parse,
    samples_of,
)
from ..imports.noop_push_days import Row, fields_of, rows_of_batch
from ..store import PushConflict, PushPart, PushRow, PushScope, WearerStore
from .body import async_read
from .caller import async_caller
from .refusal import UNEXPECTED, Refusal
from .view import Call, PhoneView, check_writes, urls
from .wearers import async_wearer_of

_LOGGER = logging.getLogger(__name__)
MEDIA_TYPE: Final = "application/x-ndjson"
CODINGS: Final = frozenset({"", "identity", "gzip"})
ACCEPT_VERSION: Final = "NOOP-Push-Accept-Version"
_CODES: Final = {
    HTTPStatus.UNAUTHORIZED: "unauthorized",
    HTTPStatus.FORBIDDEN: "read_only",
    HTTPStatus.NOT_FOUND: "no_wearer",
    HTTPStatus.BAD_REQUEST: "malformed_batch",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.SERVICE_UNAVAILABLE: "not_ready",
}

type Handler = Callable[..., Awaitable[web.StreamResponse]]


def views() -> tuple[PhoneView, ...]:
    """Make the route."""
    return (NoopPushView(),)


def _push_route(work: Callable[..., Awaitable[dict[str, Any]]]) -> Handler:
    """Answer in the words of the protocol, also where something is refused."""

    @wraps(work)
    async def handler(self: PhoneView, request: web.Request) -> web.StreamResponse:
        try:
            return self.json(await work(self, request))
        except PushRefused as err:
            return _error(self, request, err.status, err.code)
        except PushConflict as err:
            code = HTTPStatus.UNPROCESSABLE_ENTITY if err.code == "duplicate_key" else None
            return _error(self, request, code or HTTPStatus.CONFLICT, err.code)
        except Refusal as err:
            return _error(self, request, err.status, _CODES.get(err.status, "refused"), err)
        except Exception:
            _LOGGER.exception("A push could not be taken")
            return _error(self, request, UNEXPECTED.status, "unexpected", UNEXPECTED)

    return handler


class NoopPushView(PhoneView):
    """Tells NOOP what is taken, and takes its batches; an answer means that they are on disk."""

    url, *extra_urls = urls("noop/push")
    name = "api:openstrap:v1:noop:push"

    @_push_route
    async def get(self, request: web.Request) -> dict[str, Any]:
        """Answer with the version that is chosen and the streams that are taken."""
        call = _call(request)
        version = chosen_version(request.headers.get(ACCEPT_VERSION, ""))
        if version is None:
            raise PushRefused(HTTPStatus.NOT_ACCEPTABLE, "no_common_version")
        state = await call.async_run(WearerStore.push_state_id, str(uuid.uuid4()))
        return {
            "type": "capabilities",
            "protocolVersion": version,
            "receiverStateId": state,
            "streams": list(STREAMS),
        }

    @_push_route
    async def post(self, request: web.Request) -> dict[str, Any]:
        """Take a batch; the same one again gets the same answer and changes nothing."""
        call = _call(request)
        check_writes(call.caller, call.wearer)
        coding = request.headers.get(hdrs.CONTENT_ENCODING, "").strip().lower()
        if request.content_type != MEDIA_TYPE or coding not in CODINGS:
            raise PushRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
        if (request.content_length or 0) > MAX_WIRE:
            raise PushRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
        body = await async_read(request, MAX_WIRE)
        if len(body) > MAX_DECODED:
            raise PushRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
        batch, digest = await call.hass.async_add_executor_job(_parsed, body)
        zone = ZoneInfo(call.hass.config.time_zone)
        if await call.async_run(
            receive, batch, digest, zone=zone, now=dt_util.utcnow().timestamp()
        ):
            call.wearer.async_follow_import()
        return batch.ack()


def receive(store: WearerStore, batch: Batch, digest: bytes, *, zone: ZoneInfo, now: float) -> bool:
    """Take a batch; True when something is there that was not before. Raises PushConflict."""
    scope = PushScope(batch.source, batch.device, batch.stream)
    if store.push_is_known(scope, batch.batch, digest):
        return False
    window = batch.window
    if window is None:
        # Readings may come twice without harm, so a stop in between loses and doubles nothing.
        taken = store.take_outside(samples_of(batch), now=now, tz=zone)
        store.push_note(scope, batch.batch, digest, now)
        return bool(taken.new or taken.better)
    part = PushPart(
        window.replacement,
        window.span,
        window.start,
        window.end,
        window.part,
        window.parts,
        batch.batch,
        tuple(PushRow(*row) for row in rows_of_batch(batch, zone)),
    )
    follow = partial(_follow, zone=zone, now=now)
    return bool(store.push_part(scope, part, digest, now, follow))


def _follow(
    days: Iterable[str], rows: Sequence[Row], *, zone: ZoneInfo, now: float
) -> Mapping[date, Fields | None]:
    return fields_of(days, rows, zone, now)


def _parsed(body: bytes) -> tuple[Batch, bytes]:
    return parse(body), hashlib.sha256(body).digest()


def _call(request: web.Request) -> Call:
    caller = async_caller(request)
    wearer = async_wearer_of(request.app[KEY_HASS], caller, request.query.get("wearer"))
    return Call(request, caller, wearer)


def _error(
    view: PhoneView, request: web.Request, status: int, code: str, refusal: Refusal | None = None
) -> web.Response:
    headers = {}
    if refusal is not None and refusal.retry_after is not None:
        headers[hdrs.RETRY_AFTER] = str(refusal.retry_after)
    told = {"type": "error", "protocolVersion": VERSIONS[0], "code": code}
    answer = view.json(told, status, headers=headers)
    if not request.content.is_eof() or request.content.exception() is not None:
        # The rest of the body is not wanted, so the next request cannot follow it.
        answer.force_close()
    return answer
