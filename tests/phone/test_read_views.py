"""What the phone reads of many days, in a real Home Assistant over real HTTP.

The shapes are those that an app was written against: told here once more, by hand.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
import json
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from hypothesis import given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.answers.kept import Kept
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.imported import IMPORTED_ALGORITHM
from custom_components.openstrap.engine.metric_spec import EPOCH
from custom_components.openstrap.phone import session_list
from custom_components.openstrap.phone.names import METRICS
from custom_components.openstrap.phone.today import live_minute
from custom_components.openstrap.store import LatestReading, WearerStore

from ..frames import hexed, minute
from ..stored_days import local, made_day, made_days, row_of, store_days, values_of, workout

pytestmark = pytest.mark.full

BASE = "/api/openstrap/v1"
TODAY = date(2026, 6, 10)
YESTERDAY = TODAY - timedelta(days=1)
NOW = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
RUN = (local(YESTERDAY, 17, 30), local(YESTERDAY, 18))
NUMBER = (int, float)
MAYBE = (int, float, type(None))
TEXT = (str, type(None))

type Client = TestClient[web.Request, web.Application]
type Clients = Callable[..., Coroutine[Any, Any, Client]]
type Get = Callable[..., Awaitable[Any]]
type Keep = Callable[..., Awaitable[None]]


@pytest.fixture(autouse=True)
async def clock(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Noon in Berlin, where Home Assistant stands."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(NOW)


@pytest.fixture
async def get(loaded: MockConfigEntry, hass_client: Clients) -> Get:
    """Ask a route; its answer, of status 200 unless another is expected."""
    client = await hass_client()

    async def ask(path: str, expect: int = 200, **query: Any) -> Any:
        query = {name.rstrip("_"): str(value) for name, value in query.items()}
        reply = await client.get(f"{BASE}{path}", params=query)
        assert reply.status == expect, await reply.text()
        return await reply.json()

    return ask


@pytest.fixture
def keep(loaded: MockConfigEntry) -> Keep:
    """Store made-up days for the wearer."""

    async def store(days: list[DayResult]) -> None:
        await loaded.runtime_data.worker.async_run(store_days, days)

    return store


def check(found: Any, shape: Any, at: str = "answer") -> None:
    """Hold an answer against a shape: types, lists of one shape, and exactly or at least its keys.

    ``...`` among the keys allows more of them. A list [None, shape] may be null.
    """
    if isinstance(shape, dict):
        assert isinstance(found, dict), at
        wanted = set(shape) - {...}
        missing = wanted - set(found)
        assert not missing, f"{at}: {missing}"
        if ... not in shape:
            assert not set(found) - wanted, f"{at}: {set(found) - wanted}"
        for key in wanted:
            check(found[key], shape[key], f"{at}.{key}")
    elif isinstance(shape, list) and shape[0] is None:
        if found is not None:
            check(found, shape[1], at)
    elif isinstance(shape, list):
        assert isinstance(found, list), at
        for place, one in enumerate(found):
            check(one, shape[0], f"{at}[{place}]")
    else:
        assert isinstance(found, shape), f"{at}: {found!r}"
        if bool not in (shape if isinstance(shape, tuple) else (shape,)):
            assert not isinstance(found, bool), at


ENVELOPE: Any = {
    "value": (*MAYBE, str), "unit": str, "confidence": NUMBER, "tier": str, "label": str,
    "inputs_used": [str], ...: None,
}  # fmt: skip
FLAG = {"c": NUMBER, "tier": str, "label": str}
DRIVERS: Any = [None, {...: None}]
TODAY_SHAPE: Any = {
    "date": str,
    "step_goal": MAYBE,
    "coach": [None, {
        "strain_target": [
            None, {"value": NUMBER, "low": NUMBER, "high": NUMBER, "rationale": str}
        ],
        "plan": [{"id": str, "category": str, "title": str, "body": str, "severity": int, ...: None}],
        "readiness_contributors": list,
        "summary": TEXT,
    }],
    "stress": [None, {"score": MAYBE, "level": TEXT, "confidence": NUMBER, "tier": str, ...: None}],
    "illness": [None, {"signal": bool, "triggers": [str], "note": str, ...: None}],
    "sleep_stress": [None, {"score": MAYBE, "arousal_events": MAYBE, "events": list, ...: None}],
    "nocturnal": [None, {"sleeping_hr_avg": MAYBE, "dip_pct": MAYBE, ...: None}],
    "drivers": DRIVERS,
    "resp": [None, {"value": NUMBER, "confidence": NUMBER}],
    "hrv": [None, {
        "rmssd": NUMBER, "confidence": NUMBER, "baseline": MAYBE, "tier": str, "label": str,
    }],
    "skin_temp": [None, {"value": NUMBER, "unit": str, "tier": str, "label": str, ...: None}],
    "spo2": [None, {"value": NUMBER, ...: None}],
    "daily": [None, {
        **dict.fromkeys((
            "strain", "resting_hr", "resting_hr_delta", "recovery", "readiness", "vo2max",
            "fitness", "form", "calories", "steps", "wear_min", "acwr", "fitness_trend",
        ), ENVELOPE),
        "hr_zones": [None, {
            **{f"zone{zone}_min": MAYBE for zone in range(1, 6)},
            "max_hr_used": MAYBE, "max_hr_source": TEXT, "confidence": NUMBER, "tier": str,
            "inputs_used": [str],
        }],
        "anomaly": {"signal": bool, "kind": TEXT, "triggers": [str], "note": TEXT, ...: None},
        "confidence": NUMBER,
        "flags": dict.fromkeys((
            "strain", "resting_hr", "recovery", "calories", "zones", "steps", "load", "fitness",
            "anomaly",
        ), FLAG),
        ...: None,
    }],
    "sleep": [None, {
        "date": str,
        **dict.fromkeys(("duration_min", "need_min", "efficiency"), ENVELOPE),
        "onset_ts": (int, type(None)), "wake_ts": (int, type(None)),
        "stages": dict.fromkeys(("light_min", "deep_min", "rem_min"), MAYBE),
        "stages_meta": FLAG,
        "regularity": MAYBE, "confidence": NUMBER,
        "flags": {"duration": FLAG, "stages": FLAG},
        ...: None,
    }],
    "live": [None, {"ts": int, "hr": (int, type(None)), "wrist_on": bool}],
}  # fmt: skip
COLUMNS = (
    "strain", "resting_hr", "readiness", "recovery", "calories", "wear_min", "steps", "acwr",
    "resp_rate", "resp_conf", "hrv_rmssd", "hrv_conf", "hrv_sdnn", "hrv_lfhf", "hrv_si",
    "skin_temp_idx", "spo2_idx", "vo2max", "fitness", "fatigue", "form", "monotony", "hrv_cv",
    "nocturnal_dip_pct", "hr_max", "hr_min", "hr_avg", "confidence", "updated_at",
)  # fmt: skip
TEXTS = (
    "hr_zones", "fitness_trend", "anomaly", "coach", "stress", "nocturnal", "illness",
    "sleep_stress", "drivers", "irregular", "strain_curve",
)  # fmt: skip
DAILY_SHAPE: Any = {
    "date": str,
    **dict.fromkeys(COLUMNS, MAYBE),
    **dict.fromkeys(TEXTS, TEXT),
    "flags": {...: None},
    ...: None,
}
SLEEP_SHAPE: Any = {
    "date": str, "onset_ts": int, "wake_ts": int, "duration_min": MAYBE, "efficiency": MAYBE,
    "light_min": MAYBE, "deep_min": MAYBE, "rem_min": MAYBE, "regularity": MAYBE,
    "confidence": NUMBER, "flags": {"duration": FLAG, "stages": FLAG}, "updated_at": MAYBE,
    "need_min": MAYBE, ...: None,
}  # fmt: skip
PERIODS_SHAPE: Any = {
    "days": [{
        "date": str,
        "periods": [{
            "id": str, "onset_ts": int, "wake_ts": int, "duration_min": MAYBE,
            "in_bed_min": MAYBE, "efficiency": MAYBE,
            "stages": [None, dict.fromkeys(("light_min", "deep_min", "rem_min"), MAYBE)],
            "is_main": bool, "confidence": NUMBER, ...: None,
        }],
        "period_count": int, "total_asleep_min": MAYBE, ...: None,
    }],
    "need_min": MAYBE,
    "stages_beta": bool,
}  # fmt: skip
SESSION_SHAPE: Any = {
    "id": str, "start_ts": int, "end_ts": int, "type": str, "avg_hr": MAYBE, "max_hr": MAYBE,
    "strain": MAYBE, "calories": MAYBE, "hrr60": MAYBE,
    "zones": [None, {f"zone{zone}_min": NUMBER for zone in range(1, 6)}],
    "confidence": NUMBER, "status": str, "source": str, "title": TEXT, "duration_min": NUMBER,
    ...: None,
}  # fmt: skip
POINTS = [{"t": int, "v": NUMBER}]
TRENDS_SHAPE: Any = {
    "baseline": [None, {
        "resting_hr": MAYBE, "sleeping_hr": MAYBE, "sleep_need_min": MAYBE, ...: None,
    }],
    "daily": [{
        "date": str,
        **dict.fromkeys(
            ("strain", "resting_hr", "readiness", "recovery", "acwr", "wear_min", "calories"), MAYBE
        ),
        "fitness_trend": TEXT,
        "anomaly": [None, {"signal": bool, ...: None}],
        ...: None,
    }],
    "sleep": [{
        "date": str, "duration_min": MAYBE, "efficiency": MAYBE, "regularity": MAYBE, ...: None,
    }],
    "series": dict.fromkeys(("resting_hr", "strain", "acwr", "wear", "sleep_duration"), POINTS),
    "fitness_direction": TEXT, "rhr_slope": MAYBE, "hrr_slope": MAYBE,
    "anomaly": {"signal": bool, "message": str},
}  # fmt: skip
HISTORY_KEYS = (
    "strain", "readiness", "recovery", "resting_hr", "calories", "steps", "wear_min",
    "sleep_duration", "sleep_efficiency", "sleep_regularity",
)  # fmt: skip
SUMMARY: Any = {
    "avg": MAYBE, "min": MAYBE, "max": MAYBE, "latest": MAYBE, "total": MAYBE,
    "delta_pct": MAYBE, "trend": str, ...: None,
}  # fmt: skip
HISTORY_SHAPE: Any = {
    "range": str, "days": int, "from_epoch": int, "to_epoch": int,
    "metrics": dict.fromkeys(HISTORY_KEYS, SUMMARY),
    "series": dict.fromkeys(HISTORY_KEYS, POINTS),
    "calendar": [{
        "date": str, "t": int, "strain": MAYBE, "readiness": MAYBE, "wear_min": MAYBE,
        "sleep_min": MAYBE, ...: None,
    }],
    "hr_zones": dict.fromkeys(("z1", "z2", "z3", "z4", "z5", "total"), MAYBE),
    "worn_days": int, "total_days": int,
}  # fmt: skip
TREND_SHAPE: Any = {
    "metric": str, "label": str, "unit": str, "scale": str, "anchor": str,
    "summary": {
        "avg": MAYBE, "min": MAYBE, "max": MAYBE, "delta_vs_prev": MAYBE, "met_count": MAYBE,
        "total": MAYBE,
    },
    "buckets": [{
        "label": str, "t_start": int, "t_end": int, "value": MAYBE, "min": MAYBE, "max": MAYBE,
        "n_days": int, "coverage": NUMBER, "achieved": MAYBE, "target": MAYBE,
        "met": (bool, type(None)), ...: None,
    }],
}  # fmt: skip
BEST: Any = [None, {"value": NUMBER, "date": str, ...: None}]
STREAK = {"current": (int, type(None)), "label": str}
RECORDS_SHAPE: Any = {
    "days_tracked": int, "nights_tracked": int, "workouts_tracked": int,
    "records": {
        **dict.fromkeys((
            "lowest_rhr", "top_strain", "top_readiness", "most_steps", "longest_sleep",
            "best_efficiency", "lowest_sleeping_hr",
        ), BEST),
        "top_workout": [None, {"value": NUMBER, "date": str, "type": str, ...: None}],
        ...: None,
    },
    "streaks": dict.fromkeys(("wear", "sleep", "strain_target"), STREAK),
    "rhr_drift": [None, {
        "now": NUMBER, "then": NUMBER, "delta": NUMBER, "direction": str, "days": int, ...: None,
    }],
    "baseline": [None, {
        "resting_hr": MAYBE, "sleeping_hr": MAYBE, "sleep_need_min": MAYBE, ...: None,
    }],
}  # fmt: skip
ROUTES = (
    ("/today", TODAY_SHAPE),
    ("/strain", [DAILY_SHAPE]),
    ("/sleep", [SLEEP_SHAPE]),
    ("/sleep/v2", PERIODS_SHAPE),
    ("/sessions", [SESSION_SHAPE]),
    ("/trends", TRENDS_SHAPE),
    ("/history", HISTORY_SHAPE),
    *((f"/trend/{name}", TREND_SHAPE) for name in METRICS),
    ("/records", RECORDS_SHAPE),
)


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


async def test_today_before_and_after_it_is_worked_out(
    get: Get, keep: Keep, hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The newest night stays whatever its date; nothing of yesterday is told as today's."""
    nothing = await get("/today")
    assert (nothing["date"], nothing["daily"], nothing["sleep"], nothing["live"]) == (
        TODAY.isoformat(), None, None, None,
    )  # fmt: skip
    old = TODAY - timedelta(days=90)
    await keep([made_day(old), made_day(YESTERDAY, night=False)])
    before = await get("/today")
    assert before["daily"] is None and before["coach"] is None and before["hrv"] is None
    assert before["sleep"]["date"] == old.isoformat()
    hass.config_entries.async_update_entry(loaded, options={**loaded.options, "step_goal": 9000})
    await keep([made_day(TODAY)])
    after = await get("/today")
    values = values_of(TODAY)
    daily, sleep = after["daily"], after["sleep"]
    assert after["step_goal"] == 9000
    assert daily["strain"]["value"] == values["strain"]
    assert daily["recovery"]["value"] == values["recovery"]
    # Not computed is null and confidence 0 with its reason, under its own name.
    assert daily["readiness"]["value"] is None and daily["readiness"]["confidence"] == 0
    assert daily["readiness"]["note"]
    assert daily["wear_min"]["tier"] == "AUTHORITATIVE"
    assert daily["resting_hr_delta"]["value"] is None
    assert sleep["efficiency"]["value"] == 0.9 and sleep["efficiency"]["unit"] == "ratio"
    assert sleep["onset_ts"] == local(YESTERDAY, 23)
    assert after["hrv"]["rmssd"] == values["rmssd_ms"]
    assert after["resp"] == {"value": 14.5, "confidence": 0.8}


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


