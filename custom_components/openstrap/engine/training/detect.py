"""Efforts among a day's heart rates: stretches that no desk explains, from their start to their end."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..signal.runs import runs
from .energy import MOVING_MG

GRID_S: Final = 10.0
FLOOR_SHARE: Final = 0.45
FLOOR_ABOVE_BPM: Final = 40.0
"""Effort is at or above both: this share of the reserve (moderate effort begins at 40 %, Karvonen
1957 and ACSM), and so much above rest, for a small reserve (judgement)."""
RAISED_SHARE: Final = 0.22
"""Share of the reserve that sitting stays below and warming up does not (judgement)."""
MIN_EFFORT_S: Final = 600.0
MIN_SPAN_S: Final = 720.0
"""Time at or above the floor, and from the first to the last of it (judgement)."""
MIN_EFFORT_SHARE: Final = 0.4
"""Of that span at or above the floor: a raised day with bursts has less (judgement)."""
STEADY_SHARE: Final = 0.35
MIN_STEADY_S: Final = 1800.0
MIN_STEADY_SHARE: Final = 0.75
"""Longer and nearly without easing, a lower share of the reserve is effort too: an easy ride, a
brisk walk (light effort ends at 40 %, ACSM; judgement)."""
PAUSE_S: Final = 300.0
"""So long at rest, or without a heart rate, and what follows is another workout."""
EASY_S: Final = 1200.0
"""So long below the floor, though not at rest, and what follows is another workout (judgement)."""
EDGE_S: Final = 900.0
"""Longest warming up and cooling down, s (judgement)."""
HOLE_S: Final = 90.0
"""A workout does not begin or end beyond a longer hole in the record."""
AROUND_S: Final = 1800.0
AROUND_QUARTILE: Final = 25.0
AROUND_MIN_S: Final = 300.0
ABOVE_AROUND_SHARE: Final = 0.1
"""Around an effort the wearer may walk about: its edge is this share of the reserve above the
quieter quarter of the half hour before or after (judgement)."""
FALL_BPM: Final = 4.0
FALL_STEP_S: Final = 30.0
FALL_MAX_S: Final = 300.0
"""The heart falls by more than this in half a minute once effort has ended, for so long at most:
its exponential has a time constant of one to two minutes (Imai 1994)."""
HARD_SHARE: Final = 0.6
"""Vigorous effort (ACSM): no desk drives a heart so far for so long, also if the wrist is still
(an indoor bike)."""
CONFIDENCE_HR: Final = 0.6
CONFIDENCE_MOVING: Final = 0.75
"""A heart rate alone, and one that movement agrees with (judgement)."""

EFFORT: Final = (MIN_EFFORT_S, MIN_SPAN_S, MIN_EFFORT_SHARE)
STEADY: Final = (MIN_STEADY_S * MIN_STEADY_SHARE, MIN_STEADY_S, MIN_STEADY_SHARE)


@dataclass(frozen=True, slots=True)
class Effort:
    """A stretch of effort, epoch s, and how sure (0 to 1) it was one."""

    start_ts: float
    end_ts: float
    confidence: float


def effort_floor_bpm(resting_bpm: float, max_bpm: float) -> float:
    """Heart rate from which on it is effort."""
    return max(
        resting_bpm + FLOOR_ABOVE_BPM,
        float(round(resting_bpm + FLOOR_SHARE * (max_bpm - resting_bpm))),
    )


def find_efforts(
    ts: NDArray[np.float64],
    hr_bpm: NDArray[np.float64],
    resting_bpm: float,
    max_bpm: float,
    *,
    movement: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> tuple[Effort, ...]:
    """Find the efforts among heart rates, in the order of time.

    ``ts`` (n,) epoch s ascending and ``hr_bpm`` (n,), NaN where unknown, at 1 Hz, every ten
    seconds or anything between. ``movement`` is (ts (m,), mean dynamic acceleration of the minute
    that begins there in mg (m,), NaN where unknown); None trusts the heart alone.

    Stretches at or above the floor that belong together are joined over easier ones, kept when
    there is enough effort in them, and extended to where the heart left its quiet level and to
    where it began to fall back. Beside the reserve rule this takes intervals and long rides whole,
    and has no upper limit of length. Strength and easy walks are missed: their hearts say little.
    Empty without a reserve.
    """
    known = np.isfinite(hr_bpm) & (hr_bpm > 0.0)
    if max_bpm <= resting_bpm or not known.any():
        return ()
    first, hr = _grid(ts[known], hr_bpm[known])
    smooth = _smooth(hr)
    reserve = max_bpm - resting_bpm
    level = resting_bpm + RAISED_SHARE * reserve
    raised, seen = smooth >= level, np.isfinite(smooth)
    found = []
    for start, stop in _overlaid(
        _stretches(smooth >= effort_floor_bpm(resting_bpm, max_bpm), raised, seen, EFFORT),
        _stretches(smooth >= resting_bpm + STEADY_SHARE * reserve, raised, seen, STEADY),
    ):
        moving = _movement(movement, first + GRID_S * start, first + GRID_S * stop)
        share = (float(np.nanmean(hr[start:stop])) - resting_bpm) / reserve
        if moving is not None and moving < MOVING_MG and share < HARD_SHARE:
            continue
        opened = _edge(smooth[::-1], len(smooth) - start, level, reserve)
        closed = _before_fall(smooth, _edge(smooth, stop, level, reserve))
        sure = CONFIDENCE_HR if moving is None or moving < MOVING_MG else CONFIDENCE_MOVING
        opened = len(smooth) - opened
        found.append(Effort(first + GRID_S * opened, first + GRID_S * closed, sure))
    return tuple(found)


def _grid(
    ts: NDArray[np.float64], hr_bpm: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Start of the grid (epoch s), and mean heart rate of each ten seconds, NaN without."""
    first = float(np.floor(ts[0] / GRID_S) * GRID_S)
    place = ((ts - first) // GRID_S).astype(np.intp)
    count = np.bincount(place)
    total = np.bincount(place, hr_bpm)
    return first, np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _smooth(hr: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of each value and its neighbours, as far as known; NaN stays NaN."""
    known = np.isfinite(hr)
    total = np.convolve(np.where(known, hr, 0.0), np.ones(3), "same")
    count = np.convolve(known.astype(np.float64), np.ones(3), "same")
    return np.where(known, total[: len(hr)] / np.maximum(count[: len(hr)], 1.0), np.nan)


def _joined(effort: NDArray[np.bool_], raised: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches of effort, joined where neither rest nor ease between them is too long."""
    joined: list[tuple[int, int]] = []
    for start, stop in zip(*(edge.tolist() for edge in runs(effort)), strict=True):
        if joined:
            between = ~raised[joined[-1][1] : start]
            at_rest = max((b - a for a, b in zip(*runs(between), strict=True)), default=0)
            if at_rest * GRID_S < PAUSE_S and len(between) * GRID_S <= EASY_S:
                joined[-1] = (joined[-1][0], stop)
                continue
        joined.append((start, stop))
    return joined


def _stretches(
    effort: NDArray[np.bool_],
    raised: NDArray[np.bool_],
    known: NDArray[np.bool_],
    least: tuple[float, float, float],
) -> list[tuple[int, int]]:
    """Join stretches of effort; only those with enough: seconds of it and in all, share of known."""
    effort_s, span_s, share = least
    return [
        (start, stop)
        for start, stop in _joined(effort, raised)
        if effort[start:stop].sum() * GRID_S >= effort_s
        and (stop - start) * GRID_S >= span_s
        and effort[start:stop].sum() >= share * known[start:stop].sum()
    ]


def _overlaid(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Both, made one where they touch."""
    united: list[tuple[int, int]] = []
    for start, stop in sorted(some + others):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], stop))
        else:
            united.append((start, stop))
    return united


def _edge(smooth: NDArray[np.float64], stop: int, raised: float, reserve: float) -> int:
    """Go on from ``stop`` as far as the heart stays raised; index after the last such place.

    The start of an effort is the end of its mirror image.
    """
    around = smooth[stop + int(60.0 / GRID_S) : stop + int(AROUND_S / GRID_S)]
    around = around[np.isfinite(around)]
    level = raised
    if len(around) * GRID_S >= AROUND_MIN_S:
        quiet = float(np.percentile(around, AROUND_QUARTILE))
        level = max(raised, quiet + ABOVE_AROUND_SHARE * reserve)
    last = stop
    for at in range(stop, min(len(smooth), stop + int(EDGE_S / GRID_S))):
        if smooth[at] >= level:
            last = at + 1
        elif smooth[at] < level or (at - last + 1) * GRID_S > HOLE_S:
            break
    return last


def _before_fall(smooth: NDArray[np.float64], last: int) -> int:
    """Go back from where the heart is quiet again to where it began to fall."""
    step = int(FALL_STEP_S / GRID_S)
    first = max(last - int(FALL_MAX_S / GRID_S), step + 1)
    fall = [smooth[at - 1 - step] - smooth[at - 1] >= FALL_BPM for at in range(first, last + 1)]
    # One place where it does not fall is noise, two are a level.
    while len(fall) > 1 and any(fall[-2:]):
        fall.pop()
    return first + len(fall) - 1


def _movement(
    movement: tuple[NDArray[np.float64], NDArray[np.float64]] | None, start: float, stop: float
) -> float | None:
    """Mean movement of the minutes of a stretch, mg; None when none is known."""
    if movement is None:
        return None
    at, dyn_mg = movement
    inside = dyn_mg[(at + 30.0 >= start) & (at + 30.0 < stop)]
    inside = inside[np.isfinite(inside)]
    return float(inside.mean()) if len(inside) else None
