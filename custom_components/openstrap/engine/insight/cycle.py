"""The menstrual cycle by the calendar, of wearers who asked for it. No contraception."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import pairwise
import math
import statistics
from typing import Any, Final

from ..metric import clamp

LENGTHS: Final = (15, 60)
"""Days from one start to the next that are one cycle; others have a start missing, or one too
many."""
USUAL_LENGTH: Final = 28
"""As long as the wearer's own is not known; the confidence says so."""
LUTEAL_DAYS: Final = 14
FERTILE_DAYS: Final = (-5, 1)
"""About ovulation (Wilcox et al. 2000, BMJ 321:1259)."""
PERIOD_DAYS: Final = 5
LUTEAL_SD: Final = 2.0
"""The second half lasts 10 to 16 days (Lenton et al. 1984, BJOG 91:685)."""
LOST: Final = 1.6
"""Lengths after a start from which nothing can be said any more."""
SPREAD_DAYS: Final = 4.0
"""Half of the interval of the next start, as long as fewer than three lengths are known."""
MIN_SPREAD_DAYS: Final = 1.0
MIN_LENGTHS: Final = 3
NORMAL_95: Final = 1.96
LUTEAL_SHARE: Final = (0.5, 1.5)
"""Part of its length from which a cycle is in its second half, and until when."""
STAGING_STARTS: Final = 13
MAX_GAP_DAYS: Final = 90
LONG_DAYS: Final = 60
LARGE_DIFFERENCE_DAYS: Final = 7
"""Lines of the change of life (STRAW+10, Harlow et al. 2012); reported, never judged."""
COVER_BEFORE, COVER_NIGHTS = 6, 3
COVER_C: Final = 0.2
"""Three nights above the six before, by this much (the three-over-six rule; on the wrist Shilaih
et al. 2018, Biosci Rep 38:BSR20171279)."""
COVER_REACH: Final = 8
"""Calendar days that the six earlier nights may be spread over (judgement)."""


class Phase(IntEnum):
    """Where in a cycle a day is."""

    MENSTRUATION = 0
    FOLLICULAR = 1
    OVULATION = 2
    LUTEAL = 3


@dataclass(frozen=True, slots=True)
class Cycle:
    """A day in its cycle, by the calendar.

    ``number`` counts from 1; ``length`` is the usual one in days, of ``lengths`` known ones.
    ``next_start`` is expected within ``spread_days`` either way. ``chances`` has the probability
    of each phase, ``phase`` is the calendar's own word. ``overdue`` from the day on that a start
    was expected.
    """

    number: int
    length: int
    lengths: int
    started: date
    next_start: date
    spread_days: float
    ovulation: date
    fertile: tuple[date, date]
    phase: Phase
    chances: tuple[float, float, float, float]
    overdue: bool
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "day": self.number,
            "length": self.length,
            "lengths": self.lengths,
            "started": self.started.isoformat(),
            "next_start": self.next_start.isoformat(),
            "spread_days": round(self.spread_days, 1),
            "ovulation": self.ovulation.isoformat(),
            "fertile": [one.isoformat() for one in self.fertile],
            "phase": self.phase.name.lower(),
            "chances": {
                phase.name.lower(): round(chance, 3)
                for phase, chance in zip(Phase, self.chances, strict=True)
            },
            "overdue": self.overdue,
            "confidence": round(self.confidence, 3),
        }


NO_START: Final = "need_input:name=period_start,have=0,need=1"


def lost(number: int, length: int) -> str:
    """Say that the last start is too long ago to count from."""
    return f"cycle_lost:day={number},length={length}"


def cycle_on(starts: Iterable[date], day: date) -> Cycle | str:
    """Tell where in the cycle a day is, from the starts told until then, or say why not.

    ``starts`` in any order; later ones are left out. The usual length is the median of the gaps
    between starts; the next start's interval is 1.96 standard deviations of them, four days below
    three. Ovulation is taken 14 days before the next start, 5 days for the bleeding.
    """
    known = started(starts, day)
    if not known:
        return NO_START
    gaps = cycle_lengths(known)
    length = math.floor(statistics.median(gaps) + 0.5) if gaps else USUAL_LENGTH
    number = (day - known[-1]).days + 1
    if number > LOST * length:
        return lost(number, length)
    spread = SPREAD_DAYS
    if len(gaps) >= MIN_LENGTHS:
        spread = max(NORMAL_95 * statistics.stdev(gaps), MIN_SPREAD_DAYS)
    following = known[-1] + timedelta(days=length)
    ovulation = following - timedelta(days=LUTEAL_DAYS)
    first, last = (ovulation + timedelta(days=shift) for shift in FERTILE_DAYS)
    if number <= PERIOD_DAYS:
        phase = Phase.MENSTRUATION
    elif first <= day <= last:
        phase = Phase.OVULATION
    else:
        phase = Phase.FOLLICULAR if day < ovulation else Phase.LUTEAL
    overdue = day >= following
    sure = min(0.9, 0.4 + 0.15 * len(gaps)) if gaps else 0.3
    return Cycle(
        number=number,
        length=length,
        lengths=len(gaps),
        started=known[-1],
        next_start=following,
        spread_days=spread,
        ovulation=ovulation,
        fertile=(first, last),
        phase=phase,
        chances=_chances(number, (day - ovulation).days, spread),
        overdue=overdue,
        confidence=min(sure, 0.2) if overdue else sure,
    )


