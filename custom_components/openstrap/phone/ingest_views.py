"""The routes a phone pushes to, in the form its app already speaks."""

from abc import ABC, abstractmethod
from http import HTTPStatus
import time
from typing import Any, override

from aiohttp import web
from homeassistant.helpers.http import KEY_HASS

from ..const import DOMAIN
from ..coordinator import IngestRefused
from ..engine.protocol import PacketType
from ..ingest import IngestReport
from .body import Upload, async_upload
from .bucket import TokenBuckets
from .caller import async_caller
from .refusal import Refusal
from .view import BASE, PhoneView, open_route, urls
from .wearers import async_claim, async_find_wearer


def views() -> tuple[PhoneView, ...]:
    """Make the routes; both ingest routes share one limit of the rate."""
    buckets = TokenBuckets()
    return ReachView(), BatchView(buckets), EventsView(buckets)


class ReachView(PhoneView):
    """Tells a phone that it found the right place; needs no token."""

    url, *extra_urls = BASE, f"{BASE}/", f"{BASE}//"
    name = "api:openstrap:v1"

    @open_route
    async def get(self, request: web.Request) -> dict[str, Any]:
        """Answer with the time, which also shows a phone its clock is wrong."""
        return {"ok": True, "service": DOMAIN, "ts": int(time.time())}


class _IngestView(PhoneView, ABC):
    """What the two ingest routes share: who, what, how much, for whom, then in."""

    field: str

    def __init__(self, buckets: TokenBuckets) -> None:
        """Limit the rate with these buckets."""
        self._buckets = buckets

    @open_route
    async def post(self, request: web.Request) -> dict[str, Any]:
        """Take frames in; 200 means that they are on disk."""
        caller = async_caller(request)
        hass = request.app[KEY_HASS]
        upload = await async_upload(hass, request, self.field)
        wearer = async_find_wearer(hass, caller, upload.device_id)
        if not caller.may_write:
            raise Refusal(HTTPStatus.FORBIDDEN, "Reading only")
        self.spend(caller.user.id, upload)
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
