"""A band is found and gets a wearer."""

import asyncio
from typing import Any

from homeassistant.auth.models import User
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.const import DOMAIN
from tests.strap_sim import StrapConfig

from .bands import Room, until

ADDRESS = StrapConfig().address
OTHER = StrapConfig(address="C4:5A:10:00:00:02", name="WHOOP 4A0000002", serial="4A0000002")


async def discovered(hass: HomeAssistant, room: Room, count: int = 1) -> list[Any]:
    """Let bands be found, and give the flows that this started."""
    room.scanner.advertise()
    flows = hass.config_entries.flow.async_progress_by_handler
    await until(lambda: len(flows(DOMAIN)) == count)
    return list(flows(DOMAIN))


async def answer(
    hass: HomeAssistant, flow: Any, values: dict[str, Any] | None = None
) -> ConfigFlowResult:
    """Go on with a flow."""
    return await hass.config_entries.flow.async_configure(flow["flow_id"], values)


def wearer(hass: HomeAssistant, kind: str = "phone", **data: Any) -> MockConfigEntry:
    """Add a wearer who is there already."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Bob",
        unique_id=data.get("address", "bob"),
        data={"kind": kind, "users": ["u"], "devices": ["4A01"], **data},
    )
    entry.add_to_hass(hass)
    return entry


async def test_a_band_is_found_and_added(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """Named, confirmed with the wearer's form, and drained by itself; not found again."""
    room.band(backlog_s=60)
    [flow] = await discovered(hass, room)
    assert flow["context"]["title_placeholders"] == {"name": "WHOOP 4A0000001"}
    assert flow["context"]["unique_id"] == ADDRESS
    form = await answer(hass, flow)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "band")
    assert form["description_placeholders"] == {"band": "WHOOP 4A0000001"}
    good = {"name": " Ada ", "users": [hass_admin_user.id], "birth_year": 1990}
    form = await answer(hass, flow, {**good, "birth_year": 1800})
    assert form["errors"] == {"birth_year": "birth_year_out_of_bounds"}
    done = await answer(hass, flow, good)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    entry = done["result"]
    assert (entry.title, entry.unique_id) == ("Ada", ADDRESS)
    wearer_id = entry.data["wearer"]
    assert entry.data == {
        "kind": "band",
        "address": ADDRESS,
        "wearer": wearer_id,
        "users": [hass_admin_user.id],
        "devices": [],
        "slug": "ada",
    }
    assert len(wearer_id) == 32
    assert entry.options == {"birth_year": 1990}
    await room.shout(lambda: entry.data.get("serial"))
    assert entry.data["serial"] == "4A0000001"
    await until(lambda: not entry.runtime_data.strap.snapshot.connected)
    room.scanner.advertise()
    await asyncio.sleep(0.1)
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_a_renamed_band_that_is_heard_passively(hass: HomeAssistant, room: Room) -> None:
    """The service tells what it is; without a name the end of its address stands for it."""
    room.band()
    room.scanner.advertise(with_name=False)
    flows = hass.config_entries.flow.async_progress_by_handler
    await until(lambda: flows(DOMAIN))
    [flow] = flows(DOMAIN)
    assert flow["context"]["title_placeholders"] == {"name": f"WHOOP band {ADDRESS[-5:]}"}


async def test_a_band_is_given_to_a_wearer_without_one(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """Entities, days and phones stay; the wearer is asked for when there is one."""
    entry = wearer(hass)
    room.band()
    [flow] = await discovered(hass, room)
    menu = await answer(hass, flow)
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["band", "attach"]
    form = await answer(hass, flow, {"next_step_id": "attach"})
    assert form["step_id"] == "attach"
    done = await answer(hass, flow, {"entry": entry.entry_id})
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "band_attached")
    await until(lambda: entry.state is ConfigEntryState.LOADED)
    assert entry.unique_id == ADDRESS
    assert entry.data == {
        "kind": "band",
        "address": ADDRESS,
        "wearer": "bob",
        "users": ["u"],
        "devices": ["4A01"],
        "slug": "bob",
    }
    registry = er.async_get(hass)
    assert registry.async_get_entity_id("sensor", DOMAIN, "bob_resting_hr_bpm")
    assert entry.runtime_data.strap is not None


