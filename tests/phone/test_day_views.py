"""The pages of a day, in a real Home Assistant over real HTTP."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.engine.protocol.encode import encode_event
from custom_components.openstrap.phone.day_pages import band_of
from custom_components.openstrap.phone.day_views import PAGES

from ..frames import hexed
from ..stored_days import local, made_day, workout
from .clients import BASE, Client
from .day_pages import DAY, NOW_TS, get, keep, off, refused

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon", "berlin")]


async def test_a_day_of_strain(phone: Client, loaded: MockConfigEntry) -> None:
    """Everything plain, the same wrapped, and a curve that ends at the day's total."""
    values = {"strain": 8.5, "acwr": 1.5, "fitness_trend": 1.0, "ctl": 60.0, "steps": 6000.4}
    run = workout(local(DAY, 17), local(DAY, 18))
    await keep(loaded, made_day(DAY, values, workouts=[run]))
    page = await get(phone, f"day/strain?date={DAY}")
    assert page["has_data"]
    assert not page["imported"]
    assert page["strain"] == page["curve"][-1]["v"] == page["metrics"]["strain"]["value"] == 8.5
    assert page["curve"][0] == {"t": local(DAY, 0), "v": 0.0}
    assert page["load"] == {"acwr": 1.5, "band": "caution"}
    assert page["fitness_trend"] == "improving"
    assert page["fitness_model"] == {"fitness": 60.0, "fatigue": None, "form": None}
    assert page["steps"] == 6000
    assert page["metrics"]["steps"]["confidence"] == 0.8
    assert page["metrics"]["calories"] == {
        "value": None,
        "unit": "kcal",
        "confidence": 0.0,
        "tier": "ESTIMATE",
        "label": "Active energy",
        "inputs_used": [],
        "note": "need_input:name=made_up,have=0,need=1",
    }
    assert page["hr"] == {"max": None, "min": 58, "avg": 70.0}
    assert page["drivers"]["strain"] == [{"label": "made_up", "contribution": 1.0}]
    [session] = page["sessions"]
    assert (session["start_ts"], session["duration_min"]) == (local(DAY, 17), 60.0)


@pytest.mark.parametrize(
    ("acwr", "band"),
    [
        (0.79, "detraining"),
        (0.8, "optimal"),
        (1.3, "optimal"),
        (1.31, "caution"),
        (1.5, "caution"),
        (1.51, "high-risk"),
    ],
)
def test_the_bands_of_load(acwr: float, band: str) -> None:
    """On their edges."""
    assert band_of(acwr) == band


async def test_a_night(phone: Client, loaded: MockConfigEntry) -> None:
    """Whole phases, whose lengths are those of one result; efficiency is a share."""
    values = {
        "sleep_min": 460.0,
        "rest_duration_min": 480.0,
        "unobserved_min": 0.0,
        "sleep_efficiency": 95.8,
        "light_min": 230.0,
        "deep_min": 60.0,
        "rem_min": 170.0,
        "sleep_need_min": 500.0,
        "breathing_rate_brpm": 14.0,
    }
    await keep(loaded, made_day(DAY, values))
    page = await get(phone, f"day/sleep?date={DAY}")
    bed, rise = int(local(DAY - timedelta(days=1), 23)), int(local(DAY, 7))
    assert page["has_sleep"]
    assert (page["onset_ts"], page["wake_ts"]) == (bed, rise)
    assert page["hypnogram"] == [
        {"t": bed, "stage": "awake"},
        {"t": bed + 600, "stage": "light"},
        {"t": bed + 14400, "stage": "deep"},
        {"t": bed + 18000, "stage": "rem"},
        {"t": rise - 600, "stage": "awake"},
        {"t": rise, "stage": "awake"},
    ]
    phases = dict.fromkeys(("awake", "light", "deep", "rem", "unobserved"), 0.0)
    for one, after in zip(page["hypnogram"], page["hypnogram"][1:], strict=False):
        phases[one["stage"]] += (after["t"] - one["t"]) / 60
    assert page["hypnogram_min"] == {f"{name}_min": spent for name, spent in phases.items()}
    assert page["stages"] == {"light_min": 230.0, "deep_min": 60.0, "rem_min": 170.0}
    assert all(page["hypnogram_min"][key] == page["stages"][key] for key in page["stages"])
    in_bed = page["duration_min"] + page["awake_min"] + page["unobserved_min"]
    assert in_bed == page["in_bed_min"] == 480.0
    assert page["efficiency"] == 0.958
    assert page["need_min"] == page["need_tonight_min"] == 500.0
    assert page["resp"] == {"value": 14.0, "confidence": 0.8}


