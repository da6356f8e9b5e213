"""A day's movement against earlier days."""

from datetime import date, timedelta

import numpy as np

from custom_components.openstrap.engine.baseline import need_baseline
from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.metric import need_input
from custom_components.openstrap.engine.motion.motion_trends import ROWS, motion_trends

DAY = date(2026, 5, 20)
KEYS = {row.key for row in ROWS}
MINUTES = np.array([200.0] * 10 + [60.0] * 500 + [5.0] * 500 + [np.nan] * 430)
VALUES = {
    "dyn_amp_p90_mg": 100.0,
    "dyn_moving_p50_mg": 50.0,
    "dyn_moving_p75_mg": 90.0,
    "dyn_moving_p90_mg": 150.0,
}


def days(count: int, values: dict[str, float] | None = None) -> dict[date, DayFacts]:
    """Facts of the days before DAY."""
    found = {}
    for back in range(1, count + 1):
        day = DAY - timedelta(days=back)
        end = (day - date(1970, 1, 1)).days * 86_400.0 + 86_400.0
        found[day] = DayFacts(day, "UTC", ((end - 129_600.0, 0.0),), end, values=values or VALUES)
    return found


def test_a_day_against_its_measure() -> None:
    """Minutes above the floor and within the bands."""
    rest = np.array([10.0, 120.0, 10.0, 130.0, 140.0])
    found = motion_trends(days(20), DAY, day_mg=MINUTES, rest_mg=rest)
    assert set(found) == KEYS
    assert {key: metric.value for key, metric in found.items()} == {
        "movement_min": 10,
        "night_movement_min": 3,
        "light_movement_min": 500,
        "moderate_movement_min": 0,
        "vigorous_movement_min": 10,
    }
    assert dict(found["movement_min"].drivers)["floor_mg"] == 100.0
    assert all(0.1 <= metric.confidence <= 0.8 for metric in found.values())


def test_what_is_missing_is_named() -> None:
    """Days first known, then minutes; bands take more days than the floor."""
    found = motion_trends(days(4), DAY, day_mg=MINUTES, rest_mg=MINUTES)
    assert {metric.note for metric in found.values()} == {need_baseline(4, 5), need_baseline(4, 14)}
    some = motion_trends(days(6), DAY, day_mg=MINUTES, rest_mg=np.empty(0))
    assert some["movement_min"].value == 10
    assert some["movement_min"].confidence < 0.3
    assert some["night_movement_min"].note == need_input("covered_min", 0, 4)
    assert some["light_movement_min"].note == need_baseline(6, 14)
    blind = motion_trends(days(20), DAY, day_mg=np.full(1440, np.nan), rest_mg=np.empty(0))
    assert all(metric.value is None for metric in blind.values())


def test_neither_the_day_nor_later_ones_make_its_measure() -> None:
    """The same answer whatever became of the days after it."""
    known = days(20)
    busy = days(1, {key: 10.0 * value for key, value in VALUES.items()})
    (fact,) = busy.values()
    later = {DAY + timedelta(days=n): fact for n in range(5)}
    assert motion_trends(known | later, DAY, day_mg=MINUTES, rest_mg=MINUTES) == motion_trends(
        known, DAY, day_mg=MINUTES, rest_mg=MINUTES
    )
