"""Adapters of breathing: counted breaths beside intervals of ECG and pulse."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from script.tools.evaluate import bidmc, resp_rsa_lab


def written(file: Path, header: list[str], lines: list[list[Any]]) -> None:
    """Write a table."""
    file.parent.mkdir(exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as text:
        csv.writer(text).writerows([header, *lines])


def beating(brpm: float, seconds: float = 480.0) -> list[tuple[float, float]]:
    """Give times (s) and intervals (ms) of a heart that breathes."""
    t, found = 0.0, []
    while t < seconds:
        rr = 800.0 + 40.0 * np.sin(2 * np.pi * brpm / 60.0 * t)
        t += rr / 1000.0
        found.append((round(t, 3), round(rr, 1)))
    return found


def patients(folder: Path, *, off: float = 0.0, pulse: bool = True) -> Path:
    """Make a folder of a patient who breathes, one who does not show it, and doubtful windows."""
    dice = np.random.default_rng(3)
    hidden = [(t, 800.0 + dice.normal(0.0, 15.0)) for t, _ in beating(16.0)]
    beats = [["x", *beat] for beat in beating(16.0)] + [["y", *beat] for beat in hidden]
    windows = [
        [name, at, at + 64, 16.0 + off, agree]
        for name in "xy"
        for at, agree in ((0, "True"), (32, "True"), (64, "False"), (96, "True"))
    ]
    written(folder / "one.csv", ["subject", "t_s", "rr_ms"], beats)
    if pulse:
        written(folder / "two.csv", ["subject", "t_s", "pp_ms"], beats)
    written(folder / "three.csv", ["subject", "t0", "t1", "ref", "agree"], windows)
    return folder


def test_what_shows_is_answered(tmp_path: Path) -> None:
    """Where breath is hidden nothing is said; windows without agreement are left out."""
    assert bidmc.knows(patients(tmp_path / "a"))
    found = bidmc.evaluate(tmp_path / "a")
    assert found["mae"] < 0.2
    assert (found["coverage"], found["share_within_2"]) == (0.5, 1.0)
    assert (found["windows"], found["subjects"]) == (6, 2)
    assert found["pulse_mae"] == pytest.approx(found["mae"])
    assert set(found["intervals"]) == {"mae", "coverage", "share_within_2"}
    assert [row["coverage"] for row in found["per_subject"]] == [1.0, 0.0]
    assert sum(row["n"] for row in found["confidence_table"]) == 3


def test_a_wrong_reference_shows(tmp_path: Path) -> None:
    """The figures can be bad, and one series is enough."""
    found = bidmc.evaluate(patients(tmp_path / "a", off=5.0, pulse=False))
    assert found["mae"] == pytest.approx(5.0, abs=0.2)
    assert found["share_within_2"] == 0.0
    assert "pulse_mae" not in found


def test_nobody_without_intervals(tmp_path: Path) -> None:
    """A patient of whom there are windows alone counts as not answered."""
    patients(tmp_path / "a")
    written(tmp_path / "a" / "one.csv", ["subject", "t_s", "rr_ms"], [["z", 1.0, 800.0]])
    found = bidmc.evaluate(tmp_path / "a")
    assert (found["mae"], found["coverage"]) == (None, 0.0)


def laboratory(folder: Path, names: tuple[str, ...]) -> Path:
    """Make people who breathe six times a minute."""
    for name in names:
        written(folder / f"rr{name}.csv", ["t_s", "rr_ms"], [[*b] for b in beating(6.0, 300.0)])
        windows = [[at, at + 60, 6.0] for at in range(0, 241, 30)]
        written(folder / f"windows{name}.csv", ["t0", "t1", "ref"], windows)
    return folder


@pytest.mark.parametrize("names", [("",), ("_subject7",), ("_a", "_b")])
def test_slow_breathing_in_the_laboratory(tmp_path: Path, names: tuple[str, ...]) -> None:
    """One subject or more, whatever their files are called."""
    folder = laboratory(tmp_path / "lab", names)
    assert resp_rsa_lab.knows(folder)
    assert not bidmc.knows(folder)
    found = resp_rsa_lab.evaluate(folder)
    assert found["mae"] < 0.15
    assert (found["coverage"], found["subjects"]) == (1.0, len(names))


def test_other_folders_are_not_known(tmp_path: Path) -> None:
    """Neither an empty one nor one that holds something else."""
    written(tmp_path / "x.csv", ["a", "b"], [[1, 2]])
    assert not bidmc.knows(tmp_path)
    assert not resp_rsa_lab.knows(tmp_path)
    assert not resp_rsa_lab.knows(patients(tmp_path / "a"))
