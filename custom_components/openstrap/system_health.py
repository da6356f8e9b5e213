"""How wearers are doing, in counts: nothing that tells of a person."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import OpenStrapConfigEntry, OpenStrapCoordinator
from .phone.phone_book import async_phone_book
from .store import StoreError, WearerStore
from .worker import WorkerClosed


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Offer what is shown under System health."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    loaded: list[OpenStrapConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    wearers = [entry.runtime_data for entry in loaded]
    links = [wearer.strap for wearer in wearers if wearer.strap is not None]
    stats = [found for wearer in wearers if (found := await _async_stats(wearer)) is not None]
    newest = [found["newest_ts"] for found in stats if found["newest_ts"] is not None]
    age_s = None if not newest else dt_util.utcnow().timestamp() - max(newest)
    size = sum(found["file_bytes"] + found["journal_bytes"] for found in stats)
    return {
        "wearers": len(entries),
        "wearers_loaded": len(wearers),
        "bands": len(links),
        "bands_connected": sum(link.snapshot.connected for link in links),
        "phones": len(async_phone_book(hass).async_of()),
        # Of all wearers together, in whole hours: no more than whether anything comes in.
        "hours_since_last_record": "unknown" if age_s is None else max(round(age_s / 3600.0), 0),
        "waiting_days": sum(found["dirty_days"] for found in stats),
        "failing_days": sum(wearer.sweeper.failing_days for wearer in wearers),
        "stored_mb": round(size / 1_000_000, 1),
    }


async def _async_stats(wearer: OpenStrapCoordinator) -> dict[str, Any] | None:
    """Give sizes and the newest record's time; None for a wearer who goes down just now, or whose file cannot be read."""
    try:
        return await wearer.worker.async_run(_stats)
    except StoreError, WorkerClosed:
        return None


def _stats(store: WearerStore) -> dict[str, Any]:
    return store.stats() | {"newest_ts": store.latest_reading().record_ts}
