"""Sleep cycles: from light to deep to dream, and again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .hypnogram import Segment, Stage

MIN_NREM_S = 900.0
MIN_REM_S = 300.0
"""Not asked of the first REM of the night, which may be a glimpse."""
MERGE_REM_S = 900.0
"""REM parts less than this apart are one REM period."""
MAX_HOLE_S = 900.0
"""A hole as long as this may hide the end of a cycle."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """Start of its NREM sleep, start and end of its REM period, epoch s."""

    start_ts: float
    rem_ts: float
    end_ts: float

    @property
    def length_min(self) -> float:
        """From NREM to the end of REM, minutes."""
        return (self.end_ts - self.start_ts) / 60.0


def sleep_cycles(segments: Sequence[Segment]) -> tuple[Cycle, ...]:
    """Cycles of a night: at least 15 min of NREM sleep, then a REM period of at least 5 min.

    ``segments`` ascend and do not overlap. Empty where there is none; NREM sleep at the end of a
    night that no REM follows is no cycle. Source: Feinberg & Floyd 1979, Psychophysiology 16:283
    (minima of 15 and 5 min, first REM of any length). Deviation: a stretch with a hole of 15 min
    or more between its NREM sleep and its REM is left out, since a REM period may hide there.
    """
    found = []
    since = float("-inf")
    for rem_ts, end_ts in _rem_periods(segments):
        nrem = [s for s in segments if _nrem(s) and since <= s[0] < rem_ts]
        if sum(last - first for first, last, _ in nrem) >= MIN_NREM_S:
            if _largest_hole(segments, nrem[0][0], end_ts) < MAX_HOLE_S:
                found.append(Cycle(nrem[0][0], rem_ts, end_ts))
        since = end_ts
    return tuple(found)


def _nrem(segment: Segment) -> bool:
    return segment[2] in (Stage.LIGHT, Stage.DEEP)


def _rem_periods(segments: Iterable[Segment]) -> list[tuple[float, float]]:
    """REM with parts joined; those too short are left to the NREM sleep around them."""
    joined: list[tuple[float, float, float]] = []
    for first, last, stage in segments:
        if stage is not Stage.REM:
            continue
        if joined and first - joined[-1][1] < MERGE_REM_S:
            joined[-1] = (joined[-1][0], last, joined[-1][2] + last - first)
        else:
            joined.append((first, last, last - first))
    return [
        (first, last)
        for at, (first, last, amount) in enumerate(joined)
        if at == 0 or amount >= MIN_REM_S
    ]


def _largest_hole(segments: Iterable[Segment], start: float, end: float) -> float:
    """Longest time within [start, end] that no observed segment covers."""
    largest, upto = 0.0, start
    for first, last, stage in segments:
        if stage is Stage.UNOBSERVED or last <= start or first >= end:
            continue
        largest, upto = max(largest, first - upto), max(upto, last)
    return max(largest, end - upto)
