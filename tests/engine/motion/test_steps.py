"""A day's steps by the one best source."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.motion.steps import counted_steps, day_steps

from ..series import samples_of
from .walks import DAY, gait


@given(st.lists(st.integers(0, 3), min_size=1, max_size=200), st.integers(0, 65535))
def test_the_counter_wraps(increments: list[int], first: int) -> None:
    """The steps of a day are those that were taken, wherever the counter stood."""
    counter = (first + np.cumsum(increments)) % 65536
    found = counted_steps(np.arange(len(counter), dtype=float), counter)
    assert found.sum() == sum(increments[1:])
    assert found[0] == 0


def test_a_reset_takes_no_step() -> None:
    """A band that begins anew, at once or after a hole, and a leap that no foot makes."""
    ts = np.array([0.0, 1.0, 2.0, 40_000.0, 40_001.0, 40_002.0])
    counter = np.array([500, 501, 3, 1, 2, 9_000])
    assert counted_steps(ts, counter).tolist() == [0, 1, 0, 0, 1, 0]


def test_steps_of_a_hole_count() -> None:
    """The counter goes on where no record came."""
    assert counted_steps(np.array([0.0, 600.0]), np.array([10, 900])).tolist() == [0, 890]


@pytest.mark.parametrize(
    ("hole_s", "most"),
    [(1.0, 25), (600.0, 3020), (3600.0, 12_000), (12_600.0, 16_000), (21_600.0, 20_000)],
)
def test_a_hole_holds_what_feet_can_do(hole_s: float, most: int) -> None:
    """A leap beyond it is another strap's count, or a new beginning."""
    ts = np.array([0.0, hole_s])
    assert counted_steps(ts, np.array([0, most]))[1] == most
    assert counted_steps(ts, np.array([0, most + 1]))[1] == 0


def test_after_six_hours_the_count_begins_anew() -> None:
    """Nobody knows whose count it was, nor when the steps were taken; what follows counts."""
    ts = np.array([0.0, 21_601.0, 21_602.0])
    assert counted_steps(ts, np.array([0, 900, 902])).tolist() == [0, 0, 2]


def test_the_bands_own_count() -> None:
    """The last count before midnight is where the day begins; unseen minutes are not 0."""
    ts = np.concatenate((DAY[0] + np.arange(-60.0, 120.0), DAY[0] + 600.0 + np.arange(60.0)))
    counter = (65_500 + 2 * np.arange(len(ts))) % 65536
    samples = samples_of(ts, step_counter=counter)
    found = day_steps(samples, [gait(0.0, 60.0)], DAY)
    assert found is not None
    assert found.source == "band"
    assert found.total == 2 * 180
    assert found.steps[:3].tolist()[:2] == [120, 120]
    assert np.isnan(found.steps[2:10]).all()
    assert found.steps[10] == 120
    assert found.covered_min == 3.0
    assert found.cadence_spm == 120


def test_raw_acceleration_where_the_band_does_not_count() -> None:
    """Minutes without it are unknown."""
    samples = samples_of(DAY[0] + np.arange(3600.0))
    found = day_steps(samples, [gait(120.0, 120.0), gait(1000.0, 30.0)], DAY)
    assert found is not None
    assert found.source == "imu"
    assert found.total == pytest.approx(216 + 54, abs=5)
    assert found.covered_min == pytest.approx(2.5, abs=0.05)
    assert np.isnan(found.steps[:2]).all()
    assert found.steps[2] == pytest.approx(108, abs=3)
    assert found.cadence_spm == pytest.approx(108, abs=2)


def test_one_record_a_second_holds_no_steps() -> None:
    """Nor does raw acceleration of another day, or too little of it."""
    samples = samples_of(DAY[0] + np.arange(3600.0))
    assert day_steps(samples, [], DAY) is None
    assert day_steps(samples, [gait(-3600.0, 60.0)], DAY) is None
    assert day_steps(samples, [gait(0.0, 4.0)], DAY) is None
    other = samples_of(DAY[1] + np.arange(10.0), step_counter=7)
    assert day_steps(other, [], DAY) is None


def test_exercise_without_gait() -> None:
    """The arm of a rower swings as well; the minutes stay covered."""
    samples = samples_of(DAY[0] + np.arange(600.0))
    rowing = [(DAY[0] + 60.0, DAY[0] + 120.0)]
    found = day_steps(samples, [gait(0.0, 180.0)], DAY, without_gait=rowing)
    assert found is not None
    assert found.steps[1] == 0
    assert found.total == pytest.approx(216, abs=4)


@pytest.mark.full
def test_a_long_stretch_is_cut_without_loss() -> None:
    """An hour of raw acceleration."""
    samples = samples_of(DAY[0] + np.arange(10.0))
    found = day_steps(samples, [gait(0.0, 3600.0, fs_hz=25.0)], DAY)
    assert found is not None
    assert found.total == pytest.approx(6480, rel=0.01)
    assert found.covered_min == pytest.approx(60.0, abs=0.1)
