"""What an action is, and what becomes of the mistakes of whoever calls it."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import DOMAIN
from ..coordinator import OpenStrapCoordinator
from ..store import StoreError
from ..worker import WorkerClosed
from .wearers import async_check_user, ready, the_wearer_meant

type Fields = Mapping[str, Any]
"""What the caller filled in."""
type Answer = dict[str, Any]
"""Plain JSON types."""
type Work = Callable[[OpenStrapCoordinator, Fields], Coroutine[Any, Any, Answer]]


@dataclass(frozen=True, slots=True)
class Action:
    """One action as Home Assistant wants it; ``fields`` are its own, beside those of a target."""

    name: str
    fields: Mapping[Any, Any]
    schema: vol.Schema
    handle: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
    response: SupportsResponse


def action_error(key: str, **placeholders: str) -> ServiceValidationError:
    """Give the error of a caller's mistake, in the words of its translation."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


def check_texts(value: Any) -> None:
    """Refuse half a character, which YAML can write, but nothing that keeps text can hold."""
    match value:
        case str():
            try:
                value.encode()
            except UnicodeEncodeError as err:
                raise action_error("half_a_character", value=ascii(value)) from err
        case Mapping():
            for key, item in value.items():
                check_texts(key)
                check_texts(item)
        case list():
            for item in value:
                check_texts(item)


def read_action(name: str, fields: dict[Any, Any], work: Work) -> Action:
    """Make an action that answers what is known of the one wearer in its target."""
    return _of_wearer(name, fields, work, writes=False)


def write_action(name: str, fields: dict[Any, Any], work: Work) -> Action:
    """Make an action that changes something of the one wearer in its target."""
    return _of_wearer(name, fields, work, writes=True)


def _of_wearer(name: str, fields: dict[Any, Any], work: Work, *, writes: bool) -> Action:
    async def handle(call: ServiceCall) -> Answer:
        entry = the_wearer_meant(call)
        await async_check_user(call, entry)
        wearer = ready(entry)
        placeholders = {"name": entry.title}
        if writes and wearer.worker.read_only:
            raise action_error("store_read_only", **placeholders)
        try:
            return await work(wearer, call.data)
        except WorkerClosed as err:
            raise action_error("wearer_not_ready", **placeholders) from err
        except StoreError as err:
            raise action_error("store_failed", reason=str(err), **placeholders) from err

    return Action(
        name,
        fields,
        cv.make_entity_service_schema(fields),
        handle,
        SupportsResponse.OPTIONAL if writes else SupportsResponse.ONLY,
    )
