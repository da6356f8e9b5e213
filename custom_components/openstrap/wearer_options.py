"""What a wearer sets on their device: kept in the entry's options, and taken up without a reload."""

from collections.abc import Awaitable

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from .const import CONF_SLEEP_NEED_MIN, DOMAIN
from .coordinator import OpenStrapCoordinator
from .store import StoreError
from .wearer_form import profile_of
from .worker import WorkerClosed


@callback
def async_keep(coordinator: OpenStrapCoordinator, option: str, value: float | None) -> None:
    """Keep an option; None forgets it."""
    entry = coordinator.config_entry
    options = {key: held for key, held in entry.options.items() if key != option}
    if value is not None:
        options[option] = value
    coordinator.hass.config_entries.async_update_entry(entry, options=options)
    # Nobody else tells the entities that show it.
    coordinator.async_update_listeners()


async def async_keep_sleep_need(
    coordinator: OpenStrapCoordinator, minutes: float | None = None
) -> None:
    """Take the wearer's word for what a night needs, or learn it (None) from now on.

    What is shown follows in a moment. Raises HomeAssistantError.
    """
    async_keep(coordinator, CONF_SLEEP_NEED_MIN, minutes)
    profile = profile_of(coordinator.config_entry.options)
    await async_through(coordinator, coordinator.async_set_profile(profile))


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
