"""How a night was built: the measures of a hypnogram as the AASM manual defines them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..metric import NO_SLEEP
from .hypnogram import Segment, Stage

SUSTAINED_WAKE_S = 300.0
"""Wake that lasts this long is remembered: a sustained awakening."""
MIN_OBSERVED = 0.5
"""Share of the time in bed that must have been observed."""
MAX_HIDDEN_S = 300.0
"""A latency that more unobserved time than this lies in is not told: its end may be hidden."""
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Architecture:
    """Measures of one night, seconds unless the name says otherwise. Times are epoch s.

    ``sol_s`` is None unless the time of lights out is known, ``rem_latency_s`` without REM; both
    where too much of the way there was not observed. ``onset_ts`` and ``offset_ts`` are the start
    of the first and the end of the last sleep; spt_s lies between. ``observed_s`` and
    ``unobserved_s`` make up ``tib_s``; what was not observed is neither sleep nor wake.
    ``efficiency`` is sleep over observed time in bed, 0 to 1. ``shifts_per_h`` counts changes of
    stage between neighbouring observed stretches, for each hour slept.
    """

    onset_ts: float
    offset_ts: float
    tib_s: float
    observed_s: float
    unobserved_s: float
    sol_s: float | None
    tst_s: float
    spt_s: float
    waso_s: float
    awakenings: int
    sustained_awakenings: int
    efficiency: float
    rem_latency_s: float | None
    light_s: float
    deep_s: float
    rem_s: float
    longest_sleep_s: float
    shifts_per_h: float

    def share(self, stage: Stage) -> float:
        """Share of the sleep that was of a stage, 0 to 1."""
        part = {Stage.LIGHT: self.light_s, Stage.DEEP: self.deep_s, Stage.REM: self.rem_s}
        return part[stage] / self.tst_s


def sleep_architecture(
    segments: Sequence[Segment],
    start_ts: float,
    end_ts: float,
    *,
    lights_out_ts: float | None = None,
) -> Architecture | str:
    """Measure a night in bed from ``start_ts`` to ``end_ts`` (epoch s); a reason without one.

    ``segments`` ascend and do not overlap; what they leave open was not observed. The night
    begins with the first sleep where that is earlier, and ends with the last where that is later.
    ``lights_out_ts`` is when the wearer says to have tried to sleep: a window that was found by
    itself begins with stillness, and knows no latency. No sleep gives ``no_sleep``, and a night
    of which less than half was observed ``not_observed``.

    Source: AASM manual (Iber et al. 2007). Deviations: sleep efficiency is over observed time; a
    hole makes awakenings neither more nor longer, cuts the longest sleep, and hides no latency of
    more than five minutes.
    """
    sleep = [segment for segment in segments if segment[2].asleep]
    if not sleep:
        return NO_SLEEP
    onset, offset = sleep[0][0], sleep[-1][1]
    start, end = min(start_ts, onset), max(end_ts, offset)
    seen = _clipped((s for s in segments if s[2] is not Stage.UNOBSERVED), start, end)
    observed = sum(b - a for a, b, _ in seen)
    tib = end - start
    if observed < MIN_OBSERVED * tib:
        return not_observed(1.0 - observed / tib)

    within = _clipped(seen, onset, offset)
    tst = sum(b - a for a, b, _ in sleep)
    waking = _awakenings(within)
    rem = next((a for a, _, stage in sleep if stage is Stage.REM), None)
    changes = sum(
        before[2] is not after[2] and before[1] == after[0] for before, after in pairwise(within)
    )
    return Architecture(
        onset_ts=onset,
        offset_ts=offset,
        tib_s=tib,
        observed_s=observed,
        unobserved_s=tib - observed,
        sol_s=None if lights_out_ts is None else _latency(seen, lights_out_ts, onset),
        tst_s=tst,
        spt_s=offset - onset,
        waso_s=sum(b - a for a, b, stage in within if stage is Stage.WAKE),
        awakenings=len(waking),
        sustained_awakenings=sum(longest >= SUSTAINED_WAKE_S for longest in waking),
        efficiency=tst / observed,
        rem_latency_s=None if rem is None else _latency(seen, onset, rem),
        light_s=_length(sleep, Stage.LIGHT),
        deep_s=_length(sleep, Stage.DEEP),
        rem_s=_length(sleep, Stage.REM),
        longest_sleep_s=_longest(sleep),
        shifts_per_h=changes / (tst / HOUR_S),
    )


def not_observed(fraction: float) -> str:
    """Too much of the span was not observed: how large a share."""
    return f"not_observed:fraction={fraction:.2f}"


def sleep_spans(segments: Iterable[Segment]) -> list[tuple[float, float]]:
    """Stretches of sleep of whatever stage, epoch s, neighbours made one."""
    found: list[tuple[float, float]] = []
    for first, last, stage in segments:
        if not stage.asleep:
            continue
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def latency_reason(*, before: bool) -> str:
    """Say why there is no latency: it began ``before`` lights out, or its end may be hidden."""
    return "asleep_before_lights_out" if before else f"hidden_latency:max_s={MAX_HIDDEN_S:g}"


def _clipped(segments: Iterable[Segment], start: float, end: float) -> list[Segment]:
    return [
        (max(a, start), min(b, end), stage) for a, b, stage in segments if b > start and a < end
    ]


def _length(segments: Iterable[Segment], which: Stage) -> float:
    return sum(b - a for a, b, stage in segments if stage is which)


def _longest(sleep: Sequence[Segment]) -> float:
    return max(b - a for a, b in sleep_spans(sleep))


def _latency(seen: Sequence[Segment], since: float, until: float) -> float | None:
    """Time from one moment to the next, None when too much of it was not observed or none is."""
    if until < since:
        return None
    known = sum(b - a for a, b, _ in _clipped(seen, since, until))
    return until - since if until - since - known <= MAX_HIDDEN_S else None


def _awakenings(within: Sequence[Segment]) -> list[float]:
    """Longest wake in one piece of each awakening: the wake between two stretches of sleep."""
    found: list[float] = []
    piece_end, piece, again = 0.0, 0.0, False
    for first, last, stage in within:
        if stage is not Stage.WAKE:
            again = False
            continue
        piece = piece + last - first if again and piece_end == first else last - first
        if again:
            found[-1] = max(found[-1], piece)
        else:
            found.append(piece)
        piece_end, again = last, True
    return found
