"""Where a night lies among few earlier ones, as a normal score that knows how few they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
import math
from typing import Final

from ..metric import clamp
from ..signal.stats import mad, median

MIN_NIGHTS: Final = 4
"""Earlier nights below which nothing is said."""
PRIOR_NIGHTS: Final = 6.0
"""A prior spread weighs like this many degrees of freedom (judgement). Without it, four nights that
happen to lie close together make an ordinary fifth a rarity."""
PRIOR_LN_RMSSD: Final = 0.15
PRIOR_RESTING_BPM: Final = 2.5
PRIOR_BREATHING_BRPM: Final = 0.5
"""How far nights of one person usually lie apart, as standard deviations (judgement, near the 0.16,
5.2 bpm in a year and 0.61 of twelve wearers' exports)."""
WINSOR_MADS: Final = 3.0
"""Earlier nights pull no harder than from here (Tukey 1962)."""
HIGHEST: Final = 3.0
"""Normal scores beyond are not told apart."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A night among ``nights`` earlier ones: t statistic, normal score (sd)."""

    t: float
    z: float
    nights: int


def standing(
    value: float | None, earlier: Sequence[float], prior_sd: float | None, need: int = MIN_NIGHTS
) -> Standing | None:
    """Place a value in the predictive distribution of a next night, given the earlier ones.

    t = (value - mean) / (s sqrt(1 + 1/n)), the variance being that of the earlier nights and of
    ``prior_sd`` by their degrees of freedom (conjugate normal model; Gelman et al. 2013, ch. 3,
    with the mean left to the data), then the normal quantile of its probability, held within 3. So
    few nights widen what is usual instead of making it jump. Earlier values count at most three
    robust deviations (or prior ones, if those are wider) from their median. Never falls as
    ``value`` grows. None without the value, below ``need`` earlier ones or where nothing varies.
    """
    if value is None or not math.isfinite(value) or len(earlier) < max(need, 2):
        return None
    return _placed(float(value), tuple(map(float, earlier)), prior_sd)


@lru_cache(maxsize=1024)
def _placed(value: float, earlier: tuple[float, ...], prior_sd: float | None) -> Standing | None:
    """Do so; every day places the nights of the last three months again."""
    from scipy.special import ndtri, stdtr  # noqa: PLC0415  scipy loads with the first analysis

    past, n = list(earlier), len(earlier)
    centre = median(past)
    reach = WINSOR_MADS * max(mad(past) or 0.0, prior_sd or 0.0)
    if reach > 0.0 and centre is not None:
        past = [clamp(one, centre - reach, centre + reach) for one in past]
    mean = math.fsum(past) / n
    squares = math.fsum((one - mean) ** 2 for one in past)
    weight = PRIOR_NIGHTS if prior_sd is not None else 0.0
    freedom = weight + n - 1
    variance = (weight * (prior_sd or 0.0) ** 2 + squares) / freedom
    if not variance > (1e-9 * max(abs(mean), 1.0)) ** 2:  # what rounding leaves of equal numbers
        return None
    t = (value - mean) / math.sqrt(variance * (1.0 + 1.0 / n))
    return Standing(t, clamp(float(ndtri(stdtr(freedom, t))), -HIGHEST, HIGHEST), n)


def shared_out(parts: Sequence[tuple[str, float]], points: float) -> tuple[tuple[str, float], ...]:
    """Share points out among what led to them, in proportion to each part; largest first.

    The shares sum to ``points``, which are what the sum of ``parts`` was worth. Parts that cancel
    each other out have no proportion, and get nothing.
    """
    total = math.fsum(part for _, part in parts)
    each = points / total if abs(total) > 1e-9 else 0.0
    return tuple(
        sorted(((name, part * each) for name, part in parts), key=lambda one: -abs(one[1]))
    )
