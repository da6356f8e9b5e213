"""The lowest half hour, in true time."""

from typing import Any

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.heart.resting import RestingHr, resting_hr, sleeping_hr
from custom_components.openstrap.engine.sleep.hypnogram import Hypnogram, Stage

from ..series import GEN4_STEP_S, clock


def of(hr: Any, *, step_s: float = 1.0, start: float = 0.0) -> RestingHr:
    """Resting heart rate of readings at a constant distance."""
    values = np.asarray(hr, dtype=np.int16)
    ts: NDArray[np.float64] = (start + np.arange(len(values)) * step_s).astype(np.float64)
    return resting_hr(ts, values, start, float(ts[-1]) + step_s if len(ts) else start)


@pytest.mark.parametrize("step_s", [1.0, GEN4_STEP_S])
def test_half_an_hour_of_sleep(step_s: float) -> None:
    """RHR1: half an hour at 70, half an hour at 50, whatever the distance of the records."""
    n = round(1800 / step_s)
    found = of([70] * n + [50] * n, step_s=step_s)
    assert found.bpm == pytest.approx(50.0, abs=1e-9)
    assert found.p1_bpm == 50.0
    assert found.seconds == pytest.approx(3600, abs=1)


def test_a_window_needs_nine_tenths() -> None:
    """RHR2: 200 s without a reading in every half hour."""
    found = of([60] * 1600 + [0] * 200 + [50] * 1000)
    assert (found.bpm, found.p1_bpm) == (None, None)
    assert found.best_window_s == 1600
    assert of([60] * 1620 + [0] * 180).bpm == 60.0
    assert of([60] * 1619 + [0] * 181).bpm is None


def test_short_holes_are_bridged() -> None:
    """A strap that loses 15 s of every minute still has a floor; one that loses 16 s has none."""
    ts = clock(0.0, 3600.0)
    rate = np.where(ts < 1800, 70, 50)
    for lost, floor in ((7, 50.0), (15, 50.0), (16, None)):
        hr = np.where(ts % 60 < 60 - lost, rate, 0).astype(np.int16)
        found = resting_hr(ts, hr, 0.0, 3600.0)
        assert found.bpm == (None if floor is None else pytest.approx(floor, abs=0.1))
        assert found.seconds == 60 * (60 - lost)
        nadir = sleeping_hr(ts, hr, 0.0, 3600.0)
        assert nadir.nadir_bpm == (None if floor is None else pytest.approx(floor, abs=0.1))


def test_half_an_hour_of_true_time() -> None:
    """1800 readings at 0.961 s are no half hour, nor are 1800 with a hole between."""
    assert of([60] * 1800, step_s=GEN4_STEP_S).bpm is None
    ts = np.concatenate([clock(0.0, 900), clock(9000.0, 9900)])
    assert resting_hr(ts, np.full(1800, 60, np.int16), 0.0, 9900.0).bpm is None


def test_too_little() -> None:
    """No readings, none usable, a window that ends before it begins."""
    assert of([]).bpm is None
    assert of([0] * 4000).bpm is None
    assert resting_hr(clock(0.0, 10.0), np.full(10, 60, np.int16), 5.0, 1.0).seconds == 0


def test_only_the_window_counts() -> None:
    """Readings before and after are not looked at."""
    ts = clock(0.0, 7200.0)
    hr = np.where((ts >= 1800) & (ts < 5400), 60, 40).astype(np.int16)
    assert resting_hr(ts, hr, 1800.0, 5400.0).bpm == 60.0


@given(st.integers(0, 2**32 - 1), st.integers(-(10**7), 10**7))
def test_shifting_time_changes_nothing(seed: int, shift: int) -> None:
    """Whole seconds, as days are shifted."""
    hr = np.random.default_rng(seed).integers(40, 80, 2400)
    assert of(hr, start=1.7e9) == of(hr, start=1.7e9 + shift)


def test_the_sleep_not_the_window() -> None:
    """With stages the mean is of the seconds asleep, the median of light and deep ones."""
    hr = np.repeat([90, 60, 50, 70], 1800).astype(np.int16)
    ts = clock(0.0, 7200.0)
    spans = [(1800.0 * at, 1800.0 * (at + 1)) for at in range(4)]
    stages = (Stage.WAKE, Stage.LIGHT, Stage.DEEP, Stage.REM)
    hypnogram = Hypnogram.from_segments(
        [(*span, stage) for span, stage in zip(spans, stages, strict=True)]
    )
    told = sleeping_hr(ts, hr, 0.0, 7200.0, hypnogram)
    assert (told.mean_bpm, told.nrem_median_bpm) == (60.0, 55.0)
    assert (told.seconds, told.nrem_seconds) == (5400, 3600)
    blind = sleeping_hr(ts, hr, 0.0, 7200.0)
    assert (blind.mean_bpm, blind.nrem_median_bpm) == (67.5, None)
    assert (told.nadir_bpm, told.nadir_ts) == (50.0, 3750.0)
    assert told.nadir_position == pytest.approx(3750.0 / 7200.0)


def test_the_floor_lies_below_the_mean() -> None:
    """As WHOOP's number lies above the lowest half hour."""
    hr = 60 + 8 * np.cos(np.arange(28800) / 28800 * 2 * np.pi)
    ts = clock(0.0, 28800.0)
    floor = resting_hr(ts, hr.round().astype(np.int16), 0.0, 28800.0)
    told = sleeping_hr(ts, hr.round().astype(np.int16), 0.0, 28800.0)
    assert floor.bpm is not None
    assert told.mean_bpm == pytest.approx(60.0, abs=0.1)
    assert told.nadir_position == pytest.approx(0.5, abs=0.06)
    assert floor.bpm < 53.0 < (told.mean_bpm or 0)


def test_a_sleep_of_which_little_was_read() -> None:
    """No mean of a quarter of an hour less a second, no nadir without a covered five minutes."""
    ts = clock(0.0, 3600.0)
    thin = np.where(ts < 899, 60, 0).astype(np.int16)
    assert sleeping_hr(ts, thin, 0.0, 3600.0).mean_bpm is None
    torn = np.where(ts % 80 < 64, 60, 0).astype(np.int16)
    found = sleeping_hr(ts, torn, 0.0, 3600.0)
    assert (found.mean_bpm, found.nadir_bpm, found.nadir_ts) == (60.0, None, None)
    nothing = sleeping_hr(ts, thin, 10.0, 5.0)
    assert (nothing.mean_bpm, nothing.nadir_position, nothing.seconds) == (None, None, 0)
