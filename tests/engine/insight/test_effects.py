"""What a journal says, and above all what it does not say."""

from datetime import timedelta
from typing import Any

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.insight.effects import (
    FALSE_SHARE,
    MAX_ROTATED_P,
    MIN_ENTRIES,
    SHOWN,
    insights_of,
)
from custom_components.openstrap.engine.insight.entries import cohens_d
from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.engine.insight.journal_effects import CHANCE, CONSTANT

from .made_days import MONDAY, made_days

EFFECT = ("tag 1", "outcome 1")


def found(seed: int, **how: Any) -> set[tuple[str, str]]:
    """Pairs that a scan of made-up days reports."""
    journal, outcomes = made_days(seed, **how)
    return {(one.name, one.outcome) for one in insights_of(journal, outcomes, seed=seed).findings}


def test_known_effect_size() -> None:
    """Four days with against six without."""
    with_it, without = np.array([40.0, 42, 38, 41]), np.array([50.0, 48, 52, 49, 51, 47])
    assert cohens_d(with_it, without) == pytest.approx(-5.106, abs=5e-4)
    assert cohens_d(np.full(4, 2.0), np.full(4, 3.0)) == 0.0


@pytest.mark.full
def test_a_strong_effect_is_found_the_next_morning() -> None:
    """With its size, its interval and its numbers; the same whatever the order of the days."""
    journal, outcomes = made_days(3, days=100, tags=3, outcomes=3, effect=2.0)
    scan = insights_of(journal, outcomes, seed=1)
    best = scan.findings[0]
    assert (best.name, best.outcome, best.lag_days, best.kind) == (*EFFECT, 1, "tag")
    assert 1.0 < best.shift < 3.0
    assert best.low is not None and best.high is not None
    assert 0.0 < best.low <= best.shift <= best.high
    assert best.effect > 1.0
    assert best.q <= FALSE_SHARE
    assert best.usual_with is not None and best.usual_without is not None
    assert best.usual_with > best.usual_without
    assert best.n_with + best.n_without <= len(journal) == scan.entries
    assert scan.family == len(scan.tested) == 12
    backwards = dict(reversed(journal.items()))
    other = {key: dict(reversed(values.items())) for key, values in reversed(outcomes.items())}
    assert insights_of(backwards, other, seed=1) == scan
    shown = scan.to_dict()
    assert shown["tested"] == 12
    assert shown["findings"][0]["name"] == EFFECT[0]


def test_a_number_is_held_against_the_next_morning() -> None:
    """Every drink adds two beats."""
    rng = np.random.default_rng(2)
    days = [MONDAY + timedelta(days=day) for day in range(80)]
    drinks = rng.integers(0, 5, 80)
    journal = {
        day: JournalDay(numbers={"alcohol": float(n)}) for day, n in zip(days, drinks, strict=True)
    }
    heart = {
        day + timedelta(days=1): 55.0 + 2.0 * n + rng.normal()
        for day, n in zip(days, drinks, strict=True)
    }
    (best,) = insights_of(journal, {"resting_hr_bpm": heart}, seed=1).findings
    assert (best.kind, best.lag_days, best.n_with, best.n_without) == ("number", 1, 80, 0)
    assert best.effect > 0.8
    assert best.low is not None and best.high is not None
    assert best.low <= best.shift <= best.high
    assert best.shift == pytest.approx(2.0, abs=0.3)


def test_days_without_an_entry_are_unknown() -> None:
    """They count neither as days with nor as days without, whatever their outcome was."""
    journal, outcomes = made_days(4, tags=2, outcomes=2, missing=0.3)
    scan = insights_of(journal, outcomes, seed=1)
    wild = {
        key: {
            day: value if day - timedelta(days=1) in journal or day in journal else value + 50.0
            for day, value in values.items()
        }
        for key, values in outcomes.items()
    }
    counts = [(one.n_with, one.n_without) for one in scan.tested]
    assert counts == [
        (one.n_with, one.n_without) for one in insights_of(journal, wild, seed=1).tested
    ]
    assert max(a + b for a, b in counts) <= len(journal)


