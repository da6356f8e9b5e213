"""What a wearer told: its rules, and the form it is kept in."""

import json
from typing import Any

import pytest

from custom_components.openstrap.engine.told import NOTHING_TOLD, WORKOUT_KINDS, Told, ToldWorkout


def test_a_workout_comes_back() -> None:
    """Open or closed, with or without what it replaces."""
    for one in (
        ToldWorkout("a", 100.0),
        ToldWorkout("b", 100.0, 200.0, "run", (90.0, 210.0)),
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
