"""Time in zones: floors, sources, any spacing."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.training.anchors import Anchors
from custom_components.openstrap.engine.training.hr_max import HrMax
from custom_components.openstrap.engine.training.zones import (
    owned_seconds,
    zone_scale,
    zone_seconds,
    zones_of_maximum,
    zones_of_reserve,
)


def test_floors() -> None:
    """Of a maximum of 187, and of the reserve above 55."""
    assert zones_of_maximum(187.0) == pytest.approx((93.5, 112.2, 130.9, 149.6, 168.3))
    assert zones_of_reserve(55.0, 187.0) == pytest.approx((121.0, 134.2, 147.4, 160.6, 173.8))


@pytest.mark.parametrize(
    ("bpm", "zone"),
    [(93, 0), (94, 1), (112, 1), (113, 2), (131, 3), (150, 4), (168, 4), (169, 5)],
)
def test_a_reading_is_in_one_zone(bpm: float, zone: int) -> None:
    """A zone begins at its floor."""
    found = zone_seconds(np.array([bpm]), 7.0, zones_of_maximum(187.0))
    assert found == tuple(7.0 * (at == zone) for at in range(6))


@pytest.mark.parametrize(
    ("source", "nights", "scale"),
    [
        ("age", 28, "tanaka"),
        ("posterior", 13, "observed"),
        ("posterior", 14, "karvonen"),
        ("lab", 28, "karvonen"),
        ("observed", 28, "karvonen"),
    ],
)
def test_sources(source: str, nights: int, scale: str) -> None:
    """Zones of the reserve need a seen maximum and two weeks of nights."""
    anchors = Anchors(55.0, HrMax(187.0, 5.0, source), "m", nights, 0.5)  # type: ignore[arg-type]  # of a list of words
    found = zone_scale(anchors)
    assert found.source == scale
    assert found.floors_bpm[0] == pytest.approx(121.0 if scale == "karvonen" else 93.5)


def test_seconds_that_readings_stand_for() -> None:
    """Until the next, at most ten seconds; the last stands for none unless told."""
    ts = np.array([0.0, 1.0, 3.5, 103.5])
    assert owned_seconds(ts).tolist() == [1.0, 2.5, 10.0, 0.0]
    assert owned_seconds(ts, 150.0, 1.0).tolist() == [1.0, 2.5, 100.0, 1.0]
    assert owned_seconds(np.array([])).tolist() == []


@given(st.lists(st.floats(30.0, 220.0) | st.just(float("nan")), max_size=50))
def test_no_time_is_lost(rates: list[float]) -> None:
    """Every known second is in one zone; unknown ones in none."""
    hr = np.array(rates, dtype=np.float64)
    found = zone_seconds(hr, 2.0, zones_of_maximum(187.0))
    assert len(found) == 6
    assert sum(found) == pytest.approx(2.0 * np.isfinite(hr).sum())