def started(starts: Iterable[date], day: date) -> list[date]:
    """Return the starts until a day, each once, ascending."""
    return sorted({one for one in starts if one <= day})


def cycle_lengths(starts: Sequence[date]) -> list[int]:
    """Days between neighbouring starts (ascending) that are one cycle each."""
    gaps = ((after - before).days for before, after in pairwise(starts))
    return [gap for gap in gaps if LENGTHS[0] <= gap <= LENGTHS[1]]


def luteal_days(starts: Iterable[date], day: date, days: Iterable[date]) -> frozenset[date]:
    """Return those of ``days`` that lie in the second half of their cycle, as known on ``day``.

    From half of a cycle's length to 1.5 of it: its own length where the next start was told, else
    the median of the wearer's; where neither is known none is.
    """
    known = started(starts, day)
    gaps = cycle_lengths(known)
    found = set()
    for one in days:
        earlier = [start for start in known if start <= one]
        if not earlier or one > day:
            continue
        own = cycle_lengths(known[len(earlier) - 1 : len(earlier) + 1])
        length = own[0] if own else statistics.median(gaps) if gaps else None
        if length is None:
            continue
        if LUTEAL_SHARE[0] * length <= (one - earlier[-1]).days <= LUTEAL_SHARE[1] * length:
            found.add(one)
    return frozenset(found)


def length_log(starts: Iterable[date], day: date) -> dict[str, Any] | str:
    """Tell how the lengths of cycles vary over at least 13 starts, without a verdict, or why not.

    Plain JSON types; the confidence goes with the number of starts.
    """
    known = started(starts, day)
    if len(known) < STAGING_STARTS:
        return f"need_input:name=period_start,have={len(known)},need={STAGING_STARTS}"
    gaps = [(after - before).days for before, after in pairwise(known)]
    if max(gaps) > MAX_GAP_DAYS:
        return "log_has_holes"
    apart = [abs(after - before) for before, after in pairwise(gaps)]
    return {
        "lengths": gaps,
        "differences": apart,
        "largest_difference": max(apart),
        "longest": max(gaps),
        "lines": {"difference": LARGE_DIFFERENCE_DAYS, "length": LONG_DAYS},
        "confidence": round(clamp(len(known) / 24.0, 0.3, 0.8), 3),
    }


def warmer_since(skin_c: Mapping[date, float], start: date, day: date) -> date | None:
    """Return the first of three warm nights of a cycle that began at ``start``, None without.

    Each of the three nights in a row is 0.2 degrees C above the warmest of the six known ones
    before them. Seen only afterwards; ovulation was about the day before.
    """
    at = start
    while at + timedelta(days=COVER_NIGHTS - 1) <= day:
        earlier = [at - timedelta(days=back) for back in range(1, COVER_REACH + 1)]
        before = [skin_c[one] for one in earlier if one in skin_c][:COVER_BEFORE]
        nights = [skin_c.get(at + timedelta(days=ahead)) for ahead in range(COVER_NIGHTS)]
        if len(before) == COVER_BEFORE and all(
            value is not None and value > max(before) + COVER_C for value in nights
        ):
            return at
        at += timedelta(days=1)
    return None


def _chances(number: int, after: int, spread_days: float) -> tuple[float, float, float, float]:
    """Probability of each phase, ``after`` days after the day that ovulation is expected."""
    if number <= PERIOD_DAYS:
        return 1.0, 0.0, 0.0, 0.0
    ovulated = statistics.NormalDist(0.0, math.hypot(spread_days / NORMAL_95, LUTEAL_SD))
    # A day in the window from 5 days before ovulation to one after, half a day either side.
    over = ovulated.cdf(after - FERTILE_DAYS[1] - 0.5)
    begun = ovulated.cdf(after - FERTILE_DAYS[0] + 0.5)
    return 0.0, 1.0 - begun, begun - over, over
