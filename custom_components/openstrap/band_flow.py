"""Finding a band, and giving it to a wearer."""

from dataclasses import dataclass
from typing import Any, override
import uuid

from homeassistant.components import bluetooth
from homeassistant.components.bluetooth import BluetoothServiceInfoBleak
from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.helpers import selector
import voluptuous as vol

from .const import (
    CONF_ADDRESS,
    CONF_DEVICES,
    CONF_KIND,
    CONF_SERIAL,
    CONF_USERS,
    CONF_WEARER,
    KIND_BAND,
    KIND_DEMO,
)
from .entity import wearer_id
from .strap import TRAITS
from .wearer_form import (
    async_user_choice,
    errors_of,
    profile_options,
    suggested_users,
    wearer_schema,
)

CONF_ENTRY = "entry"

_SERVICES = frozenset(traits.characteristic(1) for traits in TRAITS.values())
_NAME = "whoop"


def is_band(info: BluetoothServiceInfoBleak) -> bool:
    """Tell whether an advertisement is that of a band; its owner may have renamed it."""
    return not _SERVICES.isdisjoint(info.service_uuids) or _NAME in (info.name or "").lower()


def shown_name(info: BluetoothServiceInfoBleak) -> str:
    """Name a band for people: as it says, or by the end of its address when it did not say.

    The name often comes only in answer to an active scan.
    """
    if info.name and info.name != info.address:
        return info.name
    return f"WHOOP band {info.address[-5:]}"


@dataclass(frozen=True, slots=True)
class BandChanges:
    """What an entry becomes."""

    unique_id: str | None
    data: dict[str, Any]


