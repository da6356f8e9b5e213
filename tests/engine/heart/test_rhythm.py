"""The rhythm screen: entropy, what is skipped, what is flagged."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.heart.rhythm import (
    POSITIVE_ENTROPY,
    RhythmWindows,
    Skip,
    _entropy,
    rhythm_windows,
    screen_rhythm,
)
from custom_components.openstrap.engine.signal.beats import place_beats
from custom_components.openstrap.engine.signal.minutes import minutes_of
from custom_components.openstrap.engine.signal.motion import motion_of
from tests.engine.series import beats_of, lcg, real_night

from .made import minutes_made


def entropy(rr_ms: NDArray[np.float64]) -> float:
    """Entropy of one series, nothing taken out."""
    return float(_entropy(rr_ms, np.zeros(len(rr_ms), dtype=np.intp), 1)[0])


def fibrillation(n: int, seed: int = 5) -> NDArray[np.float64]:
    """Intervals without memory, as wide as fibrillation has them."""
    dice = np.random.default_rng(seed)
    return np.clip(dice.gamma(25.0, 30.0, n), 320.0, 1600.0)


def judged(skip: list[int], irregularity: list[float]) -> RhythmWindows:
    """Windows with this verdict."""
    size = len(skip)
    return RhythmWindows(
        start_ts=np.arange(size, dtype=np.float64),
        irregularity=np.array(irregularity),
        patterned=np.zeros(size, dtype=bool),
        skip=np.array(skip, dtype=np.int8),
        verified=np.ones(size, dtype=bool),
    )


def test_known_entropies() -> None:
    """An even pulse, small jitter, and noise without memory."""
    assert entropy(np.full(130, 800.0)) == 0.0
    assert entropy(780.0 + 40.0 * lcg(130)) == pytest.approx(0.026130, abs=5e-7)
    assert entropy(500.0 + 600.0 * lcg(130)) == pytest.approx(0.899744, abs=5e-7)


def test_entropy_is_that_of_scipy() -> None:
    """Words made and counted the long way."""
    from scipy.stats import entropy as shannon

    rr_ms = fibrillation(130)
    symbol = np.minimum(np.floor(60000.0 / rr_ms / 5.0), 63)
    words = np.stack([symbol[:-2], symbol[1:-1], symbol[2:]], axis=1)
    _, count = np.unique(words, axis=0, return_counts=True)
    expected = len(count) * shannon(count, base=2) / (128 * 7.0)
    assert entropy(rr_ms) == pytest.approx(expected)


def test_windows_follow_one_another_and_tell_rhythms_apart() -> None:
    """130 intervals each, the rest waits."""
    calm = rhythm_windows(beats_of(900.0 + 60.0 * np.sin(np.arange(400) / 3.0), 66.0), None)
    wild = rhythm_windows(beats_of(fibrillation(400)), None)
    assert len(calm) == len(wild) == 3
    assert (calm.irregularity < 0.4).all()
    assert (wild.irregularity > POSITIVE_ENTROPY).all()
    assert calm.verified.all() and not wild.verified.any()
    assert np.diff(calm.start_ts) == pytest.approx(130 * 0.9, abs=3.0)


@pytest.mark.parametrize("beats", [0, 129])
def test_too_few_beats_make_no_window(beats: int) -> None:
    """And no verdict."""
    found = rhythm_windows(beats_of(np.full(beats, 800.0)), None)
    assert len(found) == 0
    assert screen_rhythm(found).flagged is None


def test_premature_beats_with_their_pauses_are_taken_out() -> None:
    """What remains is as regular as the heart without them."""
    rr_ms = 850.0 + 40.0 * np.sin(np.arange(130) / 4.0)
    dice = np.random.default_rng(1)
    at = np.arange(3, 126, 5)
    early = dice.uniform(0.45, 0.7, len(at))
    ectopic = rr_ms.copy()
    ectopic[at] *= early
    ectopic[at + 1] *= 2.0 - early
    found = rhythm_windows(beats_of(ectopic), None)
    assert entropy(ectopic) > 2.0 * found.irregularity[0]
    assert found.irregularity[0] == pytest.approx(
        entropy(np.delete(rr_ms, np.concatenate((at, at + 1)))), abs=0.02
    )
    assert not found.patterned[0]


def test_bigeminy_is_a_pattern_not_fibrillation() -> None:
    """Every other beat early: irregular by entropy, but a pattern."""
    dice = np.random.default_rng(2)
    early = dice.uniform(350.0, 600.0, 65)
    rr_ms = np.ravel(np.stack([early, 1600.0 - early + dice.uniform(-90, 90, 65)], axis=1))
    found = rhythm_windows(beats_of(rr_ms), None)
    assert entropy(rr_ms) > POSITIVE_ENTROPY
    assert found.patterned[0]
    assert found.irregularity[0] == 0.0


def test_miscounted_beats_silence_a_window() -> None:
    """More than one beat in twenty at half the interval of the heart rate."""
    rr_ms = np.full(260, 1000.0)
    rr_ms[10:26] = 500.0
    found = rhythm_windows(beats_of(rr_ms, 60.0), None)
    assert found.skip.tolist() == [Skip.MISCOUNTED, Skip.VALID]
    assert np.isnan(found.irregularity[0])
    # Without a heart rate nobody can tell.
    assert (rhythm_windows(beats_of(rr_ms), None).skip == Skip.VALID).all()


def test_the_rail_is_a_miscount_though_no_interval() -> None:
    """It lies outside of what is taken, and counts all the same."""
    rr_ms = np.full(140, 1000.0)
    rr_ms[20:30] = 2400.0
    assert rhythm_windows(beats_of(rr_ms, 60.0), None).skip.tolist() == [Skip.MISCOUNTED]


def test_a_hole_silences_a_window() -> None:
    """The window with the hole, not the next."""
    beats = beats_of(np.full(260, 1000.0), 60.0)
    torn = beats.record_ts.copy()
    torn[50:] += 4.5
    found = rhythm_windows(replace(beats, record_ts=torn, t_s=torn), None)
    assert found.skip.tolist() == [Skip.HOLE, Skip.VALID]


def test_movement_silences_a_window_unknown_movement_does_not() -> None:
    """Only minutes that the window touches count."""
    beats = beats_of(np.full(390, 1000.0), 60.0)
    act = np.full(8, 0.001)
    act[2:4] = 0.09
    moved = rhythm_windows(beats, minutes_made(np.full(8, 60.0), act_g=act, start_ts=0.0))
    assert moved.skip.tolist() == [Skip.MOVING, Skip.MOVING, Skip.VALID]
    unknown = rhythm_windows(beats, minutes_made(np.full(8, 60.0), act_g=np.nan, start_ts=0.0))
    elsewhere = rhythm_windows(beats, minutes_made(np.full(8, 60.0), act_g=0.5, start_ts=9e5))
    assert (unknown.skip == Skip.VALID).all() and (elsewhere.skip == Skip.VALID).all()


@pytest.mark.parametrize(
    ("positive", "flagged"),
    [
        ([1, 1, 1, 1, 1, 1], True),
        ([1, 1, 0, 1, 1, 1], True),
        ([1, 1, 0, 0, 1, 1, 1], False),
        ([0, 0, 0, 0, 0, 0, 1, 1], False),
    ],
)
def test_five_of_six_in_a_row(positive: list[int], flagged: bool) -> None:
    """Five of eight are not enough, nor a row of two."""
    found = screen_rhythm(judged([0] * len(positive), [0.9 if p else 0.1 for p in positive]))
    assert found.flagged is flagged
    assert found.positive == sum(positive)


def test_a_skipped_window_breaks_the_row() -> None:
    """Six valid windows that are no row do not flag; five do not answer."""
    skip = [0, 0, 0, 1, 0, 0, 0]
    value = [np.nan if s else 0.9 for s in skip]
    found = screen_rhythm(judged(skip, value))
    assert (found.flagged, found.valid, found.positive, found.skipped) == (False, 6, 6, 1)
    assert screen_rhythm(judged(skip[:6], value[:6])).flagged is None


@settings(max_examples=25)
@given(shift=st.integers(-(10**6), 10**9), seed=st.integers(0, 99))
def test_the_time_of_day_does_not_matter(shift: int, seed: int) -> None:
    """A shift of all times changes nothing."""
    beats = beats_of(fibrillation(300, seed))
    later = replace(beats, t_s=beats.t_s + shift, record_ts=beats.record_ts + shift)
    here, there = rhythm_windows(beats, None), rhythm_windows(later, None)
    assert (here.skip == there.skip).all()
    assert here.irregularity == pytest.approx(there.irregularity)


@settings(max_examples=25)
@given(seed=st.integers(0, 999), n=st.integers(130, 300))
def test_irregularity_lies_between_0_and_1(seed: int, n: int) -> None:
    """Whatever the intervals."""
    rr_ms = np.random.default_rng(seed).uniform(200.0, 2500.0, n)
    value = rhythm_windows(beats_of(rr_ms), None).irregularity
    value = value[np.isfinite(value)]
    assert ((value >= 0.0) & (value <= 1.0)).all()


def test_nan_heart_rates_and_intervals_raise_nothing() -> None:
    """They are left out."""
    rr_ms = fibrillation(400)
    rr_ms[::7] = np.nan
    beats = replace(beats_of(np.nan_to_num(rr_ms, nan=800.0)), rr_ms=rr_ms)
    assert len(rhythm_windows(beats, None)) == 2


@pytest.mark.full
def test_a_real_night_in_sinus_rhythm(shared_data: Path) -> None:
    """A strap's night with all its miscounts is not flagged."""
    samples, _ = real_night(shared_data / "whoop_real_night", 1.7e9)
    worn = np.ones(len(samples), dtype=bool)
    beats = place_beats(samples)
    minutes = minutes_of(
        samples, worn, motion_of(samples, worn), beats, samples.ts[0], samples.ts[-1]
    )
    found = screen_rhythm(rhythm_windows(beats, minutes))
    assert found.flagged is False
    assert found.valid > 150
    assert found.positive <= 2
