"""The journal, over real HTTP and through Home Assistant's actions."""

import asyncio
from datetime import date, timedelta
from http import HTTPStatus
import math
from typing import Any

import pytest

from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.store import WearerStore

from ..stored_days import made_day, store_days, values_of
from .both_sides import TODAY, BothSides

pytestmark = pytest.mark.full


async def entries(sides: BothSides) -> list[dict[str, Any]]:
    """Read the journal as Home Assistant tells it."""
    found: list[dict[str, Any]] = (await sides.ask("get_journal"))["entries"]
    return found


async def test_what_the_phone_writes_home_assistant_knows(sides: BothSides) -> None:
    """Tags are trimmed, in small letters, each once; the entry replaces the one before."""
    body = {"date": "2026-06-10", "tags": [" Sauna ", "sauna", "late meal", ""], "note": " hot "}
    assert await sides.post("journal", body) == {
        "ok": True,
        "date": "2026-06-10",
        "tags": ["late meal", "sauna"],
        "note": "hot",
    }
    [entry] = await entries(sides)
    assert (entry["day"], entry["tags"], entry["note"]) == (
        "2026-06-10",
        ["late meal", "sauna"],
        "hot",
    )
    await sides.post("journal", {"date": "2026-06-10", "tags": ["travel"]})
    [entry] = await entries(sides)
    assert (entry["tags"], entry["note"]) == (["travel"], "")


async def test_what_home_assistant_writes_the_phone_shows(sides: BothSides) -> None:
    """Newest first, as far back as was asked; numbers alone are nothing that the phone shows."""
    await sides.ask("log_journal", date="2026-06-08", tags=["alcohol"], numbers={"weight": 70})
    await sides.ask("log_journal", date="2026-06-10", note="tired")
    await sides.ask("log_journal", date="2026-06-09", numbers={"mood": 4})
    await sides.ask("log_journal", date="2026-05-12", tags=["travel"])
    await sides.ask("log_journal", date="2026-05-11", tags=["sick"])
    rows = await sides.get("journal")
    assert [row["date"] for row in rows] == ["2026-06-10", "2026-06-08", "2026-05-12"]
    assert rows[1] == {
        "date": "2026-06-08",
        "tags": ["alcohol"],
        "note": "",
        "numbers": {"weight": 70.0},
    }
    assert len(await sides.get("journal", range="31d")) == 4
    assert [row["date"] for row in await sides.get("journal", range="1d")] == ["2026-06-10"]


async def test_an_empty_entry_is_deleted_and_numbers_stay(sides: BothSides) -> None:
    """The phone does not know the numbers, so it cannot mean them."""
    await sides.ask("log_journal", date="2026-06-09", tags=["sick"], numbers={"weight": 70.5})
    gone = await sides.post("journal", {"date": "2026-06-09", "tags": "none", "note": "  "})
    assert gone == {"ok": True, "deleted": True}
    assert await sides.get("journal") == []
    [entry] = await entries(sides)
    assert (entry["tags"], entry["numbers"]) == ([], {"weight": 70.5})
    await sides.post("journal", {"date": "2026-06-10", "tags": ["sick"]})
    await sides.post("journal", {"date": "2026-06-10", "tags": [], "note": None})
    assert len(await entries(sides)) == 1


async def test_limits(sides: BothSides) -> None:
    """24 tags, a thousand letters, and a phone may be a day ahead."""
    body = {"date": "2026-06-11", "tags": [f"tag {at:02}" for at in range(30)], "note": "x" * 1200}
    kept = await sides.post("journal", body)
    assert (len(kept["tags"]), len(kept["note"])) == (24, 1000)
    assert [row["date"] for row in await sides.get("journal")] == ["2026-06-11"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"date": None},
        {"date": 20260610},
        {"date": "2026-13-45"},
        {"date": "2026-W24-3"},
        {"date": "20260610"},
        {"date": "2026-06-10T00:00"},
        {"date": "2026-06-12"},
        {"date": "2026-06-10", "tags": [1]},
        {"date": "2026-06-10", "note": 5},
        [],
    ],
)
async def test_a_bad_entry_is_refused(sides: BothSides, body: object) -> None:
    """And nothing is written."""
    assert await sides.refused("POST", "journal", body) == HTTPStatus.BAD_REQUEST
    assert await entries(sides) == []


