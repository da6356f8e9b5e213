"""The adapter of labelled nights, and the ways in which it disturbs them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from script.tools.evaluate import sleep_accel
from script.tools.stager.choosing import Answer, choose_weight, confusion, kappa
from script.tools.stager.laboratory import GROUPS, strangers
from script.tools.stager.recordings import Recording, fingerprint, read_recordings
from script.tools.stager.scoring import Row, Scored, summary
from script.tools.stager.views import (
    as_is,
    cut_to_stillness,
    lost,
    motion_above,
    motion_invented,
    noisy,
    part,
    shifted,
    smoothed,
)

from .engine.series import clock
from .labelled_nights import labelled_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of three labelled nights."""
    return labelled_folder(tmp_path_factory.mktemp("nights"), people=3)


@pytest.fixture(scope="module")
def night(folder: Path) -> Recording:
    """Give one night."""
    return read_recordings(folder)[0]


def test_nights_are_found_by_columns(folder: Path, tmp_path: Path) -> None:
    """Whatever the files and people are called; all three tables are needed."""
    assert sleep_accel.knows(folder)
    nights = read_recordings(folder)
    assert [night.subject for night in nights] == ["p0", "p1", "p2"]
    assert all(len(night.stage) == 480 for night in nights)
    assert set(np.unique(nights[0].stage)) == {0, 1, 2, 3}
    for file in list(folder.iterdir())[:2]:
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert not sleep_accel.knows(tmp_path)


def test_a_fingerprint_is_of_the_heart_alone() -> None:
    """The origin of time does not matter, a beat does."""
    t_s, bpm = clock(0.0, 500.0, 5.0), np.full(100, 60.0)
    other = bpm.copy()
    other[50] = 61.0
    assert fingerprint(t_s, bpm) == fingerprint(clock(1000.0, 1500.0, 5.0), bpm)
    assert fingerprint(t_s, bpm) != fingerprint(t_s, other)


@pytest.mark.full
def test_strangers_are_scored_with_what_ships(folder: Path) -> None:
    """Keys of the report, a row a person, finite numbers."""
    found = sleep_accel.evaluate(folder)
    assert found["subjects"] == found["staged_subjects"] == 3
    assert found["refitted_subjects"] == 0
    assert found["coverage"] == 1.0
    for key in (
        "four_class_kappa",
        "four_class_kappa_mean",
        "three_class_kappa",
        "sleep_wake_kappa",
        "detected_four_class_kappa",
        "live_sleep_wake_kappa",
        "live_four_class_kappa",
    ):
        assert -1.0 <= found[key] <= 1.0
    for key in ("tst_mae_min", "tst_bias_min", "deep_bias_min", "rem_bias_min", "light_bias_min"):
        assert np.isfinite(found[key])
    assert len(found["per_subject"]) == 3
    assert set(found["robustness"]) >= {"none", "hr_smoothed_20_s", "window_cut_to_stillness"}
    plain = found["robustness"]["none"]
    assert plain["four_class_kappa"] == found["four_class_kappa"]
    assert found["robustness"]["hr_plus_10_bpm"] == plain
    errors = [row["error"] for row in found["confidence_table"]]
    assert len(errors) > 3
    assert "four_class_kappa" in found["intervals"]


@pytest.mark.full
def test_one_person_is_enough(tmp_path: Path) -> None:
    """There is no interval then, and no correlation."""
    found = sleep_accel.evaluate(labelled_folder(tmp_path, people=1))
    assert found["staged_subjects"] == 1
    assert found["intervals"] == {}
    assert found["ranges"]["deep"]["correlation"] is None


def test_kappa_is_cohens() -> None:
    """Known by hand: 0.4 from Cohen's table of 20, 5, 10, 15."""
    table = np.zeros((4, 4))
    table[:2, :2] = [[20, 5], [10, 15]]
    assert kappa(table) == pytest.approx(0.4)
    assert kappa(table, (0, 1, 1, 1)) == pytest.approx(0.4)
    assert np.isnan(kappa(np.diag([5.0, 0.0, 0.0, 0.0])))
    assert confusion(np.array([0, 3], np.int8), np.array([1, 3], np.int8))[0, 1] == 1.0


def test_weights_undo_a_prior() -> None:
    """Where deep is always told too low, its weight goes up."""
    dice = np.random.default_rng(0)
    truth = dice.choice(4, 3000, p=(0.1, 0.5, 0.2, 0.2)).astype(np.int8)
    told = 0.2 + np.eye(4)[truth] * dice.uniform(0.2, 0.6, 3000)[:, None]
    told *= (1.0, 1.0, 0.6, 1.0)
    told /= told.sum(axis=1, keepdims=True)
    weight = choose_weight([Answer(truth[at::3], told[at::3], 0.0) for at in range(3)])
    assert weight[2] > 1.3
    assert weight[1] == 1.0


