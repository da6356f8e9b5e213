"""The body of a wearer who does not exist: how its heart beats and its arm moves, moment by moment."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .demo_arm import POSE_S, Doing, doing_of, flicks_g, postures, shake_g
from .demo_story import DayStory, Span, StoryWorkout, day_story
from .dice import uniform

MINUTE_S: Final = 60
MARK_S: Final = 10
"""Seconds from one known moment of the heart and the arm to the next."""
MARGIN_S: Final = 8
"""Beats looked at before a block, so that its first intervals are whole."""
PHASE_STEP_S: Final = 0.25
SLOW_WAVE_HZ: Final = 0.095
BEATS_PER_DAY: Final = 250_000
"""More than a heart can do; keeps the numbers of beats of different days apart."""
ONSET_S: Final = 48.0
"""Time constant of a heart that speeds up."""
RECOVERY_S: Final = (70.0, 50.0)
"""Time constant of a heart that slows down after an effort, at the start and end of a story."""
LINGERING: Final = 0.4
LINGERING_S: Final = 480.0
"""Share of the effort that the heart gets over later, and its time constant."""
WALK_BPM: Final = 22.0
POTTER_BPM: Final = 5.0


@dataclass(frozen=True, slots=True)
class DemoNight:
    """When the wearer of a seed is in bed before waking on a day, epoch seconds."""

    onset_ts: float
    offset_ts: float


@dataclass(frozen=True, slots=True)
class Body:
    """The wearer's body from one local noon to the next; arrays have a value for every mark of ten seconds, (marks + 1,).

    ``phase`` counts beats from the first noon and is whole at the second, so days join without a
    seam. ``breaths_hz`` is the pace of breathing, ``breath`` and ``wave`` how far breathing and blood pressure push the phase, beats.
    ``motion`` is the spread of acceleration, g; ``gravity`` its direction in each five seconds,
    (n, 3), and ``flick`` what the first second of these has beside it; ``off`` the stretch off the
    wrist.
    """

    start: int
    end: int
    number: int
    night: DemoNight
    breaths_hz: float
    hr: NDArray[np.float64]
    phase: NDArray[np.float64]
    breath: NDArray[np.float64]
    wave: NDArray[np.float64]
    motion: NDArray[np.float64]
    gravity: NDArray[np.float64]
    flick: NDArray[np.float64]
    off: tuple[float, float]
    records_while_off: bool


@lru_cache(maxsize=4)
def body_of(seed: int, day: date, tz: tzinfo, story_end: date | None) -> Body:
    """Live from the noon before ``day`` to its noon, as the story has it."""
    eve = day - timedelta(days=1)
    start, end = (int(datetime.combine(on, time(12), tz).timestamp()) for on in (eve, day))
    before, story = (day_story(seed, on, tz, story_end) for on in (eve, day))
    clock = np.arange((end - start) // MARK_S + 1, dtype=np.float64) * MARK_S + start

    slow = _slow(seed, start, clock)
    evening = clock < story.night[0]
    hr = np.where(evening, before.day_bpm, story.day_bpm) + 24.0 * slow
    doing = doing_of(seed, eve, tz, clock, story.night)
    training_g = np.zeros_like(clock)
    breath_ms, wave_ms = np.full_like(clock, 26.0), np.full_like(clock, 24.0)

    night = _within(clock, story.night)
    asleep = np.clip(clock - story.night[0], 0.0, None) / MINUTE_S
    dreaming = 0.5 - 0.5 * np.cos(2.0 * np.pi * (asleep - 25.0) / 95.0)
    deepness = (1.0 - dreaming) * np.exp(-asleep / 240.0)
    # Dreams make the heart uneven, deep sleep even.
    sleeping_hr = story.resting_bpm + 9.0 * np.exp(-asleep / 55.0)
    sleeping_hr += 3.0 * dreaming + (4.0 + 6.0 * dreaming) * slow
    hr = np.where(night, sleeping_hr, hr)
    breath_ms = np.where(night, (38.0 + 18.0 * deepness) * story.hrv, breath_ms)
    wave_ms = np.where(night, (24.0 + 10.0 * dreaming) * story.hrv, wave_ms)
    for wake in story.wakes:
        awake = night & _within(clock, wake)
        hr += 11.0 * awake
        doing[awake] = Doing.RESTLESS
    for nap in before.naps:
        dozing = _within(clock, nap)
        hr = np.where(dozing, before.resting_bpm + 5.0 + 4.0 * slow, hr)
        doing[dozing] = Doing.ASLEEP
        breath_ms[dozing], wave_ms[dozing] = 34.0 * before.hrv, 24.0 * before.hrv

    effort = np.where(doing == Doing.POTTERING, POTTER_BPM, 0.0)
    for told in (before, story):
        for walk in told.walks:
            walking = _within(clock, walk) & ~night
            effort[walking] = WALK_BPM
            doing[walking] = Doing.WALKING
        for workout in told.workouts:
            training = _within(clock, (workout.start_ts, workout.end_ts))
            resting = told.day_bpm
            effort[training] = _demand_bpm(clock[training], workout) - resting
            doing[training] = Doing.TRAINING
            training_g[training] = _motion_g(clock[training], workout)
            breath_ms[training] = wave_ms[training] = 3.0
    first, last = RECOVERY_S
    recovery_s = first + (last - first) * story.progress
    hr += _followed((1.0 - LINGERING) * effort, recovery_s)
    hr += _followed(LINGERING * effort, LINGERING_S)
    hr = _smooth(hr, 3)

    phase = np.concatenate(([0.0], np.cumsum((hr[1:] + hr[:-1]) / 2.0))) * (MARK_S / MINUTE_S)
    phase *= np.round(phase[-1]) / phase[-1]
    arm = np.repeat(doing, MARK_S // POSE_S)
    # A push of the phase by A changes the interval by A * 2 pi f * interval^2.
    per_beat = 2.0 * np.pi * (60.0 / hr) ** 2 * 1000.0
    return Body(
        start=start,
        end=end,
        number=day.toordinal(),
        night=DemoNight(*story.night),
        breaths_hz=story.breaths_hz,
        hr=hr,
        phase=phase,
        breath=_smooth(breath_ms, 19) / (per_beat * story.breaths_hz),
        wave=_smooth(wave_ms, 19) / (per_beat * SLOW_WAVE_HZ),
        motion=shake_g(seed, clock, doing, training_g),
        gravity=postures(seed, start, arm),
        flick=flicks_g(seed, start, arm),
        off=(before.off_wrist[0] - start, before.off_wrist[1] - start),
        records_while_off=_records_while_off(seed, before),
    )


def _records_while_off(seed: int, story: DayStory) -> bool:
    """Whether a strap that is not worn goes on making records."""
    return float(uniform(seed, "off_kind", np.array([story.day.toordinal()]))[0]) < 0.6


def _slow(seed: int, start: int, clock: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slow ups and downs of the heart at moments (n,), over minutes, about -0.2 to 0.2."""
    minute = np.arange(int(clock[-1] - start) // MINUTE_S + 1, dtype=np.int64) + start // MINUTE_S
    ups = _smooth(uniform(seed, "pulse", minute) - 0.5, 9)
    return np.interp(clock, minute * float(MINUTE_S), ups)


def _within(clock: NDArray[np.float64], span: Span) -> NDArray[np.bool_]:
    return (clock >= span[0]) & (clock < span[1])


def _demand_bpm(clock: NDArray[np.float64], workout: StoryWorkout) -> NDArray[np.float64]:
    """Return what a workout asks of the heart at each moment: most a little past the middle."""
    done = (clock - workout.start_ts) / (workout.end_ts - workout.start_ts)
    asked = workout.peak_bpm - 36.0 * np.abs(done - 0.6)
    if workout.kind == "strength":
        asked -= 16.0 * _between_sets(clock)
    return asked


def _motion_g(clock: NDArray[np.float64], workout: StoryWorkout) -> NDArray[np.float64]:
    """Spread of acceleration at each moment of a workout."""
    if workout.kind == "strength":
        sets: NDArray[np.float64] = np.where(_between_sets(clock), 0.3, 1.3)
        return workout.motion_g * sets
    return np.full_like(clock, workout.motion_g)


def _between_sets(clock: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Every third minute."""
    between: NDArray[np.bool_] = (clock // MINUTE_S) % 3 == 0
    return between


def _followed(demand: NDArray[np.float64], recovery_s: float) -> NDArray[np.float64]:
    """How a heart follows what is asked of it: quickly up, slowly down (first order)."""
    found = np.empty_like(demand)
    level = 0.0
    up, down = math.exp(-MARK_S / ONSET_S), math.exp(-MARK_S / recovery_s)
    for at, asked in enumerate(demand):
        level = float(asked) + (level - float(asked)) * (up if asked > level else down)
        found[at] = level
    return found


def beat_times(
    seed: int, body: Body, first: int, last: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return times (seconds since the first noon) and numbers of the beats around [first, last)."""
    at = np.arange(first - MARGIN_S, last + 2, PHASE_STEP_S)
    mark = np.arange(len(body.phase)) * float(MARK_S)
    phase = np.interp(at, mark, body.phase)
    # Before the first noon and past the second the first and the last pace go on.
    before, after = at < 0.0, at > mark[-1]
    phase[before] = at[before] * body.hr[0] / 60.0
    phase[after] += (at[after] - mark[-1]) * body.hr[-1] / 60.0
    breathing = body.breaths_hz * at + 0.2 * np.sin(at / 9.7) + 0.7 * np.sin(at / 41.0)
    pressing = SLOW_WAVE_HZ * at + 0.7 * np.sin(at / 23.0)
    edge = np.clip(np.minimum(at, mark[-1] - at) / 60.0, 0.0, 1.0)
    phase += edge * np.interp(at, mark, body.breath) * np.sin(2.0 * np.pi * breathing)
    phase += edge * np.interp(at, mark, body.wave) * np.sin(2.0 * np.pi * pressing)
    number = np.arange(int(np.ceil(phase[0])), int(np.floor(phase[-1])) + 1)
    beat_s = np.interp(number, phase, at)
    number += body.number * BEATS_PER_DAY
    jitter = 0.006 * (uniform(seed, "jitter", number) - 0.5)
    # The beat at noon belongs to both days and must lie at the same moment in both.
    for noon in (0.0, mark[-1]):
        at_noon = np.abs(beat_s - noon) < 0.01
        beat_s[at_noon], jitter[at_noon] = noon, 0.0
    return beat_s + jitter, number


def _smooth(values: ArrayLike, size: int) -> NDArray[np.float64]:
    """Return the moving mean of an odd size; the ends keep their value."""
    padded = np.pad(np.asarray(values, dtype=np.float64), size // 2, mode="edge")
    return np.convolve(padded, np.full(size, 1.0 / size), mode="valid")
