"""Blueprints as files, and the page about automations: what whoever takes them needs."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, selector
from homeassistant.helpers.condition import async_validate_conditions_config
from homeassistant.helpers.trigger import async_validate_trigger_config
from homeassistant.setup import async_setup_component
from homeassistant.util import yaml as yaml_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.openstrap.condition import CONDITIONS
from custom_components.openstrap.engine.insight.nudge_candidates import CODES
from custom_components.openstrap.trigger import TRIGGERS

from .blueprints.shelf import NAMES, SHELF, lay_out
from .conftest import ROOT

SOURCE = "https://github.com/openstrap/openstrap-homeassistant/blob/main"
IMPORT = "https://my.home-assistant.io/redirect/blueprint_import/"
PAGE = (ROOT / "docs" / "automations.md").read_text(encoding="utf-8")
INTEGRATION = ROOT / "custom_components" / "openstrap"
FENCE = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


@pytest.fixture
async def blueprints(home: HomeAssistant) -> dict[str, Blueprint]:
    """Give the blueprints as Home Assistant loads them."""
    await lay_out(home)
    assert await async_setup_component(home, "automation", {})
    found = await async_get_blueprints(home).async_get_blueprints()
    loaded = {
        path.removeprefix("openstrap/").removesuffix(".yaml"): one
        for path, one in found.items()
        if path.startswith("openstrap/")
    }
    good = {stem: one for stem, one in loaded.items() if isinstance(one, Blueprint)}
    assert sorted(good) == sorted(loaded) == NAMES, loaded
    return good


async def test_every_blueprint_says_what_it_is(blueprints: dict[str, Blueprint]) -> None:
    """A name of its own, where it comes from, and the version it needs, which is not too new."""
    assert len(blueprints) == 10
    for stem, blueprint in blueprints.items():
        assert blueprint.validate() is None
        about = blueprint.metadata
        assert about["source_url"] == f"{SOURCE}/blueprints/automation/openstrap/{stem}.yaml"
        assert about["homeassistant"] == {"min_version": "2026.10.0"}
        assert "author" not in about
        assert len(about["description"]) > 80
    assert len({one.name for one in blueprints.values()}) == 10


async def test_every_input_is_used_and_helps(blueprints: dict[str, Blueprint]) -> None:
    """Each has a name, a selector, and a default that its selector admits."""
    for stem, blueprint in blueprints.items():
        body = {key: value for key, value in blueprint.data.items() if key != "blueprint"}
        assert yaml_util.extract_inputs(body) == set(blueprint.inputs), stem
        for key, about in blueprint.inputs.items():
            assert about["name"], (stem, key)
            default = about.get("default", "")
            if default not in ("", []):
                admit: Any = selector.selector(about["selector"])
                admit(default)
        must = [about for about in blueprint.inputs.values() if "default" not in about]
        assert "openstrap" in str(must[0]["selector"]), "whose it is comes first"


def test_blueprints_know_only_what_there_is() -> None:
    """Triggers, conditions and actions of the integration that exist."""
    services = yaml.safe_load((INTEGRATION / "services.yaml").read_text(encoding="utf-8"))
    known = {"trigger": TRIGGERS, "condition": CONDITIONS, "action": services}
    used = set()
    for path in SHELF.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for kind, name in re.findall(r"(trigger|condition|action): openstrap\.(\w+)", text):
            assert name in known[kind], (path.stem, name)
            used.add(name)
    assert {"fell_asleep", "woke_up", "is_asleep", "buzz"} <= used


def sections(chapter: str) -> dict[str, str]:
    """Give the sections of a chapter of the page by their headings."""
    text = PAGE.partition(f"\n## {chapter}\n")[2].partition("\n## ")[0]
    return {one.partition("\n")[0]: one.partition("\n")[2] for one in text.split("\n### ")[1:]}


def examples(chapter: str) -> list[tuple[str, dict[str, Any]]]:
    """Give the last example of each section of a chapter, with the section's heading."""
    return [
        (name, yaml.safe_load(FENCE.findall(text)[-1])) for name, text in sections(chapter).items()
    ]


def test_the_page_has_all() -> None:
    """A section each, by its name."""
    assert sorted(sections("Triggers")) == sorted(f"openstrap.{key}" for key in TRIGGERS)
    assert sorted(sections("Conditions")) == sorted(f"openstrap.{key}" for key in CONDITIONS)
    assert sorted(sections("Blueprints")) == NAMES


def test_the_page_has_every_nudge() -> None:
    """In the order of all, each once."""
    chapter = PAGE.partition("\n## Nudges\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", chapter, re.MULTILINE) == list(CODES)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_tells_how_to_get_it(name: str) -> None:
    """With a link that imports just this file."""
    [link] = re.findall(rf"\(({re.escape(IMPORT)}[^)]+)\)", sections("Blueprints")[name])
    [url] = parse_qs(urlsplit(link).query)["blueprint_url"]
    assert url == f"{SOURCE}/blueprints/automation/openstrap/{name}.yaml"


async def test_the_pages_examples_are_good(
    home: HomeAssistant, blueprints: dict[str, Blueprint], loaded: MockConfigEntry
) -> None:
    """Home Assistant takes every trigger and every condition as it stands there."""
    for name, example in examples("Triggers"):
        triggers = cv.TRIGGER_SCHEMA(example["triggers"])
        [trigger] = await async_validate_trigger_config(home, triggers)
        assert trigger["platform"] == name
    for name, example in examples("Conditions"):
        conditions = cv.CONDITIONS_SCHEMA(example["conditions"])
        [condition] = await async_validate_conditions_config(home, conditions)
        assert isinstance(condition, dict)
        assert condition["condition"] == name


async def test_the_pages_automations_can_be_made(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Of every blueprint, with the inputs of its example."""
    await lay_out(home)
    automations = [{"id": name, "alias": name, **one} for name, one in examples("Blueprints")]
    assert await async_setup_component(home, "automation", {"automation": automations})
    await home.async_block_till_done()
    states = {state.name: state.state for state in home.states.async_all("automation")}
    assert states == dict.fromkeys(NAMES, "on")
