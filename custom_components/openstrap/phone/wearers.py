"""Whose data a push is: from a HA user and a device id to one wearer."""

from http import HTTPStatus
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.ulid import ulid_to_bytes_or_none

from ..const import CONF_DEVICES, CONF_KIND, CONF_USERS, DOMAIN, KIND_DEMO
from ..coordinator import OpenStrapConfigEntry, OpenStrapCoordinator
from .caller import Caller
from .refusal import Refusal, not_found

# What the phone app calls a band whose serial it does not know yet. Every phone may
# say it, so it is nobody's own.
ANONYMOUS_DEVICE: Final = "whoop-unknown"
MAX_DEVICES: Final = 20  # remembered for one wearer: a few bands and phones, not a stream of names
NOT_READY_RETRY: Final = 15  # s; the phone app's own pace


@callback
def async_find_wearer(hass: HomeAssistant, caller: Caller, device_id: str) -> OpenStrapCoordinator:
    """Return the wearer that takes this caller's data from this device; raises Refusal.

    Only wearers that name the caller's user count. A device that no wearer has claimed yet belongs
    to the wearer the phone was paired for, or to the user's wearer when there is exactly one.
    """
    entries = _entries(hass)
    own = [entry for entry in _own(entries, caller) if entry.data[CONF_KIND] != KIND_DEMO]
    for entry in own:
        if device_id == entry.entry_id or device_id in entry.data[CONF_DEVICES]:
            return _ready(entry)
    taken = any(device_id in entry.data[CONF_DEVICES] for entry in entries)
    if taken or _names_a_wearer(device_id) or len(own) != 1:
        # One text for every case: it must not tell whether somebody else has this device.
        raise not_found(
            "No wearer for this device",
            "name this Home Assistant user in the settings of exactly one wearer, "
            "or send the wearer's id as device_id",
        )
    return _ready(own[0])


@callback
def async_wearer_of(
    hass: HomeAssistant, caller: Caller, wearer_id: str | None
) -> OpenStrapCoordinator:
    """Return the wearer that a caller asks of, by id or the only one; raises Refusal."""
    own = _own(_entries(hass), caller)
    if wearer_id is not None:
        own = [entry for entry in own if entry.entry_id == wearer_id]
    elif len(own) > 1:
        # A made-up wearer stands beside real ones, never in their place.
        own = [entry for entry in own if entry.data[CONF_KIND] != KIND_DEMO]
    if len(own) != 1:
        raise not_found(
            "No wearer",
            "name this Home Assistant user in the settings of exactly one wearer, "
            "or ask with ?wearer= and the wearer's id",
        )
    return _ready(own[0])


def _entries(hass: HomeAssistant) -> list[OpenStrapConfigEntry]:
    return hass.config_entries.async_entries(DOMAIN, include_ignore=False)


def _own(entries: list[OpenStrapConfigEntry], caller: Caller) -> list[OpenStrapConfigEntry]:
    """Give the wearers that a caller may know of."""
    return [
        entry
        for entry in entries
        if caller.user.id in entry.data[CONF_USERS] and caller.wearer_id in (None, entry.entry_id)
    ]


@callback
def async_claim(coordinator: OpenStrapCoordinator, device_id: str) -> None:
    """Remember, without a reload, that a device whose frames were stored is this wearer's.

    From then on no other wearer takes its frames.
    """
    entry = coordinator.config_entry
    devices: list[str] = entry.data[CONF_DEVICES]
    if device_id in (*devices, entry.entry_id, ANONYMOUS_DEVICE) or len(devices) >= MAX_DEVICES:
        return
    coordinator.hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_DEVICES: [*devices, device_id]}
    )


def _names_a_wearer(device_id: str) -> bool:
    """Tell whether an id has the form of a wearer's own, also of one that was removed."""
    return ulid_to_bytes_or_none(device_id) is not None


def _ready(entry: OpenStrapConfigEntry) -> OpenStrapCoordinator:
    if entry.state is not ConfigEntryState.LOADED:
        raise Refusal(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Wearer not ready",
            reason="it is being loaded or is switched off; keep the data and try again",
            retry_after=NOT_READY_RETRY,
        )
    return entry.runtime_data
