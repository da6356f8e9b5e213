"""One moment: asleep or not, and whether the wearer has got up."""

from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.now import LOOK_BACK_S, QUICK_CONFIDENCE, ROWS, derive_now
from custom_components.openstrap.engine.samples import Samples, empty_samples
from custom_components.openstrap.engine.signal.motion import Motion, motion_of
from custom_components.openstrap.engine.signal.wear import worn_records
from custom_components.openstrap.engine.sleep.live import LiveSleep
from custom_components.openstrap.engine.sleep.waking import Waking

from .series import at, clock, quiet_night, samples_of

DAY = date(2026, 6, 10)
RESTING = 52.0


def living(samples: Samples) -> Samples:
    """Give the heart some life: no pulse stays the same for hours."""
    noise = np.random.default_rng(1).standard_normal(len(samples))
    wander = np.convolve(noise, np.full(30, 0.36), "same")
    return replace(samples, hr_bpm=(samples.hr_bpm + np.rint(wander)).astype(np.int16))


NIGHT = living(quiet_night(DAY))


def test_asleep_in_the_night() -> None:
    """At three o'clock, from 11 pm on, and nobody has got up."""
    found = derive_now(NIGHT, at(DAY, 3), resting_bpm=RESTING)
    assert isinstance(found.sleep, LiveSleep)
    asleep = found.metrics["asleep_now"]
    assert (asleep.value or 0) > 0.8
    assert asleep.confidence > 0.5
    assert found.awake_by_hr is False
    assert (found.metrics["got_up"].value, found.metrics["got_up"].note) == (None, "no_sleep")


def test_awake_in_the_afternoon() -> None:
    """Hours after getting up."""
    found = derive_now(NIGHT, at(DAY, 15), resting_bpm=RESTING)
    assert (found.metrics["asleep_now"].value or 0) < 0.3
    assert found.awake_by_hr is True


@pytest.mark.parametrize("minutes", [12, 20, 45])
def test_who_has_got_up(minutes: int) -> None:
    """Told ten to twenty minutes later, for as long as the day stays awake."""
    found = derive_now(NIGHT, at(DAY, 7, minutes), resting_bpm=RESTING)
    assert isinstance(found.waking, Waking)
    got_up = found.metrics["got_up"]
    assert got_up.value == pytest.approx(at(DAY, 7), abs=180)
    assert dict(got_up.drivers)["asleep_since"] == pytest.approx(at(DAY, 0) - 3600, abs=900)
    assert (found.metrics["asleep_now"].value or 0) < 0.5


def test_two_minutes_of_records_are_enough() -> None:
    """For whether somebody sleeps; not for getting up."""
    now = at(DAY, 3)
    found = derive_now(NIGHT.between(now - 120, now), now)
    assert (found.metrics["asleep_now"].value or 0) > 0.5
    assert found.metrics["got_up"].note == "need_input:name=minutes,have=2,need=10"
    assert found.awake_by_hr is None


def test_the_future_and_the_distant_past_change_nothing() -> None:
    """Only what lies within a day and a half before counts."""
    now = at(DAY, 7, 30)
    known = NIGHT.between(now - LOOK_BACK_S, now)
    told, again = (derive_now(one, now, resting_bpm=RESTING) for one in (NIGHT, known))
    assert told.metrics == again.metrics
    assert told.sleep == again.sleep


def test_the_heart_alone_stands_in() -> None:
    """Without movement: with little confidence, and only when the resting heart rate is known."""
    now = at(DAY, 3)
    still = samples_of(NIGHT.ts, hr_bpm=NIGHT.hr_bpm, accel_g=np.nan)
    told = derive_now(still, now, resting_bpm=RESTING).metrics
    assert (told["asleep_now"].value, told["asleep_now"].confidence) == (1.0, QUICK_CONFIDENCE)
    assert told["asleep_now"].note == "fallback:method=heart_rate"
    assert told["stage_now"].value is None
    unknown = derive_now(still, now).metrics["asleep_now"]
    assert unknown.value is None
    assert (unknown.note or "").startswith("need_input:name=motion_s")


def test_movement_may_come_from_any_recorder() -> None:
    """Instead of the acceleration."""
    now = at(DAY, 3)
    motion = motion_of(NIGHT, worn_records(NIGHT))
    bare = replace(NIGHT, accel_g=np.full_like(NIGHT.accel_g, np.nan))
    assert derive_now(bare, now, motion=motion).sleep == derive_now(NIGHT, now).sleep


def test_a_strap_on_the_table_says_nothing() -> None:
    """Its wrist events say so; and later events are not known yet."""
    now = at(DAY, 3)
    off = derive_now(NIGHT, now, wrist=[(at(DAY, 0), False), (now - 1, True)], resting_bpm=RESTING)
    assert off.metrics["stage_now"].value is None
    later = derive_now(NIGHT, now, wrist=[(now + 1, False)], resting_bpm=RESTING)
    assert later.metrics == derive_now(NIGHT, now, resting_bpm=RESTING).metrics


def test_nothing_is_known_without_records() -> None:
    """And it is said what is missing; stale records are none."""
    for samples in (empty_samples(), NIGHT.between(0, at(DAY, 3))):
        found = derive_now(samples, at(DAY, 6), resting_bpm=RESTING)
        assert found.metrics.keys() == {row.key for row in ROWS}
        for metric in found.metrics.values():
            assert (metric.value, metric.confidence) == (None, 0.0)
            assert metric.note


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0), st.floats(0.5, 60.0), st.booleans())
def test_any_input_gives_an_answer(seed: int, bad: float, step_s: float, counts: bool) -> None:
    """Nothing raises, and the metrics keep the rules."""
    chance = np.random.default_rng(seed)
    now = at(DAY, 6, 30) + chance.uniform(0, 60)
    ts = np.sort(chance.uniform(now - 7200, now + 600, int(7200 / step_s)))
    samples = samples_of(
        ts,
        hr_bpm=np.where(chance.random(len(ts)) < bad, 0, chance.integers(25, 231, len(ts))),
        accel_g=np.where(chance.random(len(ts)) < bad, np.nan, 1.0)[:, None] * (0.0, 0.6, 0.8),
        rr_ms=chance.integers(200, 2500, min(len(ts), 100)),
        rr_index=np.sort(chance.integers(0, max(len(ts), 1), min(len(ts), 100))),
    )
    bins = clock(now - 7200, now, 15.0)
    amount = np.where(chance.random(len(bins)) < bad, np.nan, chance.integers(0, 2, len(bins)))
    motion = Motion(bins, amount, 15.0) if counts else None
    found = derive_now(samples, now, resting_bpm=RESTING, motion=motion)
    for metric in found.metrics.values():
        assert (metric.value is None) == (metric.confidence == 0.0)


def test_less_is_never_surer() -> None:
    """Records lost at random raise no confidence."""
    now = at(DAY, 7, 30)
    whole = derive_now(NIGHT, now, resting_bpm=RESTING).metrics
    for share in (0.3, 0.8):
        kept = np.random.default_rng(1).random(len(NIGHT)) > share
        less = derive_now(_some(NIGHT, kept), now, resting_bpm=RESTING).metrics
        for key, metric in less.items():
            assert metric.confidence <= whole[key].confidence + 0.03, key


def _some(samples: Samples, kept: NDArray[np.bool_]) -> Samples:
    return samples_of(samples.ts[kept], hr_bpm=samples.hr_bpm[kept], accel_g=samples.accel_g[kept])
