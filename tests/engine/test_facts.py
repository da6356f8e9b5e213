"""Facts of a day: their form, and the text they are kept in."""

from datetime import UTC, date, datetime, timedelta, timezone
import json
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.facts import (
    UNKNOWN_HOURS,
    DayFacts,
    calendar_days,
    clock_of,
    values_of,
)

from .series import BERLIN, at

DAY = date(2026, 9, 2)


def facts(day: date = DAY, **other: Any) -> DayFacts:
    """Return facts of a day in Berlin."""
    clock, end = clock_of(day, BERLIN)
    return DayFacts(day=day, tz="Europe/Berlin", clock=clock, end_ts=end, **other)


def test_clock_of_a_plain_day() -> None:
    """Clock of a plain day."""
    clock, end = clock_of(DAY, BERLIN)
    assert clock == ((at(date(2026, 9, 1), 12), 120.0),)
    assert end == at(date(2026, 9, 3), 0)


@pytest.mark.parametrize("counts", [((60, 0),), ((0, 3),), ((70, 1), (60, 1)), ((60, 1), (60, 2))])
def test_minutes_by_heart_rate_ascend(counts: tuple[tuple[int, int], ...]) -> None:
    """Every heart rate once, with at least a minute."""
    good = facts(wake_hr=((60, 3), (70, 1)))
    assert DayFacts.from_dict(json.loads(json.dumps(good.to_dict()))) == good
    with pytest.raises(ValueError, match="heart rates"):
        facts(wake_hr=counts)


def test_days_before_minutes_were_counted_still_count() -> None:
    """Facts of an older version tell of no minutes, and of all else."""
    text = facts(nap_min=3.0, wake_hr=((60, 3),)).to_dict()
    del text["wake_hr"]
    assert DayFacts.from_dict(text) == facts(nap_min=3.0)


@pytest.mark.parametrize(
    ("day", "hours", "change", "before", "after"),
    [
        (date(2026, 3, 29), 35, datetime(2026, 3, 29, 1, tzinfo=UTC), 60, 120),
        (date(2026, 10, 25), 37, datetime(2026, 10, 25, 1, tzinfo=UTC), 120, 60),
    ],
)
def test_clock_of_a_change(
    day: date, hours: int, change: datetime, before: float, after: float
) -> None:
    """Clock of a change."""
    clock, end = clock_of(day, BERLIN)
    assert end - clock[0][0] == 3600 * hours
    assert [ahead for _, ahead in clock] == [before, after]
    assert clock[1][0] == change.timestamp()


def test_clock_of_half_an_hour() -> None:
    """Clock of half an hour."""
    clock, _ = clock_of(date(2026, 10, 4), ZoneInfo("Australia/Lord_Howe"))
    assert [ahead for _, ahead in clock] == [630.0, 660.0]
    assert clock[1][0] == datetime(2026, 10, 3, 15, 30, tzinfo=UTC).timestamp()


def test_wall_clock_follows_the_change() -> None:
    """Wall clock follows the change."""
    day = date(2026, 3, 29)
    there = facts(day)
    assert there.wall_s(at(day, 1, 59)) - there.midnight_wall_s == 119 * 60
    assert there.wall_s(at(day, 3)) - there.midnight_wall_s == 180 * 60
    assert at(day, 3) - at(day, 1, 59) == 60


def test_zone() -> None:
    """Zone."""
    assert facts().zone() == BERLIN
    clock, end = clock_of(DAY, timezone(timedelta(hours=3)))
    assert DayFacts(DAY, "UTC+03:00", clock, end).zone() == timezone(timedelta(hours=3))
    assert DayFacts(DAY, "No/Where", clock, end).zone() == timezone(timedelta(hours=3))


def test_what_is_given_is_brought_into_form() -> None:
    """What is given is brought into form."""
    night = at(DAY, 1)
    found = facts(
        onset_ts=night + 0.4,
        offset_ts=night + 7200.6,
        tst_min=100.12345678,
        asleep=((night + 600.2, night + 900), (night, night + 600.4), (night + 5000, night + 5000)),
        seen=((night - 1e9, night + 1e9),),
        hourly_hr=tuple([float("nan")] * 23 + [61.234567]),
        values={"rmssd_ms": np.float64(41.123456789)},
    )
    assert (found.onset_ts, found.offset_ts) == (night, night + 7201)
    assert found.tst_min == 100.123457
    assert found.asleep == ((night, night + 900),)
    assert found.seen == ((found.start_ts, found.end_ts),)
    assert found.hourly_hr == (*[None] * 23, 61.2346)
    assert found.values == {"rmssd_ms": 41.123457}


