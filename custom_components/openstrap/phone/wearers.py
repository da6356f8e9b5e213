"""Whose data a push is: from a HA user and a device id to one wearer."""

from http import HTTPStatus
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.ulid import ulid_to_bytes_or_none

from ..const import CONF_DEVICES, CONF_KIND, CONF_USERS, DOMAIN, KIND_DEMO
from ..coordinator import OpenStrapConfigEntry, OpenStrapCoordinator
from .body import Refusal

# What the phone app calls a band whose serial it does not know yet. Every phone may
# say it, so it is nobody's own.
ANONYMOUS_DEVICE: Final = "whoop-unknown"
MAX_DEVICES: Final = 20  # remembered for one wearer: a few bands and phones, not a stream of names
NOT_READY_RETRY: Final = 15  # s; the phone app's own pace


@callback
def async_find_wearer(hass: HomeAssistant, user_id: str, device_id: str) -> OpenStrapCoordinator:
    """Return the wearer that takes this user's data from this device; raises Refusal.

    Only wearers that name the user count. A device that no wearer has claimed yet belongs
    to the user's wearer when there is exactly one.
    """
    entries: list[OpenStrapConfigEntry] = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False
    )
    own = [
        entry
        for entry in entries
        if user_id in entry.data[CONF_USERS] and entry.data[CONF_KIND] != KIND_DEMO
    ]
    for entry in own:
        if device_id == entry.entry_id or device_id in entry.data[CONF_DEVICES]:
            return _ready(entry)
    taken = any(device_id in entry.data[CONF_DEVICES] for entry in entries)
    if taken or _names_a_wearer(device_id) or len(own) != 1:
        # One text for every case: it must not tell whether somebody else has this device.
        raise Refusal(
            HTTPStatus.NOT_FOUND,
            "No wearer for this device",
            reason="name this Home Assistant user in the settings of exactly one wearer, "
            "or send the wearer's id as device_id",
        )
    return _ready(own[0])


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