class BandFlow(ConfigFlow):
    """The steps that begin with a band."""

    def __init__(self) -> None:
        """Begin without one."""
        self._address = ""
        self._band_name = ""

    @override
    async def async_step_bluetooth(
        self, discovery_info: BluetoothServiceInfoBleak
    ) -> ConfigFlowResult:
        """Take a band that was found nearby."""
        await self.async_set_unique_id(discovery_info.address)
        self._abort_if_unique_id_configured()
        if (entry := self._moved(discovery_info)) is not None:
            changes = self.band_changes(entry, discovery_info.address, same_band=True)
            return self.async_update_reload_and_abort(
                entry,
                unique_id=changes.unique_id,
                data=changes.data,
                reason="already_configured",
            )
        return await self._async_found(discovery_info)

    def _moved(self, info: BluetoothServiceInfoBleak) -> ConfigEntry | None:
        """Find the wearer of a band that goes by a new address; its name holds its serial.

        The link checks the serial itself before it takes anything.
        """
        for entry in self._async_current_entries(include_ignore=False):
            serial = entry.data.get(CONF_SERIAL)
            if serial and serial in (info.name or "").split():
                gone = not bluetooth.async_address_present(
                    self.hass, entry.data[CONF_ADDRESS], connectable=False
                )
                return entry if gone else None
        return None

    async def async_step_pick(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Choose one of the bands that are heard now."""
        if user_input is not None:
            address = user_input[CONF_ADDRESS]
            await self.async_set_unique_id(address, raise_on_progress=False)
            self._abort_if_unique_id_configured()
            if info := bluetooth.async_last_service_info(self.hass, address, connectable=True):
                return await self._async_found(info)
        else:
            await bluetooth.async_request_active_scan(self.hass)
        if not (bands := self._heard()):
            return self.async_abort(reason="no_bands_found")
        return self.async_show_form(
            step_id="pick",
            data_schema=vol.Schema({vol.Required(CONF_ADDRESS): _band_choice(bands)}),
        )

    def _heard(self) -> dict[str, str]:
        """Bands that are heard and belong to nobody yet, names by addresses."""
        taken = self._async_current_ids(include_ignore=False)
        return {
            info.address: f"{shown_name(info)} ({info.address})"
            for info in bluetooth.async_discovered_service_info(self.hass, connectable=True)
            if is_band(info) and info.address not in taken
        }

    async def _async_found(self, info: BluetoothServiceInfoBleak) -> ConfigFlowResult:
        self._address, self._band_name = info.address, shown_name(info)
        self.context["title_placeholders"] = {"name": self._band_name}
        return await self.async_step_found()

    async def async_step_found(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask whose it is, if it can be somebody's who is there already."""
        if not self._wearers():
            return await self.async_step_band()
        return self.async_show_menu(
            step_id="found",
            menu_options=[KIND_BAND, "attach"],
            description_placeholders={"band": self._band_name},
        )

    def _wearers(self) -> list[ConfigEntry]:
        """Wearers to whom a band can be given; one who has one gets it replaced."""
        return [
            entry
            for entry in self._async_current_entries(include_ignore=False)
            if entry.data[CONF_KIND] != KIND_DEMO
        ]

    async def async_step_band(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Describe the wearer of the band, which confirms that it is to be used."""
        errors: dict[str, str] = {}
        if user_input is not None and not (errors := errors_of(user_input)):
            self._abort_if_unique_id_configured()
            return self.async_create_entry(
                title=user_input[CONF_NAME].strip(),
                data={
                    CONF_KIND: KIND_BAND,
                    CONF_ADDRESS: self._address,
                    # Not the address: this band may be given to somebody else one day.
                    CONF_WEARER: uuid.uuid4().hex,
                    CONF_USERS: user_input[CONF_USERS],
                    CONF_DEVICES: [],
                },
                options=profile_options(user_input),
            )
        people = await async_user_choice(self.hass)
        return self.async_show_form(
            step_id=KIND_BAND,
            data_schema=self.add_suggested_values_to_schema(
                wearer_schema(people), user_input or suggested_users(people)
            ),
            description_placeholders={"band": self._band_name},
            errors=errors,
        )

    async def async_step_attach(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Give the band to a wearer who is there already and keeps all that is known."""
        wearers = {entry.entry_id: entry for entry in self._wearers()}
        if user_input is not None and (entry := wearers.get(user_input[CONF_ENTRY])):
            self._abort_if_unique_id_configured()
            changes = self.band_changes(entry, self._address)
            return self.async_update_reload_and_abort(
                entry,
                unique_id=changes.unique_id,
                data=changes.data,
                reason="band_attached",
            )
        choice = [
            selector.SelectOptionDict(value=entry_id, label=entry.title)
            for entry_id, entry in wearers.items()
        ]
        return self.async_show_form(
            step_id="attach",
            data_schema=vol.Schema(
                {
                    vol.Required(CONF_ENTRY): selector.SelectSelector(
                        selector.SelectSelectorConfig(options=choice)
                    )
                }
            ),
            description_placeholders={"band": self._band_name},
        )

    # --- for a wearer who is there --------------------------------------------

    @callback
    def band_field(self, entry: ConfigEntry) -> dict[vol.Marker, Any]:
        """Ask for a band, if there is one to choose beside the one that is worn."""
        if entry.data[CONF_KIND] == KIND_DEMO or not (bands := self._heard()):
            return {}
        if current := entry.data.get(CONF_ADDRESS):
            bands = {current: f"{entry.data.get(CONF_SERIAL, current)}", **bands}
        return {vol.Optional(CONF_ADDRESS): _band_choice(bands)}

    @callback
    def drop_discovery(self, address: str | None) -> None:
        """End the flow of a band that was found and has got a wearer another way."""
        for flow in self.hass.config_entries.flow.async_progress_by_handler(self.handler):
            if address is not None and flow["context"].get("unique_id") == address:
                self.hass.config_entries.flow.async_abort(flow["flow_id"])

    @staticmethod
    def band_changes(
        entry: ConfigEntry, address: str | None, *, same_band: bool = False
    ) -> BandChanges:
        """Give an entry another band; all that was stored stays with the wearer."""
        data = dict(entry.data)
        if address is None or address == data.get(CONF_ADDRESS):
            return BandChanges(entry.unique_id, data)
        if not same_band:
            data.pop(CONF_SERIAL, None)
        data |= {CONF_KIND: KIND_BAND, CONF_ADDRESS: address, CONF_WEARER: wearer_id(entry)}
        return BandChanges(address, data)


def _band_choice(bands: dict[str, str]) -> selector.SelectSelector:
    return selector.SelectSelector(
        selector.SelectSelectorConfig(
            options=[
                selector.SelectOptionDict(value=address, label=label)
                for address, label in bands.items()
            ]
        )
    )
