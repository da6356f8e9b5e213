"""How many signs of strain a single night shows."""

import numpy as np
import pytest

from custom_components.openstrap.engine.baseline import DEGENERATE_BASELINE
from custom_components.openstrap.engine.insight.night_state import NightState, State, night_state
from tests.engine.heart.made import day_at, facts_made

USUAL = {
    "resting_hr_bpm": 55.0,
    "rmssd_ms": 50.0,
    "nocturnal_dip_percent": 15.0,
    "skin_temp_c": 34.0,
}
SPREAD = {
    "resting_hr_bpm": 1.5,
    "rmssd_ms": 6.0,
    "nocturnal_dip_percent": 2.0,
    "skin_temp_c": 0.3,
}


def state(tonight: dict[str, float], nights: int = 28) -> NightState | str:
    """Judge a night after so many steady ones."""
    dice = np.random.default_rng(4)
    history = {
        day_at(at): facts_made(
            day_at(at),
            {key: value + SPREAD[key] * dice.standard_normal() for key, value in USUAL.items()},
        )
        for at in range(nights)
    }
    return night_state(
        history | {day_at(nights): facts_made(day_at(nights), tonight)}, day_at(nights)
    )


@pytest.mark.parametrize(
    ("changed", "expected", "raised"),
    [
        ({}, State.NORMAL, ()),
        ({"resting_hr_bpm": 63.0}, State.MILDLY_OFF, ("heart_rate",)),
        ({"rmssd_ms": 22.0}, State.MILDLY_OFF, ("hrv",)),
        ({"nocturnal_dip_percent": 4.0}, State.MILDLY_OFF, ("dip",)),
        ({"skin_temp_c": 35.5}, State.MILDLY_OFF, ("temperature",)),
        ({"resting_hr_bpm": 63.0, "rmssd_ms": 22.0}, State.ROUGH, ("heart_rate", "hrv")),
        # The good way round nothing is a sign.
        ({"resting_hr_bpm": 45.0, "rmssd_ms": 110.0, "skin_temp_c": 32.0}, State.NORMAL, ()),
        # Less than two nights differ by anyway.
        ({"resting_hr_bpm": 57.5, "rmssd_ms": 42.0}, State.NORMAL, ()),
    ],
)
def test_signs_are_counted(
    changed: dict[str, float], expected: State, raised: tuple[str, ...]
) -> None:
    """None, one, two; each against its own spread."""
    found = state(USUAL | changed)
    assert isinstance(found, NightState)
    assert found.state is expected
    assert found.raised == raised
    assert len(found.z) == 4


def test_signs_that_are_missing_are_not_asked() -> None:
    """One sign alone can still be judged; it is never more than mildly off."""
    found = state({"resting_hr_bpm": 70.0})
    assert isinstance(found, NightState)
    assert [name for name, _ in found.z] == ["heart_rate"]
    assert found.state is State.MILDLY_OFF


def test_refusals() -> None:
    """No night; too few before it."""
    assert state({}) == "need_input:name=night_signs,have=0,need=1"
    assert state(USUAL, nights=6) == "need_baseline:have=6,need=7"
    assert isinstance(state(USUAL, nights=7), NightState)
    assert night_state({}, day_at(0)) == "need_input:name=night_signs,have=0,need=1"


def test_nights_that_are_all_alike_are_not_too_few() -> None:
    """The note tells the nights that there are, and no other number."""
    even = {day_at(at): facts_made(day_at(at), {"resting_hr_bpm": 55.0}) for at in range(29)}
    assert night_state(even, day_at(28)) == DEGENERATE_BASELINE
    # Of a sign that has none yet, nights are what is missing.
    both = even | {day_at(28): facts_made(day_at(28), {"resting_hr_bpm": 55.0, "rmssd_ms": 50.0})}
    assert night_state(both, day_at(28)) == "need_baseline:have=0,need=7"
