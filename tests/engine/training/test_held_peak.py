"""The highest rate held in motion, and what passes for one."""

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.metric import Metric
from custom_components.openstrap.engine.motion.indices import worn_dyn_g
from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.training.held_peak import (
    ROWS,
    ceiling_bpm,
    held_peak_metrics,
)

START = 1_780_000_000.0
SPAN = (START, START + 3600.0)


def climb(top: float, hold_s: int, *, step: float = 0.5) -> NDArray[np.float64]:
    """Give a rate a second: rest, a steady climb, a hold, a steady fall."""
    up = np.arange(90.0, top, step)
    return np.concatenate((np.full(120, 90.0), up, np.full(hold_s, top), up[::-1]))


def samples(hr: NDArray[np.float64], swing_g: float = 0.3, spacing_s: float = 1.0) -> Samples:
    """Make records of these rates on an arm that swings by so much."""
    accel = np.zeros((len(hr), 3))
    accel[:, 2] = 1.0
    accel[::2, 0], accel[1::2, 0] = swing_g, -swing_g
    return Samples(
        ts=START + spacing_s * np.arange(len(hr), dtype=np.float64),
        hr_bpm=hr.astype(np.int16),
        accel_g=accel,
        rr_ms=np.empty(0),
        rr_index=np.empty(0, dtype=np.int64),
    )


def peak(made: Samples, worn: NDArray[np.bool_] | None = None, age: float | None = None) -> Metric:
    """Highest held rate of the hour."""
    worn = np.ones(len(made), dtype=bool) if worn is None else worn
    return held_peak_metrics(made, worn, SPAN, age, dyn_g=worn_dyn_g(made, worn))[ROWS[0].key]


def test_a_climb_that_was_held() -> None:
    """The rate held, whatever the exact spacing of records."""
    assert peak(samples(climb(180.0, 40))).value == 180.0
    assert peak(samples(climb(180.0, 40), spacing_s=0.961)).value == 180.0
    assert peak(samples(climb(180.0, 40))).confidence == 0.8


def test_a_short_top_counts_by_what_was_held() -> None:
    """Five seconds at the top: the lowest rate of the fifteen around them."""
    found = peak(samples(climb(180.0, 5)))
    assert found.value == pytest.approx(177.0, abs=1.0)
    assert 0.3 <= found.confidence <= 0.8


def test_at_rest_nothing_is_a_ceiling() -> None:
    """A racing heart of an arm that lies still is not work."""
    found = peak(samples(climb(180.0, 40), swing_g=0.02))
    assert found.value is None
    assert found.note == "need_input:name=moving_hr_held_s,have=0,need=15"


def test_a_sensor_that_locks_to_the_steps() -> None:
    """A rate that jumps up, and one that jumps back, is not the heart's."""
    locked = np.concatenate((np.full(300, 120.0), np.full(60, 175.0), np.full(300, 122.0)))
    assert peak(samples(locked)).value == 122.0
    let_go = np.concatenate((climb(170.0, 20)[:-160], np.full(200, 100.0)))
    value = peak(samples(let_go)).value
    assert value is not None
    assert value < 165.0


def test_spikes_holes_and_readings_of_no_heart() -> None:
    """None of them is a peak."""
    hr = np.full(600, 130.0)
    hr[300:305] = 150.0
    assert peak(samples(hr)).value == 130.0
    assert peak(samples(climb(238.0, 40))).value != 238.0
    assert peak(samples(climb(204.0, 40)), age=60).value != 204.0
    assert peak(samples(climb(204.0, 40)), age=25).value == 204.0
    torn = climb(180.0, 40)
    torn[torn == 180.0] = np.where(np.arange(40) % 10 < 4, 0.0, 180.0)
    value = peak(samples(torn)).value
    assert value is not None
    assert value < 180.0


def test_only_the_worn_day() -> None:
    """Records of another day or of no wrist do not count."""
    made = samples(climb(180.0, 40))
    assert peak(made, np.zeros(len(made), dtype=bool)).value is None
    worn = np.ones(len(made), dtype=bool)
    eve = (SPAN[0] - 7200.0, SPAN[0] - 3600.0)
    other = held_peak_metrics(made, worn, eve, dyn_g=worn_dyn_g(made, worn))
    assert other[ROWS[0].key].value is None
    empty = samples(np.empty(0))
    assert peak(empty).value is None


def test_ceilings() -> None:
    """Only what no heart of that age does is an artefact."""
    assert [ceiling_bpm(age) for age in (None, 20, 35, 70)] == [220.0, 220.0, 210.0, 200.0]
