"""Heart rate and movement on even grids."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.signal.motion import Motion
from custom_components.openstrap.engine.sleep.staging.series import (
    heart_grid,
    heart_readings,
    night_series,
    ranked,
    share_below,
)

from ...series import beats_of, clock, samples_of
from .nights import START, made_night


def test_a_constant_heart_is_zero_everywhere() -> None:
    """Heart rate is told from its own median."""
    hr, present = heart_grid(clock(0.0, 600.0, 5.0), np.full(120, 61.0), 120)
    assert present.all()
    assert np.abs(hr).max() < 1e-9


def test_a_ramp_is_kept() -> None:
    """The mean of a line over a cell is its value in the middle."""
    t_s = clock(0.0, 601.0, 7.0)
    hr, _ = heart_grid(t_s, np.asarray(50.0 + t_s / 10.0, dtype=np.float64), 100)
    middle = (np.arange(100) + 0.5) * 5.0
    inner = slice(1, 98)
    expected = (middle - np.median(t_s)) / 10.0
    assert hr[inner] == pytest.approx(expected[inner], abs=1e-9)


def test_seconds_average_as_they_are() -> None:
    """At 1 Hz a cell is close to the mean of its seconds."""
    dice = np.random.default_rng(0)
    bpm = 60.0 + dice.normal(0.0, 3.0, 600)
    hr, _ = heart_grid(clock(0.5, 600.5), bpm, 120)
    means = bpm.reshape(-1, 5).mean(axis=1) - np.median(bpm)
    assert np.abs(hr - means)[1:-1].max() < 1.6
    assert np.corrcoef(hr[1:-1], means[1:-1])[0, 1] > 0.95


def test_a_long_gap_is_absent_but_for_its_edges() -> None:
    """A minute is bridged, more is not."""
    t_s = np.concatenate((np.arange(0.0, 300.0, 5.0), np.arange(600.0, 900.0, 5.0)))
    _, present = heart_grid(t_s, np.full(len(t_s), 60.0), 180)
    assert not present[65:117].any()
    assert present[:60].all() and present[120:].all()
    short = np.concatenate((np.arange(0.0, 300.0, 5.0), np.arange(355.0, 900.0, 5.0)))
    assert heart_grid(short, np.full(len(short), 60.0), 180)[1].all()


def test_nothing_is_absent() -> None:
    """Without readings nothing is present."""
    hr, present = heart_grid(np.empty(0), np.empty(0), 12)
    assert not present.any() and not hr.any()


def test_beats_stand_in_for_a_missing_heart_rate() -> None:
    """Only where there is none nearby, and only beats of a heart at rest."""
    samples = samples_of(np.arange(0.0, 100.0), hr_bpm=np.where(np.arange(100) < 50, 60, 0))
    beats = beats_of(np.full(100, 1000.0))
    t_s, bpm = heart_readings(samples, beats, 0.0, 100.0)
    assert (np.diff(t_s) > 0).all()
    assert len(t_s) == 50 + int((beats.t_s[beats.t_s < 100.0] > 54.0).sum())
    assert bpm == pytest.approx(60.0)
    wild = beats_of(np.full(40, 2500.0))
    assert len(heart_readings(samples, wild, 0.0, 100.0)[0]) == 50


@given(
    st.lists(st.floats(0.0, 50.0, allow_subnormal=False), min_size=1, max_size=60),
    st.floats(0.01, 100.0),
)
def test_only_the_order_of_movements_matters(amount: list[float], factor: float) -> None:
    """No unit gets in."""
    values = np.array(amount)
    scaled = values * factor
    if len(np.unique(scaled)) == len(np.unique(values)):
        assert (ranked(scaled) == ranked(values)).all()
    assert ((ranked(values) > 0) == (values > 0)).all()


def test_ranks_are_spread_over_five_classes() -> None:
    """A fifth of the movements in each."""
    found = ranked(np.concatenate((np.zeros(50), np.arange(1.0, 101.0))))
    assert np.unique(found[found > 0]) == pytest.approx([0.9, 1.8, 2.7, 3.6, 4.5])
    assert np.bincount((found[found > 0] / 0.9).round().astype(int))[1:].tolist() == [20] * 5


def test_share_below_counts_ties_half() -> None:
    """As a rank does."""
    assert share_below(np.array([1.0, 2.0, 9.0]), np.array([1.0, 2.0, 2.0, 3.0])) == pytest.approx(
        [0.125, 0.5, 1.0]
    )
    assert share_below(np.array([1.0]), np.empty(0)) == pytest.approx([0.5])


def test_unobserved_motion_is_told() -> None:
    """A hole in the motion is no stillness."""
    samples, motion = made_night(4.0)
    amount = motion.amount.copy()
    amount[100:200] = np.nan
    series = night_series(samples, None, Motion(motion.ts, amount, 15.0), START, 480)
    assert not series.watched[100:200].any()
    assert series.watched.sum() == 860
    assert (series.motion[100:200] == 0).all()
