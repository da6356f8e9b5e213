"""Automations with the integration's triggers and conditions, and what they did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from homeassistant.components.automation.const import DOMAIN as AUTOMATION
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

RAN = "test_ran"


@dataclass
class Runs:
    """What automations were run with: the variables of their triggers, in order."""

    home: HomeAssistant
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def told(self) -> list[dict[str, Any]]:
        """Give all runs since this was asked last."""
        await self.home.async_block_till_done()
        found, self.seen = self.seen, []
        return found


def device_id(home: HomeAssistant, entry: MockConfigEntry) -> str:
    """Give the id of a wearer's device."""
    [device] = dr.async_entries_for_config_entry(dr.async_get(home), entry.entry_id)
    return device.id


async def automate(
    home: HomeAssistant,
    trigger: dict[str, Any] | None = None,
    condition: dict[str, Any] | None = None,
) -> Runs:
    """Set up an automation that notes its trigger; it runs by the event ``go`` without one."""
    config = {
        "alias": "test",
        "triggers": [trigger or {"trigger": "event", "event_type": "go"}],
        "conditions": [] if condition is None else [condition],
        "actions": [{"event": RAN, "event_data_template": {"trigger": "{{ trigger }}"}}],
        "mode": "queued",
    }
    assert await async_setup_component(home, AUTOMATION, {AUTOMATION: [config]})
    await home.async_block_till_done()
    runs = Runs(home)

    @callback
    def note(event: Event) -> None:
        runs.seen.append(event.data["trigger"])

    home.bus.async_listen(RAN, note)
    return runs


def is_up(home: HomeAssistant) -> bool:
    """Tell whether the automation was taken: one with a mistake is unavailable."""
    state = home.states.get("automation.test")
    return state is not None and state.state == "on"


async def trigger_on(
    home: HomeAssistant, entry: MockConfigEntry, name: str, **options: Any
) -> Runs:
    """Set up an automation on a wearer's device."""
    config: dict[str, Any] = {
        "trigger": f"openstrap.{name}",
        "target": {"device_id": device_id(home, entry)},
    }
    if options:
        config["options"] = options
    runs = await automate(home, config)
    assert is_up(home)
    return runs


async def check_descriptions(
    home: HomeAssistant,
    found: Mapping[str, Any],
    kinds: Mapping[str, Any],
    given: Mapping[str, dict[str, Any]],
) -> None:
    """Hold what Home Assistant reads of our files against the code: fields, defaults, targets.

    ``found`` are its descriptions, ``kinds`` our classes by name, ``given`` the options without
    which a kind is refused.
    """
    mine = {name: one for name, one in found.items() if name.startswith("openstrap.")}
    assert set(mine) == {f"openstrap.{name}" for name in kinds}
    for name, described in mine.items():
        assert described is not None, name
        assert described["target"]["entity"] == [{"integration": "openstrap"}]
        short = name.removeprefix("openstrap.")
        needed = given.get(short, {})
        options = {
            key: field["default"]
            for key, field in described["fields"].items()
            if "default" in field
        }
        target = {"device_id": ["x"]}
        validate = kinds[short].async_validate_config
        valid = await validate(home, {"target": target, "options": needed})
        assert set(valid["options"]) == set(described["fields"]), name
        again = await validate(home, {"target": target, "options": options | needed})
        assert again["options"] == valid["options"], f"{name}: the form and the code agree"
