"""The chart, over real HTTP."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..frames import hexed, minute
from ..stored_days import local, made_day
from .clients import BASE, Client
from .day_pages import DAY, NOW_TS, get, keep, off, refused, spike

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon", "berlin")]


async def test_today_is_told_from_what_came_before_it_is_derived(
    phone: Client, loaded: MockConfigEntry
) -> None:
    """A heart rate of ten minutes ago is in the line, though nothing was worked out yet."""
    records = hexed(minute(NOW_TS - 600))
    await phone.post(f"{BASE}/ingest/batch", json={"device_id": "4A0123456", "records": records})
    page = await get(phone, "day/heart?date=2026-01-15")
    assert page["has_data"]
    assert [point["t"] for point in page["hr"]] == [NOW_TS - 600, NOW_TS - 540][: len(page["hr"])]
    assert page["resting_hr"] is None
    charted = await get(phone, "chart?metric=hr")
    assert [point["ts"] for point in charted["points"]] == [point["t"] for point in page["hr"]]
    assert (charted["from"], charted["to"]) == (NOW_TS - 86400, NOW_TS)


async def test_a_chart_of_a_long_time_keeps_peaks(phone: Client, loaded: MockConfigEntry) -> None:
    """The lowest and highest of 250 slices, also across the parts that are read."""
    days = [made_day(DAY - timedelta(days=back)) for back in range(20)]
    off(days[9], local(days[9].day, 0), local(days[9].day, 0) + 86400)
    spike(days[3], local(days[3].day, 9), 190.0)
    await keep(loaded, *days)
    start, end = local(days[-1].day, 0), local(DAY, 0) + 86400
    page = await get(phone, f"chart?from={start}&to={end}")
    points = page["points"]
    assert 400 < len(points) <= 500
    assert {"ts": local(days[3].day, 9), "v": 190} in points
    assert [point["ts"] for point in points] == sorted({point["ts"] for point in points})
    hole = local(days[9].day, 0)
    assert not [one for one in points if hole <= one["ts"] < hole + 86400]
    assert page["unit"] == "bpm"
    steps = await get(phone, f"chart?metric=steps&from={start}&to={end}")
    assert steps["points"] == []


NONSENSE = {
    "metric=hrv": "hr, activity, steps",
    "from=abc": "from",
    "to=nan": "to",
    "to=inf": "to",
    "from=-1": "from",
    "to=1e30": "to",
    f"from={NOW_TS}": "before",
    f"from={NOW_TS}&to={NOW_TS - 5}": "before",
    f"from={NOW_TS - 401 * 86400}": "400",
}
"""What is asked, and what the refusal speaks of."""


async def test_a_chart_of_what_makes_no_sense_is_refused(phone: Client) -> None:
    """With what would be right."""
    for query, said in NONSENSE.items():
        assert said in (await refused(phone, f"chart?{query}"))["reason"], query
    longest = await get(phone, f"chart?from={NOW_TS - 400 * 86400}")
    assert longest["points"] == []
