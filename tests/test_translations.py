"""Every text exists once, and every text that exists is used."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any, get_args

import pytest
import voluptuous as vol

from custom_components.openstrap import band_flow, const, import_flow, options_flow, phone_flow
from custom_components.openstrap.actions import ACTIONS
from custom_components.openstrap.actions.reads import SPANS
from custom_components.openstrap.actions.upkeep import WHAT_EVERYTHING, WHAT_RAW
from custom_components.openstrap.app_banner import LEVELS
from custom_components.openstrap.automation_options import BANDS
from custom_components.openstrap.binary_sensor import BINARY_SENSORS
from custom_components.openstrap.button import BUTTONS, WEARER_BUTTONS
from custom_components.openstrap.calendar import CALENDAR
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.heart.zones import ZONE
from custom_components.openstrap.engine.insight.nudge_candidates import CODES
from custom_components.openstrap.engine.protocol import Generation
from custom_components.openstrap.engine.told import WORKOUT_KINDS
from custom_components.openstrap.engine.told_rules import ToldFault
from custom_components.openstrap.engine.training.workout_rules import WorkoutFault
from custom_components.openstrap.event import EVENTS, HAPPENINGS
from custom_components.openstrap.export import FORMATS
from custom_components.openstrap.image import IMAGES
from custom_components.openstrap.imports import Refusal
from custom_components.openstrap.live_binary_sensor import LIVE_BINARY_SENSORS
from custom_components.openstrap.notify import BUZZ
from custom_components.openstrap.number import NUMBERS
from custom_components.openstrap.phone.pairing import Outcome
from custom_components.openstrap.select import LIVE_MODE
from custom_components.openstrap.sensor import SENSORS
from custom_components.openstrap.state_sensor import STATE_SENSORS
from custom_components.openstrap.strap import Buzz
from custom_components.openstrap.strap_sensor import LIVE_HEART_RATE, LIVE_SENSORS, STRAP_SENSORS
from custom_components.openstrap.strap_view import LIVE_MODES
from custom_components.openstrap.switch import ALARM
from custom_components.openstrap.time import ALARM_TIME

PACKAGE = Path(const.__file__).parent
ENTITIES = {
    "binary_sensor": (*BINARY_SENSORS, *LIVE_BINARY_SENSORS),
    "button": (*BUTTONS, *WEARER_BUTTONS),
    "calendar": (CALENDAR,),
    "event": (*EVENTS, *HAPPENINGS),
    "image": IMAGES,
    "notify": (BUZZ,),
    "number": NUMBERS,
    "select": (LIVE_MODE,),
    "sensor": (*SENSORS, *STATE_SENSORS, *STRAP_SENSORS, *LIVE_SENSORS),
    "switch": (ALARM,),
    "time": (ALARM_TIME,),
}
SOURCES = "\n".join(path.read_text() for path in sorted(PACKAGE.rglob("*.py")))


@pytest.fixture(scope="module")
def texts() -> dict[str, Any]:
    """Read the English texts."""
    loaded: dict[str, Any] = json.loads((PACKAGE / "translations" / "en.json").read_text())
    return loaded


@pytest.fixture(scope="module")
def icons() -> dict[str, Any]:
    """Read the icons."""
    loaded: dict[str, Any] = json.loads((PACKAGE / "icons.json").read_text())
    return loaded


def leaves(tree: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Walk all texts with their paths."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, (*path, key))
    else:
        assert isinstance(tree, str), path
        yield path, tree


def test_texts_are_no_references_and_not_empty(texts: dict[str, Any]) -> None:
    """References between texts work in core only."""
    for path, text in leaves(texts):
        assert text.strip() == text != "", path
        assert "[%key:" not in text, path


def test_entities_have_names_and_icons(texts: dict[str, Any], icons: dict[str, Any]) -> None:
    """Also the reverse: no name or icon without an entity."""
    assert set(texts["entity"]) == set(icons["entity"]) == set(ENTITIES)
    for platform, descriptions in ENTITIES.items():
        keys = {description.key for description in descriptions}
        assert len(keys) == len(descriptions)
        assert set(texts["entity"][platform]) == keys, platform
        assert set(icons["entity"][platform]) == keys, platform
        names = [text["name"] for text in texts["entity"][platform].values()]
        assert len(set(names)) == len(names), platform
    assert all(re.fullmatch(r"mdi:[a-z0-9-]+", icon) for _, icon in leaves(icons))


def test_every_state_has_a_word(texts: dict[str, Any]) -> None:
    """Options of lists, and the kinds of events."""
    for platform in ("select", "sensor"):
        for description in ENTITIES[platform]:
            options = getattr(description, "options", None) or []
            found = texts["entity"][platform][description.key].get("state", {})
            assert set(found) == set(options), description.key
    for event in (*EVENTS, *HAPPENINGS):
        found = texts["entity"]["event"][event.key]["state_attributes"]["event_type"]["state"]
        assert set(found) == set(event.event_types or ()), event.key
    nudge = texts["entity"]["event"]["nudge"]["state_attributes"]
    assert set(nudge["code"]["state"]) == set(CODES)


def test_actions_are_described(texts: dict[str, Any], icons: dict[str, Any]) -> None:
    """Every action with its fields, and none that is not there."""
    described = {name: set(action.get("fields", {})) for name, action in texts["services"].items()}
    assert described == {action.name: set(map(str, action.fields)) for action in ACTIONS}
    assert set(icons["services"]) == set(described)


def test_names_are_those_of_the_catalogue(texts: dict[str, Any]) -> None:
    """One name for a metric, on every screen."""
    names = texts["entity"]["sensor"]
    assert {key: names[key]["name"] for key in CATALOG} == {
        key: spec.label for key, spec in CATALOG.items()
    }
    for live in (LIVE_HEART_RATE, ZONE):
        assert names[live.key]["name"] == live.label


def _fields(schema: vol.Schema) -> set[str]:
    return {str(key) for key in schema.schema}


def test_every_field_of_every_form_is_described(texts: dict[str, Any]) -> None:
    """A label and a sentence for each field, and none for a field that is not there."""
    wearer = {const.CONF_USERS, "name", *const.PROFILE_FIELDS}
    schemas = {
        "attach": {band_flow.CONF_ENTRY},
        "band": wearer,
        "demo": {const.CONF_USERS},
        "phone": wearer,
        "pick": {const.CONF_ADDRESS},
        "reconfigure": wearer | {const.CONF_ADDRESS},
    }
    steps = texts["config"]["step"]
    assert set(steps) == {*schemas, "user", "found"}
    for step, fields in schemas.items():
        assert set(steps[step]["data"]) == fields, step
        assert set(steps[step]["data_description"]) == fields, step
    menus = {"user": {"pick", const.KIND_PHONE, const.KIND_DEMO}, "found": {"band", "attach"}}
    for step, options in menus.items():
        assert set(steps[step]["menu_options"]) == options
        assert set(steps[step]["menu_option_descriptions"]) == options
    steps = texts["options"]["step"]
    fields = _fields(options_flow.RETENTION_SCHEMA) | _fields(options_flow.LINK_SCHEMA)
    fields |= _fields(options_flow.ASSIST_SCHEMA)
    forms = {
        "settings": fields,
        "pair": _fields(phone_flow.pair_schema([], "somebody")),
        "phones": {phone_flow.CONF_PHONES},
        "import": _fields(import_flow.UPLOAD_SCHEMA),
        "import_report": _fields(import_flow.REPORT_SCHEMA),
    }
    for step, fields in forms.items():
        assert set(steps[step]["data"]) == set(steps[step]["data_description"]) == fields, step
    menu = steps["init"]
    assert set(menu["menu_options"]) == set(options_flow.MENU)
    assert set(menu["menu_option_descriptions"]) == set(options_flow.MENU)
    assert set(texts["options"]["progress"]) >= {
        phone_flow.REACH_ANYWHERE,
        phone_flow.REACH_HOME,
        phone_flow.REACH_UNKNOWN,
    }


def test_every_error_of_a_form_is_written(texts: dict[str, Any]) -> None:
    """Bounds are told field by field; other keys stand in the code as they are."""
    bounded = {f"{field}_out_of_bounds" for field in const.PROFILE_FIELDS if field != "sex"}
    assert set(texts["config"]["error"]) == bounded | {"name_empty", "no_users"}
    bounded = {f"{field}_out_of_bounds" for field in options_flow.BOUNDS}
    assert set(texts["options"]["error"]) >= bounded
    written = {
        "name_empty",
        "no_users",
        *texts["config"]["abort"],
        *texts["options"]["abort"],
        *texts["options"]["error"],
    }
    refusals = {f"import_{refusal}" for refusal in Refusal}
    assert refusals <= set(texts["options"]["error"])
    for key in written - bounded - refusals:
        assert f'"{key}"' in SOURCES or key == "already_configured", key
    aborts = set(texts["config"]["abort"]) | set(texts["options"]["abort"])
    assert set(re.findall(r'async_abort\(\s*reason="(\w+)"', SOURCES)) <= aborts
    assert {str(outcome) for outcome in Outcome} <= set(texts["options"]["abort"])


def test_every_exception_and_issue_is_written(texts: dict[str, Any]) -> None:
    """Keys that the code raises, and only those."""
    raised = set(re.findall(r'translation_key="(\w+)"', SOURCES)) | set(
        re.findall(r'(?:IngestRefused|_error|_refuse_waiting)\(\s*"(\w+)"', SOURCES)
    )
    raised |= {f"workout_{fault}" for fault in get_args(WorkoutFault.__value__)}
    raised |= {f"told_{fault}" for fault in get_args(ToldFault.__value__)}
    raised |= {f"import_{refusal}" for refusal in Refusal}
    named = {
        key for kinds in ENTITIES.values() for description in kinds for key in [description.key]
    }
    # Entities go by the same word; what an exception is called no entity may be.
    assert not named & set(texts["exceptions"])
    assert set(texts["exceptions"]) == raised - named
    assert set(texts["issues"]) == {
        const.ISSUE_TOO_NEW,
        const.ISSUE_DAMAGED,
        const.ISSUE_REJECTED,
        const.ISSUE_PHONE_REUSED,
        *const.STRAP_ISSUES,
    }


def test_selector_texts_are_those_of_the_form(texts: dict[str, Any]) -> None:
    """The options of each selector that is translated."""
    assert {key: set(selector["options"]) for key, selector in texts["selector"].items()} == {
        "band": set(BANDS),
        "banner_level": set(LEVELS),
        "buzz": set(Buzz),
        "export_format": set(FORMATS),
        "generation": set(Generation),
        "live_mode": set(LIVE_MODES),
        "nudge_code": set(CODES),
        "purge_what": {WHAT_RAW, WHAT_EVERYTHING},
        "sex": {"f", "m"},
        "trend_span": set(SPANS),
        "workout_kind": set(WORKOUT_KINDS),
    }


def test_bounds_in_the_texts_are_the_bounds_of_the_code(texts: dict[str, Any]) -> None:
    """A text that names a bound names the right one."""
    from custom_components.openstrap.engine import profile

    errors = texts["config"]["error"]
    for field, (low, high) in {
        "birth_year": profile.AGE_YEARS,
        "height_cm": profile.HEIGHT_CM,
        "weight_kg": profile.WEIGHT_KG,
        "hr_max_bpm": profile.HR_MAX_BPM,
    }.items():
        text = errors[f"{field}_out_of_bounds"]
        assert [int(number) for number in re.findall(r"\d+", text)] == [low, high], field
    options = texts["options"]["error"]
    drain = options["drain_minutes_out_of_bounds"]
    assert f"{const.MIN_DRAIN_MINUTES} to {const.MAX_DRAIN_MINUTES} " in drain
    assert f"{const.MIN_RAW_DAYS} to {const.MAX_RAW_DAYS} " in options["raw_days_out_of_bounds"]
    assert (
        f"{const.MIN_MINUTE_DAYS} to {const.MAX_MINUTE_DAYS} "
        in options["minute_days_out_of_bounds"]
    )
