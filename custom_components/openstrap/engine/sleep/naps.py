"""Sleep by day: short, still, and with a slower heart than awake."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import clamp, need_input
from ..samples import Samples
from ..signal.motion import Motion
from ..signal.runs import merge, runs
from ..told import is_same
from .edges import BIN_S, calm_bins
from .groups import closed_ts
from .sessions import Evidence, gather

JOIN_S: Final = 300.0
"""Calm stretches that less than five minutes separates are one."""
LENGTH_S: Final = (900.0, 21600.0)
"""A quarter of an hour to six hours."""
MAX_HR_RATIO: Final = 0.95
"""Median heart rate of a nap against that of the waking day."""
MIN_AWAKE_S: Final = 7200.0
"""Seconds awake with a heart rate: the slow hour of somebody sitting is not what his waking day
is like (judgement)."""
MIN_SEEN: Final = 0.5
"""Share of a nap in which movement, and in which the heart, was observed."""
MAX_OVERLAP: Final = 0.5
"""Share of a nap that an exclusion may cover."""
DEFER_S: Final = 3600.0
"""What ends this shortly before an unfinished nap may be part of it."""
BEFORE_S: Final = 43200.0
"""How far before the day is looked: a nap that ends shortly before midnight is over after it."""
AT_EDGE_S: Final = 60.0
"""A nap this close to the first or last record may reach further."""
LIMITS: Final = (0.2, 0.85)
NONE_CONFIDENCE: Final = 0.3
"""Of having looked and found none."""
FULL_FALL: Final = 0.2
"""Fall of the heart rate that is as sure as it gets, share of the waking one."""


@dataclass(frozen=True, slots=True)
class Nap:
    """One nap, epoch seconds; ``asleep_s`` seconds still, ``hr_bpm`` median.

    ``starts_at_edge``: it begins with the records, so it may have begun before.
    """

    start_ts: float
    end_ts: float
    asleep_s: float
    hr_bpm: float
    confidence: float
    starts_at_edge: bool


@dataclass(frozen=True, slots=True)
class Naps:
    """Naps in order, and ``deferred`` stretches (start, end) that may still become one.

    ``reason`` says why nothing could be said; then there are no naps and the confidence is 0.
    Looked and found none is a confidence of 0.3.
    """

    naps: tuple[Nap, ...]
    deferred: tuple[tuple[float, float], ...]
    confidence: float
    reason: str | None


def find_naps(
    samples: Samples,
    worn: NDArray[np.bool_],
    motion: Motion,
    day: tuple[float, float],
    *,
    night: tuple[float, float] | None = None,
    exclusions: Sequence[tuple[float, float]] = (),
    rests: Sequence[tuple[float, float]] = (),
    rejected: Sequence[tuple[float, float]] = (),
) -> Naps:
    """Find the naps that are over within a local day (start, end), epoch s.

    ``samples`` and ``motion`` may reach beyond the day, and should by half a day before it;
    ``worn`` (n,) is for the samples.
    ``night`` is the rest of the main sleep, ``rests`` are those of other days where they are
    known, ``exclusions`` workouts and the like. ``rejected`` are spans of naps that were none by the
    wearer's word: what is found there again, also at somewhat other times, is waking. A nap is a
    union of ten minutes with at most one moving bin of 15 s (the immobility by which actigraphs
    tell sleep, which sitting people almost never show), joined over less than five minutes, with
    a heart at least 5 % slower than the rest of the day awake. One that reaches the last record
    is deferred. So is one that may go on beyond the day (``closed_ts``): the beginning of the
    next night is no nap, and what turns out to be one is the next day's.
    """
    evidence = gather(samples, worn, motion, day[0] - BEFORE_S, day[1])
    seen = np.flatnonzero(np.isfinite(evidence.moved))
    seen_s = evidence.seen_s(*day)
    if seen_s < LENGTH_S[0]:
        return Naps((), (), 0.0, need_input("motion_min", seen_s // 60, LENGTH_S[0] // 60))
    known = (evidence.ts(int(seen[0])), evidence.ts(int(seen[-1]) + 1))
    slept = rests if night is None else (*rests, night)
    bouts = [
        bout
        for bout in _bouts(evidence)
        if closed_ts(bout[1], evidence) > day[0]
        and not any(_shared(bout, rest) for rest in slept)
        and not any(is_same(bout, gone) for gone in rejected)
    ]
    deferred = _deferred(bouts, known[1])
    deferred = [bout for bout in bouts if bout in deferred or closed_ts(bout[1], evidence) > day[1]]

    bpm = evidence.pulse_bpm
    awake = evidence.pulse_ts >= day[0]
    for start, end in (*deferred, *slept):
        awake[_rows(evidence, start, end)] = False
    least_s = _seconds(evidence.pulse_ts[awake])

    naps = []
    for start, end in bouts:
        if (start, end) in deferred or not LENGTH_S[0] <= end - start <= LENGTH_S[1]:
            continue
        covered = min(evidence.seen_s(start, end) / (end - start), evidence.hr_covered(start, end))
        overlap = sum(_shared((start, end), span) for span in exclusions) / (end - start)
        inside = _rows(evidence, start, end)
        others = awake.copy()
        others[inside] = False
        if covered < MIN_SEEN or overlap >= MAX_OVERLAP:
            continue
        told_s = _seconds(evidence.pulse_ts[others])
        least_s = min(least_s, told_s)
        if told_s < MIN_AWAKE_S:
            continue
        usual, slow = float(np.median(bpm[others])), float(np.median(bpm[inside]))
        if slow > MAX_HR_RATIO * usual:
            continue
        asleep_s = evidence.still_s(start, end)
        sure = 0.2 + 0.3 * clamp((usual - slow) / (FULL_FALL * usual), 0.0, 1.0)
        sure += 0.25 * evidence.hr_covered(start, end) + 0.15 * asleep_s / (end - start)
        sure += 0.1 * clamp(1.0 - overlap / MAX_OVERLAP, 0.0, 1.0)
        at_edge = start - known[0] < AT_EDGE_S
        naps.append(Nap(start, end, asleep_s, slow, clamp(sure, *LIMITS), at_edge))
    if least_s < MIN_AWAKE_S and not naps:
        reason = need_input("awake_hr_min", least_s // 60, MIN_AWAKE_S // 60)
        return Naps((), tuple(deferred), 0.0, reason)
    confidence = min((nap.confidence for nap in naps), default=NONE_CONFIDENCE)
    return Naps(tuple(naps), tuple(deferred), confidence, None)


def _bouts(evidence: Evidence) -> list[tuple[float, float]]:
    """Stretches (start, end) of sustained stillness; a hole of five minutes parts them."""
    still = calm_bins(evidence.moved) & (evidence.moved == 0.0)
    bouts = merge(*runs(still), JOIN_S / BIN_S)
    return [(evidence.ts(first), evidence.ts(stop)) for first, stop in bouts]


def _deferred(bouts: list[tuple[float, float]], end_ts: float) -> list[tuple[float, float]]:
    """Bouts that reach the last record, or may be part of one that does."""
    if not bouts or bouts[-1][1] < end_ts - AT_EDGE_S:
        return []
    return [bout for bout in bouts if bout[1] > bouts[-1][0] - DEFER_S]


def _rows(evidence: Evidence, start_ts: float, end_ts: float) -> slice:
    first, stop = np.searchsorted(evidence.pulse_ts, (start_ts, end_ts))
    return slice(int(first), int(stop))


def _shared(bout: tuple[float, float], span: tuple[float, float]) -> float:
    """Seconds that two stretches share."""
    return max(min(bout[1], span[1]) - max(bout[0], span[0]), 0.0)


def _seconds(ts: NDArray[np.float64]) -> float:
    """Seconds that readings stand for: up to a minute each, so that slow straps count too."""
    return float(np.minimum(np.diff(ts), 60.0).sum()) if len(ts) > 1 else 0.0
