"""Adapters of sleep: nights with a diary, and hours of sitting."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from script.tools.evaluate import mmash, stress_e4

pytestmark = pytest.mark.full  # whole days

HOUR = 3600


def written(file: Path, header: list[str], lines: list[list[Any]]) -> None:
    """Write a table."""
    file.parent.mkdir(exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as text:
        csv.writer(text).writerows([header, *lines])


def nights(folder: Path, users: tuple[str, ...], *, whole: bool = True) -> Path:
    """Make days of people who sleep from 23:30 to 07:00, with holes of 7 s every 33 s."""
    onset, out = 23.5 * HOUR, 31 * HOUR
    dice = np.random.default_rng(5)
    second = np.arange(10 * HOUR, 34 * HOUR)
    second = second[second % 40 < 33]
    asleep = (second >= onset) & (second < out)
    counts = np.where(dice.random(len(second)) < np.where(asleep, 0.001, 0.5), 60, 0)
    hr = np.where(asleep, 55, 78) + dice.integers(-2, 3, len(second))
    seconds = [
        [user, at, count, 0, count // 2, 0, beat, 3]
        for user in users
        for at, count, beat in zip(second.tolist(), counts.tolist(), hr.tolist(), strict=True)
    ]
    header = ["user", "t_s", "ax1", "ax2", "ax3", "steps", "hr", "posture"]
    written(folder / "one.csv", header, seconds)
    truth = ["user", "in_bed_s", "onset_s", "out_bed_s", "tst_min"]
    lines: list[list[Any]] = [[user, onset, onset, out, 440] for user in users]
    written(folder / "two.csv", truth, lines)
    if whole:
        rr = [[user, at, 60000 // beat] for user, at, *_, beat, _ in seconds if at % 2]
        written(folder / "three.csv", ["user", "t_s", "rr_ms"], rr)
        lines = [[user, 5.0, 54.0] for user in users]
        written(folder / "four.csv", ["user", "sleep_rmssd_ms", "hr_min_30min_mean"], lines)
    return folder


def test_nights_beside_a_diary(tmp_path: Path) -> None:
    """Two users, found by columns: onset and end to a few minutes."""
    folder = nights(tmp_path / "x", ("a", "b"))
    assert mmash.knows(folder)
    found = mmash.evaluate(folder)
    assert (found["users"], found["detected_share"], found["naps"]) == (2, 1.0, 0.0)
    assert found["onset_median_min"] < 5
    assert found["end_mae_min"] < 5
    assert found["tst_whole_mae_min"] < 60
    assert len(found["per_subject"]) == 2
    assert found["intervals"]["onset_median_min"]
    assert found["confidence_table"]


def test_one_user_and_no_references(tmp_path: Path) -> None:
    """Without intervals and reference values these keys are empty."""
    found = mmash.evaluate(nights(tmp_path / "x", ("z",), whole=False))
    assert found["onset_median_min"] < 5
    assert found["rmssd_rel_err_median"] is None
    assert found["rhr_mae_bpm"] is None
    assert found["intervals"] == {}


def test_a_folder_without_seconds(tmp_path: Path) -> None:
    """It is no recording of these formats."""
    for adapter in (mmash, stress_e4):
        assert not adapter.knows(tmp_path)
        with pytest.raises(ValueError, match="no table"):
            adapter.evaluate(tmp_path)


def test_sitting_is_no_sleep(tmp_path: Path) -> None:
    """An hour at a desk, also without a log of tasks and without beats."""
    dice = np.random.default_rng(8)
    lines = []
    for subject in ("s", "t"):
        pose = np.repeat(dice.normal(0.0, 0.2, 240), 15)
        lines += [[subject, at, pose[at], 0.1, 0.95, 0.01, 75 + at % 5] for at in range(len(pose))]
    written(tmp_path / "w.csv", ["subject", "t", "ax", "ay", "az", "mag_sd", "hr"], lines)
    assert stress_e4.knows(tmp_path)
    found = stress_e4.evaluate(tmp_path)
    assert (found["people"], found["false_sleep_min_total"]) == (2, 0.0)
    assert found["sitting_min_total"] == pytest.approx(120, abs=1)


@pytest.mark.full
def test_the_recorded_nights(shared_data: Path) -> None:
    """Better than a naive finder of windows: 19 and 20 min in the median."""
    found = mmash.evaluate(shared_data / "mmash")
    assert found["onset_median_min"] <= 10
    assert found["onset_mae_min"] <= 25
    assert found["end_median_min"] <= 10
    assert found["end_mae_min"] <= 25
    assert found["rmssd_rel_err_median"] <= 0.05


@pytest.mark.full
def test_hours_of_sitting(shared_data: Path) -> None:
    """Nobody sleeps in 21 hours on a chair."""
    found = stress_e4.evaluate(shared_data / "stress_e4")
    assert found["false_sleep_min_total"] == 0.0
    assert found["sitting_min_total"] > 1200
