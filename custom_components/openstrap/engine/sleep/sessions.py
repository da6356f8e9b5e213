"""Stretches of rest: a still wrist and a calm heart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..samples import Samples
from ..signal.motion import Motion, motion_bins
from ..signal.runs import runs
from .edges import BIN_S, change_point

WINDOW_BINS: Final = 60
"""Fifteen minutes around a bin decide whether it is rest."""
MIN_STILL: Final = 0.7
"""Share of observed bins of these fifteen minutes that are still."""
MIN_SEEN: Final = 1.0 / 3.0
"""Share of the fifteen minutes that must have been observed."""
MERGE_BINS: Final = 60
"""Rest or activity shorter than fifteen minutes between two of the other kind is theirs."""
HOLE_BINS: Final = 80
"""As is what was not observed for less than twenty minutes."""
EDGE_BINS: Final = 120
"""The edge of a rest lies within half an hour of where the fifteen minutes put it."""
MIN_SESSION_S: Final = 600.0
"""What is shorter holds no settled sleep."""
MAX_HR_RATIO: Final = 1.05
"""Median heart rate of a rest against that of the whole span. Not the mean: where the night is all
there is, its surges would lift it above its own median."""
MIN_HR_READINGS: Final = 30
"""With fewer readings in a rest its heart rate says nothing."""

REST, ACTIVE, UNSEEN = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Session:
    """A stretch of rest, epoch seconds.

    ``still_s`` is how long it was seen to be still. ``fall`` and ``rise``: by how much the share
    of moving bins changes at its ends, 0..1, 0 where nothing was seen beyond.
    """

    start_ts: float
    end_ts: float
    still_s: float
    fall: float
    rise: float

    @property
    def length_s(self) -> float:
        """How long it lasted."""
        return self.end_ts - self.start_ts


@dataclass(frozen=True, slots=True)
class Evidence:
    """Movement and heart rate of a span, prepared for looking up stretches of it."""

    start_ts: float
    moved: NDArray[np.float64]
    """(bins,) 1 moved, 0 still, NaN not observed, in bins of 15 s."""
    seen: NDArray[np.int64]
    """(bins + 1,) Observed bins before each bin."""
    active: NDArray[np.int64]
    """(bins + 1,) Bins with movement before each bin."""
    pulse_ts: NDArray[np.float64]
    """(k,) Times of worn heart rates, ``pulse_bpm`` (k,)."""
    pulse_bpm: NDArray[np.float64]
    hr_median: float | None
    """Of the span, bpm."""

    def at(self, ts: float) -> int:
        """Bin nearest to a time, as an edge."""
        return min(max(round((ts - self.start_ts) / BIN_S), 0), len(self.moved))

    def ts(self, row: int) -> float:
        """Time at which a bin starts."""
        return self.start_ts + BIN_S * row

    def seen_s(self, start_ts: float, end_ts: float) -> float:
        """Observed seconds between two times."""
        return BIN_S * float(self.seen[self.at(end_ts)] - self.seen[self.at(start_ts)])

    def still_s(self, start_ts: float, end_ts: float) -> float:
        """Seconds seen to be still between two times."""
        first, stop = self.at(start_ts), self.at(end_ts)
        moved = float(self.active[stop] - self.active[first])
        return BIN_S * (float(self.seen[stop] - self.seen[first]) - moved)

    def hr(self, start_ts: float, end_ts: float) -> float | None:
        """Median heart rate between two times, bpm; None below 30 readings."""
        first, stop = np.searchsorted(self.pulse_ts, (start_ts, end_ts))
        if stop - first < MIN_HR_READINGS:
            return None
        return float(np.median(self.pulse_bpm[first:stop]))

    def hr_covered(self, start_ts: float, end_ts: float) -> float:
        """Share of the minutes between two times that have a heart rate.

        By minutes, not seconds: some straps measure the pulse every few seconds only.
        """
        first, stop = np.searchsorted(self.pulse_ts, (start_ts, end_ts))
        minute = np.floor((self.pulse_ts[first:stop] - start_ts) / 60.0)
        told = int((np.diff(minute) > 0).sum()) + 1 if stop > first else 0
        return min(told / max((end_ts - start_ts) / 60.0, 1.0), 1.0)

    def lowest_hr(self, start_ts: float, end_ts: float, step_s: float) -> float | None:
        """Lowest mean heart rate of the stretches of ``step_s`` that follow each other, bpm.

        Of those with at least 30 readings; None without any.
        """
        edge = np.searchsorted(self.pulse_ts, np.arange(start_ts, end_ts, step_s))
        count = np.diff(edge)
        told = count >= MIN_HR_READINGS
        if not told.any():
            return None
        upto = np.concatenate(([0.0], np.cumsum(self.pulse_bpm)))
        mean = np.diff(upto[edge])[told] / count[told]
        return float(mean.min())

    def calm(self, start_ts: float, end_ts: float) -> bool:
        """Whether the heart was not above what is usual in the span, as far as it was heard."""
        bpm = self.hr(start_ts, end_ts)
        return bpm is None or self.hr_median is None or bpm <= MAX_HR_RATIO * self.hr_median


def gather(
    samples: Samples, worn: NDArray[np.bool_], motion: Motion, start_ts: float, end_ts: float
) -> Evidence:
    """Prepare [start, end): ``samples`` of records with ``worn`` (n,), and their ``motion``."""
    size = max(int(np.ceil((end_ts - start_ts) / BIN_S)), 0)
    amount = motion_bins(motion, start_ts, BIN_S, size)
    known = np.isfinite(amount)
    moved = np.where(known, (amount > 0.0).astype(np.float64), np.nan)
    inside = (samples.ts >= start_ts) & (samples.ts < end_ts)
    pulse = worn & (samples.hr_bpm > 0) & inside
    bpm = samples.hr_bpm[pulse].astype(np.float64)
    return Evidence(
        start_ts=start_ts,
        moved=moved,
        seen=np.concatenate(([0], np.cumsum(known))),
        active=np.concatenate(([0], np.cumsum(moved == 1.0))),
        pulse_ts=samples.ts[pulse],
        pulse_bpm=bpm,
        hr_median=float(np.median(bpm)) if len(bpm) else None,
    )


def find_sessions(evidence: Evidence) -> tuple[Session, ...]:
    """Stretches of rest in order: mostly still over 15 minutes, with a heart that is not raised.

    A bin rests when 70 % of the observed 15 minutes around it are still. Runs shorter than 15
    minutes between two of the other kind go to these, holes below 20 minutes too. Each end is
    then put where movement changes most within half an hour, and not into what was not observed.
    Rests whose median heart rate is above 1.05 times that of the span are none. Stillness
    with heart rate as in consumer devices; ends by change point in place of the smoothed flag,
    which lies up to 7 minutes off.
    """
    spans = _merged(_flags(evidence))
    found = []
    for first, stop, kind in spans:
        if kind != REST:
            continue
        start, fall = _edge(evidence, first, stop, falls=True)
        end, rise = _edge(evidence, first, stop, falls=False)
        seen = np.flatnonzero(np.isfinite(evidence.moved[start:end]))
        if not len(seen):
            continue
        begin_ts = evidence.ts(start + int(seen[0]))
        end_ts = evidence.ts(start + int(seen[-1]) + 1)
        if end_ts - begin_ts >= MIN_SESSION_S and evidence.calm(begin_ts, end_ts):
            still_s = evidence.still_s(begin_ts, end_ts)
            found.append(Session(begin_ts, end_ts, still_s, fall, rise))
    return tuple(found)


def _flags(evidence: Evidence) -> NDArray[np.int8]:
    """Rest, activity or neither of each bin, (bins,)."""
    size = len(evidence.moved)
    row = np.arange(size)
    first = np.maximum(row - WINDOW_BINS // 2, 0)
    stop = np.minimum(row + WINDOW_BINS // 2, size)
    seen = evidence.seen[stop] - evidence.seen[first]
    moved = evidence.active[stop] - evidence.active[first]
    kind = np.where(moved <= (1.0 - MIN_STILL) * seen, REST, ACTIVE)
    return np.where(seen >= MIN_SEEN * WINDOW_BINS, kind, UNSEEN).astype(np.int8)


def _merged(kind: NDArray[np.int8]) -> list[tuple[int, int, int]]:
    """Find runs (first, stop, kind), short ones between two alike absorbed."""
    spans: list[tuple[int, int, int]] = sorted(
        (first, stop, which)
        for which in (REST, ACTIVE, UNSEEN)
        for first, stop in zip(*(edge.tolist() for edge in runs(kind == which)), strict=True)
    )
    while True:
        short = [
            (stop - first, place)
            for place, (first, stop, which) in enumerate(spans[1:-1], start=1)
            if stop - first < (HOLE_BINS if which == UNSEEN else MERGE_BINS)
            and spans[place - 1][2] == spans[place + 1][2] != UNSEEN
        ]
        if not short:
            return spans
        place = min(short)[1]
        before, after = spans[place - 1], spans[place + 1]
        spans[place - 1 : place + 2] = [(before[0], after[1], before[2])]


def _edge(evidence: Evidence, first: int, stop: int, *, falls: bool) -> tuple[int, float]:
    """Bin at which a run of rest begins (``falls``) or ends, and how sharply."""
    at = first if falls else stop
    low = max(at - EDGE_BINS, 0 if falls else first)
    high = min(at + EDGE_BINS, stop if falls else len(evidence.moved))
    active = 1.0 - MIN_STILL
    place, change = change_point(evidence.moved, low, high, falls=falls, active=active)
    # Where no activity was seen the rest keeps what the fifteen minutes gave it.
    return (place, change) if change > 0.0 else (at, 0.0)


def sessions_of(spans: Sequence[tuple[float, float]], evidence: Evidence) -> tuple[Session, ...]:
    """Bring stretches (start, end) that another method found into the same form."""
    return tuple(
        Session(start, end, evidence.still_s(start, end), 0.0, 0.0)
        for start, end in spans
        if end - start >= MIN_SESSION_S and evidence.calm(start, end)
    )
