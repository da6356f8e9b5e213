"""The route on which the phone app sends its whole database, once a day."""

import asyncio
from http import HTTPStatus
import os
from pathlib import Path
import shutil
from typing import Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError
from homeassistant.core import HomeAssistant

from ..import_job import ImportBusy, ImportWish, async_claimed, async_import_claimed, async_scratch
from ..imports import ImportRefused, Refusal as FileRefusal
from ..imports.archive import SPARE_BYTES
from ..imports.report import ImportReport
from ..store import StoreError
from ..worker import WorkerClosed
from .body import DEVICE_ID
from .refusal import Refusal, invalid
from .view import STORE_RETRY, Call, PhoneView, urls, write_route
from .wearers import NOT_READY_RETRY, async_claim

MAX_BODY: Final = 100 * 1024**2
"""Bytes of a body, packed as it comes: the ceiling of the app's own server."""
MAX_UNPACKED: Final = 1024**3
"""Bytes of the database in it."""
CHUNK: Final = 1024**2
"""Bytes that are written to the disk at a time."""
QUIET_S: Final = 60.0
"""A body of which nothing came for so long does not come any more: the app's own limit, s."""
LONGEST_S: Final = 1800.0
"""Time for a whole body, s: half a megabit a second."""
BUSY_RETRY: Final = 300
"""The app tries once a day; a script may come again after this, s."""
FULL_RETRY: Final = 3600
YES: Final = frozenset({"1", "true", "yes"})
_TEXTS: Final = {
    FileRefusal.TOO_LARGE: (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "it unpacks to more than can be taken",
    ),
    FileRefusal.SUSPICIOUS: (
        HTTPStatus.BAD_REQUEST,
        "it unpacks to far too much, or names a place outside of itself",
    ),
    FileRefusal.NO_SPACE: (HTTPStatus.SERVICE_UNAVAILABLE, "the disk has no room for it"),
    FileRefusal.DAMAGED: (HTTPStatus.BAD_REQUEST, "it cannot be read to its end"),
    FileRefusal.EMPTY: (HTTPStatus.BAD_REQUEST, "it holds nothing that can be used"),
    FileRefusal.UNKNOWN_FORMAT: (HTTPStatus.BAD_REQUEST, "it is no database of the app"),
    FileRefusal.ENCRYPTED: (HTTPStatus.BAD_REQUEST, "it is encrypted"),
    FileRefusal.TOO_MANY_FILES: (HTTPStatus.BAD_REQUEST, "it holds too many files"),
    FileRefusal.UNKNOWN_VERSION: (HTTPStatus.BAD_REQUEST, "it is of a later version than is known"),
    FileRefusal.UNKNOWN_COLUMNS: (HTTPStatus.BAD_REQUEST, "its words are not known"),
    FileRefusal.SEVERAL_PEOPLE: (HTTPStatus.BAD_REQUEST, "it holds the data of several people"),
    FileRefusal.GONE: (HTTPStatus.SERVICE_UNAVAILABLE, "it could not be read from the disk"),
}


def views() -> tuple[PhoneView, ...]:
    """Make the route."""
    return (UploadView(),)


class UploadView(PhoneView):
    """Takes a phone's whole database in, packed or not, and answers what became of it."""

    url, *extra_urls = urls("health/upload")
    name = "api:openstrap:v1:health:upload"

    @write_route
    async def post(self, call: Call) -> dict[str, Any]:
        """Answer once all is on the disk; with ``dry_run`` tell what is in it, and write nothing."""
        device_id = call.query.get("device_id")
        if device_id is not None and DEVICE_ID.fullmatch(device_id) is None:
            raise invalid("device_id must be a text of 1 to 64 letters and digits")
        if (call.request.content_length or 0) > MAX_BODY:
            raise _too_large()
        wish = ImportWish(
            dry_run=call.query.get("dry_run", "").lower() in YES, max_extracted=MAX_UNPACKED
        )
        try:
            report = await _async_take(call, wish)
        except ImportBusy as err:
            raise Refusal(
                HTTPStatus.TOO_MANY_REQUESTS,
                "An import is going on",
                reason="one at a time; try again when it is done",
                retry_after=BUSY_RETRY,
            ) from err
        except ImportRefused as err:
            raise _refused(err.code) from err
        except WorkerClosed as err:
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE, "Wearer not ready", retry_after=NOT_READY_RETRY
            ) from err
        except StoreError as err:
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Data cannot be written",
                reason="what is there by now is sound; send it again",
                retry_after=STORE_RETRY,
            ) from err
        if device_id is not None and not wish.dry_run:
            async_claim(call.wearer, device_id)
        return {"ok": True, **report.to_dict()}


async def _async_take(call: Call, wish: ImportWish) -> ImportReport:
    """Bring a body to the disk and import it; the second goes on when the phone hangs up."""
    wearer = call.wearer
    async with async_claimed(wearer), async_scratch(wearer) as folder:
        path = folder / "body"
        await _async_receive(call.hass, call.request, path)
        # Whoever waits may be gone: what is half written then is written to its end.
        task = wearer.config_entry.async_create_background_task(
            call.hass, async_import_claimed(wearer, path, wish), "openstrap upload"
        )
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            await asyncio.wait({task})
            raise
        if task.cancelled():
            raise WorkerClosed
        return task.result()


async def _async_receive(hass: HomeAssistant, request: web.Request, path: Path) -> None:
    """Write a body to a file as it comes; raises Refusal."""
    await hass.async_add_executor_job(_need_room, path.parent, request.content_length or CHUNK)
    file = await hass.async_add_executor_job(_create, path)
    size = 0
    held = bytearray()
    try:
        async with asyncio.timeout(LONGEST_S):
            while chunk := await asyncio.wait_for(request.content.readany(), QUIET_S):
                size += len(chunk)
                if size > MAX_BODY:
                    raise _too_large()
                held += chunk
                if len(held) >= CHUNK:
                    await hass.async_add_executor_job(file.write, bytes(held))
                    held.clear()
            await hass.async_add_executor_job(file.write, bytes(held))
    except TimeoutError as err:
        raise invalid("the body came too slowly") from err
    except (RequestPayloadError, ConnectionError) as err:
        raise invalid("the body is cut off or its compression is broken") from err
    except OSError as err:
        raise _refused(FileRefusal.NO_SPACE) from err
    finally:
        await hass.async_add_executor_job(file.close)
    if not size:
        raise invalid("the body is empty")


def _need_room(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < SPARE_BYTES + size:
        raise _refused(FileRefusal.NO_SPACE)


def _create(path: Path) -> Any:
    # Health data are nobody else's on the machine.
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)


def _refused(code: FileRefusal) -> Refusal:
    status, reason = _TEXTS[code]
    retry_after = FULL_RETRY if status is HTTPStatus.SERVICE_UNAVAILABLE else None
    return Refusal(status, "Database not taken", reason=reason, retry_after=retry_after)


def _too_large() -> Refusal:
    return Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "Body too large",
        reason=f"at most {MAX_BODY // 1024**2} MiB are taken, packed as they come",
    )
