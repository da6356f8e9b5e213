"""The files that Home Assistant and its marketplace read about the integration."""

import json
from pathlib import Path
from typing import Any

import homeassistant
from homeassistant.const import __version__ as HA_VERSION
from packaging.requirements import Requirement
import pytest
import yaml

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "custom_components" / "openstrap"
HOME_ASSISTANT = Path(homeassistant.__file__).parent


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """Read the manifest, keys in their order."""
    loaded: dict[str, Any] = json.loads((PACKAGE / "manifest.json").read_text())
    return loaded


def test_the_manifest_has_what_a_custom_integration_needs(manifest: dict[str, Any]) -> None:
    """Key order and keys as Home Assistant's own checker wants them."""
    keys = list(manifest)
    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])
    assert manifest["domain"] == PACKAGE.name
    assert manifest["version"] == "0.1.0"
    assert manifest["integration_type"] == "device"
    assert manifest["iot_class"] == "local_push"
    assert manifest["config_flow"] is True
    assert manifest["codeowners"] == ["@openstrap"]
    assert "bluetooth" not in manifest["dependencies"], "bluetooth_adapters waits for proxies"
    assert manifest["documentation"].startswith("https://")
    assert manifest["issue_tracker"].startswith("https://")


def test_the_version_is_told_once(manifest: dict[str, Any]) -> None:
    """The project and the integration have the same version."""
    assert f'version = "{manifest["version"]}"' in (ROOT / "pyproject.toml").read_text()


def test_bands_are_found_by_service_or_name(manifest: dict[str, Any]) -> None:
    """The three matchers of both generations, in the form that Home Assistant compares."""
    matchers = manifest["bluetooth"]
    assert all(matcher["connectable"] is True for matcher in matchers)
    assert {matcher["service_uuid"] for matcher in matchers if "service_uuid" in matcher} == {
        "61080001-8d6d-82b8-614a-1c8cb0f8dcc6",
        "fd4b0001-cce1-4033-93ce-002d5875f58a",
    }
    assert [matcher["local_name"] for matcher in matchers if "local_name" in matcher] == ["WHOOP*"]
    for matcher in matchers:
        assert matcher.get("service_uuid", "").islower() or "local_name" in matcher


def test_home_assistant_admits_the_requirements(manifest: dict[str, Any]) -> None:
    """A range must hold what Home Assistant pins, or the set-up fails; scipy is not pinned."""
    pins = {
        requirement.name: next(iter(requirement.specifier)).version
        for line in (HOME_ASSISTANT / "package_constraints.txt").read_text().splitlines()
        if "==" in line and not line.startswith("#")
        for requirement in [Requirement(line)]
    }
    locked = {
        requirement.name: next(iter(requirement.specifier)).version
        for line in (ROOT / "requirements.lock").read_text().splitlines()
        if "==" in line and not line.lstrip().startswith(("#", "-"))
        for requirement in [Requirement(line.rstrip(" \\"))]
    }
    requirements = [Requirement(text) for text in manifest["requirements"]]
    assert [requirement.name for requirement in requirements] == ["numpy", "scipy"]
    for requirement in requirements:
        assert requirement.specifier.contains(
            pins.get(requirement.name, locked[requirement.name])
        ), requirement
        assert locked[requirement.name] == pins.get(requirement.name, locked[requirement.name])


def test_the_marketplace_file_names_the_tested_minor_version() -> None:
    """Only keys that are read, and the version that the tests run on."""
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert set(hacs) == {"name", "homeassistant"}
    major, minor, _ = HA_VERSION.split(".")
    assert hacs["homeassistant"] == f"{major}.{minor}.0"


def test_the_quality_scale_answers_every_rule() -> None:
    """The 54 rules that core integrations answer, each done, todo, or exempt with the reason."""
    rules = yaml.safe_load((PACKAGE / "quality_scale.yaml").read_text())["rules"]
    core = yaml.safe_load(
        (HOME_ASSISTANT / "components" / "casper_glow" / "quality_scale.yaml").read_text()
    )["rules"]
    assert list(rules) == list(core)
    assert len(rules) == 54
    for rule, state in rules.items():
        if isinstance(state, dict):
            assert state["status"] in {"exempt", "todo"}, rule
            assert state["comment"], rule
        else:
            assert state in {"done", "todo"}, rule
