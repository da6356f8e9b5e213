"""The manifest: keys and their order, versions, matchers, and requirements that can be met."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
import re
from typing import Any, Final

from awesomeversion import AwesomeVersion, AwesomeVersionException, AwesomeVersionStrategy
from packaging.requirements import InvalidRequirement, Requirement

from .reading import Unreadable, read_json

REQUIRED: Final = {
    "domain": str,
    "name": str,
    "codeowners": list,
    "config_flow": bool,
    "dependencies": list,
    "documentation": str,
    "integration_type": str,
    "iot_class": str,
    "issue_tracker": str,
    "requirements": list,
    "version": str,
}
OPTIONAL: Final = {
    "after_dependencies": list,
    "bluetooth": list,
    "categories": list,
    "connectivity": list,
    "import_executor": bool,
    "loggers": list,
    "single_config_entry": bool,
}
IOT_CLASSES: Final = {
    "assumed_state",
    "calculated",
    "cloud_polling",
    "cloud_push",
    "local_polling",
    "local_push",
}
TYPES: Final = {"device", "entity", "hardware", "helper", "hub", "service", "system"}
MATCHERS: Final[dict[str, Any]] = {
    "connectable": bool,
    "local_name": str,
    "manufacturer_data_start": list,
    "manufacturer_id": int,
    "service_data_uuid": str,
    "service_uuid": str,
}
STRATEGIES: Final = [
    AwesomeVersionStrategy.CALVER,
    AwesomeVersionStrategy.SEMVER,
    AwesomeVersionStrategy.SIMPLEVER,
    AwesomeVersionStrategy.BUILDVER,
    AwesomeVersionStrategy.PEP440,
]
# Home Assistant brings them and pins them: a word of ours fails with its next release.
BROUGHT: Final = {"bleak", "bleak-retry-connector", "habluetooth", "home-assistant-bluetooth"}
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WILDCARDS: Final = re.compile(r"[*?\[]")
LITERAL_START: Final = 3
"""Characters that begin a local name and may hold no wildcard."""


def home_assistant() -> Path:
    """Give the folder of the Home Assistant that is installed here, without importing it."""
    spec = find_spec("homeassistant")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent


def check(_root: Path, package: Path) -> Iterator[str]:
    """Give what is wrong with the manifest."""
    try:
        manifest = read_json(package / "manifest.json")
    except Unreadable as err:
        yield str(err)
        return
    for fault in _faults(manifest, package.name):
        yield f"manifest.json: {fault}"


def _faults(manifest: dict[str, Any], folder: str) -> Iterator[str]:
    kinds = REQUIRED | OPTIONAL
    yield from (f"{key} is missing" for key in REQUIRED if key not in manifest)
    yield from (f"{key} is not known" for key in manifest if key not in kinds)
    wrong = {key for key in manifest.keys() & kinds.keys() if type(manifest[key]) is not kinds[key]}
    yield from (f"{key} is no {kinds[key].__name__}" for key in sorted(wrong))
    rest = [key for key in manifest if key not in {"domain", "name"}]
    if list(manifest) != ["domain", "name", *sorted(rest)]:
        yield "keys are not in order: domain, name, then the alphabet"
    good = {key: value for key, value in manifest.items() if key not in wrong}
    if good.get("domain", folder) != folder:
        yield "domain is not the name of the folder"
    if good.get("iot_class", "local_push") not in IOT_CLASSES:
        yield "iot_class is not known"
    if good.get("integration_type", "device") not in TYPES:
        yield "integration_type is not known"
    for key in ("documentation", "issue_tracker"):
        if not str(good.get(key, "https://")).startswith("https://"):
            yield f"{key} is no https address"
    if not good.get("codeowners", ["@"]) or any(
        not str(owner).startswith("@") for owner in good.get("codeowners", ())
    ):
        yield "codeowners are names that begin with @, one at least"
    yield from _version(good.get("version", "0.1.0"))
    for matcher in good.get("bluetooth", ()):
        yield from _matcher(matcher)
    components = home_assistant() / "components"
    for key in ("dependencies", "after_dependencies"):
        for name in good.get(key, ()):
            if not (components / str(name) / "manifest.json").exists():
                yield f"{key}: there is no integration {name}"
    if "bluetooth" in good.get("dependencies", ()):
        yield "dependencies: bluetooth_adapters, not bluetooth, waits for proxies"
    for text in good.get("requirements", ()):
        yield from _requirement(str(text))


def _version(version: str) -> Iterator[str]:
    try:
        AwesomeVersion(version, ensure_strategy=STRATEGIES)
    except AwesomeVersionException:
        yield f"version {version} is of no scheme"


def _matcher(matcher: object) -> Iterator[str]:
    if not isinstance(matcher, dict) or not matcher:
        yield "bluetooth: a matcher is an object with keys"
        return
    items: dict[str, Any] = matcher
    for key, value in items.items():
        if key not in MATCHERS or not isinstance(value, MATCHERS[key]):
            yield f"bluetooth: {key} is not known, or of the wrong kind"
        elif key.endswith("_uuid") and not _UUID.fullmatch(value):
            yield f"bluetooth: {key} {value} is not 128 bits in lower case"
        elif key == "local_name" and (
            len(value) < LITERAL_START or _WILDCARDS.search(value[:LITERAL_START])
        ):
            yield f"bluetooth: local_name {value} must begin with {LITERAL_START} plain characters"
    if not matcher.keys() - {"connectable"}:
        yield "bluetooth: a matcher without anything to match"


def _requirement(text: str) -> Iterator[str]:
    try:
        requirement = Requirement(text)
    except InvalidRequirement as err:
        yield f"requirements: {text}: {err}"
        return
    if requirement.name in BROUGHT:
        yield f"requirements: {requirement.name} comes with Home Assistant"
    if not requirement.specifier:
        yield f"requirements: {requirement.name} has no bounds"
    pin = pins().get(requirement.name)
    if pin is not None and not requirement.specifier.contains(pin):
        yield f"requirements: {text} does not allow {pin}, which Home Assistant pins"


def pins() -> dict[str, str]:
    """Give the versions that Home Assistant allows, by name."""
    text = (home_assistant() / "package_constraints.txt").read_text()
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", text, re.MULTILINE))
