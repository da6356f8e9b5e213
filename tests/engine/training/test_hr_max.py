"""The highest heart rate: the line of the age, told, held."""

from datetime import timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.training.hr_max import HrMax, hr_max_of, posterior

from .wearers import DAY, day_made

AGED = Profile(birth_year=1996)


@pytest.mark.parametrize(
    ("held", "bpm", "sd"),
    [(None, 187.0, 10.0), (170.0, 187.98, 9.07), (184.0, 193.17, 6.59), (195.0, 200.67, 4.73)],
)
def test_known_answers(held: float | None, bpm: float, sd: float) -> None:
    """The line of the age truncated at what was held, for someone of 30."""
    found = posterior(30, held)
    assert found.bpm == pytest.approx(bpm, abs=0.006)
    assert found.sd == pytest.approx(sd, abs=0.006)
    assert found.source == ("age" if held is None else "posterior")


def test_ages() -> None:
    """Tanaka's line."""
    assert posterior(29, None).bpm == pytest.approx(187.7)
    assert posterior(60, None).bpm == pytest.approx(166.0)


@given(st.integers(5, 120), st.floats(40.0, 229.0), st.floats(0.0, 20.0))
def test_a_higher_peak_never_lowers_it(age: int, held: float, more: float) -> None:
    """More evidence only raises the maximum, makes it surer, and keeps it above what was held."""
    low, high = posterior(age, held), posterior(age, held + more)
    assert high.bpm >= low.bpm - 1e-6
    assert 0.0 <= high.sd <= low.sd + 1e-4
    assert low.bpm >= max(held, posterior(age, None).bpm) - 1e-6


def test_what_was_told_wins() -> None:
    """A told maximum is taken as it is."""
    facts = {DAY - timedelta(days=1): day_made(DAY, hr_peak_held_bpm=199.0)}
    found = hr_max_of(facts, DAY, Profile(birth_year=1996, hr_max_bpm=181.0))
    assert found == HrMax(181.0, 2.0, "lab")
    assert found.seen
    assert found.confidence == pytest.approx(1.0 - 2.0 / 15.0)


def test_the_day_itself_does_not_move_its_own_scale() -> None:
    """A peak counts from the next day on, for 120 days."""
    facts = {DAY: day_made(DAY, hr_peak_held_bpm=195.0)}
    assert hr_max_of(facts, DAY, AGED) == posterior(30, None)
    assert hr_max_of(facts, DAY + timedelta(days=1), AGED) == posterior(30, 195.0)
    assert hr_max_of(facts, DAY + timedelta(days=120), AGED) == posterior(30, 195.0)
    assert hr_max_of(facts, DAY + timedelta(days=121), AGED) == posterior(30, None)


def test_without_an_age() -> None:
    """A high held rate stands alone; an easy day is no maximum, and nothing is assumed."""
    nobody = Profile()
    reason = "need_input:name=birth_year_or_maximum_heart_rate,have=0,need=1"
    assert hr_max_of({}, DAY, nobody) == reason
    before = DAY - timedelta(days=1)
    assert hr_max_of({before: day_made(before, hr_peak_held_bpm=120.0)}, DAY, nobody) == reason
    held = hr_max_of({before: day_made(before, hr_peak_held_bpm=182.0)}, DAY, nobody)
    assert held == HrMax(182.0, 10.0, "observed")
