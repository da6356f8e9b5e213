"""How sure a score is: intervals over people, and whether confidence means anything."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

DRAWS: Final = 2000
LIMITS: Final = (2.5, 97.5)
SEED: Final = 20260101
DECILES: Final = 10


def bootstrap_by_subject[T](
    rows: Sequence[T], statistic: Callable[[Sequence[T]], dict[str, float | None]]
) -> dict[str, list[float]]:
    """95 % interval of each number of a statistic, drawing whole subjects with replacement.

    ``rows`` has one entry a subject. A number that most draws cannot give has no interval.
    """
    if len(rows) < 2:
        return {}
    dice = np.random.default_rng(SEED)
    drawn: dict[str, list[float]] = {}
    for _ in range(DRAWS):
        pick = dice.integers(0, len(rows), len(rows))
        for key, value in statistic([rows[i] for i in pick]).items():
            if value is not None and np.isfinite(value):
                drawn.setdefault(key, []).append(value)
    return {
        key: [float(limit) for limit in np.percentile(values, LIMITS)]
        for key, values in drawn.items()
        if len(values) > DRAWS // 2
    }


def confidence_table(
    confidence: Sequence[float] | NDArray[np.float64], error: Sequence[float] | NDArray[np.float64]
) -> list[dict[str, Any]]:
    """Mean error in up to ten groups of equal size, from the least to the most confident.

    Answers of equal confidence are never torn apart, so there may be fewer groups.
    """
    sure, off = np.asarray(confidence, dtype=float), np.asarray(error, dtype=float)
    known = np.isfinite(sure) & np.isfinite(off)
    sure, off = sure[known], off[known]
    if not len(sure):
        return []
    edges = np.unique(np.percentile(sure, np.linspace(0, 100, DECILES + 1)[1:-1]))
    group = np.searchsorted(edges, sure, side="right")
    return [
        {
            "confidence": float(sure[group == at].mean()),
            "error": float(off[group == at].mean()),
            "n": int((group == at).sum()),
        }
        for at in np.unique(group)
    ]
