"""A journal and its outcomes, laid side by side and made ready to be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import need_input
from ..signal.stats import theil_sen
from .calendar_series import Series, on_calendar, without_weekday, without_yesterday
from .journal import JournalDay, field_lag, tag_lag
from .journal_effects import CONSTANT, Kind

MIN_SIDE: Final = 5
"""Days with, and days without."""
MIN_PAIRS: Final = 8
"""Days with a number and an outcome."""
ROUNDS: Final = 6
"""Times that an effect and what it is measured against are worked out in turn."""
MOMENT: Final = "moment "
"""Begins tags that mark a time of day and stand for nothing else."""


@dataclass(frozen=True, slots=True)
class Input:
    """Something written down, on the calendar of the entries; 0 and 1 for a tag."""

    kind: Kind
    name: str
    lag: int
    values: Series


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome on the same calendar, and how it differs from what was to be expected.

    ``raw`` has one day more in front, which is ``first``.
    """

    first: date
    raw: Series
    rest: Series

    def beside(self, one: Input) -> Series:
        """Return what differs from the expected, were the expected not moved by the input itself.

        Weekday medians and the pull of the day before hold some of an effect, the more the more
        often it is there; the effect is taken out of the outcome before they are worked out, and
        put back (backfitting, after Friedman & Stuetzle 1981). For sizes, not for p.
        """
        centred = one.values - np.nanmean(one.values)
        pushed = np.concatenate(([0.0], np.where(np.isfinite(centred), centred, 0.0)))
        rest = self.rest
        for _ in range(ROUNDS):
            part = size_of(one, rest) * pushed
            rest = (_unexpected(self.raw - part, self.first) + part)[1:]
        return rest


def _unexpected(raw: Series, first: date) -> Series:
    return without_yesterday(without_weekday(raw, first))


def size_of(one: Input, rest: Series) -> float:
    """By how much an outcome lies higher with the tag, or by one unit more of the number.

    The Hodges-Lehmann difference (1963), or the Theil-Sen slope, without their intervals.
    """
    both = np.isfinite(one.values) & np.isfinite(rest)
    x, y = one.values[both], rest[both]
    if one.kind == "number":
        return theil_sen(x, y) or 0.0
    return float(np.median(y[x > 0.5][:, None] - y[x <= 0.5]))


def inputs_of(written: Mapping[date, JournalDay], first: date, days: int) -> list[Input]:
    """Return everything that was written down, in the order of its names."""
    found: list[Input] = []
    tags = {tag for entry in written.values() for tag in entry.tags}
    for name in sorted(tag for tag in tags if not tag.startswith(MOMENT)):
        so = {day: float(name in entry.tags) for day, entry in written.items()}
        found.append(Input("tag", name, tag_lag(name), on_calendar(so, first, days)))
    for name in sorted({name for entry in written.values() for name in entry.numbers} - tags):
        told = {d: entry.numbers[name] for d, entry in written.items() if name in entry.numbers}
        values = on_calendar(told, first, days)
        yes_no = set(told.values()) == {0.0, 1.0}
        found.append(Input("tag" if yes_no else "number", name, field_lag(name), values))
    return found


def outcomes_after(
    outcomes: Mapping[str, Mapping[date, float]], first: date, days: int, lag: int
) -> dict[str, Outcome]:
    """Return outcomes so many days after each day of the calendar, and what of them was unexpected."""
    found = {}
    for key in sorted(outcomes):
        # One day more in front, for the first day has a day before too.
        start = date.fromordinal(first.toordinal() + lag - 1)
        raw = on_calendar(outcomes[key], start, days + 1)
        found[key] = Outcome(start, raw, _unexpected(raw, start)[1:])
    return found


def refusal_of(one: Input, outcome: Outcome) -> str | None:
    """Say why a pair cannot be tested; None when it can."""
    both = np.isfinite(one.values) & np.isfinite(outcome.rest)
    x = one.values[both]
    if one.kind == "number":
        if len(x) < MIN_PAIRS:
            return need_input("days_with_number", len(x), MIN_PAIRS)
        return None if np.ptp(x) > 0.0 and np.ptp(outcome.rest[both]) > 0.0 else CONSTANT
    for name, count in (("days_with", int(x.sum())), ("days_without", int((1.0 - x).sum()))):
        if count < MIN_SIDE:
            return need_input(name, count, MIN_SIDE)
    return None if np.ptp(outcome.rest[both]) > 0.0 else CONSTANT


def cohens_d(with_it: NDArray[np.float64], without: NDArray[np.float64]) -> float:
    """Difference of the means over the pooled standard deviation (Cohen 1988).

    Two groups (n,), n >= 2. 0 where neither group varies: there is no scale to measure on.
    """
    n, m = len(with_it), len(without)
    pooled = ((n - 1) * with_it.var(ddof=1) + (m - 1) * without.var(ddof=1)) / (n + m - 2)
    delta = float(with_it.mean() - without.mean())
    return delta / math.sqrt(pooled) if pooled > 0.0 else 0.0
