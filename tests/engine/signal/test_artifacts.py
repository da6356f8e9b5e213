"""Which intervals are no normal beats, beside neurokit2's reading of the same paper."""

from typing import Any

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import ArrayLike
import pytest

from custom_components.openstrap.engine.signal.artifacts import Kind, classify

from ..series import beats_of, lcg, tone_a


def odd_ones(rr_ms: ArrayLike) -> dict[int, str]:
    """Return what is not normal: place and class."""
    beats = beats_of(rr_ms)
    kind = classify(beats.rr_ms, beats.joined)
    return {int(at): Kind(kind[at]).name for at in np.flatnonzero(kind)}


def test_four_faults_in_half_an_hour() -> None:
    """COR3 and COR4: a doubled, a halved and a premature beat."""
    rr = tone_a()
    rr[300] *= 2
    rr[600] /= 2
    rr[900] += 250
    rr[901] -= 250
    assert odd_ones(rr) == {300: "MISSED", 600: "ODD", 900: "ODD", 901: "ODD"}


@pytest.mark.full
@pytest.mark.filterwarnings("ignore")
def test_the_same_places_as_neurokit2() -> None:
    """COR4: its flags stand at the peak that ends the interval."""
    nk = pytest.importorskip("neurokit2")
    rr = tone_a()
    rr[300] *= 2
    rr[600] /= 2
    rr[900] += 250
    rr[901] -= 250
    peaks = np.concatenate(([0], np.cumsum(rr))).round().astype(int)
    found: dict[str, Any]
    found, _ = nk.signal_fixpeaks(peaks, sampling_rate=1000, iterative=False, method="kubios")
    flagged = {at for kind in ("ectopic", "missed", "extra", "longshort") for at in found[kind]}
    assert {at - 1 for at in flagged} == set(odd_ones(rr))


def test_a_beat_counted_twice_and_two_counted_once() -> None:
    """Parts that make a whole are told from a beat that is merely short."""
    rr = tone_a()
    split = np.insert(rr, 700, 0.4 * rr[700])
    split[701] = 0.6 * rr[700]
    assert odd_ones(split) == {700: "EXTRA", 701: "MERGED"}
    fused = np.concatenate([rr[:1000], [rr[1000] + rr[1001]], rr[1002:]])
    assert odd_ones(fused) == {1000: "MISSED"}


def test_two_short_beats() -> None:
    """COR2: neither is explained by the other."""
    rr = np.full(60, 1000.0)
    rr[30:32] = 400, 420
    assert odd_ones(rr) == {30: "ODD", 31: "ODD"}
    rr[30:32] = 500, 1000
    assert odd_ones(rr) == {30: "ODD"}


def test_the_end_of_the_series() -> None:
    """A fault in the last beat looks at what is not there, and finds nothing."""
    for last in (300.0, 400.0, 1900.0):
        assert set(odd_ones([*[1000.0] * 59, last])) <= {59}
        assert set(odd_ones([*[1000.0] * 58, last, 1000.0])) == {58}


def test_out_of_range() -> None:
    """Without neighbours only the range speaks."""
    assert odd_ones([250.0, 1000.0]) == {0: "ODD"}
    assert odd_ones([2100.0] * 40) == dict.fromkeys(range(40), "ODD")
    assert odd_ones([]) == {}


def test_faults_across_a_hole_are_none() -> None:
    """Another pace after a hole is another pace, not an artefact."""
    rr = np.concatenate([np.full(50, 1000.0), np.full(50, 700.0)])
    joined = np.ones(100, dtype=bool)
    joined[[0, 50]] = False
    assert not classify(rr, joined).any()


def test_many_ectopic_beats_do_not_hide_each_other() -> None:
    """One beat in six premature: the cap of the threshold still finds them."""
    rr = 900.0 + 20.0 * (lcg(1200) - 0.5)
    early = np.arange(5, 1190, 6)
    rr[early] -= 350.0
    rr[early + 1] += 350.0
    found = odd_ones(rr)
    assert np.mean([place in found for place in early]) > 0.95


@given(st.integers(0, 2**32 - 1), st.integers(0, 120))
def test_any_input_gets_classes(seed: int, n: int) -> None:
    """Nothing raises; a merged beat always follows an extra one that it is joined to."""
    chance = np.random.default_rng(seed)
    rr = chance.choice([300.0, 500.0, 1000.0, 1500.0, 2000.0, 2500.0], n)
    joined = chance.random(n) < 0.9
    kind = classify(rr, joined)
    merged = np.flatnonzero(kind == Kind.MERGED)
    assert np.array_equal(merged - 1, np.flatnonzero(kind == Kind.EXTRA))
    assert joined[merged].all()
