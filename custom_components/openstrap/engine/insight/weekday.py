"""Whether some day of the week differs from the others, week by week."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..metric import clamp, need_input
from ..signal.stats import average_ranks
from .calendar_series import WEEK, on_calendar, span_of, week_numbers, weekdays_of
from .journal_effects import CHANCE, CONSTANT
from .multiple import bh_q

MIN_SPAN_DAYS: Final = 56
MIN_VALUES: Final = 5
"""Of every weekday."""
SHUFFLES: Final = 999
FALSE_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class WeekdayEffect:
    """The week of one outcome.

    ``medians`` are each weekday's, Monday first, of the differences from the median of its own
    week, and so is ``most``, the weekday (Monday 0) that lies furthest off. ``h`` is the
    Kruskal-Wallis statistic. ``note`` says why there is nothing to see; then ``medians`` is empty
    when it could not be computed.
    """

    outcome: str
    medians: tuple[float, ...] = ()
    most: int | None = None
    values: int = 0
    h: float | None = None
    p: float | None = None
    q: float | None = None
    confidence: float = 0.0
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {**asdict(self), "medians": list(self.medians)}


def weekday_effects(
    outcomes: Mapping[str, Mapping[date, float]], *, seed: int
) -> tuple[WeekdayEffect, ...]:
    """Look for a weekly pattern in daily values by key, in the order of the keys.

    Needs eight weeks and five values of every weekday. Labels are shuffled within each calendar
    week, after the week's median is taken out, so slow change and memory from day to day are in
    the null as well. Both the Kruskal-Wallis statistic and the largest distance of a weekday's
    median must be rare; Benjamini & Hochberg at 0.05 over the outcomes. Describes, explains nothing.
    """
    found = [_weekday_effect(key, outcomes[key], seed) for key in sorted(outcomes)]
    tested = [at for at, effect in enumerate(found) if effect.p is not None]
    for at, q in zip(tested, bh_q([found[at].p or 0.0 for at in tested]), strict=True):
        note = None if q <= FALSE_SHARE else CHANCE
        found[at] = replace(found[at], q=float(q), note=note)
    return tuple(found)


def _weekday_effect(key: str, outcome: Mapping[date, float], seed: int) -> WeekdayEffect:
    """Test one outcome; q is yet to come."""
    span = span_of(outcome)
    if span is None or span[1] < MIN_SPAN_DAYS:
        return WeekdayEffect(key, note=need_input("days", span[1] if span else 0, MIN_SPAN_DAYS))
    first, days = span
    values, weekday = on_calendar(outcome, first, days), weekdays_of(first, days)
    week = week_numbers(first, days)
    table = np.full((int(week[-1]) + 1, WEEK), np.nan)
    table[week, weekday] = values
    known = np.isfinite(table)
    fewest = int(known.sum(axis=0).min())
    if fewest < MIN_VALUES:
        return WeekdayEffect(key, note=need_input("days_of_each_weekday", fewest, MIN_VALUES))
    table, known = table[known.any(axis=1)], known[known.any(axis=1)]
    table -= np.nanmedian(table, axis=1, keepdims=True)
    if not np.nanmax(table) > np.nanmin(table):
        return WeekdayEffect(key, values=int(known.sum()), note=CONSTANT)

    rng = np.random.Generator(np.random.PCG64(seed))
    own_order = np.arange(WEEK) * np.ones((len(table), 1), dtype=np.intp)
    orders = np.concatenate([own_order[None], _within_weeks(known, rng)])
    h, medians = _statistics(table, orders)
    off = np.abs(medians).max(axis=1)
    rare = [float((part >= part[0] - 1e-9).sum()) / len(part) for part in (h, off)]
    return WeekdayEffect(
        key,
        medians=tuple(float(median) for median in medians[0]),
        most=int(np.argmax(np.abs(medians[0]))),
        values=int(known.sum()),
        h=float(h[0]),
        p=max(rare),
        confidence=clamp(0.25 + 0.25 * days / 365.0, 0.25, 0.5),
    )


def _within_weeks(known: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.intp]:
    """Shuffles of the known days of each week among themselves, (shuffles, weeks, 7) indices."""
    keys = np.where(known, rng.random((SHUFFLES, *known.shape)), np.inf)
    drawn = np.argsort(keys, axis=2, kind="stable")
    places = np.broadcast_to(np.argsort(~known, axis=1, kind="stable"), drawn.shape)
    orders = np.empty_like(drawn)
    np.put_along_axis(orders, places, drawn, axis=2)
    return orders


def _statistics(
    table: NDArray[np.float64], orders: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Kruskal & Wallis' H (1952), corrected for ties, and each weekday's median, per order.

    (orders,) and (orders, 7); medians are distances from the median of all days.
    """
    known = np.isfinite(table)
    count = int(known.sum())
    ranked = np.full_like(table, np.nan)
    ranked[known] = average_ranks(table[known]) - (count + 1) / 2.0
    _, same = np.unique(table[known], return_counts=True)
    ties = 1.0 - float((same**3 - same).sum()) / (count**3 - count)
    week = np.arange(len(table))[:, None]
    sums = np.nansum(ranked[week, orders], axis=1)
    h = 12.0 / (count * (count + 1)) * (sums**2 / known.sum(axis=0)).sum(axis=1) / ties
    medians = np.nanmedian(table[week, orders], axis=1) - np.nanmedian(table)
    return h, medians
