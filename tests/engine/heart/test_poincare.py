"""The cloud of intervals."""

import numpy as np
import pytest

from custom_components.openstrap.engine.heart.poincare import poincare

from ..series import beats_of, tone_a


def test_half_an_hour() -> None:
    """PCR1."""
    beats = beats_of(tone_a())
    found = poincare(beats.rr_ms, beats.joined)
    assert found is not None
    assert found.sd1_ms == pytest.approx(26.232759)
    assert found.sd2_ms == pytest.approx(52.095644)
    assert found.ratio == pytest.approx(0.503550)


@pytest.mark.full  # theirs takes its time to be imported
@pytest.mark.filterwarnings("ignore")
def test_neurokit2_agrees() -> None:
    """Theirs takes the length from pairs. Around this part of it there is much that is slow."""
    nk = pytest.importorskip("neurokit2.hrv.hrv_nonlinear")
    beats = beats_of(tone_a())
    found = poincare(beats.rr_ms, beats.joined)
    theirs = nk._hrv_nonlinear_poincare(beats.rr_ms, beats.t_s, {})
    assert found is not None
    assert found.sd1_ms == pytest.approx(theirs["SD1"], rel=1e-3)
    assert found.sd2_ms == pytest.approx(theirs["SD2"], rel=1e-3)


def test_no_length() -> None:
    """PCR2 and a heart like a clock: nothing along the diagonal."""
    for rr in ([800.0, 900.0] * 300, [1000.0] * 50):
        beats = beats_of(rr)
        assert poincare(beats.rr_ms, beats.joined) is None


def test_too_little() -> None:
    """One difference, none."""
    for rr in ([], [800.0], [800.0, 850.0]):
        beats = beats_of(rr)
        assert poincare(beats.rr_ms, beats.joined) is None


def test_a_hole_has_no_difference() -> None:
    """The leap across it is not in the width."""
    rr = np.concatenate((tone_a()[:300], tone_a()[:300] - 300.0))
    beats = beats_of(rr)
    joined = beats.joined.copy()
    joined[300] = False
    with_hole, without = poincare(rr, joined), poincare(rr, beats.joined)
    assert with_hole is not None and without is not None
    assert with_hole.sd1_ms < without.sd1_ms
