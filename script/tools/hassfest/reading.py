"""Reading files so that what is wrong with them is a fault, not a crash."""

import json
from pathlib import Path
from typing import Any

import yaml


class Unreadable(Exception):
    """A file is missing, or not of its format."""


def read_json(path: Path) -> dict[str, Any]:
    """Read an object; raises Unreadable, also when a key is there twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ValueError(f"twice: {', '.join(sorted(twice))}")
        return dict(pairs)

    try:
        found = json.loads(path.read_text(), object_pairs_hook=unique)
    except (OSError, ValueError) as err:
        raise Unreadable(f"{path.name}: {err}") from err
    if not isinstance(found, dict):
        raise Unreadable(f"{path.name}: not an object")
    return found


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a mapping; raises Unreadable."""
    try:
        found = yaml.safe_load(path.read_text())
    except (OSError, ValueError, yaml.YAMLError) as err:
        raise Unreadable(f"{path.name}: {err}") from err
    if not isinstance(found, dict):
        raise Unreadable(f"{path.name}: not a mapping")
    return found
