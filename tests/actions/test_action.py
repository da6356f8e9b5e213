"""What all actions share: how they are offered, and which mistakes are told how."""

import json
import logging
from pathlib import Path
import re
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol
import yaml

from custom_components.openstrap import actions
from custom_components.openstrap.engine.told import WORKOUT_KINDS
from custom_components.openstrap.store import StoreError, WearerStore
from custom_components.openstrap.worker import WorkerClosed

from . import ENTITY, Ask, Store

pytestmark = pytest.mark.full

PACKAGE = Path(actions.__file__).parents[1]
FORMS: dict[str, Any] = yaml.safe_load((PACKAGE / "services.yaml").read_text())
TEXTS = json.loads((PACKAGE / "translations" / "en.json").read_text())
BY_NAME = {action.name: action for action in actions.ACTIONS}


def test_every_action_has_a_form_and_every_form_an_action() -> None:
    """With the same fields, each described."""
    assert set(FORMS) == set(BY_NAME) == set(TEXTS["services"])
    assert len(BY_NAME) == len(actions.ACTIONS)
    for name, action in BY_NAME.items():
        fields = set((FORMS[name] or {}).get("fields", {}))
        assert fields == set(map(str, action.fields)), name
        assert fields == set(TEXTS["services"][name].get("fields", {})), name


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("log_journal", {"note": "half \ud83d"}),
        ("log_journal", {"tags": ["late_coffee", "\udcff"]}),
        ("log_journal", {"numbers": {"\ud800": 1.0}}),
        ("start_workout", {"title": "\ud800"}),
        ("get_trend", {"metric": "\ud800"}),
    ],
)
async def test_half_a_character_is_no_text(
    ask: Ask, stored: Store, action: str, data: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """YAML can write one; it is told, and nothing of it is kept."""
    # In its most talkative mode Home Assistant logs every call, and nothing can hold that line.
    caplog.set_level(logging.INFO, "homeassistant.core")
    before = await stored(WearerStore.dump)
    key, told = await ask.refused(action, **data)
    assert key == "half_a_character"
    assert "\\u" in told["value"]
    assert await stored(WearerStore.dump) == before


@pytest.mark.parametrize("name", BY_NAME)
def test_examples_and_defaults_are_taken(name: str) -> None:
    """What the form proposes passes the schema; what must be there must be there."""
    form, schema = FORMS[name] or {}, BY_NAME[name].schema
    target = {"entity_id": ENTITY} if "target" in form else {}
    fields = form.get("fields", {})
    examples = {
        key: json.loads(field["example"]) if str(field["example"])[:1] in "[{" else field["example"]
        for key, field in fields.items()
    }
    assert schema(target | examples)
    needed = {key for key, field in fields.items() if field.get("required")}
    usual = schema(target | {key: examples[key] for key in needed})
    for key, field in fields.items():
        if "default" in field:
            assert usual[key] == field["default"], key
    for key in needed - {"date", "start", "end"}:
        with pytest.raises(vol.Invalid):
            schema(target | {other: value for other, value in examples.items() if other != key})
    if target:
        with pytest.raises(vol.Invalid):
            schema(examples)


def test_options_of_selectors_are_translated() -> None:
    """And every option is one that the schema takes."""
    for name, form in FORMS.items():
        for key, field in (form or {}).get("fields", {}).items():
            if "select" not in field["selector"]:
                continue
            chosen = field["selector"]["select"]
            options = TEXTS["selector"][chosen["translation_key"]]["options"]
            assert set(options) == set(chosen["options"]), (name, key)
            [check] = (c for mark, c in BY_NAME[name].fields.items() if str(mark) == key)
            for option in chosen["options"]:
                assert check(option) == option
    kinds = FORMS["start_workout"]["fields"]["kind"]["selector"]["select"]["options"]
    assert tuple(kinds) == WORKOUT_KINDS


async def test_home_assistant_reads_the_forms(home: HomeAssistant) -> None:
    """Its own loader takes them, and knows which answer."""
    assert await async_setup_component(home, "openstrap", {})
    described = (await async_get_all_descriptions(home))["openstrap"]
    assert set(described) == set(BY_NAME)
    assert described["get_night"]["response"] == {"optional": False}
    assert described["log_journal"]["response"] == {"optional": True}
    assert "response" not in described["buzz"]
    reads = {name for name, one in BY_NAME.items() if one.response is SupportsResponse.ONLY}
    assert reads == {name for name in BY_NAME if name.startswith("get_")} | {"export"}


async def test_one_wearer_is_meant(
    ask: Ask, banded: MockConfigEntry, wearer: MockConfigEntry
) -> None:
    """Not two, not another integration's entity, and one that is up."""
    assert (await ask.refused("get_day", entity_id="light.kitchen"))[0] == "no_wearer_meant"
    home = ask.hass
    with patch("custom_components.openstrap.strap_link.StrapLink.async_start"):
        assert await home.config_entries.async_setup(banded.entry_id)
        await home.async_block_till_done()
        both = [ENTITY, "sensor.ada_battery"]
        assert (await ask.refused("get_day", entity_id=both))[0] == "several_wearers_meant"
        assert await home.config_entries.async_unload(banded.entry_id)
    assert await home.config_entries.async_unload(wearer.entry_id)
    assert await ask.refused("get_day") == ("wearer_not_ready", {"name": "Ada"})


async def test_a_file_that_cannot_be_used(ask: Ask, stored: Store, wearer: MockConfigEntry) -> None:
    """Of a newer version nothing is changed, but all is read; a broken disk is named."""
    wearer.runtime_data.worker.read_only = True
    assert (await ask.refused("log_journal", tags=["sick"]))[0] == "store_read_only"
    assert (await ask("get_day"))["known"]
    wearer.runtime_data.worker.read_only = False
    with patch.object(WearerStore, "days", side_effect=StoreError("io", "disk gone")):
        key, placeholders = await ask.refused("get_day")
    assert key == "store_failed"
    assert placeholders["name"] == "Ada"
    with patch.object(WearerStore, "days", side_effect=WorkerClosed):
        assert (await ask.refused("get_day"))[0] == "wearer_not_ready"


def test_placeholders_of_texts_are_given() -> None:
    """Every name in braces is one that the code hands over."""
    source = "\n".join(path.read_text() for path in PACKAGE.glob("actions/*.py"))
    calls = re.findall(r'action_error\(\s*f?"(\w+)[^"]*"((?:[^()]|\([^()]*\))*)\)', source)
    assert len(calls) > 15
    for key, rest in calls:
        if key in TEXTS["exceptions"] and "**" not in rest:
            given = set(re.findall(r"(\w+)=", rest))
            wanted = set(re.findall(r"{(\w+)}", TEXTS["exceptions"][key]["message"]))
            assert wanted == given, key
