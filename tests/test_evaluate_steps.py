"""Steps beside counted ones, at a wrist and at an arm."""

from collections.abc import Callable, Mapping, Sequence
import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from script.tools import fit_walking
from script.tools.evaluate import page, steps_phone_arm, steps_sensorwatch
from script.tools.evaluate.steps_sensorwatch import Recording


def write(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a table."""
    with file.open("w", newline="") as text:
        table = csv.DictWriter(text, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


@pytest.fixture
def watch(tmp_path: Path) -> Path:
    """Make a folder under other names: a walk, and someone who sits still."""
    t_s = np.arange(0.0, 60.0, 0.04)
    walk = 21_000.0 * (1.0 + 0.3 * np.sin(2.0 * np.pi * 1.8 * t_s))
    still = np.full(len(t_s), 21_000.0)
    told = {"group": "made", "fs_hz": 25, "seconds": 60}
    write(
        tmp_path / "what.csv",
        [
            {"recording": "a", "activity": "fast-walking1", "true_steps": 120} | told,
            {"recording": "b", "activity": "desk-working2", "true_steps": 0} | told,
        ],
    )
    write(
        tmp_path / "signal.csv",
        [
            {"recording": name, "t_s": at, "magnitude_raw": value}
            for name, series in (("a", walk), ("b", still))
            for at, value in zip(t_s.tolist(), series.tolist(), strict=True)
        ],
    )
    return tmp_path


def test_a_made_folder(watch: Path) -> None:
    """One walk counted 10 % short, no step too many."""
    assert steps_sensorwatch.knows(watch)
    assert not steps_phone_arm.knows(watch)
    found = steps_sensorwatch.evaluate(watch)
    assert found["recordings"] == 2
    assert found["walk_mape"] == pytest.approx(0.1, abs=0.02)
    assert found["walk_bias"] == pytest.approx(-found["walk_mape"])
    assert found["false_steps_per_recording"] == 0.0
    assert set(found["by_activity"]) == {"fast-walking", "desk-working"}
    assert found["by_activity"]["desk-working"]["walk_mape"] is None


def test_formats_are_told_by_columns(tmp_path: Path) -> None:
    """Not by the name of the folder."""
    for adapter in (steps_sensorwatch, steps_phone_arm):
        assert not adapter.knows(tmp_path)
        with pytest.raises(ValueError, match="no tables"):
            adapter.evaluate(tmp_path)


@pytest.mark.full
def test_steps_at_a_wrist(shared_data: Path) -> None:
    """Slow walks too, and hands at work."""
    folder = shared_data / "steps_sensorwatch"
    assert steps_sensorwatch.knows(folder)
    assert not steps_phone_arm.knows(folder)
    found = steps_sensorwatch.evaluate(folder)
    assert found["walk_mape"] <= 0.10
    assert found["false_steps_per_recording"] <= 8.0
    assert len(found["per_recording"]) == found["recordings"] == 30
    low, high = found["intervals"]["walk_mape"]
    assert low < found["walk_mape"] < high


@pytest.mark.full
def test_steps_at_an_arm(shared_data: Path) -> None:
    """At least as good as the counters that came with them."""
    folder = shared_data / "steps_phone_arm"
    assert steps_phone_arm.knows(folder)
    assert not steps_sensorwatch.knows(folder)
    found = steps_phone_arm.evaluate(folder)
    assert found["walk_mape"] <= 0.02
    assert found["recordings"] == 16
    assert all(error <= 0.03 for error in found["by_group"].values())


@pytest.mark.full
def test_a_walk_is_told_by_a_judge_that_never_saw_it(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each recording counted by the fit on all others."""
    walk_mape, false_steps = left_out(shared_data, monkeypatch, lambda one: one.name)
    assert walk_mape <= 0.10
    assert false_steps <= 8.0
    said = f"recording in turn, it is off by {walk_mape:.3f} on walks, with {false_steps:.1f} steps"
    assert said in words()


@pytest.mark.full
def test_the_page_tells_what_a_new_group_costs(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hands at work are in one group alone: without it they are taken for walking."""
    walk_mape, false_steps = left_out(shared_data, monkeypatch, lambda one: one.group)
    assert walk_mape <= 0.10
    assert false_steps > 8.0
    assert f"recordings in turn, by {walk_mape:.3f}, with {false_steps:.1f} steps" in words()


def words() -> str:
    """Return the words of the page about accuracy, in one line."""
    return " ".join(page.WORDS.read_text(encoding="utf-8").split())


def left_out(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch, key: Callable[[Recording], str]
) -> tuple[float, float]:
    """Count recordings by the fit on all with another key: error of walks, false steps."""
    watch = steps_sensorwatch.recordings(shared_data / "steps_sensorwatch")
    phone = steps_phone_arm.recordings(shared_data / "steps_phone_arm")
    counted = []
    for out in sorted({key(one) for one in watch}):
        others = [(other, 1.0) for other in watch if key(other) != out]
        others += [(other, fit_walking.PHONE_WEIGHT) for other in phone]
        judge = fit_walking.fit_judge(others)
        monkeypatch.setattr("openstrap.engine.motion.pedometer.JUDGE", judge)
        counted += [steps_sensorwatch.count_row(one) for one in watch if key(one) == out]
    found = steps_sensorwatch.step_scores(counted)
    walk_mape, false_steps = found["walk_mape"], found["false_steps_per_recording"]
    assert walk_mape is not None
    assert false_steps is not None
    return walk_mape, false_steps


@pytest.mark.full
def test_the_fit_gives_the_shipped_numbers(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the same folders."""
    from openstrap.engine.motion.walking_judge import JUDGE

    folders = [str(shared_data / name) for name in ("steps_sensorwatch", "steps_phone_arm")]
    assert fit_walking.main(folders) == 0
    assert capsys.readouterr().out.strip() == repr(JUDGE)
