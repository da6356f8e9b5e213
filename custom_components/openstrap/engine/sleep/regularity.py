"""How regular the wearer sleeps: the same minutes day after day, the same times night by night."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..facts import DAY_S, MINUTE_S, DayFacts, TimeSpan, joined
from ..signal.stats import circular_sd_min

DAY_MINUTES = 1440
NOON_S = 43200.0
MIN_PAIR_MINUTES = 720
"""A pair of days counts with half a day of minutes known in both."""
ZONE_JUMP_MIN = 180.0
"""The wall clock moved this much between two days: their times of day are not compared."""
WORST_SD_MIN = 120.0
"""Spread of sleep times at which consistency is 0."""
MIN_NIGHTS = 3


@dataclass(frozen=True, slots=True)
class Regularity:
    """Sleep regularity index (-100 to 100, None without a pair of days), and what it rests on.

    ``pairs`` of neighbouring days counted, ``held`` were not for a jump of the clock; ``minutes``
    known in both days of the pairs.
    """

    sri: float | None
    pairs: int
    held: int
    minutes: int

    @property
    def coverage(self) -> float:
        """Share of the counted pairs' minutes that was known, 0 to 1."""
        return self.minutes / (DAY_MINUTES * self.pairs) if self.pairs else 0.0


def regularity_index(facts: Mapping[date, DayFacts], days: Iterable[date]) -> Regularity:
    """Chance of being in the same state 24 h apart, scaled so that 100 is always, 0 is chance.

    ``days`` ascend; each stands for the 24 h that end with its noon, so that no night is cut and
    none is asked for that is not over. Neighbouring calendar days are laid over each other by the
    wall clock. A minute is asleep or awake by what most of it was, over the whole 24 h; minutes
    that were not seen count in no pair. A day of the change to summer time lacks an hour; of the
    hour that a day has twice the first counts. Source: Phillips et al. 2017, Sci Rep 7:3216;
    Windred et al. 2024, Sleep 47:zsad253. Deviation: pairs with less than half a day known in
    both, or with a jump of the clock of three hours, are left out.
    """
    agree = minutes = pairs = held = 0
    listed = list(days)
    state = {day: _noon_to_noon(facts, day) for day in listed}
    for before, after in pairwise(listed):
        if after - before != timedelta(days=1) or before not in facts or after not in facts:
            continue
        if zone_jump(facts[before], facts[after]):
            held += 1
            continue
        known = (state[before] >= 0) & (state[after] >= 0)
        if (cases := int(known.sum())) < MIN_PAIR_MINUTES:
            continue
        pairs += 1
        minutes += cases
        agree += int((state[before] == state[after])[known].sum())
    return Regularity(200.0 * agree / minutes - 100.0 if pairs else None, pairs, held, minutes)


def zone_jump(one: DayFacts, other: DayFacts) -> bool:
    """Tell whether the wall clock moved by three hours or more between two days."""
    return abs(one.offset_min - other.offset_min) >= ZONE_JUMP_MIN


def on_this_clock(facts: Mapping[date, DayFacts], days: Iterable[date]) -> list[DayFacts]:
    """Return the days there are of those asked for, without those on another clock than the last.

    ``days`` ascend. A journey across three hours or more makes its days incomparable.
    """
    there = [facts[day] for day in days if day in facts]
    return [fact for fact in there if not zone_jump(fact, there[-1])]


@dataclass(frozen=True, slots=True)
class Timing:
    """Circular spread of sleep onset and of final waking (min), and the score 0 to 100.

    All None with less than three nights; ``nights`` is how many there were.
    """

    score: float | None
    onset_sd_min: float | None
    offset_sd_min: float | None
    nights: int


def timing_consistency(onset_h: Iterable[float], offset_h: Iterable[float]) -> Timing:
    """How alike the clock times (h) of falling asleep and of waking are over nights.

    The score falls in a straight line to 0 at a mean circular SD of two hours (judgement).
    """
    onset, offset = list(onset_h), list(offset_h)
    if len(onset) < MIN_NIGHTS or len(onset) != len(offset):
        return Timing(None, None, None, len(onset))
    first, last = circular_sd_min(onset), circular_sd_min(offset)
    if first is None or last is None:
        return Timing(None, None, None, len(onset))
    score = max(0.0, 100.0 - (first + last) / 2.0 / WORST_SD_MIN * 100.0)
    return Timing(score, first, last, len(onset))


def _noon_to_noon(facts: Mapping[date, DayFacts], day: date) -> NDArray[np.int8]:
    """Minutes from the noon before to the noon of a day by its wall clock: 1, 0, -1 not known.

    Naps of the afternoon before are facts of the day before: without those it is not known. Nor is
    anything of a day whose main sleep is not: hours of waking alone are always alike.
    """
    state = np.full(DAY_MINUTES, -1, np.int8)
    fact = facts.get(day)
    if fact is None or fact.tst_min is None:
        return state
    before = facts.get(day - timedelta(days=1))
    start = fact.start_ts
    size = int((fact.end_ts - start) // MINUTE_S)
    seen = _most_of_minute(_both(before, fact, "seen"), start, size)
    asleep = _most_of_minute(_both(before, fact, "asleep"), start, size)
    told = np.where(seen, asleep.astype(np.int8), np.int8(-1))
    ts = start + MINUTE_S * np.arange(size)
    since = np.array([step[0] for step in fact.clock])
    ahead = np.array([step[1] for step in fact.clock])
    wall = ts + MINUTE_S * ahead[np.searchsorted(since, ts, side="right") - 1]
    place = ((wall - (fact.midnight_wall_s - NOON_S)) // MINUTE_S).astype(np.intp)
    place, first = np.unique(place, return_index=True)
    inside = (place >= 0) & (place < DAY_MINUTES)
    state[place[inside]] = told[first[inside]]
    if before is None:
        state[: int(NOON_S // MINUTE_S)] = -1
    return state


def _both(before: DayFacts | None, fact: DayFacts, name: str) -> list[TimeSpan]:
    earlier = () if before is None else getattr(before, name)
    return [*earlier, *getattr(fact, name)]


def _most_of_minute(spans: Iterable[TimeSpan], start: float, size: int) -> NDArray[np.bool_]:
    """Tell the minutes of which the spans cover half or more."""
    edges = start + MINUTE_S * np.arange(size + 1)
    apart = np.array(joined(spans, start, float(edges[-1]))).reshape(-1, 2)
    if not len(apart):
        return np.zeros(size, dtype=bool)
    upto = np.repeat(np.cumsum(apart[:, 1] - apart[:, 0]), 2)
    upto[::2] -= apart[:, 1] - apart[:, 0]
    covered = np.diff(np.interp(edges, apart.ravel(), upto))
    most: NDArray[np.bool_] = covered >= MINUTE_S / 2.0
    return most


def clock_h(fact: DayFacts, ts: float) -> float:
    """Wall clock at a moment (epoch s) of a day, hours in [0, 24)."""
    return fact.wall_s(ts) % DAY_S / 3600.0
