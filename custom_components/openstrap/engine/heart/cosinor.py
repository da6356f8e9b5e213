"""The day's wave in the heart rate: level, height, and the hour of its peak."""

from dataclasses import dataclass
import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

MIN_POINTS: Final = 8
PERIOD_H: Final = 24.0
PARAMETERS: Final = 3
ALPHA: Final = 0.05
"""Of the interval of the peak, and of the test that there is a wave at all."""


@dataclass(frozen=True, slots=True)
class Cosinor:
    """A fitted wave of 24 h.

    ``mesor`` and ``amplitude`` in the unit of the data; ``acrophase_h`` clock hour of the peak in
    [0, 24); ``acrophase_ci_h`` half width of its 95 % interval, None where the wave is not
    significant; ``r2`` and ``r2_adjusted`` share of variance explained.
    """

    mesor: float
    amplitude: float
    acrophase_h: float
    acrophase_ci_h: float | None
    r2: float
    r2_adjusted: float
    n: int


def cosinor(hour: ArrayLike, values: ArrayLike) -> Cosinor | None:
    """Least squares of M + b cos(2 pi t / 24) + g sin(2 pi t / 24).

    ``hour`` (n,) local clock hours, any range; ``values`` (n,), NaN left out. None with fewer than
    eight values, constant values, or hours that do not tell the three numbers apart. Nelson et al.
    1979, Cornelissen 2014 (Theor Biol Med Model 11:16). The interval of the peak is by the delta
    method and takes the residuals for independent, which those of neighbouring hours are not quite.
    """
    t, y = np.asarray(hour, dtype=np.float64), np.asarray(values, dtype=np.float64)
    known = np.isfinite(t) & np.isfinite(y)
    t, y = t[known], y[known]
    n = len(y)
    if n < MIN_POINTS or not np.ptp(y):
        return None
    angle = 2.0 * np.pi * t / PERIOD_H
    design = np.column_stack((np.ones(n), np.cos(angle), np.sin(angle)))
    (mesor, b, g), _, rank, _ = np.linalg.lstsq(design, y, rcond=None)
    if rank < PARAMETERS:
        return None
    residual = float(((y - design @ (mesor, b, g)) ** 2).sum())
    r2 = 1.0 - residual / float(((y - y.mean()) ** 2).sum())
    free = n - PARAMETERS
    spread = np.linalg.inv(design.T @ design) * residual / free
    return Cosinor(
        mesor=float(mesor),
        amplitude=math.hypot(b, g),
        acrophase_h=math.atan2(g, b) * PERIOD_H / (2.0 * math.pi) % PERIOD_H,
        acrophase_ci_h=_half_width_h(float(b), float(g), spread[1:, 1:].tolist(), r2, free),
        r2=r2,
        r2_adjusted=1.0 - (1.0 - r2) * (n - 1) / free,
        n=n,
    )


def _half_width_h(
    b: float, g: float, spread: list[list[float]], r2: float, free: int
) -> float | None:
    """Half width of the interval of the peak, h; None where the wave may be nothing."""
    from scipy.special import fdtrc, stdtrit  # noqa: PLC0415  scipy loads with the first analysis

    if r2 < 1.0:
        ratio = (r2 / (PARAMETERS - 1)) / ((1.0 - r2) / free)
        if fdtrc(PARAMETERS - 1, free, max(ratio, 0.0)) > ALPHA:
            return None
    square = b * b + g * g
    variance = (
        g * g * spread[0][0] - 2.0 * b * g * spread[0][1] + b * b * spread[1][1]
    ) / square**2
    width = float(stdtrit(free, 1.0 - ALPHA / 2.0)) * math.sqrt(max(variance, 0.0))
    return min(width * PERIOD_H / (2.0 * math.pi), PERIOD_H / 2.0)
