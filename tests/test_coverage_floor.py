"""A module that is tested too little fails the run, however well the others do."""

import json
from pathlib import Path
import subprocess
import sys
from typing import Any

import pytest

from script.tools.coverage_floor import FLOWS, too_low

from .conftest import ROOT


def report(**files: tuple[float, list[int]]) -> dict[str, Any]:
    """Make a report as the coverage tool writes it."""
    return {
        "files": {
            f"custom_components/openstrap/{name}.py": {
                "summary": {"percent_covered": percent},
                "missing_lines": lines,
            }
            for name, (percent, lines) in files.items()
        }
    }


def test_each_module_has_to_reach_the_floor() -> None:
    """Just so is enough; a hair below is not, also where it would be rounded up."""
    found = report(a=(95.0, [1]), b=(94.99, [7, 8]), c=(100.0, []), d=(12.5, list(range(30))))
    low, lower = sorted(too_low(found), key=len)
    assert low.startswith("custom_components/openstrap/b.py: 95.0 %, at least 95 % wanted")
    assert low.endswith("not run: 7, 8")
    assert lower.endswith("not run: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9")
    assert next(too_low(found)) == lower


def test_flows_are_tested_whole() -> None:
    """What users are led through; the names are those of files that exist."""
    assert len(list(too_low(report(config_flow=(99.9, [3]), coordinator=(99.9, [3]))))) == 1
    assert all((ROOT / "custom_components" / "openstrap" / name).exists() for name in FLOWS)


@pytest.mark.parametrize(
    ("found", "status", "words"),
    [
        (report(a=(99.0, [1])), 0, ""),
        (report(a=(90.0, [1])), 1, "a.py: 90.0 %"),
        ({"files": {}}, 1, "nothing was measured"),
    ],
)
def test_as_script_test_runs_it(
    tmp_path: Path, found: dict[str, Any], status: int, words: str
) -> None:
    """Prints the faults, and ends with 1 for them."""
    path = tmp_path / "coverage.json"
    path.write_text(json.dumps(found))
    done = subprocess.run(
        [sys.executable, "-m", "script.tools.coverage_floor", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (status, "")
    assert words in done.stdout
    assert "-m script.tools.coverage_floor" in (ROOT / "script" / "test").read_text()
