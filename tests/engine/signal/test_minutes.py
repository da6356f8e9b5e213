"""The day minute by minute."""

from dataclasses import fields, replace
from pathlib import Path

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import ArrayLike
import pytest

from custom_components.openstrap.engine.samples import Samples, empty_samples
from custom_components.openstrap.engine.signal.beats import place_beats
from custom_components.openstrap.engine.signal.minutes import Minutes, minutes_of
from custom_components.openstrap.engine.signal.motion import Motion, motion_of

from ..series import GEN4_STEP_S, clock, lcg, real_night, samples_of

START = 1_782_900_000.0
"""A whole minute."""


def rolled(samples: Samples, start: float, end: float, worn: np.ndarray | None = None) -> Minutes:
    """Roll up what all of it was worn, unless told."""
    worn = np.ones(len(samples), dtype=bool) if worn is None else worn
    return minutes_of(samples, worn, motion_of(samples, worn), place_beats(samples), start, end)


def paced(n: int, rr_ms: np.ndarray, accel_g: ArrayLike = (0.0, 0.0, 1.0)) -> Samples:
    """Give n records a second apart, with one interval in each of the first ones."""
    return samples_of(
        clock(START, START + n),
        hr_bpm=60,
        accel_g=accel_g,
        rr_ms=rr_ms,
        rr_index=np.arange(len(rr_ms)),
    )


def test_heart_rate() -> None:
    """Mean and ends of the readings; NaN below 15 seconds of them."""
    ts = clock(START, START + 180.0)
    hr = np.where(ts < START + 60.0, 60 + np.arange(180) % 2 * 10, 0)
    hr[60:74], hr[120:135] = 80, 90
    minutes = rolled(samples_of(ts, hr_bpm=hr), START, START + 180.0)
    assert minutes.hr_n.tolist() == [60, 14, 15]
    np.testing.assert_array_equal(minutes.hr_mean, [65.0, np.nan, 90.0])
    np.testing.assert_array_equal(minutes.hr_min, [60.0, np.nan, 90.0])
    np.testing.assert_array_equal(minutes.hr_max, [70.0, np.nan, 90.0])
    assert minutes.worn.all()


def test_a_second_counts_once() -> None:
    """Records 0.961 s apart give 62 readings and 60 seconds."""
    minutes = rolled(samples_of(clock(START, START + 120.0, GEN4_STEP_S)), START, START + 120.0)
    assert minutes.hr_n.tolist() == minutes.seen_s.tolist() == [60, 60]


def test_whole_clock_minutes() -> None:
    """Rows begin on the minute, hold what lies before the end, and can be cut."""
    samples = samples_of(clock(START - 90.0, START + 400.0))
    minutes = rolled(samples, START + 20.0, START + 200.0)
    assert minutes.start_ts == START
    assert len(minutes) == 4
    assert minutes.seen_s.tolist() == [60] * 4
    assert minutes.ts.tolist() == [START + 60.0 * row for row in range(4)]
    part = minutes.between(START + 60.0, START + 180.0)
    assert (part.start_ts, len(part)) == (START + 60.0, 2)
    assert (minutes.between(START + 61.0, 1e12).start_ts, len(minutes.between(0.0, START))) == (
        START + 120.0,
        0,
    )


def test_wear() -> None:
    """Not worn for half a minute is a minute not worn; a stray pulse on a table is nobody's."""
    samples = samples_of(clock(START, START + 120.0), hr_bpm=60)
    worn = samples.ts < START + 29.0
    worn |= samples.ts >= START + 90.0
    minutes = rolled(samples, START, START + 120.0, worn)
    assert minutes.worn.tolist() == [False, True]
    assert minutes.seen_s.tolist() == [60, 60]
    assert minutes.hr_n.tolist() == [29, 30]
    assert np.isnan(minutes.act_g).tolist() == [True, False]


def test_activity_and_movement() -> None:
    """Spread of the length in g; share of the seconds that moved."""
    ts = clock(START, START + 120.0)
    length = np.where(np.arange(120) % 2, 1.1, 0.9)
    length[60:] = 1.0
    accel = np.stack([np.zeros(120), np.zeros(120), length], axis=1)
    accel[70:85] = (1.0, 0.0, 0.0)
    minutes = rolled(samples_of(ts, accel_g=accel), START, START + 120.0)
    assert minutes.act_g[0] == pytest.approx(np.std(length[:60], ddof=1))
    assert minutes.act_g[1] == pytest.approx(0.0, abs=1e-12)
    assert minutes.moved.tolist() == pytest.approx([1.0, 2.0 / 59.0])


