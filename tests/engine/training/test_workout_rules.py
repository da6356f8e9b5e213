"""What is refused, and with which word."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.told import ToldWorkout
from custom_components.openstrap.engine.training.workout_rules import (
    FORGOTTEN_S,
    MAX_TITLE,
    WorkoutError,
    checked_title,
    checked_workout,
    is_going,
)

NOW = 1_000_000.0
OTHER = ToldWorkout("o", NOW - 5000.0, NOW - 4000.0)
GOING = ToldWorkout("g", NOW - 3000.0)
FORGOTTEN = ToldWorkout("f", NOW - FORGOTTEN_S - 5000.0)


def check(start: float, end: float | None, **more: Any) -> ToldWorkout:
    """Check a workout of an id that none of the others has."""
    arguments: dict[str, Any] = {"kind": "run", "others": [], "now_ts": NOW} | more
    return checked_workout("x", (start, end), **arguments)


@pytest.mark.parametrize(
    ("span", "more", "code"),
    [
        ((float("nan"), NOW), {}, "not_a_time"),
        ((NOW - 900.0, float("inf")), {}, "not_a_time"),
        ((NOW - 900.0, NOW), {"replaces": (float("nan"), 5.0)}, "not_a_time"),
        ((-1e18, -1e18 + 3600.0), {}, "not_a_time"),
        ((-900.0, -100.0), {}, "not_a_time"),
        ((900.0, 1800.0), {"replaces": (-900.0, 900.0)}, "not_a_time"),
        ((1e18, 1e18 + 3600.0), {"now_ts": 2e18}, "not_a_time"),
        ((NOW - 900.0, NOW), {"kind": "golf"}, "not_a_kind"),
        ((NOW - 900.0, NOW - 900.0), {}, "end_before_start"),
        ((NOW - 900.0, NOW), {"replaces": (NOW, NOW - 1.0)}, "end_before_start"),
        ((NOW - 59.0, NOW), {}, "too_short"),
        ((NOW - 86401.0, NOW), {}, "too_long"),
        ((NOW - FORGOTTEN_S, None), {}, "too_long"),
        ((NOW - 900.0, NOW), {"replaces": (NOW - 87000.0, NOW)}, "too_long"),
        ((NOW - 900.0, NOW + 1.0), {}, "in_future"),
        ((NOW + 1.0, None), {}, "in_future"),
        ((NOW - 900.0, NOW), {"replaces": (NOW - 99000.0, NOW - 98000.0)}, "moved_too_far"),
        ((NOW - 4001.0, NOW - 3500.0), {"others": [OTHER]}, "overlap"),
        ((NOW - 2000.0, NOW - 1000.0), {"others": [GOING]}, "overlap"),
        ((NOW - 100.0, None), {"others": [GOING]}, "already_going"),
        ((NOW - 4500.0, None), {"others": [OTHER]}, "overlap"),
        ((NOW - 900.0, NOW), {"title": "x" * 81}, "title_too_long"),
        ((NOW - 900.0, NOW), {"title": "two\nlines"}, "title_not_plain"),
        ((NOW - 900.0, NOW), {"title": "bell\a"}, "title_not_plain"),
        ((NOW - 900.0, NOW), {"title": "half \ud83c"}, "title_not_plain"),
    ],
)
def test_refusals(span: tuple[float, float | None], more: dict[str, Any], code: str) -> None:
    """Each has one stable word."""
    with pytest.raises(WorkoutError) as error:
        check(*span, **more)
    assert error.value.code == code


def test_what_is_taken() -> None:
    """Neighbours that touch, one beside a forgotten one, and one in the place of itself."""
    assert check(NOW - 4000.0, NOW - 3000.0, others=[OTHER, GOING]).kind == "run"
    assert check(NOW - 100.0, None, kind=None, others=[OTHER, FORGOTTEN]).kind is None
    assert check(FORGOTTEN.start_ts, FORGOTTEN.start_ts + 900.0, others=[FORGOTTEN]).end_ts
    own = ToldWorkout("x", NOW - 900.0)
    ended = check(NOW - 900.0, NOW, others=[own], replaces=(NOW - 800.0, NOW - 100.0))
    assert ended == ToldWorkout("x", NOW - 900.0, NOW, "run", (NOW - 800.0, NOW - 100.0))
    assert is_going(GOING, NOW) and not is_going(FORGOTTEN, NOW) and not is_going(OTHER, NOW)


@given(st.floats(), st.none() | st.floats(), st.none() | st.text(max_size=8))
def test_anything_is_taken_or_refused(start: float, end: float | None, kind: str | None) -> None:
    """What is taken has a length and lies in the past."""
    try:
        found = check(start, end, kind=kind, others=[OTHER])
    except WorkoutError:
        return
    assert found.start_ts <= NOW
    assert found.end_ts is None or found.start_ts + 60.0 <= found.end_ts <= NOW


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (None, None),
        ("", None),
        (" \t\n", None),
        ("  Évening  loop ", "Évening  loop"),
        ("x" * 80 + " ", "x" * 80),
        ("👨‍👩‍👧 day", "👨‍👩‍👧 day"),
    ],
)
def test_titles(told: str | None, kept: str | None) -> None:
    """Trimmed, and none of nothing; people write with joined characters too."""
    assert check(NOW - 900.0, NOW, title=told).title == kept


@given(st.text(max_size=100))
def test_a_title_is_one_line(text: str) -> None:
    """Whatever is taken fits one, can be written in any file, and stays as it is."""
    try:
        kept = checked_title(text)
    except WorkoutError:
        return
    assert checked_title(kept) == kept
    if kept is not None:
        assert 0 < len(kept) <= MAX_TITLE
        assert kept.splitlines() == [kept]
        assert kept.encode()
