"""Which intervals are not one normal beat after another (Lipponen & Tarvainen 2019)."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .rolling import rolling_quantiles

ALPHA = 5.2
"""Quartile deviations of a normal distribution that hold 99.95 % of it."""
THRESHOLD_BEATS = 91
MEDIAN_BEATS = 11
MIN_THRESHOLD_MS = 100.0
"""Floor of both thresholds: a very even heart is no reason to doubt small steps."""
MAX_THRESHOLD_SHARE = 0.25
"""Cap of both thresholds, as a share of the local median interval (but never under 100 ms).

Where a sixth of the beats are ectopic half of all steps belong to them, and quartiles then
describe the ectopy: on two such 24-hour records the cap brings RMSSD from +50 and +88 % of the
reference to +13 and -6 %, while records with few ectopic beats move by less than 2 %.
"""
ECTOPIC_SLOPE, ECTOPIC_OFFSET = 0.13, 0.17
MEDIAN_LIMIT = 3.0
RR_RANGE_MS = (300.0, 2000.0)
"""Intervals of a heart that beats normally (Task Force 1996)."""
MIN_BEATS = 3
"""With fewer there are no neighbours to differ from; only the range is looked at."""


class Kind(IntEnum):
    """What an interval is."""

    NORMAL = 0
    EXTRA = 1
    """One heart beat counted twice: this interval and the next are one."""
    MERGED = 2
    """The second half of an extra beat."""
    MISSED = 3
    """Two heart beats counted as one."""
    ODD = 4
    """Ectopic, or too long or too short for another reason."""


def classify(rr_ms: NDArray[np.float64], joined: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Class of each interval, (m,) of ``Kind``.

    ``rr_ms`` (m,) ms, ``joined`` (m,) whether each follows the one before. Source: Lipponen &
    Tarvainen 2019, J Med Eng Technol 43:173, with these deviations: thresholds are at
    least 100 ms and at most a quarter of the local median interval; steps are taken inside runs only, and the 91 steps around a beat are the 91 nearest
    that exist; an interval outside 300..2000 ms is odd unless it was explained as extra or missed.
    """
    low, high = RR_RANGE_MS
    kind = np.where((rr_ms < low) | (rr_ms > high), Kind.ODD, Kind.NORMAL).astype(np.uint8)
    if len(rr_ms) < MIN_BEATS:
        return kind
    # Two values past the end, so that looking ahead needs no special case.
    step = np.zeros(len(rr_ms) + 2)
    inside = np.flatnonzero(joined[1:]) + 1
    difference = rr_ms[inside] - rr_ms[inside - 1]
    (median,) = rolling_quantiles(rr_ms, MEDIAN_BEATS, (0.5,))
    step[inside] = difference / _threshold(difference, median[inside])

    off = rr_ms - median
    off = np.where(off < 0.0, 2.0 * off, off)
    off_limit = _threshold(off, median)

    suspects = np.flatnonzero(np.abs(step) > 1.0).tolist()
    read = _Reader(rr_ms, step, median, off / off_limit, off_limit, joined)
    done = -1
    for beat in suspects:
        if beat <= done:
            continue
        if read.is_ectopic(beat):
            kind[beat] = Kind.ODD
            continue
        follows = abs(step[beat + 1]) < abs(step[beat + 2])
        for candidate in (beat, beat + 1) if follows else (beat,):
            if candidate <= done:
                continue
            done = candidate
            found = read.kind_of(candidate)
            if found is not None:
                kind[candidate] = found
            if found is Kind.EXTRA:
                done = candidate + 1
                kind[done] = Kind.MERGED
    return kind


def _threshold(values: NDArray[np.float64], median: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 5.2 quartile deviations of the values around each, within floor and cap, ms."""
    lower, upper = rolling_quantiles(values, THRESHOLD_BEATS, (0.25, 0.75))
    spread = np.minimum(ALPHA * (upper - lower) / 2.0, MAX_THRESHOLD_SHARE * median)
    held: NDArray[np.float64] = np.maximum(spread, MIN_THRESHOLD_MS)
    return held


@dataclass(frozen=True, slots=True)
class _Reader:
    """The decision for one beat: few beats of a night are looked at, so one at a time."""

    rr: NDArray[np.float64]
    step: NDArray[np.float64]
    """In thresholds, two zeros past the end."""
    median: NDArray[np.float64]
    off: NDArray[np.float64]
    """Distance from the median, in thresholds."""
    off_limit: NDArray[np.float64]
    joined: NDArray[np.bool_]

    def is_ectopic(self, beat: int) -> bool:
        """Tell whether the step at a beat is undone by its neighbours (figure 2a of the paper)."""
        here, before, after = self.step[beat], self.step[beat - 1], self.step[beat + 1]
        if here > 0.0:
            return bool(max(before, after) < -ECTOPIC_SLOPE * here - ECTOPIC_OFFSET)
        return bool(min(before, after) > -ECTOPIC_SLOPE * here + ECTOPIC_OFFSET)

    def kind_of(self, beat: int) -> Kind | None:
        """Class of a suspect that is not ectopic; None when it is normal after all."""
        here = self.step[beat]
        ahead = self.step[beat + 1], self.step[beat + 2]
        jumps_up = here > 1.0 and min(ahead) < -1.0
        jumps_down = here < -1.0 and max(ahead) > 1.0
        if not (jumps_up or jumps_down or abs(self.off[beat]) > MEDIAN_LIMIT):
            return None
        rr, median, limit = self.rr[beat], self.median[beat], self.off_limit[beat]
        if jumps_down and self.joined[beat + 1]:
            if abs(rr + self.rr[beat + 1] - median) < limit:
                return Kind.EXTRA
        if jumps_up and abs(rr / 2.0 - median) < limit:
            return Kind.MISSED
        return Kind.ODD
