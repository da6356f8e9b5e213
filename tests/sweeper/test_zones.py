"""Days of other lengths, and of other time zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.engine.day_result import DayResult

from ..frames import inners, minute, night
from ..stored_days import made_day, store_days
from .sweeps import BERLIN, THURSDAY, rows


@pytest.mark.full
async def test_later_days_use_the_new_time_zone_and_final_ones_keep_theirs(
    home: HomeAssistant, coordinator: OpenStrapCoordinator, freezer: FrozenDateTimeFactory
) -> None:
    """A person who moves keeps the days as they were lived."""
    await home.config.async_update(time_zone=BERLIN)
    await home.async_block_till_done(wait_background_tasks=True)
    await coordinator.async_ingest(night(THURSDAY))
    freezer.move_to("2026-01-16T12:00:00Z")
    await coordinator.sweeper.async_sweep()
    await home.config.async_update(time_zone="Asia/Tokyo")
    await home.async_block_till_done(wait_background_tasks=True)
    # Late frames of the old days, and those of the next.
    await coordinator.async_ingest(inners(minute(int(night_end(THURSDAY)) + 60)))
    await coordinator.async_ingest(night(date(2026, 1, 16)))
    await coordinator.sweeper.async_sweep()
    found = await rows(coordinator)
    assert found[THURSDAY].timezone == BERLIN
    assert found[THURSDAY].final
    assert found[date(2026, 1, 16)].timezone == "Asia/Tokyo"


async def test_a_move_to_the_west_shows_no_day_that_has_not_begun(
    home: HomeAssistant, coordinator: OpenStrapCoordinator
) -> None:
    """It is Friday in Tokyo already, and still Thursday in Berlin; nothing new came meanwhile."""
    await home.config.async_update(time_zone="Asia/Tokyo")
    await home.async_block_till_done(wait_background_tasks=True)
    friday = THURSDAY + timedelta(days=1)
    days = [made_day(day, zone=ZoneInfo("Asia/Tokyo")) for day in (THURSDAY, friday)]
    await coordinator.worker.async_run(store_days, days)
    for zone, day in (("Asia/Tokyo", friday), (BERLIN, THURSDAY), ("Asia/Tokyo", friday)):
        await home.config.async_update(time_zone=zone)
        await home.async_block_till_done(wait_background_tasks=True)
        state = home.states.get("sensor.ada_recovery")
        assert state is not None
        assert state.attributes["day"] == day.isoformat(), zone


def night_end(day: date) -> float:
    """Tell when the made-up night ends, epoch s."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC).timestamp()


@pytest.mark.full
@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 29), 23),
        (date(2026, 10, 25), 25),
        (date(2026, 7, 1), 24),
    ],
)
async def test_days_have_23_24_or_25_hours(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    day: date,
    hours: int,
) -> None:
    """A band that is worn all day long is worn as long as the day is."""
    zone = ZoneInfo(BERLIN)
    await home.config.async_update(time_zone=BERLIN)
    await home.async_block_till_done(wait_background_tasks=True)
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
    after = day + timedelta(days=1)
    end = int(datetime(after.year, after.month, after.day, tzinfo=zone).timestamp())
    assert end - midnight == hours * 3600
    freezer.move_to(datetime.fromtimestamp(end + 600, UTC))
    for start in range(midnight, end, 3600):
        await coordinator.async_ingest(
            [one for at in range(start, start + 3600, 60) for one in inners(minute(at))]
        )
    await coordinator.sweeper.async_sweep()
    stored = DayResult.from_dict((await rows(coordinator))[day].result)
    assert stored.metrics["worn_min"].value == pytest.approx(hours * 60, abs=1)
