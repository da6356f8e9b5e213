"""Variability in the time domain, beside known answers, numpy and neurokit2."""

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import ArrayLike, NDArray
import pytest

from custom_components.openstrap.engine.heart.hrv import (
    TimeDomain,
    binned_rmssd,
    differences,
    time_domain,
)

from ..series import beats_of, lcg, tone_a

SIX = [800.0, 800.0, 800.0, 900.0, 900.0, 900.0]


def of(nn_ms: ArrayLike, *, holes: ArrayLike = ()) -> TimeDomain:
    """Variability of intervals end to end, but for holes before some of them."""
    beats = beats_of(nn_ms)
    joined = beats.joined.copy()
    joined[np.asarray(holes, dtype=np.intp)] = False
    return time_domain(beats.rr_ms, beats.t_s, joined)


def test_six_beats() -> None:
    """HRV1."""
    found = of(SIX)
    assert found.rmssd == pytest.approx(44.721360)
    assert found.sdnn == pytest.approx(54.772256)
    assert found.pnn50 == pytest.approx(20.0)
    assert found.mean_nn == 850.0
    assert found.sdann is None


def test_no_difference_across_a_hole() -> None:
    """HRV2: the step from 800 to 900 lies in the hole."""
    found = of(SIX, holes=[3])
    assert (found.rmssd, found.pnn50) == (0.0, 0.0)
    assert found.sdnn == pytest.approx(54.772256)


def test_half_an_hour() -> None:
    """HRV3."""
    found = of(tone_a())
    assert found.rmssd == pytest.approx(37.088413)
    assert found.sdnn == pytest.approx(41.243871)
    assert found.pnn50 == pytest.approx(22.067815)
    assert found.sdann == pytest.approx(0.181201, abs=1e-6)
    assert found.sdnn_index == pytest.approx(41.301034)


def test_spread_of_chance() -> None:
    """ACF1: SDNN of intervals of chance."""
    assert of(800.0 + 40.0 * (lcg(3000) - 0.5)).sdnn == pytest.approx(11.517562)


@pytest.mark.full
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("hole", [None, 3, 900])
def test_neurokit2_agrees(hole: int | None) -> None:
    """Also about a hole, when it is told the times."""
    nk = pytest.importorskip("neurokit2")
    nn_ms: NDArray[np.float64] = np.array(SIX * 300) if hole == 3 else tone_a()
    t_s = np.cumsum(nn_ms) / 1000.0
    if hole:
        t_s[hole:] += 60.0
    theirs = nk.hrv_time({"RRI": nn_ms, "RRI_Time": t_s}).iloc[0]
    ours = of(nn_ms, holes=[hole] if hole else [])
    assert ours.rmssd == pytest.approx(theirs["HRV_RMSSD"], rel=1e-6)
    assert ours.sdnn == pytest.approx(theirs["HRV_SDNN"], rel=1e-6)
    assert ours.mean_nn == pytest.approx(theirs["HRV_MeanNN"], rel=1e-6)
    # Theirs divides by the number of intervals instead of differences.
    assert ours.pnn50 == pytest.approx(theirs["HRV_pNN50"], rel=2e-3)
    assert ours.pnn20 == pytest.approx(theirs["HRV_pNN20"], rel=2e-3)


def test_a_difference_of_the_limit_is_not_above_it() -> None:
    """50 ms are no more than 50 ms."""
    found = of([800.0, 850.0, 901.0, 921.0, 942.0])
    assert (found.pnn50, found.pnn20) == (25.0, 75.0)


def test_too_little() -> None:
    """Nothing, one beat, beats that are no neighbours."""
    assert of([]) == TimeDomain(None, None, None, None, None, None, None)
    one = of([1000.0])
    assert (one.mean_nn, one.sdnn, one.rmssd) == (1000.0, None, None)
    apart = of([1000.0, 900.0], holes=[1])
    assert (apart.rmssd, apart.pnn50) == (None, None)
    assert apart.sdnn == pytest.approx(70.710678)


@given(st.integers(0, 2**32 - 1), st.integers(2, 300), st.floats(0.0, 1.0))
def test_a_hole_takes_its_difference_away(seed: int, n: int, share: float) -> None:
    """And makes no other."""
    chance = np.random.default_rng(seed)
    nn_ms = chance.uniform(300.0, 2000.0, n)
    joined = chance.random(n) >= share
    joined[0] = False
    step = differences(nn_ms, joined)
    assert np.array_equal(np.isfinite(step), joined)
    assert np.array_equal(step[joined], np.diff(nn_ms, prepend=0.0)[joined])


def test_bins_of_steps() -> None:
    """Bins without a known step are not among them; their order is that of their numbers."""
    step = np.array([np.nan, 30.0, 40.0, np.nan, -10.0, np.nan])
    place = np.array([0.0, 7.0, 7.0, 5.0, -2.0, 9.0])
    number, rmssd, count = binned_rmssd(step, place)
    assert number.tolist() == [-2.0, 7.0]
    assert rmssd == pytest.approx([10.0, np.sqrt(1250.0)])
    assert count.tolist() == [1, 2]
    assert all(not len(part) for part in binned_rmssd(np.empty(0), np.empty(0)))
