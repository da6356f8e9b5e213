"""The offline checks find what is wrong: each is shown a copy of the repository with one fault."""

from collections.abc import Callable
import json
from pathlib import Path
import shutil
import struct
import subprocess
import sys
from typing import Any

from homeassistant.const import __version__ as installed
import pytest
import yaml

from script.tools import hassfest
from script.tools.hassfest import manifest, quality_scale, repository

from .conftest import ROOT

pytestmark = pytest.mark.full

PACKAGE = Path("custom_components") / "openstrap"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what is looked at: the parts that only hold code are not."""
    root = tmp_path_factory.mktemp("repository")
    for name in ("README.md", "LICENSE", "hacs.json"):
        shutil.copy(ROOT / name, root / name)
    left_out = shutil.ignore_patterns("__pycache__", "engine", "store", "strap", "pictures")
    shutil.copytree(ROOT / PACKAGE, root / PACKAGE, ignore=left_out)
    return root


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    """Give a copy that may be broken."""
    return shutil.copytree(original, tmp_path / "copy")


def change(path: Path, edit: Callable[[Any], object]) -> None:
    """Edit a JSON or YAML file; what the edit returns takes its place, None is the same."""
    text = path.read_text()
    found = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    edited = edit(found)
    found = found if edited is None else edited
    path.write_text(json.dumps(found) if path.suffix == ".json" else yaml.safe_dump(found))


def test_the_repository_is_sound() -> None:
    """As it is."""
    assert hassfest.faults_of(ROOT) == []


def test_a_copy_is_sound(copy: Path) -> None:
    """So what the others find is what they broke; and files that were written anew are the same."""
    for name in ("manifest.json", "icons.json", "translations/en.json", "services.yaml"):
        change(copy / PACKAGE / name, lambda _: None)
    assert hassfest.faults_of(copy) == []


def put(**changes: object) -> Callable[[dict[str, Any]], None]:
    """Set keys that are there."""

    def edit(found: dict[str, Any]) -> None:
        assert changes.keys() <= found.keys() | {"after_dependencies"}
        found.update(changes)

    return edit


MANIFEST: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda found: found.pop("version"), "version is missing"),
    (lambda found: found.update(zzz=1), "zzz is not known"),
    (put(config_flow="yes"), "config_flow is no bool"),
    (lambda found: {"name": found.pop("name"), **found}, "keys are not in order"),
    (lambda found: dict(reversed(found.items())), "keys are not in order"),
    (put(domain="other"), "domain is not the name of the folder"),
    (put(iot_class="cloudy"), "iot_class is not known"),
    (put(integration_type="thing"), "integration_type is not known"),
    (put(documentation="ftp://example.org"), "documentation is no https address"),
    (put(codeowners=[]), "codeowners are names"),
    (put(codeowners=["somebody"]), "codeowners are names"),
    (put(version="one"), "version one is of no scheme"),
    (put(dependencies=["bluetooth"]), "bluetooth_adapters, not bluetooth"),
    (put(dependencies=["nowhere"]), "there is no integration nowhere"),
    (put(after_dependencies=["nowhere"]), "there is no integration nowhere"),
    (put(bluetooth=["x"]), "a matcher is an object"),
    (put(bluetooth=[{"connectable": True}]), "without anything to match"),
    (put(bluetooth=[{"colour": "red"}]), "colour is not known"),
    (put(bluetooth=[{"local_name": "WH*"}]), "must begin with 3 plain characters"),
    (put(bluetooth=[{"local_name": "W"}]), "must begin with 3 plain characters"),
    (
        put(bluetooth=[{"service_uuid": "61080001-8D6D-82B8-614A-1C8CB0F8DCC6"}]),
        "is not 128 bits in lower case",
    ),
    (put(bluetooth=[{"service_uuid": "180d"}]), "is not 128 bits in lower case"),
    (put(requirements=["bleak>=3"]), "bleak comes with Home Assistant"),
    (put(requirements=["numpy"]), "numpy has no bounds"),
    (put(requirements=["numpy==1.0"]), "which Home Assistant pins"),
    (put(requirements=["numpy>>1"]), "requirements: numpy>>1"),
]


@pytest.mark.parametrize(("edit", "fault"), MANIFEST)
def test_manifest(copy: Path, edit: Callable[[Any], object], fault: str) -> None:
    """Each fault is named."""

    def apply(found: dict[str, Any]) -> object:
        edited = edit(found)
        return edited if isinstance(edited, dict) else None

    change(copy / PACKAGE / "manifest.json", apply)
    assert any(fault in line for line in hassfest.faults_of(copy))


def set_at(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Set a value below dotted keys."""

    def edit(found: dict[str, Any]) -> None:
        *above, last = path.split(".")
        for key in above:
            found = found.setdefault(key, {})
        found[last] = value

    return edit


