"""Activity from a wrist at 100 Hz."""

import json

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.motion.imu import Stretch
from custom_components.openstrap.engine.training.har import (
    Activity,
    Features,
    Vote,
    activity_of,
    features_of,
    kind_of_votes,
    minute_votes,
    votes_of,
)

from .workout_days import times


def swing(hz: float, height_g: float, n: int = 400) -> NDArray[np.float64]:
    """Return an arm that swings at one rate."""
    at: NDArray[np.float64] = times(0.0, n, 1.0) / 100.0
    return 1.0 + height_g * np.sin(2.0 * np.pi * hz * at)


@pytest.mark.parametrize(
    ("hz", "height", "dominant", "ratio", "activity"),
    [
        (1.8, 0.3, 1.7578, 0.709, "walk"),
        (2.8, 0.5, 2.7344, 0.624, "run"),
        (0.9, 0.1, 0.9766, 0.543, "cycle"),
    ],
)
def test_known_swings(
    hz: float, height: float, dominant: float, ratio: float, activity: str
) -> None:
    """Strongest line, its share of the power, and what that is called."""
    found = features_of(swing(hz, height))
    assert found is not None
    assert found.dominant_hz == pytest.approx(dominant, abs=1e-4)
    assert found.ratio == pytest.approx(ratio, abs=1e-3)
    assert activity_of(found)[0] == activity


def test_known_spread_and_power() -> None:
    """Of a walking arm and of one on a handlebar."""
    walk, ride = features_of(swing(1.8, 0.3)), features_of(swing(0.9, 0.1))
    assert walk is not None and ride is not None
    assert walk.sd_g == pytest.approx(0.2101, abs=1e-4)
    assert walk.power == pytest.approx(8.804, abs=1e-3)
    assert ride.sd_g == pytest.approx(0.0693, abs=1e-4)


def test_what_does_not_repeat() -> None:
    """A still wrist, weights, and what is neither."""
    assert activity_of(Features(0.01, 0.005, 1.0, 0.9)) == ("sedentary", 0.6)
    assert activity_of(Features(0.2, 9.0, 1.0, 0.1)) == ("lift", 0.45)
    assert activity_of(Features(0.03, 0.5, 1.0, 0.1)) == ("other", 0.4)
    assert activity_of(Features(0.3, 9.0, 0.9, 0.5)) == ("other", 0.4)
    still = features_of(np.ones(400))
    assert still is not None and activity_of(still)[0] == "sedentary"


def test_too_short_a_window_is_none() -> None:
    """Below 128 samples, and with a hole."""
    assert features_of(swing(1.8, 0.3, 127)) is None
    assert features_of(np.append(swing(1.8, 0.3), np.nan)) is None
    assert [vote.ts for vote in votes_of(50.0, swing(1.8, 0.3, 900))] == [50.0, 54.0]
    assert len(votes_of(50.0, swing(1.8, 0.3, 928))) == 3


def windows(*phases: tuple[Activity, int]) -> list[Vote]:
    """Return windows of phases, each of so many."""
    names = [name for name, count in phases for _ in range(count)]
    return [Vote(4.0 * at, 4.0, name, 0.9) for at, name in enumerate(names)]


def test_a_workout_is_named_by_its_longest_phase() -> None:
    """Short ones and single windows do not matter."""
    found = kind_of_votes(windows(("run", 100), ("walk", 20), ("run", 100)), 0.0, 880.0)
    assert found is not None and (found.kind, found.confidence) == ("run", 0.75)
    lifted = kind_of_votes(windows(("lift", 60), ("walk", 50)), 0.0, 440.0)
    assert lifted is not None and lifted.kind == "strength" and lifted.confidence < 0.6


def test_windows_that_do_not_say() -> None:
    """Too few, of too little of it, of nothing that is a workout, or of no majority."""
    assert kind_of_votes(windows(("run", 1)), 0.0, 4.0) is None
    assert kind_of_votes(windows(("run", 50)), 0.0, 4000.0) is None
    assert kind_of_votes(windows(("run", 50)), 300.0, 400.0) is None
    assert kind_of_votes(windows(("sedentary", 50)), 0.0, 200.0) is None
    thirds = windows(("run", 40), ("walk", 40), ("lift", 40))
    assert kind_of_votes(thirds, 0.0, 480.0) is None


@given(st.lists(st.floats(0.0, 8.0), min_size=128, max_size=400))
def test_any_window_has_one_activity(values: list[float]) -> None:
    """Whatever was measured."""
    found = features_of(np.array(values))
    assert found is not None
    assert 0.0 <= found.ratio <= 1.0
    assert 0.0 < activity_of(found)[1] <= 0.9


@pytest.mark.parametrize("fs_hz", [100.0, 104.0])
def test_minutes_of_a_stretch(fs_hz: float) -> None:
    """A minute of walking, one of running, whatever the sensor's own rate; and in any order."""
    start = 1_780_000_020.0
    ts = start + np.arange(int(120.0 * fs_hz)) / fs_hz
    hz, height = np.where(ts < start + 60.0, 1.8, 2.8), np.where(ts < start + 60.0, 0.3, 0.5)
    magnitude = 1.0 + height * np.sin(2.0 * np.pi * hz * (ts - start))
    found = minute_votes([Stretch(ts, magnitude)])
    assert [(vote.ts, vote.activity) for vote in found] == [(start, "walk"), (start + 60.0, "run")]
    assert all(vote.seconds == pytest.approx(60.0, abs=1.0) for vote in found)
    assert all(0.4 < vote.confidence <= 0.9 for vote in found)
    half = len(ts) // 2
    parts = [Stretch(ts[half:], magnitude[half:]), Stretch(ts[:half], magnitude[:half])]
    assert [vote.activity for vote in minute_votes(parts)] == ["walk", "run"]
    assert [Vote.from_list(json.loads(json.dumps(vote.to_list()))) for vote in found] == list(found)


def test_too_short_a_stretch_names_no_minute() -> None:
    """Nor does one with a reading that is none."""
    assert minute_votes([Stretch(np.arange(100) / 100.0, np.ones(100))]) == ()
    broken = np.ones(400)
    broken[7] = np.nan
    assert minute_votes([Stretch(np.arange(400) / 100.0, broken)]) == ()


@pytest.mark.parametrize(
    "data", [[], [0.0, 4.0, "fly", 0.5], [0.0, 4.0, "walk"], ["x", 4.0, "walk", 1]]
)
def test_other_lists_are_no_votes(data: list[object]) -> None:
    """With one of two errors."""
    with pytest.raises((TypeError, ValueError)):
        Vote.from_list(data)
