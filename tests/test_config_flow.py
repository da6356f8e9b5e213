"""Adding a wearer, and changing what is known and kept of one."""

from datetime import date
from typing import Any, cast

from homeassistant import config_entries
from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.openstrap.const import DOMAIN
from custom_components.openstrap.wearer_form import profile_of


async def start(hass: HomeAssistant, kind: str) -> ConfigFlowResult:
    """Open the menu and choose."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": config_entries.SOURCE_USER}
    )
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["pick", "phone", "demo"]
    return await hass.config_entries.flow.async_configure(menu["flow_id"], {"next_step_id": kind})


def suggested(result: ConfigFlowResult) -> dict[str, Any]:
    """Tell what a form has filled in already."""
    assert result["data_schema"] is not None
    return {
        str(key): key.description["suggested_value"]
        for key in result["data_schema"].schema
        if key.description and "suggested_value" in key.description
    }


async def test_a_wearer_is_added(home: HomeAssistant, hass_admin_user: User) -> None:
    """Everything told; facts and preferences apart."""
    form = await start(home, "phone")
    assert form["type"] is FlowResultType.FORM
    assert suggested(form)["users"] == [hass_admin_user.id], "the only user is filled in"
    done = await home.config_entries.flow.async_configure(
        form["flow_id"],
        {
            "name": " Ada ",
            "users": [hass_admin_user.id],
            "birth_year": 1990.0,
            "sex": "f",
            "height_cm": 171.5,
            "weight_kg": 63.2,
            "hr_max_bpm": 188.0,
        },
    )
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Ada"
    assert done["data"] == {"kind": "phone", "users": [hass_admin_user.id], "devices": []}
    assert done["options"] == {
        "birth_year": 1990,
        "sex": "f",
        "height_cm": 171.5,
        "weight_kg": 63.2,
        "hr_max_bpm": 188.0,
    }
    await home.async_block_till_done()
    assert done["result"].state is ConfigEntryState.LOADED
    assert done["result"].unique_id


async def test_what_is_not_told_is_not_made_up(home: HomeAssistant, hass_admin_user: User) -> None:
    """A name and a user are enough, and two wearers may have the same name."""
    for _ in range(2):
        form = await start(home, "phone")
        done = await home.config_entries.flow.async_configure(
            form["flow_id"], {"name": "Ada", "users": [hass_admin_user.id]}
        )
        assert done["type"] is FlowResultType.CREATE_ENTRY
        assert done["options"] == {}
    await home.async_block_till_done()
    entries = home.config_entries.async_entries(DOMAIN)
    assert len({entry.unique_id for entry in entries}) == 2


@pytest.mark.full
@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", "  ", "name_empty"),
        ("users", [], "no_users"),
        ("birth_year", 1800, "birth_year_out_of_bounds"),
        ("birth_year", 1990.5, "birth_year_out_of_bounds"),
        ("birth_year", 2200, "birth_year_out_of_bounds"),
        ("birth_year", float("inf"), "birth_year_out_of_bounds"),
        ("height_cm", 49.5, "height_cm_out_of_bounds"),
        ("height_cm", 261, "height_cm_out_of_bounds"),
        ("weight_kg", 19.9, "weight_kg_out_of_bounds"),
        ("weight_kg", 400.1, "weight_kg_out_of_bounds"),
        ("hr_max_bpm", 99, "hr_max_bpm_out_of_bounds"),
        ("hr_max_bpm", 231, "hr_max_bpm_out_of_bounds"),
    ],
)
async def test_an_error_stands_beside_its_field_and_can_be_mended(
    home: HomeAssistant, hass_admin_user: User, field: str, value: object, error: str
) -> None:
    """What was filled in stays; the second try succeeds."""
    good = {"name": "Ada", "users": [hass_admin_user.id], "height_cm": 170}
    form = await start(home, "phone")
    form = await home.config_entries.flow.async_configure(form["flow_id"], {**good, field: value})
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == {field: error}
    assert suggested(form) == {**good, field: value}
    done = await home.config_entries.flow.async_configure(form["flow_id"], good)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await home.async_block_till_done()


async def test_only_people_can_be_chosen(home: HomeAssistant, hass_admin_user: User) -> None:
    """Accounts of the system and switched-off ones are not offered."""
    named = MockUser(name="Zoe").add_to_hass(home)
    MockUser(name="Gone", is_active=False).add_to_hass(home)
    nameless = MockUser(name=None).add_to_hass(home)
    await home.auth.async_create_system_user("Machine")
    form = await start(home, "phone")
    assert form["data_schema"] is not None
    field = form["data_schema"].schema["users"]
    offered = {option["value"]: option["label"] for option in field.config["options"]}
    assert set(offered) == {hass_admin_user.id, named.id, nameless.id}
    assert offered[nameless.id] == "?"
    assert suggested(form)["users"] == [], "with several users nobody is chosen silently"
    with pytest.raises(InvalidData):
        await home.config_entries.flow.async_configure(
            form["flow_id"], {"name": "Ada", "users": ["stranger"]}
        )


async def test_the_demo_wearer_is_added_once(home: HomeAssistant, hass_admin_user: User) -> None:
    """Needs at least one reader; there is only one demo wearer."""
    form = await start(home, "demo")
    form = await home.config_entries.flow.async_configure(form["flow_id"], {"users": []})
    assert form["errors"] == {"users": "no_users"}
    done = await home.config_entries.flow.async_configure(form["flow_id"], {})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Demo"
    assert done["data"] == {"kind": "demo", "users": [hass_admin_user.id], "devices": []}
    assert profile_of(done["options"]).age_on(date(2026, 7, 1)) == 36
    assert done["result"].unique_id == "demo"
    again = await start(home, "demo")
    assert again["type"] is FlowResultType.ABORT
    assert again["reason"] == "already_configured"
    await home.config_entries.async_unload(done["result"].entry_id)


async def test_reconfigure_changes_the_profile_and_who_may_read(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: User
) -> None:
    """What was told before is filled in, can be emptied, and retention stays as it was."""
    home.config_entries.async_update_entry(
        loaded,
        data={**loaded.data, "users": [hass_admin_user.id, "deleted"], "devices": ["4A01"]},
        options={**loaded.options, "sex": "f", "raw_days": 30},
    )
    other = MockUser(name="Zoe").add_to_hass(home)
    form = await loaded.start_reconfigure_flow(home)
    assert suggested(form) == {
        "name": "Ada",
        "users": [hass_admin_user.id],
        "birth_year": 1990,
        "sex": "f",
    }
    good = {"name": "Ada L.", "users": [other.id], "weight_kg": 60.0}
    form = await home.config_entries.flow.async_configure(
        form["flow_id"], {**good, "weight_kg": 10}
    )
    assert form["errors"] == {"weight_kg": "weight_kg_out_of_bounds"}
    done = await home.config_entries.flow.async_configure(form["flow_id"], good)
    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "reconfigure_successful"
    await home.async_block_till_done()
    assert loaded.title == "Ada L."
    assert loaded.data == {
        "kind": "phone",
        "users": [other.id],
        "devices": ["4A01"],
        "slug": "ada",
    }
    assert loaded.options == {"weight_kg": 60.0, "raw_days": 30}
    assert loaded.state is ConfigEntryState.LOADED


@pytest.mark.full
@pytest.mark.parametrize(
    ("field", "value"),
    [("raw_days", 2), ("raw_days", 366), ("minute_days", 9), ("minute_days", 3651)],
)
async def test_options_have_bounds_and_keep_the_profile(
    home: HomeAssistant, loaded: MockConfigEntry, field: str, value: int
) -> None:
    """Out of bounds is told; then the retention changes and nothing else."""
    good = {
        "raw_days": 30.0,
        "keep_raw": False,
        "minute_days": 20.0,
        "keep_minutes": True,
        "assist": True,
    }
    menu = await home.config_entries.options.async_init(loaded.entry_id)
    assert menu["type"] is FlowResultType.MENU
    assert set(cast("list[str]", menu["menu_options"])) >= {"settings", "pair", "phones"}
    form = await home.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "settings"}
    )
    assert form["type"] is FlowResultType.FORM
    form = await home.config_entries.options.async_configure(
        form["flow_id"], {**good, field: value}
    )
    assert form["errors"] == {field: f"{field}_out_of_bounds"}
    done = await home.config_entries.options.async_configure(form["flow_id"], good)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await home.async_block_till_done()
    assert loaded.options == {
        "birth_year": 1990,
        "raw_days": 30,
        "keep_raw": False,
        "minute_days": 20,
        "keep_minutes": True,
        "assist": True,
    }
    assert loaded.state is ConfigEntryState.LOADED
