"""Under which hour a day stands, on days of other lengths and after a move."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.statistics_rows import start_of

from .history import BERLIN, TODAY, assert_equal, by_date, day_row, save, settle, tell, unpublished

pytestmark = pytest.mark.full


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns",
        "Asia/Beirut", "America/Santiago", "Pacific/Chatham", "UTC",
    ],
)  # fmt: skip
def test_each_day_has_a_row_of_its_own(zone: str) -> None:
    """At a whole hour within it, also where clocks change at midnight or by half an hour."""
    local = ZoneInfo(zone)
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(730)]
    starts = [start_of(day, local) for day in days]
    assert [datetime.fromtimestamp(at, local).date() for at in starts] == days
    assert {at % 3600 for at in starts} == {0}
    for day, at in zip(days, starts, strict=True):
        assert datetime.fromtimestamp(at - 3600, local).date() < day


@pytest.mark.full
@pytest.mark.parametrize("around", [date(2026, 3, 29), date(2025, 10, 26)], ids=["23h", "25h"])
async def test_days_of_23_and_25_hours(
    kept: MockConfigEntry, home: HomeAssistant, around: date
) -> None:
    """Are shown under their dates like any other."""
    days = [around + timedelta(days=shift) for shift in (-1, 0, 1)]
    await save(kept, *(day_row(day, float(at)) for at, day in enumerate(days)))
    assert list(await by_date(home, kept, BERLIN)) == days


@pytest.mark.full
async def test_a_move_keeps_every_number_under_its_date(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """To the east and to the west, where a day's first hour belongs to another date."""
    days = [TODAY - timedelta(days=back) for back in (4, 3, 2, 1)]
    await save(kept, *(day_row(day, float(at)) for at, day in enumerate(days[:3])))
    before = await by_date(home, kept, BERLIN)
    assert list(before) == days[:3]
    await home.config.async_update(time_zone="Asia/Tokyo")
    await settle(home)
    await save(kept, day_row(days[3], 3.0, zone="Asia/Tokyo"))
    after = await by_date(home, kept, "Asia/Tokyo")
    assert list(after) == days
    assert after.items() >= before.items()
    await assert_equal(home, kept, "Asia/Tokyo")
    await home.config.async_update(time_zone="America/New_York")
    await settle(home)
    assert await by_date(home, kept, "America/New_York") == after
    await assert_equal(home, kept, "America/New_York")


@pytest.mark.full
async def test_a_day_that_has_not_begun_waits(
    kept: MockConfigEntry, home: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """After a move to the west tomorrow may be known already."""
    tomorrow = TODAY + timedelta(days=1)
    await save(kept, day_row(TODAY), day_row(tomorrow))
    assert list(await by_date(home, kept, BERLIN)) == [TODAY]
    assert await unpublished(kept) == [tomorrow]
    freezer.move_to("2026-06-20T22:30:00Z")
    await tell(kept)
    assert list(await by_date(home, kept, BERLIN)) == [TODAY, tomorrow]
