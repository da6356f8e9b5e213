"""The life of a wearer who does not exist: three months of nights, workouts, a trip and a cold.

Everything is a function of the seed, the day, the time zone and the day on which the story ends,
through hashes instead of dice: no day depends on how many others are asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
import math
from typing import Final, Literal

import numpy as np

from .dice import uniform

STORY_DAYS: Final = 90
"""Days until the story begins anew."""
DETRAINING: Final = range(45, 58)
TAPER: Final = range(58, 76)
TRIP: Final = range(64, 70)
OVERREACHING: Final = range(76, 83)
ILLNESS: Final = range(86, 90)
TRIP_AHEAD_H: Final = (-2.0, -4.0, -4.0, -4.0, -4.0, -2.0)
"""Hours by which the clock that the wearer lives by is ahead of the one at home, day by day."""
RESTING_BPM: Final = (51.0, 48.0)
"""Floor of a sleeping heart on the first and on the last day of the story."""
DAY_BPM: Final = (65.0, 62.0)
"""Sitting around, awake."""
BREATHS_HZ: Final = 0.24
OFF_MIN: Final = 12.0
"""Off the wrist at noon; a shorter hole in the records is no sign that a strap was taken off."""
LONG_OFF_MIN: Final = 25.0
LONG_OFF_EVERY: Final = 5
"""Days from one long stretch off the wrist to the next."""
TRAINING_DAYS: Final = (1, 3, 5)
"""Monday, Wednesday, Friday; and Saturday more often than not."""
MAYBE: Final = 6
KINDS: Final[tuple[Kind, ...]] = ("walk", "run", "strength")
PEAK_BPM: Final[dict[Kind, float]] = {"walk": 132.0, "run": 172.0, "strength": 158.0}
MOTION_G: Final[dict[Kind, float]] = {"walk": 0.06, "run": 0.14, "strength": 0.075}
"""Spread of the acceleration."""
STEPS_PER_MIN: Final[dict[Kind, float]] = {"walk": 110.0, "run": 165.0, "strength": 20.0}

type Kind = Literal["walk", "run", "strength"]
type Span = tuple[float, float]
"""Start and end, epoch s."""
type _Clock = Callable[[float], float]
"""Epoch s of hours on the wearer's own clock."""


class Chapter(StrEnum):
    """What a day of the story is about."""

    EVERYDAY = "everyday"
    DETRAINING = "detraining"
    TAPER = "taper"
    OVERREACHING = "overreaching"
    ILLNESS = "illness"


@dataclass(frozen=True, slots=True)
class StoryWorkout:
    """A workout: its span, what it is, how fast the heart gets, and the spread of acceleration."""

    start_ts: float
    end_ts: float
    kind: Kind
    peak_bpm: float
    motion_g: float


@dataclass(frozen=True, slots=True)
class DayStory:
    """A local day; spans are epoch s, and the night is the one that ends on the day.

    ``chapter_day`` counts the days of the story from 0, None for a wearer without one.
    ``hrv`` and ``steps`` are the wearer's own level of heart-rate variability (1 is usual) and how
    many steps the day has. ``ahead_h`` is how far the clock the wearer lives by is ahead of home.
    """

    day: date
    chapter: Chapter
    chapter_day: int | None
    progress: float
    night: Span
    wakes: tuple[Span, ...]
    naps: tuple[Span, ...]
    walks: tuple[Span, ...]
    workouts: tuple[StoryWorkout, ...]
    off_wrist: Span
    resting_bpm: float
    day_bpm: float
    hrv: float
    breaths_hz: float
    ahead_h: float
    steps: int

    @property
    def ill(self) -> bool:
        """Whether the wearer is ill."""
        return self.chapter is Chapter.ILLNESS

    @property
    def zone(self) -> timedelta:
        """What the wearer's own clock adds to the one at home."""
        return timedelta(hours=self.ahead_h)


