"""What there is to say of a week that is over."""

from datetime import date, timedelta

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.insight.look_back import KEYS, MIN_DAYS, week_contents

SUNDAY = date(2026, 9, 20)


def back(*values: float | None) -> dict[date, float]:
    """Give values of the last days, the newest last."""
    days = [SUNDAY - timedelta(days=ago) for ago in range(len(values) - 1, -1, -1)]
    return {day: value for day, value in zip(days, values, strict=True) if value is not None}


def test_a_week_beside_the_one_before() -> None:
    """Means with what moved, the number of workouts alone; in the order of the keys."""
    values = {
        "workouts": back(0.0, 1.0, 0.0, 2.0, 0.0, 0.0, 1.0),
        "recovery": back(*[50.0] * 7, 40.0, 50.0, 60.0, 70.0, 80.0, 60.0, 61.0),
    }
    assert week_contents(values, SUNDAY) == (
        ("recovery", 60.14),
        ("recovery_change", 10.14),
        ("workouts", 4.0),
    )


def test_half_a_week_says_nothing() -> None:
    """Nor does a week before of which too little is known say what moved."""
    few = back(*[8.0] * (MIN_DAYS - 1), None, None, None, None)
    assert week_contents({"strain": few}, SUNDAY) == ()
    enough = back(*[8.0] * MIN_DAYS, None, None, None)
    assert week_contents({"strain": enough}, SUNDAY) == (("strain", 8.0),)
    two = back(9.0, 9.0, *[8.0] * 7)
    assert week_contents({"strain": two}, SUNDAY) == (("strain", 8.0),)
    three = back(9.0, 9.0, 9.0, *[8.0] * 7)
    assert week_contents({"strain": three}, SUNDAY) == (("strain", 8.0), ("strain_change", -1.0))
    assert week_contents({}, SUNDAY) == ()


def test_only_what_the_catalogue_has() -> None:
    """And nothing of the days after the week."""
    assert set(KEYS) <= CATALOG.keys()
    after = back(*[8.0] * 7) | {SUNDAY + timedelta(days=1): 21.0}
    assert week_contents({"strain": after}, SUNDAY) == (("strain", 8.0),)
