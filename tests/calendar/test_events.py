"""What the calendar says of stored days, and of the night that is planned."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.openstrap.agenda import WORKOUT_WORDS, duration, slices
from custom_components.openstrap.engine.told import WORKOUT_KINDS

from .kept import CALENDAR, DAY, Keep, events, row_of, ts_of, workout

pytestmark = pytest.mark.full


async def test_a_day_with_everything(home: HomeAssistant, keep: Keep) -> None:
    """Night, nap and workout in their order, with what is known of them, in local time."""
    await keep(
        row_of(
            DAY,
            rest=(ts_of("2026-01-14T23:05"), ts_of("2026-01-15T07:01")),
            naps=((ts_of("2026-01-15T13:00"), ts_of("2026-01-15T13:50")),),
            workouts=(workout(ts_of("2026-01-15T10:00"), 75.0),),
            sleep_min=431.6,
            sleep_efficiency=90.6,
            recovery=64.4,
        )
    )
    assert await events(home, "2026-01-14 00:00:00", "2026-01-16 00:00:00") == [
        {
            "start": "2026-01-14T23:05:00+01:00",
            "end": "2026-01-15T07:01:00+01:00",
            "summary": "Slept 7 h 12 min",
            "description": "Efficiency 91 %\nRecovery 64 %",
        },
        {
            "start": "2026-01-15T10:00:00+01:00",
            "end": "2026-01-15T11:15:00+01:00",
            "summary": "Run, strain 8.2",
            "description": "Duration 1 h 15 min\nFound by heart rate",
        },
        {
            "start": "2026-01-15T13:00:00+01:00",
            "end": "2026-01-15T13:50:00+01:00",
            "summary": "Nap",
            "description": "Asleep for 40 min",
        },
    ]


async def test_what_is_not_known_is_not_said(home: HomeAssistant, keep: Keep) -> None:
    """No strain, no recovery, no night, no kind that this version knows."""
    await keep(
        row_of(
            DAY,
            rest=(ts_of("2026-01-14T23:00"), ts_of("2026-01-15T07:00")),
            workouts=(
                workout(ts_of("2026-01-15T10:00"), 30.0, "curling", strain=None, source="told"),
            ),
            final=False,
        ),
        row_of(DAY - timedelta(days=1), sleep_min=400.0),
    )
    found = await events(home, "2026-01-13 00:00:00", "2026-01-16 00:00:00")
    assert [(one["summary"], one["description"]) for one in found] == [
        ("Night", "Not final yet"),
        ("Workout", "Duration 30 min"),
    ]


async def test_only_what_touches_the_range(home: HomeAssistant, keep: Keep) -> None:
    """A night counts for both of its days; ends that meet do not touch."""
    await keep(row_of(DAY, rest=(ts_of("2026-01-14T23:00"), ts_of("2026-01-15T07:00"))))
    for start, end, found in (
        ("2026-01-14 00:00:00", "2026-01-14 23:00:00", 0),
        ("2026-01-14 00:00:00", "2026-01-14 23:00:01", 1),
        ("2026-01-15 06:59:59", "2026-01-15 23:00:00", 1),
        ("2026-01-15 07:00:00", "2026-01-15 23:00:00", 0),
    ):
        assert len(await events(home, start, end)) == found, (start, end)


@pytest.mark.parametrize(
    ("day", "bed", "up", "shown"),
    [
        # The clock leaps from two to three, and goes back from three to two.
        ("2026-03-29", "2026-03-28T22:00Z", "2026-03-29T05:00Z", ("23:00:00+01", "07:00:00+02")),
        ("2026-10-25", "2026-10-24T21:00Z", "2026-10-25T06:00Z", ("23:00:00+02", "07:00:00+01")),
    ],
)
async def test_nights_in_which_the_clocks_change(  # noqa: PLR0917  a night, and what is shown of it
    home: HomeAssistant,
    keep: Keep,
    freezer: FrozenDateTimeFactory,
    day: str,
    bed: str,
    up: str,
    shown: tuple[str, str],
) -> None:
    """Each end has the offset of its own moment."""
    freezer.move_to(f"{day}T15:00:00Z")
    rest = (datetime.fromisoformat(bed).timestamp(), datetime.fromisoformat(up).timestamp())
    await keep(row_of(date.fromisoformat(day), rest=rest))
    [found] = await events(home, f"{day} 00:00:00", f"{day} 23:59:00")
    assert found["start"].endswith(f"T{shown[0]}:00")
    assert found["end"].endswith(f"T{shown[1]}:00")
    assert datetime.fromisoformat(found["end"]).timestamp() == rest[1]


async def test_a_night_that_was_lived_elsewhere(home: HomeAssistant, keep: Keep) -> None:
    """In Auckland the day was another one; here it stands at the hours it had here."""
    auckland = ZoneInfo("Pacific/Auckland")
    rest = (ts_of("2026-01-14T23:00", auckland), ts_of("2026-01-15T07:00", auckland))
    await keep(row_of(DAY, "Pacific/Auckland", rest=rest))
    [found] = await events(home, "2026-01-14 00:00:00", "2026-01-15 00:00:00")
    assert (found["start"], found["end"]) == (
        "2026-01-14T11:00:00+01:00",
        "2026-01-14T19:00:00+01:00",
    )


async def test_the_planned_night(
    home: HomeAssistant, keep: Keep, freezer: FrozenDateTimeFactory
) -> None:
    """It is what comes next, then what is on, and then it is gone."""
    bed, wake = ts_of("2026-01-15T22:30"), ts_of("2026-01-16T07:00")
    assert home.states.get(CALENDAR).state == "off"  # type: ignore[union-attr]
    await keep(row_of(DAY, planned=(bed + 0.25, wake - 0.25)))
    state = home.states.get(CALENDAR)
    assert state is not None
    assert state.state == "off"
    assert state.attributes["message"] == "Planned sleep"
    assert state.attributes["description"] == "In bed for 8 h 0 min of sleep"
    assert state.attributes["start_time"] == "2026-01-15 22:30:00"
    assert state.attributes["end_time"] == "2026-01-16 07:00:00"
    [found] = await events(home, "2026-01-15 00:00:00", "2026-01-17 00:00:00")
    assert found["summary"] == "Planned sleep"
    assert (found["start"], found["end"]) == (
        "2026-01-15T22:30:00+01:00",
        "2026-01-16T07:00:00+01:00",
    )
    assert await events(home, "2026-01-16 12:00:00", "2026-01-17 00:00:00") == []
    for ts, shown in ((bed + 1, "on"), (wake + 1, "off")):
        freezer.move_to(dt_util.utc_from_timestamp(ts))
        async_fire_time_changed(home)
        await home.async_block_till_done()
        assert home.states.get(CALENDAR).state == shown  # type: ignore[union-attr]
    assert "message" not in home.states.get(CALENDAR).attributes  # type: ignore[union-attr]
    assert await events(home, "2026-01-15 00:00:00", "2026-01-17 00:00:00") == []


def test_days_of_a_range() -> None:
    """With room for nights that end later and days that were lived elsewhere."""
    start, end = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 6, tzinfo=UTC)
    assert list(slices(start, end, DAY)) == [(date(2026, 1, 3), date(2026, 1, 9))]
    later = datetime(2026, 3, 1, tzinfo=UTC)
    assert list(slices(later, later, DAY)) == []


def test_words() -> None:
    """Every kind of workout has one; durations are rounded to minutes."""
    assert set(WORKOUT_WORDS) == set(WORKOUT_KINDS)
    assert [duration(minutes) for minutes in (0.4, 59.4, 59.6, 431.6)] == [
        "0 min",
        "59 min",
        "1 h 0 min",
        "7 h 12 min",
    ]
