"""How the night's HRV runs: half hour by half hour, and its end beside its beginning."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .hrv import differences

BIN_S = 1800.0
MIN_BIN_BEATS = 300
MIN_BINS = 3
MIN_THIRD_BINS = 2
"""Half hours that the first and the last third of the night each need."""
BAND_SD = 1.96 * 1.5
"""Half width of the band in standard errors: 95 %, half as wide again because neighbouring
differences of a heart are not independent (judgement)."""


@dataclass(frozen=True, slots=True)
class NightShape:
    """RMSSD per half hour, (b,) ms each, NaN where it is thin, with its 95 % band.

    ``start_ts`` (b,) epoch s. ``first_ms`` and ``last_ms`` are means over the first and the last
    third of the half hours, ``ratio`` is last over first; None when either is thin. ``present``
    counts the half hours with a value.
    """

    start_ts: NDArray[np.float64]
    rmssd_ms: NDArray[np.float64]
    low_ms: NDArray[np.float64]
    high_ms: NDArray[np.float64]
    first_ms: float | None
    last_ms: float | None
    ratio: float | None
    present: int


def night_shape(
    nn_ms: NDArray[np.float64], t_s: NDArray[np.float64], joined: NDArray[np.bool_]
) -> NightShape | None:
    """Shape of a night's normal intervals; None without any.

    ``nn_ms`` (m,) ms, ``t_s`` (m,) epoch s ascending, ``joined`` (m,). Bins start at the first
    beat and take 300 beats; the ratio takes three bins in all and two in each third. It
    describes: a low start has many causes.
    """
    if not len(nn_ms):
        return None
    place = np.floor((t_s - t_s[0]) / BIN_S).astype(np.intp)
    bins = int(place[-1]) + 1
    step = differences(nn_ms, joined)
    known = np.isfinite(step)
    count = np.bincount(place[known], minlength=bins)
    squares = np.bincount(place[known], step[known] ** 2, minlength=bins)
    there = (np.bincount(place, minlength=bins) >= MIN_BIN_BEATS) & (count > 0)
    present = int(there.sum())
    rmssd = np.full(bins, np.nan)
    rmssd[there] = np.sqrt(squares[there] / count[there])
    half = BAND_SD * rmssd / np.sqrt(2.0 * np.maximum(count, 1))
    third = bins // 3 if present >= MIN_BINS else 0
    first = _mean_of_third(rmssd[:third])
    last = _mean_of_third(rmssd[bins - third :])
    return NightShape(
        start_ts=t_s[0] + BIN_S * np.arange(bins),
        rmssd_ms=rmssd,
        low_ms=np.maximum(rmssd - half, 0.0),
        high_ms=rmssd + half,
        first_ms=first,
        last_ms=last,
        ratio=last / first if first and last is not None else None,
        present=present,
    )


def _mean_of_third(rmssd: NDArray[np.float64]) -> float | None:
    known = rmssd[np.isfinite(rmssd)]
    return float(known.mean()) if len(known) >= MIN_THIRD_BINS else None
