"""Texts and icons: their shape, and that every thing that is named has both."""

from collections.abc import Iterator, Mapping
from pathlib import Path
import re
from typing import Any, Final

from .reading import Unreadable, read_json

TOP: Final = {
    "common",
    "conditions",
    "config",
    "config_subentries",
    "entity",
    "exceptions",
    "issues",
    "options",
    "selector",
    "services",
    "system_health",
    "title",
    "triggers",
}
# What a thing of each kind may say; True: it must.
STEP: Final = {
    "title": False,
    "description": False,
    "data": False,
    "data_description": False,
    "menu_options": False,
    "menu_option_descriptions": False,
    "sections": False,
    "submit": False,
}
FLOW: Final = {
    "step": False,
    "error": False,
    "abort": False,
    "progress": False,
    "create_entry": False,
    "flow_title": False,
    "initiate_flow": False,
}
ENTITY: Final = {
    "name": False,
    "state": False,
    "state_attributes": False,
    "unit_of_measurement": False,
}
ISSUE: Final = {"title": True, "description": False, "fix_flow": False}
DESCRIBED: Final = {"name": True, "description": True, "fields": False, "sections": False}
FIELD: Final = {"name": True, "description": True}
FIELD_OF_AUTOMATION: Final = {"name": True, "description": False}
"""Of a trigger or condition: how several targets count is said by its selector."""
ICON: Final = {"default": False, "state": False, "range": False, "state_attributes": False}
KINDS: Final = {"services": "service", "triggers": "trigger", "conditions": "condition"}
"""Sections that stand in texts and icons alike, and what an icon is called there."""

_KEY: Final = re.compile(r"(?![-_])[a-z0-9_-]+(?<![-_])")
_MDI: Final = re.compile(r"mdi:[a-z0-9]+(-[a-z0-9]+)*")
_HTML: Final = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(r"\{[a-z][a-z0-9_]*\}")


def check(_root: Path, package: Path) -> Iterator[str]:
    """Give what is wrong with the English texts, and with the icons."""
    try:
        english = read_json(package / "translations" / "en.json")
        icons = read_json(package / "icons.json")
    except Unreadable as err:
        yield str(err)
        return
    yield from (f"en.json: {fault}" for fault in _texts(english))
    yield from (f"icons.json: {fault}" for fault in _icons(icons, english))


def _texts(english: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{key} is not known" for key in english if key not in TOP)
    yield from _leaves(english, "")
    for flow in ("config", "options"):
        yield from _shape(english.get(flow, {}), FLOW, flow)
        for name, step in _each(english, flow, "step"):
            where = f"{flow}.step.{name}"
            yield from _shape(step, STEP, where)
            for described, by in (
                ("data", "data_description"),
                ("menu_options", "menu_option_descriptions"),
            ):
                for key in _keys(step.get(by)) - _keys(step.get(described)):
                    yield f"{where}.{by}.{key} describes nothing"
    for platform, entities in _each(english, "entity"):
        for key, entity in entities.items():
            yield from _shape(entity, ENTITY, f"entity.{platform}.{key}")
    for key, found in _each(english, "exceptions"):
        yield from _shape(found, {"message": True}, f"exceptions.{key}")
    for key, issue in _each(english, "issues"):
        yield from _shape(issue, ISSUE, f"issues.{key}")
        if ("description" in issue) == ("fix_flow" in issue):
            yield f"issues.{key}: either a description or a fix_flow"
    for key, selector in _each(english, "selector"):
        yield from _shape(selector, {"options": False, "fields": False}, f"selector.{key}")
    for section in KINDS:
        for key, found in _each(english, section):
            yield from _shape(found, DESCRIBED, f"{section}.{key}")
            for field, text in _each(found, "fields"):
                shape = FIELD if section == "services" else FIELD_OF_AUTOMATION
                yield from _shape(text, shape, f"{section}.{key}.fields.{field}")


def _icons(icons: Mapping[str, Any], english: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{key} is not known" for key in icons if key not in {"entity", *KINDS})
    for platform, entities in _each(english, "entity"):
        held = icons.get("entity", {}).get(platform, {})
        yield from _pairs(_keys(entities), _keys(held), f"entity.{platform}")
        for key, icon in _each(held):
            yield from _shape(icon, ICON, f"entity.{platform}.{key}")
    for section, name in KINDS.items():
        held = icons.get(section, {})
        yield from _pairs(_keys(english.get(section)), _keys(held), section)
        for key, icon in _each(held):
            yield from _shape(icon, {name: True, "sections": False}, f"{section}.{key}")
    for where, text in _walk(icons, ""):
        if not isinstance(text, str) or not _MDI.fullmatch(text):
            yield f"{where}: {text} is no icon"


def _pairs(named: set[str], drawn: set[str], where: str) -> Iterator[str]:
    yield from (f"{where}.{key} has no icon" for key in sorted(named - drawn))
    yield from (f"{where}.{key} has no name" for key in sorted(drawn - named))


def _shape(found: object, allowed: Mapping[str, bool], where: str) -> Iterator[str]:
    if not isinstance(found, dict):
        yield f"{where} is no object"
        return
    yield from (f"{where}.{key} is not known" for key in found if key not in allowed)
    yield from (
        f"{where}.{key} is missing" for key, must in allowed.items() if must and key not in found
    )


def _leaves(tree: Mapping[str, Any], where: str) -> Iterator[str]:
    for path, text in _walk(tree, where):
        if not isinstance(text, str):
            yield f"{path} is no text"
            continue
        if not text or text != text.strip():
            yield f"{path} is empty, or has blanks at its ends"
        if "[%key:" in text:
            yield f"{path} is a reference, which only core may use"
        if _HTML.search(text):
            yield f"{path} has HTML in it"
        bare = _PLACEHOLDER.sub("", text)
        if "{" in bare or "}" in bare:
            yield f"{path} has a brace that is no placeholder"
    for path in _bad_keys(tree, where):
        yield f"{path} is no key: lower case, digits, - and _ between them"


def _walk(tree: object, where: str) -> Iterator[tuple[str, object]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _walk(value, f"{where}.{key}" if where else str(key))
    else:
        yield where, tree


def _bad_keys(tree: Mapping[str, Any], where: str) -> Iterator[str]:
    for key, value in tree.items():
        path = f"{where}.{key}" if where else key
        if not _KEY.fullmatch(key):
            yield path
        if isinstance(value, dict):
            yield from _bad_keys(value, path)


def _each(tree: Mapping[str, Any], *path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the objects below a path; what is none was told of by its shape."""
    found: Any = tree
    for key in path:
        found = found.get(key, {}) if isinstance(found, dict) else {}
    if isinstance(found, dict):
        yield from ((key, value) for key, value in found.items() if isinstance(value, dict))


def _keys(found: object) -> set[str]:
    return set(found) if isinstance(found, dict) else set()
