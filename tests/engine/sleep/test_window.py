"""The one window of rest, and when there is none."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from custom_components.openstrap.engine.metric import NO_SLEEP, Tier
from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.signal.motion import Motion, motion_of
from custom_components.openstrap.engine.signal.wear import worn_records
from custom_components.openstrap.engine.sleep.groups import Span
from custom_components.openstrap.engine.sleep.window import RestWindow, find_night

from ..series import GEN4_STEP_S, at, clock, demo_samples, quiet_night, samples_of

DAY = date(2026, 6, 10)
EVE = DAY - timedelta(days=1)
SPAN = Span(at(EVE, 12), at(DAY, 0), at(DAY, 12), at(DAY + timedelta(days=1), 0))


def of(samples: Samples, span: Span = SPAN) -> RestWindow | str:
    """Find the rest of the day."""
    worn = worn_records(samples)
    return find_night(samples, worn, motion_of(samples, worn), span)


def found(samples: Samples) -> RestWindow:
    """Find it, and be sure that it is there."""
    rest = of(samples)
    assert isinstance(rest, RestWindow)
    return rest


def without(samples: Samples, start: float, stop: float) -> Samples:
    """Take the records of a stretch away."""
    keep = (samples.ts < start) | (samples.ts >= stop)
    return samples_of(samples.ts[keep], hr_bpm=samples.hr_bpm[keep], accel_g=samples.accel_g[keep])


@pytest.mark.parametrize("step_s", [1.0, GEN4_STEP_S])
def test_a_whole_day(step_s: float) -> None:
    """A night of eight hours, seen whole: as sure as it gets."""
    rest = found(quiet_night(DAY, step_s=step_s))
    assert rest.onset_ts == pytest.approx(at(EVE, 23), abs=180)
    assert rest.offset_ts == pytest.approx(at(DAY, 7), abs=180)
    assert (rest.confidence, rest.note) == (0.95, None)
    assert rest.tier is Tier.HIGH
    assert "threshold_deg" in dict(rest.drivers)


def test_the_night_alone() -> None:
    """A wearer who only has the night still gets it, less sure, and told so."""
    night = quiet_night(DAY).between(at(EVE, 22, 30), at(DAY, 7, 30))
    rest = found(night)
    assert rest.onset_ts == pytest.approx(at(EVE, 23), abs=180)
    assert rest.offset_ts == pytest.approx(at(DAY, 7), abs=180)
    assert 0.7 < rest.confidence < 0.9
    assert rest.note == "partial_span:observed=0.38,need=0.67"
    assert rest.tier is Tier.ESTIMATE


def test_still_hours_by_day_are_no_night_where_nothing_else_was_seen() -> None:
    """By night the same record is believed, and by day once both of its ends were seen."""
    inner, outer = (at(EVE, 23, 10), at(DAY, 6, 50)), (at(EVE, 14), at(DAY, 10))
    half_a_day = 43200.0
    for span, by_day in ((inner, False), (outer, True)):
        night = quiet_night(DAY).between(*span)
        assert isinstance(of(night), RestWindow)
        moved = replace(night, ts=night.ts + half_a_day)
        assert isinstance(of(moved), RestWindow) is by_day


@pytest.mark.full
@pytest.mark.parametrize("seed", [6, 7, 8])
def test_a_strap_that_is_worn_by_day_alone_shows_no_night(seed: int) -> None:
    """However long the wearer sits."""
    day = date(2026, 6, 10)
    samples = demo_samples(seed, day).between(at(day, 9, 30), at(day, 22))
    assert of(samples) == NO_SLEEP


def test_a_night_that_is_not_over() -> None:
    """The data end in it: it may go on, and the note says so."""
    rest = found(quiet_night(DAY).between(at(EVE, 12), at(DAY, 5)))
    assert rest.offset_ts == pytest.approx(at(DAY, 5), abs=180)
    assert rest.note == "open_end"


@pytest.mark.parametrize("hr", [0, 60])
def test_a_strap_on_a_table_is_no_night(hr: int) -> None:
    """Ten hours on the table in the day are stiller than any night, but without a pulse."""
    day = quiet_night(DAY, bed=(23, 0), up=(5, 0))
    table = (day.ts >= at(DAY, 8)) & (day.ts < at(DAY, 18))
    accel = np.where(table[:, None], (0.0, 0.0, 1.0), day.accel_g)
    heart = np.where(table & (day.ts % 1800 > 2), 0, day.hr_bpm)
    if not hr:
        heart = np.where(table, 0, heart)
    rest = found(samples_of(day.ts, hr_bpm=heart, accel_g=accel))
    assert rest.offset_ts == pytest.approx(at(DAY, 5), abs=180)


def test_a_few_stray_pulses_are_no_wrist() -> None:
    """A table that now and then looks like a pulse fails the cover of heart rate."""
    day = quiet_night(DAY)
    heart = np.where(day.ts % 300 < 3, 60, 0)
    assert of(samples_of(day.ts, hr_bpm=heart, accel_g=day.accel_g)) == NO_SLEEP


def test_the_longest_counts() -> None:
    """A nap of two hours does not, nor does the shorter half of a parted night."""
    day = quiet_night(DAY, bed=(22, 0), up=(7, 0))
    awake = (day.ts >= at(DAY, 1)) & (day.ts < at(DAY, 2, 30))
    swing = np.where((day.ts // 5.0) % 2 == 0, 0.4, -0.4)
    moving = np.stack([np.cos(swing), 0 * swing, np.sin(swing)], axis=1)
    accel = np.where(awake[:, None], moving, day.accel_g)
    rest = found(samples_of(day.ts, hr_bpm=day.hr_bpm, accel_g=accel))
    assert rest.onset_ts == pytest.approx(at(DAY, 2, 30), abs=180)


def test_a_rest_that_goes_on_belongs_to_the_next_day() -> None:
    """In bed at 19:00 on the day itself: that is tomorrow's night."""
    day = quiet_night(DAY, bed=(23, 0), up=(3, 0))
    evening = day.ts >= at(DAY, 19)
    accel = np.where(evening[:, None], (0.0, 0.0, 1.0), day.accel_g)
    rest = found(samples_of(day.ts, hr_bpm=day.hr_bpm, accel_g=accel))
    assert rest.offset_ts == pytest.approx(at(DAY, 3), abs=180)


