"""Cycles of NREM sleep and REM."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.openstrap.engine.sleep.cycles import sleep_cycles
from custom_components.openstrap.engine.sleep.hypnogram import Segment, Stage

W, L, D, R, U = Stage.WAKE, Stage.LIGHT, Stage.DEEP, Stage.REM, Stage.UNOBSERVED


def laid(*parts: tuple[float, Stage]) -> list[Segment]:
    """Lay stretches of (minutes, stage) end to end."""
    found, at = [], 0.0
    for length, stage in parts:
        found.append((at, at + 60 * length, stage))
        at += 60 * length
    return found


def lengths(*parts: tuple[float, Stage]) -> list[float]:
    """Lengths of the cycles, minutes."""
    return [cycle.length_min for cycle in sleep_cycles(laid(*parts))]


def test_a_night_of_cycles() -> None:
    """A night of cycles."""
    night = [(10, W), *[(50, L), (20, D), (20, R)] * 4, (30, L)]
    assert lengths(*night) == [90, 90, 90, 90]
    first = sleep_cycles(laid(*night))[0]
    assert (first.start_ts, first.rem_ts, first.end_ts) == (600, 4800, 6000)


def test_minima() -> None:
    """Minima."""
    assert lengths((14.5, L), (20, R)) == []
    assert lengths((15, L), (0.5, R)) == [15.5]
    # Only the first REM may be shorter than five minutes.
    assert lengths((60, L), (10, R), (60, L), (4.5, R), (40, L), (10, R)) == [70, 114.5]


def test_parts_of_rem_are_joined() -> None:
    """Parts of REM are joined."""
    assert lengths((60, L), (4, R), (14, L), (4, R)) == [82]
    assert lengths((60, L), (6, R), (15, L), (6, R)) == [66, 21]
    assert lengths((60, L), (6, R), (15, W), (6, R)) == [66]


def test_wake_before_the_nrem_is_not_of_the_cycle() -> None:
    """Wake before the nREM is not of the cycle."""
    assert lengths((60, L), (20, R), (30, W), (40, L), (20, R)) == [80, 60]


def test_a_long_hole_hides_a_cycle() -> None:
    """A long hole hides a cycle."""
    assert lengths((40, L), (14, U), (40, L), (20, R)) == [114]
    assert lengths((40, L), (15, U), (40, L), (20, R)) == []
    assert lengths((40, L), (20, R), (60, U), (40, L), (20, R)) == [60, 60]


@pytest.mark.parametrize("night", [[], [(60, W)], [(60, U)], [(60, R)], [(300, L)]])
def test_none(night: list[tuple[float, Stage]]) -> None:
    """None."""
    assert lengths(*night) == []


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 60), st.sampled_from([W, L, D, R, U])), max_size=30),
)
def test_cycles_follow_one_another(night: list[tuple[float, Stage]]) -> None:
    """Cycles follow one another."""
    found = sleep_cycles(laid(*night))
    upto = 0.0
    for cycle in found:
        assert upto <= cycle.start_ts < cycle.rem_ts < cycle.end_ts
        assert cycle.rem_ts - cycle.start_ts >= 900
        upto = cycle.end_ts
