"""Actions, triggers and conditions: what their files say, and that texts say the same."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from homeassistant.helpers import selector
import voluptuous as vol

from .reading import Unreadable, read_json, read_yaml

FILES: Final = ("services", "triggers", "conditions")
FIELD: Final = {"advanced", "context", "default", "example", "filter", "required", "selector"}
OF_ENTITIES: Final = {"device", "entity", "primary_entities_only"}
"""Keys of a target: which devices and entities may be picked."""


def check(_root: Path, package: Path) -> Iterator[str]:
    """Give what is wrong with the descriptions, each kind in its file, none where nothing is."""
    try:
        english = read_json(package / "translations" / "en.json")
    except Unreadable:
        # It was told of with the texts.
        return
    for kind in FILES:
        path, named = package / f"{kind}.yaml", english.get(kind, {})
        code = package / f"{kind.removesuffix('s')}.py"
        if not path.exists():
            if named or (kind != "services" and code.exists()):
                yield f"{path.name} is missing"
            continue
        if kind != "services" and not code.exists():
            yield f"{path.name} is there, {code.name} is not"
        try:
            described = read_yaml(path)
        except Unreadable as err:
            yield str(err)
            continue
        things = {key: one for key, one in described.items() if not key.startswith(".")}
        yield from (
            f"{path.name}: {fault}" for fault in _things(things, named, english.get("selector", {}))
        )


def _things(
    things: Mapping[str, Any], named: Mapping[str, Any], options: Mapping[str, Any]
) -> Iterator[str]:
    yield from (f"{key} has no text" for key in things if key not in named)
    yield from (f"{key} has a text, and is not here" for key in named if key not in things)
    for key, one in things.items():
        if one is None:
            continue
        if not isinstance(one, dict):
            yield f"{key} is no mapping"
            continue
        yield from (
            f"{key}.{part} is not known" for part in one if part not in {"target", "fields"}
        )
        yield from _target(one.get("target"), key)
        fields = dict(_flat(one.get("fields") or {}))
        texts = named.get(key, {}).get("fields", {})
        yield from (f"{key}.{field} has no text" for field in fields if field not in texts)
        yield from (f"{key}.{field} has a text only" for field in texts if field not in fields)
        for field, description in fields.items():
            yield from _field(description, f"{key}.{field}", options)


def _flat(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give fields, those in sections too."""
    for key, field in fields.items():
        if isinstance(field, dict) and "fields" in field:
            yield from _flat(field["fields"])
        else:
            yield key, field


def _target(target: object, key: str) -> Iterator[str]:
    if target is None:
        return
    if not isinstance(target, dict):
        yield f"{key}.target is no mapping"
        return
    yield from (f"{key}.target.{part} is not known" for part in target if part not in OF_ENTITIES)
    try:
        selector.TargetSelector.CONFIG_SCHEMA(
            {part: one for part, one in target.items() if part in {"device", "entity"}}
        )
    except vol.Invalid as err:
        yield f"{key}.target: {err}"


def _field(field: object, where: str, options: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(field, dict) or "selector" not in field:
        yield f"{where} has no selector"
        return
    yield from (f"{where}.{part} is not known" for part in field if part not in FIELD)
    try:
        [(kind, config)] = selector.validate_selector(field["selector"]).items()
    except (vol.Invalid, KeyError, TypeError, ValueError) as err:
        yield f"{where}: {err}"
        return
    if not isinstance(config, dict):
        return
    if (texts := config.get("translation_key")) is not None:
        told = {str(one["value"] if isinstance(one, dict) else one) for one in config["options"]}
        if told != set(options.get(texts, {}).get("options", {})):
            yield f"{where}: options are not those of selector.{texts}"
    default = field.get("default")
    # A duration is also taken as text.
    if default is not None and kind != "duration":
        try:
            check = selector.selector({kind: config})
            assert callable(check)
            check(default)
        except (vol.Invalid, ValueError) as err:
            yield f"{where}: the default {default}: {err}"
