"""What all routes share: every spelling, who calls, for whom, and what becomes of mistakes."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
import logging
from typing import Any, Concatenate, Final

from aiohttp import hdrs, web
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from ..const import DOMAIN
from ..coordinator import RETRY_READ_ONLY, OpenStrapCoordinator
from ..store import StoreError, WearerStore
from ..worker import WorkerClosed
from .body import async_json
from .caller import Caller, async_caller
from .refusal import UNEXPECTED, Refusal
from .wearers import NOT_READY_RETRY, async_wearer_of

_LOGGER = logging.getLogger(__name__)

BASE: Final = f"/api/{DOMAIN}/v1"
STORE_RETRY: Final = 60  # s


def urls(path: str) -> list[str]:
    """Every spelling of a path that phones use.

    The app joins a typed base and a path, so a base that ends in a slash doubles it.
    """
    return [f"{BASE}/{path}", f"{BASE}//{path}", f"{BASE}/{path}/", f"{BASE}//{path}/"]


class PhoneView(HomeAssistantView):
    """A route of the phone's; what it refuses it refuses as JSON, and never by raising."""

    requires_auth = False


@dataclass(frozen=True, slots=True)
class Call:
    """A request of somebody known, for one wearer they may see."""

    request: web.Request
    caller: Caller
    wearer: OpenStrapCoordinator

    @property
    def hass(self) -> HomeAssistant:
        """Home Assistant."""
        return self.request.app[KEY_HASS]

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark."""
        return self.request.query

    async def async_body(self) -> Mapping[str, Any]:
        """Read the JSON object that was sent; raises Refusal for anything else."""
        return await async_json(self.hass, self.request)

    async def async_run[**P, T](
        self, job: Callable[Concatenate[WearerStore, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a job on the wearer's store in its thread; raises Refusal when that fails."""
        try:
            return await self.wearer.worker.async_run(job, *args, **kwargs)
        except WorkerClosed as err:
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE, "Wearer not ready", retry_after=NOT_READY_RETRY
            ) from err
        except StoreError as err:
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE, "Data cannot be read", retry_after=STORE_RETRY
            ) from err


type Handler[V: PhoneView] = Callable[..., Coroutine[Any, Any, web.StreamResponse]]


def open_route[V: PhoneView](
    work: Callable[Concatenate[V, web.Request, ...], Awaitable[Any]],
) -> Handler[V]:
    """Serve a route that needs no token; what the work returns is sent as JSON with status 200."""

    @wraps(work)
    async def handler(self: V, request: web.Request, **matched: str) -> web.StreamResponse:
        try:
            return self.json(await work(self, request, **matched))
        except Refusal as refusal:
            return refuse(self, request, refusal)
        except Exception:
            # Whatever it is, the phone must keep its data, and not by luck.
            _LOGGER.exception("A phone's request could not be served")
            return refuse(self, request, UNEXPECTED)

    return handler


def read_route[V: PhoneView](
    work: Callable[Concatenate[V, Call, ...], Awaitable[Any]],
) -> Handler[V]:
    """Serve a route that tells of one wearer to whoever may know."""
    return _wearer_route(work, writes=False)


def write_route[V: PhoneView](
    work: Callable[Concatenate[V, Call, ...], Awaitable[Any]],
) -> Handler[V]:
    """Serve a route that changes something of one wearer."""
    return _wearer_route(work, writes=True)


def _wearer_route[V: PhoneView](
    work: Callable[Concatenate[V, Call, ...], Awaitable[Any]], *, writes: bool
) -> Handler[V]:
    @wraps(work)
    async def serve(self: V, request: web.Request, **matched: str) -> Any:
        caller = async_caller(request)
        wearer = async_wearer_of(request.app[KEY_HASS], caller, request.query.get("wearer"))
        if writes:
            check_writes(caller, wearer)
        return await work(self, Call(request, caller, wearer), **matched)

    return open_route(serve)


def check_writes(caller: Caller, wearer: OpenStrapCoordinator) -> None:
    """Raise Refusal for who may only read, and where nothing can be written."""
    if not caller.may_write:
        raise Refusal(HTTPStatus.FORBIDDEN, "Reading only")
    if wearer.worker.read_only:
        raise Refusal(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Data cannot be changed",
            reason="the wearer's file is of a newer version of OpenStrap",
            retry_after=RETRY_READ_ONLY,
        )


def refuse(view: HomeAssistantView, request: web.Request, refusal: Refusal) -> web.Response:
    """Answer with a refusal."""
    body: dict[str, Any] = {"error": refusal.error, **refusal.beside}
    if refusal.reason is not None:
        body["reason"] = refusal.reason
    headers = {}
    if refusal.retry_after is not None:
        headers[hdrs.RETRY_AFTER] = str(refusal.retry_after)
    answer = view.json(body, refusal.status, headers=headers)
    if not request.content.is_eof() or request.content.exception() is not None:
        # The rest of the body is not wanted, so the next request cannot follow it.
        answer.force_close()
    return answer
