"""A WHOOP band in Home Assistant, without a phone, a cloud or a subscription."""

import logging
from pathlib import Path

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.helpers.typing import ConfigType

from . import issues
from .actions import async_register_actions
from .app_banner import async_set_banner
from .backup import async_join_backup
from .const import (
    CONF_ADDRESS,
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
from .entity import async_follow_band
from .happening_finder import HappeningFinder
from .import_job import FOLDER, forget_imports, import_folder
from .live_watch import LiveWatch
from .phone.pairing import async_setup_pairing
from .phone.phone_book import async_setup_phone_book
from .phone.routes import async_register_views
from .statistics import History, async_clear, async_give_slug
from .store import Retention, StoreError, WearerStore
from .strap_link import StrapLink
from .wearer_form import profile_of
from .wearer_target import async_relay
from .worker import Worker

_LOGGER = logging.getLogger(__name__)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.NOTIFY,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TIME,
]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Open the door for phones, and make the actions known."""
    await async_setup_phone_book(hass)
    async_setup_pairing(hass)
    async_register_views(hass)
    async_register_actions(hass)
    wearers = {entry.entry_id for entry in hass.config_entries.async_entries(DOMAIN)}
    folder = Path(hass.config.path(STORAGE_DIR, DOMAIN))
    # What an import left behind that was killed.
    await hass.async_add_executor_job(forget_imports, folder / FOLDER)
    orphans = await hass.async_add_executor_job(_count_orphans, folder, wearers)
    if orphans:
        # Somebody's data: whether they may go is not for us to say.
        _LOGGER.warning("%d files in %s belong to no wearer; they are left alone", orphans, folder)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: OpenStrapConfigEntry) -> bool:
    """Bring a wearer up with what is known, then start looking for more."""

    @callback
    def reopen() -> None:
        # Opening it again sets the damaged file aside. While coming up that has just been
        # tried, so there it is left to Home Assistant to try again, ever more seldom.
        if entry.state is ConfigEntryState.LOADED:
            hass.config_entries.async_schedule_reload(entry.entry_id)

    async_give_slug(hass, entry)
    worker = Worker(hass, database_path(hass, entry), on_damaged=reopen)
    strap: StrapLink | None = None

    async def close(_event: Event | None = None) -> None:
        # The band first: what it is just sending must still find the file open. Closing that
        # writes everything back into the one file, which is then safe to copy.
        if strap is not None:
            await strap.async_stop()
        await worker.async_close()

    entry.async_on_unload(close)
    try:
        store = await worker.async_open()
        await async_join_backup(hass, worker)
        coordinator = OpenStrapCoordinator(
            hass, entry, worker, profile_of(entry.options), _retention(entry)
        )
        await coordinator.async_load()
        if CONF_ADDRESS in entry.data:
            coordinator.strap = strap = StrapLink(hass, entry, coordinator)
            await strap.async_load()
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
    if coordinator.strap is not None:
        entry.async_on_unload(async_follow_band(coordinator, coordinator.strap))

    entry.async_on_unload(async_relay(hass, coordinator))

    if not worker.read_only:
        entry.async_on_unload(coordinator.async_start())
        entry.async_on_unload(History(hass, coordinator).async_start())
        entry.async_on_unload(HappeningFinder(hass, coordinator).async_start())
        entry.async_on_unload(LiveWatch(hass, coordinator).async_start())
        if entry.data[CONF_KIND] == KIND_DEMO:
            entry.async_on_unload(DemoLink(hass, coordinator).async_start())
        if strap is not None:
            strap.async_start()

    entry.async_on_unload(hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, close))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: OpenStrapConfigEntry) -> bool:
    """Take a wearer down; what was started is stopped by what was registered with it."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded and (strap := entry.runtime_data.strap) is not None:
        # While the entry's tasks still live: a session may end at a good point.
        await strap.async_stop()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: OpenStrapConfigEntry) -> None:
    """Delete a removed wearer's data, also damaged files that were set aside."""
    issues.async_forget(hass, entry)
    await async_clear(hass, entry)
    if not hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        await async_set_banner(hass, None)
    await hass.async_add_executor_job(forget_imports, import_folder(hass, entry.entry_id))
    await hass.async_add_executor_job(WearerStore.remove, database_path(hass, entry))


def database_path(hass: HomeAssistant, entry: ConfigEntry) -> Path:
    """Return where a wearer's data live: inside the folder that backups contain."""
    return Path(hass.config.path(STORAGE_DIR, DOMAIN, f"{entry.entry_id}.db"))


def _count_orphans(folder: Path, wearers: set[str]) -> int:
    """Count files of wearers that Home Assistant did not get to remember, or has forgotten."""
    return sum(path.stem not in wearers for path in folder.glob("*.db"))


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