async def test_the_delta_of_the_resting_heart_rate(get: Get, keep: Keep) -> None:
    """Against the usual value that the day itself was held against."""
    day = made_day(TODAY, values_of(TODAY) | {"resting_hr_deviation": 0.5})
    metric = day.metrics["resting_hr_deviation"]
    spec_drivers = (("usual_bpm", 50.0), ("difference_bpm", 5.0))
    changed = {**day.metrics, "resting_hr_deviation": type(metric)(
        0.5, metric.unit, 0.4, metric.tier, metric.label, drivers=spec_drivers
    )}  # fmt: skip
    await keep([type(day)(day.day, day.timezone, day.algorithm, changed, day.facts, day.details)])
    daily = (await get("/today"))["daily"]
    assert daily["resting_hr_delta"]["value"] == values_of(TODAY)["resting_hr_bpm"] - 50.0
    assert daily["resting_hr_delta"]["confidence"] == 0.4
    assert (await get("/records"))["baseline"]["resting_hr"] == 50.0


@pytest.mark.parametrize(
    ("ago", "wrist", "live"), [(30, True, True), (590, True, True), (660, True, False)]
)
async def test_live_is_the_last_ten_minutes(
    get: Get, loaded: MockConfigEntry, ago: int, wrist: bool, live: bool
) -> None:
    """The minute of the newest record; an older one is not now."""
    ts = int(NOW.timestamp()) - ago
    report = await loaded.runtime_data.async_ingest_hex(hexed(minute(ts - 60, 61)))
    assert report.new
    found = (await get("/today"))["live"]
    if not live:
        assert found is None
    else:
        assert found["hr"] == 61 and found["wrist_on"] is wrist
        assert found["ts"] % 60 == 0 and 0 <= NOW.timestamp() - found["ts"] <= 720


