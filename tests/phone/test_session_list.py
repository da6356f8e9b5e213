"""The list of sessions, over real HTTP."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.phone import session_list
from custom_components.openstrap.store import WearerStore

from ..stored_days import local, made_day, workout
from .both_sides import NOON, TODAY
from .reads import RUN, YESTERDAY, Get, Keep

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("noon")]


async def test_sessions(get: Get, keep: Keep, loaded: MockConfigEntry) -> None:
    """By when they began, newest first; deleted ones nowhere; the one that goes on as live."""
    morning = (local(TODAY, 8), local(TODAY, 9))
    await keep([
        made_day(YESTERDAY, workouts=[workout(*RUN)]),
        made_day(TODAY, workouts=[workout(*morning)]),
    ])  # fmt: skip
    rows = await get("/sessions")
    assert [row["start_ts"] for row in rows] == [morning[0], RUN[0]]
    assert rows[1]["zones"] == {
        "zone1_min": 0.0, "zone2_min": 10.0, "zone3_min": 20.0, "zone4_min": 0.0, "zone5_min": 0.0,
    }  # fmt: skip
    assert (rows[1]["status"], rows[1]["source"], rows[1]["duration_min"]) == ("done", "auto", 30)
    assert "/" not in rows[0]["id"]
    assert [row["start_ts"] for row in await get("/sessions", from_=RUN[0], to=RUN[0])] == [RUN[0]]
    assert await get("/sessions", from_=RUN[0] + 1, to=morning[0] - 1) == []
    assert await get("/sessions", from_=morning[0], to=RUN[0]) == []
    assert (await get("/records"))["records"]["top_workout"]["date"] == TODAY.isoformat()
    tz = ZoneInfo("Europe/Berlin")
    worker, now = loaded.runtime_data.worker, NOON
    await worker.async_run(WearerStore.delete_detected, morning, tz)
    await worker.async_run(
        lambda store: store.start_workout("now", now - 600, "yoga", now=now, tz=tz)
    )
    rows = await get("/sessions")
    assert [(row["type"], row["status"]) for row in rows] == [("yoga", "live"), ("run", "done")]
    records = await get("/records")
    assert records["workouts_tracked"] == 1
    assert records["records"]["top_workout"]["date"] == YESTERDAY.isoformat()


async def test_two_hundred_sessions(get: Get, keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest, however they are cut into parts."""
    monkeypatch.setattr(session_list, "PART_DAYS", 50)
    days = [TODAY - timedelta(days=back) for back in range(230)]
    await keep([
        made_day(day, workouts=[workout(local(day, 7), local(day, 8))]) for day in days
    ])  # fmt: skip
    rows = await get("/sessions")
    assert [row["start_ts"] for row in rows] == [local(day, 7) for day in days[:200]]
    early = await get("/sessions", to=local(days[210], 7))
    assert len(early) == 20


async def test_sessions_of_no_time(get: Get) -> None:
    """Times are seconds since 1970."""
    for text in ("xx", "nan", "inf", "-1", "1e300", ""):
        for name in ("from", "to"):
            assert (await get("/sessions", 400, **{name: text}))["error"]
