"""The stress index."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.heart.baevsky import WHOLE_RANGE, stress_index, stress_score

from ..series import lcg, tone_a


def test_sixty_beats() -> None:
    """SI1: of two equally full bins the one that came first."""
    found = stress_index(np.array([*range(800, 900, 10)] * 6, float), range_percent=WHOLE_RANGE)
    assert found is not None
    assert found.index == pytest.approx(336.700337)
    assert (found.mode_s, found.mode_percent, found.windows) == (0.825, 50.0, 1)
    assert found.range_s == pytest.approx(0.09)


def test_half_an_hour() -> None:
    """SI2: medians over 14 windows; between the percentiles the range is hardly smaller."""
    found = stress_index(tone_a(), range_percent=WHOLE_RANGE)
    assert found is not None
    assert found.index == pytest.approx(125.784200)
    assert found.mode_s == pytest.approx(0.975)
    assert found.mode_percent == pytest.approx(38.476563)
    assert found.range_s == pytest.approx(0.154832, abs=1e-6)
    assert found.windows == 14
    trimmed = stress_index(tone_a())
    assert trimmed is not None
    assert trimmed.index == pytest.approx(found.index, rel=0.05)


def test_one_artefact_does_not_halve_it() -> None:
    """In every window there is one; the extremes fall for it."""
    rr = tone_a()
    rr[::200] = 1800.0
    clean, trimmed, whole = (
        stress_index(tone_a()),
        stress_index(rr),
        stress_index(rr, range_percent=WHOLE_RANGE),
    )
    assert clean is not None and trimmed is not None and whole is not None
    assert trimmed.index == pytest.approx(clean.index, rel=0.1)
    assert whole.index < 0.3 * clean.index


def test_a_heart_like_a_clock() -> None:
    """SI3: the range is under 20 ms."""
    assert stress_index(np.array([1000.0, 1001.0] * 150)) is None
    assert stress_index(np.full(300, 1000.0)) is None


def test_too_little() -> None:
    """29 intervals, none, and none in range."""
    assert stress_index(tone_a()[:29]) is None
    assert stress_index(np.empty(0)) is None
    assert stress_index(np.full(300, 2500.0)) is None


def test_a_last_window_needs_something_new() -> None:
    """256 intervals are one window; the half that would follow has been seen."""
    rr = tone_a()
    for beats, windows in ((255, 1), (256, 1), (257, 2), (384, 2), (385, 3)):
        found = stress_index(rr[:beats])
        assert found is not None
        assert found.windows == windows


def test_the_scale() -> None:
    """From 20 to 600, the middle of it half way in proportion."""
    assert [stress_score(index) for index in (0.0, 20.0, 600.0, 5000.0)] == [0, 0, 100, 100]
    assert stress_score(float(np.sqrt(20.0 * 600.0))) == pytest.approx(50.0)


@given(st.floats(0.2, 1.0), st.integers(30, 600))
def test_less_variation_is_more_stress(share: float, n: int) -> None:
    """Around one middle, in one bin or more."""
    wide = 825.0 + 200.0 * (lcg(n) - 0.5)
    less = stress_index(825.0 + share * (wide - 825.0))
    more = stress_index(wide)
    assert less is not None and more is not None
    assert less.index >= more.index * 0.999
