"""What Assist may be asked, by whom, and what it is told."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.llm import LLM_API_ASSIST, LLMContext, Tool, ToolInput, ToolResult
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.openstrap import llm
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.store import StoreError, WearerStore

from .answers.asked import TODAY
from .stored_days import MISSING, made_day, made_days, store_days, values_of

pytestmark = pytest.mark.full

ASSISTANT = "conversation"
RECOVERY = "sensor.ada_recovery"


def context(user: str | None) -> LLMContext:
    """Somebody talks to Assist, or a voice device (None)."""
    return LLMContext(
        platform="test",
        context=Context(user_id=user),
        language="en",
        assistant=ASSISTANT,
        device_id=None,
    )


@pytest.fixture
async def assist(
    home: HomeAssistant, freezer: FrozenDateTimeFactory, wearer: MockConfigEntry
) -> HomeAssistant:
    """Give a home whose wearer may be asked for, with ten days stored."""
    await home.config.async_update(time_zone="Europe/Berlin")
    freezer.move_to("2026-06-10T10:00:00Z")
    assert await async_setup_component(home, "homeassistant", {})
    home.config_entries.async_update_entry(wearer, options={**wearer.options, "assist": True})
    assert await home.config_entries.async_setup(wearer.entry_id)
    await home.async_block_till_done()
    async_expose_entity(home, ASSISTANT, RECOVERY, True)
    await wearer.runtime_data.worker.async_run(store_days, made_days(TODAY, 10))
    return home


def tools(home: HomeAssistant, user: str | None) -> dict[str, Tool]:
    """Give the tools that somebody's conversation has."""
    found = llm.async_get_tools(home, context(user), LLM_API_ASSIST)
    return {} if found is None else {tool.name: tool for tool in found.tools}


async def ask(home: HomeAssistant, user: str | None, name: str, **args: Any) -> ToolResult:
    """Let a conversation use a tool."""
    result = await tools(home, user)[name].async_call(home, ToolInput(name, args), context(user))
    assert isinstance(result, ToolResult)
    return result


async def test_home_assistant_finds_the_tools(assist: HomeAssistant, hass_admin_user: User) -> None:
    """Through its own API, which warns of nothing; only there."""
    assert await async_setup_component(assist, "llm", {})
    from homeassistant.components.llm import async_get_tools

    found = await async_get_tools(assist, context(hass_admin_user.id), LLM_API_ASSIST)
    ours = [tool for tool in found.tools if tool.integration == "openstrap"]
    assert [tool.name for tool in ours] == [
        "openstrap__get_night", "openstrap__get_recovery", "openstrap__get_week",
    ]  # fmt: skip
    assert found.prompt is not None and "never guess" in found.prompt
    assert all(tool.annotations.read_only and tool.description and tool.title for tool in ours)
    assert llm.async_get_tools(assist, context(None), "other") is None


async def test_opt_in(
    assist: HomeAssistant, wearer: MockConfigEntry, hass_admin_user: User
) -> None:
    """Without the option, without exposing, or unloaded: nothing is offered."""
    me = hass_admin_user.id
    assert tools(assist, me)
    async_expose_entity(assist, ASSISTANT, RECOVERY, False)
    assert not tools(assist, me)
    async_expose_entity(assist, ASSISTANT, "sensor.ada_sleep", True)
    assert tools(assist, me)
    assist.config_entries.async_update_entry(wearer, options={**wearer.options, "assist": False})
    assert not tools(assist, me)
    assist.config_entries.async_update_entry(wearer, options={**wearer.options, "assist": True})
    assert await assist.config_entries.async_unload(wearer.entry_id)
    assert not tools(assist, me)


async def test_others_are_not_told(assist: HomeAssistant) -> None:
    """Another user is not, not even an administrator; a voice device is, by what is exposed."""
    guest = MockUser(name="Guest", is_owner=True).add_to_hass(assist)
    assert not tools(assist, guest.id)
    tool = tools(assist, None)["openstrap__get_night"]
    result = await tool.async_call(assist, ToolInput("openstrap__get_night", {}), context(guest.id))
    assert isinstance(result, ToolResult)
    assert result.error
    assert set(result.data) == {"error"}


