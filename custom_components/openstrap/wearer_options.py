"""What a wearer sets on their device: kept in the entry's options, and taken up without a reload."""

from collections.abc import Awaitable, Mapping
from typing import Any

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr

from .const import CONF_SLEEP_NEED_MIN, DOMAIN
from .coordinator import OpenStrapCoordinator
from .entity import wearer_id
from .store import StoreError
from .wearer_form import profile_of
from .worker import WorkerClosed


@callback
def async_keep(coordinator: OpenStrapCoordinator, option: str, value: float | None) -> None:
    """Keep an option; None forgets it."""
    _keep(coordinator, {option: value})


@callback
def _keep(coordinator: OpenStrapCoordinator, changes: Mapping[str, Any]) -> None:
    entry = coordinator.config_entry
    options = {key: value for key, value in (entry.options | changes).items() if value is not None}
    coordinator.hass.config_entries.async_update_entry(entry, options=options)
    # Nobody else tells the entities that show it.
    coordinator.async_update_listeners()


@callback
def async_rename(coordinator: OpenStrapCoordinator, name: str) -> None:
    """Call the wearer by another name, and their device with them."""
    entry, hass = coordinator.config_entry, coordinator.hass
    hass.config_entries.async_update_entry(entry, title=name)
    devices = dr.async_get(hass)
    identifier = (DOMAIN, wearer_id(entry))
    if device := devices.async_get_device_by_identifier(identifier, entry.entry_id):
        devices.async_update_device(device.id, name=name)


async def async_keep_body(coordinator: OpenStrapCoordinator, changes: Mapping[str, Any]) -> None:
    """Keep what was told of the wearer (None forgets); raises ProfileError, HomeAssistantError.

    What is shown follows in a moment.
    """
    profile = profile_of(coordinator.config_entry.options | changes)
    _keep(coordinator, changes)
    await async_through(coordinator, coordinator.async_set_profile(profile))


async def async_keep_sleep_need(
    coordinator: OpenStrapCoordinator, minutes: float | None = None
) -> None:
    """Take the wearer's word for what a night needs, or learn it (None).

    Results follow in a moment, as far back as trends look. Raises HomeAssistantError.
    """
    await async_keep_body(coordinator, {CONF_SLEEP_NEED_MIN: minutes})


async def async_through[T](coordinator: OpenStrapCoordinator, work: Awaitable[T]) -> T:
    """Await what writes to the wearer's file; raises HomeAssistantError where that fails."""
    placeholders = {"name": coordinator.config_entry.title}
    try:
        return await work
    except WorkerClosed as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="wearer_not_ready",
            translation_placeholders=placeholders,
        ) from err
    except StoreError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="store_failed",
            translation_placeholders=placeholders | {"reason": str(err)},
        ) from err
