"""A day's steps minute by minute: the band's own count, else what raw acceleration shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ..facts import TimeSpan
from ..protocol.bulk import NO_STEPS
from ..samples import Samples
from ..signal.minutes import MINUTE_S
from .imu import Stretch
from .pedometer import count_steps

WRAP: Final = 65536
HOLE_S: Final = (0.0, 600.0, 3600.0, 21600.0)
MOST_STEPS: Final = (20.0, 3020.0, 12000.0, 20000.0)
"""Most steps that are believed of so long without a count; between two, in proportion.

A band tells of steps in lots, some seconds late (20 at once). A sprint takes five a second, for a
minute or two. An hour's run takes 12 000; six hours on foot 20 000, and healthy adults take 4 000 to
18 000 in a whole day (Tudor-Locke et al. 2011). A count that leaps further was reset or is another
strap's, whose counter may stand anywhere below 65 536 (judgement).
"""
MAX_HOLE_S: Final = HOLE_S[-1]
"""After a longer hole the count begins anew: a fitting leap says little, since three in ten of
any other strap's would fit too, and nobody knows on which day the steps were taken (judgement)."""
MAX_WRAP_S: Final = 600.0
"""After a longer hole a smaller count is a new beginning, not a wrap."""
MAX_PIECE_S: Final = 900.0
"""Raw acceleration is taken in pieces of this length, for memory."""
GAIT_CADENCE_SPM: Final = (60.0, 200.0)
MIN_GAIT_S: Final = 20.0
"""Seconds of gait from which its cadence is known."""

type StepSource = Literal["band", "imu"]


@dataclass(frozen=True, slots=True)
class StepMinutes:
    """Steps of whole minutes from ``start_ts`` (epoch s) on.

    ``steps`` (n,) float64, NaN where nothing is known: that is not 0. ``covered_s`` (n,) seconds
    of each minute that ``source`` knows of. ``cadence_spm`` median over the day's gait, None
    without 20 s of it.
    """

    start_ts: float
    steps: NDArray[np.float64]
    covered_s: NDArray[np.float64]
    source: StepSource
    cadence_spm: float | None

    @property
    def total(self) -> int:
        """Steps of all known minutes."""
        return int(np.floor(np.nansum(self.steps) + 0.5))

    @property
    def covered_min(self) -> float:
        """Minutes that the source knows of."""
        return float(self.covered_s.sum()) / MINUTE_S


def day_steps(
    samples: Samples,
    imu: Sequence[Stretch],
    day: TimeSpan,
    *,
    without_gait: Sequence[TimeSpan] = (),
) -> StepMinutes | None:
    """Count the steps of a day (start, end) by the one best source; None where there is none.

    ``samples`` may reach beyond the day, and should: a count is told by the one before it.
    ``without_gait`` are spans of exercise in which an arm swings and no step is taken, such as
    cycling: there raw acceleration counts nothing. One record a second holds no steps.
    """
    if samples.step_counter is not None:
        found = _band(samples, samples.step_counter, day)
        if found is not None:
            return found
    return _imu(imu, day, without_gait) if imu else None


def counted_steps(ts: NDArray[np.float64], counter: NDArray[np.int64]) -> NDArray[np.float64]:
    """Take the steps from each count to the next, (n,); 0 at the first and at a reset.

    ``ts`` (n,) ascending epoch s, ``counter`` (n,) 0..65535. A count that goes back has wrapped
    when records are near each other and few steps explain it; else the band began anew, as it did
    where nobody walks so much in so long a hole (``MOST_STEPS``).
    """
    gap = np.diff(ts)
    ahead = np.diff(counter)
    back = ahead < 0
    ahead = np.where(back, ahead + WRAP, ahead)
    likely = (ahead <= np.interp(gap, HOLE_S, MOST_STEPS)) & (gap <= MAX_HOLE_S)
    likely &= ~back | (gap <= MAX_WRAP_S)
    return np.concatenate(([0.0] * min(len(ts), 1), np.where(likely, ahead, 0).astype(np.float64)))


def _band(samples: Samples, counter: NDArray[np.int64], day: TimeSpan) -> StepMinutes | None:
    start, size = day[0], _minutes(day)
    known = counter != NO_STEPS
    ts = samples.ts[known]
    minute = np.floor((ts - start) / MINUTE_S)
    inside = (minute >= 0) & (minute < size)
    if not inside.any():
        return None
    place = minute[inside].astype(np.intp)
    steps = np.bincount(place, counted_steps(ts, counter[known])[inside], minlength=size)
    second = np.unique(np.floor(ts[inside] - start)).astype(np.int64)
    covered = np.bincount((second // int(MINUTE_S)).astype(np.intp), minlength=size)[:size]
    low, high = GAIT_CADENCE_SPM
    gait = steps[(steps >= low) & (steps <= high)]
    return StepMinutes(
        start_ts=start,
        steps=np.where(covered > 0, steps, np.nan),
        covered_s=covered.astype(np.float64),
        source="band",
        cadence_spm=float(np.median(gait)) if len(gait) else None,
    )


def _imu(
    imu: Sequence[Stretch], day: TimeSpan, without_gait: Sequence[TimeSpan]
) -> StepMinutes | None:
    start, size = day[0], _minutes(day)
    steps, covered = np.zeros(size), np.zeros(size)
    cadence: list[NDArray[np.float64]] = []
    for stretch in imu:
        for ts, magnitude_g in _pieces(stretch, day):
            found = count_steps(ts - ts[0], magnitude_g)
            if found is None:
                continue
            second = ts[0] + np.arange(len(found.steps)) + 0.5
            place = np.minimum(((second - start) // MINUTE_S).astype(np.intp), size - 1)
            gait = found.walking & ~_within(second, without_gait)
            covered += np.bincount(place, minlength=size)
            steps += np.bincount(place, np.where(gait, found.steps, 0.0), minlength=size)
            cadence.append(found.step_hz[gait] * MINUTE_S)
    if not covered.any():
        return None
    paced = np.concatenate(cadence)
    return StepMinutes(
        start_ts=start,
        steps=np.where(covered > 0.0, steps, np.nan),
        covered_s=np.minimum(covered, MINUTE_S),
        source="imu",
        cadence_spm=float(np.median(paced)) if len(paced) >= MIN_GAIT_S else None,
    )


def _pieces(
    stretch: Stretch, day: TimeSpan
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Cut the part of a stretch that lies within a day into pieces of at most a quarter hour."""
    first, last = (int(row) for row in np.searchsorted(stretch.ts, day))
    if first == last:
        return []
    ts, magnitude_g = stretch.ts[first:last], stretch.magnitude_g[first:last]
    edges = np.arange(ts[0] + MAX_PIECE_S, ts[-1], MAX_PIECE_S)
    cuts = np.searchsorted(ts, edges)
    return list(zip(np.split(ts, cuts), np.split(magnitude_g, cuts), strict=True))


def _within(ts: NDArray[np.float64], spans: Sequence[TimeSpan]) -> NDArray[np.bool_]:
    inside = np.zeros(len(ts), dtype=bool)
    for first, last in spans:
        inside |= (ts >= first) & (ts < last)
    return inside


def _minutes(day: TimeSpan) -> int:
    return max(int(np.ceil((day[1] - day[0]) / MINUTE_S)), 1)