async def test_how_did_i_sleep(assist: HomeAssistant, hass_admin_user: User) -> None:
    """The newest night, with how sure it is, and what is not known."""
    result = await ask(assist, hass_admin_user.id, "openstrap__get_night")
    assert not result.error
    data: Any = result.data
    assert (data["person"], data["day"]) == ("Ada", "2026-06-10")
    assert data["in_bed"]["end"] == "2026-06-10T07:00:00+02:00"
    assert set(data["metrics"]) == set(llm.NIGHT)
    slept = data["metrics"]["sleep_min"]
    assert (slept["value"], slept["confidence"]) == (values_of(TODAY)["sleep_min"], 0.8)
    deep = data["metrics"]["deep_min"]
    assert (deep["value"], deep["confidence"], deep["note"]) == (None, 0.0, MISSING)


async def test_another_night(assist: HomeAssistant, hass_admin_user: User) -> None:
    """By its date; one that is not there is said not to be known."""
    me = hass_admin_user.id
    found: Any = (await ask(assist, me, "openstrap__get_night", date="2026-06-05")).data
    assert found["day"] == "2026-06-05"
    null: Any = (await ask(assist, me, "openstrap__get_night", date=None, person=None)).data
    assert null["day"] == "2026-06-10", "as if it was left out"
    gone: Any = (await ask(assist, me, "openstrap__get_night", date="2020-01-01")).data
    assert (gone["known"], gone["reason"]) == (False, "not_derived")
    for wrong in ({"date": "soon"}, {"date": 4}, {"person": "Eve"}):
        assert (await ask(assist, me, "openstrap__get_night", **wrong)).error, wrong


async def test_recovery_and_why(assist: HomeAssistant, hass_admin_user: User) -> None:
    """With what moved it."""
    data: Any = (await ask(assist, hass_admin_user.id, "openstrap__get_recovery")).data
    assert data["metrics"]["recovery"]["drivers"] == [["made_up", 1.0]]
    assert set(data["metrics"]) == set(llm.RECOVERY)


async def test_my_week(
    assist: HomeAssistant, wearer: MockConfigEntry, hass_admin_user: User
) -> None:
    """Seven days, beside those before, and how sure the newest are."""
    data: Any = (await ask(assist, hass_admin_user.id, "openstrap__get_week")).data
    assert (data["start_date"], data["end_date"], data["days"]) == ("2026-06-04", "2026-06-10", 7)
    assert len(data["metrics"]["recovery"]["values"]) == 7
    assert data["newest"]["metrics"]["recovery"]["confidence"] == 0.8
    assert data["metrics"]["workouts"]["reason"] == "no_values"
    assert data["newest"]["metrics"]["workouts"]["note"] == MISSING
    empty = made_day(TODAY, {}, night=False)
    await wearer.runtime_data.worker.async_run(store_days, [empty])
    data = (await ask(assist, hass_admin_user.id, "openstrap__get_week")).data
    assert data["newest"]["metrics"]["recovery"]["value"] is None


async def test_two_wearers(
    assist: HomeAssistant, wearer: MockConfigEntry, hass_admin_user: User
) -> None:
    """Whose it is must be said; two of one name cannot be told apart."""
    other = MockConfigEntry(
        domain="openstrap",
        title="Ben",
        unique_id="fedcba9876543210",
        data={"kind": "phone", "users": [hass_admin_user.id], "devices": []},
        options={"assist": True},
    )
    other.add_to_hass(assist)
    assert await assist.config_entries.async_setup(other.entry_id)
    await assist.async_block_till_done()
    async_expose_entity(assist, ASSISTANT, "sensor.ben_recovery", True)
    me = hass_admin_user.id
    assert (await ask(assist, me, "openstrap__get_night")).error
    ben: Any = (await ask(assist, me, "openstrap__get_night", person="Ben")).data
    assert ben == {"person": "Ben", "known": False, "reason": "not_derived"}
    assist.config_entries.async_update_entry(other, title="Ada")
    assert not tools(assist, me)


async def test_a_broken_disk(
    assist: HomeAssistant, hass_admin_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is said, and not what it holds."""

    def broken(*_: Any) -> Any:
        raise StoreError("io", "disk gone")

    monkeypatch.setattr(WearerStore, "days", broken)
    result = await ask(assist, hass_admin_user.id, "openstrap__get_night")
    assert result.error
    assert result.data == {"error": "The data cannot be read now"}


def test_what_is_answered_is_in_the_catalogue() -> None:
    """And what a week is made of has a mean."""
    assert {*llm.NIGHT, *llm.RECOVERY, *llm.WEEK} <= set(CATALOG)
    assert all(CATALOG[key].unit != "epoch_s" for key in llm.WEEK)
