"""What is chosen from answers about nights that the models had not seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.sleep.hypnogram import EPOCH_S
from openstrap.engine.sleep.staging.totals import Accuracy, Totals

GRID: Final = np.array(
    [(wake, 1.0, deep, rem) for wake, deep, rem in product(np.linspace(1.0, 2.2, 7), repeat=3)]
)
"""Decision weights of wake, light, deep and REM to choose among."""
BEST: Final = 25
"""So many of the 343 best are averaged: the single best of a few nights is luck."""
SLEEP_WAKE_SHARE: Final = 0.25
BIAS_COST: Final = 0.0005
"""Agreement that a minute of bias in a stage is worth."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of a night that was not in the fit: rows of its valid epochs.

    ``truth`` (n,) stages, ``probability`` (n, 4), ``hr_lost`` the share of heart rate missing.
    """

    truth: NDArray[np.int8]
    probability: NDArray[np.float64]
    hr_lost: float


def confusion(truth: NDArray[np.int8], said: NDArray[np.int8]) -> NDArray[np.float64]:
    """Count epochs by true stage (rows) and answer (columns), (4, 4)."""
    cell = 4 * truth.astype(np.intp) + said
    return np.bincount(cell, minlength=16).reshape(4, 4).astype(np.float64)


def kappa(table: NDArray[np.float64], groups: Sequence[int] = (0, 1, 2, 3)) -> NDArray[np.float64]:
    """Cohen's kappa of tables (..., 4, 4) with stages merged into groups; NaN without variety."""
    member = np.eye(max(groups) + 1)[list(groups)]
    merged = member.T @ table @ member
    total = merged.sum(axis=(-2, -1))
    agreed = np.trace(merged, axis1=-2, axis2=-1) / total
    chance = (merged.sum(axis=-1) * merged.sum(axis=-2)).sum(axis=-1) / total**2
    with np.errstate(invalid="ignore", divide="ignore"):
        found: NDArray[np.float64] = np.where(
            chance < 1.0, (agreed - chance) / (1.0 - chance), np.nan
        )
    return found


def choose_weight(answers: Sequence[Answer]) -> NDArray[np.float64]:
    """Return decision weights (4,) that agree well without bias: the mean of the best on a grid."""
    tables = np.zeros((len(GRID), len(answers), 4, 4))
    for at, answer in enumerate(answers):
        for row, weight in enumerate(GRID):
            said = (answer.probability * weight).argmax(axis=1)
            tables[row, at] = confusion(answer.truth, said)
    pooled = tables.sum(axis=1)
    bias = (tables.sum(axis=2) - tables.sum(axis=3)).mean(axis=1) * EPOCH_S / 60.0
    value = kappa(pooled) + SLEEP_WAKE_SHARE * kappa(pooled, (0, 1, 1, 1))
    value -= BIAS_COST * np.abs(bias).sum(axis=1)
    best = np.argsort(-value, kind="stable")[:BEST]
    middle: NDArray[np.float64] = GRID[best].mean(axis=0)
    return middle


def fit_accuracy(nights: Sequence[Sequence[Answer]], weight: NDArray[np.float64]) -> Accuracy:
    """Learn how often a night's epochs are right from how sure the answers are.

    Each night comes as it was and made worse in several ways. The slopes are those within a
    night, for between people nothing tells who is easy to stage; the level is that of the
    nights as they were (first of each).
    """
    base, slopes = [], []
    for answers in nights:
        table = np.array([_certainty(answer, weight) for answer in answers])
        base.append(table[0])
        slopes.append(table - table.mean(axis=0))
    moved = np.concatenate(slopes)
    slope, price = np.linalg.lstsq(moved[:, :2], moved[:, 2])[0].tolist()
    slope, price = max(slope, 0.0), max(-price, 0.0)
    certain, lost, right = np.mean(base, axis=0).tolist()
    return Accuracy(right - slope * certain + price * lost, slope, price, right)


def _certainty(answer: Answer, weight: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return mean largest probability, share of heart rate lost and share of epochs right."""
    said = (answer.probability * weight).argmax(axis=1)
    certain = float(answer.probability.max(axis=1).mean())
    return certain, answer.hr_lost, float((said == answer.truth).mean())


def fit_totals(answers: Sequence[Answer], accuracy: Accuracy) -> Totals:
    """Learn the population's shares, how far to trust a night's own, and how far it is off."""
    truth = np.array(
        [np.bincount(answer.truth, minlength=4) / len(answer.truth) for answer in answers]
    )
    told = np.array([answer.probability.mean(axis=0) for answer in answers])
    share = truth.mean(axis=0)
    keep = float(((told - share) * (truth - share)).sum() / ((told - share) ** 2).sum())
    totals = Totals(share, min(max(keep, 0.0), 1.0), np.zeros(5))
    missed = []
    for answer, was in zip(answers, truth, strict=True):
        expected = accuracy.expect(answer.probability, answer.hr_lost)
        parts = totals.minutes(answer.probability, expected, accuracy.typical)
        whole = len(answer.truth) * EPOCH_S / 60.0
        missed.append([part.value / whole for part in parts] - np.append(was, 1.0 - was[0]))
    sd = np.sqrt((np.array(missed) ** 2).sum(axis=0) / max(len(answers) - 1, 1))
    return Totals(totals.share, totals.keep, sd)
