"""Every rule of the quality scale that is called done has a proof: a test, or a page."""

import ast
from collections.abc import Iterator
from pathlib import Path
import re
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import slugify
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.openstrap import PLATFORMS
from script.tools.hassfest.quality_scale import RULES

from .conftest import ROOT

PACKAGE = ROOT / "custom_components" / "openstrap"
RAISED_TO_USERS: Final = {
    "ConfigEntryNotReady",
    "HomeAssistantError",
    "ServiceNotFound",
    "ServiceValidationError",
}

PROOFS: Final[dict[str, str]] = {
    # Bronze
    "action-setup": "tests/actions/test_buzz.py::test_the_action_is_there_before_any_wearer",
    "brands": "tests/test_hassfest.py::test_brand_images",
    "common-modules": "tests/test_quality_scale.py::test_what_is_shared_has_its_own_modules",
    "config-flow": "tests/test_translations.py::test_every_field_of_every_form_is_described",
    "config-flow-test-coverage": "tests/test_coverage_floor.py::test_flows_are_tested_whole",
    "dependency-transparency": "tests/test_manifest.py::test_home_assistant_admits_the_requirements",
    "docs-actions": "README.md#Actions",
    "docs-conditions": "docs/automations.md#Conditions",
    "docs-high-level-description": "README.md#OpenStrap for Home Assistant",
    "docs-installation-instructions": "README.md#Installation",
    "docs-removal-instructions": "README.md#Removal",
    "docs-triggers": "docs/automations.md#Triggers",
    "entity-event-setup": "tests/test_binary_sensor.py::test_listening_ends_with_the_entry",
    "entity-unique-id": "tests/test_quality_scale.py::test_every_entity_is_known_by_one_id",
    "has-entity-name": "tests/test_quality_scale.py::test_every_entity_is_known_by_one_id",
    "runtime-data": "tests/test_quality_scale.py::test_nothing_of_a_wearer_is_kept_beside_its_entry",
    "test-before-setup": "tests/test_init.py::test_a_folder_that_cannot_be_used",
    "unique-config-entry": "tests/test_config_flow.py::test_the_demo_wearer_is_added_once",
    # Silver
    "action-exceptions": "tests/actions/test_reads.py::test_mistakes",
    "config-entry-unloading": "tests/test_init.py::test_unloading_ends_the_thread_and_closes_the_file",
    "docs-configuration-parameters": "README.md#Configuration parameters",
    "docs-installation-parameters": "README.md#Installation parameters",
    "entity-unavailable": "tests/test_strap_sensors.py::test_live_values_end_with_the_stream",
    "integration-owner": "tests/test_hassfest.py::test_manifest",
    "log-when-unavailable": "tests/test_strap_link.py::test_out_of_reach_and_back_is_said_once",
    "parallel-updates": "tests/test_quality_scale.py::test_every_platform_says_how_many_at_a_time",
    "test-coverage": "tests/test_coverage_floor.py::test_as_script_test_runs_it",
    # Gold
    "devices": "tests/test_strap_sensors.py::test_the_device_is_the_band",
    "diagnostics": "tests/test_diagnostics.py::test_nothing_that_was_planted_comes_out",
    "discovery": "tests/test_config_flow_band.py::test_a_band_is_found_and_added",
    "discovery-update-info": "tests/test_config_flow_band.py::test_a_band_with_a_new_address",
    "docs-data-update": "README.md#Data updates",
    "docs-examples": "README.md#Examples",
    "docs-known-limitations": "README.md#Known limitations",
    "docs-supported-devices": "README.md#Supported devices",
    "docs-supported-functions": "README.md#Supported functions",
    "docs-troubleshooting": "README.md#Troubleshooting",
    "docs-use-cases": "README.md#Use cases",
    "entity-category": "tests/test_strap_sensors.py::test_categories_and_defaults",
    "entity-device-class": "tests/test_sensor.py::test_every_unit_of_the_catalogue_can_be_shown",
    "entity-disabled-by-default": "tests/test_sensor.py::test_experts_numbers_are_there_but_off",
    "entity-translations": "tests/test_translations.py::test_entities_have_names_and_icons",
    "exception-translations": "tests/test_quality_scale.py::test_what_users_are_told_is_translated",
    "icon-translations": "tests/test_hassfest.py::test_icons",
    "reconfiguration-flow": (
        "tests/test_config_flow.py::test_reconfigure_changes_the_profile_and_who_may_read"
    ),
    "repair-issues": "tests/test_issues.py::test_many_rejected_frames_in_a_row",
    # Platinum
    "strict-typing": "tests/test_quality_scale.py::test_types_are_checked_strictly",
}
"""Rule -> a test (file::name), or a page with a text under a heading (file#heading)."""


def answers() -> dict[str, Any]:
    """Read what is said of each rule."""
    found: dict[str, Any] = yaml.safe_load((PACKAGE / "quality_scale.yaml").read_text())["rules"]
    return found


