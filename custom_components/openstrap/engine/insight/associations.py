"""Which of a wearer's numbers go along with which others a night or a day later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import product
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ..metric import clamp, need_input
from .calendar_series import (
    ROUNDING,
    Series,
    block_orders,
    correlations,
    on_calendar,
    ranks,
    span_of,
    without_weekday,
)
from .journal_effects import CHANCE, CONSTANT, WEAK
from .multiple import UNREACHABLE, bh_q

MIN_COVERAGE: Final = 0.5
MIN_DAYS: Final = 84
"""Recorded days of each, and days on which both are known: six blocks."""
BLOCK: Final = 14
"""Days that stay together."""
ORDERS: Final = 999
FALSE_SHARE: Final = 0.10
MIN_CONTRAST: Final = 0.25
"""Of the outcome's interquartile range."""
MIN_SIDE: Final = 5
ALIKE: Final = 0.7
"""Correlation from which on two inputs tell the same story of an outcome."""
CONFOUNDED: Final = 0.15
"""Loss of correlation with the weekday's median taken out."""
SPARSE_INPUT: Final = 0.8

SPARSE: Final = "sparse"
TAUTOLOGY: Final = "tautology"
NO_CONTRAST: Final = "no_contrast"
ALIKE_INPUT: Final = "alike_input"

type Timing = Literal["night", "day"]
"""The night that ends on the morning of its day, or the waking day."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A daily number: when it is of, whether it may explain, whether it may be explained."""

    key: str
    timing: Timing
    unit: str
    derived_from: frozenset[str] = frozenset()
    as_input: bool = True
    as_outcome: bool = True
    self_reported: bool = False