def test_a_rest_of_the_eve_belongs_to_the_eve() -> None:
    """It ended before midnight."""
    day = quiet_night(DAY, bed=(13, 0), up=(0, 0))
    accel = np.where((day.ts < at(EVE, 20))[:, None], day.accel_g, quiet_night(DAY).accel_g)
    late = samples_of(day.ts, hr_bpm=60, accel_g=accel).between(at(EVE, 12), at(EVE, 23))
    assert of(late) == NO_SLEEP


@pytest.mark.full
@pytest.mark.parametrize("minute", [50, 54, 55, 57, 59])
def test_a_rest_that_ends_at_midnight_belongs_to_one_day(minute: int) -> None:
    """To the eve or to the day, never to none and never to both."""
    two_days = [quiet_night(EVE), quiet_night(DAY)]
    samples = samples_of(
        np.concatenate([two_days[0].between(0, SPAN.start).ts, two_days[1].ts]),
        accel_g=np.concatenate([two_days[0].between(0, SPAN.start).accel_g, two_days[1].accel_g]),
    )
    swing = np.where((samples.ts // 5.0) % 2 == 0, 0.4, -0.4)
    resting = (samples.ts >= at(EVE, 17)) & (samples.ts < at(EVE, 23, minute))
    swing[resting] = 0.0
    accel = np.stack([np.cos(swing), 0 * swing, np.sin(swing)], axis=1)
    samples = samples_of(samples.ts, accel_g=accel)
    eve = Span(*(edge - 86400.0 for edge in (SPAN.start, SPAN.midnight, SPAN.noon, SPAN.end)))
    rests = []
    for span in (eve, SPAN):
        part = samples.between(span.start, span.end)
        rests.append(isinstance(of(part, span), RestWindow))
    assert sorted(rests) == [False, True]


def test_holes_in_the_night() -> None:
    """Half an hour is bridged; two hours leave the longer part."""
    day = quiet_night(DAY)
    bridged = found(without(day, at(DAY, 2), at(DAY, 2, 30)))
    assert bridged.offset_ts - bridged.onset_ts == pytest.approx(8 * 3600, abs=360)
    parted = found(without(day, at(DAY, 1), at(DAY, 3)))
    assert parted.onset_ts == pytest.approx(at(DAY, 3), abs=180)
    assert parted.confidence < bridged.confidence <= 0.95


def turned(degrees: np.ndarray) -> np.ndarray:
    """Tilt the arm by so much."""
    angle = np.radians(degrees)
    return np.stack([np.cos(angle), 0 * angle, np.sin(angle)], axis=1)


def test_a_restless_night_falls_back() -> None:
    """A twitch every twelve seconds moves the arm all night, but does not turn it for long."""
    day = quiet_night(DAY)
    asleep = (day.ts >= at(EVE, 23)) & (day.ts < at(DAY, 7))
    accel = np.where(asleep[:, None], turned(np.where(day.ts % 12 == 0, 30.0, 10.0)), day.accel_g)
    rest = found(samples_of(day.ts, hr_bpm=day.hr_bpm, accel_g=accel))
    assert rest.note == "fallback:method=van_hees_2015"
    assert rest.method == "van_hees_2015"
    assert rest.confidence <= 0.5
    assert rest.tier is Tier.ESTIMATE
    assert rest.offset_ts - rest.onset_ts == pytest.approx(8 * 3600, abs=600)


def test_a_slowly_turning_arm_is_doubted() -> None:
    """Still from second to second, but HDCZA sees no rest: less sure, and an estimate."""
    day = quiet_night(DAY)
    asleep = (day.ts >= at(EVE, 23)) & (day.ts < at(DAY, 7))
    slow = turned(np.where((day.ts // 5.0) % 2 == 0, 2.0, -2.0))
    rest = found(
        samples_of(day.ts, hr_bpm=day.hr_bpm, accel_g=np.where(asleep[:, None], slow, day.accel_g))
    )
    assert rest.method == "sessions"
    assert rest.offset_ts - rest.onset_ts == pytest.approx(8 * 3600, abs=60)
    assert dict(rest.drivers)["hdcza_overlap"] == 0.0
    assert dict(rest.drivers)["window_disagreement_min"] == pytest.approx(480, abs=2)
    assert rest.confidence == pytest.approx(0.75, abs=0.06)
    assert rest.tier is Tier.ESTIMATE


def test_any_measure_of_movement_does() -> None:
    """Counts instead of gravity: the same window; without the angle nothing votes on it."""
    day = quiet_night(DAY)
    worn = worn_records(day)
    steps = motion_of(day, worn)
    counts = Motion(steps.ts, np.where(steps.amount > 0.0, 200.0, steps.amount), 1.0)
    without = samples_of(day.ts, hr_bpm=day.hr_bpm, accel_g=np.nan)
    rest = find_night(without, worn, counts, SPAN)
    assert isinstance(rest, RestWindow)
    assert (rest.onset_ts, rest.offset_ts) == (found(day).onset_ts, found(day).offset_ts)
    assert "hdcza_overlap" not in dict(rest.drivers)
    assert "threshold_deg" not in dict(rest.drivers)
    assert rest.tier is Tier.ESTIMATE


def test_the_heart_alone() -> None:
    """Where no movement was recorded: the hours of a slow heart, and little confidence."""
    day = quiet_night(DAY)
    rest = found(samples_of(day.ts, hr_bpm=day.hr_bpm + day.ts % 5, accel_g=np.nan))
    assert rest.onset_ts == pytest.approx(at(EVE, 23), abs=300)
    assert rest.offset_ts == pytest.approx(at(DAY, 7), abs=300)
    assert rest.note is not None
    assert "fallback:method=heart_rate" in rest.note
    assert rest.confidence <= 0.35
    assert rest.tier is Tier.ESTIMATE


def test_quiet_in_bed_before_sleep() -> None:
    """Half an hour of small turns in bed: the rest begins with it, settled sleep after it."""
    day = quiet_night(DAY)
    reading = (day.ts >= at(EVE, 23)) & (day.ts < at(EVE, 23, 30))
    turns = reading & (day.ts % 120 < 1)
    accel = np.where(turns[:, None], turned(np.full(len(day.ts), 60.0)), day.accel_g)
    rest = found(samples_of(day.ts, hr_bpm=day.hr_bpm, accel_g=accel))
    assert rest.bed_ts == pytest.approx(at(EVE, 23), abs=60)
    assert rest.onset_ts == pytest.approx(at(EVE, 23, 30), abs=180)
    assert rest.rise_ts == rest.offset_ts
    assert rest.confidence < 0.95


def test_a_parted_night_is_one() -> None:
    """Forty minutes awake part it into two rests of one window."""
    day = quiet_night(DAY)
    awake = (day.ts >= at(DAY, 2)) & (day.ts < at(DAY, 2, 40))
    swing = turned(np.where((day.ts // 5.0) % 2 == 0, 20.0, -20.0))
    rest = found(
        samples_of(day.ts, hr_bpm=day.hr_bpm, accel_g=np.where(awake[:, None], swing, day.accel_g))
    )
    assert len(rest.sessions) == 2
    assert rest.offset_ts - rest.onset_ts == pytest.approx(8 * 3600, abs=60)


def test_the_beginning_may_be_missing() -> None:
    """The strap was put on in bed: it is told so."""
    rest = found(quiet_night(DAY).between(at(DAY, 1), SPAN.end))
    assert rest.note is not None
    assert "open_start" in rest.note
    assert not rest.open_end
    assert rest.confidence < found(quiet_night(DAY)).confidence


@pytest.mark.full
@pytest.mark.parametrize("hours", [(-2, 0), (0, 3), (5, 9), (-12, -2), (8, 24), (-12, 0)])
def test_less_is_never_surer(hours: tuple[int, int]) -> None:
    """Taking a stretch away raises no confidence."""
    for day in (quiet_night(DAY), demo_samples(5, DAY)):
        less = of(without(day, at(DAY, 0) + 3600 * hours[0], at(DAY, 0) + 3600 * hours[1]))
        if isinstance(less, RestWindow):
            assert less.confidence <= found(day).confidence


def test_days_shift_without_a_trace() -> None:
    """A hundred days later everything is a hundred days later."""
    day = quiet_night(DAY)
    shift = 100 * 86400.0
    later = Span(*(edge + shift for edge in (SPAN.start, SPAN.midnight, SPAN.noon, SPAN.end)))
    rest = of(samples_of(day.ts + shift, hr_bpm=day.hr_bpm, accel_g=day.accel_g), later)
    assert isinstance(rest, RestWindow)
    assert rest.onset_ts - shift == found(day).onset_ts
    assert rest.confidence == found(day).confidence


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (samples_of([]), "need_input:name=accel_min,have=0,need=180"),
        (
            quiet_night(DAY).between(at(DAY, 2), at(DAY, 4)),
            "need_input:name=accel_min,have=120,need=180",
        ),
        (
            samples_of(clock(SPAN.start, SPAN.end), accel_g=np.nan),
            "need_input:name=accel_min,have=0,need=180",
        ),
        (
            samples_of(clock(SPAN.start, SPAN.end), hr_bpm=0),
            "need_input:name=worn_min,have=0,need=180",
        ),
        (samples_of(clock(SPAN.start, SPAN.end)), NO_SLEEP),
        (quiet_night(DAY, bed=(23, 0), up=(1, 30)), NO_SLEEP),
    ],
    ids=["no records", "two hours", "no acceleration", "no pulse", "constant", "short night"],
)
def test_refusals(samples: Samples, reason: str) -> None:
    """None, thin, wrong, constant input: no window, and the reason."""
    assert of(samples) == reason
