"""The wave of a day over the last complete days."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from custom_components.openstrap.engine.facts import clock_of
from custom_components.openstrap.engine.heart.daily_wave import (
    WAVE_DAYS,
    complete_run,
    hourly_of,
    wave_metrics,
)
from custom_components.openstrap.engine.metric import Metric, Tier
from custom_components.openstrap.engine.metric_spec import MetricSpec

from .made import day_at, facts_made

ROWS = {
    part: MetricSpec(part, "unit", 1, Tier.HIGH, part, headline=False, kind="trend")
    for part in ("mesor", "amplitude", "peak")
}
LIMITS = (0.1, 0.9)
WAVE = (60.0 + 10.0 * np.cos(2 * np.pi * (np.arange(24) + 0.5 - 18.0) / 24.0)).tolist()


def days(count: int, hours: Sequence[float | None] = WAVE) -> dict[date, Sequence[float | None]]:
    """Make days that are all alike."""
    return {day_at(at): hours for at in range(count)}


def of(hourly: dict[date, Sequence[float | None]], at: int) -> dict[str, Metric]:
    """Wrap the wave of a day."""
    return wave_metrics(ROWS, hourly, day_at(at), ("made",), LIMITS)


def test_a_wave_comes_out_as_it_went_in() -> None:
    """Level, height, and the hour of the peak."""
    found = of(days(5), 4)
    assert found["mesor"].value == pytest.approx(60.0)
    assert found["amplitude"].value == pytest.approx(10.0)
    assert found["peak"].value == pytest.approx(18.0)
    assert all(metric.confidence == 0.9 for metric in found.values())
    assert dict(found["peak"].drivers) == pytest.approx(
        {"ci_half_width_h": 0.0, "r2": 1.0, "days": 5.0}, abs=1e-6
    )
    some = wave_metrics({"amplitude": ROWS["amplitude"]}, days(5), day_at(4), ("made",), LIMITS)
    assert some == {"amplitude": found["amplitude"]}


def test_the_run_of_complete_days() -> None:
    """At most seven, without a hole, up to the day or, while it goes on, the day before."""
    assert complete_run(days(10), day_at(9)) == [day_at(at) for at in range(3, 10)]
    assert len(complete_run(days(10), day_at(9))) == WAVE_DAYS
    today = days(10) | {day_at(9): [60.0] * 10 + [None] * 14}
    assert complete_run(today, day_at(9)) == [day_at(at) for at in range(2, 9)]
    holed = {on: hours for on, hours in days(10).items() if on != day_at(6)}
    assert complete_run(holed, day_at(9)) == [day_at(at) for at in (7, 8, 9)]
    assert complete_run({}, day_at(9)) == []


@pytest.mark.parametrize(
    ("hourly", "note"),
    [
        ({}, "need_input:name=complete_days,have=0,need=3"),
        (days(2), "need_input:name=complete_days,have=2,need=3"),
        (days(5, [60.0] * 24), "degenerate_signal"),
        (days(5, [60.0] * 19 + [None] * 5), "need_input:name=complete_days,have=0,need=3"),
    ],
)
def test_no_wave(hourly: dict[date, Sequence[float | None]], note: str) -> None:
    """Too few days, a flat line, days with holes."""
    found = of(hourly, max(len(hourly) - 1, 0))
    assert {(metric.value, metric.note) for metric in found.values()} == {(None, note)}


def test_days_on_another_clock_are_left_out() -> None:
    """After a journey the run begins anew; an hour of daylight saving is no journey."""
    known = {day_at(at): facts_made(day_at(at), hourly_hr=WAVE) for at in range(10)}
    for at in (7, 8, 9):
        clock, end_ts = clock_of(day_at(at), ZoneInfo("America/New_York"))
        known[day_at(at)] = replace(known[day_at(at)], clock=clock, end_ts=end_ts)
    told = hourly_of(known, day_at(8), lambda fact: fact.hourly_hr)
    assert list(told) == [day_at(7), day_at(8)]
    assert len(hourly_of(known, day_at(6), lambda fact: fact.hourly_hr)) == 7
    spring = date(2026, 3, 30)
    around = {on: facts_made(on, hourly_hr=WAVE) for on in (spring - timedelta(2), spring)}
    assert hourly_of(around, spring, lambda fact: fact.hourly_hr).keys() == around.keys()


def test_noise_has_a_level_and_no_peak() -> None:
    """Which is not more than chance."""
    dice = np.random.default_rng(8)
    noise: dict[date, Sequence[float | None]] = {
        day_at(at): (60.0 + dice.normal(0, 2.0, 24)).tolist() for at in range(7)
    }
    found = of(noise, 6)
    assert found["mesor"].value == pytest.approx(60.0, abs=1.0)
    assert (found["peak"].note or "").startswith("no_daily_wave:r2=")