def drop_at(path: str) -> Callable[[dict[str, Any]], None]:
    """Take away what is below dotted keys."""

    def edit(found: dict[str, Any]) -> None:
        *above, last = path.split(".")
        for key in above:
            found = found[key]
        del found[last]

    return edit


TEXTS: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (set_at("colour", {}), "colour is not known"),
    (set_at("config.step.user.colour", "x"), "config.step.user.colour is not known"),
    (set_at("config.step.phone.data_description.x", "x"), "data_description.x describes nothing"),
    (set_at("config.abort.x", " x"), "config.abort.x is empty, or has blanks"),
    (set_at("config.abort.x", ""), "config.abort.x is empty, or has blanks"),
    (set_at("config.abort.x", 3), "config.abort.x is no text"),
    (set_at("config.abort.x", "[%key:common::x%]"), "is a reference"),
    (set_at("config.abort.x", "<b>x</b>"), "has HTML"),
    (set_at("config.abort.x", "{name} {Name}"), "a brace that is no placeholder"),
    (set_at("config.abort.Bad", "x"), "config.abort.Bad is no key"),
    (set_at("config.abort._bad", "x"), "config.abort._bad is no key"),
    (set_at("entity.sensor.strain.icon", "x"), "entity.sensor.strain.icon is not known"),
    (set_at("entity.sensor.strain", "x"), "entity.sensor.strain is no object"),
    (set_at("entity.sensor.mood", {"name": "Mood"}), "entity.sensor.mood has no icon"),
    (drop_at("entity.sensor.strain"), "entity.sensor.strain has no name"),
    (set_at("exceptions.x", {"text": "x"}), "exceptions.x.message is missing"),
    (drop_at("issues.many_rejected.title"), "issues.many_rejected.title is missing"),
    (drop_at("issues.many_rejected.description"), "either a description or a fix_flow"),
    (set_at("selector.sex.words", {}), "selector.sex.words is not known"),
    (drop_at("services.buzz.name"), "services.buzz.name is missing"),
    (drop_at("services.buzz.fields.pattern.description"), "pattern.description is missing"),
    (drop_at("services.buzz"), "services.yaml: buzz has no text"),
    (drop_at("services.buzz.fields.pattern"), "buzz.pattern has no text"),
    (set_at("services.hum", {"name": "x", "description": "x"}), "hum has a text, and is not here"),
    (set_at("services.buzz.fields.x", {"name": "x", "description": "x"}), "buzz.x has a text only"),
    (drop_at("selector.buzz.options.long"), "options are not those of selector.buzz"),
]


@pytest.mark.parametrize(("edit", "fault"), TEXTS)
def test_texts(copy: Path, edit: Callable[[Any], object], fault: str) -> None:
    """Each fault is named."""
    change(copy / PACKAGE / "translations" / "en.json", edit)
    assert any(fault in line for line in hassfest.faults_of(copy))


ICONS: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (set_at("panels", {}), "panels is not known"),
    (drop_at("entity.sensor.strain"), "entity.sensor.strain has no icon"),
    (set_at("entity.sensor.strain.default", "fa:heart"), "fa:heart is no icon"),
    (set_at("entity.sensor.strain.default", {"a": 3}), "3 is no icon"),
    (set_at("entity.sensor.strain.colour", "mdi:heart"), "strain.colour is not known"),
    (drop_at("services.buzz"), "services.buzz has no icon"),
    (set_at("services.buzz", {"default": "mdi:heart"}), "services.buzz.service is missing"),
]


