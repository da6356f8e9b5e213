"""Imports go down only (the rooms of the house and what each may know)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "custom_components" / "openstrap"

# What a room may import of this project, from its own folder down.
ALLOWED: dict[str, set[str]] = {
    "engine": {"engine"},
    "store": {"engine", "store"},
    "strap": {"engine", "strap"},
    "ingest": {"engine", "store", "ingest"},
    "pictures": {"engine", "pictures"},
    "answers": {"engine", "store", "answers"},
    "imports": {"engine", "imports"},
}
# Outside packages that the lower rooms must not know.
FORBIDDEN: dict[str, set[str]] = {
    "engine": {
        "homeassistant", "bleak", "bleak_retry_connector", "habluetooth", "aiohttp", "voluptuous",
        "sqlite3", "time", "random", "asyncio", "threading", "os", "pathlib", "logging",
    },
    "store": {"homeassistant", "bleak", "aiohttp", "voluptuous", "scipy", "asyncio"},
    "strap": {"homeassistant", "sqlite3", "aiohttp", "voluptuous", "scipy"},
    "ingest": {"homeassistant", "bleak", "aiohttp", "voluptuous", "scipy", "asyncio"},
    "pictures": {"homeassistant", "bleak", "aiohttp", "voluptuous", "scipy", "asyncio", "sqlite3"},
    "answers": {"homeassistant", "bleak", "aiohttp", "voluptuous", "scipy", "sqlite3"},
    "imports": {"homeassistant", "bleak", "aiohttp", "voluptuous", "scipy", "asyncio"},
}  # fmt: skip
# The engine is a function of its arguments: what asks a clock or dice is not allowed.
IMPURE_CALLS = {"now", "utcnow", "today", "default_rng", "time", "monotonic", "urandom"}


def modules(room: str) -> list[Path]:
    """Files of a room: a folder, or one module."""
    folder = PACKAGE / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{room}.py"]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Absolute dotted names that a file imports, with the line."""
    here = ("openstrap", *path.relative_to(PACKAGE).with_suffix("").parts)
    if here[-1] == "__init__":
        here = here[:-1]
        package = here
    else:
        package = here[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            target = ".".join((*base, *((node.module,) if node.module else ())))
            if node.module is None:
                for alias in node.names:
                    yield f"{target}.{alias.name}", node.lineno
            else:
                yield target, node.lineno


@pytest.mark.parametrize(
    "room", [room for room in ALLOWED if modules(room)[:1] and modules(room)[0].exists()]
)
def test_imports_go_down_only(room: str) -> None:
    """A room knows itself and the rooms below it."""
    faults = []
    for path in modules(room):
        for name, line in imports(path):
            parts = name.split(".")
            if parts[0] == "openstrap":
                target = parts[1] if len(parts) > 1 else ""
                if target not in ALLOWED[room]:
                    faults.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
            elif parts[0] == "custom_components" or parts[0] in FORBIDDEN[room]:
                faults.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
    assert not faults


def test_the_engine_asks_no_clock_and_no_dice() -> None:
    """Time and chance come in as arguments (a seed for the demo wearer)."""
    faults = []
    for path in modules("engine"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            name = node.func.attr
            if name in IMPURE_CALLS and not (name == "default_rng" and node.args):
                faults.append(f"{path.relative_to(PACKAGE)}:{node.lineno} calls {name}()")
    assert not faults


def test_scipy_is_not_imported_at_start_up() -> None:
    """It costs seconds on a Raspberry Pi, so it loads with the first analysis, in the worker."""
    faults = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            faults += [
                f"{path.relative_to(PACKAGE)}:{node.lineno}"
                for name in names
                if name.split(".")[0] == "scipy"
            ]
    assert not faults
