"""Rows of days, nights and sleeps, over real HTTP."""

from datetime import date, timedelta
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.answers.kept import Kept

from ..stored_days import local, made_day, made_days, values_of
from .both_sides import TODAY
from .reads import YESTERDAY, Get, Keep

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("noon")]


async def test_rows_are_newest_first_and_few(get: Get, keep: Keep) -> None:
    """120 of days and nights; both ends of a range are in it; days not worn have no row."""
    await keep(made_days(TODAY, 130))
    for path in ("/strain", "/sleep"):
        rows = await get(path)
        dates = [row["date"] for row in rows]
        assert len(dates) == 120 and dates == sorted(dates, reverse=True)
        assert dates[0] == TODAY.isoformat()
        some = await get(path, from_="2026-06-01", to="2026-06-03")
        assert [row["date"] for row in some] == ["2026-06-03", "2026-06-02", "2026-06-01"]
        assert await get(path, from_="2026-06-03", to="2026-06-01") == []
        assert len(await get(path, from_="0001-01-01", to="9999-12-31")) == 120
    periods = await get("/sleep/v2")
    assert sum(day["period_count"] for day in periods["days"]) == 260
    assert [one["is_main"] for one in periods["days"][0]["periods"]] == [True, False]
    # A day whose band lay on the table, and one with neither night nor nap.
    off = made_day(TODAY, values_of(TODAY) | {"worn_min": 0.0}, night=False)
    details = {**off.details, "naps": []}
    await keep([type(off)(off.day, off.timezone, off.algorithm, off.metrics, off.facts, details)])
    for path in ("/strain", "/sleep"):
        assert (await get(path))[0]["date"] == YESTERDAY.isoformat()
    assert (await get("/sleep/v2"))["days"][0]["date"] == YESTERDAY.isoformat()
    assert (await get("/trends"))["daily"][-1]["date"] == YESTERDAY.isoformat()
    history = await get("/history", range="7d")
    assert len(history["calendar"]) == history["worn_days"] == 6


async def test_four_hundred_periods(get: Get, keep: Keep) -> None:
    """Whole days of them."""
    await keep(made_days(TODAY, 230))
    periods = await get("/sleep/v2")
    assert sum(day["period_count"] for day in periods["days"]) == 400


async def test_rows_follow_what_is_stored(get: Get, keep: Keep) -> None:
    """What was kept in memory of a day is let go when the day is another."""
    await keep([made_day(TODAY)])
    assert (await get("/strain"))[0]["steps"] == values_of(TODAY)["steps"]
    await keep([made_day(TODAY, values_of(TODAY) | {"steps": 12345.0})])
    assert (await get("/strain"))[0]["steps"] == 12345.0
    assert (await get("/trend/steps"))["buckets"][-1]["value"] == 12345.0
    assert (await get("/history"))["metrics"]["steps"]["latest"] == 12345.0


async def test_a_whole_row(get: Get, keep: Keep) -> None:
    """Plain values, JSON text, and flags that say how sure they are."""
    await keep([made_day(TODAY, values_of(TODAY) | {"nocturnal_dip_percent": 12.0})])
    [row] = await get("/strain")
    values = values_of(TODAY)
    assert (row["strain"], row["hrv_rmssd"], row["hrv_conf"]) == (
        values["strain"], values["rmssd_ms"], 0.8,
    )  # fmt: skip
    assert row["nocturnal_dip_pct"] == 0.12
    assert row["hr_zones"] is None and row["calories"] is None
    assert row["flags"]["strain"] == {"c": 0.8, "tier": "ESTIMATE", "label": "Strain"}
    assert row["flags"]["calories"]["c"] == 0
    assert json.loads(row["strain_curve"])[-1] == {"t": int(local(TODAY, 0)) + 86340, "v": 8.5}
    assert json.loads(row["anomaly"])["signal"] is False
    assert (row["imported"], row["final"]) == (False, True)
    assert row["hr_min"] < row["hr_avg"]


async def test_what_is_kept_has_an_end(loaded: MockConfigEntry, keep: Keep) -> None:
    """The oldest looked at goes first, and a part stops where it has unpacked enough."""
    await keep(made_days(TODAY, 8))
    made: list[date] = []

    def note(row: Any) -> str:
        made.append(row.day)
        return str(row.day)

    kept = Kept(note, 4)
    run = loaded.runtime_data.worker.async_run
    part, more = await run(kept.part, date.min, TODAY, fresh=3)
    assert [day for day, _ in part] == [TODAY - timedelta(days=back) for back in range(3)]
    assert more == TODAY - timedelta(days=3)
    assert await kept.async_newest(run, date.min, TODAY, 2) == [
        TODAY.isoformat(), YESTERDAY.isoformat(),
    ]  # fmt: skip
    assert len(made) == 3
    assert list(await run(kept.read, date.min, TODAY)) == [day.day for day in made_days(TODAY, 8)]
    assert len(made) == 8
    await run(kept.read, TODAY, TODAY)
    assert len(made) == 9
