"""How a slice of days is handed to the recorder: few series at a time."""

from datetime import date

import pytest

from custom_components.openstrap.statistics_rows import (
    ROWS_AT_ONCE,
    SLICE_DAYS,
    Slice,
    Value,
    Window,
)
from custom_components.openstrap.statistics_series import DAILY

MARKS = ((date(2026, 1, 15), 7),)
DAYS = tuple(Window(day, day + 1) for day in range(SLICE_DAYS))
HOURS = (Window(0, 3600),)


def test_every_row_is_in_one_part() -> None:
    """With the hours in which it is all there is; and no part has many of them."""
    rows = {key: {day: float(day) for day in range(SLICE_DAYS)} for key in DAILY}
    wanted = Slice(MARKS, rows, DAYS, {0: Value(60.0, 50.0, 70.0)}, HOURS)
    *daily, hourly = wanted.parts()
    assert {key: of for part in daily for key, of in part.rows.items()} == rows
    assert sum(len(part.rows) for part in daily) == len(rows)
    sizes = [sum(map(len, part.rows.values())) for part in daily]
    assert ROWS_AT_ONCE / 2 < max(sizes) <= ROWS_AT_ONCE < sum(sizes) / 8
    assert {(part.days, part.hours, len(part.heart_rate)) for part in daily} == {(DAYS, (), 0)}
    assert hourly == Slice(MARKS, {}, (), wanted.heart_rate, HOURS)


def test_one_day_is_one_part() -> None:
    """That is what most sweeps have to tell: the recorder is not asked again and again."""
    rows = {key: {0: 1.0} for key in DAILY}
    assert len(list(Slice(MARKS, rows, DAYS[:1]).parts())) == 1


@pytest.mark.parametrize("hours", [(), HOURS])
def test_a_part_that_says_nothing_is_none(hours: tuple[Window, ...]) -> None:
    """But hours without a heart rate say that there is none."""
    assert len(list(Slice(MARKS, {}, (), {}, hours).parts())) == len(hours)
