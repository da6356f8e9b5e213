"""From raw intervals to normal ones."""

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import ArrayLike
import pytest

from custom_components.openstrap.engine.heart.hrv import time_domain
from custom_components.openstrap.engine.signal.clean import CleanBeats, clean_beats, hr_gate

from ..series import beats_of, lcg, tone_a


def rmssd(clean: CleanBeats) -> float | None:
    """RMSSD of what is left."""
    return time_domain(clean.nn_ms, clean.t_s, clean.joined).rmssd


def test_gate() -> None:
    """GATE1: what the heart rate contradicts by more than a quarter."""
    kept = hr_gate(beats_of([1000, 1240, 1260, 740, 760, 2000, 500], hr_bpm=60))
    assert kept.tolist() == [True, True, False, False, True, False, False]


def test_without_a_heart_rate_beats_are_unverified() -> None:
    """They stay, and are counted."""
    clean = clean_beats(beats_of([1000.0] * 30))
    assert (clean.unverified, clean.rejected, clean.normal) == (30, 0, 30)
    assert clean.artifact_fraction == 0.0


def test_a_single_short_beat_is_bridged() -> None:
    """COR1: between its neighbours, keeping its time."""
    rr = np.full(60, 1000.0)
    rr[30] = 500.0
    clean = clean_beats(beats_of(rr))
    assert clean.nn_ms.tolist() == [1000.0] * 60
    assert (clean.corrected, clean.dropped) == (1, 0)
    assert 1.0 - clean.artifact_fraction == pytest.approx(59 / 60)
    assert clean.joined.sum() == 59


def test_bridging_follows_the_neighbours() -> None:
    """Catmull-Rom through two on either side; the nearest stands in where a second lacks."""
    rr = np.full(60, 1000.0)
    rr[[28, 29, 30, 31, 32]] = 1000, 1040, 500, 1040, 1000
    assert clean_beats(beats_of(rr)).nn_ms[30] == pytest.approx((9 * 2080 - 2000) / 16)
    rr = np.array([1040.0, 500.0, 1040.0, *[1000.0] * 50])
    assert clean_beats(beats_of(rr)).nn_ms[1] == pytest.approx((9 * 2080 - 1040 - 1000) / 16)


def test_two_odd_beats_are_dropped() -> None:
    """COR2: no guess beside a guess, and no difference across the drop."""
    rr = np.full(60, 1000.0)
    rr[30:32] = 400, 420
    clean = clean_beats(beats_of(rr))
    assert len(clean.nn_ms) == 58
    assert (clean.corrected, clean.dropped) == (0, 2)
    assert np.flatnonzero(~clean.joined).tolist() == [0, 30]


def test_faults_in_half_an_hour() -> None:
    """COR3: RMSSD 53.41 as it came, 37.04 cleaned, 37.09 without the faults."""
    rr = tone_a()
    rr[300] *= 2
    rr[600] /= 2
    rr[900] += 250
    rr[901] -= 250
    beats = beats_of(rr)
    raw = time_domain(beats.rr_ms, beats.t_s, beats.joined).rmssd
    clean = clean_beats(beats)
    assert raw == pytest.approx(53.411653)
    assert rmssd(clean) == pytest.approx(37.042923)
    assert (clean.corrected, clean.dropped, len(clean.nn_ms)) == (2, 2, 1799)
    assert clean.artifact_fraction == pytest.approx(4 / 1800)


def test_merging_and_splitting_keep_the_time() -> None:
    """A beat counted twice becomes one, two counted once become two: nothing is lost of the hour."""
    rr = tone_a()
    whole = rr.sum()
    faulty = np.insert(rr, 700, 0.4 * rr[700])
    faulty[701] = 0.6 * rr[700]
    faulty = np.concatenate([faulty[:1000], [faulty[1000] + faulty[1001]], faulty[1002:]])
    beats = beats_of(faulty)
    clean = clean_beats(beats)
    assert clean.nn_ms.sum() == pytest.approx(whole)
    assert (clean.corrected, clean.dropped, len(clean.nn_ms)) == (3, 0, 1800)
    assert clean.joined.sum() == 1799
    assert np.diff(clean.t_s) * 1000.0 == pytest.approx(clean.nn_ms[1:])
    assert rmssd(clean) == pytest.approx(37.088413, rel=1e-3)


def test_bursts_that_neighbours_take_for_normal() -> None:
    """Twenty half beats in a row pass as a faster heart, but not beside the strap's heart rate."""
    rr = np.concatenate([tone_a()[:200], np.full(20, 520.0), tone_a()[200:400]])
    unchecked = clean_beats(beats_of(rr))
    checked = clean_beats(beats_of(rr, hr_bpm=60.0))
    assert (unchecked.nn_ms == 520.0).sum() >= 18
    assert not (checked.nn_ms < 800.0).any()
    assert checked.rejected == 20
    assert np.flatnonzero(~checked.joined).tolist() == [0, 200]


def test_nothing() -> None:
    """No beats: all of nothing is artefact."""
    clean = clean_beats(beats_of([]))
    assert len(clean.nn_ms) == 0
    assert clean.artifact_fraction == 1.0


@given(st.integers(0, 2**32 - 1), st.integers(0, 200))
def test_any_input(seed: int, n: int) -> None:
    """The books balance, and joined beats end where the one before them did, plus themselves."""
    chance = np.random.default_rng(seed)
    rr = chance.choice([250.0, 500.0, 600.0, 1000.0, 1010.0, 2000.0, 2500.0], n)
    clean = clean_beats(beats_of(rr, hr_bpm=float(chance.choice([np.nan, 60.0]))))
    assert clean.total == n
    assert clean.rejected + clean.normal + clean.corrected + clean.dropped == n
    assert np.isfinite(clean.nn_ms).all()
    if len(clean.nn_ms):
        assert not clean.joined[0]


@given(st.lists(st.sampled_from([0, 500, 1500, 2400]), max_size=8), st.integers(0, 2**32 - 1))
def test_faults_move_rmssd_little(faults: list[int], seed: int) -> None:
    """A handful of faults anywhere, far from each other, in half an hour."""
    rr: ArrayLike = 1000.0 + 60.0 * (lcg(1800) - 0.5)
    rr = np.array(rr)
    truth = rmssd(clean_beats(beats_of(rr)))
    places = np.random.default_rng(seed).choice(np.arange(20, 1780, 20), len(faults), replace=False)
    for place, fault in zip(places, faults, strict=True):
        if fault:
            rr[place] = fault
    assert rmssd(clean_beats(beats_of(rr))) == pytest.approx(truth, rel=0.02)
