"""Resting heart rate of a night: its floor, its mean and its lowest moment."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..signal.grid import on_grid
from ..sleep.hypnogram import Hypnogram, Stage
from .staged import NREM, stages_at

WINDOW_S = 1800
MIN_COVERED = 0.9
"""Share of the seconds of a window that must have a heart rate."""
BRIDGED_S = 15
"""Longest hole, s, that the readings around it stand for: a resting heart and the strap's own
smoothing leave no room for more. Chest straps on record lose 7 s of every 33 s, and with them
would lose every night; longer holes count as missing."""
NADIR_WINDOW_S = 300
MIN_SECONDS = 900
"""Seconds with a heart rate below which a mean says nothing of a sleep (judgement)."""


@dataclass(frozen=True, slots=True)
class RestingHr:
    """Lowest half-hour mean and first percentile (bpm), None when no half hour is covered.

    ``seconds`` is how many seconds had a heart rate, ``best_window_s`` how many the best half hour
    had, bridged ones with them.
    """

    bpm: float | None
    p1_bpm: float | None
    seconds: int
    best_window_s: int


@dataclass(frozen=True, slots=True)
class SleepingHr:
    """Heart rate of a sleep (bpm), None where too little was read.

    ``mean_bpm`` is over the seconds asleep, of which there are ``seconds``; ``nrem_median_bpm``
    over light and deep sleep. Without stages the mean is of the whole window. The nadir is the middle (epoch s) of the lowest five minutes,
    ``nadir_position`` its place in the window, 0..1.
    """

    mean_bpm: float | None
    nrem_median_bpm: float | None
    nrem_seconds: int
    nadir_bpm: float | None
    nadir_ts: float | None
    nadir_position: float | None
    seconds: int


def hr_seconds(
    ts: NDArray[np.float64], hr_bpm: NDArray[np.int16], onset_ts: float, offset_ts: float
) -> NDArray[np.float64]:
    """Heart rate of each second of true time in [onset, offset), bpm, NaN where there is none.

    ``ts`` (n,) epoch s ascending, ``hr_bpm`` (n,) with 0 for none. Where 0.961 s records put two
    readings in one second it is their mean.
    """
    return on_grid(
        ts,
        np.where(hr_bpm > 0, hr_bpm.astype(np.float64), np.nan),
        start_ts=onset_ts,
        step_s=1.0,
        size=max(int(np.ceil(offset_ts - onset_ts)), 0),
    )


def resting_hr(
    ts: NDArray[np.float64], hr_bpm: NDArray[np.int16], onset_ts: float, offset_ts: float
) -> RestingHr:
    """Lowest mean heart rate over half an hour of true time within [onset, offset).

    ``ts`` (n,) epoch s ascending, ``hr_bpm`` (n,) with 0 for none. Readings are laid on seconds
    of true time first, so that half an hour is 1800 s whatever the distance of the records and
    whatever is missing. Holes of up to 15 s are bridged with a straight line.
    """
    hr = hr_seconds(ts, hr_bpm, onset_ts, offset_ts)
    covered = np.isfinite(hr)
    seconds = int(covered.sum())
    if len(hr) < WINDOW_S:
        return RestingHr(None, None, seconds, seconds)
    mean, n = _window_means(_bridged(hr), WINDOW_S)
    known = mean[np.isfinite(mean)]
    if not len(known):
        return RestingHr(None, None, seconds, int(n.max()))
    return RestingHr(
        bpm=float(known.min()),
        p1_bpm=float(np.percentile(hr[covered], 1)),
        seconds=seconds,
        best_window_s=int(n.max()),
    )


def sleeping_hr(
    ts: NDArray[np.float64],
    hr_bpm: NDArray[np.int16],
    onset_ts: float,
    offset_ts: float,
    hypnogram: Hypnogram | None = None,
) -> SleepingHr:
    """Mean, NREM median and lowest five minutes of the heart rate within [onset, offset).

    ``ts`` and ``hr_bpm`` as for ``resting_hr``. The lowest half hour reads 5 to 10 bpm below what
    WHOOP shows as the resting heart rate, the mean of the main sleep comes close to it. A five-minute
    window needs nine tenths of its seconds; the first of equally low ones counts.
    """
    hr = hr_seconds(ts, hr_bpm, onset_ts, offset_ts)
    asleep, nrem = hr, np.empty(0)
    if hypnogram is not None:
        second = onset_ts + np.arange(len(hr), dtype=np.float64)
        stage = stages_at(hypnogram, second)
        asleep, nrem = hr[stage > Stage.WAKE], hr[np.isin(stage, NREM)]
    asleep, nrem = asleep[np.isfinite(asleep)], nrem[np.isfinite(nrem)]
    nadir_bpm = nadir_ts = position = None
    if len(hr) >= NADIR_WINDOW_S:
        mean, _ = _window_means(_bridged(hr), NADIR_WINDOW_S)
        if np.isfinite(mean).any():
            at = int(np.nanargmin(mean))
            nadir_bpm = float(mean[at])
            nadir_ts = onset_ts + at + NADIR_WINDOW_S / 2.0
            position = (nadir_ts - onset_ts) / (offset_ts - onset_ts)
    return SleepingHr(
        mean_bpm=float(asleep.mean()) if len(asleep) >= MIN_SECONDS else None,
        nrem_median_bpm=float(np.median(nrem)) if len(nrem) >= MIN_SECONDS else None,
        nrem_seconds=len(nrem),
        nadir_bpm=nadir_bpm,
        nadir_ts=nadir_ts,
        nadir_position=position,
        seconds=len(asleep),
    )


def _bridged(hr: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fill holes of up to 15 s between two readings with a straight line."""
    read = np.flatnonzero(np.isfinite(hr))
    if len(read) < 2:
        return hr
    second = np.arange(len(hr))
    after = np.searchsorted(read, second)
    inside = (after > 0) & (after < len(read))
    hole = np.zeros(len(hr), dtype=np.intp)
    hole[inside] = read[after[inside]] - read[after[inside] - 1] - 1
    fill = np.isnan(hr) & inside & (hole <= BRIDGED_S)
    filled = hr.copy()
    filled[fill] = np.interp(second[fill], read, hr[read])
    return filled


def _window_means(
    hr: NDArray[np.float64], size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean of each window of ``size`` seconds, NaN below nine tenths of them; seconds in each."""
    covered = np.isfinite(hr)
    n = _window_sums(covered.astype(np.float64), size)
    total = _window_sums(np.where(covered, hr, 0.0), size)
    return np.where(n >= MIN_COVERED * size, total / np.maximum(n, 1.0), np.nan), n


def _window_sums(values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    upto = np.concatenate(([0.0], np.cumsum(values)))
    total: NDArray[np.float64] = upto[size:] - upto[:-size]
    return total
