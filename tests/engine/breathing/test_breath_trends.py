"""Breath and warmth beside earlier nights."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, timedelta
import math

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.baseline import DEGENERATE_BASELINE
from custom_components.openstrap.engine.breathing.breath_trends import ROWS, breath_trends
from custom_components.openstrap.engine.breathing.usual import (
    CyclicUsual,
    WarmNights,
    cyclic_usual,
    warm_nights,
)
from custom_components.openstrap.engine.facts import DayFacts, clock_of
from custom_components.openstrap.engine.metric import Tier

DAY = date(2026, 3, 30)
KEYS = [row.key for row in ROWS]
WOBBLE = (0.0, 0.2, -0.1, 0.1, -0.2)


def back(nights: int) -> date:
    """Return the day so many nights before."""
    return DAY - timedelta(days=nights)


def nights(values: list[float], first: int = 1) -> dict[date, float]:
    """Give the nights before the day these values, the latest first."""
    return {back(at + first): value for at, value in enumerate(values)}


def facts(**values: Mapping[date, float]) -> dict[date, DayFacts]:
    """Make the facts of days with these values."""
    days = {day for series in values.values() for day in series}
    found = {}
    for day in days:
        clock, end = clock_of(day, UTC)
        told = {key: series[day] for key, series in values.items() if day in series}
        found[day] = DayFacts(day=day, tz="UTC", clock=clock, end_ts=end, values=told)
    return found


def steady(n: int, level: float) -> list[float]:
    """Return values around a level."""
    return [level + WOBBLE[at % 5] for at in range(n)]


def test_breathing_above_usual() -> None:
    """Two more a minute stand out of a steady month; the deviation is in standard deviations."""
    rates = nights(steady(30, 15.0)) | {DAY: 17.0}
    found = breath_trends(facts(breathing_rate_brpm=rates), DAY)["breathing_rate_deviation"]
    assert found.value == pytest.approx(2.0 / (1.253 * 0.5), abs=0.2)
    assert dict(found.drivers)["difference_brpm"] == pytest.approx(2.0, abs=0.15)
    assert found.note == "baseline=trusted"


@pytest.mark.parametrize(("n", "told"), [(0, False), (3, False), (4, True), (20, True)])
def test_four_nights_make_a_baseline(n: int, told: bool) -> None:
    """For rate and temperature alike."""
    known = facts(
        breathing_rate_brpm=nights(steady(n, 15.0)) | {DAY: 15.0},
        skin_temp_c=nights(steady(n, 34.0)) | {DAY: 34.6},
    )
    found = breath_trends(known, DAY)
    for key in ("breathing_rate_deviation", "skin_temp_deviation_c"):
        assert (found[key].value is not None) == told
        assert told or found[key].note == f"need_baseline:have={n},need=4"
    if n == 20:
        assert found["skin_temp_deviation_c"].value == pytest.approx(0.6, abs=0.1)


def test_no_night_no_deviation() -> None:
    """History alone says nothing of today, and a month without nights makes it stale."""
    rates = nights(steady(30, 15.0))
    found = breath_trends(facts(breathing_rate_brpm=rates), DAY)["breathing_rate_deviation"]
    assert found.note == "need_input:name=breathing_rate_brpm,have=0,need=1"
    old = nights(steady(30, 15.0), first=30) | {DAY: 15.0}
    stale = breath_trends(facts(breathing_rate_brpm=old), DAY)["breathing_rate_deviation"]
    assert stale.note == "need_baseline:have=0,need=4"


def test_without_facts_all_is_absent() -> None:
    """Each with a reason."""
    found = breath_trends({}, DAY)
    assert list(found) == KEYS
    assert all(metric.value is None and metric.note for metric in found.values())


def test_hours_weigh_the_usual_cycles() -> None:
    """CVHR4, with nights enough: twenty an hour for eight hours, ten an hour for sixteen."""
    per_h = nights([20.0, 10.0, 10.0, 20.0, 10.0, 10.0])
    hours = nights([8.0] * 6)
    found = cyclic_usual(per_h, hours, DAY)
    assert isinstance(found, CyclicUsual)
    assert found.mean == pytest.approx((20 * 8 + 10 * 16) / 24)
    assert (found.nights, found.above) == (6, False)


def test_recent_nights_above_the_own_usual() -> None:
    """A single one is not enough to move the newest third."""
    hours = nights([7.0] * 21, first=0)
    steadily = nights(steady(20, 5.0)) | {DAY: 5.0}
    base = cyclic_usual(steadily, hours, DAY)
    more = cyclic_usual(nights([9.0] * 6 + steady(14, 5.0)) | {DAY: 9.0}, hours, DAY)
    assert isinstance(base, CyclicUsual)
    assert isinstance(more, CyclicUsual)
    assert not base.above
    assert more.recent == 9.0
    assert (
        breath_trends(facts(cvhr_per_h=steadily, cvhr_observed_h=hours), DAY)["cvhr_usual"].note
        == "recent=usual"
    )


def test_short_and_few_nights_do_not_count() -> None:
    """Below four hours, and below five nights."""
    few = cyclic_usual(nights([5.0] * 9), nights([6.0] * 4 + [3.9] * 5), DAY)
    assert few == "need_baseline:have=4,need=5"
    old = cyclic_usual(nights([5.0] * 9, first=31), nights([6.0] * 9, first=31), DAY)
    assert old == "need_baseline:have=0,need=5"


def test_two_warm_nights_raise_the_flag() -> None:
    """One does not, nor do two with a night between them."""
    usual = nights(steady(20, 34.0), first=2)
    for last, raised in ((35.2, True), (34.1, False)):
        found = warm_nights(usual | {DAY: 35.2, back(1): last}, DAY)
        assert isinstance(found, WarmNights)
        assert found.raised is raised
        assert found.z > 2.0
    gap = warm_nights(usual | {DAY: 35.2}, DAY)
    assert isinstance(gap, WarmNights)
    assert not gap.raised
    told = breath_trends(facts(skin_temp_c=usual | {DAY: 35.2, back(1): 35.2}), DAY)
    assert (told["temperature_flag"].value, told["temperature_flag"].confidence) == (1.0, 0.7)


def test_thin_and_flat_baselines() -> None:
    """Little is said with little confidence, nothing of a spread of nought."""
    thin = breath_trends(facts(skin_temp_c=nights(steady(8, 34.0)) | {DAY: 34.0}), DAY)
    assert (thin["temperature_flag"].value, thin["temperature_flag"].confidence) == (0.0, 0.3)
    few = nights(steady(6, 34.0)) | {DAY: 34.0}
    assert warm_nights(few, DAY) == "need_baseline:have=6,need=7"
    assert warm_nights(nights([34.0] * 10) | {DAY: 34.0}, DAY) == DEGENERATE_BASELINE


def test_small_spreads_do_not_alarm() -> None:
    """A very even sleeper half a degree warmer is not ill."""
    even = nights([34.0 + 0.02 * (at % 3) for at in range(20)], first=2)
    found = warm_nights(even | {DAY: 34.5, back(1): 34.5}, DAY)
    assert isinstance(found, WarmNights)
    assert not found.raised


@given(st.floats(-3.0, 3.0))
def test_an_offset_changes_no_deviation(offset: float) -> None:
    """What is relative stays so."""
    values = nights(steady(20, 34.0)) | {DAY: 34.5}
    shifted = {day: value + offset for day, value in values.items()}
    here, there = (breath_trends(facts(skin_temp_c=series), DAY) for series in (values, shifted))
    for key in ("skin_temp_deviation_c", "temperature_flag"):
        assert there[key].value == pytest.approx(here[key].value, abs=1e-5)


@given(st.sets(st.integers(1, 40)))
def test_missing_nights_never_raise_confidence(lost: set[int]) -> None:
    """And later days change nothing."""
    series = nights(steady(40, 15.0)) | {DAY: 15.2}
    some = {day: v for day, v in series.items() if (DAY - day).days not in lost}
    whole, part = (breath_trends(facts(breathing_rate_brpm=s), DAY) for s in (series, some))
    later = breath_trends(facts(breathing_rate_brpm=some | {back(-1): 30.0}), DAY)
    assert later == part
    for key in KEYS:
        assert part[key].confidence <= whole[key].confidence
        assert (part[key].value is None) == (part[key].confidence == 0.0)


def test_the_daily_wave_of_the_skin() -> None:
    """A wrist that is warmest at four in the morning, on three days and more."""
    hours = [33.0 + 1.2 * math.cos(2 * math.pi * (hour + 0.5 - 4.0) / 24.0) for hour in range(24)]
    known = {
        day: replace(fact, hourly_skin_c=tuple(hours))
        for day, fact in facts(a=nights([1.0] * 5, first=0)).items()
    }
    found = breath_trends(known, DAY)
    assert found["skin_temp_amplitude_c"].value == pytest.approx(1.2, abs=1e-3)
    assert found["skin_temp_peak_h"].value == pytest.approx(4.0, abs=1e-3)
    assert found["skin_temp_peak_h"].confidence == 0.9
    assert found["skin_temp_peak_h"].tier is Tier.RELATIVE
    thin = breath_trends({day: known[day] for day in (DAY, back(1))}, DAY)
    assert thin["skin_temp_peak_h"].note == "need_input:name=complete_days,have=2,need=3"
    assert thin["skin_temp_peak_h"].value is None