async def test_all_sleep_of_a_day(phone: Client, loaded: MockConfigEntry) -> None:
    """The night and the nap."""
    await keep(loaded, made_day(DAY, {"sleep_min": 460.0, "sleep_onset": local(DAY, 1)}))
    page = await get(phone, f"day/v2/sleep?date={DAY}")
    night, nap = page["periods"]
    assert night["id"] == "2026-01-14:main"
    assert night["onset_ts"] == local(DAY, 1)
    assert night["is_main"]
    assert not nap["is_main"]
    assert nap["onset_ts"] == local(DAY, 14)
    assert nap["efficiency"] == pytest.approx(25 / 30, abs=1e-3)
    assert page["total_asleep_min"] == 485.0
    assert page["period_count"] == 2


async def test_stress_and_the_heart_have_zeros_while_the_band_was_off(
    phone: Client, loaded: MockConfigEntry
) -> None:
    """The line says where it stops."""
    day = made_day(DAY, {"arousal_score": 40.0, "resting_hr_bpm": 51.0, "rmssd_ms": 44.0})
    off(day, local(DAY, 12), local(DAY, 13))
    await keep(loaded, day)
    for name in ("stress", "heart"):
        page = await get(phone, f"day/{name}?date={DAY}")
        zeros = [point["t"] for point in page["hr"] if point["v"] == 0]
        assert zeros == [local(DAY, 12), local(DAY, 13) - 60]
        assert len(page["hr"]) <= 240
        assert page["stress"]["score"] == 40.0
        times = [point["t"] for point in page["hr"]]
        assert times == sorted(times)
    heart = await get(phone, f"day/heart?date={DAY}")
    assert heart["resting_hr"] == 51.0
    assert heart["hrv"]["rmssd"] == 44.0
    assert heart["recovery"] is None
    assert heart["avg_hr"] == 70.0


async def test_the_breath_is_shown_from_one_threshold_on(
    phone: Client, loaded: MockConfigEntry
) -> None:
    """Half sure is shown on all pages, less on none."""
    rate = made_day(DAY, {"breathing_rate_brpm": 14.0})
    metric = rate.metrics["breathing_rate_brpm"]
    for confidence, shown in ((0.5, True), (0.49, False)):
        held = dict(rate.metrics) | {"breathing_rate_brpm": metric.at_most(metric.tier, confidence)}
        await keep(loaded, replace(rate, metrics=held))
        lungs = await get(phone, f"day/lungs?date={DAY}")
        sleep = await get(phone, f"day/sleep?date={DAY}")
        heart = await get(phone, f"day/heart?date={DAY}")
        assert (lungs["resp_rate"] is not None) is shown
        assert (sleep["resp"] is not None) is shown
        assert (heart["resp"] is not None) is shown
        assert lungs["metrics"]["resp_rate"]["confidence"] == confidence
        assert [point["v"] for point in lungs["breathing"]] == [14.0, 15.0]


async def test_the_variability_of_a_night(phone: Client, loaded: MockConfigEntry) -> None:
    """What the app of 0.5.2 asks for."""
    await keep(loaded, made_day(DAY, {"rmssd_ms": 44.0}))
    page = await get(phone, f"day/hrv?date={DAY}")
    assert page["rmssd"] == 44.0
    assert page["confidence"] == 0.8
    assert 0 < len(page["hrv"]) <= 240
    assert {point["v"] for point in page["hrv"]} <= set(range(40, 60))


