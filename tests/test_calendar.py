"""The calendar of a wearer: what was, when it was, and what is planned."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap.agenda import SLICE, WORKOUT_WORDS, duration, slices
from custom_components.openstrap.const import PUBLISH_SECONDS
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import ALGORITHM_VERSION
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.told import WORKOUT_KINDS
from custom_components.openstrap.store import DayRow, StoreError, WearerStore

from .frames import night

pytestmark = pytest.mark.full

CALENDAR = "calendar.ada_calendar"
DAY = date(2026, 1, 15)
BERLIN = ZoneInfo("Europe/Berlin")


def ts_of(text: str, zone: ZoneInfo = BERLIN) -> float:
    """Epoch seconds of a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def row_of(
    day: date,
    zone: str = "Europe/Berlin",
    *,
    rest: tuple[float, float] | None = None,
    naps: tuple[tuple[float, float], ...] = (),
    workouts: tuple[dict[str, Any], ...] = (),
    planned: tuple[float, float] | None = None,
    final: bool = True,
    **values: float,
) -> DayRow:
    """Make the stored result of a day with some of its numbers."""
    if rest is not None:
        values |= {"rest_onset": rest[0], "rest_offset": rest[1]}
    metrics = {
        key: spec.measured(values[key], 0.8, ()) if key in values else spec.absent("no_sleep")
        for key, spec in CATALOG.items()
    }
    windows = [
        {"goal": goal, "bed_ts": bed, "wake_ts": wake, "sleep_min": 480.0}
        for goal, bed, wake in (
            () if planned is None else (("all", *planned), ("most", planned[0] + 3600, planned[1]))
        )
    ]
    details = {
        "naps": [[start, end, end - start - 600, 0.7] for start, end in naps],
        "trends": {"workouts": list(workouts), "coach": {"sleep": {"windows": windows}}},
    }
    result = DayResult(day, zone, ALGORITHM_VERSION, metrics, details=details)
    return DayRow(day, zone, ALGORITHM_VERSION, final, 1000, result.to_dict())


def workout(start: float, minutes: float, kind: str = "run", **changes: Any) -> dict[str, Any]:
    """Make a workout as results list it."""
    return {
        "id": None,
        "start_ts": start,
        "end_ts": start + 60 * minutes,
        "kind": kind,
        "source": "detected",
        "duration_min": minutes,
        "strain": 8.25,
    } | changes


