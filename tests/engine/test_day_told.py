"""What the wearer told, beside what the records of a day say."""

from dataclasses import replace
from datetime import date

from custom_components.openstrap.engine.day import DayInputs, derive_day
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.told import Told, ToldWorkout

from .series import BERLIN, at, quiet_night

DAY = date(2026, 6, 10)


def test_a_told_workout_is_no_rest() -> None:
    """Whoever trained while the arm lay still was awake, and it counts; in no nap either."""
    samples = quiet_night(DAY)
    span = at(DAY, 2), at(DAY, 3)
    workout = ToldWorkout("a", *span, "cycle")
    inputs = DayInputs(DAY, BERLIN, samples, Profile(birth_year=1990))
    alone, told = derive_day(inputs), derive_day(replace(inputs, told=Told(workouts=(workout,))))
    assert alone.facts is not None
    assert told.facts is not None
    minutes = [sum(n for _, n in one.facts.wake_hr) for one in (alone, told) if one.facts]
    assert minutes[1] == minutes[0] + 60
