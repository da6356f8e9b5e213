"""Mid-sleep on free and on work days."""

from datetime import date

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.sleep.jetlag import (
    Night,
    chronotype,
    mid_sleep_corrected,
    social_jetlag,
    weekend,
)


@pytest.mark.parametrize(
    ("free", "work", "hours"),
    [
        ((5.0, 5.5), (3.0, 3.25, 3.5), 2.0),
        ((0.5, 1.0), (23.0, 23.5), 1.5),
        ((23.0, 23.5), (0.5, 1.0), -1.5),
        ((15.0, 15.0), (3.0, 3.0), 12.0),
    ],
)
def test_known_answers(free: tuple[float, ...], work: tuple[float, ...], hours: float) -> None:
    """Known answers."""
    found = social_jetlag(free, work)
    assert found.hours == pytest.approx(hours)
    assert (found.free_nights, found.work_nights) == (len(free), len(work))


@pytest.mark.parametrize(
    ("free", "work"),
    [((), ()), ((5.0,), (3.0, 3.0)), ((5.0, 5.0), (3.0,)), ((0.0, 12.0), (3.0, 3.0))],
)
def test_too_few_or_without_direction(free: tuple[float, ...], work: tuple[float, ...]) -> None:
    """Too few or without direction."""
    assert social_jetlag(free, work).hours is None


clock = st.lists(st.floats(1.0, 6.0), min_size=2, max_size=9)


@given(clock, clock, st.floats(0.0, 24.0))
def test_turning_the_clock_changes_nothing(
    free: list[float], work: list[float], turn: float
) -> None:
    """Turning the clock changes nothing."""
    found = social_jetlag(free, work).hours
    turned = social_jetlag([(h + turn) % 24 for h in free], [(h + turn) % 24 for h in work]).hours
    assert found is not None
    assert turned == pytest.approx(found, abs=1e-6)
    assert -12 < found <= 12
    assert social_jetlag(list(reversed(free)), sorted(work)).hours == pytest.approx(found)


def nights(free: int, work: int, free_h: float = 9.0, work_h: float = 7.0) -> list[Night]:
    """Free nights around 05:00 and work nights around 03:00."""
    return [Night(5.0, free_h, True)] * free + [Night(3.0, work_h, False)] * work


def test_chronotype_takes_off_half_of_the_sleeping_in() -> None:
    """Chronotype takes off half of the sleeping in."""
    # 9 h on free days, 2/7 * 9 + 5/7 * 7 = 7.571 h over the week.
    found = mid_sleep_corrected(nights(4, 10), 2 / 7)
    assert found == pytest.approx(5.0 - (9.0 - (2 / 7 * 9 + 5 / 7 * 7)) / 2)
    assert mid_sleep_corrected(nights(4, 10, free_h=6.0), 2 / 7) == pytest.approx(5.0)


def test_chronotype_needs_two_weeks_and_both_kinds() -> None:
    """Chronotype needs two weeks and both kinds."""
    assert mid_sleep_corrected(nights(4, 9), 2 / 7) is None
    assert mid_sleep_corrected(nights(1, 20), 2 / 7) is None
    assert mid_sleep_corrected(nights(20, 1), 2 / 7) is None
    assert mid_sleep_corrected([], 2 / 7) is None


@pytest.mark.parametrize(
    ("hour", "name"),
    [
        (23.0, "early"),
        (2.9, "early"),
        (3.0, "moderate_early"),
        (4.5, "intermediate"),
        (5.9, "moderate_late"),
        (6.0, "late"),
        (12.0, "late"),
    ],
)
def test_names(hour: float, name: str) -> None:
    """Names."""
    assert chronotype(hour) == name


def test_weekend() -> None:
    """Weekend."""
    assert [weekend(date(2026, 8, 31 - back)) for back in range(3)] == [False, True, True]
