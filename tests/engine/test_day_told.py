"""What the wearer told, beside what the records of a day say."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
import json

import numpy as np
import pytest

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import FOUND_REST, DayInputs, derive_day
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.metric import Tier
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.told import SleepEdit, Span, Told, ToldWorkout

from .series import BERLIN, at, demo_samples, quiet_night, samples_of

DAY = date(2026, 6, 10)
EVE, NEXT = DAY - timedelta(days=1), DAY + timedelta(days=1)
NIGHT = at(EVE, 23), at(DAY, 7)
NAP = at(DAY, 14), at(DAY, 14, 40)
PROFILE = Profile(birth_year=1990)


def of(samples: Samples, told: Told | None = None, day: date = DAY) -> DayResult:
    """Derive a day."""
    return derive_day(DayInputs(day, BERLIN, samples, PROFILE, told=told or Told()))


def edited(*span: float, day: date = DAY) -> Told:
    """Tell of a night."""
    return Told(sleep_edits=(SleepEdit(day, *span),))


def lying(*spans: Span, day: date = DAY) -> Samples:
    """Make a day with stretches in which the arm lies still and the heart is slow."""
    day_of = quiet_night(day)
    still = np.zeros(len(day_of), dtype=bool)
    for start, end in spans:
        still |= (day_of.ts >= start) & (day_of.ts < end)
    lain = np.array([np.cos(0.3), 0.0, np.sin(0.3)])
    return samples_of(
        day_of.ts,
        hr_bpm=np.where(still, 55, day_of.hr_bpm),
        accel_g=np.where(still[:, None], lain, day_of.accel_g),
    )


@cache
def alone() -> DayResult:
    """Derive the day of the nap with nothing told."""
    return of(lying(NAP))


def value(result: DayResult, key: str) -> float | None:
    """Give a metric's value."""
    return result.metrics[key].value


def facts(result: DayResult) -> DayFacts:
    """Give what is left for later days."""
    assert result.facts is not None
    return result.facts


def waking_min(result: DayResult) -> int:
    """Count the waking minutes of a day with a heart rate."""
    return sum(count for _, count in facts(result).wake_hr)


@pytest.mark.full
def test_a_told_workout_is_no_rest() -> None:
    """Whoever trained while the arm lay still was awake, and it counts; in no nap either."""
    workout = ToldWorkout("a", at(DAY, 2), at(DAY, 3), "cycle")
    told = of(quiet_night(DAY), Told(workouts=(workout,)))
    assert waking_min(told) == waking_min(of(quiet_night(DAY))) + 60


@pytest.mark.full
def test_a_told_night_is_the_window_of_everything() -> None:
    """Window, what lies in it, facts and waking minutes; what was found is remembered."""
    before = alone()
    told = NIGHT[0] + 3600.0, NIGHT[1] - 1800.0
    after = of(lying(NAP), edited(*told))
    assert (value(after, "rest_onset"), value(after, "rest_offset")) == told
    assert value(after, "rest_duration_min") == 390.0
    for key in ("rest_onset", "rest_offset", "rest_duration_min"):
        assert after.metrics[key].note == "told:window"
        assert after.metrics[key].tier is Tier.ESTIMATE
    assert waking_min(after) == waking_min(before) + 30
    assert after.details[FOUND_REST] == [value(before, "rest_onset"), value(before, "rest_offset")]
    assert FOUND_REST not in before.details
    assert value(after, "nap_count") == value(before, "nap_count") == 1
    assert DayResult.from_dict(json.loads(json.dumps(after.to_dict()))) == after


