"""Made-up journals and outcomes: sticky habits, bodies that remember yesterday, weeks, gaps."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from custom_components.openstrap.engine.insight.journal import JournalDay

MONDAY = date(2026, 1, 5)
type Outcomes = dict[str, dict[date, float]]


def remembering(rng: np.random.Generator, days: int, phi: float) -> NDArray[np.float64]:
    """First-order autoregression of variance 1."""
    found = rng.normal(size=days + 40)
    news = np.sqrt(1.0 - phi**2) * rng.normal(size=days + 40)
    for at in range(1, days + 40):
        found[at] = phi * found[at - 1] + news[at]
    return found[40:]


def habit(rng: np.random.Generator, days: int, share: float, stay: float) -> NDArray[np.bool_]:
    """Days with a habit that goes on from one day to the next more often than by chance."""
    start = (1.0 - stay) * share / (1.0 - share)
    found = np.zeros(days, dtype=bool)
    for at in range(days):
        before = found[at - 1] if at else rng.random() < share
        found[at] = rng.random() < (stay if before else start)
    return found


def made_days(
    seed: int,
    *,
    days: int = 90,
    tags: int = 6,
    outcomes: int = 6,
    stay: float = 0.6,
    effect: float = 0.0,
    missing: float = 0.08,
) -> tuple[dict[date, JournalDay], Outcomes]:
    """Return a journal and outcomes, autoregressive (0 to 0.8) and correlated with each other.

    Odd outcomes differ at weekends, tag 3 is of weekends only, and a number is told beside the
    tags. ``effect`` (in standard deviations) is what tag 1 does to outcome 1 of the next day.
    """
    rng = np.random.default_rng(seed)
    weekend = np.arange(days + 1) % 7 >= 5
    so = [
        habit(rng, days, (0.2, 0.3, 0.4)[tag % 3], (0.3, stay, 0.5)[tag % 3]) for tag in range(tags)
    ]
    if tags > 3:
        so[3] = weekend[:days] & (rng.random(days) < 0.7)
    common = remembering(rng, days + 1, 0.5)
    values = [
        0.8 * remembering(rng, days + 1, (0.0, 0.3, 0.5, 0.6, 0.7, 0.8)[at % 6])
        + 0.6 * common
        + 0.6 * weekend * (at % 2)
        for at in range(outcomes)
    ]
    if effect:
        values[1][1:] += effect * so[1]
    told = rng.integers(0, 4, days)
    journal = {
        MONDAY + timedelta(days=day): JournalDay(
            frozenset(f"tag {tag}" for tag in range(tags) if so[tag][day]),
            {"alcohol": float(told[day])},
        )
        for day in range(days)
        if rng.random() > missing
    }
    known: Outcomes = {
        f"outcome {at}": {
            MONDAY + timedelta(days=day): float(value)
            for day, value in enumerate(series)
            if rng.random() > missing
        }
        for at, series in enumerate(values)
    }
    return journal, known
