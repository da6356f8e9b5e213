"""Sustained stillness of the arm: what is left when no quiet block stands out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..signal.grid import on_grid
from ..signal.rolling import rolling_quantiles
from ..signal.runs import merge, runs
from .hdcza import Block

SMOOTH_S = 5
STILL_S = 300
"""A second is still when the arm does not turn during the five minutes that begin with it."""
MAX_TURN_DEG = 5.0
BRIDGE_S = 1800
MAX_HOLE_S = 5
"""Holes up to the smoothing length keep the last angle: lost records are not movement."""


@dataclass(frozen=True, slots=True)
class Stillness:
    """Blocks in order, and how many seconds could not be decided."""

    blocks: tuple[Block, ...]
    undecidable_s: int


def still_blocks(
    ts: NDArray[np.float64], angle_deg: NDArray[np.float64], *, start_ts: float, end_ts: float
) -> Stillness:
    """Blocks of sustained stillness of at least 300 s, bridged over less than 30 minutes.

    ``ts`` (n,) epoch s within [start, end), ``angle_deg`` (n,) z-angle, NaN where not observed.
    Angles are laid on seconds of true time. A second is immobile when in it and the 299 after it
    every second is observed and turns less than 5 degrees; undecidable when the data end or a
    hole comes before a turn does. Source: van Hees et al. 2015, PLoS One 10:e0142533, on seconds
    with a rolling median instead of epochs of 5 s.
    """
    seconds = max(int(np.ceil(end_ts - start_ts)), 1)
    angle = _by_second(ts, angle_deg, start_ts, seconds)
    (smooth,) = rolling_quantiles(angle, SMOOTH_S, (0.5,))
    smooth[np.isnan(angle)] = np.nan
    turn = np.abs(np.diff(smooth, prepend=np.nan))
    moves = turn >= MAX_TURN_DEG
    hole = np.isnan(turn)

    ahead = np.arange(1, seconds + 1)
    next_move = _next(moves, ahead)
    next_hole = _next(hole, ahead)
    reach = np.arange(seconds) + STILL_S
    # Past the last second counts as a hole: nothing is known of it.
    next_hole = np.minimum(next_hole, seconds)
    here = ~np.isnan(angle)
    immobile = here & (next_move >= reach) & (next_hole >= reach)
    unknown = here & (next_hole < reach) & (next_hole < next_move)
    first, last = runs(immobile)
    blocks = [
        Block(start_ts + onset, start_ts + offset)
        for onset, offset in merge(first, last, BRIDGE_S)
        if offset - onset >= STILL_S
    ]
    return Stillness(tuple(blocks), int(unknown.sum()))


def _by_second(
    ts: NDArray[np.float64], angle_deg: NDArray[np.float64], start_ts: float, seconds: int
) -> NDArray[np.float64]:
    """Mean angle of each second; holes of up to 5 s keep the last one."""
    angle = on_grid(ts, angle_deg, start_ts=start_ts, step_s=1.0, size=seconds)
    seen = np.isfinite(angle)
    row = np.arange(seconds)
    last = np.maximum.accumulate(np.where(seen, row, -1))
    upcoming = np.minimum.accumulate(np.where(seen, row, seconds)[::-1])[::-1]
    held = ~seen & (last >= 0) & (upcoming < seconds) & (upcoming - last - 1 <= MAX_HOLE_S)
    angle[held] = angle[last[held]]
    return angle


def _next(mask: NDArray[np.bool_], start: NDArray[np.int64]) -> NDArray[np.int64]:
    """Index of the first true at or after each start; a number past any reach when none."""
    never = len(mask) + STILL_S
    at = np.append(np.where(mask, np.arange(len(mask)), never), never)
    upcoming: NDArray[np.int64] = np.minimum.accumulate(at[::-1])[::-1]
    return upcoming[start]