def fault_of(proof: str, root: Path = ROOT) -> str | None:
    """Say what is wrong with a proof; None when it is there."""
    name, mark, what = re.fullmatch(r"([^:#]+)(::|#)(.+)", proof).groups()  # type: ignore[union-attr]
    path = root / name
    if not path.exists():
        return f"there is no {name}"
    if mark == "::":
        tests = [
            node.name
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        return None if what in tests else f"{name} has no test {what}"
    text = re.search(
        rf"^(#+) {re.escape(what)}\n(.*?)(?=^#{{1,2}} |^\1 |\Z)",
        path.read_text(),
        re.MULTILINE | re.DOTALL,
    )
    if text is None:
        return f"{name} has no heading {what}"
    return None if len(text[2].strip()) > 100 else f"{name}: under {what} stands next to nothing"


def test_every_rule_that_is_done_has_a_proof_and_no_other() -> None:
    """What is exempt needs none, and nothing is left to do."""
    done = {rule for rule, answer in answers().items() if answer == "done"}
    assert done == set(PROOFS)
    exempt = {rule for rule, answer in answers().items() if answer != "done"}
    assert all(answers()[rule]["status"] == "exempt" for rule in exempt)
    assert len(done) + len(exempt) == sum(len(rules) for rules in RULES.values()) == 54
    assert sorted(PROOFS) == sorted(set(PROOFS))


@pytest.mark.parametrize("rule", PROOFS)
def test_proofs_exist(rule: str) -> None:
    """The test, or the heading with a text."""
    assert fault_of(PROOFS[rule]) is None


def test_a_proof_that_is_gone_is_seen(tmp_path: Path) -> None:
    """A test that was renamed, a page that was emptied."""
    (tmp_path / "test_a.py").write_text("async def test_b() -> None: ...\nclass test_c: ...\n")
    (tmp_path / "page.md").write_text(f"# Full\n\n{'word ' * 30}\n\n## Empty\n\n# Next\n")
    for proof, fault in (
        ("test_a.py::test_b", None),
        ("test_a.py::test_c", "has no test test_c"),
        ("test_b.py::test_b", "there is no test_b.py"),
        ("page.md#Full", None),
        ("page.md#Empty", "next to nothing"),
        ("page.md#Next", "next to nothing"),
        ("page.md#Nowhere", "no heading Nowhere"),
    ):
        found = fault_of(proof, tmp_path)
        assert found is None if fault is None else fault in str(found), proof


def test_the_reasons_of_what_is_exempt_are_true() -> None:
    """As far as files can tell."""
    manifest = yaml.safe_load((PACKAGE / "manifest.json").read_text())
    sources = "\n".join(path.read_text() for path in sources_of())
    exempt = {rule for rule, answer in answers().items() if answer != "done"}
    facts = {
        # Frames are pushed.
        "appropriate-polling": manifest["iot_class"] == "local_push" and "should_poll = True" not in sources,
        # The band is away, or a phone's, most of the time.
        "test-before-configure": "bluetooth" in manifest,
        # There are no credentials.
        "reauthentication-flow": "async_start_reauth" not in sources and "ConfigEntryAuthFailed" not in sources,
        # One entry is one device.
        "dynamic-devices": "subentries" not in sources,
        "stale-devices": "subentries" not in sources,
        # Nothing that is depended on does input or output.
        "async-dependency": {re.split(r"\W", text)[0] for text in manifest["requirements"]}
        <= {"numpy", "scipy"},
        # Nothing is fetched over the web.
        "inject-websession": not re.search(r"ClientSession|async_get_clientsession|requests\.", sources),
    }  # fmt: skip
    assert set(facts) == exempt
    assert all(facts.values()), facts


def sources_of() -> list[Path]:
    """Give the integration's own files, not those that know no Home Assistant."""
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in {"engine", "store", "strap"}
    ]


def test_what_is_shared_has_its_own_modules() -> None:
    """The coordinator and the base of entities stand where everybody looks for them."""
    for module, name in (
        ("coordinator", "DataUpdateCoordinator"),
        ("entity", "CoordinatorEntity"),
    ):
        assert f"({name}[" in (PACKAGE / f"{module}.py").read_text()


async def test_every_entity_is_known_by_one_id(
    home: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Of the wearer, and named after the device and what it is."""
    entries = er.async_entries_for_config_entry(entity_registry, loaded.entry_id)
    assert len({entry.unique_id for entry in entries}) == len(entries) > 100
    for entry in entries:
        assert entry.unique_id.startswith(f"{loaded.unique_id}_")
        assert entry.has_entity_name
        assert entry.translation_key
        assert entry.original_name
        assert entry.entity_id.split(".")[1].startswith(slugify(f"Ada {entry.original_name}"))


def test_nothing_of_a_wearer_is_kept_beside_its_entry() -> None:
    """What the whole process shares is kept under typed keys; the rest is `runtime_data`."""
    sources = {path: path.read_text() for path in sources_of()}
    assert "entry.runtime_data = " in sources[PACKAGE / "__init__.py"]
    for path, text in sources.items():
        assert not re.search(r"hass\.data(\[|\.\w+\()\s*(DOMAIN|\")", text), path


def test_every_platform_says_how_many_at_a_time() -> None:
    """One where something is sent to the band, else as many as like."""
    for platform in PLATFORMS:
        text = (PACKAGE / f"{platform}.py").read_text()
        assert re.search(r"^PARALLEL_UPDATES = [01]$", text, re.MULTILINE), platform


def raised(tree: ast.AST) -> Iterator[ast.Call]:
    """Give the errors that users may see, where they are raised or made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in RAISED_TO_USERS:
                yield node


def test_what_users_are_told_is_translated() -> None:
    """Each error that Home Assistant shows names its text; the text is looked for elsewhere."""
    found = 0
    for path in sources_of():
        for call in raised(ast.parse(path.read_text())):
            found += 1
            named = {keyword.arg for keyword in call.keywords}
            assert {"translation_domain", "translation_key"} <= named, f"{path}:{call.lineno}"
    assert found > 5


def test_types_are_checked_strictly() -> None:
    """Of all code, with each run of the checks."""
    project = (ROOT / "pyproject.toml").read_text()
    assert re.search(r"^\[tool\.mypy\]\n(?:.+\n)*?strict = true$", project, re.MULTILINE)
    assert 'mypy" --no-error-summary custom_components' in (ROOT / "script" / "lint").read_text()
    for path in sources_of():
        assert "type: ignore\n" not in path.read_text(), path
