"""The adapter of recorded workouts."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from custom_components.openstrap.engine.training.detect import Effort
from script.tools.evaluate import workouts_fit

pytestmark = pytest.mark.full  # every workout gets two hours of rest, and its interval 2000 draws

SUMMARY = ["workout", "sport", "elapsed_s", "dev_calories_kcal"]


def written(file: Path, header: list[str], lines: list[list[Any]]) -> None:
    """Write a table."""
    with file.open("w", newline="", encoding="utf-8") as text:
        csv.writer(text).writerows([header, *lines])


def recordings(folder: Path, *, extra: dict[str, list[str]] | None = None) -> Path:
    """Make a folder of a run at 1 Hz, a ride with a long pause, and a test of a watch.

    ``extra`` are further columns of the summary.
    """
    folder.mkdir()
    lines: list[list[Any]] = [["run", t, 150] for t in range(1800)]
    lines += [["run", 1800, ""], *(["run", t, 150] for t in range(1801, 1900))]
    lines += [["ride", t, 140] for t in range(0, 1800, 5)]
    lines += [["ride", t, 140] for t in range(3000, 4800, 5)]
    lines += [["watch", t, 80] for t in range(40)]
    written(folder / "one.csv", ["workout", "t_s", "hr"], lines)
    more = extra or {}
    summaries = [
        ["run", "running", 1900, 300],
        ["ride", "cycling", 4800, ""],
        ["watch", "x", 40, 3],
    ]
    written(
        folder / "two.csv",
        [*SUMMARY, *more],
        [[*row, *(column[at] for column in more.values())] for at, row in enumerate(summaries)],
    )
    return folder


def test_made_workouts(tmp_path: Path) -> None:
    """Without reference columns the definition is worked out; pauses make workouts."""
    folder = recordings(tmp_path / "x")
    assert workouts_fit.knows(folder)
    found = workouts_fit.evaluate(folder)
    assert (found["workouts"], found["detect_f1"]) == (3, 1.0)
    assert found["zone_minutes_max_err"] < 1e-9
    assert found["trimp_rel_err_max"] < 1e-9
    assert found["edge_median_s"] < 45.0
    run, ride, watch = found["per_subject"]
    assert (run["stretches"], ride["stretches"], watch["stretches"]) == (1, 2, 0)
    assert "kcal_rel_err" in run and "kcal_rel_err" not in watch
    assert found["kcal_mape"] == pytest.approx(abs(run["kcal_rel_err"]))
    assert set(found["intervals"]) >= {"detect_f1", "edge_median_s"}


def test_wrong_columns_show(tmp_path: Path) -> None:
    """The figures can be bad, and rounding of the reference is not one of them."""
    zones = {f"zone{zone}_min_hrmax190": ["0", "0", "0"] for zone in range(6)}
    load = {"trimp_banister_m_60_190": ["52.99", "200", "0.07"]}
    found = workouts_fit.evaluate(recordings(tmp_path / "x", extra=zones | load))
    assert found["zone_minutes_max_err"] > 30.0
    assert found["per_subject"][0]["trimp_rel_err"] < 0.01
    assert found["per_subject"][1]["trimp_rel_err"] > 0.1
    assert found["trimp_rel_err_max"] > 0.1


def test_what_is_missed_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector that finds nothing, and one that finds too much."""
    folder = recordings(tmp_path / "x")
    monkeypatch.setattr(workouts_fit, "find_efforts", lambda *_: ())
    found = workouts_fit.evaluate(folder)
    assert (found["detect_f1"], found["detect_recall"]) == (0.0, 0.0)
    assert found["edge_median_s"] is None
    whole = Effort(-3600.0, 9000.0, 0.6)
    monkeypatch.setattr(workouts_fit, "find_efforts", lambda *_: (whole,))
    found = workouts_fit.evaluate(folder)
    assert (found["detect_f1"], found["detect_precision"]) == (0.0, 0.0)


def test_rest_is_laid_around(tmp_path: Path) -> None:
    """An hour on both sides, a row a second, reached without a step, the same every time."""
    records = np.column_stack((np.arange(0.0, 600.0, 5.0), np.full(120, 150.0)))
    ts, hr = workouts_fit.padded(records, 1)
    assert np.array_equal(np.diff(ts), np.ones(len(ts) - 1))
    assert (ts[0], ts[-1]) == (-3600.0, 595.0 + 3600.0)
    assert np.all(hr[(ts >= 0.0) & (ts <= 595.0)] == 150.0)
    assert abs(hr[ts < 0.0].mean() - 70.0) < 3.0
    assert hr[ts > 595.0][0] > 140.0
    again = workouts_fit.padded(records, 1)[1]
    other = workouts_fit.padded(records, 2)[1]
    assert np.array_equal(hr, again) and not np.array_equal(hr, other)


def test_recorded_workouts(shared_data: Path) -> None:
    """What must be shown on the shared recordings."""
    found = workouts_fit.evaluate(shared_data / "workouts_fit")
    assert found["zone_minutes_max_err"] <= 0.1
    assert found["trimp_rel_err_max"] <= 0.01
    assert found["detect_f1"] >= 0.95
    assert found["edge_median_s"] <= 90.0
    assert found["kcal_mape"] < 0.5
