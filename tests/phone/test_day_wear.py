"""The page of the hours in which the band was worn, over real HTTP."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..stored_days import local, made_day
from .clients import Client
from .day_pages import DAY, get, keep, off

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon", "berlin")]


async def test_a_band_that_lay_on_the_table_is_no_data(
    phone: Client, loaded: MockConfigEntry
) -> None:
    """Records came, but nobody wore it."""
    day = made_day(DAY, {"worn_min": 0.0}, night=False)
    off(day, 0.0, local(DAY, 0) + 86400)
    await keep(loaded, day)
    page = await get(phone, f"day/wear?date={DAY}")
    assert (page["has_data"], page["worn_min"], page["hourly"]) == (False, 0, [])


@pytest.mark.parametrize(
    ("zone", "day", "length", "hours"),
    [
        ("Europe/Berlin", date(2025, 10, 26), 1500, {2: 120}),
        ("Europe/Berlin", date(2025, 3, 30), 1380, {2: 0}),
        ("Australia/Lord_Howe", date(2025, 4, 6), 1470, {1: 90}),
        ("Australia/Lord_Howe", date(2025, 10, 5), 1410, {2: 30}),
        ("Europe/Berlin", DAY, 1440, {}),
    ],
)
async def test_wear_goes_by_the_length_of_the_local_day(  # noqa: PLR0917  one table
    phone: Client,
    loaded: MockConfigEntry,
    zone: str,
    day: date,
    length: int,
    hours: dict[int, int],
) -> None:
    """An hour that comes twice holds both, one that is skipped holds none."""
    tz = ZoneInfo(zone)
    await keep(loaded, made_day(day, {"worn_min": length / 2}, zone=tz))
    page = await get(phone, f"day/wear?date={day}")
    assert page["day_min"] == length
    assert page["coverage_pct"] == 50.0
    assert page["hourly"] == [hours.get(hour, 60) for hour in range(24)]
    assert sum(page["hourly"]) == length
    assert page["first_on"] == local(day, 0, zone=tz)
    assert page["last_on"] - page["first_on"] == 60 * length
    assert (page["segments"], page["longest_off_min"]) == (1, 0)
    timeline = await get(phone, f"day/timeline?date={day}")
    assert timeline["day_end"] - timeline["day_start"] == 60 * length
    assert timeline["day_start"] == local(day, 0, zone=tz)
    charted = await get(
        phone, f"chart?from={timeline['day_start']}&to={timeline['day_end']}&metric=activity"
    )
    assert charted["points"][0]["ts"] == timeline["day_start"]
    assert charted["unit"] == "g"
    assert len(charted["points"]) <= 500


async def test_wear_knows_when_the_band_was_off(phone: Client, loaded: MockConfigEntry) -> None:
    """Two times off the wrist, and the end of the day; a hole of a minute is none."""
    day = made_day(DAY, {"worn_min": 1200.0})
    for first, last in ((6, 7), (12, 14), (22, 24)):
        off(day, local(DAY, first), local(DAY, 0) + 3600 * last)
    off(day, local(DAY, 16), local(DAY, 16, 1))
    await keep(loaded, day)
    page = await get(phone, f"day/wear?date={DAY}")
    assert page["segments"] == 3
    assert page["longest_off_min"] == 120
    assert page["last_on"] == local(DAY, 22)
    assert page["hourly"][6:8] == [0, 60]
    assert page["hourly"][16] == 59


async def test_wear_of_today_counts_what_has_passed(phone: Client, loaded: MockConfigEntry) -> None:
    """Sixteen hours have passed, of which twelve were worn; the rest has not come yet."""
    on = DAY + timedelta(days=1)
    day = made_day(on, {"worn_min": 720.0})
    off(day, local(on, 12), local(on, 0) + 86400)
    await keep(loaded, day, final=False)
    page = await get(phone, f"day/wear?date={on}")
    assert page["coverage_pct"] == 75.0
    assert page["longest_off_min"] == 0
    assert page["last_on"] == local(on, 12)
