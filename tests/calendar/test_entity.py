"""The calendar in Home Assistant: how it follows what changes, and what it costs."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, date, timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.agenda import SLICE
from custom_components.openstrap.const import PUBLISH_SECONDS
from custom_components.openstrap.store import DayRow, StoreError, WearerStore

from ..frames import night
from .kept import CALENDAR, DAY, Keep, events, row_of, ts_of, workout

pytestmark = pytest.mark.full


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
        f"workout/detected/{ts_of('2026-01-15T10:00'):.0f}/{ts_of('2026-01-15T10:30'):.0f}",
    ]


async def test_a_deleted_workout_is_gone_before_its_day_is_derived(
    home: HomeAssistant, loaded: MockConfigEntry, keep: Keep
) -> None:
    """Also one of a day without frames, which is never derived: an imported one."""
    start = ts_of("2026-01-15T10:00")
    await keep(row_of(DAY, workouts=(workout(start, 30.0),)))
    span = "2026-01-15 00:00:00", "2026-01-16 00:00:00"
    assert len(await events(home, *span)) == 1
    await loaded.runtime_data.worker.async_run(
        WearerStore.delete_detected, (start, start + 1800.0), dt_util.get_default_time_zone()
    )
    assert await events(home, *span) == []


async def test_years_are_read_in_short_jobs(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """However long the range, no job holds the worker, and time without records costs nothing."""
    spans: list[tuple[date, date]] = []

    def note(_store: WearerStore, first: date, last: date) -> list[DayRow]:
        spans.append((first, last))
        return []

    with patch.object(WearerStore, "each_day", note):
        assert await events(home, "0001-01-01 00:00:00", "9999-12-30 00:00:00") == []
    assert spans[0][0] == date(2014, 12, 31)
    assert spans[-1][1] == DAY + timedelta(days=1)
    assert all(last - first < SLICE for first, last in spans)
    assert all(later[0] - earlier[1] == timedelta(days=1) for earlier, later in pairwise(spans))


async def test_a_file_that_cannot_be_read(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Said as such, in words."""
    with (
        patch.object(WearerStore, "each_day", side_effect=StoreError("io_error")),
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
