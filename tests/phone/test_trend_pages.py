"""Trends and histories, over real HTTP."""

from datetime import timedelta

import pytest

from custom_components.openstrap.phone.names import METRICS

from ..stored_days import local, made_day, made_days, values_of
from .both_sides import TODAY
from .reads import YESTERDAY, Get, Keep

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("noon")]


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
