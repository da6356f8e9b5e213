"""script/evaluate, run as people run it."""

import json
import os
from pathlib import Path
import subprocess
import sys
from typing import Any

ROOT = Path(__file__).parents[1]
# What script/evaluate runs once the packages are there.
COMMAND = (sys.executable, "-m", "script.tools.evaluate")


def run(*paths: Path) -> tuple[int, list[dict[str, Any]]]:
    """Evaluate, and read what was printed."""
    done = subprocess.run(
        [*COMMAND, *map(str, paths)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]
