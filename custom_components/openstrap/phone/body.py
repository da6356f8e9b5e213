"""From a request to a checked list of hex strings, or a refusal in plain words."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
import re
from typing import Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError
from homeassistant.core import HomeAssistant
from homeassistant.util.json import JSON_DECODE_EXCEPTIONS, json_loads

from ..engine.protocol import Generation
from .refusal import Refusal, invalid

MAX_BODY: Final = 8 * 1024 * 1024  # bytes, after decompression
MAX_STRINGS: Final = 5000
CHUNK: Final = 64 * 1024  # bytes read at a time
LONGEST_S: Final = 300.0
"""Time for a whole body, s: a quarter of a megabit a second."""
# Parsing a body of this size takes about half a millisecond; longer ones leave the loop.
PARSE_IN_LOOP: Final = 256 * 1024
# Letters that serials and phone names are made of; never part of a path anyway.
DEVICE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:-]{0,63}")


@dataclass(frozen=True, slots=True)
class Upload:
    """What a phone sent, checked in shape but not in content."""

    device_id: str
    texts: list[Any]  # hex strings, or whatever else was in the list
    generation: Generation | None


async def async_read(request: web.Request, limit: int = MAX_BODY) -> bytes:
    """Read a body of at most `limit` bytes, decompressed; raises Refusal when too large or broken.

    Nor is one waited for that does not come.
    """
    if (request.content_length or 0) > limit:
        raise _too_large(limit)
    body = bytearray()
    try:
        async with asyncio.timeout(LONGEST_S):
            async for chunk in request.content.iter_chunked(CHUNK):
                body += chunk
                # Counted here because the server's own limit is twice as high.
                if len(body) > limit:
                    raise _too_large(limit)
    except TimeoutError as err:
        raise invalid("the body came too slowly") from err
    except (RequestPayloadError, ConnectionError) as err:
        raise invalid("the body is cut off or its compression is broken") from err
    return bytes(body)


async def async_json(
    hass: HomeAssistant, request: web.Request, limit: int = MAX_BODY
) -> Mapping[str, Any]:
    """Read a body that is a JSON object; raises Refusal for anything else."""
    return _object(await _async_parsed(hass, request, limit))


async def _async_parsed(hass: HomeAssistant, request: web.Request, limit: int = MAX_BODY) -> object:
    body = await async_read(request, limit)
    try:
        if len(body) > PARSE_IN_LOOP:
            return await hass.async_add_executor_job(json_loads, body)
        return json_loads(body)
    except JSON_DECODE_EXCEPTIONS as err:
        raise invalid("the body is not JSON") from err


def _object(payload: object) -> Mapping[str, Any]:
    if not isinstance(payload, Mapping):
        raise invalid("the body is not a JSON object")
    return payload


async def async_upload(hass: HomeAssistant, request: web.Request, field: str) -> Upload:
    """Read and check a request whose list is in `field`; raises Refusal."""
    return check_shape(await _async_parsed(hass, request), field)


def check_shape(body: object, field: str) -> Upload:
    """Check the outer form of a payload; raises Refusal."""
    payload = _object(body)
    device_id = payload.get("device_id")
    if not isinstance(device_id, str) or DEVICE_ID.fullmatch(device_id) is None:
        raise invalid(
            "device_id must be a text of 1 to 64 letters, digits, blanks, dots, "
            "underscores, colons or hyphens, beginning with a letter or digit"
        )
    texts = payload.get(field)
    if not isinstance(texts, list):
        raise invalid(f"{field} must be a list of hex strings")
    generation = payload.get("generation")
    if generation is not None and generation not in [item.value for item in Generation]:
        raise invalid("generation must be gen4 or gen5 when given")
    if len(texts) > MAX_STRINGS:
        raise Refusal(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"Too many {field}",
            reason=f"{len(texts)} in one request, at most {MAX_STRINGS} are taken",
        )
    return Upload(
        device_id=device_id,
        texts=texts,
        generation=None if generation is None else Generation(generation),
    )


def _too_large(limit: int) -> Refusal:
    return Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "Body too large",
        reason=f"at most {limit // 1024} KiB are taken, also after decompression",
    )
