"""Sleep by day, and what is none."""

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.signal.motion import Motion, motion_of
from custom_components.openstrap.engine.signal.wear import worn_records
from custom_components.openstrap.engine.sleep.nap_metrics import ROWS, nap_metrics
from custom_components.openstrap.engine.sleep.naps import Naps, find_naps

from ..series import clock, samples_of

MINUTE = 60.0
HOUR = 3600.0
DAY = (0.0, 24 * HOUR)


class Part(NamedTuple):
    """A stretch of a day."""

    minutes: float
    hr_bpm: int
    moving: bool


def day_of(parts: Sequence[Part], *, start: float = 8 * HOUR) -> Samples:
    """Lay stretches end to end; a moving arm swings every five seconds."""
    total = sum(part.minutes for part in parts) * MINUTE
    ts = clock(start, start + total)
    edge = start + np.cumsum([part.minutes * MINUTE for part in parts])
    row = np.minimum(np.searchsorted(edge, ts, side="right"), len(parts) - 1)
    moving = np.array([part.moving for part in parts])[row]
    swing = np.where(moving, np.radians(np.where((ts // 5.0) % 2 == 0, 20.0, -20.0)), 0.3)
    accel = np.stack([np.cos(swing), 0 * swing, np.sin(swing)], axis=1)
    return samples_of(ts, hr_bpm=np.array([part.hr_bpm for part in parts])[row], accel_g=accel)


def of(
    samples: Samples,
    *,
    night: tuple[float, float] | None = None,
    exclusions: Sequence[tuple[float, float]] = (),
) -> Naps:
    """Look for naps by the gravity of the samples."""
    worn = worn_records(samples)
    motion = motion_of(samples, worn)
    return find_naps(samples, worn, motion, DAY, night=night, exclusions=exclusions)


AWAKE, NAP = Part(180, 75, moving=True), Part(30, 58, moving=False)


def test_one_nap() -> None:
    """NAP1: half an hour still, with a slow heart."""
    found = of(day_of([AWAKE, NAP, AWAKE]))
    (nap,) = found.naps
    assert nap.start_ts == pytest.approx(11 * HOUR, abs=30)
    assert nap.asleep_s == pytest.approx(1800, abs=90)
    assert nap.hr_bpm == 58
    assert 0.2 <= nap.confidence <= 0.85
    assert not nap.starts_at_edge
    assert (found.confidence, found.reason) == (nap.confidence, None)


def test_sitting_still_again_and_again() -> None:
    """NAP2: bursts of work between still stretches at one heart rate are no naps."""
    found = of(day_of([Part(6, 96, moving=True), Part(25, 72, moving=False)] * 8))
    assert (found.naps, found.confidence, found.reason) == ((), 0.3, None)


def test_a_nap_that_may_go_on() -> None:
    """NAP3: what reaches the last record waits, and what lies shortly before it too."""
    found = of(day_of([AWAKE, NAP, Part(20, 75, moving=True), NAP]))
    assert found.naps == ()
    assert len(found.deferred) == 2
    assert found.reason is None


def test_a_nap_that_may_have_begun_before() -> None:
    """The records begin with it: it is told so."""
    (nap,) = of(day_of([NAP, AWAKE])).naps
    assert nap.starts_at_edge


@pytest.mark.parametrize(
    "nap",
    [
        Part(14, 58, moving=False),
        Part(370, 58, moving=False),
        Part(30, 73, moving=False),
        Part(30, 58, moving=True),
        Part(30, 0, moving=False),
    ],
    ids=["short", "long", "fast heart", "moving", "no pulse"],
)
def test_what_is_no_nap(nap: Part) -> None:
    """Looked and found none."""
    found = of(day_of([AWAKE, nap, AWAKE]))
    assert (found.naps, found.confidence, found.reason) == ((), 0.3, None)


def test_the_night_and_workouts_are_none() -> None:
    """Neither the main sleep nor what lies half in an exclusion."""
    samples = day_of([AWAKE, Part(30, 68, moving=False), AWAKE])
    start = 11 * HOUR
    assert not of(samples, night=(start, start + 1200.0)).naps
    assert not of(samples, exclusions=[(start, start + 1000.0)]).naps
    (nap,) = of(samples, exclusions=[(start - 900.0, start + 300.0)]).naps
    assert nap.confidence < of(samples).naps[0].confidence


def test_short_turns_are_bridged() -> None:
    """A turn of two minutes within an hour's nap is part of it, and not asleep."""
    nap = [NAP, Part(2, 70, moving=True), NAP]
    (found,) = of(day_of([AWAKE, *nap, AWAKE])).naps
    assert found.end_ts - found.start_ts == pytest.approx(62 * MINUTE, abs=60)
    assert found.asleep_s == pytest.approx(60 * MINUTE, abs=90)


def test_too_little_to_compare_with() -> None:
    """An hour awake is no waking day; nothing at all is less."""
    found = of(day_of([Part(60, 75, moving=True), NAP, Part(50, 75, moving=True)]))
    assert found == Naps((), (), 0.0, "need_input:name=awake_hr_min,have=110,need=120")
    nothing = of(samples_of([]))
    assert nothing.reason == "need_input:name=motion_min,have=0,need=15"
    assert (nothing.naps, nothing.confidence) == ((), 0.0)
    constant = of(samples_of(clock(0.0, 24 * HOUR)))
    assert not constant.naps


def test_counts_do_as_well() -> None:
    """Movement may come from any recorder."""
    samples = day_of([AWAKE, NAP, AWAKE])
    worn = worn_records(samples)
    motion = motion_of(samples, worn)
    counts = Motion(motion.ts, np.where(motion.amount > 0.0, 40.0, motion.amount), 1.0)
    without = samples_of(samples.ts, hr_bpm=samples.hr_bpm, accel_g=np.nan)
    assert find_naps(without, worn, counts, DAY) == of(samples)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.1, 0.9), st.integers(-5, 5))
def test_less_is_never_surer(seed: int, keep: float, days: int) -> None:
    """Records lost at random raise no confidence; another day changes nothing."""
    samples = day_of([AWAKE, NAP, AWAKE])
    whole = of(samples)
    kept = np.random.default_rng(seed).random(len(samples)) < keep
    less = of(
        samples_of(samples.ts[kept], hr_bpm=samples.hr_bpm[kept], accel_g=samples.accel_g[kept])
    )
    if less.naps:
        assert less.confidence <= whole.confidence
    shift = days * 24 * HOUR
    later = samples_of(samples.ts + shift, hr_bpm=samples.hr_bpm, accel_g=samples.accel_g)
    worn = worn_records(later)
    moved = find_naps(later, worn, motion_of(later, worn), (DAY[0] + shift, DAY[1] + shift))
    assert [nap.start_ts - shift for nap in moved.naps] == [nap.start_ts for nap in whole.naps]
    assert moved.confidence == whole.confidence


def test_metrics() -> None:
    """Found, looked in vain, and not looked."""
    found = nap_metrics(of(day_of([AWAKE, NAP, AWAKE])))
    assert found["nap_count"].value == 1
    assert found["nap_min"].value == pytest.approx(30, abs=1.5)
    none = nap_metrics(of(day_of([AWAKE, AWAKE])))
    assert [(metric.value, metric.confidence) for metric in none.values()] == [(0, 0.3)] * 2
    absent = nap_metrics(of(samples_of([])))
    assert all(metric.value is None and metric.note for metric in absent.values())
    waiting = nap_metrics(of(day_of([AWAKE, NAP])))
    assert waiting["nap_count"].note == "deferred:bouts=1"
    assert found.keys() == {row.key for row in ROWS}
    assert {row.kind for row in ROWS} == {"day"}


NIGHT_DAY = (24 * HOUR, 48 * HOUR)
"""The day after ``DAY``."""


def on_two_days(parts: Sequence[Part], *, start: float) -> tuple[Naps, Naps]:
    """Look on a day that ends with its last record, and on the next, which sees all of it."""
    samples = day_of(parts, start=start)
    so_far = samples.between(start, DAY[1])
    found = []
    for records, day in ((so_far, DAY), (samples, NIGHT_DAY)):
        worn = worn_records(records)
        found.append(find_naps(records, worn, motion_of(records, worn), day))
    return found[0], found[1]


@pytest.mark.parametrize("awake_min", [1, 20, 59])
def test_the_evening_may_be_the_next_night(awake_min: float) -> None:
    """What ends within the last hour of a day waits for the next, however it ended."""
    parts = [AWAKE, Part(60, 58, moving=False), Part(awake_min, 75, moving=True), AWAKE]
    start = DAY[1] - (180 + 60 + awake_min) * MINUTE
    today, tomorrow = on_two_days(parts, start=start)
    assert (today.naps, len(today.deferred)) == ((), 1)
    (nap,) = tomorrow.naps
    assert nap.end_ts == pytest.approx(DAY[1] - awake_min * MINUTE, abs=30)


def test_an_evening_nap_that_is_over_is_todays() -> None:
    """And is not told a second time."""
    parts = [AWAKE, NAP, Part(70, 75, moving=True), AWAKE]
    today, tomorrow = on_two_days(parts, start=DAY[1] - (180 + 30 + 70) * MINUTE)
    assert len(today.naps) == 1
    assert (tomorrow.naps, tomorrow.deferred) == ((), ())


def test_a_long_still_morning_hides_no_nap() -> None:
    """Each bout is compared with all the rest of the day."""
    parts = [Part(60, 75, moving=True), Part(350, 74, moving=False), Part(20, 75, moving=True), NAP]
    (nap,) = of(day_of([*parts, Part(20, 75, moving=True)])).naps
    assert nap.hr_bpm == 58
