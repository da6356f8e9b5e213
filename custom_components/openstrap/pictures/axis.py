"""Where times and values stand in a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..engine.insight.decimate import low_and_high
from . import words
from .canvas import Path, Point, Sheet, Text, text_width
from .frame import SMALL
from .theme import Palette

QUARTER_S: Final = 900.0
"""All clocks on earth differ by whole quarters of an hour."""
STEPS_MIN: Final = (15, 30, 60, 120, 180, 240, 360)
BETWEEN_LABELS: Final = 10.0
POINTS_A_UNIT: Final = 0.6
"""Stretches of time for each unit across: two points each, so that a line has one a pixel."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale: ``first`` and ``last`` stand at ``start`` and ``end``."""

    first: float
    last: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value stands; what lies beyond an end stands on it."""
        span = self.last - self.first
        share = (value - self.first) / span if span else 0.5
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Tick:
    """A whole local hour (or part of one), and how it reads."""

    ts: float
    label: str
    midnight: bool


def ticks(scale: Scale, zone: tzinfo, size: float = SMALL) -> list[Tick]:
    """Give the times to mark, as close as their labels allow; ascending.

    By the clock on the wall: an hour that comes twice has one label, one that is left out none.
    """
    room = text_width("00:00", size) + BETWEEN_LABELS
    a_minute = (scale.end - scale.start) / max((scale.last - scale.first) / 60.0, 1.0)
    step = next((step for step in STEPS_MIN if step * a_minute >= room), STEPS_MIN[-1])
    found: list[Tick] = []
    ts = math.ceil(scale.first / QUARTER_S) * QUARTER_S
    while ts <= scale.last:
        at = datetime.fromtimestamp(ts, zone)
        minute = 60 * at.hour + at.minute
        if minute % step == 0 and (not found or scale.at(ts) - scale.at(found[-1].ts) >= room):
            found.append(Tick(ts, words.clock(ts, zone), minute == 0))
        ts += QUARTER_S
    return found


def time_axis(
    sheet: Sheet, palette: Palette, scale: Scale, zone: tzinfo, reach: tuple[float, float]
) -> None:
    """Draw the lines of the hours from top to bottom, and the times below."""
    top, bottom = reach
    for tick in ticks(scale, zone):
        x = scale.at(tick.ts)
        sheet.rule([(x, top), (x, bottom)], palette.empty if tick.midnight else palette.grid)
        sheet.add(Text(x, bottom + 16.0, tick.label, SMALL, palette.soft, "middle"))


def clock_change(start_ts: float, end_ts: float, zone: tzinfo) -> timedelta:
    """How far the clock on the wall was moved between two times; forward is positive."""
    first, last = (datetime.fromtimestamp(ts, zone).utcoffset() for ts in (start_ts, end_ts))
    return (last or timedelta()) - (first or timedelta())


def curves(
    ts: ArrayLike, values: ArrayLike, x: Scale, y: Scale, *, gap_s: float
) -> tuple[tuple[Point, ...], ...]:
    """Give the lines of a series: one for each stretch without a hole longer than ``gap_s``.

    ``ts`` (n,) ascending epoch s and ``values`` (n,), NaN unknown. Peaks and valleys stay. A
    stretch of one value is a short line, so that it is seen.
    """
    times = np.asarray(ts, dtype=np.float64)
    series = np.asarray(values, dtype=np.float64)
    inside = np.isfinite(series) & (times >= x.first) & (times <= x.last)
    times, series = times[inside], series[inside]
    breaks = np.flatnonzero(np.diff(times) > gap_s) + 1
    found = []
    for at in np.split(np.arange(len(times)), breaks):
        if not len(at):
            continue
        length = x.at(float(times[at[-1]])) - x.at(float(times[at[0]]))
        kept = at[low_and_high(times[at], series[at], max(round(POINTS_A_UNIT * length), 1))]
        line = [(x.at(float(times[i])), y.at(float(series[i]))) for i in kept]
        found.append(tuple(line if len(line) > 1 else [line[0], (line[0][0] + 1.0, line[0][1])]))
    return tuple(found)


def draw_curve(
    sheet: Sheet, lines: Sequence[Sequence[Point]], stroke: str, width: float = 1.5
) -> None:
    """Draw the lines of a series, where there are any."""
    if lines:
        sheet.add(Path(tuple(tuple(line) for line in lines), stroke, width=width))


def limits(values: NDArray[np.float64]) -> tuple[float, float] | None:
    """Lowest and highest known value, None where none is known."""
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if len(known) else None


def rounded_out(low: float, high: float, step: float, least: float) -> tuple[float, float]:
    """Widen a range to whole steps, and to no less than ``least``."""
    first, last = math.floor(low / step) * step, math.ceil(high / step) * step
    while last - first < least:
        last += step
        if last - first < least:
            first -= step
    return first, last
