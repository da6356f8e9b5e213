"""script/benchmark: what a figure says, and that the script prints it."""

import json
from pathlib import Path
import re
import subprocess

import pytest

from script.tools.benchmark.__main__ import BENCHMARKS
from script.tools.benchmark.figure import Figure, seconds

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("runs", "sense", "met"),
    [
        ((1.0, 9.0, 3.0), "under", True),
        ((1.0, 9.0, 5.0), "under", False),
        ((1.0, 9.0, 3.0), "over", False),
        ((1.0, 9.0, 5.0), "over", True),
    ],
)
def test_a_budget_is_met_by_the_median(runs: tuple[float, ...], sense: str, met: bool) -> None:
    """Neither by the best run nor by the mean."""
    figure = Figure("x", "s", runs, budget=4, sense="over" if sense == "over" else "under")
    assert figure.met is met
    assert figure.to_dict() | {"budget": f"{sense} 4", "met": met} == figure.to_dict()
    assert "budget" not in Figure("x", "s", runs).to_dict()
    assert Figure("x", "s", runs).met is None


def test_the_first_run_only_warms() -> None:
    """It pays for imports and caches, so it does not count."""
    calls: list[int] = []
    assert len(seconds(lambda: calls.append(1), repeats=3)) == 3
    assert len(calls) == 4


def test_the_help_names_every_measurement() -> None:
    """And none that there is not."""
    script = ROOT / "script" / "benchmark"
    run = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
    assert set(re.findall(r"^  (\w+)(?: |$)", run.stdout, re.MULTILINE)) == set(BENCHMARKS)


@pytest.mark.full
def test_the_script_prints_json() -> None:
    """One object; an unknown name is an error that lists the known ones."""
    script = ROOT / "script" / "benchmark"
    run = subprocess.run(
        [script, "decode_single"], capture_output=True, text=True, check=True, cwd="/"
    )
    [figure] = json.loads(run.stdout)["figures"]
    assert figure["name"] == "decode_single"
    assert figure["budget"] == "under 30"
    assert figure["median"] > 0
    run = subprocess.run([script, "nonsense"], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "decode_bulk" in run.stderr