async def test_the_menu_leads_to_a_new_wearer_too(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """Another person in the same home."""
    wearer(hass, "band", address=OTHER.address, serial=OTHER.serial)
    room.band()
    [flow] = await discovered(hass, room)
    form = await answer(hass, flow, {"next_step_id": "band"})
    assert form["step_id"] == "band"
    done = await answer(hass, flow, {"name": "Ada", "users": [hass_admin_user.id]})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert len(hass.config_entries.async_entries(DOMAIN)) == 2


async def pick(hass: HomeAssistant) -> ConfigFlowResult:
    """Choose to pick from the list."""
    menu = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await hass.config_entries.flow.async_configure(menu["flow_id"], {"next_step_id": "pick"})


async def test_a_band_is_picked_from_a_list(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """Those that are heard and belong to nobody."""
    taken = wearer(hass, "band", address=OTHER.address, serial=OTHER.serial)
    room.band()
    room.band(config=OTHER)
    room.scanner.advertise()
    form = await pick(hass)
    assert form["step_id"] == "pick"
    assert form["data_schema"] is not None
    options = form["data_schema"].schema["address"].config["options"]
    assert options == [{"value": ADDRESS, "label": f"WHOOP 4A0000001 ({ADDRESS})"}]
    menu = await answer(hass, form, {"address": ADDRESS})
    assert menu["type"] is FlowResultType.MENU
    await answer(hass, form, {"next_step_id": "band"})
    done = await answer(hass, form, {"name": "Ada", "users": [hass_admin_user.id]})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["result"].unique_id == ADDRESS
    assert taken.data["address"] == OTHER.address


async def test_no_band_to_pick(hass: HomeAssistant, room: Room) -> None:
    """With what to do, in the text; also when it has gone since it was listed."""
    result = await pick(hass)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_bands_found")


async def test_a_band_that_went_away_while_being_picked(hass: HomeAssistant, room: Room) -> None:
    """The list is made anew."""
    from homeassistant.components import bluetooth

    room.band()
    room.scanner.advertise()
    form = await pick(hass)
    bluetooth.async_clear_advertisement_history(hass, ADDRESS)
    result = await answer(hass, form, {"address": ADDRESS})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_bands_found")


async def test_a_band_is_replaced(hass: HomeAssistant, room: Room, hass_admin_user: User) -> None:
    """By reconfiguring: the history stays, the old serial is forgotten, its discovery ends."""
    entry = wearer(hass, "band", address=OTHER.address, serial=OTHER.serial)
    room.band()
    await discovered(hass, room)
    form = await entry.start_reconfigure_flow(hass)
    assert form["data_schema"] is not None
    options = form["data_schema"].schema["address"].config["options"]
    assert [option["value"] for option in options] == [OTHER.address, ADDRESS]
    values = {"name": "Bob", "users": [hass_admin_user.id]}
    done = await answer(hass, form, {**values, "address": ADDRESS})
    assert done["reason"] == "reconfigure_successful"
    await until(lambda: entry.state is ConfigEntryState.LOADED)
    assert entry.unique_id == ADDRESS
    assert entry.data["wearer"] == OTHER.address
    assert "serial" not in entry.data
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    await room.shout(lambda: entry.data.get("serial"))
    assert entry.data["serial"] == "4A0000001"


async def test_reconfigure_keeps_the_band_that_is_worn(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """Whether it is chosen again, or nothing is."""
    entry = wearer(hass, "band", address=OTHER.address, serial=OTHER.serial)
    room.band()
    await discovered(hass, room)
    before = dict(entry.data)
    for address in ({}, {"address": OTHER.address}):
        form = await entry.start_reconfigure_flow(hass)
        await answer(hass, form, {"name": "Bob", "users": [hass_admin_user.id], **address})
        await until(lambda: entry.state is ConfigEntryState.LOADED)
        assert dict(entry.data) == {**before, "users": [hass_admin_user.id], "slug": "bob"}
        assert entry.unique_id == OTHER.address


async def test_reconfigure_gives_a_band_to_a_wearer_without_one(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """The one that is heard can be chosen; nothing has to be."""
    entry = wearer(hass)
    room.band()
    await discovered(hass, room)
    for address in (None, ADDRESS):
        form = await entry.start_reconfigure_flow(hass)
        assert [str(field) for field in form["data_schema"].schema].count("address") == 1
        chosen = {} if address is None else {"address": address}
        await answer(hass, form, {"name": "Bob", "users": [hass_admin_user.id], **chosen})
        await until(lambda: entry.state is ConfigEntryState.LOADED)
        assert entry.data.get("address") == address
    assert entry.unique_id == ADDRESS


@pytest.mark.parametrize("still_there", [False, True])
async def test_a_band_with_a_new_address(
    hass: HomeAssistant, room: Room, still_there: bool
) -> None:
    """Known by its serial, unless what has the old address is still there: then it is another."""
    old = "C4:5A:10:00:00:09"
    entry = wearer(hass, "band", address=old, serial="4A0000001")
    if still_there:
        room.band(config=StrapConfig(address=old, name="WHOOP 4A0000001"))
        room.scanner.advertise()
    room.band()
    room.scanner.advertise()
    if still_there:
        await discovered(hass, room)
        assert entry.unique_id == old
        return
    await until(lambda: entry.unique_id == ADDRESS)
    await until(lambda: entry.state is ConfigEntryState.LOADED)
    assert entry.data["serial"] == "4A0000001"
    assert entry.data["wearer"] == old
    await until(lambda: not hass.config_entries.flow.async_progress_by_handler(DOMAIN))


async def test_options_of_a_wearer_with_a_band(hass: HomeAssistant, room: Room) -> None:
    """The interval has bounds; the rest is chosen from what there is."""
    entry = wearer(hass, "band", address=ADDRESS)
    assert await hass.config_entries.async_setup(entry.entry_id)
    good = {
        "raw_days": 14,
        "keep_raw": False,
        "minute_days": 10,
        "keep_minutes": False,
        "drain_minutes": 1.0,
        "live_mode": "night",
        "night_start": "21:30:00",
        "night_end": "07:00:00",
        "assist": True,
    }
    form = await hass.config_entries.options.async_init(entry.entry_id)
    form = await hass.config_entries.options.async_configure(
        form["flow_id"], {"next_step_id": "settings"}
    )
    for minutes in (0, 61):
        form = await hass.config_entries.options.async_configure(
            form["flow_id"], {**good, "drain_minutes": minutes}
        )
        assert form["errors"] == {"drain_minutes": "drain_minutes_out_of_bounds"}
    done = await hass.config_entries.options.async_configure(form["flow_id"], good)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await until(lambda: entry.state is ConfigEntryState.LOADED)
    assert entry.options == {**good, "drain_minutes": 1}
    assert entry.runtime_data.strap.live_mode == "night"