def test_live_without_a_heart_rate() -> None:
    """Then the band lies on a table; from a clock that is far ahead nothing is now."""
    assert live_minute(LatestReading(record_ts=1000.0), 1100.0) == {
        "ts": 960, "hr": None, "wrist_on": False,
    }  # fmt: skip
    both = LatestReading(hr_ts=400.0, hr_bpm=60, record_ts=1000.0)
    assert live_minute(both, 1100.0) == {"ts": 960, "hr": None, "wrist_on": False}
    assert live_minute(LatestReading(hr_ts=5000.0, hr_bpm=60), 1100.0) is None


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
    worker, now = loaded.runtime_data.worker, NOW.timestamp()
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


async def test_trends_over_days(get: Get, keep: Keep) -> None:
    """Oldest first, at most a year, no number is 400; recovery and readiness each its own."""
    await keep(made_days(TODAY, 400))
    assert len((await get("/trends"))["daily"]) == 30
    assert len((await get("/trends", days=5000))["daily"]) == 365
    assert [row["date"] for row in (await get("/trends", days=-3))["daily"]] == [TODAY.isoformat()]
    found = await get("/trends", days=7)
    assert [row["date"] for row in found["daily"]] == [
        (TODAY - timedelta(days=back)).isoformat() for back in range(6, -1, -1)
    ]
    assert found["daily"][-1]["recovery"] == values_of(TODAY)["recovery"]
    assert found["daily"][-1]["readiness"] is None
    assert found["sleep"][-1]["efficiency"] == 0.9
    assert found["series"]["strain"][-1] == {
        "t": int(local(TODAY, 0)), "v": values_of(TODAY)["strain"],
    }  # fmt: skip
    assert found["rhr_slope"] is not None
    for days in ("abc", "", "1.5", "nan"):
        refused = await get("/trends", 400, days=days)
        assert set(refused) == {"error", "reason"}