def test_a_judged_night_never_teaches() -> None:
    """Nor does its group teach what is chosen for it."""
    for left_out in range(20):
        for asked in range(20):
            if asked != left_out:
                kept_out = strangers(asked, left_out, 20)
                assert {asked, left_out} <= set(kept_out)
                assert len(kept_out) in {20 // GROUPS, 2 * 20 // GROUPS}


def test_summary_of_a_perfect_and_a_shallow_night() -> None:
    """Perfect agreement is 1; a night without depth counts for sleep and wake alone."""
    truth = np.array([0, 0, 1, 1, 2, 2, 3, 3], np.int8)
    table = confusion(truth, truth)
    perfect = Row(True, table, np.zeros(5), (1.0, 1.0))
    found = summary([perfect])
    assert found["four_class_kappa"] == found["sleep_wake_kappa"] == 1.0
    assert found["waso_mae_min"] == 0.0
    awake = Row(
        False, confusion(truth, np.minimum(truth + 1, 1).astype(np.int8)), np.zeros(5), None
    )
    both = summary([perfect, awake])
    assert both["four_class_kappa"] == 1.0
    assert both["sleep_wake_kappa"] is not None and both["sleep_wake_kappa"] < 1.0
    assert set(summary([awake])) == {"sleep_wake_kappa", "sleep_wake_kappa_mean"}
    assert summary([]) == {}


def test_waso_lies_between_the_first_and_the_last_sleep() -> None:
    """Wake before and after is none."""
    stage = np.array([0, 0, 1, 0, 0, 3, 0], np.int8)
    assert Scored(True, stage, stage, np.eye(4)[stage], ()).waso == (1.0, 1.0)
    awake = np.zeros(4, np.int8)
    assert Scored(True, awake, awake, np.eye(4)[awake], ()).waso is None


def test_disturbances_do_what_they_say(night: Recording) -> None:
    """And nothing else; the same each time."""
    assert as_is(night) is night
    half = lost(0.5, blocks=False)(night)
    assert 0.45 < len(half.samples) / len(night.samples) < 0.55
    blocks = lost(0.2, blocks=True)(night)
    assert np.diff(blocks.samples.ts).max() >= 300.0
    assert (half.stage == night.stage).all()
    calm = smoothed(20.0)(night).samples.hr_bpm
    assert (
        np.abs(np.diff(calm.astype(int))).mean()
        < np.abs(np.diff(night.samples.hr_bpm.astype(int))).mean()
    )
    rough = noisy(4.0)(night).samples.hr_bpm.astype(float) - night.samples.hr_bpm
    assert rough.std() == pytest.approx(4.0, rel=0.1)
    assert (shifted(10)(night).samples.hr_bpm == night.samples.hr_bpm + 10).all()
    moved = night.motion.amount > 0
    assert (motion_above(0.5)(night).motion.amount > 0).sum() == pytest.approx(
        moved.sum() / 2, rel=0.1
    )
    invented = motion_invented(0.02)(night).motion.amount > 0
    assert (invented & ~moved).sum() == pytest.approx(0.02 * (~moved).sum(), rel=0.7)
    assert (invented[moved]).all()
    again = lost(0.5, blocks=False)(night)
    assert (again.samples.ts == half.samples.ts).all()


def test_a_part_is_a_night_of_its_own(night: Recording) -> None:
    """Labels go with their epochs."""
    middle = part(night, 100, 300)
    assert middle.start_ts == night.start_ts + 3000.0
    assert (middle.stage == night.stage[100:300]).all()
    assert middle.samples.ts[0] >= middle.start_ts
    assert middle.samples.ts[-1] < middle.end_ts == middle.start_ts + 6000.0
    cut = cut_to_stillness(replace(night))
    assert len(cut.stage) <= len(night.stage)


@pytest.mark.full
def test_the_laboratory_nights_without_themselves(shared_data: Path) -> None:
    """The figures that are published, each night judged by what never saw it."""
    found = sleep_accel.evaluate(shared_data / "sleep_accel")
    assert found["refitted_subjects"] == found["subjects"] == 20
    assert found["four_class_kappa"] >= 0.52
    assert found["sleep_wake_kappa"] >= 0.55
    assert found["detected_four_class_kappa"] >= 0.49
    assert found["tst_mae_min"] <= 15.3
    for stage in ("light", "deep", "rem"):
        assert abs(found[f"{stage}_bias_min"]) <= 10.0
    assert found["robustness"]["hr_smoothed_20_s"]["four_class_kappa"] >= 0.49
    assert abs(found["robustness"]["hr_smoothed_20_s"]["decided_deep_bias_min"]) <= 15.0
    errors = [row["error"] for row in found["confidence_table"]]
    assert errors == sorted(errors, reverse=True)