@pytest.mark.parametrize("asked", ["", "0d", "-1d", "week", "30", "99999d", "٣d"])
async def test_a_bad_range_is_refused(sides: BothSides, asked: str) -> None:
    """Of both lists."""
    assert await sides.refused("GET", "journal", range=asked) == HTTPStatus.BAD_REQUEST
    assert await sides.refused("GET", "journal/insights", range=asked) == HTTPStatus.BAD_REQUEST


async def test_many_write_at_once(sides: BothSides) -> None:
    """Two phones and Home Assistant: every day and every number is there afterwards."""
    days = [(TODAY - timedelta(days=back)).isoformat() for back in range(10)]
    await asyncio.gather(
        *(sides.post("journal", {"date": day, "tags": ["sauna"]}) for day in days),
        *(sides.post("journal", {"date": day, "tags": ["sauna"], "note": "x"}) for day in days),
        *(sides.ask("log_journal", date=day, numbers={"mood": 3}) for day in days),
    )
    found = await entries(sides)
    assert [one["day"] for one in found] == days
    assert all(one["tags"] == ["sauna"] and one["numbers"] == {"mood": 3.0} for one in found)


async def test_insights_of_nothing(sides: BothSides) -> None:
    """Too few entries say nothing, and why."""
    found = await sides.get("journal/insights")
    assert (found["range"], found["insights"]) == ("90d", [])
    assert found["note"].startswith("need_input:name=journal_days")


def habits(store: WearerStore, first: date, days: int) -> None:
    """Keep days of which every third is followed by a poor night, and an entry of most."""
    results = []
    for at in range(days):
        day = first + timedelta(days=at)
        after = (at - 1) % 3 == 0
        noise = 2.0 * math.sin(at * 1.7)
        values = values_of(day) | {
            "recovery": (45.0 if after else 70.0) + noise,
            "sleep_efficiency": (80.0 if after else 92.0) + noise / 4.0,
        }
        results.append(made_day(day, values))
        # Every tenth day has no entry: it is not a day without.
        if at % 10 != 9:
            tags = frozenset({"alcohol"} if at % 3 == 0 else {"workout"} if at % 5 == 0 else ())
            store.write_journal(day, JournalDay(tags, {"mood": 3 + at % 2}, "x"))
    store_days(store, results)


@pytest.mark.full
async def test_insights(sides: BothSides) -> None:
    """What goes along with a tag beyond chance, in the phone's units, the largest first."""
    first = TODAY - timedelta(days=89)
    await sides.run(habits, first, 90)
    found = await sides.get("journal/insights")
    assert found["note"] is None
    assert (found["entries"], found["range"]) == (81, "90d")
    [alcohol] = found["insights"]
    assert (alcohol["tag"], alcohol["days"]) == ("alcohol", 27)
    by_metric = {effect["metric"]: effect for effect in alcohol["effects"]}
    recovery, efficiency = by_metric["recovery"], by_metric["efficiency"]
    assert recovery["with_avg"] == pytest.approx(45, abs=2)
    assert recovery["without_avg"] == pytest.approx(70, abs=2)
    assert recovery["delta"] == pytest.approx(recovery["with_avg"] - recovery["without_avg"])
    assert recovery["delta_pct"] == pytest.approx(-36, abs=4)
    assert (recovery["better"], recovery["lag_days"], recovery["label"]) == (False, 1, "Recovery")
    assert recovery["n_with"] + recovery["n_without"] <= 81
    assert efficiency["with_avg"] == pytest.approx(0.80, abs=0.02)
    assert efficiency["unit"] == ""
    shares = [abs(effect["delta_pct"]) for effect in alcohol["effects"]]
    assert shares == sorted(shares, reverse=True)
    assert (await sides.get("journal/insights", range="30d"))["insights"] == []