async def test_history_sums_up(get: Get, keep: Keep) -> None:
    """Means of known days, the window before it, local midnights, and the words of the range."""
    days = made_days(TODAY, 14)
    week = [values_of(TODAY - timedelta(days=back))["strain"] for back in range(7)]
    await keep(days)
    found = await get("/history", range="7d")
    strain = found["metrics"]["strain"]
    assert strain["avg"] == pytest.approx(sum(week) / 7)
    assert (strain["total"], strain["latest"]) == (pytest.approx(sum(week)), week[0])
    assert (strain["delta_pct"], strain["trend"]) == (0.0, "flat")
    assert found["metrics"]["sleep_efficiency"]["avg"] == 0.9
    assert found["metrics"]["readiness"]["avg"] is None
    assert found["metrics"]["recovery"]["avg"] is not None
    assert found["from_epoch"] == local(TODAY - timedelta(days=6), 0)
    assert found["to_epoch"] == local(TODAY + timedelta(days=1), 0) - 1
    assert found["hr_zones"]["total"] is None
    assert (found["days"], found["worn_days"], found["total_days"]) == (7, 7, 7)
    assert (await get("/history", range="9 lives"))["range"] == "30d"
    assert (await get("/history", range="365D"))["days"] == 365
    more = [
        made_day(day.day, values_of(day.day) | {"strain": 19.0, "zone_1_min": 10.0})
        for day in days[-7:]
    ]
    await keep(more)
    found = await get("/history", range="7d")
    assert found["metrics"]["strain"]["trend"] == "up"
    assert found["hr_zones"] == {
        "z1": 70.0, "z2": None, "z3": None, "z4": None, "z5": None, "total": 70.0,
    }  # fmt: skip


