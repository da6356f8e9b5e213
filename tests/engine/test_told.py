"""What a wearer told: its rules, and the form it is kept in."""

from datetime import date, timedelta
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.told import (
    NOTHING_TOLD,
    WORKOUT_KINDS,
    SleepEdit,
    Span,
    Told,
    ToldWorkout,
    is_same,
    shared_s,
)
from custom_components.openstrap.engine.told_rules import ToldError, checked_edit, checked_nap

from .series import BERLIN, at

DAY = date(2026, 6, 10)
EVE = DAY - timedelta(days=1)
NIGHT = at(EVE, 23), at(DAY, 7)
HOUR = 3600.0


def test_a_workout_comes_back() -> None:
    """Open or closed, with or without what it replaces."""
    for one in (
        ToldWorkout("a", 100.0),
        ToldWorkout("b", 100.0, 200.0, "run", (90.0, 210.0), "Loop"),
    ):
        assert ToldWorkout.from_dict(json.loads(json.dumps(one.to_dict()))) == one


@pytest.mark.parametrize(
    "fault",
    [
        {"end_ts": 100.0},
        {"end_ts": 50.0},
        {"start_ts": float("nan")},
        {"end_ts": float("inf")},
        {"kind": "chess"},
        {"replaces": (float("nan"), 1.0)},
    ],
)
def test_what_is_no_workout_is_refused(fault: dict[str, Any]) -> None:
    """Times that make no sense, kinds that nobody knows."""
    good: dict[str, Any] = {"id": "a", "start_ts": 100.0, "end_ts": 200.0}
    ToldWorkout(**good)
    with pytest.raises(ValueError, match="workout"):
        ToldWorkout(**good | fault)


def test_nothing_told_tells_nothing() -> None:
    """The cycle is followed by those who ask for it only."""
    assert Told() == NOTHING_TOLD
    assert not NOTHING_TOLD.cycle_tracking
    assert "run" in WORKOUT_KINDS
    assert "other" in WORKOUT_KINDS


@pytest.mark.parametrize(
    "span",
    [
        (float("nan"), 5.0),
        (0.0, float("inf")),
        (5.0, 5.0),
        (9.0, 5.0),
        (0.0, 18 * HOUR + 1.0),
    ],
)
def test_what_is_no_rest_is_refused(span: Span) -> None:
    """Times that make no sense; eighteen hours are the longest."""
    assert SleepEdit(DAY, 0.0, 18 * HOUR).span == (0.0, 18 * HOUR)
    with pytest.raises(ValueError, match="rest"):
        SleepEdit(DAY, *span)


def test_the_night_of_a_day_is_its_own() -> None:
    """Also where others reach into the same records."""
    mine, next_one = SleepEdit(DAY, *NIGHT), SleepEdit(DAY + timedelta(days=1), *NIGHT)
    told = Told(sleep_edits=(mine, next_one))
    assert told.night_of(DAY) == mine
    assert told.night_of(EVE) is None


@pytest.mark.parametrize(
    ("span", "code"),
    [
        ((float("nan"), NIGHT[1]), "not_a_time"),
        ((NIGHT[0], 1e18), "not_a_time"),
        ((-5.0, NIGHT[1]), "not_a_time"),
        ((NIGHT[1], NIGHT[0]), "end_before_start"),
        ((NIGHT[0], NIGHT[0] + 599.0), "too_short"),
        ((at(EVE, 12), at(DAY, 6, 1)), "too_long"),
        ((at(EVE, 11, 59), at(DAY, 2)), "outside_day"),
        ((at(EVE, 20), at(DAY, 0)), "outside_day"),
        ((at(DAY, 22), at(DAY, 23) + 2 * HOUR), "outside_day"),
        ((at(DAY, 12), at(DAY, 15)), "in_future"),
        ((at(EVE, 16), at(DAY, 3)), "overlap"),
    ],
)
def test_what_is_no_night_of_the_day_is_refused(span: Span, code: str) -> None:
    """Each with its stable word."""
    nap_of_eve = SleepEdit(EVE, at(EVE, 13), at(EVE, 17))
    with pytest.raises(ToldError) as error:
        checked_edit(DAY, span, [nap_of_eve], tz=BERLIN, now_ts=at(DAY, 14))
    assert error.value.code == code


def test_a_night_ends_on_its_day() -> None:
    """From the noon before to the last second; one told before may be told otherwise."""
    for span in (
        NIGHT,
        (at(EVE, 12), at(DAY, 6)),
        (at(EVE, 23, 50), at(DAY, 0) + 1.0),
        (at(DAY, 10), at(DAY + timedelta(days=1), 0)),
    ):
        held = SleepEdit(DAY, *NIGHT)
        assert checked_edit(DAY, span, [held], tz=BERLIN) == SleepEdit(DAY, *span)
    beside = SleepEdit(EVE, at(EVE, 13), NIGHT[0])
    assert checked_edit(DAY, NIGHT, [beside], tz=BERLIN).span == NIGHT


def test_a_night_of_the_change_of_clocks() -> None:
    """Nine hours by the wall clock were eight."""
    spring = date(2026, 3, 29)
    span = at(spring - timedelta(days=1), 22), at(spring, 7)
    edit = checked_edit(spring, span, [], tz=BERLIN)
    assert edit.offset_ts - edit.onset_ts == 8 * HOUR


def test_a_nap_that_was_none() -> None:
    """The same rules of time, of whatever day."""
    assert checked_nap(NIGHT) == NIGHT
    for span, code in (
        ((1.0, float("inf")), "not_a_time"),
        ((5.0, 5.0), "end_before_start"),
        ((0.0, 599.0), "too_short"),
        ((0.0, 18 * HOUR + 1.0), "too_long"),
    ):
        with pytest.raises(ToldError) as error:
            checked_nap(span)
        assert error.value.code == code


@given(st.floats(0, 1e4), st.floats(1, 1e4), st.floats(-1, 1))
def test_what_moves_a_little_is_the_same(start: float, length: float, share: float) -> None:
    """Up to half of it, either way; what only touches is another."""
    told = (start, start + length)
    moved = (start + share * length, start + length + share * length)
    if abs(abs(share) - 0.5) > 1e-6:
        assert is_same(moved, told) == (abs(share) < 0.5)
    assert not is_same((told[1], told[1] + length), told)
    assert not is_same(told, (told[0], told[0])), "a moment is no stretch"


def test_what_two_stretches_share() -> None:
    """Below 0 where they are apart."""
    assert shared_s((0.0, 10.0), (4.0, 20.0)) == shared_s((4.0, 20.0), (0.0, 10.0)) == 6.0
    assert shared_s((0.0, 10.0), (2.0, 3.0)) == 1.0
    assert shared_s((0.0, 10.0), (14.0, 20.0)) == -4.0
