"""Which rests make up one sleep, whose day it is, and which is the night."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .edges import BIN_S
from .sessions import Evidence, Session

MIN_REST_S: Final = 10800.0
"""Three hours: below it is a nap, not a night."""
MAX_REST_S: Final = 57600.0
"""Sixteen hours: what lies still for longer is no sleeper (judgement)."""
MAX_AWAKE_S: Final = 3600.0
"""An hour seen awake ends a sleep."""
MAX_PAUSE_S: Final = 7200.0
"""As do two hours in which nothing was seen (judgement: less is lost while somebody sleeps on)."""
MIN_HR_COVERED: Final = 0.5
"""Share of a sleep's minutes with a heart rate: a still strap with less is not on a wrist."""
DAYTIME_H: Final = (11.0, 20.0)
"""Local hours in which the middle of a rest makes it one by day."""
DAYTIME_HR: Final = 0.95
"""By day the lowest five minutes must lie below this share of the span's median heart rate."""
LOW_HR_S: Final = 300.0
BONUS_S: Final = 5400.0
"""What a sleep at the usual time is worth more, in seconds of stillness."""
USUAL_MIDDLE_H: Final = 3.5
"""Local hour of mid-sleep that most people have."""
FULL_BONUS_H, NO_BONUS_H = 2.0, 5.0
"""Up to two hours off the usual time have the whole bonus, from five on none."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where to look, epoch seconds: noon before to noon of the day, its midnights.

    ``start`` is the noon before, ``midnight`` begins the day, ``noon`` is its noon and ``end``
    the midnight that ends it. With daylight saving the parts have 11 to 13 hours.
    """

    start: float
    midnight: float
    noon: float
    end: float

    def hour(self, ts: float) -> float:
        """Local hour of a time, 0..24; up to one off on the two days of daylight saving."""
        return ((ts - self.midnight) / 3600.0) % 24.0


@dataclass(frozen=True, slots=True)
class Group:
    """Rests of one sleep, in order."""

    sessions: tuple[Session, ...]

    @property
    def start_ts(self) -> float:
        """Start of the first, epoch s."""
        return self.sessions[0].start_ts

    @property
    def end_ts(self) -> float:
        """End of the last, epoch s."""
        return self.sessions[-1].end_ts

    @property
    def length_s(self) -> float:
        """From start to end."""
        return self.end_ts - self.start_ts

    @property
    def still_s(self) -> float:
        """How long it was seen to be still."""
        return sum(session.still_s for session in self.sessions)


def main_sleep(sessions: Sequence[Session], evidence: Evidence, span: Span) -> Group | None:
    """Choose the sleep of the day; None when no rest is long, warm and late enough.

    Most stillness wins, sleeps at the usual time of night favoured; the first of equals.
    """
    best: tuple[float, Group] | None = None
    for group in groups_of(sessions, evidence):
        if not _plausible(group, evidence, span):
            continue
        score = group.still_s + _bonus(group, span)
        if best is None or score > best[0]:
            best = (score, group)
    return None if best is None else best[1]


def groups_of(sessions: Sequence[Session], evidence: Evidence) -> list[Group]:
    """Join rests that no hour awake and no two hours unseen separate; then cut off what is none.

    A first or last rest does not belong when it is shorter than the waking that separates it, or
    when its heart rate is nearer to that of the waking hours than to that of the longest rest.
    """
    joined: list[list[Session]] = []
    for session in sessions:
        if session.length_s > MAX_REST_S:
            continue
        if joined and session.start_ts < closed_ts(joined[-1][-1].end_ts, evidence):
            joined[-1].append(session)
        else:
            joined.append([session])
    awake_bpm = _waking_bpm(sessions, evidence)
    return [_trimmed(group, evidence, awake_bpm) for group in joined]


def closed_ts(end_ts: float, evidence: Evidence) -> float:
    """When a rest that ended is over for good: after an hour seen, or two hours not seen.

    A sleep belongs to the day in which it is over. So two days that look at the same hours,
    each with what lies on its side of midnight, agree: what ends within the last hour of a day
    may go on and is the next day's.
    """
    at = evidence.at(end_ts)
    need = evidence.seen[at] + MAX_AWAKE_S / BIN_S
    row = int(np.searchsorted(evidence.seen, need))
    late = end_ts + MAX_PAUSE_S
    return late if row >= len(evidence.seen) else min(evidence.ts(row), late)


def _trimmed(group: list[Session], evidence: Evidence, awake_bpm: float | None) -> Group:
    core = max(group, key=lambda session: session.length_s)
    at = group.index(core)
    core_bpm = evidence.hr(core.start_ts, core.end_ts)
    most = None if core_bpm is None or awake_bpm is None else (core_bpm + awake_bpm) / 2.0

    def belongs(session: Session, pause_ts: float, resume_ts: float) -> bool:
        awake_s = evidence.seen_s(pause_ts, resume_ts)
        bpm = evidence.hr(session.start_ts, session.end_ts)
        calm = bpm is None or most is None or bpm <= most
        return calm and session.length_s >= awake_s

    first, last = 0, len(group) - 1
    while first < at and not belongs(group[first], group[first].end_ts, group[first + 1].start_ts):
        first += 1
    while last > at and not belongs(group[last], group[last - 1].end_ts, group[last].start_ts):
        last -= 1
    return Group(tuple(group[first : last + 1]))


def _waking_bpm(sessions: Sequence[Session], evidence: Evidence) -> float | None:
    """Median heart rate outside all rests; None when it was not heard there."""
    awake = np.ones(len(evidence.pulse_ts), dtype=bool)
    for session in sessions:
        first, stop = np.searchsorted(evidence.pulse_ts, (session.start_ts, session.end_ts))
        awake[first:stop] = False
    bpm = evidence.pulse_bpm[awake]
    return float(np.median(bpm)) if len(bpm) else None


def _plausible(group: Group, evidence: Evidence, span: Span) -> bool:
    if not span.midnight < closed_ts(group.end_ts, evidence) <= span.end:
        return False
    if not MIN_REST_S <= group.length_s <= MAX_REST_S:
        return False
    if evidence.hr_covered(group.start_ts, group.end_ts) < MIN_HR_COVERED:
        return False
    low, high = DAYTIME_H
    if low <= span.hour((group.start_ts + group.end_ts) / 2.0) < high:
        lowest = evidence.lowest_hr(group.start_ts, group.end_ts, LOW_HR_S)
        if lowest is not None and evidence.hr_median is not None:
            return lowest <= DAYTIME_HR * evidence.hr_median
    return True


def _bonus(group: Group, span: Span) -> float:
    off = abs(span.hour((group.start_ts + group.end_ts) / 2.0) - USUAL_MIDDLE_H)
    off = min(off, 24.0 - off)
    share = (NO_BONUS_H - off) / (NO_BONUS_H - FULL_BONUS_H)
    return BONUS_S * min(max(share, 0.0), 1.0)