@pytest.mark.parametrize(
    "wrong",
    [
        {"onset_ts": 1.0},
        {"onset_ts": 2.0, "offset_ts": 1.0, "tst_min": 3.0},
        {"onset_ts": float("nan"), "offset_ts": 1.0, "tst_min": 3.0},
        {"onset_ts": 1.0, "offset_ts": 2.0, "tst_min": -3.0},
        {"nap_min": -1.0},
        {"asleep": ((5.0, 4.0),)},
        {"seen": ((float("inf"), 4.0),)},
        {"hourly_hr": (1.0,) * 23},
        {"hourly_activity": (float("inf"),) * 24},
        {"values": {"x": float("nan")}},
    ],
)
def test_what_has_no_form_is_refused(wrong: dict[str, Any]) -> None:
    """What has no form is refused."""
    with pytest.raises(ValueError):
        facts(**wrong)


def test_a_clock_goes_forward() -> None:
    """A clock goes forward."""
    for clock in ((), ((5.0, 0.0),), ((1.0, 0.0), (1.0, 60.0)), ((float("nan"), 0.0),)):
        with pytest.raises(ValueError):
            DayFacts(DAY, "UTC", clock, 5.0)


spans = st.lists(st.tuples(st.integers(0, 130_000), st.integers(0, 30_000)), max_size=20).map(
    lambda found: tuple((float(a), float(a + b)) for a, b in found)
)
hours = st.lists(st.none() | st.floats(0, 200), min_size=24, max_size=24).map(tuple)


@settings(max_examples=60, deadline=None)
@given(spans, spans, hours, st.dictionaries(st.text(max_size=9), st.floats(-1e6, 1e6), max_size=5))
def test_what_was_stored_equals_what_was_found(
    asleep: Any, seen: Any, hourly: Any, values: dict[str, float]
) -> None:
    """What was stored equals what was found."""
    start = facts().start_ts
    found = facts(
        onset_ts=start + 40_000.5,
        offset_ts=start + 70_000,
        tst_min=431.5,
        nap_min=0.0,
        asleep=tuple((start + a, start + b) for a, b in asleep),
        seen=tuple((start + a, start + b) for a, b in seen),
        hourly_hr=hourly,
        values=values,
    )
    text = json.dumps(found.to_dict())
    again = DayFacts.from_dict(json.loads(text))
    assert again == found
    assert json.dumps(again.to_dict()) == text
    for (_, before), (after, _) in zip(found.asleep, found.asleep[1:], strict=False):
        assert before < after


def test_a_day_is_small() -> None:
    """A day is small."""
    start = facts().start_ts
    asleep = tuple((start + 40_000 + 900 * n, start + 40_700 + 900 * n) for n in range(40))
    found = facts(
        asleep=asleep,
        seen=asleep,
        hourly_hr=(61.2345,) * 24,
        hourly_activity=(0.1234,) * 24,
    )
    assert len(json.dumps(found.to_dict())) < 2500


@pytest.mark.parametrize(
    "wrong",
    [
        {"clock": []},
        {"clock": 3},
        {"day": "yesterday"},
        {"asleep": [1]},
        {"asleep": [10, -5]},
        {"sleep": [1, 2]},
        {"values": None},
        {"end": None},
    ],
)
def test_other_text_is_refused(wrong: dict[str, Any]) -> None:
    """Other text is refused."""
    text = facts().to_dict()
    assert DayFacts.from_dict(text) == facts()
    with pytest.raises((ValueError, TypeError)):
        DayFacts.from_dict(text | wrong)
    for key in text.keys() - {"wake_hr"}:
        with pytest.raises(KeyError):
            DayFacts.from_dict({name: value for name, value in text.items() if name != key})


def test_calendar_days() -> None:
    """Calendar days."""
    assert calendar_days(date(2026, 3, 1), 2) == [date(2026, 2, 27), date(2026, 2, 28)]
    assert calendar_days(date(2026, 3, 1), 1, including=True) == [date(2026, 3, 1)]


def test_values_of() -> None:
    """Values of."""
    other = DAY + timedelta(days=1)
    table = {DAY: facts(values={"a": 1.0}), other: facts(other)}
    assert values_of(table, "a") == {DAY: 1.0}
    assert facts().hourly_hr == UNKNOWN_HOURS