@pytest.mark.parametrize(("edit", "fault"), ICONS)
def test_icons(copy: Path, edit: Callable[[Any], object], fault: str) -> None:
    """Each fault is named."""
    change(copy / PACKAGE / "icons.json", edit)
    assert any(fault in line for line in hassfest.faults_of(copy))


ACTIONS: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (set_at("buzz", 3), "buzz is no mapping"),
    (set_at("buzz.colour", 3), "buzz.colour is not known"),
    (set_at("buzz.target", 3), "buzz.target is no mapping"),
    (set_at("buzz.target.area", {}), "buzz.target.area is not known"),
    (set_at("buzz.target.entity", {"colour": 3}), "buzz.target: "),
    (set_at("buzz.fields.pattern", {}), "buzz.pattern has no selector"),
    (set_at("buzz.fields.pattern.colour", 3), "buzz.pattern.colour is not known"),
    (set_at("buzz.fields.pattern.selector", {"colour": {}}), "buzz.pattern: "),
    (set_at("buzz.fields.pattern.selector.select.options", 3), "buzz.pattern: "),
    (set_at("buzz.fields.pattern.default", "loud"), "the default loud"),
    (set_at("hum", {"fields": {"a": {"fields": {"b": {}}}}}), "hum.b has no selector"),
    (drop_at("buzz"), "buzz has a text, and is not here"),
]


@pytest.mark.parametrize(("edit", "fault"), ACTIONS)
def test_actions(copy: Path, edit: Callable[[Any], object], fault: str) -> None:
    """Each fault is named."""
    change(copy / PACKAGE / "services.yaml", edit)
    assert any(fault in line for line in hassfest.faults_of(copy))


@pytest.mark.parametrize("kind", ["trigger", "condition"])
def test_triggers_and_conditions(copy: Path, kind: str) -> None:
    """Code, description and texts go together."""
    package = copy / PACKAGE
    (package / f"{kind}.py").write_text("")
    (package / f"{kind}s.yaml").unlink(missing_ok=True)
    assert f"{kind}s.yaml is missing" in hassfest.faults_of(copy)
    (package / f"{kind}s.yaml").write_text("slept_in:\n  fields: {}\n")
    change(package / "translations" / "en.json", set_at(f"{kind}s", {}))
    assert f"{kind}s.yaml: slept_in has no text" in hassfest.faults_of(copy)
    text = {"name": "Slept in", "description": "When somebody slept in."}
    change(package / "translations" / "en.json", set_at(f"{kind}s.slept_in", text))
    change(package / "icons.json", set_at(f"{kind}s", {"slept_in": {kind: "mdi:sleep"}}))
    assert hassfest.faults_of(copy) == []
    (package / f"{kind}.py").unlink()
    assert f"{kind}s.yaml is there, {kind}.py is not" in hassfest.faults_of(copy)


