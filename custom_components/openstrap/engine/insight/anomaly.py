"""How unusual a night is when all its signs are taken together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..baseline import need_baseline
from ..facts import DayFacts
from ..metric import DEGENERATE_SIGNAL, need_input


@dataclass(frozen=True, slots=True)
class Sign:
    """A nightly value that illness moves: where it is found, and which way (1 up, -1 down).

    ``log``: its logarithm is what is spread evenly.
    """

    name: str
    key: str
    direction: float
    log: bool = False


SIGNS: Final = (
    Sign("heart_rate", "resting_hr_bpm", 1.0),
    Sign("hrv", "rmssd_ms", -1.0, log=True),
    Sign("breathing", "breathing_rate_brpm", 1.0),
    Sign("temperature", "skin_temp_c", 1.0),
)
BASELINE_DAYS: Final = 56
"""Calendar days before a night that it is held against: two months settle four means and ten
covariances, and are too short for a season (judgement)."""
MIN_NIGHTS: Final = 14
NIGHTS_A_SIGN: Final = 4
"""Nights that a baseline has at least, as such and for each sign (judgement)."""
MIN_SIGNS: Final = 2
SHRINK: Final = 0.2
"""Part of each covariance that is not believed: few nights tell it badly (after Ledoit & Wolf
2004, with a fixed share)."""
CANDIDATE_P: Final = 0.005
RAISED_Z: Final = 1.0
"""Standard deviations toward illness from which a sign counts, and away from it speaks against."""


@dataclass(frozen=True, slots=True)
class Distance:
    """Squared distance of a night from ``nights`` earlier ones, its F and its probability.

    ``z`` (k,) of each sign alone, standard deviations.
    """

    squared: float
    f: float
    p: float
    z: tuple[float, ...]
    nights: int


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A night as a whole: distance ``d`` (standard deviations), ``p`` of one so far by chance.

    ``z`` has each sign that took part, positive toward illness; ``candidate`` when it is far, at
    least two signs lean toward illness and none leans away; ``nights`` how many it was held
    against.
    """

    d: float
    p: float
    z: tuple[tuple[str, float], ...]
    nights: int
    candidate: bool


def distance(
    earlier: NDArray[np.float64], tonight: NDArray[np.float64], shrink: float = SHRINK
) -> Distance | None:
    """Hotelling's distance of a new night (k,) from earlier ones (n, k), all known.

    ``D^2 = (x - m)' S^-1 (x - m)`` with the sample covariance S, whose off-diagonal is shrunk;
    ``F = D^2 n (n - k) / (k (n^2 - 1))`` on (k, n - k) degrees of freedom (Hotelling 1931, of one
    future observation), which is exact without shrinking and with it a little too shy. None
    where n <= k or a column does not vary.
    """
    n, k = earlier.shape
    if n <= k:
        return None
    centre = earlier.sum(axis=0) / n
    off, spread = tonight - centre, earlier - centre
    covariance = spread.T @ spread / (n - 1)
    scale = np.sqrt(np.diag(covariance))
    if not (scale > 1e-9 * np.maximum(np.abs(earlier).max(axis=0), 1e-9)).all():
        return None
    shrunk = (1.0 - shrink) * covariance + shrink * np.diag(np.diag(covariance))
    # Shrunk it is never singular: every column varies.
    squared = float(off @ np.linalg.solve(shrunk, off))
    f = squared * n * (n - k) / (k * (n * n - 1.0))
    return Distance(squared, f, _f_above(k, n - k, f), tuple((off / scale).tolist()), n)


def nightly_signs(facts: Mapping[date, DayFacts], days: Sequence[date]) -> NDArray[np.float64]:
    """Return the signs of each day (n, 4), positive toward illness, NaN where not known."""
    table = np.full((len(days), len(SIGNS)), np.nan)
    for at, day in enumerate(days):
        if day not in facts:
            continue
        values = facts[day].values
        for column, sign in enumerate(SIGNS):
            value = values.get(sign.key)
            if value is None or (sign.log and value <= 0.0):
                continue
            table[at, column] = sign.direction * (math.log(value) if sign.log else value)
    return table


def anomaly(earlier: NDArray[np.float64], tonight: NDArray[np.float64]) -> Anomaly | str:
    """Hold a night (4,) against earlier ones (n, 4), as ``nightly_signs`` has them, or say why not.

    Signs are paired by date. Those that the night lacks, that never vary, or that leave fewer
    than ``max(14, 4 k)`` complete earlier nights are left out, the rarest first; two must stay.
    """
    known = np.isfinite(earlier)
    there = np.flatnonzero(np.isfinite(tonight))
    if len(there) < MIN_SIGNS:
        return need_input("night_signs", len(there), MIN_SIGNS)
    counts = known.sum(axis=0)
    use = sorted(there.tolist(), key=lambda column: (-counts[column], column))
    while len(use) > MIN_SIGNS and _complete(known, use).sum() < _needed(len(use)):
        use.pop()
    use.sort()
    rows = _complete(known, use)
    have, need = int(rows.sum()), _needed(len(use))
    if have < need:
        return need_baseline(have, need)
    history = earlier[rows][:, use]
    varies = np.ptp(history, axis=0) > 0.0
    use = [column for column, good in zip(use, varies, strict=True) if good]
    found = distance(history[:, varies], tonight[use]) if len(use) >= MIN_SIGNS else None
    if found is None:
        return DEGENERATE_SIGNAL
    z = tuple((SIGNS[column].name, value) for column, value in zip(use, found.z, strict=True))
    candidate = (
        found.p < CANDIDATE_P
        and sum(value > RAISED_Z for _, value in z) >= MIN_SIGNS
        and all(value >= -RAISED_Z for _, value in z)
    )
    return Anomaly(math.sqrt(found.squared), found.p, z, found.nights, candidate)


def _needed(signs: int) -> int:
    return max(MIN_NIGHTS, NIGHTS_A_SIGN * signs)


def _complete(known: NDArray[np.bool_], use: list[int]) -> NDArray[np.bool_]:
    return np.asarray(known[:, use].all(axis=1))


def _f_above(k: int, free: int, f: float) -> float:
    """Probability of a larger F."""
    from scipy.special import fdtrc  # noqa: PLC0415  scipy loads with the first analysis

    return float(fdtrc(k, free, f))