async def test_short_sleep_is_no_night_of_a_history(get: Get, keep: Keep) -> None:
    """Neither its length nor its efficiency counts."""
    short = made_day(TODAY, values_of(TODAY) | {"sleep_min": 90.0, "sleep_efficiency": 20.0})
    await keep([made_day(YESTERDAY), short])
    found = await get("/history", range="7d")
    assert found["metrics"]["sleep_duration"]["days"] == 1
    assert found["metrics"]["sleep_efficiency"]["min"] == 0.9
    assert found["calendar"][-1]["sleep_min"] is None


@pytest.mark.parametrize(
    ("scale", "labels"),
    [
        ("week", (7, "06-04", "06-10")),
        ("month", (5, "wk 05-07", "wk 06-04")),
        ("quarter", (3, "2026-04", "2026-06")),
        ("aeon", (3, "2026-04", "2026-06")),
    ],
)
async def test_a_trend(get: Get, keep: Keep, scale: str, labels: tuple[int, str, str]) -> None:
    """Buckets that follow each other from midnight to midnight, empty ones too."""
    await keep(made_days(TODAY, 3))
    page = await get("/trend/sleep", scale=scale, anchor=TODAY)
    buckets = page["buckets"]
    assert (len(buckets), buckets[0]["label"], buckets[-1]["label"]) == labels
    ends = [bucket["t_end"] for bucket in buckets]
    assert [bucket["t_start"] for bucket in buckets[1:]] == ends[:-1]
    assert ends[-1] == local(TODAY + timedelta(days=1), 0)
    assert (buckets[0]["value"], buckets[0]["n_days"], buckets[0]["met"]) == (None, 0, None)
    assert buckets[-1]["target"] == 450.0 and buckets[-1]["met"] is False
    assert page["summary"]["met_count"] == 0 and page["summary"]["total"] >= 1
    assert (page["unit"], page["anchor"]) == ("min", TODAY.isoformat())