def test_too_little_is_refused() -> None:
    """Below six weeks of entries the scan, below five a side the pair."""
    journal, outcomes = made_days(5, tags=2, outcomes=2, missing=0.0)
    few = dict(list(journal.items())[: MIN_ENTRIES - 1])
    scan = insights_of(few, outcomes, seed=1)
    assert scan.note == "need_input:name=journal_days,have=41,need=42"
    assert not scan.tested and not scan.findings
    assert insights_of({}, {}, seed=1).entries == 0
    empty = {day: JournalDay() for day in journal}
    assert insights_of(empty, outcomes, seed=1).entries == 0

    rare = {
        day: JournalDay(frozenset({"rare", "moment 14:03"} if at % 30 == 0 else {"often"}), {}, "x")
        for at, day in enumerate(journal)
    }
    notes = {
        (one.name, one.outcome): one.note for one in insights_of(rare, outcomes, seed=1).refused
    }
    assert notes["rare", "outcome 0"] == "need_input:name=days_with,have=3,need=5"
    assert notes["often", "outcome 0"] == "need_input:name=days_without,have=3,need=5"
    assert not any(name.startswith("moment") for name, _ in notes)


def test_what_never_changes_says_nothing() -> None:
    """Neither a number nor an outcome that is always the same."""
    journal, outcomes = made_days(6, tags=1, outcomes=2)
    flat = {"flat": dict.fromkeys(outcomes["outcome 0"], 7.0)}
    assert {one.note for one in insights_of(journal, flat, seed=1).refused} == {CONSTANT}
    same = {day: JournalDay(numbers={"mine": 3.0}) for day in journal}
    assert {one.note for one in insights_of(same, outcomes, seed=1).refused} == {CONSTANT}


def test_yes_and_no_told_as_numbers() -> None:
    """Are held against each other like a tag."""
    journal, outcomes = made_days(7, tags=2, outcomes=2)
    told = {
        day: JournalDay(numbers={"late_meal": float("tag 1" in e.tags)})
        for day, e in journal.items()
    }
    assert {(one.kind, one.lag_days) for one in insights_of(told, outcomes, seed=1).tested} == {
        ("tag", 1)
    }


def test_earlier_scans_of_the_month_count() -> None:
    """Asking every day does not help chance."""
    journal, outcomes = made_days(8, tags=3, outcomes=3)
    alone = insights_of(journal, outcomes, seed=1)
    more = insights_of(journal, outcomes, seed=1, shown_before={(str(n), "x") for n in range(50)})
    assert more.family == alone.family + 50
    for one, other in zip(alone.tested, more.tested, strict=True):
        assert one.p == other.p
        assert one.q <= other.q


@pytest.mark.full
@given(st.integers(0, 2**32))
def test_what_holds_for_every_scan(seed: int) -> None:
    """At most five, all beyond chance, and nothing that is not a number."""
    journal, outcomes = made_days(seed, days=70, tags=2, outcomes=2, effect=1.5)
    scan = insights_of(journal, outcomes, seed=seed)
    assert len(scan.findings) <= SHOWN
    for one in scan.tested:
        assert 0.0 < one.p <= one.q + 1e-9 <= 1.0 + 1e-9
        assert np.isfinite([one.effect, one.shift, one.p_rotated]).all()
        assert (one.note == CHANCE) == (one.q > FALSE_SHARE or one.p_rotated > MAX_ROTATED_P)


def test_every_input_meets_every_outcome() -> None:
    """Ten inputs, eight outcomes, four months."""
    journal, outcomes = made_days(9, days=120, tags=9, outcomes=8)
    assert len(insights_of(journal, outcomes, seed=1).tested) == 80


@pytest.mark.full
@pytest.mark.parametrize(
    "how", [{}, {"days": 60}, {"days": 120, "tags": 10, "outcomes": 8}, {"stay": 0.8}]
)
def test_shuffled_labels_report_nothing(how: dict[str, Any]) -> None:
    """Habits that have nothing to do with the body: at most one scan in twenty says anything."""
    said = sum(bool(found(seed, **how)) for seed in range(200))
    assert said <= 10


@pytest.mark.full
def test_power() -> None:
    """An effect of one standard deviation is found more often than not in three months."""
    hits = [
        EFFECT in found(9000 + seed, tags=2, outcomes=4, stay=0.45, effect=1.0)
        for seed in range(60)
    ]
    assert np.mean(hits) > 0.5
    strong = [
        EFFECT in found(9000 + seed, tags=2, outcomes=4, stay=0.45, effect=1.5)
        for seed in range(60)
    ]
    assert np.mean(strong) > 0.85