def png(width: int, height: int) -> bytes:
    """Make the head of an image."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


def test_brand_images(copy: Path) -> None:
    """Names and sizes."""
    brand = copy / PACKAGE / "brand"
    (brand / "icon.png").write_bytes(png(255, 256))
    (brand / "dark_icon@2x.png").write_bytes(png(512, 512))
    (brand / "logo.png").write_bytes(png(300, 80))
    (brand / "dark_logo.png").write_bytes(b"GIF89a")
    (brand / "photo.jpg").write_bytes(b"")
    assert hassfest.faults_of(copy) == [
        "brand: dark_logo.png is no PNG",
        "brand: icon.png is 255 by 256, not 256 by 256 pixels",
        "brand: photo.jpg is no name of a brand image",
    ]
    shutil.rmtree(brand)
    assert hassfest.faults_of(copy) == ["brand: icon.png is missing"]


def test_the_repository_around_it(copy: Path) -> None:
    """One integration, with what belongs to it, and without a scanner."""
    (copy / "custom_components" / "second").mkdir()
    (copy / "LICENSE").unlink()
    (copy / "README.md").write_text("")
    (copy / PACKAGE / "scan.py").write_text("from bleak import BleakScanner\n")
    assert hassfest.faults_of(copy) == [
        "custom_components: openstrap alone, not openstrap, second",
        "README.md is missing, or empty",
        "LICENSE is missing, or empty",
        "scan.py: a scanner; Home Assistant scans for everybody",
    ]


@pytest.mark.parametrize(
    ("hacs", "fault"),
    [
        ({"homeassistant": "2026.10.0"}, "hacs.json: name is missing"),
        ({"name": "x", "homeassistant": "next"}, "hacs.json: homeassistant is no version"),
        ({"name": "x"}, "hacs.json: homeassistant is no version"),
        ({"name": "x", "homeassistant": "2999.1.0"}, "is newer than the one that is tested"),
        (
            {"name": "x", "homeassistant": "2026.10.0", "domains": []},
            "hacs.json: domains is not known",
        ),
        ([], "hacs.json: not an object"),
    ],
)
def test_hacs(copy: Path, hacs: object, fault: str) -> None:
    """Keys that are read, and a version that exists."""
    (copy / "hacs.json").write_text(json.dumps(hacs))
    [found] = hassfest.faults_of(copy)
    assert fault in found


@pytest.mark.parametrize(
    ("change_to", "fault"),
    [
        ("done  # twice\n  brands: done", None),
        ("maybe", "brands is done, todo, or exempt"),
        ("\n    status: exempt", "brands is done, todo, or exempt"),
        ("\n    status: exempt\n    comment: ' '", "brands is done, todo, or exempt"),
        ("\n    status: never\n    comment: x", "brands is done, todo, or exempt"),
        ("done\n  colours: done", "colours is no rule"),
    ],
)
def test_quality_scale(copy: Path, change_to: str, fault: str | None) -> None:
    """Every rule has an answer of the right shape."""
    path = copy / PACKAGE / "quality_scale.yaml"
    path.write_text(path.read_text().replace("brands: done", f"brands: {change_to}"))
    found = hassfest.faults_of(copy)
    assert found == [] if fault is None else any(fault in line for line in found)
    path.write_text("rules: {}")
    assert len(hassfest.faults_of(copy)) == 54


def test_the_rules_are_those_of_home_assistant() -> None:
    """A new one will be noticed, as soon as the version that is tested has it."""
    core = manifest.home_assistant() / "components" / "casper_glow" / "quality_scale.yaml"
    rules = [rule for tier in quality_scale.RULES.values() for rule in tier]
    assert rules == list(yaml.safe_load(core.read_text())["rules"])
    assert [len(tier) for tier in quality_scale.RULES.values()] == [20, 10, 21, 3]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("manifest.json", '{"domain": "openstrap", "domain": "x"}', "twice: domain"),
        ("manifest.json", "{", "manifest.json: "),
        ("icons.json", "[]", "icons.json: not an object"),
        ("translations/en.json", "", "en.json: "),
        ("services.yaml", "a: [", "services.yaml: "),
        ("services.yaml", "- a", "services.yaml: not a mapping"),
        ("quality_scale.yaml", "", "quality_scale.yaml: not a mapping"),
    ],
)
def test_files_that_cannot_be_read(copy: Path, name: str, text: str, fault: str) -> None:
    """A fault, not a crash; so is one that is missing."""
    path = copy / PACKAGE / name
    path.write_text(text)
    assert any(fault in line for line in hassfest.faults_of(copy))
    path.unlink()
    assert any(path.name in line for line in hassfest.faults_of(copy))


def test_the_version_that_is_installed_is_read_without_importing_it() -> None:
    """From the file of constants."""
    assert repository._installed() == installed


def test_it_is_quick_and_says_what_is_wrong(copy: Path) -> None:
    """As script/lint runs it."""
    for root, status in ((ROOT, 0), (copy, 1)):
        if status:
            (copy / "LICENSE").unlink()
        done = subprocess.run(
            [sys.executable, "-m", "script.tools.hassfest", str(root)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert (done.returncode, done.stderr) == (status, "")
        assert done.stdout == ("LICENSE is missing, or empty\n" if status else "")
