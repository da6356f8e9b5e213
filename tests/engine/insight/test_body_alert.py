"""One verdict: rare in a steady year, there in an illness."""

from datetime import date
from typing import Any

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.baseline import DEGENERATE_BASELINE
from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.heart.illness import NO_NIGHT_HR, Level
from custom_components.openstrap.engine.insight.anomaly import BASELINE_DAYS
from custom_components.openstrap.engine.insight.body_alert import (
    WALK_DAYS,
    BodyAlert,
    body_alert,
    judge_nights,
)

from .nights import Nights, day_at, facts_of, fallen_ill, nights

YEAR = 365
SPAN = BASELINE_DAYS + WALK_DAYS + 1


def levels(made: Nights) -> NDArray[np.int_]:
    """Levels of the nights from the 57th on; all can be judged."""
    found = judge_nights(*made, [False] * len(made[0]))
    assert not any(isinstance(one, str) for one in found)
    return np.array([one.level for one in found if isinstance(one, BodyAlert)])


def verdict(facts: dict[date, DayFacts], at: int) -> BodyAlert:
    """Return the verdict of a night that has one."""
    found = body_alert(facts, day_at(at))
    assert isinstance(found, BodyAlert)
    return found


STEADY: dict[str, dict[str, Any]] = {
    "independent": {},
    "alike": {"alike": 0.5},
    "weekends": {"weekend": True},
    "weekends, alike": {"weekend": True, "alike": 0.5},
    "restless": {"spread_bpm": 4.0, "alike": 0.5},
    "calm": {"spread_bpm": 1.5, "alike": 0.5},
    "no thermometer": {"signs": 3, "alike": 0.5},
    "heart alone": {"signs": 1, "alike": 0.5},
}


def test_a_steady_year_has_few_alerts() -> None:
    """One year of nights that resemble each other, with other weekends."""
    found = levels(nights(0, BASELINE_DAYS + YEAR, alike=0.5, weekend=True))
    assert (found == Level.RED).sum() <= 6


@pytest.mark.full
@pytest.mark.parametrize("kind", STEADY)
def test_steady_years_have_few_alerts(kind: str) -> None:
    """At most six in each of 20 years, two on average, and few watches."""
    years = [levels(nights(seed, BASELINE_DAYS + YEAR, **STEADY[kind])) for seed in range(20)]
    red = [(year == Level.RED).sum() for year in years]
    watch = [(year == Level.YELLOW).sum() for year in years]
    assert max(red) <= 6
    assert np.mean(red) <= 2.5
    assert np.mean(watch) <= 6


@pytest.mark.full
def test_an_illness_is_seen() -> None:
    """In most of forty wearers, within its four nights, and red afterwards in none."""
    seen, after = 0, 0
    for seed in range(40):
        found = levels(fallen_ill(nights(100 + seed, BASELINE_DAYS + 45), BASELINE_DAYS + 20))
        seen += bool((found[20:24] == Level.RED).any())
        after += int((found[26:] == Level.RED).sum())
    assert seen >= 30
    assert after <= 4


def test_what_the_verdict_rests_on() -> None:
    """The rise, the signs, the night as a whole; a night later the same again."""
    made = fallen_ill(nights(2, SPAN, spread_bpm=1.5), SPAN - 4)
    facts = facts_of(made)
    found = verdict(facts, SPAN - 2)
    assert found.level is Level.RED
    assert found.above_bpm is not None and 5.0 < found.above_bpm < 12.0
    assert found.usual_bpm == pytest.approx(61.0, abs=1.0)
    assert {"heart_rate", "hrv", "breathing"} <= set(found.signs)
    assert not found.cyclic
    assert not isinstance(found.night, str) and found.night.p < 0.005 and found.flagged
    assert 50 <= found.nights <= BASELINE_DAYS


def test_one_far_night_is_a_watch_and_no_alert() -> None:
    """A night out, or a night of fever that is over."""
    made = nights(2, SPAN, spread_bpm=1.5)
    made[0][-2] += 9.0
    made[1][-2] += (9.0, 0.5, 2.5, 1.0)
    for part in made:
        part[-3] = part[:-3].mean(axis=0)
    facts = facts_of(made)
    assert verdict(facts, SPAN - 2).level is Level.YELLOW
    assert verdict(facts, SPAN - 1).level is Level.GREEN


