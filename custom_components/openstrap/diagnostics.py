"""What a bug report may contain: counts, settings and reasons, never a reading or a name."""

from typing import Any

from homeassistant.core import HomeAssistant

from .analysis import ShownDay
from .const import (
    CONF_DEVICES,
    CONF_KIND,
    CONF_NIGHT_END,
    CONF_NIGHT_START,
    CONF_USERS,
    PROFILE_FIELDS,
)
from .coordinator import OpenStrapConfigEntry
from .engine.day import ALGORITHM_VERSION
from .store import WearerStore
from .strap_link import StrapLink

# When somebody sleeps is nobody's business.
PRIVATE = (*PROFILE_FIELDS, CONF_NIGHT_START, CONF_NIGHT_END)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: OpenStrapConfigEntry
) -> dict[str, Any]:
    """Describe a wearer without telling anything of the person."""
    coordinator = entry.runtime_data
    nights = coordinator.data.nights
    return {
        "entry": {
            "kind": entry.data[CONF_KIND],
            "users": len(entry.data[CONF_USERS]),
            "devices": len(entry.data[CONF_DEVICES]),
            "profile": {field: field in entry.options for field in PROFILE_FIELDS},
            "options": {key: value for key, value in entry.options.items() if key not in PRIVATE},
        },
        "algorithm": ALGORITHM_VERSION,
        "read_only": coordinator.worker.read_only,
        "store": await coordinator.worker.async_run(WearerStore.stats),
        "since_start": {
            "received": coordinator.received,
            "rejected": dict(coordinator.rejected),
            "failing_days": coordinator.sweeper.failing_days,
        },
        "strap": None if coordinator.strap is None else _strap(coordinator.strap),
        "metrics": {
            "day": _metrics(nights.day),
            "night": _metrics(nights.night),
        },
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
