"""What the phone reads of many days, in a real Home Assistant over real HTTP: every page."""

import asyncio
from datetime import date, timedelta
import json

from hypothesis import given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.imported import IMPORTED_ALGORITHM
from custom_components.openstrap.engine.metric_spec import EPOCH
from custom_components.openstrap.store import WearerStore

from ..stored_days import local, made_day, made_days, row_of, values_of, workout
from .both_sides import TODAY
from .clients import BASE, Clients
from .reads import RUN, YESTERDAY, Get, Keep
from .shapes import DAILY_SHAPE, ROUTES, TEXTS, TODAY_SHAPE, check

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("noon")]


async def test_shapes(get: Get, keep: Keep) -> None:
    """Without any day, and with a month of them."""
    for path, shape in ROUTES:
        check(await get(path), shape, path)
    await keep([
        *made_days(YESTERDAY, 40),
        made_day(TODAY, workouts=[workout(local(TODAY, 8), local(TODAY, 9))]),
    ])  # fmt: skip
    for path, shape in ROUTES:
        found = await get(path)
        assert found, path
        check(found, shape, path)


def whole_day(day: date = TODAY) -> DayResult:
    """Make a day of which everything is known."""
    values = {key: 1.0 for key, spec in CATALOG.items() if spec.unit != EPOCH} | values_of(day)
    values |= {
        "sleep_onset": local(day - timedelta(days=1), 23, 10),
        "sleep_offset": local(day, 6, 50),
    }
    return made_day(day, values)


async def test_shapes_of_a_day_that_knows_everything(get: Get, keep: Keep) -> None:
    """No blob is null then."""
    await keep([whole_day()])
    today = await get("/today")
    check(today, TODAY_SHAPE)
    nulls = {name for name, value in today.items() if value is None}
    assert nulls == {"step_goal", "spo2", "live"}
    assert today["daily"]["fitness_trend"]["value"] == "improving"
    [row] = await get("/strain")
    check(row, DAILY_SHAPE)
    assert {name for name, value in row.items() if value is None} == {
        "spo2_idx", "updated_at", "imported_from",
    }  # fmt: skip
    for name in set(TEXTS) - {"fitness_trend"}:
        assert isinstance(json.loads(row[name]), dict | list), name


async def test_need_is_never_made_up(get: Get, keep: Keep) -> None:
    """Unknown is null on every page, and not eight hours."""
    values = values_of(TODAY)
    del values["sleep_need_min"]
    await keep([made_day(TODAY, values)])
    need = (await get("/today"))["sleep"]["need_min"]
    assert need["value"] is None and need["confidence"] == 0
    assert (await get("/sleep"))[0]["need_min"] is None
    assert (await get("/sleep/v2"))["need_min"] is None
    week = await get("/trend/sleep")
    assert week["buckets"][-1]["target"] is None and week["buckets"][-1]["met"] is None
    assert week["summary"]["total"] == 0


async def test_imported_days_show_and_say_so(get: Get, loaded: MockConfigEntry) -> None:
    """On every page, with their source; measured ones beside them do not."""
    values = {key: value for key, value in values_of(YESTERDAY).items() if key != "worn_min"}
    made = made_day(YESTERDAY, values, workouts=[
        workout(*RUN, source="imported", imported_from="noop"),
    ])  # fmt: skip
    details = {**made.details, "imported": {"source": "noop", "sources": ["noop"]}}
    imported = DayResult(
        made.day, made.timezone, IMPORTED_ALGORITHM, made.metrics, made.facts, details
    )

    def put(store: WearerStore) -> None:
        store.save_trends(row_of(imported))
        store.save_trends(row_of(made_day(TODAY)))

    await loaded.runtime_data.worker.async_run(put)
    for path in ("/strain", "/sleep"):
        assert [(row["imported"], row["imported_from"]) for row in await get(path)] == [
            (False, None), (True, "noop"),
        ]  # fmt: skip
    periods = (await get("/sleep/v2"))["days"]
    assert [day["imported"] for day in periods] == [False, True]
    trends = await get("/trends")
    assert [row["imported"] for row in trends["daily"]] == [True, False]
    calendar = (await get("/history"))["calendar"]
    assert [row["imported"] for row in calendar] == [True, False]
    week = await get("/trend/hrv")
    assert [bucket["imported_days"] for bucket in week["buckets"]] == [0, 0, 0, 0, 0, 1, 0]
    [session] = await get("/sessions")
    assert session["imported"] and session["source"] == "auto"


async def test_days_that_make_no_sense_have_no_row(get: Get, loaded: MockConfigEntry) -> None:
    """And break nothing."""
    row = row_of(made_day(YESTERDAY))
    nonsense = type(row)(row.day, row.timezone, row.algorithm, True, 1, {"metrics": 4, "day": 3})

    def put(store: WearerStore) -> None:
        store.save_trends(nonsense)
        store.save_trends(row_of(made_day(TODAY)))

    await loaded.runtime_data.worker.async_run(put)
    for path, shape in ROUTES:
        check(await get(path), shape)
    assert [row["date"] for row in await get("/strain")] == [TODAY.isoformat()]


async def test_a_range_that_is_no_range(get: Get) -> None:
    """Unix numbers are no dates here; each is refused, not an empty list."""
    for path in ("/strain", "/sleep", "/sleep/v2"):
        for text in ("xx", "1750000000", "2026-13-01", "", "2026-6-1"):
            for name in ("from", "to"):
                assert (await get(path, 400, **{name: text}))["error"]


async def test_who_may_read(
    loaded: MockConfigEntry,
    hass_client_no_auth: Clients,
    hass_client: Clients,
    hass_read_only_access_token: str,
) -> None:
    """Nobody unknown, and no stranger."""
    nobody, stranger = await hass_client_no_auth(), await hass_client(hass_read_only_access_token)
    for path, _ in ROUTES:
        assert (await nobody.get(f"{BASE}{path}")).status == 401
        assert (await stranger.get(f"{BASE}{path}")).status == 404


QUERIES = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(
            st.text(max_size=12),
            st.integers().map(str),
            st.floats().map(str),
            st.dates().map(str),
            st.sampled_from(["week", "month", "quarter", "7d", "365d", "2026-06-10"]),
        )
        for name in ("from", "to", "days", "range", "scale", "anchor")
    },
)


async def test_no_query_breaks_anything(
    get: Get, keep: Keep, loaded: MockConfigEntry, hass_client: Clients
) -> None:
    """Whatever stands behind the question mark is answered or refused in words."""
    await keep(made_days(TODAY, 10))
    client = await hass_client()
    paths = ["/today", "/strain", "/sleep", "/sleep/v2", "/sessions", "/trends", "/history",
             "/trend/sleep", "/records"]  # fmt: skip
    loop = asyncio.get_running_loop()

    async def ask(query: dict[str, str]) -> None:
        for path in paths:
            reply = await client.get(f"{BASE}{path}", params=query)
            if reply.content_type != "application/json":
                # Home Assistant itself refuses line breaks and the like before any route.
                assert (reply.status, reply.content_type) == (400, "text/plain")
                assert not all(text.isprintable() for text in query.values()), query
                continue
            body = await reply.json()
            assert reply.status in (200, 400), (path, query, body)
            if reply.status == 400:
                assert body["error"] and body["reason"]

    @settings(max_examples=60, deadline=None)
    @given(QUERIES)
    def every(query: dict[str, str]) -> None:
        asyncio.run_coroutine_threadsafe(ask(query), loop).result(30)

    await asyncio.to_thread(every)
