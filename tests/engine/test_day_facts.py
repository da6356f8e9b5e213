"""What a day leaves behind for later days."""

from dataclasses import replace
from datetime import date, timedelta, tzinfo
import json
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.day import DayInputs, derive_day
from custom_components.openstrap.engine.day_facts import MIN_CONFIDENCE
from custom_components.openstrap.engine.day_window import window_of
from custom_components.openstrap.engine.facts import UNKNOWN_HOURS, DayFacts, clock_of
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.samples import Samples, empty_samples

from .series import BERLIN, at, clock, quiet_night, samples_of

DAY = date(2026, 6, 10)
AUTUMN, SPRING = date(2025, 10, 26), date(2026, 3, 29)
"""Days of 25 and of 23 hours."""


def facts_of(samples: Samples, day: date = DAY, tz: tzinfo = BERLIN) -> DayFacts:
    """Derive a day and keep its facts, which text must hold."""
    found = derive_day(DayInputs(day, tz, samples, Profile())).facts
    assert found is not None
    assert DayFacts.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    return found


def test_a_day_without_records() -> None:
    """Has a clock and nothing else."""
    found = facts_of(empty_samples())
    clock, end_ts = clock_of(DAY, BERLIN)
    assert (found.clock, found.end_ts, found.tz) == (clock, end_ts, "Europe/Berlin")
    assert (found.onset_ts, found.offset_ts, found.tst_min, found.nap_min) == (None,) * 4
    assert (found.asleep, found.seen, dict(found.values)) == ((), (), {})
    assert found.hourly_hr == found.hourly_activity == found.hourly_skin_c == UNKNOWN_HOURS


def test_a_doubtful_sleep_is_no_fact() -> None:
    """As little as any other number below the least confidence."""
    night = quiet_night(DAY)
    # What a heart of its own says of a night that hardly moved a sensor.
    still = replace(night, accel_g=np.full_like(night.accel_g, np.nan))
    result = derive_day(DayInputs(DAY, BERLIN, still, Profile()))
    assert result.metrics["rest_onset"].value is not None
    assert result.metrics["sleep_min"].confidence < MIN_CONFIDENCE
    assert result.facts is not None
    assert (result.facts.tst_min, result.facts.asleep) == (None, ())


@pytest.mark.full
@pytest.mark.parametrize("day", [DAY, AUTUMN, SPRING])
def test_a_quiet_night(day: date) -> None:
    """Sleep, what was seen, and the hours by the clock on the wall, on days of 23 to 25 hours."""
    found = facts_of(quiet_night(day), day)
    start, end = window_of(day, BERLIN)
    assert found.onset_ts == pytest.approx(at(day - timedelta(days=1), 23), abs=900)
    assert found.offset_ts == pytest.approx(at(day, 7), abs=300)
    assert found.tst_min == found.values["sleep_min"]
    assert found.nap_min == 0.0
    assert found.seen == ((start, end),)
    hours = list(range(24))
    if day == SPRING:
        hours.remove(2)
        assert found.hourly_hr[2] is None
    assert all(found.hourly_hr[hour] == (52.0 if hour < 7 else 75.0) for hour in hours)
    assert all((found.hourly_activity[hour] or 0.0) < 0.01 for hour in hours if hour < 7)
    assert all((found.hourly_activity[hour] or 0.0) > 0.1 for hour in hours if hour > 7)


def test_asleep_spans_lie_between_onset_and_offset() -> None:
    """And sum to about the sleep: minutes are told as what to expect, spans as what was scored."""
    found = facts_of(quiet_night(DAY))
    assert found.asleep[0][0] == found.onset_ts
    assert found.asleep[-1][1] == found.offset_ts
    slept = sum(end - start for start, end in found.asleep) / 60.0
    assert slept == pytest.approx(found.tst_min, abs=20)