@dataclass(frozen=True, slots=True)
class Association:
    """Two numbers that go along with each other, ``lag_days`` apart.

    ``rho`` is Spearman's, weekdays taken out; ``contrast`` the outcome's median in the top third
    of the input less that in the bottom third, in ``unit``. ``note`` says why it is no finding.
    """

    input: str
    outcome: str
    unit: str
    lag_days: int
    pairs: int
    rho: float
    contrast: float | None
    p: float
    q: float
    caveats: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A number, or a pair, that was not looked at and why."""

    input: str | None
    outcome: str | None
    note: str


@dataclass(frozen=True, slots=True)
class AssociationScan:
    """What a scan found, the surest first, and of how many pairs; it says nothing of causes."""

    findings: tuple[Association, ...] = ()
    tested: tuple[Association, ...] = ()
    refused: tuple[Refusal, ...] = ()
    span_days: int = 0
    confidence: float = 0.0
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types; of the pairs without a finding only their number."""
        return {
            "findings": [{**asdict(one), "caveats": list(one.caveats)} for one in self.findings],
            "tests": len(self.tested),
            "refused": [asdict(one) for one in self.refused],
            "span_days": self.span_days,
            "confidence": self.confidence,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One number on the calendar: as it is, without its weekday, and ranked both ways."""

    variable: Variable
    rest: Series
    ranked: Series
    ranked_raw: Series
    coverage: float


def associations_of(
    variables: Sequence[Variable],
    values: Mapping[str, Mapping[date, float]],
    *,
    seed: int,
    measured: Collection[date] | None = None,
) -> AssociationScan:
    """Hold every number against every other, at the one lag that their timing gives.

    A night goes with the day that follows it (lag 0); everything else with the next day or night
    (lag 1). ``values`` are daily values by key; of days that are not among ``measured`` (None:
    all are) nothing is used. Spearman's correlation with weekday medians taken out; p from orders
    of blocks of 14 days of the outcome; Benjamini & Hochberg at 0.10 over all pairs. A pair of
    which one is worked out from the other is refused. Raises ValueError for a key given twice.
    """
    if len({variable.key for variable in variables}) != len(variables):
        raise ValueError("a variable is given once")
    kept = {
        variable.key: {
            day: value
            for day, value in values.get(variable.key, {}).items()
            if measured is None or day in measured
        }
        for variable in variables
    }
    span = span_of(day for daily in kept.values() for day in daily)
    if span is None:
        return AssociationScan(note=need_input("days", 0, MIN_DAYS))
    first, days = span
    refused: list[Refusal] = []
    ready: list[_Prepared] = []
    for variable in sorted(variables, key=lambda variable: variable.key):
        series = on_calendar(kept[variable.key], first, days)
        note = _gate(series)
        if note is None:
            ready.append(_prepare(variable, series, first))
        else:
            refused.append(Refusal(variable.key, None, note))
    rng = np.random.Generator(np.random.PCG64(seed))
    orders = block_orders(days, BLOCK, ORDERS, rng, turned=False)
    tested: list[Association] = []
    for one, other in product(ready, ready):
        if one is other or not (one.variable.as_input and other.variable.as_outcome):
            continue
        lag = 0 if (one.variable.timing, other.variable.timing) == ("night", "day") else 1
        note = _pair_gate(one, other, lag)
        if note is None:
            tested.append(_test(one, other, lag, orders))
        else:
            refused.append(Refusal(one.variable.key, other.variable.key, note))
    judged = _judge(tested, {one.variable.key: one for one in ready})
    findings = sorted(
        (one for one in judged if one.note is None), key=lambda one: (one.q, -abs(one.rho))
    )
    return AssociationScan(
        findings=tuple(findings),
        tested=tuple(judged),
        refused=tuple(refused),
        span_days=days,
        confidence=clamp(0.2 + 0.2 * days / 365.0, 0.2, 0.45) if judged else 0.0,
        note=UNREACHABLE if len(judged) > FALSE_SHARE * (ORDERS + 1) else None,
    )


def _gate(series: Series) -> str | None:
    """Why a number cannot take part; None when it can."""
    count = int(np.isfinite(series).sum())
    if count < MIN_COVERAGE * len(series):
        return SPARSE
    if count < MIN_DAYS:
        return need_input("days", count, MIN_DAYS)
    return CONSTANT if np.nanmax(series) == np.nanmin(series) else None


def _prepare(variable: Variable, series: Series, first: date) -> _Prepared:
    rest = without_weekday(series, first)
    share = float(np.isfinite(series).mean())
    return _Prepared(variable, rest, ranks(rest), ranks(series), share)


def _later(series: Series, lag: int) -> Series:
    """Values so many days later, at the place of the day itself; none from beyond the end."""
    return np.concatenate((series[lag:], np.full(lag, np.nan)))


def _pair_gate(one: _Prepared, other: _Prepared, lag: int) -> str | None:
    """Why two numbers cannot be held against each other; None when they can."""
    left, right = one.variable, other.variable
    if left.key in right.derived_from or right.key in left.derived_from:
        return TAUTOLOGY
    pairs = int((np.isfinite(one.rest) & np.isfinite(_later(other.rest, lag))).sum())
    return None if pairs >= MIN_DAYS else need_input("pairs", pairs, MIN_DAYS)


def _test(one: _Prepared, other: _Prepared, lag: int, orders: NDArray[np.intp]) -> Association:
    """Correlation and its p; q is yet to come."""
    outcome = _later(other.ranked, lag)
    rho = float(correlations(one.ranked[None], outcome[None])[0, 0])
    null = correlations(outcome[orders], one.ranked[None])[:, 0]
    p = (1 + int((np.abs(null) >= abs(rho) - ROUNDING).sum())) / (len(orders) + 1)
    raw = float(correlations(one.ranked_raw[None], _later(other.ranked_raw, lag)[None])[0, 0])
    both = np.isfinite(one.rest) & np.isfinite(outcome)
    contrast, binary = _contrast(one.rest[both], _later(other.rest, lag)[both])
    caveats = (
        ("weekday_confounded", abs(raw) - abs(rho) > CONFOUNDED),
        ("sparse_input", one.coverage < SPARSE_INPUT),
        ("self_reported", one.variable.self_reported or other.variable.self_reported),
        ("binary_contrast", binary),
    )
    return Association(
        one.variable.key, other.variable.key, other.variable.unit, lag, int(both.sum()),
        rho, contrast, p, 1.0, tuple(name for name, so in caveats if so),
    )  # fmt: skip


def _contrast(x: Series, y: Series) -> tuple[float | None, bool]:
    """Median of y in the top third of x less that in the bottom third, and whether x has two values.

    Where the thirds touch, the days above the median of x against the others; None below five a side.
    """
    low, high = np.quantile(x, (1.0 / 3.0, 2.0 / 3.0))
    bottom, top = x <= low, x >= high
    if low == high:
        bottom, top = x <= np.median(x), x > np.median(x)
        if not top.any():
            bottom, top = x < np.median(x), x >= np.median(x)
    binary = len(np.unique(x)) == 2
    if min(int(bottom.sum()), int(top.sum())) < MIN_SIDE:
        return None, binary
    return float(np.median(y[top]) - np.median(y[bottom])), binary


def _judge(
    tested: Sequence[Association], prepared: Mapping[str, _Prepared]
) -> tuple[Association, ...]:
    """Say of each pair what the whole family, and what the others of its outcome, make of it."""
    judged: list[Association] = []
    for one, q in zip(tested, bh_q([one.p for one in tested]), strict=True):
        rest = prepared[one.outcome].rest
        low, high = np.nanquantile(rest, (0.25, 0.75))
        note = None
        if q > FALSE_SHARE:
            note = CHANCE
        elif one.contrast is None:
            note = NO_CONTRAST
        elif abs(one.contrast) < MIN_CONTRAST * float(high - low):
            note = WEAK
        judged.append(replace(one, q=float(q), note=note))
    kept: list[Association] = []
    for at in sorted(range(len(judged)), key=lambda at: -abs(judged[at].rho)):
        one = judged[at]
        if one.note is not None:
            continue
        x = prepared[one.input].ranked
        stronger = [prepared[had.input].ranked for had in kept if had.outcome == one.outcome]
        if stronger and np.abs(correlations(x[None], np.stack(stronger))).max() >= ALIKE:
            judged[at] = replace(one, note=ALIKE_INPUT)
        else:
            kept.append(one)
    return tuple(judged)