@pytest.mark.full
def test_stages_and_facts_follow_the_told_night() -> None:
    """Of a wearer with beats and stages, who slept less than it seemed."""
    samples = demo_samples(1, DAY)
    before = of(samples)
    bed, rise = value(before, "rest_onset"), value(before, "rest_offset")
    assert bed is not None
    assert rise is not None
    told = bed + 5400.0, rise - 3600.0
    after = of(samples, edited(*told))
    asleep, less = value(before, "sleep_min"), value(after, "sleep_min")
    assert asleep is not None
    assert less is not None
    assert asleep - 160.0 < less < asleep - 90.0
    onset, offset = facts(after).onset_ts, facts(after).offset_ts
    assert onset is not None
    assert offset is not None
    assert told[0] <= onset < offset <= told[1]
    assert facts(after).tst_min == less
    assert after.details["hypnogram"] != before.details["hypnogram"]
    assert value(after, "rmssd_ms") is not None
    night = [key for key, spec in CATALOG.items() if spec.kind == "night"]
    assert {key for key in night if value(after, key) is None} <= {
        *(key for key in night if value(before, key) is None),
        "sleep_cycles",
        "rem_latency_min",
    }
    # What is known of the day itself, whenever they slept.
    assert value(after, "worn_min") == value(before, "worn_min")
    assert of(samples) == before


@pytest.mark.full
def test_where_nothing_was_worn_no_night_is_invented() -> None:
    """Every metric of the night is absent and says so; the found one does not stand in."""
    whole = quiet_night(DAY)
    off = (whole.ts >= at(EVE, 20)) & (whole.ts < at(DAY, 3))
    samples = samples_of(whole.ts[~off], hr_bpm=whole.hr_bpm[~off], accel_g=whole.accel_g[~off])
    found = of(samples)
    assert value(found, "rest_onset") is not None
    told = of(samples, edited(at(EVE, 21), at(DAY, 3)))
    for key in ("rest_onset", "rest_offset", "rest_duration_min", "sleep_min", "rmssd_ms"):
        assert value(told, key) is None
        assert told.metrics[key].note == "need_input:name=worn_min,have=0,need=180"
    assert facts(told).onset_ts is None
    assert facts(told).tst_min is None


def test_a_night_that_was_hardly_seen_is_no_waking() -> None:
    """Too little to measure it, but the minutes that were seen were asleep, they say."""
    whole = quiet_night(DAY)
    off = (whole.ts >= at(EVE, 20)) & (whole.ts < at(DAY, 5))
    samples = samples_of(whole.ts[~off], hr_bpm=whole.hr_bpm[~off], accel_g=whole.accel_g[~off])
    told = of(samples, edited(*NIGHT))
    assert value(told, "rest_onset") is None
    assert value(told, "sleep_min") is None
    assert waking_min(told) == 17 * 60
    assert value(told, "nap_count") == 0