@pytest.fixture(autouse=True)
async def afternoon(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Live in Berlin, on the day after the night that is used."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to("2026-01-15T15:00:00Z")


@pytest.fixture
def keep(loaded: MockConfigEntry) -> Callable[..., Coroutine[Any, Any, None]]:
    """Give what stores results and shows them."""

    async def keep(*rows: DayRow) -> None:
        coordinator = loaded.runtime_data
        for row in rows:
            assert await coordinator.worker.async_run(WearerStore.save_day, row)
        await coordinator.async_load()
        await coordinator.hass.async_block_till_done()

    return keep


type Keep = Callable[..., Coroutine[Any, Any, None]]


async def events(home: HomeAssistant, start: str, end: str) -> list[dict[str, Any]]:
    """Ask as an automation does."""
    answer = await home.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": CALENDAR, "start_date_time": start, "end_date_time": end},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    found: Any = answer[CALENDAR]
    listed: list[dict[str, Any]] = found["events"]
    return listed


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
                workout(
                    ts_of("2026-01-15T10:00"), 30.0, "curling", strain=None, source="told", id="a"
                ),
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


async def test_a_corrected_day_is_told_as_it_is_now(home: HomeAssistant, keep: Keep) -> None:
    """Late records moved a night nine days ago, and took a nap away."""
    day = DAY - timedelta(days=9)
    first = row_of(
        day,
        rest=(ts_of("2026-01-05T23:00"), ts_of("2026-01-06T05:00")),
        naps=((ts_of("2026-01-06T05:30"), ts_of("2026-01-06T06:30")),),
        sleep_min=350.0,
    )
    span = "2026-01-05 12:00:00", "2026-01-06 12:00:00"
    await keep(first)
    assert len(await events(home, *span)) == 2
    await keep(
        replace(
            row_of(
                day,
                rest=(ts_of("2026-01-05T23:00"), ts_of("2026-01-06T06:30")),
                sleep_min=430.0,
            ),
            records=2000,
        )
    )
    [found] = await events(home, *span)
    assert (found["summary"], found["end"]) == ("Slept 7 h 10 min", "2026-01-06T06:30:00+01:00")


async def test_a_result_that_makes_no_sense_is_left_out(home: HomeAssistant, keep: Keep) -> None:
    """The others are there."""
    good = row_of(DAY, rest=(ts_of("2026-01-14T23:00"), ts_of("2026-01-15T07:00")))
    bad = replace(good, day=DAY - timedelta(days=1), result={"day": "2026-01-14"})
    await keep(bad, good)
    assert len(await events(home, "2026-01-12 00:00:00", "2026-01-16 00:00:00")) == 1


async def test_the_planned_night(
    home: HomeAssistant, keep: Keep, freezer: FrozenDateTimeFactory
) -> None:
    """It is what comes next, then what is on, and then it is gone."""
    bed, wake = ts_of("2026-01-15T22:30"), ts_of("2026-01-16T07:00")
    assert home.states.get(CALENDAR).state == "off"  # type: ignore[union-attr]
    await keep(row_of(DAY, planned=(bed, wake)))
    state = home.states.get(CALENDAR)
    assert state is not None
    assert state.state == "off"
    assert state.attributes["message"] == "Planned sleep"
    assert state.attributes["description"] == "In bed for 8 h 0 min of sleep"
    assert state.attributes["start_time"] == "2026-01-15 22:30:00"
    assert state.attributes["end_time"] == "2026-01-16 07:00:00"
    [found] = await events(home, "2026-01-15 00:00:00", "2026-01-17 00:00:00")
    assert found["summary"] == "Planned sleep"
    assert await events(home, "2026-01-16 12:00:00", "2026-01-17 00:00:00") == []
    for ts, shown in ((bed + 1, "on"), (wake + 1, "off")):
        freezer.move_to(dt_util.utc_from_timestamp(ts))
        async_fire_time_changed(home)
        await home.async_block_till_done()
        assert home.states.get(CALENDAR).state == shown  # type: ignore[union-attr]
    assert "message" not in home.states.get(CALENDAR).attributes  # type: ignore[union-attr]
    assert await events(home, "2026-01-15 00:00:00", "2026-01-17 00:00:00") == []


async def test_the_view_of_the_page(
    home: HomeAssistant, keep: Keep, hass_client: Callable[..., Coroutine[Any, Any, Any]]
) -> None:
    """The calendar page asks over HTTP, and things are known by the same id when they change."""
    rest = (ts_of("2026-01-14T23:00"), ts_of("2026-01-15T07:00"))
    await keep(row_of(DAY, rest=rest, workouts=(workout(ts_of("2026-01-15T10:00"), 30.0),)))
    client = await hass_client()
    answer = await client.get("/api/calendars")
    assert [one["entity_id"] for one in await answer.json()] == [CALENDAR]
    answer = await client.get(
        f"/api/calendars/{CALENDAR}?start=2026-01-14T00:00:00Z&end=2026-01-16T00:00:00Z"
    )
    assert answer.status == 200
    found = await answer.json()
    assert found[0]["start"] == {"dateTime": "2026-01-14T23:00:00+01:00"}
    assert [one["uid"] for one in found] == [
        "2026-01-15/night",
        f"2026-01-15/workout/{ts_of('2026-01-15T10:00'):.0f}",
    ]


async def test_years_are_read_in_short_jobs(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """However long the range, no job holds the worker, and time without records costs nothing."""
    spans: list[tuple[date, date]] = []

    def note(_store: WearerStore, first: date, last: date) -> list[DayRow]:
        spans.append((first, last))
        return []

    with patch.object(WearerStore, "days", note):
        assert await events(home, "0001-01-01 00:00:00", "9999-12-30 00:00:00") == []
    assert spans[0][0] == date(2014, 12, 31)
    assert spans[-1][1] == DAY + timedelta(days=1)
    assert all(last - first < SLICE for first, last in spans)
    assert all(later[0] - earlier[1] == timedelta(days=1) for earlier, later in pairwise(spans))


def test_days_of_a_range() -> None:
    """With room for nights that end later and days that were lived elsewhere."""
    start, end = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 6, tzinfo=UTC)
    assert list(slices(start, end, DAY)) == [(date(2026, 1, 3), date(2026, 1, 9))]
    later = datetime(2026, 3, 1, tzinfo=UTC)
    assert list(slices(later, later, DAY)) == []


async def test_a_file_that_cannot_be_read(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Said as such, in words."""
    with (
        patch.object(WearerStore, "days", side_effect=StoreError("io_error")),
        pytest.raises(HomeAssistantError, match="io_error") as refused,
    ):
        await events(home, "2026-01-14 00:00:00", "2026-01-16 00:00:00")
    assert refused.value.translation_key == "store_failed"
    await loaded.runtime_data.worker.async_close()
    with pytest.raises(HomeAssistantError) as refused:
        await events(home, "2026-01-14 00:00:00", "2026-01-16 00:00:00")
    assert refused.value.translation_key == "wearer_not_ready"


async def test_a_reading_writes_no_state(
    home: HomeAssistant, loaded: MockConfigEntry, keep: Keep, freezer: FrozenDateTimeFactory
) -> None:
    """Listeners would read all days again, every few seconds."""
    before = home.states.get(CALENDAR)
    assert before is not None
    coordinator = loaded.runtime_data
    freezer.tick(2 * PUBLISH_SECONDS)
    await coordinator.async_ingest(night(DAY)[:60])
    await home.async_block_till_done()
    assert coordinator.data.latest.record_ts is not None
    after = home.states.get(CALENDAR)
    assert after is not None
    assert after.last_reported == before.last_reported
    await keep(row_of(DAY, planned=(ts_of("2026-01-15T22:30"), ts_of("2026-01-16T07:00"))))
    assert home.states.get(CALENDAR).last_reported > before.last_reported  # type: ignore[union-attr]


@pytest.mark.full
async def test_a_workout_that_is_told_and_deleted(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """From the wearer's word through the analysis to the calendar, and out of it again."""
    await home.config.async_set_time_zone("UTC")
    coordinator = loaded.runtime_data
    run, sweep = coordinator.worker.async_run, coordinator.sweeper.async_sweep
    now, start = dt_util.utcnow().timestamp(), ts_of("2026-01-15T08:00", ZoneInfo("UTC"))
    await coordinator.async_ingest(night(DAY))
    await run(
        WearerStore.save_workout,
        "a",
        (start, start + 1800.0),
        "yoga",
        replaces=None,
        now=now,
        tz=UTC,
    )
    await sweep()
    span = "2026-01-14 00:00:00", "2026-01-16 00:00:00"
    slept, told = await events(home, *span)
    assert slept["summary"].startswith("Slept ")
    assert slept["start"].startswith("2026-01-14T2")
    assert told["summary"].startswith("Yoga")
    assert told["description"] == "Duration 30 min"
    assert told["start"] == "2026-01-15T08:00:00+00:00"
    assert await run(WearerStore.delete_workout, "a", UTC)
    await sweep()
    assert [one["summary"] for one in await events(home, *span)] == [slept["summary"]]


def test_words() -> None:
    """Every kind of workout has one; durations are rounded to minutes."""
    assert set(WORKOUT_WORDS) == set(WORKOUT_KINDS)
    assert [duration(minutes) for minutes in (0.4, 59.4, 59.6, 431.6)] == [
        "0 min",
        "59 min",
        "1 h 0 min",
        "7 h 12 min",
    ]