def demo_days(seed: int, now_ts: float, tz: tzinfo, days: int = STORY_DAYS) -> tuple[DayStory, ...]:
    """Return the last ``days`` local days up to a moment, of a story that ends on its day.

    What would begin after the moment is left out of the last day, and what goes on then ends there.
    """
    last = datetime.fromtimestamp(now_ts, tz).date()
    told = [day_story(seed, last - timedelta(days=back), tz, last) for back in range(days)][::-1]
    return tuple(until(one, now_ts) for one in told)


def until(story: DayStory, now_ts: float) -> DayStory:
    """Return a day as far as it has come."""

    def cut(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple((start, min(end, now_ts)) for start, end in spans if start < now_ts)

    return replace(
        story,
        night=(min(story.night[0], now_ts), min(story.night[1], now_ts)),
        wakes=cut(story.wakes),
        naps=cut(story.naps),
        walks=cut(story.walks),
        workouts=tuple(
            replace(one, end_ts=min(one.end_ts, now_ts))
            for one in story.workouts
            if one.start_ts < now_ts
        ),
        off_wrist=(min(story.off_wrist[0], now_ts), min(story.off_wrist[1], now_ts)),
    )


@lru_cache(maxsize=256)
def day_story(seed: int, day: date, tz: tzinfo, story_end: date | None = None) -> DayStory:
    """Tell a local day of the wearer of a seed.

    ``story_end`` is the last day of the story, which runs for 90 days and then begins anew, before
    it as after it. None for a wearer to whom nothing happens but everyday life.
    """
    dice = _Dice(seed, day)
    number = None if story_end is None else (day - story_end).days % STORY_DAYS
    number = None if number is None else (number - 1) % STORY_DAYS
    chapter = _chapter(number)
    ill, spent = chapter is Chapter.ILLNESS, chapter is Chapter.OVERREACHING
    progress = 0.5 if number is None else number / (STORY_DAYS - 1)
    ahead_h = TRIP_AHEAD_H[number - TRIP.start] if number is not None and number in TRIP else 0.0

    def at(hours: float) -> float:
        """Moment of a clock time of the wearer's own, minutes whole."""
        minutes = round((hours - ahead_h) * 60.0)
        midnight = datetime.combine(day, time(), tz)
        wall = midnight + timedelta(minutes=minutes)  # clock time, whatever the clocks are set to
        return wall.timestamp()

    night = (
        at(22.5 + 1.5 * (dice("bed") - 0.5) - 24.0),
        at(6.5 + (80.0 / 60.0) * (dice("up") - 0.5)),
    )
    workouts = _workouts(dice, day, chapter, at)
    walks = tuple(
        (start, start + 60.0 * length)
        for start, length in (
            (night[1] + 55.0 * 60.0, 15.0),
            *(
                (at(14.0 + 2.5 * walk + dice("walks", walk)), 12.0)
                for walk in range(1 if ill else 3)
            ),
        )
    )
    napping = dice("nap") < (0.9 if ill else 0.4 if spent else 0.12)
    naps = ((at(13.6), at(13.6 + (70.0 if ill else 20.0 + 25.0 * dice("nap", 1)) / 60.0)),)
    off_min = LONG_OFF_MIN if day.toordinal() % LONG_OFF_EVERY == 0 else OFF_MIN
    off_at = at(12.0 + 0.2 * dice("off"))
    form = dice("form") - 0.5
    moving = sum(STEPS_PER_MIN[one.kind] * (one.end_ts - one.start_ts) / 60.0 for one in workouts)
    moving += sum(110.0 * (end - start) / 60.0 for start, end in walks)
    return DayStory(
        day=day,
        chapter=chapter,
        chapter_day=number,
        progress=progress,
        night=night,
        wakes=_wakes(dice, night, ill),
        naps=naps if napping else (),
        walks=walks,
        workouts=workouts,
        off_wrist=(off_at, off_at + 60.0 * off_min),
        resting_bpm=_between(RESTING_BPM, progress) - 3.0 * form + _strain_bpm(number),
        day_bpm=_between(DAY_BPM, progress) + (6.0 if ill else 3.0 if spent else 0.0),
        hrv=_hrv(number) * (1.0 + 0.5 * form),
        breaths_hz=BREATHS_HZ + 0.01 * (dice("breath") - 0.5) + (0.045 if ill else 0.0),
        ahead_h=ahead_h,
        steps=math.floor(moving + (900.0 if ill else 2600.0) * (0.8 + 0.4 * dice("steps"))),
    )


@dataclass(frozen=True, slots=True)
class _Dice:
    """Chances of a day, by name."""

    seed: int
    day: date

    def __call__(self, name: str, index: int = 0) -> float:
        """Return a number in [0, 1)."""
        return float(uniform(self.seed, name, np.array([self.day.toordinal() * 64 + index]))[0])


def _between(ends: tuple[float, float], progress: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * progress


def _chapter(number: int | None) -> Chapter:
    for days, chapter in (
        (DETRAINING, Chapter.DETRAINING),
        (TAPER, Chapter.TAPER),
        (OVERREACHING, Chapter.OVERREACHING),
        (ILLNESS, Chapter.ILLNESS),
    ):
        if number is not None and number in days:
            return chapter
    return Chapter.EVERYDAY


def _strain_bpm(number: int | None) -> float:
    """By how much what happens lifts the floor of the sleeping heart."""
    if number is None:
        return 0.0
    if number in ILLNESS:
        return 4.0 if number == ILLNESS.start else 6.0
    if number in OVERREACHING:
        return min(0.6 * (number - OVERREACHING.start + 1), 3.5)
    if number in DETRAINING:
        return 0.12 * (number - DETRAINING.start)
    return 0.0


def _hrv(number: int | None) -> float:
    """How much variability is left of the usual."""
    if number is None:
        return 1.0
    if number in ILLNESS:
        return 0.55
    if number in OVERREACHING:
        return max(0.97 - 0.04 * (number - OVERREACHING.start), 0.72)
    return 1.08 if number in TAPER else 1.0


def _wakes(dice: _Dice, night: Span, ill: bool) -> tuple[Span, ...]:
    """Two to four short wakes, five to seven longer ones of an ill wearer."""
    count = (5 if ill else 2) + int(3.0 * dice("wakes"))
    found = []
    for wake in range(count):
        # Each in a part of the night of its own, so that they never touch.
        share = (wake + 0.2 + 0.5 * dice("wakes", 1 + wake)) / count
        start = night[0] + (night[1] - night[0]) * (0.1 + 0.8 * share)
        length = (8.0 + 7.0 * dice("awake", wake)) if ill else (3.0 + 4.0 * dice("awake", wake))
        found.append((start, start + 60.0 * length))
    return tuple(found)


def _workouts(dice: _Dice, day: date, chapter: Chapter, at: _Clock) -> tuple[StoryWorkout, ...]:
    """Workouts of a day: about half past five, three a day of someone who overdoes it."""
    if chapter in (Chapter.ILLNESS, Chapter.DETRAINING):
        return ()

    def workout(start_h: float, minutes: float, kind: Kind, harder: float) -> StoryWorkout:
        start = at(start_h)
        peak = PEAK_BPM[kind] + harder + 8.0 * (dice("peak", int(start_h)) - 0.5)
        return StoryWorkout(start, start + 60.0 * round(minutes), kind, peak, MOTION_G[kind])

    kind = KINDS[day.toordinal() % 3]
    if chapter is Chapter.OVERREACHING:
        return (
            workout(8.4, 40.0, "run", 2.0),
            workout(12.7, 45.0, "strength", 4.0),
            workout(17.5, 70.0, "run", 4.0),
        )
    weekday = day.isoweekday()
    if not (weekday in TRAINING_DAYS or (weekday == MAYBE and dice("saturday") < 0.6)):
        return ()
    start_h, minutes = 17.5 + dice("workout") - 0.5, 25.0 + 35.0 * dice("workout", 1)
    if chapter is Chapter.TAPER:
        return (workout(start_h, 25.0, "walk", -6.0),)
    return (workout(start_h, minutes, kind, 0.0),)
