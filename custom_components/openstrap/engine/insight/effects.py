"""Whether what a wearer writes down goes along with how the body does, beyond chance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import need_input
from .calendar_series import ROUNDING, Series, block_orders, correlations, ranks, rotations, span_of
from .entries import Input, Outcome, cohens_d, inputs_of, outcomes_after, refusal_of, size_of
from .journal import JournalDay
from .journal_effects import CHANCE, WEAK, Effect, Insights, Refusal
from .multiple import UNREACHABLE, bh_q
from .shift import Shift, hodges_lehmann, slope

MIN_ENTRIES: Final = 42
"""Days with an entry below which nothing is tested."""
MIN_D: Final = 0.5
"""Standardised difference below which a difference is not worth naming (Cohen 1988: medium)."""
MIN_RHO: Final = 0.35
FALSE_SHARE: Final = 0.025
"""False discovery rate of a scan. Where nothing has an effect it is also how often a scan says
anything; half of the one in twenty that is allowed, because habits and bodies never quite keep to
what the test assumes; 0.10, as is common, would speak up in one scan of ten (judgement)."""
MAX_ROTATED_P: Final = 0.05
SHOWN: Final = 5
ORDERS: Final = 9999
FIRST_ORDERS: Final = 999
FEW: Final = 20
"""Of the first orders that give as much, below which the others are drawn too: p < 0.02."""
BLOCK: Final = 7
"""Days that stay together: a week keeps weekdays and the memory of a state in place."""


def insights_of(
    journal: Mapping[date, JournalDay],
    outcomes: Mapping[str, Mapping[date, float]],
    *,
    seed: int,
    shown_before: Collection[tuple[str, str]] = (),
) -> Insights:
    """Hold every tag and number of a journal against every outcome.

    ``outcomes`` are daily values by key, of the day that they are labelled with; a night belongs
    to the day it ends on. Days without an entry are unknown, not days without. ``shown_before``
    are (name, outcome) pairs that other scans of the same month tested: they belong to the family
    that is corrected for. Same seed, same answer, whatever the order of anything.

    Statistic: rank correlation with the outcome after its weekday's median and its linear
    dependence on the day before are taken out. Its p is the share of orders of whole weeks of the
    journal, each turned by a random number of days, that give as much (block permutation), and it
    is called only if circular shifts alone, which keep every memory of the series, give p <= 0.05
    too. Circular shifts by themselves have one over the number of days as their smallest p, which
    no family of more than a few pairs survives. Benjamini & Hochberg at 0.025 over the scan.
    """
    written = {day: entry for day, entry in journal.items() if entry}
    span = span_of(written)
    if span is None or len(written) < MIN_ENTRIES:
        return Insights(
            entries=len(written),
            span_days=span[1] if span else 0,
            note=need_input("journal_days", len(written), MIN_ENTRIES),
        )
    first, days = span
    rng = np.random.Generator(np.random.PCG64(seed))
    prepared = {lag: outcomes_after(outcomes, first, days, lag) for lag in (0, 1)}
    refused: list[Refusal] = []
    fit: list[tuple[Input, dict[str, Outcome]]] = []
    for one in inputs_of(written, first, days):
        notes = {key: refusal_of(one, outcome) for key, outcome in prepared[one.lag].items()}
        refused += [Refusal(one.name, key, note) for key, note in notes.items() if note]
        ready = {key: prepared[one.lag][key] for key, note in notes.items() if note is None}
        if ready:
            fit.append((one, ready))
    tested = _tested(fit, days, rng)
    parts = {(one.name, key): (one, ready[key]) for one, ready in fit for key in ready}
    family = len(set(parts) | set(shown_before))
    judged = _judged(tested, family)
    best = sorted(
        (effect for effect in judged if effect.note is None),
        key=lambda effect: (effect.q, -abs(effect.effect), effect.name, effect.outcome),
    )[:SHOWN]
    return Insights(
        findings=tuple(
            _with_interval(effect, *parts[effect.name, effect.outcome], rng) for effect in best
        ),
        tested=tuple(judged),
        refused=tuple(refused),
        entries=len(written),
        span_days=days,
        family=family,
        note=UNREACHABLE if family > FALSE_SHARE * (ORDERS + 1) else None,
    )


def _tested(
    fit: Sequence[tuple[Input, Mapping[str, Outcome]]], days: int, rng: np.random.Generator
) -> list[Effect]:
    """Test every input against all outcomes that are fit for it.

    A thousand orders for every pair, nine thousand more where few of them gave as much: what is
    far from a finding need not be known exactly (after Besag & Clifford 1991).
    """
    ranked = [
        (
            one.values if one.kind == "tag" else ranks(one.values),
            np.stack([ranks(outcome.rest) for outcome in ready.values()]),
        )
        for one, ready in fit
    ]
    turns = rotations(days)
    orders = block_orders(days, BLOCK, FIRST_ORDERS, rng, turned=True)
    as_much = [_as_much(x, rests, orders) for x, rests in ranked]
    done = [np.full(len(counts), FIRST_ORDERS) for counts in as_much]
    if any(bool((counts < FEW).any()) for counts in as_much):
        orders = block_orders(days, BLOCK, ORDERS - FIRST_ORDERS, rng, turned=True)
        for (x, rests), counts, drawn in zip(ranked, as_much, done, strict=True):
            few = counts < FEW
            if few.any():
                counts[few] += _as_much(x, rests[few], orders)
                drawn[few] = ORDERS
    return [
        _effect(one, key, outcome, float(p), float(rotated))
        for (one, ready), (x, rests), counts, drawn in zip(fit, ranked, as_much, done, strict=True)
        for (key, outcome), p, rotated in zip(
            ready.items(),
            (1 + counts) / (1 + drawn),
            (1 + _as_much(x, rests, turns)) / days,
            strict=True,
        )
    ]


def _as_much(x: Series, rests: NDArray[np.float64], orders: NDArray[np.intp]) -> NDArray[np.int64]:
    """In how many orders of x each outcome (b, n) goes along with it at least as closely, (b,)."""
    seen = np.abs(correlations(x[None], rests)) - ROUNDING
    found: NDArray[np.int64] = (np.abs(correlations(x[orders], rests)) >= seen).sum(axis=0)
    return found


def _effect(one: Input, key: str, outcome: Outcome, p: float, rotated: float) -> Effect:
    """Size of an effect, in the outcome's unit and free of it."""
    # Only of what may become a finding is the size worth the work of getting it right.
    rest = adjusted = outcome.beside(one) if p <= FEW / FIRST_ORDERS else outcome.rest
    both = np.isfinite(one.values) & np.isfinite(rest)
    x, raw, rest = one.values[both], outcome.raw[1:][both], rest[both]
    if one.kind == "number":
        rho = float(correlations(ranks(x)[None], ranks(rest)[None])[0, 0])
        return Effect(
            "number", one.name, key, one.lag, len(x), 0, None, None,
            rho, size_of(one, adjusted), p, rotated,
        )  # fmt: skip
    so = x > 0.5
    return Effect(
        "tag", one.name, key, one.lag, int(so.sum()), int((~so).sum()),
        float(np.median(raw[so])), float(np.median(raw[~so])),
        cohens_d(rest[so], rest[~so]), size_of(one, adjusted), p, rotated,
    )  # fmt: skip


def _judged(tested: Sequence[Effect], family: int) -> list[Effect]:
    """Say of each effect what the whole family makes of it."""
    found = []
    for effect, q in zip(tested, bh_q([effect.p for effect in tested], family), strict=True):
        large = abs(effect.effect) >= (MIN_D if effect.kind == "tag" else MIN_RHO)
        real = q <= FALSE_SHARE and effect.p_rotated <= MAX_ROTATED_P
        note = None if real and large else WEAK if real else CHANCE
        found.append(replace(effect, q=float(q), note=note))
    return found


def _with_interval(
    effect: Effect, one: Input, outcome: Outcome, rng: np.random.Generator
) -> Effect:
    """Add the interval of the shift."""
    rest = np.where(np.isfinite(one.values), outcome.beside(one), np.nan)
    found: Shift
    if effect.kind == "number":
        found = slope(one.values, rest, BLOCK, rng)
    else:
        found = hodges_lehmann(one.values > 0.5, rest, BLOCK, rng)
    return replace(effect, low=found.low, high=found.high)
