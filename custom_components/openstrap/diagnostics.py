"""What a bug report may contain: counts, settings and reasons, never a reading or a name."""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .analysis import ShownDay
from .const import (
    CONF_DEVICES,
    CONF_DRAIN_MINUTES,
    CONF_KEEP_MINUTES,
    CONF_KEEP_RAW,
    CONF_KIND,
    CONF_LIVE_MODE,
    CONF_MINUTE_DAYS,
    CONF_RAW_DAYS,
    CONF_USERS,
    PROFILE_FIELDS,
)
from .coordinator import OpenStrapConfigEntry, OpenStrapCoordinator
from .engine.day import ALGORITHM_VERSION
from .phone.phone_book import async_phone_book
from .store import StoreError, WearerStore
from .strap_link import StrapLink
from .sweep_view import SweepView
from .worker import WorkerClosed

# Settings that tell nothing of the person; of the others only that they were set.
OPEN: Final = frozenset(
    {
        CONF_DRAIN_MINUTES,
        CONF_KEEP_MINUTES,
        CONF_KEEP_RAW,
        CONF_LIVE_MODE,
        CONF_MINUTE_DAYS,
        CONF_RAW_DAYS,
    }
)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: OpenStrapConfigEntry
) -> dict[str, Any]:
    """Describe a wearer without telling anything of the person.

    Of one who is not up, or whose file cannot be read, only what is known without it: that is
    when a bug is reported.
    """
    found: dict[str, Any] = {
        "entry": {
            "state": entry.state.value,
            "kind": entry.data[CONF_KIND],
            "users": len(entry.data[CONF_USERS]),
            "devices": len(entry.data[CONF_DEVICES]),
            "phones": len(async_phone_book(hass).async_of(entry.entry_id)),
            "profile": {field: field in entry.options for field in PROFILE_FIELDS},
            "options": {
                key: value if key in OPEN else "set"
                for key, value in entry.options.items()
                if key not in PROFILE_FIELDS
            },
        },
        "algorithm": ALGORITHM_VERSION,
        "recorder": "recorder" in hass.config.components,
    }
    if entry.state is ConfigEntryState.LOADED:
        found |= await _async_of(entry.runtime_data)
    return found


async def _async_of(coordinator: OpenStrapCoordinator) -> dict[str, Any]:
    """Describe a wearer who is up."""
    nights = coordinator.data.nights
    store: dict[str, Any]
    try:
        store = await coordinator.worker.async_run(WearerStore.stats)
    except StoreError as err:
        store = {"unreadable": err.reason}
    except WorkerClosed:
        store = {"unreadable": "closed"}
    return {
        "read_only": coordinator.worker.read_only,
        "store": store,
        "since_start": {
            "received": coordinator.received,
            "rejected": dict(coordinator.rejected),
            "failing_days": coordinator.sweeper.failing_days,
        },
        "analysis": _analysis(coordinator.sweeper.view),
        "strap": None if coordinator.strap is None else _strap(coordinator.strap),
        "metrics": {
            "day": _metrics(nights.day),
            "night": _metrics(nights.night),
        },
    }


def _analysis(view: SweepView) -> dict[str, Any]:
    """Say what the analysis is at, and the kind of its last failure; no time of day."""
    return {
        "phase": view.phase,
        "days_waiting": view.days_waiting,
        "succeeded": view.last_success_ts is not None,
        "last_duration_s": view.last_duration_s,
        "last_error": view.last_error,
    }


def _strap(link: StrapLink) -> dict[str, Any]:
    """Say how the link to the band does: no name, no address, no serial, no reading."""
    snapshot, state = link.snapshot, link.snapshot.state
    return {
        "phase": snapshot.phase,
        "fault": snapshot.fault,
        "sessions": link.sessions,
        "faults": dict(link.faults),
        "generation": state.generation,
        "firmware": state.firmware,
        "live_wanted": snapshot.live_wanted,
        "signal": snapshot.signal,
        "backlog_pages": snapshot.backlog_pages,
        "records_synced": snapshot.records_synced,
        "clock_drift_s": state.clock_drift_s,
        "clock_latches": state.clock_latches,
        "marginal_radio": state.marginal_radio,
        "overwritten": state.overwritten,
        "synced_ever": snapshot.last_sync_ts is not None,
        "alarm_armed": snapshot.alarm.armed,
    }


def _metrics(shown: ShownDay | None) -> dict[str, str]:
    """Say of each metric whether it is there, or the kind of reason why not."""
    if shown is None:
        return {}
    return {
        # What follows the colon of a reason are figures of the wearer.
        key: "present" if metric.value is not None else (metric.note or "").partition(":")[0]
        for key, metric in shown.result.metrics.items()
    }
