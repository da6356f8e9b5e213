"""Strain: one number from 0 to 21 for what a workout or a day asked of the heart.

Minutes are weighted by how fast the heart beat, summed, and the sum is bent so that it never
reaches 21. The shape and the weights are evidence, not physiology: 21 (1 - exp(-(sum of weight x
minutes)^0.597)) gives the strain that one widely worn band showed for 2402 workouts within 0.54
(r 0.96), where the logarithm of Edwards' minutes is off by 1.05.

A day adds what a workout has not: fifteen hours of desk, stairs and kitchen. The curve is steep
at its foot (ten minutes of zone 1 are 3.3), so what living costs must weigh nothing. Measured on 13
days of chest straps (office and some exercise) and 55 of two wrists (9 of them without exercise):
the quiet cost taken off the sum is 0 on a quiet day, yet 12 at the 90th percentile of the wrists,
for days a little above usual; taken off every minute it leaves 11.2 and 10.0, 7.2 without exercise;
three times that, 5.0 and 7.1, 2.7, and takes most of an easy workout with it; minutes from zone 1
on, 8.7 and 7.6, 4.5. So a minute weighs nothing up to the floor of zone 1, or higher for someone
whose quiet hours beat higher, and in full from the floor of zone 3 on. Between them lie walking and
housework as well as easy training, and the weight fades in: 4.4 and 4.7, 0.9 without exercise.
"""

from collections.abc import Sequence
import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..profile import Sex
from .anchors import Anchors
from .trimp import banister_rate, reserve

FULL: Final = 21.0
"""What strain never reaches."""
EXPONENT: Final = 0.597
"""Fitted with the weights below on the same 2402 workouts."""
ZONE_WEIGHTS: Final = (0.0052, 0.0056, 0.01748, 0.03237, 0.07262)
"""Weight of a minute in zones 1 to 5 (a tenth of the maximum each, from 0.5 on).

The fit gave 0.00656 and 0.00433 for the first two, which would let a workout lose by going faster;
they are pooled around their mean.
"""
FIT_RESTING_BPM: Final = 48.0
FIT_MAX_BPM: Final = 190.0
"""Rates that turn the zones of the fit into shares of the reserve: the median resting rate of its
people (4158 days), and the maximum of the age of 26 (judgement: their ages are not known)."""
SHARES: Final = (0.50, 0.55, 0.65, 0.75, 0.85, 0.95, 1.00)
"""Shares of the maximum at which the weight of a minute is given: ends and middles of the zones."""
WEIGHTS: Final = (0.0047, 0.0050, 0.0058, 0.0165, 0.0320, 0.0720, 0.1070)
"""Weight there, so that the mean over each zone is that of the zone within 12 %; between them it
grows by equal factors."""
QUIET_SHARE: Final = 0.20
"""Share of the reserve at which quiet hours are taken to be spent until the wearer's own are known
(reference person of the net load: rest 60, quiet 85, maximum 187)."""
HARDEST_QUIET: Final = 0.40
"""Share of the reserve from which a minute is no quiet one: moderate effort begins (ACSM)."""
FADE_POWER: Final = 2.0
"""How the weight fades in: a straight fade leaves medians of 5.0 and 5.5, 1.9 without exercise, a
cubic one 4.0 and 4.2, 0.6, but takes a third off 45 minutes at half the reserve (3.7 for 4.7)."""
NARROWEST_FADE: Final = 0.05


def _fit_share(share_of_max: float) -> float:
    """Share of the reserve that a share of the maximum is for the people of the fit."""
    return (share_of_max * FIT_MAX_BPM - FIT_RESTING_BPM) / (FIT_MAX_BPM - FIT_RESTING_BPM)


LEAST_SHARE: Final = _fit_share(0.5)
"""Floor of zone 1: 0.33 of the reserve. Minutes below it had no part in the fit."""
FULL_SHARE: Final = _fit_share(0.7)
"""Floor of zone 3: 0.60 of the reserve."""
_AT: Final = np.array([_fit_share(share) for share in SHARES])
_LOG_WEIGHT: Final = np.log(WEIGHTS)
_GRID: Final = np.linspace(0.0, HARDEST_QUIET, 401)


def reference_quiet_rate(sex: Sex | None) -> float:
    """Load of a quiet minute until the wearer's own is known."""
    return float(banister_rate(QUIET_SHARE, sex))


def strain_of_sum(weighted: float) -> float:
    """Bend a sum of weighted minutes, 0 or more, into 0 to 21."""
    return FULL * -math.expm1(-(max(weighted, 0.0) ** EXPONENT))


def strain_of_zone_minutes(minutes: Sequence[float]) -> float:
    """Strain of a workout of which only the minutes in zones 1 to 5 are known.

    All of them count, for they are known to be of a workout. Raises ValueError for other than five
    numbers, or for one that is negative or not finite.
    """
    if len(minutes) != len(ZONE_WEIGHTS) or not all(
        math.isfinite(spent) and spent >= 0.0 for spent in minutes
    ):
        raise ValueError("a workout has minutes in five zones")
    return strain_of_sum(
        math.fsum(w * spent for w, spent in zip(ZONE_WEIGHTS, minutes, strict=True))
    )


def weight_of_share(share: ArrayLike, quiet_rate: float, sex: Sex | None) -> NDArray[np.float64]:
    """Weight of a minute at a share of the reserve, by what a quiet minute costs the wearer.

    Never falls as the share grows, never grows with the quiet cost (load a minute), 0 at rest.
    """
    x = np.asarray(share, dtype=np.float64)
    quiet = float(np.interp(quiet_rate, banister_rate(_GRID, sex), _GRID))
    start = min(
        LEAST_SHARE + max(quiet - QUIET_SHARE, 0.0),
        FULL_SHARE - NARROWEST_FADE,
    )
    faded = np.clip((x - start) / (FULL_SHARE - start), 0.0, 1.0) ** FADE_POWER
    found: NDArray[np.float64] = faded * np.exp(np.interp(x, _AT, _LOG_WEIGHT))
    return found


def weighted_minutes(
    hr_bpm: NDArray[np.float64],
    minutes: NDArray[np.float64] | float,
    anchors: Anchors,
    quiet_rate: float,
) -> NDArray[np.float64]:
    """Weighted minutes of heart rates (n,) bpm held for ``minutes`` each; 0 where NaN."""
    share = reserve(hr_bpm, anchors.resting_bpm, anchors.hr_max.bpm)
    weight = np.nan_to_num(weight_of_share(share, quiet_rate, anchors.sex))
    found: NDArray[np.float64] = weight * minutes
    return found


def session_strain(
    hr_bpm: NDArray[np.float64],
    minutes: NDArray[np.float64] | float,
    anchors: Anchors,
    quiet_rate: float,
) -> float | None:
    """Strain of heart rates (n,) bpm, each held for its minutes ((n,) or one for all).

    The same scale as that of the day that it is part of, and with the day's quiet cost: on the
    same rates the day's strain is never below that of any of its workouts. None without a rate.
    """
    if not np.isfinite(hr_bpm).any():
        return None
    return strain_of_sum(math.fsum(weighted_minutes(hr_bpm, minutes, anchors, quiet_rate)))