@pytest.mark.full
def test_what_was_cut_off_is_waking_and_no_nap() -> None:
    """They lay awake from five; a nap that morning would be a night by the back door."""
    stirred = at(DAY, 5, 0), at(DAY, 5, 6)
    samples = quiet_night(DAY)
    moving = (samples.ts >= stirred[0]) & (samples.ts < stirred[1])
    swing = np.radians(np.where((samples.ts // 5.0) % 2 == 0, 20.0, -20.0))
    arm = np.stack([np.cos(swing), 0 * swing, np.sin(swing)], axis=1)
    samples = samples_of(
        samples.ts,
        hr_bpm=samples.hr_bpm,
        accel_g=np.where(moving[:, None], arm, samples.accel_g),
    )
    found = of(samples)
    assert value(found, "rest_offset") == pytest.approx(NIGHT[1], abs=15.0)
    told = of(samples, edited(NIGHT[0], stirred[0]))
    assert value(told, "nap_count") == 0
    assert waking_min(told) == waking_min(found) + 120


@pytest.mark.full
def test_a_rest_elsewhere_may_be_a_nap() -> None:
    """The strap found the afternoon to be the night, for it was off in the real one."""
    rest = at(DAY, 13), at(DAY, 16, 30)
    whole = lying(rest)
    off = (whole.ts >= at(EVE, 22)) & (whole.ts < at(DAY, 8))
    samples = samples_of(whole.ts[~off], hr_bpm=whole.hr_bpm[~off], accel_g=whole.accel_g[~off])
    assert value(of(samples), "rest_onset") == pytest.approx(rest[0], abs=30.0)
    told = of(samples, edited(*NIGHT))
    assert value(told, "rest_onset") is None
    assert value(told, "nap_count") == 1


@pytest.mark.parametrize("moved_s", [0.0, 600.0, -900.0])
def test_a_rejected_nap_is_waking(moved_s: float) -> None:
    """Also where it is found at somewhat other times than then."""
    before = alone()
    assert value(before, "nap_count") == 1
    gone = NAP[0] + moved_s, NAP[1] + moved_s
    after = of(lying(NAP), Told(rejected_naps=(gone,)))
    assert value(after, "nap_count") == 0
    assert value(after, "nap_min") == 0
    assert after.details["naps"] == []
    assert waking_min(after) == waking_min(before) + 40
    assert facts(after).asleep == tuple(span for span in facts(before).asleep if span[0] < NIGHT[1])
    assert value(after, "rest_onset") == value(before, "rest_onset")


@pytest.mark.full
def test_only_the_rejected_nap_goes() -> None:
    """The other of the day stays, and what was told of another hour changes nothing."""
    evening = at(DAY, 18), at(DAY, 18, 30)
    both = lying(NAP, evening)
    assert value(of(both), "nap_count") == 2
    after = of(both, Told(rejected_naps=(NAP,)))
    assert [nap[0] for nap in after.details["naps"]] == [pytest.approx(evening[0], abs=15.0)]
    assert of(lying(NAP), Told(rejected_naps=(evening,))) == alone()


@pytest.mark.full
def test_the_evening_of_tomorrows_night_is_no_waking() -> None:
    """Told for the next day, it begins on this one: neither nap nor waking here."""
    rest = at(DAY, 19), at(DAY, 21)
    samples = lying(rest)
    found = of(samples)
    assert value(found, "nap_count") == 1
    told = of(samples, edited(rest[0], at(NEXT, 6), day=NEXT))
    assert value(told, "nap_count") == 0
    assert waking_min(told) == 12 * 60
    assert value(told, "rest_onset") == value(found, "rest_onset")


@pytest.mark.full
def test_one_sleep_is_not_the_night_of_two_days() -> None:
    """What was told to be yesterday's night is not found again as today's."""
    late = at(EVE, 17), at(EVE, 23, 40)
    whole = quiet_night(DAY, bed=(17, 0), up=(0, 0))
    samples = samples_of(
        whole.ts,
        hr_bpm=np.where(whole.ts >= late[1], 75, whole.hr_bpm),
        accel_g=whole.accel_g,
    )
    assert value(of(samples), "rest_onset") == pytest.approx(late[0], abs=60.0)
    told = of(samples, edited(*late, day=EVE))
    assert value(told, "rest_onset") is None
    assert value(told, "nap_count") == 0


@pytest.mark.full
def test_nothing_told_changes_nothing() -> None:
    """What touches the records without being of this day, too."""
    assert of(lying(NAP), Told()) == alone()
    assert of(lying(NAP), Told(rejected_naps=((0.0, 900.0),))) == alone()
    inputs = DayInputs(DAY, BERLIN, lying(NAP), PROFILE)
    assert derive_day(replace(inputs, told=Told(period_starts=(DAY,)))) == alone()


@pytest.mark.full
def test_a_night_told_on_another_clock_breaks_nothing() -> None:
    """The day was lived elsewhere: it may reach beyond the records."""
    end = at(NEXT, 0)
    told = of(lying(NAP), edited(end - 3600.0, end + 21600.0))
    assert value(told, "rest_onset") is None
    half = of(lying(NAP), edited(end - 10800.0, end + 7200.0))
    assert value(half, "rest_offset") in {None, end + 7200.0}