async def test_a_trend_of_nothing_and_of_no_metric(get: Get) -> None:
    """Empty buckets; and what may be asked for instead."""
    page = await get("/trend/hrv")
    assert [bucket["value"] for bucket in page["buckets"]] == [None] * 7
    assert page["summary"]["avg"] is None and page["summary"]["total"] is None
    refused = await get("/trend/mojo", 400)
    assert refused["known"] == list(METRICS) and "mojo" in refused["error"]


async def test_an_anchor_that_is_no_day(get: Get) -> None:
    """Is refused in words."""
    for anchor in (
        "xx", "", "2026-13-45", "2026-02-30", "0001-01-01", "9999-12-31", "20260610", "today",
    ):  # fmt: skip
        assert (await get("/trend/strain", 400, anchor=anchor))["error"]


async def test_records(get: Get, keep: Keep, loaded: MockConfigEntry) -> None:
    """Each with its day; streaks; a day that is missing ends the streak of the target."""
    days = made_days(TODAY, 20)
    best = TODAY - timedelta(days=4)
    days[-5] = made_day(best, values_of(best) | {"steps": 30000.0, "strain": 20.0})
    for place, day in enumerate(days):
        trends = {**day.details["trends"], "coach": {"strain_target": {"low": 5.0, "high": 9.0}}}
        details = {**day.details, "trends": trends}
        days[place] = type(day)(
            day.day, day.timezone, day.algorithm, day.metrics, day.facts, details
        )
    await keep([day for day in days if day.day != TODAY - timedelta(days=3)])
    found = await get("/records")
    records = found["records"]
    assert (found["days_tracked"], found["nights_tracked"]) == (19, 19)
    assert records["most_steps"]["date"] == records["top_strain"]["date"] == best.isoformat()
    assert records["best_efficiency"]["value"] == 0.9
    assert records["top_readiness"] is None and records["top_recovery"] is not None
    assert records["top_workout"] is None
    assert found["streaks"]["strain_target"]["current"] == 3
    assert found["streaks"]["wear"]["current"] == 3
    assert found["streaks"]["sleep"]["current"] is None
    assert found["rhr_drift"] is None


async def test_the_drift_of_the_resting_heart_rate(get: Get, keep: Keep) -> None:
    """In the phone's words."""
    day = made_day(TODAY, values_of(TODAY) | {"resting_hr_drift_bpm": -2.0})
    metric = day.metrics["resting_hr_drift_bpm"]
    drivers = (("recent_bpm", 50.0), ("earlier_bpm", 52.0), ("detectable_bpm", 1.0))
    told = type(metric)(
        -2.0, metric.unit, 0.5, metric.tier, metric.label, drivers=drivers, note="direction=falling"
    )
    metrics = {**day.metrics, "resting_hr_drift_bpm": told}
    await keep([type(day)(day.day, day.timezone, day.algorithm, metrics, day.facts, day.details)])
    drift = (await get("/records"))["rhr_drift"]
    assert (drift["now"], drift["then"], drift["delta"], drift["direction"]) == (
        50.0, 52.0, -2.0, "improving",
    )  # fmt: skip
    assert drift["days"] == 1


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


async def test_sessions_of_no_time(get: Get) -> None:
    """Times are seconds since 1970."""
    for text in ("xx", "nan", "inf", "-1", "1e300", ""):
        for name in ("from", "to"):
            assert (await get("/sessions", 400, **{name: text}))["error"]


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
