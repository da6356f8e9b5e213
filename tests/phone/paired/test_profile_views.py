"""The profile on the phone and in Home Assistant: the same one, whoever changes it."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.store import StoreError

from ..clients import Client
from ..signing import Tokens, get, patch_profile

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon")]


def step_goal(home: HomeAssistant) -> str:
    """Read the number in Home Assistant."""
    entity = er.async_get(home).async_get_entity_id(
        "number", "openstrap", "0123456789abcdef_step_goal"
    )
    assert entity is not None
    state = home.states.get(entity)
    assert state is not None
    return state.state


async def test_what_is_known(phone: Client, tokens: Tokens, loaded: MockConfigEntry) -> None:
    """Null for what is not."""
    assert await get(phone, "/profile", tokens.access) == (
        200,
        {
            "id": loaded.entry_id,
            "email": "ada@example.org",
            "name": "Ada",
            "age": 36,
            "height_cm": None,
            "weight_kg": None,
            "sex": None,
            "step_goal": None,
            "created_at": int(loaded.created_at.timestamp()),
        },
    )


async def test_the_phone_changes_it(
    home: HomeAssistant, phone: Client, tokens: Tokens, loaded: MockConfigEntry
) -> None:
    """Options, entities, device and engine follow at once, without a reload."""
    coordinator = loaded.runtime_data
    told = {
        "name": " Ada L. ",
        "age": 40,
        "height_cm": 171.5,
        "weight_kg": 63,
        "sex": "f",
        "step_goal": 8000.4,
        "email": "other@example.org",
        "hr_max_bpm": 10,
    }
    status, answer = await patch_profile(phone, told, tokens.access)
    assert status == 200
    expected = {
        "name": "Ada L.",
        "age": 40,
        "height_cm": 171.5,
        "weight_kg": 63,
        "sex": "f",
        "step_goal": 8000,
        "email": "ada@example.org",
    }
    assert answer.items() >= expected.items()
    assert await get(phone, "/profile", tokens.access) == (200, answer)
    assert loaded.title == "Ada L."
    assert loaded.options == {
        "birth_year": 1986,
        "height_cm": 171.5,
        "weight_kg": 63,
        "sex": "f",
        "step_goal": 8000,
    }
    await home.async_block_till_done()
    assert loaded.runtime_data is coordinator
    assert coordinator.sweeper._profile.birth_year == 1986
    assert float(step_goal(home)) == 8000
    [device] = dr.async_entries_for_config_entry(dr.async_get(home), loaded.entry_id)
    assert device.name == "Ada L."


async def test_home_assistant_changes_it(
    home: HomeAssistant, phone: Client, tokens: Tokens, loaded: MockConfigEntry
) -> None:
    """By its number, and by reconfiguring the wearer."""
    entity = er.async_get(home).async_get_entity_id(
        "number", "openstrap", "0123456789abcdef_step_goal"
    )
    await home.services.async_call(
        "number", "set_value", {"entity_id": entity, "value": 7500}, blocking=True
    )
    form = await loaded.start_reconfigure_flow(home)
    await home.config_entries.flow.async_configure(
        form["flow_id"], {"name": "Eva", "users": loaded.data["users"], "weight_kg": 58.5}
    )
    await home.async_block_till_done()
    _, answer = await get(phone, "/profile", tokens.access)
    expected = {"name": "Eva", "age": None, "weight_kg": 58.5, "step_goal": 7500}
    assert answer.items() >= expected.items()


async def test_null_forgets(
    home: HomeAssistant, phone: Client, tokens: Tokens, loaded: MockConfigEntry
) -> None:
    """Also what Home Assistant had; but nobody is without a name, and other options stay."""
    home.config_entries.async_update_entry(
        loaded,
        options={
            "birth_year": 1990, "sex": "m", "height_cm": 180.0, "weight_kg": 80.0,
            "step_goal": 9000, "raw_days": 30, "hr_max_bpm": 188,
        },
    )  # fmt: skip
    told = dict.fromkeys(("age", "sex", "height_cm", "weight_kg", "step_goal"))
    status, answer = await patch_profile(phone, {**told, "name": None}, tokens.access)
    assert status == 200
    assert answer.items() >= {**told, "name": "Ada"}.items()
    assert loaded.options == {"raw_days": 30, "hr_max_bpm": 188}
    assert step_goal(home) == "unknown"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("age", [4, 121, 30.5, "30", True, [30], -3, 1e300]),
        ("height_cm", [49.9, 260.1, "tall", False, {}, 1e300]),
        ("weight_kg", [19.9, 400.1, "60", True, []]),
        ("sex", ["x", "", "F", 1, ["f"], {}]),
        ("name", ["", "  ", 7, "x" * 101]),
        ("step_goal", ["many", True, [8000]]),
    ],
)
async def test_bad_values_are_named(
    phone: Client, tokens: Tokens, loaded: MockConfigEntry, field: str, values: list[Any]
) -> None:
    """400, and nothing of the request is kept."""
    for value in values:
        told = {"height_cm": 170, "name": "Eva", field: value}
        status, answer = await patch_profile(phone, told, tokens.access)
        assert (status, answer["error"]) == (400, "Invalid payload"), value
        assert answer["reason"].startswith(field), answer
    assert loaded.options == {"birth_year": 1990}
    assert loaded.title == "Ada"


@pytest.mark.parametrize(
    ("told", "kept"),
    [(0, 1000), (-5, 1000), (999.6, 1000), (1234.4, 1234), (60_000, 50_000), (1e300, 50_000)],
)
async def test_a_step_goal_is_held_to_its_bounds(
    phone: Client, tokens: Tokens, told: float, kept: int
) -> None:
    """Rounded, and moved to the nearer end, as the app expects."""
    status, answer = await patch_profile(phone, {"step_goal": told}, tokens.access)
    assert (status, answer["step_goal"]) == (200, kept)


async def test_bounds_are_within(phone: Client, tokens: Tokens) -> None:
    """Both ends of each."""
    for told in (
        {"age": 5, "height_cm": 50, "weight_kg": 20},
        {"age": 120, "height_cm": 260, "weight_kg": 400},
    ):
        status, answer = await patch_profile(phone, told, tokens.access)
        assert status == 200
        assert answer.items() >= told.items()


async def test_an_empty_change(phone: Client, tokens: Tokens, loaded: MockConfigEntry) -> None:
    """Nothing is asked for, nothing changes; unknown fields are nothing."""
    status, _ = await patch_profile(phone, {"mood": "fine"}, tokens.access)
    assert status == 200
    assert loaded.options == {"birth_year": 1990}
    status, answer = await patch_profile(phone, [1], tokens.access)
    assert (status, answer["reason"]) == (400, "the body is not a JSON object")


async def test_options_that_make_no_profile(
    home: HomeAssistant, phone: Client, tokens: Tokens, loaded: MockConfigEntry
) -> None:
    """A year that the clock makes impossible: no age is said, and it can be mended."""
    home.config_entries.async_update_entry(loaded, options={"birth_year": 2026})
    status, answer = await get(phone, "/profile", tokens.access)
    assert (status, answer["age"]) == (200, None)
    status, answer = await patch_profile(phone, {"weight_kg": 60}, tokens.access)
    assert (status, answer["reason"]) == (400, "age is out of bounds")
    status, answer = await patch_profile(phone, {"age": 30}, tokens.access)
    assert (status, answer["age"]) == (200, 30)


async def test_a_store_that_fails(
    phone: Client, tokens: Tokens, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503: the phone tries again."""

    async def fails(_profile: object) -> None:
        raise StoreError("disk_full")

    monkeypatch.setattr(loaded.runtime_data, "async_set_profile", fails)
    status, answer = await patch_profile(phone, {"weight_kg": 60}, tokens.access)
    assert (status, answer["error"]) == (503, "Wearer not ready")
