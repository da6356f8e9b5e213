"""Adapters of the heart: labelled rhythms, and tasks that stress."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from script.tools.evaluate import rhythm_rr, stress_direction

pytestmark = pytest.mark.full  # whole recordings


def written(file: Path, header: list[str], lines: list[list[Any]]) -> None:
    """Write a table."""
    file.parent.mkdir(exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as text:
        csv.writer(text).writerows([header, *lines])


def rhythms(folder: Path, *, swapped: bool = False) -> Path:
    """Make a folder of two records: one that fibrillates, one that does not."""
    dice = np.random.default_rng(7)
    names = ["SinusNsr", "AfibAudited"] if swapped else ["AfibAudited", "SinusNsr"]
    lines = []
    for _ in range(5):
        wild = np.clip(dice.gamma(25.0, 30.0, 256), 320.0, 1600.0)
        calm = 900.0 + 40.0 * np.sin(np.arange(256) / 3.0) + dice.normal(0.0, 5.0, 256)
        for name, record, rr_ms in zip(names, ("a", "b"), (wild, calm), strict=True):
            lines.append([name, record, " ".join(f"{value:.0f}" for value in rr_ms)])
    lines.append(["EctopyHeavy", "b", "800 810"])
    written(folder / "any_name.csv", ["rhythm", "record", "rr_ms"], lines)
    return folder


def test_rhythms_are_told_apart(tmp_path: Path) -> None:
    """Found by columns; a stretch too short to score is counted as such."""
    assert rhythm_rr.knows(rhythms(tmp_path / "x"))
    found = rhythm_rr.evaluate(tmp_path / "x")
    assert found["af_vs_sinus_auc"] == found["af_vs_all_auc"] == 1.0
    assert found["sinus_false_flag_share"] == 0.0
    assert found["af_flag_share"] == 1.0
    assert found["ectopyheavy_flag_share"] is None
    assert (found["stretches"], found["scored"], found["records"]) == (11, 10, 2)
    assert [row["record"] for row in found["per_subject"]] == ["a", "b"]


def test_wrong_labels_show(tmp_path: Path) -> None:
    """The figures can be bad."""
    found = rhythm_rr.evaluate(rhythms(tmp_path / "x", swapped=True))
    assert found["af_vs_sinus_auc"] == 0.0
    assert found["sinus_false_flag_share"] == 1.0


def test_one_rhythm_alone_has_no_area(tmp_path: Path) -> None:
    """Nothing to compare, and one record has no interval."""
    line = ["SinusNsr", "a", " ".join(["900"] * 256)]
    written(tmp_path / "x.csv", ["rhythm", "record", "rr_ms"], [line])
    found = rhythm_rr.evaluate(tmp_path)
    assert found["af_vs_sinus_auc"] is None and found["af_vs_all_auc"] is None
    assert found["intervals"] == {}


def test_area_is_the_share_of_pairs_in_order() -> None:
    """Counted pair by pair, ties by half."""
    dice = np.random.default_rng(0)
    high, low = dice.integers(2, 9, 40), dice.integers(0, 7, 30)
    pairs = [(a > b) + 0.5 * (a == b) for a in high for b in low]
    assert rhythm_rr.area(high.tolist(), low.tolist()) == pytest.approx(np.mean(pairs))
    assert rhythm_rr.area([], [1.0]) is None


def test_labelled_rhythms(shared_data: Path) -> None:
    """What the screen must show on the shared stretches."""
    found = rhythm_rr.evaluate(shared_data / "rhythm_rr")
    assert found["af_vs_sinus_auc"] >= 0.99
    assert found["af_vs_all_auc"] >= 0.95
    assert found["sinus_false_flag_share"] <= 0.01
    assert found["af_flag_share"] >= 0.97
    errors = [row["error"] for row in found["confidence_table"]]
    assert errors[0] > errors[-1]


def tasks(folder: Path, *, stressed_bpm: float) -> Path:
    """Make a folder of one person: ten minutes of rest, ten of a task, ten of rest."""
    hr = np.full(1800, 70.0)
    hr[600:1200] = stressed_bpm
    lines = [["P", at, 0, 0, 1.0, rate if at >= 10 else ""] for at, rate in enumerate(hr)]
    written(folder / "a.csv", ["subject", "t", "ax", "ay", "az", "hr"], lines)
    log = [["P", "relax1", 0, 600], ["P", "stroop", 600, 1200], ["P", "baseline", 1200, 1800]]
    written(folder / "b.csv", ["subject", "task", "start_s", "end_s"], log)
    return folder


@pytest.mark.parametrize(("bpm", "share"), [(80.0, 1.0), (60.0, 0.0)])
def test_direction(tmp_path: Path, bpm: float, share: float) -> None:
    """Up and down."""
    found = stress_direction.stress_scores(tasks(tmp_path / "x", stressed_bpm=bpm))
    assert found["stress_direction_share"] == share
    (person,) = found["per_subject"]
    assert (person["stress_minutes"], person["rest_minutes"]) == (10, 20)


def test_people_without_a_log_are_left_out(tmp_path: Path) -> None:
    """And then there is no share."""
    folder = tasks(tmp_path / "x", stressed_bpm=80.0)
    written(folder / "b.csv", ["subject", "task", "start_s", "end_s"], [["Q", "stroop", 0, 600]])
    found = stress_direction.stress_scores(folder)
    assert (found["stress_people"], found["stress_direction_share"]) == (0, None)


def test_recorded_stress(shared_data: Path) -> None:
    """What the arousal must show on the shared recordings."""
    found = stress_direction.stress_scores(shared_data / "stress_e4")
    assert found["stress_direction_share"] >= 0.75
    assert len(found["per_subject"]) == found["stress_people"] >= 20
