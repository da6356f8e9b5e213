"""Every text exists once, and every text that exists is used."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

import pytest
import voluptuous as vol

from custom_components.openstrap import config_flow, const
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.sensor import SENSORS

PACKAGE = Path(const.__file__).parent
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


def test_sensors_have_names_and_icons(texts: dict[str, Any], icons: dict[str, Any]) -> None:
    """Also the reverse: no name or icon without a sensor."""
    keys = {description.translation_key for description in SENSORS}
    assert set(texts["entity"]) == set(icons["entity"]) == {"sensor"}
    assert set(texts["entity"]["sensor"]) == keys
    assert set(icons["entity"]["sensor"]) == keys
    assert all(re.fullmatch(r"mdi:[a-z0-9-]+", icon) for _, icon in leaves(icons))


def test_names_are_those_of_the_catalogue(texts: dict[str, Any]) -> None:
    """One name for a metric, on every screen."""
    names = texts["entity"]["sensor"]
    assert {key: names[key]["name"] for key in CATALOG} == {
        key: spec.label for key, spec in CATALOG.items()
    }


def _fields(schema: vol.Schema) -> set[str]:
    return {str(key) for key in schema.schema}


def test_every_field_of_every_form_is_described(texts: dict[str, Any]) -> None:
    """A label and a sentence for each field, and none for a field that is not there."""
    wearer = {const.CONF_USERS, "name", *const.PROFILE_FIELDS}
    schemas = {
        "phone": wearer,
        "reconfigure": wearer,
        "demo": {const.CONF_USERS},
    }
    steps = texts["config"]["step"]
    assert set(steps) == {*schemas, "user"}
    for step, fields in schemas.items():
        assert set(steps[step]["data"]) == fields, step
        assert set(steps[step]["data_description"]) == fields, step
    menu = {const.KIND_PHONE, const.KIND_DEMO}
    assert set(steps["user"]["menu_options"]) == menu
    assert set(steps["user"]["menu_option_descriptions"]) == menu
    init = texts["options"]["step"]["init"]
    assert set(init["data"]) == _fields(config_flow.RETENTION_SCHEMA)
    assert set(init["data_description"]) == _fields(config_flow.RETENTION_SCHEMA)


def test_every_error_of_a_form_is_written(texts: dict[str, Any]) -> None:
    """Bounds are told field by field; other keys stand in the code as they are."""
    bounded = {f"{field}_out_of_bounds" for field in const.PROFILE_FIELDS if field != "sex"}
    assert set(texts["config"]["error"]) == bounded | {"name_empty", "no_users"}
    assert set(texts["options"]["error"]) == {
        f"{field}_out_of_bounds" for field in (const.CONF_RAW_DAYS, const.CONF_MINUTE_DAYS)
    }
    for key in (*({"name_empty", "no_users"}), *texts["config"]["abort"]):
        assert f'"{key}"' in SOURCES or key == "already_configured", key
    assert set(re.findall(r'async_abort\(reason="(\w+)"', SOURCES)) <= set(texts["config"]["abort"])


def test_every_exception_and_issue_is_written(texts: dict[str, Any]) -> None:
    """Keys that the code raises, and only those."""
    raised = set(re.findall(r'translation_key="(\w+)"', SOURCES)) | set(
        re.findall(r'IngestRefused\(\s*"(\w+)"', SOURCES)
    )
    assert set(texts["exceptions"]) == raised
    assert set(texts["issues"]) == {
        const.ISSUE_TOO_NEW,
        const.ISSUE_DAMAGED,
        const.ISSUE_REJECTED,
    }


def test_selector_texts_are_those_of_the_form(texts: dict[str, Any]) -> None:
    """The options of the one selector that is translated."""
    assert texts["selector"] == {"sex": {"options": {"f": "Female", "m": "Male"}}}


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
    assert f"{const.MIN_RAW_DAYS} to {const.MAX_RAW_DAYS} " in options["raw_days_out_of_bounds"]
    assert (
        f"{const.MIN_MINUTE_DAYS} to {const.MAX_MINUTE_DAYS} "
        in options["minute_days_out_of_bounds"]
    )