async def test_a_timeline(phone: Client, loaded: MockConfigEntry) -> None:
    """Line, movement, sleep of the day and of the evening, events, highest and lowest."""
    run = workout(local(DAY, 17), local(DAY, 18))
    await keep(loaded, made_day(DAY, workouts=[run]), made_day(DAY + timedelta(days=1)))
    await phone.post(
        f"{BASE}/ingest/events",
        json={
            "device_id": "4A0123456",
            "events": hexed([encode_event(9, int(local(DAY, 9))), encode_event(9, NOW_TS)]),
        },
    )
    page = await get(phone, f"day/timeline?date={DAY}")
    assert (page["day_start"], page["day_end"]) == (local(DAY, 0), local(DAY, 0) + 86400)
    assert len(page["hr"]) <= 300
    assert {point["v"] for point in page["activity"]} == {0.02}
    assert [(one["onset_ts"], one["wake_ts"]) for one in page["sleep"]] == [
        (local(DAY - timedelta(days=1), 23), local(DAY, 7)),
        (local(DAY, 14), local(DAY, 14, 30)),
        (local(DAY, 23), local(DAY + timedelta(days=1), 7)),
    ]
    assert len(page["sessions"]) == 1
    assert page["events"] == [{"event_id": 9, "ts": local(DAY, 9)}]
    highs = page["highs"]
    assert highs["low_hr"]["v"] < highs["peak_hr"]["v"]
    assert highs["peak_hr"] in page["hr"]
    assert highs["low_hr"] in page["hr"]


EMPTY_DAYS = ("2026-01-02", "2027-01-01", "0001-01-01", "9999-12-31")
"""Not recorded, to come, and on the edges of what a date can be."""

FIXED = {"day_start", "day_end", "tier", "stages_beta", "zones", "hr", "stages", "highs"}
"""What an empty page still has something in, or an object of nothing."""


async def test_a_day_without_data_has_the_same_keys(phone: Client, loaded: MockConfigEntry) -> None:
    """Every page, with nothing in it that says a number."""
    await keep(loaded, made_day(DAY))
    for path in PAGES:
        full = await get(phone, f"day/{path}?date={DAY}")
        assert full["has_data"]
        for day in EMPTY_DAYS:
            empty = await get(phone, f"day/{path}?date={day}")
            assert list(full) == list(empty), path
            assert not empty["has_data"]
            assert empty["date"] == day
            told = {key for key, value in empty.items() if value} - {"date", "metrics"}
            assert told <= FIXED, path
            for key in ("zones", "stages", "highs"):
                assert set((empty.get(key) or {"nothing": None}).values()) == {None}
            for metric in empty.get("metrics", {}).values():
                assert (metric["value"], metric["confidence"]) == (None, 0)


async def test_what_is_no_date_is_refused(phone: Client) -> None:
    """Also what looks like one, and what other standards write."""
    for path in PAGES:
        for query in ("", "?date=", "?date=20260114", "?date=2026-W03-3", "?date=2026-1-4"):
            assert await refused(phone, f"day/{path}{query}") == {
                "error": "date=YYYY-MM-DD required",
                "reason": "date=YYYY-MM-DD is needed",
            }
        for query in ("2026-13-45", "2026-02-29", "0000-01-01"):
            assert query in (await refused(phone, f"day/{path}?date={query}"))["reason"]


async def test_a_day_from_elsewhere_says_so(phone: Client, loaded: MockConfigEntry) -> None:
    """With its source; it has no minutes of its own."""
    day = made_day(DAY, {"sleep_min": 400.0, "rest_duration_min": 440.0})
    await keep(loaded, replace(day, details={"imported": {"source": "whoop_export"}}))
    for path in PAGES:
        page = await get(phone, f"day/{path}?date={DAY}")
        assert (page["has_data"], page["imported"]) == (True, True)
        assert page["imported_from"] == "whoop_export"
    night = await get(phone, f"day/sleep?date={DAY}")
    assert (night["duration_min"], night["hypnogram"]) == (400.0, [])
    assert night["awake_min"] is None
    wear = await get(phone, f"day/wear?date={DAY}")
    assert (wear["hourly"], wear["segments"], wear["longest_off_min"]) == ([], None, None)


@pytest.mark.parametrize("path", ["day/wear/", "/day/wear", "/day/wear/"])
async def test_every_spelling_is_served(phone: Client, loaded: MockConfigEntry, path: str) -> None:
    """A base that ends in a slash doubles it."""
    assert (await get(phone, f"{path}?date={DAY}"))["date"] == str(DAY)
