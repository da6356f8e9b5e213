"""Heart-rate variability in the time domain (Task Force 1996, Circulation 93:1043)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BIN_S = 300.0
"""Length of the bins of SDANN and of the SDNN index, s."""
PNN_LIMIT_MS = 50.0
PNN_SMALL_LIMIT_MS = 20.0
"""A limit that hearts with little variability still cross: Mietus et al. 2002, Heart 88:378."""


@dataclass(frozen=True, slots=True)
class TimeDomain:
    """All ms but ``pnn50`` and ``pnn20`` (%). None where the input does not define it."""

    mean_nn: float | None
    sdnn: float | None
    rmssd: float | None
    pnn50: float | None
    pnn20: float | None
    sdann: float | None
    sdnn_index: float | None


def differences(nn_ms: NDArray[np.float64], joined: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Step to each interval from the one before, (m,) ms; NaN where they are not joined."""
    step = np.full(len(nn_ms), np.nan)
    inside = np.flatnonzero(joined[1:]) + 1
    step[inside] = nn_ms[inside] - nn_ms[inside - 1]
    return step


def root_mean_square(step: NDArray[np.float64]) -> float | None:
    """RMSSD of steps (ms, NaN skipped); None without any."""
    known = step[np.isfinite(step)]
    return float(np.sqrt(np.mean(known * known))) if len(known) else None


def binned_rmssd(
    step: NDArray[np.float64], place: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """RMSSD (ms) of the known steps of each bin that has any.

    ``step`` (m,) ms with NaN, ``place`` (m,) the number of its bin. Returns the numbers of the
    bins, ascending, their RMSSD and their counts of steps, (b,) each.
    """
    known = np.isfinite(step)
    number, row = np.unique(place[known], return_inverse=True)
    count = np.bincount(row, minlength=len(number)).astype(np.int64)
    squares = np.bincount(row, step[known] ** 2, minlength=len(number))
    return number, np.sqrt(squares / count), count


def time_domain(
    nn_ms: NDArray[np.float64], t_s: NDArray[np.float64], joined: NDArray[np.bool_]
) -> TimeDomain:
    """Variability of normal intervals.

    ``nn_ms`` (m,) ms, ``t_s`` (m,) s end of each, ``joined`` (m,) whether its difference to the
    one before may be taken. Differences are never taken across a hole. Sample standard
    deviations; bins of 300 s from the first beat need two beats, SDANN and the index two bins.
    """
    if not len(nn_ms):
        return TimeDomain(None, None, None, None, None, None, None)
    step = differences(nn_ms, joined)
    known = np.abs(step[np.isfinite(step)])
    means, deviations = _bins(nn_ms, t_s)
    binned = len(means) >= 2
    return TimeDomain(
        mean_nn=float(nn_ms.mean()),
        sdnn=float(nn_ms.std(ddof=1)) if len(nn_ms) > 1 else None,
        rmssd=root_mean_square(step),
        pnn50=_share_above(known, PNN_LIMIT_MS),
        pnn20=_share_above(known, PNN_SMALL_LIMIT_MS),
        sdann=float(means.std(ddof=1)) if binned else None,
        sdnn_index=float(deviations.mean()) if binned else None,
    )


def _share_above(size_ms: NDArray[np.float64], limit_ms: float) -> float | None:
    """Percent of differences that are larger than a limit; None without any."""
    return float(100.0 * (size_ms > limit_ms).mean()) if len(size_ms) else None


def _bins(
    nn_ms: NDArray[np.float64], t_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and sample standard deviation of each bin with at least two beats."""
    _, place = np.unique(np.floor((t_s - t_s[0]) / BIN_S), return_inverse=True)
    count = np.bincount(place)
    mean = np.bincount(place, nn_ms) / count
    off = nn_ms - mean[place]
    filled = count >= 2
    deviation = np.sqrt(np.bincount(place, off * off)[filled] / (count[filled] - 1))
    return mean[filled], deviation
