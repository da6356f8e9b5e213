"""The workouts of a day as metrics."""

from custom_components.openstrap.engine.metric import need_input
from custom_components.openstrap.engine.told import NOTHING_TOLD, Told, ToldWorkout
from custom_components.openstrap.engine.training.sessions import workouts_of
from custom_components.openstrap.engine.training.workout_metrics import ROWS, workout_trends

from .workout_days import ANCHORS, MIDNIGHT, day_track

KEYS = [row.key for row in ROWS]
DAY = day_track([(36000.0, 38400.0, 150.0), (64000.0, 67600.0, 140.0)])
WORKOUTS = workouts_of(DAY, ANCHORS, NOTHING_TOLD)


def test_two_workouts() -> None:
    """Counted, summed, and the hardest and the mean recovery of them."""
    found = workout_trends(WORKOUTS, ANCHORS, 960)
    assert list(found) == KEYS
    assert found["workouts"].value == 2
    minutes = found["workout_min"].value
    assert minutes is not None and abs(minutes - 100.0) < 3.0
    strains = [one.breakdown.strain for one in WORKOUTS if one.breakdown.strain is not None]
    hardest = found["workout_strain"].value
    assert hardest is not None and abs(hardest - max(strains)) < 1e-5
    drops = [one.breakdown.drop for one in WORKOUTS if one.breakdown.drop is not None]
    recovered = found["hrr60_bpm"]
    assert len(drops) == 2 and recovered.value is not None
    assert abs(recovered.value - sum(drop.bpm for drop in drops) / 2.0) < 1e-5
    assert [name for name, _ in recovered.drivers] == ["ended_at_bpm"]
    assert found["hrr_tau_s"].value is not None
    assert 0.5 < found["workouts"].confidence <= 0.9


def test_none_found_is_none_and_not_unknown() -> None:
    """A day that was looked at has 0 workouts, and no recovery."""
    found = workout_trends((), ANCHORS, 960)
    assert found["workouts"].value == found["workout_min"].value == 0.0
    for key in ("workout_strain", "hrr60_bpm", "hrr_tau_s"):
        assert found[key].value is None
        assert found[key].note == need_input("workouts", 0, 1)
    assert workout_trends((), ANCHORS, 60)["workouts"].confidence < found["workouts"].confidence


def test_not_looked_for_is_unknown() -> None:
    """Without anchors or without a waking minute."""
    for anchors, wake, note in (("why not", 960, "why not"), (ANCHORS, 0, None)):
        found = workout_trends((), anchors, wake)
        assert list(found) == KEYS
        assert all(metric.value is None for metric in found.values())
        assert note is None or found["workouts"].note == note


def test_what_was_told_counts_all_the_same() -> None:
    """With little confidence that it was all."""
    mine = ToldWorkout("a", MIDNIGHT + 36000.0, MIDNIGHT + 37200.0, "yoga")
    found = workout_trends(workouts_of(DAY, None, Told((mine,))), "why not", 960)
    assert found["workouts"].value == 1.0
    assert found["workouts"].note == "why not"
    assert found["workouts"].confidence == 0.1
    assert found["workout_strain"].note == "why not"
    dark = workouts_of(day_track(until=0.0), ANCHORS, Told((mine,)))
    blind = workout_trends(dark, ANCHORS, 960)
    assert (blind["workouts"].value, blind["workout_strain"].value) == (1.0, None)
    assert blind["workout_strain"].note == need_input("heart_rate_in_workout", 0, 1)
    assert found["hrr60_bpm"].note == need_input("heart_rate_after_workout", 0, 1)