def test_a_fast_heart_without_any_other_sign_is_no_alert() -> None:
    """Training, a warm room, a late meal."""
    made = nights(3, SPAN, spread_bpm=1.5)
    made[0][-2:] += 5.0
    made[1][-2:, 0] += 5.0
    made[1][-2:, 1:] = made[1][:-2, 1:].mean(axis=0)
    assert verdict(facts_of(made), SPAN - 1).level is Level.GREEN


def test_a_heart_alone_must_be_far_off() -> None:
    """Where no other sign is known."""
    made = nights(3, SPAN, spread_bpm=1.5, signs=1)
    usual = np.median(made[0])
    made[0][-2:] = usual + 3.9
    assert verdict(facts_of(made), SPAN - 1).level is Level.GREEN
    made[0][-2:] = usual + 6.0
    assert verdict(facts_of(made), SPAN - 1).level is Level.RED


def test_a_night_that_is_missing_is_passed_over() -> None:
    """One; two are a gap, after which the first night is the first."""
    made = fallen_ill(nights(2, SPAN, spread_bpm=1.5), SPAN - 4)
    assert verdict(facts_of(made, missing=[SPAN - 3]), SPAN - 2).level is Level.RED
    gap = facts_of(made, missing=[SPAN - 4, SPAN - 3])
    assert verdict(gap, SPAN - 2).level is Level.YELLOW


def test_an_illness_is_in_no_later_baseline() -> None:
    """The usual heart rate of the week after is what it was before."""
    steady = nights(2, SPAN, spread_bpm=1.5)
    ill = steady
    for first in (SPAN - 18, SPAN - 14):
        ill = fallen_ill(ill, first)
    before = verdict(facts_of(steady), SPAN - 1)
    after = verdict(facts_of(ill), SPAN - 1)
    assert after.usual_bpm == pytest.approx(before.usual_bpm, abs=0.3)
    assert before.nights - 10 <= after.nights < before.nights


def test_a_new_level_is_no_illness_for_ever() -> None:
    """A heart rate that has changed for good, with all other signs, is usual after some weeks."""
    made = nights(6, BASELINE_DAYS + 70, spread_bpm=1.5)
    made[0][BASELINE_DAYS + 10 :] += 6.0
    made[1][BASELINE_DAYS + 10 :] += (6.0, 0.36, 1.5, 0.3)
    found = levels(made)
    assert (found[10:20] == Level.RED).any()
    assert (found == Level.RED).sum() <= 21
    assert (found[35:] == Level.RED).sum() == 0


def test_the_second_half_of_a_cycle_is_told() -> None:
    """Only heart rate and temperature raised, on such a day: said so, and not silenced."""
    made = nights(2, SPAN, spread_bpm=1.5)
    made[0][-2:] += 6.0
    made[1][-2:] = made[1][:-2].mean(axis=0)
    made[1][-2:, (0, 3)] += (6.0, 1.4)
    facts = facts_of(made)
    days = {day_at(SPAN - 2), day_at(SPAN - 1)}
    plain, cyclic = body_alert(facts, day_at(SPAN - 1)), body_alert(facts, day_at(SPAN - 1), days)
    assert isinstance(plain, BodyAlert) and isinstance(cyclic, BodyAlert)
    assert plain.level == cyclic.level > Level.GREEN
    assert set(plain.signs) == {"heart_rate", "temperature"}
    assert (plain.cyclic, cyclic.cyclic) == (False, True)
    made[1][-1, 2] += 2.0
    other = body_alert(facts_of(made), day_at(SPAN - 1), days)
    assert isinstance(other, BodyAlert) and not other.cyclic


def test_refusals() -> None:
    """No night, too few nights, nights that never vary."""
    facts = facts_of(nights(1, 14))
    assert body_alert(facts, day_at(13)) == "need_baseline:have=13,need=14"
    assert body_alert(facts, day_at(14)) == NO_NIGHT_HR
    assert body_alert({}, day_at(0)) == NO_NIGHT_HR
    flat = np.full(20, 60.0), np.full((20, 4), np.nan)
    assert body_alert(facts_of(flat), day_at(19)) == DEGENERATE_BASELINE


@given(st.integers(0, 1000), st.floats(-10.0, 10.0))
def test_only_differences_count_and_never_later_days(seed: int, shift: float) -> None:
    """A wearer whose heart is faster all the time has the same verdicts; the future has no say."""
    made = nights(seed, BASELINE_DAYS + 20)
    found = levels(made)
    moved = made[0] + shift, made[1] + np.array([shift, 0.0, 0.0, 0.0])
    assert levels(moved).tolist() == found.tolist()
    assert levels((made[0][:-5], made[1][:-5])).tolist() == found[:-5].tolist()