def resting(day: date, spans: list[tuple[float, float]]) -> Samples:
    """Make a day and the evening before that rests in some spans only; its heart slows then."""
    ts = clock(*window_of(day, BERLIN))
    still = np.zeros(len(ts), dtype=bool)
    for start, end in spans:
        still |= (ts >= start) & (ts < end)
    swing = np.where(still, 0.3, np.radians(np.where((ts // 5.0) % 2 == 0, 20.0, -20.0)))
    accel = np.stack([np.cos(swing), np.zeros_like(swing), np.sin(swing)], axis=1)
    return samples_of(ts, hr_bpm=np.where(still, 52, 75), accel_g=accel)


def test_a_day_with_naps_alone() -> None:
    """Has no main sleep: nap minutes, spans asleep, no duration."""
    found = facts_of(resting(DAY, [(at(DAY, 13), at(DAY, 14)), (at(DAY, 17), at(DAY, 17, 40))]))
    assert (found.onset_ts, found.offset_ts, found.tst_min) == (None, None, None)
    assert found.nap_min == pytest.approx(100, abs=2)
    assert len(found.asleep) == 2
    assert "sleep_min" not in found.values


@pytest.mark.full
@pytest.mark.parametrize("turn", [None, (23, 20), (23, 40), (23, 55)])
def test_the_evening_belongs_to_the_next_day(turn: tuple[int, int] | None) -> None:
    """Who goes to bed at ten has no nap, however they turn before midnight."""
    tomorrow = DAY + timedelta(days=1)
    cuts = [at(DAY, 22), *([] if turn is None else [at(DAY, *turn), at(DAY, *turn) + 60])]
    cuts.append(at(tomorrow, 6))
    spans = list(zip(cuts[::2], cuts[1::2], strict=True))
    before = (at(DAY - timedelta(days=1), 23), at(DAY, 7))
    today = facts_of(resting(DAY, [before, *spans]))
    assert today.nap_min == 0.0
    assert today.asleep[-1][1] <= at(DAY, 7)
    night = facts_of(resting(tomorrow, spans), tomorrow)
    assert night.onset_ts == pytest.approx(at(DAY, 22), abs=900)
    assert night.nap_min == 0.0


@pytest.mark.full
@pytest.mark.parametrize(("hour", "minute"), [(20, 0), (22, 30), (23, 30), (23, 50)])
def test_an_evening_nap_is_counted_once(hour: int, minute: int) -> None:
    """By the day in which it is over, which is an hour after it ended."""
    tomorrow = DAY + timedelta(days=1)
    nap = (at(DAY, hour, minute) - 2400, at(DAY, hour, minute))
    night = (at(tomorrow, 2), at(tomorrow, 9))
    before = (at(DAY - timedelta(days=1), 23), at(DAY, 7))
    today = facts_of(resting(DAY, [before, nap, night])).nap_min
    after = facts_of(resting(tomorrow, [nap, night]), tomorrow).nap_min
    late = nap[1] + 3600 > at(tomorrow, 0)
    assert (today, after) == pytest.approx((0.0, 40.0) if late else (40.0, 0.0), abs=1.5)


def test_hours_with_too_few_minutes_are_unknown() -> None:
    """Half an hour is enough, less is not."""
    night = quiet_night(DAY)
    kept = (night.ts >= at(DAY, 9, 31)) & (night.ts < at(DAY, 11, 31))
    found = facts_of(
        samples_of(night.ts[kept], hr_bpm=night.hr_bpm[kept], accel_g=night.accel_g[kept])
    )
    assert found.hourly_hr[9] is None
    assert found.hourly_hr[10] == found.hourly_hr[11] == 75.0
    [seen] = found.seen
    assert seen == pytest.approx((at(DAY, 9, 31), at(DAY, 11, 31)), abs=2)


def test_what_is_hardly_known_is_nothing_to_compare_with() -> None:
    """A number below 0.3 stands in the day, and not among its values."""
    night = quiet_night(DAY)
    result = derive_day(DayInputs(DAY, BERLIN, night, Profile()))
    assert result.facts is not None
    for key, metric in result.metrics.items():
        assert (key in result.facts.values) == (metric.confidence >= MIN_CONFIDENCE), key
    kept = (night.ts > at(DAY, 0)) & (night.ts < at(DAY, 3, 30))
    few = samples_of(night.ts[kept], hr_bpm=night.hr_bpm[kept], accel_g=night.accel_g[kept])
    thin = derive_day(DayInputs(DAY, BERLIN, few, Profile()))
    assert thin.facts is not None
    assert 0.0 < thin.metrics["resting_hr_bpm"].confidence < MIN_CONFIDENCE
    assert "resting_hr_bpm" not in thin.facts.values


def test_dust_is_no_observation() -> None:
    """Holes of seconds are bridged, seconds alone are left out."""
    night = quiet_night(DAY)
    dust = (night.ts % 600 < 20) & (night.ts > at(DAY, 12))
    holed = (night.ts <= at(DAY, 12)) & (night.ts % 600 >= 30)
    kept = dust | holed
    found = facts_of(
        samples_of(night.ts[kept], hr_bpm=night.hr_bpm[kept], accel_g=night.accel_g[kept])
    )
    assert len(found.seen) == 1
    assert found.seen[0][1] == pytest.approx(at(DAY, 12), abs=30)


def test_the_skin_of_a_still_wrist() -> None:
    """Hourly medians of plausible readings; a moving arm's do not count."""
    night = quiet_night(DAY)
    asleep = night.hr_bpm == 52
    warm = np.where(asleep, 35.0, 33.0)
    accel = np.where((night.ts % 120 < 60)[:, None], night.accel_g, 1.2 * night.accel_g)
    moving = (night.ts >= at(DAY, 15)) & (night.ts < at(DAY, 16))
    accel[moving] = (0.0, 0.0, 1.5)
    found = facts_of(samples_of(night.ts, hr_bpm=night.hr_bpm, accel_g=accel, skin_temp_c=warm))
    assert found.hourly_skin_c[3] == 35.0
    assert found.hourly_skin_c[12] == 33.0
    assert found.hourly_skin_c[15] is None


@pytest.mark.full
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([DAY, AUTUMN, SPRING]),
    st.sampled_from(["Europe/Berlin", "UTC", "Asia/Kathmandu", "America/St_Johns"]),
    st.floats(2.0, 900.0),
)
def test_facts_of_anything(seed: int, day: date, zone: str, step_s: float) -> None:
    """Keep their rules and come back from text."""
    tz, chance = ZoneInfo(zone), np.random.default_rng(seed)
    start, end = window_of(day, tz)
    ts = np.sort(chance.uniform(start - 600, end + 600, int((end - start) / step_s)))
    still = np.repeat(chance.random(len(ts) // 200 + 1) < 0.5, 200)[: len(ts)]
    found = facts_of(
        samples_of(
            ts,
            hr_bpm=np.where(still, 50, chance.integers(0, 200, len(ts))),
            accel_g=np.where(still[:, None], (0.0, 0.0, 1.0), chance.normal(0, 1, (len(ts), 3))),
        ),
        day,
        tz,
    )
    for first, last in (*found.asleep, *found.seen):
        assert found.start_ts <= first < last <= found.end_ts