def test_coarse_motion() -> None:
    """Counts of 15 s are four to a minute."""
    motion = Motion(
        clock(START, START + 120.0, 15.0), np.array([0, 3, 0, 0, np.nan, 0, 1, 0]), 15.0
    )
    samples = samples_of(clock(START, START + 120.0))
    beats = place_beats(samples)
    worn = np.ones(len(samples), dtype=bool)
    minutes = minutes_of(samples, worn, motion, beats, START, START + 120.0)
    assert minutes.moved.tolist() == pytest.approx([0.25, 1.0 / 3.0])


def test_beats() -> None:
    """Root mean square of the differences, and spread, as of the plain formulas."""
    rr = 1000.0 + 60.0 * (lcg(59) - 0.5)
    minutes = rolled(paced(60, rr), START, START + 60.0)
    assert minutes.rr_count.tolist() == [59]
    assert minutes.rmssd_ms[0] == pytest.approx(np.sqrt(np.mean(np.diff(rr) ** 2)))
    assert minutes.rr_sd_ms[0] == pytest.approx(np.std(rr))


def test_odd_beats() -> None:
    """A miscounted beat is gated, a jump of over 20 % is no difference; both are counted."""
    rr = np.full(59, 1000.0)
    rr[20] = 500.0
    minutes = rolled(paced(60, rr), START, START + 60.0)
    assert minutes.rr_count.tolist() == [59]
    assert minutes.rmssd_ms[0] == 0.0
    rr[20] = 1240.0
    assert rolled(paced(60, rr), START, START + 60.0).rmssd_ms[0] < 65.0


@pytest.mark.parametrize(
    ("beats", "rmssd", "spread"), [(3, 0, 0), (4, 0, 1), (10, 0, 1), (11, 1, 1)]
)
def test_few_beats(beats: int, rmssd: bool, spread: bool) -> None:
    """Ten differences, four beats."""
    minutes = rolled(paced(60, np.full(beats, 1000.0)), START, START + 60.0)
    assert bool(np.isfinite(minutes.rmssd_ms[0])) == bool(rmssd)
    assert bool(np.isfinite(minutes.rr_sd_ms[0])) == bool(spread)


def test_nothing() -> None:
    """Minutes without records are there and say nothing; no time has no minutes."""
    minutes = rolled(empty_samples(), START, START + 120.0)
    assert len(minutes) == 2
    for name in ("hr_mean", "hr_min", "hr_max", "act_g", "moved", "rmssd_ms", "rr_sd_ms"):
        assert np.isnan(getattr(minutes, name)).all()
    assert not minutes.worn.any()
    assert minutes.hr_n.sum() == minutes.seen_s.sum() == minutes.rr_count.sum() == 0
    assert len(rolled(empty_samples(), START, START - 100.0)) == 0


def test_readings_that_are_none() -> None:
    """NaN and zeros are no acceleration."""
    accel = np.full((60, 3), np.nan)
    accel[:29] = (0.0, 0.0, 1.0)
    accel[29:40] = 0.0
    minutes = rolled(samples_of(clock(START, START + 60.0), accel_g=accel), START, START + 60.0)
    assert np.isnan(minutes.act_g[0])
    assert minutes.worn[0]


@given(st.integers(0, 599), st.integers(1, 300), st.integers(-500, 500))
def test_properties(first: int, lost: int, days: int) -> None:
    """Another day gives the same; lost records never make a minute better seen."""
    n = 600
    samples = paced(n, 1000.0 + 40.0 * lcg(n), accel_g=(0.0, 0.6, 0.8))
    whole = rolled(samples, START, START + n)
    shift = 86400.0 * days
    moved = rolled(replace(samples, ts=samples.ts + shift), START + shift, START + shift + n)
    keep = np.ones(n, dtype=bool)
    keep[first : first + lost] = False
    torn = rolled(samples, START, START + n, keep)
    for field in fields(Minutes):
        if field.name == "start_ts":
            continue
        there, here = getattr(moved, field.name), getattr(whole, field.name)
        np.testing.assert_allclose(there, here, rtol=1e-9, atol=1e-9)
    for name in ("hr_mean", "act_g", "moved"):
        assert not (np.isfinite(getattr(torn, name)) & np.isnan(getattr(whole, name))).any()
    assert (torn.hr_n <= whole.hr_n).all()
    assert (torn.worn <= whole.worn).all()


@pytest.mark.full
def test_a_real_night(shared_data: Path) -> None:
    """Every minute but the cut one is whole, and its beats tell what the night's do."""
    samples, _ = real_night(shared_data / "whoop_real_night", START)
    minutes = rolled(samples, START, START + 32040.0)
    assert len(minutes) == 534
    assert minutes.hr_n.min() == 60
    assert 55.0 < np.nanmedian(minutes.rmssd_ms) < 70.0
    assert minutes.rr_count.sum() == pytest.approx(32382, abs=2)
