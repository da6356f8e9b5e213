"""Ranges of stage minutes, and confidence by coverage."""

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.sleep.hypnogram import Stage
from custom_components.openstrap.engine.sleep.intervals import (
    REM_WIDTH,
    half_width,
    sleep_confidence,
    stage_ranges,
)


@pytest.mark.parametrize(("confidence", "width_s"), [(0.6, 1800), (0.3, 2550), (0.0, 3300)])
def test_known_widths(confidence: float, width_s: float) -> None:
    """Known widths."""
    assert 60 * half_width(100.0, confidence, REM_WIDTH) == pytest.approx(width_s)


def test_ranges() -> None:
    """Ranges."""
    found = stage_ranges({Stage.LIGHT: 240.0, Stage.DEEP: 60.0, Stage.REM: 100.0}, 0.6)
    assert (found[Stage.REM].low, found[Stage.REM].high) == pytest.approx((70, 130))
    assert (found[Stage.DEEP].low, found[Stage.DEEP].high) == pytest.approx((33, 87))
    assert (found[Stage.LIGHT].low, found[Stage.LIGHT].high) == pytest.approx((213, 267))


def test_small_amounts_are_known_to_five_minutes_at_best() -> None:
    """Small amounts are known to five minutes at best."""
    found = stage_ranges({Stage.LIGHT: 200.0}, 0.6)
    assert (found[Stage.REM].low, found[Stage.REM].high) == (0, 5)
    assert (found[Stage.LIGHT].low, found[Stage.LIGHT].high) == (195, 200)


minutes = st.floats(0, 600)


@given(minutes, minutes, minutes, st.floats(0, 1), st.floats(0, 1))
def test_ranges_hold_and_widen(
    light: float, deep: float, rem: float, one: float, other: float
) -> None:
    """Ranges hold and widen."""
    told = {Stage.LIGHT: light, Stage.DEEP: deep, Stage.REM: rem}
    more, less = (stage_ranges(told, value) for value in (max(one, other), min(one, other)))
    for stage, value in told.items():
        assert 0 <= less[stage].low <= more[stage].low + 1e-9
        assert more[stage].low <= value <= more[stage].high + 1e-9
        assert more[stage].high <= less[stage].high + 1e-9
        assert less[stage].high <= light + deep + rem + 1e-9


def test_known_confidence() -> None:
    """Known confidence."""
    assert sleep_confidence(8 * 3600, 0.95, 0.9) == pytest.approx(0.6)
    assert sleep_confidence(3 * 3600, 0.5, 0.0) == pytest.approx((10800 / 25200 + 0.175) / 2)


@given(st.floats(0, 1e5), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_confidence_falls_with_coverage(in_bed: float, hr: float, rr: float, part: float) -> None:
    """Confidence falls with coverage."""
    whole = sleep_confidence(in_bed, hr, rr)
    assert 0 < whole <= 0.6
    assert sleep_confidence(in_bed * part, hr, rr) <= whole
    assert sleep_confidence(in_bed, hr * part, rr) <= whole
    assert sleep_confidence(in_bed, hr, rr * part) <= whole
