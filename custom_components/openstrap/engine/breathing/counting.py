"""Breaths counted one by one in the ups and downs of the intervals."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from .tachogram import RATE_HZ, Segments, Tachogram

SWING_SHARE: Final = 0.3
"""Swings smaller than this share of the upper quartile of all swings are no breath
(Schaefer & Kratky 2008)."""
MIN_CYCLES: Final = 3
MARGIN_S: Final = 60.0
"""What a filter sees on either side of the stretch, so that its edges bend nothing."""
BAND_RATIO: Final = 1.5
"""A slow breath is timed in the band from its frequency over 1.5 to 1.5 times it: the second
harmonic, which bends the wave, and slower drifts both stay out."""
PADDING: Final = 1.25
"""Length of what is transformed over that of the series: the end does not run into the start."""


def counted_rate(
    line: Tachogram, segments: Segments, low_hz: float, high_hz: float
) -> NDArray[np.float64]:
    """Breaths a minute of each segment by its median cycle, (n,); NaN with fewer than three.

    Turning points of the band-passed intervals are taken as breaths when the swing on either side
    is at least 0.3 of the upper quartile of the segment's swings (the advanced counting of
    Schaefer & Kratky 2008, here with the median of the cycles instead of their mean).
    """
    wave = _band(line.nn_ms - line.nn_ms.mean(), low_hz, high_hz)
    turn = _turns(wave)
    if len(turn) < 2 * MIN_CYCLES:
        return np.full(len(segments), np.nan)
    swing = np.abs(np.diff(wave[turn]))
    place = line.start_ts + turn / RATE_HZ
    first = np.searchsorted(place, segments.start_ts)
    last = np.searchsorted(place, segments.start_ts + segments.length_s) - 1

    column = np.arange(max(int((last - first).max(initial=1)), 2))
    at = first[:, None] + column
    inside = at < last[:, None]
    at = np.minimum(at, len(swing) - 1)
    swings = np.where(inside, swing[at], np.nan)
    ordered = np.sort(swings, axis=1)
    known = inside.sum(axis=1)
    upper = _pick(ordered, np.rint(0.75 * (known - 1)).astype(np.intp))
    large = swings >= SWING_SHARE * upper[:, None]
    both = large[:, 1:] & large[:, :-1]
    cycle = np.where(
        both, place[np.minimum(at[:, :-1] + 2, len(place) - 1)] - place[at[:, :-1]], np.nan
    )
    count = both.sum(axis=1)
    middle = _pick(np.sort(cycle, axis=1), (count - 1) // 2)
    rate: NDArray[np.float64] = np.where(count >= 2 * MIN_CYCLES, 60.0 / middle, np.nan)
    return rate


def timed_rate(line: Tachogram, start_ts: float, length_s: float, freq_hz: float) -> float:
    """Breaths a minute of a stretch around a frequency, by whole cycles; NaN with too few.

    Mean of the time from first to last crest and from first to last trough, each by its number of
    cycles. In a minute of slow breathing six cycles stand against hundreds of samples: their times
    are told more closely than a spectrum of a minute can tell frequencies.
    """
    first = round((start_ts - line.start_ts) * RATE_HZ)
    last = first + int(length_s * RATE_HZ)
    margin = int(MARGIN_S * RATE_HZ)
    begin = max(first - margin, 0)
    series = line.nn_ms[begin : last + margin]
    wave = _band(series - series.mean(), freq_hz / BAND_RATIO, freq_hz * BAND_RATIO)
    turn = _turns(wave) + begin
    turn = turn[(turn >= first) & (turn < last)]
    rates = [
        60.0 * RATE_HZ * (len(same) - 1) / float(same[-1] - same[0])
        for same in (turn[::2], turn[1::2])
        if len(same) > MIN_CYCLES
    ]
    return float(np.mean(rates)) if len(rates) == 2 else float("nan")


def _band(series: NDArray[np.float64], low_hz: float, high_hz: float) -> NDArray[np.float64]:
    """Keep what lies between two frequencies; without shift in time."""
    from scipy.fft import next_fast_len  # noqa: PLC0415  scipy loads with the first analysis

    points = next_fast_len(int(np.ceil(len(series) * PADDING)), real=True)
    spectrum = np.fft.rfft(series, points)
    freq = np.fft.rfftfreq(points, 1.0 / RATE_HZ)
    spectrum[(freq < low_hz) | (freq > high_hz)] = 0.0
    return np.fft.irfft(spectrum, points)[: len(series)]


def _turns(wave: NDArray[np.float64]) -> NDArray[np.intp]:
    """Places where a wave turns, crests and troughs by turns."""
    rising = np.diff(wave) > 0.0
    return np.flatnonzero(rising[1:] != rising[:-1]) + 1


def _pick(ordered: NDArray[np.float64], column: NDArray[np.intp]) -> NDArray[np.float64]:
    """Take one value of each row, NaN where the column is before the first."""
    found = ordered[np.arange(len(ordered)), np.maximum(column, 0)]
    return np.where(column >= 0, found, np.nan)
