"""The routes a phone pushes to, in the form its app already speaks."""

from abc import ABC, abstractmethod
from http import HTTPStatus
import logging
import time
from typing import Any, Final, override

from aiohttp import hdrs, web
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import KEY_AUTHENTICATED, KEY_HASS, HomeAssistantView

from ..const import DOMAIN
from ..coordinator import IngestRefused
from ..engine.protocol import PacketType
from ..ingest import IngestReport
from .body import Refusal, Upload, async_upload
from .bucket import TokenBuckets
from .wearers import async_claim, async_find_wearer

_LOGGER = logging.getLogger(__name__)

BASE: Final = f"/api/{DOMAIN}/v1"
UNEXPECTED: Final = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Unexpected error",
    reason="see the log of Home Assistant; keep the data and try again",
    retry_after=60,
)


def urls(path: str) -> list[str]:
    """Every spelling of a path that phones use.

    The app joins a typed base and a path, so a base that ends in a slash doubles it.
    """
    return [f"{BASE}/{path}", f"{BASE}//{path}", f"{BASE}/{path}/", f"{BASE}//{path}/"]


@callback
def async_register_views(hass: HomeAssistant) -> None:
    """Register the routes, once for the process: they cannot be removed again."""
    hass.http.register_view(ReachView)
    buckets = TokenBuckets()
    hass.http.register_view(BatchView(buckets))
    hass.http.register_view(EventsView(buckets))


class ReachView(HomeAssistantView):
    """Tells a phone that it found the right place; needs no token."""

    url, *extra_urls = BASE, f"{BASE}/", f"{BASE}//"
    name = "api:openstrap:v1"
    requires_auth = False

    async def get(self, request: web.Request) -> web.Response:
        """Answer with the time, which also shows a phone its clock is wrong."""
        return self.json({"ok": True, "service": DOMAIN, "ts": int(time.time())})


class _IngestView(HomeAssistantView, ABC):
    """What the two ingest routes share: who, what, how much, for whom, then in."""

    # HA's own check answers an old token by raising, which counts as a failed log-in:
    # a phone would ban its own address. So the token is looked at here.
    requires_auth = False
    field: str

    def __init__(self, buckets: TokenBuckets) -> None:
        """Limit the rate with these buckets."""
        self._buckets = buckets

    async def post(self, request: web.Request) -> web.Response:
        """Take frames in; 200 means that they are on disk."""
        try:
            return self.json(await self._async_take(request))
        except Refusal as refusal:
            return self._refuse(request, refusal)
        except Exception:
            # Whatever it is, the phone must keep its data, and not by luck.
            _LOGGER.exception("A push could not be taken in")
            return self._refuse(request, UNEXPECTED)

    def _refuse(self, request: web.Request, refusal: Refusal) -> web.Response:
        body = {"error": refusal.error}
        if refusal.reason is not None:
            body["reason"] = refusal.reason
        headers = {}
        if refusal.retry_after is not None:
            headers[hdrs.RETRY_AFTER] = str(refusal.retry_after)
        answer = self.json(body, refusal.status, headers=headers)
        if not request.content.is_eof() or request.content.exception() is not None:
            # The rest of the body is not wanted, so the next request cannot follow it.
            answer.force_close()
        return answer

    async def _async_take(self, request: web.Request) -> dict[str, Any]:
        if not request.get(KEY_AUTHENTICATED, False):
            raise Refusal(HTTPStatus.UNAUTHORIZED, "Invalid or missing token")
        hass = request.app[KEY_HASS]
        user_id: str = request[KEY_HASS_USER].id
        upload = await async_upload(hass, request, self.field)
        wearer = async_find_wearer(hass, user_id, upload.device_id)
        self.spend(user_id, upload)
        try:
            report = await wearer.async_ingest_hex(upload.texts, upload.generation)
        except IngestRefused as err:
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE, str(err), retry_after=err.retry_after
            ) from err
        if report.new or report.duplicate:
            async_claim(wearer, upload.device_id)
        return self.reply(upload, report)

    def spend(self, user_id: str, upload: Upload) -> None:
        """Count the request against the user's rate; raises Refusal."""
        if wait := self._buckets.take(user_id, time.monotonic()):
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, "Rate limit exceeded", retry_after=wait)

    @abstractmethod
    def reply(self, upload: Upload, report: IngestReport) -> dict[str, Any]:
        """Return the body of the answer."""


class BatchView(_IngestView):
    """Records, live samples and whatever else a band sends."""

    url, *extra_urls = urls("ingest/batch")
    name = "api:openstrap:v1:ingest:batch"
    field = "records"

    @override
    def reply(self, upload: Upload, report: IngestReport) -> dict[str, Any]:
        return {
            "ok": True,
            "received": report.received,
            "decoded": report.decoded,
            "minutes_written": report.minutes,
            "raw_key": None,
            "new": report.new,
            "duplicate": report.duplicate,
            "rejected": dict(report.rejected),
        }


class EventsView(_IngestView):
    """Events, without a limit; a record among them is taken in as what it is."""

    url, *extra_urls = urls("ingest/events")
    name = "api:openstrap:v1:ingest:events"
    field = "events"

    @override
    def spend(self, user_id: str, upload: Upload) -> None:
        # Otherwise this route would be a way around the limit of the other.
        if not all(_is_event(text) for text in upload.texts):
            super().spend(user_id, upload)

    @override
    def reply(self, upload: Upload, report: IngestReport) -> dict[str, Any]:
        return {
            "total": len(upload.texts),
            "stored": report.new + report.duplicate,
            "new": report.new,
            "duplicate": report.duplicate,
            "rejected": dict(report.rejected),
        }


def _is_event(text: object) -> bool:
    """Tell whether a string is an event's inner payload, by its first byte."""
    return isinstance(text, str) and text.lstrip()[:2] == f"{PacketType.EVENT:02x}"
