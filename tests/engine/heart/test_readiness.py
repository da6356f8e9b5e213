"""HRV among earlier nights."""

from datetime import date
import math

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.heart.readiness import (
    Band,
    is_saturated,
    night_readiness,
    week_readiness,
)

from .made import day_at, series

KNOWN = [4.0, 4.05, 3.95, 4.0, 4.1, 3.9]


def from_ln(values: list[float]) -> dict[date, float]:
    """Nightly RMSSD (ms) with these logarithms."""
    return series([math.exp(value) for value in values])


def test_known_night() -> None:
    """Mean, deviation, z and band of a week made by hand."""
    found = night_readiness(from_ln([*KNOWN, 3.8]), day_at(6))
    assert found.mean == pytest.approx(4.0)
    assert found.sd == pytest.approx(0.070711, abs=5e-7)
    assert found.z == pytest.approx(-2.828427, abs=5e-7)
    assert (found.low, found.high) == pytest.approx((3.964645, 4.035355), abs=5e-7)
    assert found.band is Band.SUPPRESSED
    assert found.nights == 6


def test_a_constant_week_has_a_band_but_no_z() -> None:
    """Also where sums of equal numbers round."""
    found = night_readiness(from_ln([4.0, 4.0, 4.0, 2.0]), day_at(3))
    assert found.z is None
    assert found.band is Band.SUPPRESSED
    assert night_readiness(from_ln([4.0] * 4), day_at(3)).band is Band.NORMAL
    assert week_readiness(from_ln([4.1] * 30), day_at(29)).z is None


def test_three_calendar_nights_it_takes() -> None:
    """Missing nights do not pull older ones in."""
    values = from_ln([*KNOWN[:3], 3.8])
    assert night_readiness(values, day_at(3)).band is Band.SUPPRESSED
    del values[day_at(0)]
    found = night_readiness(values, day_at(3))
    assert (found.band, found.mean, found.nights) == (None, None, 2)
    assert found.tested == pytest.approx(3.8)
    old = from_ln(KNOWN) | series([50.0], day_at(20))
    assert night_readiness(old, day_at(20)).nights == 0


def test_without_tonight_nothing_is_tested() -> None:
    """A week that ends yesterday is not today."""
    for judge in (night_readiness, week_readiness):
        found = judge(from_ln(KNOWN * 5), day_at(30))
        assert found.tested is None and found.band is None and found.z is None


def test_week_against_sixty_days() -> None:
    """The same from numpy over the same nights."""
    dice = np.random.default_rng(3)
    ln = [float(value) for value in dice.normal(4.0, 0.1, 80)]
    found = week_readiness(from_ln(ln), day_at(79))
    reference = np.array(ln[19:79])
    assert found.nights == 60 and found.tested_nights == 7
    assert found.mean == pytest.approx(reference.mean())
    assert found.sd == pytest.approx(reference.std(ddof=1))
    assert found.tested == pytest.approx(np.mean(ln[73:]))
    assert found.z == pytest.approx((np.mean(ln[73:]) - reference.mean()) / reference.std(ddof=1))


def test_a_week_takes_14_reference_nights_and_three_of_its_own() -> None:
    """One fewer of either is no answer."""
    ln = [4.0 + 0.1 * (at % 3) for at in range(16)]
    assert week_readiness(from_ln(ln[:14]), day_at(13)).band is None
    assert week_readiness(from_ln(ln[:15]), day_at(14)).band is not None
    thin = from_ln([*ln, *ln[:7]])
    for at in range(16, 21):
        del thin[day_at(at)]
    found = week_readiness(thin, day_at(22))
    assert (found.tested, found.tested_nights) == (None, 2)
    assert found.mean is not None and found.band is None


@pytest.mark.parametrize(
    ("mean_nn_ms", "z", "expected"),
    [
        (1200.0, 1.5, True),
        (1100.0, 1.5, False),
        (1200.0, 1.0, False),
        (None, 2.0, None),
        (1200.0, None, None),
    ],
)
def test_saturation(mean_nn_ms: float | None, z: float | None, expected: bool | None) -> None:
    """Both limits are exceeded, not met; unknown stays unknown."""
    assert is_saturated(mean_nn_ms, z) is expected


def test_what_is_no_hrv_is_no_night() -> None:
    """NaN and 0 have no logarithm."""
    values = from_ln([*KNOWN, 3.8])
    values[day_at(2)] = math.nan
    values[day_at(3)] = 0.0
    assert night_readiness(values, day_at(6)).nights == 4
    values[day_at(6)] = math.nan
    assert night_readiness(values, day_at(6)).tested is None


@settings(max_examples=30)
@given(st.lists(st.floats(10.0, 200.0), min_size=20, max_size=40), st.floats(0.2, 5.0))
def test_the_scale_of_rmssd_does_not_matter(rmssd: list[float], factor: float) -> None:
    """A factor is a shift of the logarithm."""
    last = day_at(len(rmssd) - 1)
    for judge in (night_readiness, week_readiness):
        here = judge(series(rmssd), last)
        there = judge(series([value * factor for value in rmssd]), last)
        if here.sd is not None and here.sd > 1e-6:
            assert there.z == pytest.approx(here.z, rel=1e-6, abs=1e-6)
