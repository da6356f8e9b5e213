"""A WHOOP band in Home Assistant, without a phone, a cloud or a subscription."""

from pathlib import Path

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.helpers.typing import ConfigType

from . import issues
from .config_flow import profile_of
from .const import (
    CONF_KEEP_MINUTES,
    CONF_KEEP_RAW,
    CONF_KIND,
    CONF_MINUTE_DAYS,
    CONF_RAW_DAYS,
    DEFAULT_MINUTE_DAYS,
    DEFAULT_RAW_DAYS,
    DOMAIN,
    KIND_DEMO,
)
from .coordinator import OpenStrapConfigEntry, OpenStrapCoordinator
from .demo_link import DemoLink
from .phone.views import async_register_views
from .store import Retention, StoreError, WearerStore
from .worker import Worker

PLATFORMS = [Platform.SENSOR]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Open the door for phones."""
    async_register_views(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: OpenStrapConfigEntry) -> bool:
    """Bring a wearer up with what is known, then start looking for more."""

    @callback
    def reopen() -> None:
        # Opening it again sets the damaged file aside. While coming up that has just been
        # tried, so there it is left to Home Assistant to try again, ever more seldom.
        if entry.state is ConfigEntryState.LOADED:
            hass.config_entries.async_schedule_reload(entry.entry_id)

    worker = Worker(hass, database_path(hass, entry), on_damaged=reopen)
    entry.async_on_unload(worker.async_close)
    try:
        store = await worker.async_open()
        coordinator = OpenStrapCoordinator(
            hass, entry, worker, profile_of(entry.options), _retention(entry)
        )
        await coordinator.async_load()
    except StoreError as err:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key="store_failed",
            translation_placeholders={"name": entry.title, "reason": str(err)},
        ) from err
    issues.async_file_too_new(hass, entry, worker.read_only)
    if (set_aside := store.opened.set_aside) is not None:
        issues.async_file_damaged(hass, entry, set_aside.name)

    entry.runtime_data = coordinator
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)

    if not worker.read_only:
        entry.async_on_unload(coordinator.async_start())
        if entry.data[CONF_KIND] == KIND_DEMO:
            entry.async_on_unload(DemoLink(hass, coordinator).async_start())

    async def close(_event: Event) -> None:
        # Closing writes everything back into the one file, which is then safe to copy.
        await worker.async_close()

    entry.async_on_unload(hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, close))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: OpenStrapConfigEntry) -> bool:
    """Take a wearer down; what was started is stopped by what was registered with it."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: OpenStrapConfigEntry) -> None:
    """Delete a removed wearer's data, also damaged files that were set aside."""
    issues.async_forget(hass, entry)
    await hass.async_add_executor_job(WearerStore.remove, database_path(hass, entry))


def database_path(hass: HomeAssistant, entry: ConfigEntry) -> Path:
    """Return where a wearer's data live: inside the folder that backups contain."""
    return Path(hass.config.path(STORAGE_DIR, DOMAIN, f"{entry.entry_id}.db"))


def _retention(entry: OpenStrapConfigEntry) -> Retention:
    options = entry.options
    raw_days = options.get(CONF_RAW_DAYS, DEFAULT_RAW_DAYS)
    minute_days = options.get(CONF_MINUTE_DAYS, DEFAULT_MINUTE_DAYS)
    if options.get(CONF_KEEP_MINUTES):
        minute_days = None
    return Retention(
        raw_days=None if options.get(CONF_KEEP_RAW) else raw_days,
        minute_days=minute_days,
        event_days=minute_days,
    )
