"""Where times and values stand."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.pictures.axis import (
    Scale,
    clock_change,
    curves,
    limits,
    rounded_out,
    ticks,
)

from .made import BERLIN, at


def test_scale() -> None:
    """Straight, and what is beyond an end stands on it."""
    scale = Scale(0.0, 10.0, 100.0, 200.0)
    assert [scale.at(value) for value in (-1.0, 0.0, 5.0, 10.0, 11.0)] == [100, 100, 150, 200, 200]
    assert Scale(3.0, 3.0, 0.0, 10.0).at(3.0) == 5.0


@pytest.mark.parametrize(
    ("hours", "step"), [(1, 15), (2, 30), (4, 60), (8, 120), (14, 180), (24, 360)]
)
def test_times_are_as_close_as_they_have_room(hours: int, step: int) -> None:
    """The first step in which labels do not touch."""
    found = ticks(Scale(at(0), at(0) + 3600 * hours, 0.0, 240.0), BERLIN)
    assert {b.ts - a.ts for a, b in pairwise(found)} == {60.0 * step}
    assert found[0].midnight
    assert found[0].label == "00:00"


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"])
def test_whole_hours_where_the_zone_is_none(zone: str) -> None:
    """By the clock on the wall there."""
    there = ZoneInfo(zone)
    day = date(2026, 6, 1)
    found = ticks(Scale(at(-2, day=day, zone=there), at(6, day=day, zone=there), 0, 240), there)
    assert [tick.label for tick in found] == ["22:00", "00:00", "02:00", "04:00", "06:00"]


@given(hours=st.floats(0.1, 30.0), start=st.floats(1.76e9, 1.80e9), width=st.floats(100.0, 320.0))
def test_labels_never_touch(hours: float, start: float, width: float) -> None:
    """Also in the night in which an hour comes twice, or not at all."""
    scale = Scale(start, start + 3600.0 * hours, 0.0, width)
    places = [scale.at(tick.ts) for tick in ticks(scale, BERLIN)]
    assert all(b - a >= 40.0 for a, b in pairwise(places))


def test_clock_change() -> None:
    """Forward in spring, back in autumn, else none."""
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert clock_change(at(0, day=spring), at(5, day=spring), BERLIN) == timedelta(hours=1)
    assert clock_change(at(0, day=autumn), at(5, day=autumn), BERLIN) == -timedelta(hours=1)
    assert clock_change(at(0), at(5), BERLIN) == timedelta()


def test_curves_break_at_holes_and_keep_peaks() -> None:
    """A hole is a hole; a stretch of one value is seen."""
    ts = np.arange(0.0, 36000.0, 10.0)
    values = np.full(len(ts), 50.0)
    values[1000:1100] = np.nan
    values[1101:1200] = np.nan
    values[500] = 99.0
    x, y = Scale(0.0, 36000.0, 0.0, 100.0), Scale(0.0, 100.0, 100.0, 0.0)
    lines = curves(ts, values, x, y, gap_s=60.0)
    assert len(lines) == 3
    assert len(lines[1]) == 2
    assert min(level for _, level in lines[0]) == pytest.approx(1.0)
    assert sum(map(len, lines)) < 140
    assert curves(ts, np.full(len(ts), np.nan), x, y, gap_s=60.0) == ()


def test_limits_and_ranges() -> None:
    """Of what is known; ranges are whole steps and never too narrow."""
    assert limits(np.array([np.nan, 3.0, 1.0])) == (1.0, 3.0)
    assert limits(np.array([np.nan])) is None
    assert rounded_out(49.0, 64.0, 10.0, 20.0) == (40.0, 70.0)
    assert rounded_out(50.0, 50.0, 10.0, 20.0) == (40.0, 60.0)
