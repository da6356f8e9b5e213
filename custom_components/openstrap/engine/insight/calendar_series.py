"""Daily values on a calendar without holes, what is usual taken out, and other orders of the days."""

from collections.abc import Iterable, Mapping
from datetime import date
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..signal.stats import average_ranks

type Series = NDArray[np.float64]
"""A value for every day of a stretch, NaN for a day without."""

WEEK: Final = 7
MIN_OF_WEEKDAY: Final = 3
"""Values of a weekday below which the median of all days stands for its own."""
ROUNDING: Final = 1e-9
"""Share of a sum of squares below which what is left of it is rounding."""
MIN_NEIGHBOURS: Final = 14
"""Pairs of neighbouring days from which on yesterday's pull is estimated (judgement)."""


def span_of(days: Iterable[date]) -> tuple[date, int] | None:
    """First day and number of calendar days from the first to the last; None without any."""
    known = sorted(days)
    return (known[0], (known[-1] - known[0]).days + 1) if known else None


def on_calendar(values: Mapping[date, float], first: date, days: int) -> Series:
    """Values of ``days`` calendar days (days,); NaN where there is none or it is not finite."""
    found = np.full(days, np.nan)
    for day, value in values.items():
        place = (day - first).days
        if 0 <= place < days and math.isfinite(value):
            found[place] = value
    return found


def weekdays_of(first: date, days: int) -> NDArray[np.int64]:
    """Weekday of each day of a stretch, Monday 0."""
    return (first.weekday() + np.arange(days)) % WEEK


def week_numbers(first: date, days: int) -> NDArray[np.int64]:
    """Which calendar week (from Monday) each day of a stretch lies in, from 0."""
    return (first.weekday() + np.arange(days)) // WEEK


def without_weekday(values: Series, first: date) -> Series:
    """Subtract the median of the same weekday, or of all days below three of that weekday."""
    known = np.isfinite(values)
    left = values.copy()
    if not known.any():
        return left
    usual = float(np.median(values[known]))
    weekday = weekdays_of(first, len(values))
    for name in range(WEEK):
        same = known & (weekday == name)
        enough = int(same.sum()) >= MIN_OF_WEEKDAY
        left[same] -= float(np.median(values[same])) if enough else usual
    return left


def without_yesterday(values: Series) -> Series:
    """Subtract what follows linearly from the day before (analysis of covariance, Fisher 1932).

    A day whose day before is unknown keeps its value: it then counts as having followed a usual
    day. Nothing is subtracted below 14 pairs of neighbours.
    """
    before = np.concatenate(([np.nan], values[:-1]))
    both = np.isfinite(values) & np.isfinite(before)
    left = values.copy()
    if int(both.sum()) < MIN_NEIGHBOURS:
        return left
    centred = before[both] - before[both].mean()
    power = float(centred @ centred)
    if power > 0.0:
        left[both] -= float(centred @ values[both]) / power * centred
    return left


def ranks(values: Series) -> Series:
    """Average ranks of the known values, centred on 0; NaN stays."""
    known = np.isfinite(values)
    found = np.full(len(values), np.nan)
    if known.any():
        placed = average_ranks(values[known])
        found[known] = placed - placed.mean()
    return found


def rotations(days: int) -> NDArray[np.intp]:
    """Every circular shift of a stretch but the one that leaves it, (days - 1, days) indices."""
    index: NDArray[np.intp] = np.arange(days)
    found: NDArray[np.intp] = (index + np.arange(1, days)[:, None]) % days
    return found


def block_orders(
    days: int, block: int, count: int, rng: np.random.Generator, *, turned: bool
) -> NDArray[np.intp]:
    """Random orders of whole blocks of neighbouring days, (count, days) indices.

    What belongs together for up to a block stays together (block permutation). ``turned`` cuts
    each order at a place of its own, so that no two days are always neighbours.
    """
    days_of: NDArray[np.intp] = np.broadcast_to(np.arange(days), (count, days))
    if turned:
        days_of = (days_of + rng.integers(0, days, (count, 1))) % days
    place = np.arange(days) // block
    drawn = rng.random((count, int(place[-1]) + 1)).argsort(axis=1).argsort(axis=1)
    # Small whole numbers are sorted in one go, which is most of the time of a scan.
    order = np.argsort(drawn.astype(np.int16)[:, place], axis=1, kind="stable")
    return np.take_along_axis(days_of, order, axis=1)


def correlations(inputs: NDArray[np.float64], outcomes: NDArray[np.float64]) -> Series:
    """Pearson's correlation of every row of ``inputs`` (a, n) with every of ``outcomes`` (b, n).

    Over the days that both know; returned as (a, b), 0 where one of the two does not vary.
    """
    seen, known = np.isfinite(inputs), np.isfinite(outcomes)
    x, y = np.where(seen, inputs, 0.0), np.where(known, outcomes, 0.0).T
    m, v = seen.astype(np.float64), known.astype(np.float64).T
    count = np.maximum(m @ v, 1.0)
    sum_x, sum_y = x @ v, m @ y
    square_x, square_y = (x * x) @ v, m @ (y * y)
    power_x, power_y = square_x - sum_x**2 / count, square_y - sum_y**2 / count
    flat = (power_x <= ROUNDING * square_x) | (power_y <= ROUNDING * square_y)
    shared = x @ y - sum_x * sum_y / count
    found: Series = np.where(flat, 0.0, shared / np.sqrt(np.where(flat, 1.0, power_x * power_y)))
    return found
