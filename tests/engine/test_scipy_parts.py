"""Which parts of scipy an ordinary day loads: some take more memory than all the rest."""

import ast
from pathlib import Path
from typing import Final

ENGINE: Final = Path(__file__).parents[2] / "custom_components" / "openstrap" / "engine"
# They load one another, 350 modules and 40 MiB.
HEAVY: Final = {"signal", "stats", "optimize", "interpolate", "spatial", "sparse", "integrate"}
# Raw motion, and guided breathing: most wearers have neither.
SELDOM: Final = {
    "motion/cadence.py",
    "motion/pedometer.py",
    "signal/spectrum.py",
    "training/har.py",
}


def _parts(path: Path) -> set[str]:
    """Subpackages of scipy that a file imports anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("scipy.")}


def test_heavy_parts_are_for_seldom_work() -> None:
    """What every day is worked out with needs none of them."""
    users = {
        path.relative_to(ENGINE).as_posix() for path in ENGINE.rglob("*.py") if _parts(path) & HEAVY
    }
    assert users
    assert users <= SELDOM
