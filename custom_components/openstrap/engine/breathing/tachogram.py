"""Intervals between beats as an even series, cut into segments with their spectra."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..signal.clean import CleanBeats

RATE_HZ: Final = 4.0
"""Samples a second of the even series: eight for the fastest breath that is looked for."""
MIN_BEATS: Final = 30
MIN_COVERED: Final = 0.8
"""Share of a segment that kept intervals must fill."""
PADDING: Final = 1.5
"""Length of the transform against that of the segment, at least; it is a power of two."""


@dataclass(frozen=True, slots=True)
class Tachogram:
    """Intervals in ms at every quarter of a second.

    ``nn_ms`` (n,) from ``start_ts`` (epoch s) on; ``beat_t_s`` and ``beat_nn_ms`` (k,) the beats
    that it was drawn through.
    """

    start_ts: float
    nn_ms: NDArray[np.float64]
    beat_t_s: NDArray[np.float64]
    beat_nn_ms: NDArray[np.float64]

    @property
    def span_s(self) -> float:
        """Seconds from the first sample to the last."""
        return (len(self.nn_ms) - 1) / RATE_HZ


@dataclass(frozen=True, slots=True)
class Segments:
    """Stretches of a tachogram, n of one length, and what their spectra are.

    ``start_ts`` (n,) epoch s; ``length_s``; ``valid`` (n,) enough beats in enough of it;
    ``ceiling_hz`` (n,) half the rate of beats, above which nothing can be told; ``freq_hz`` (k,);
    ``power`` (n, k) in an arbitrary unit, of what is left without mean and trend.
    """

    start_ts: NDArray[np.float64]
    length_s: float
    valid: NDArray[np.bool_]
    ceiling_hz: NDArray[np.float64]
    freq_hz: NDArray[np.float64]
    power: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the segments."""
        return len(self.start_ts)


def tachogram(
    clean: CleanBeats, start_ts: float | None = None, end_ts: float | None = None
) -> Tachogram | None:
    """Draw straight lines through the intervals (Task Force 1996); None with fewer than 30 beats.

    From ``start_ts`` to ``end_ts`` (epoch s), the first and the last beat if None. Lines cross
    holes as well; who reads a stretch looks at how much of it beats fill.
    """
    t_s, first = np.unique(clean.t_s, return_index=True)
    if len(t_s) < MIN_BEATS:
        return None
    nn_ms = clean.nn_ms[first]
    start = float(t_s[0]) if start_ts is None else start_ts
    end = float(t_s[-1]) if end_ts is None else end_ts
    grid = start + np.arange(int((end - start) * RATE_HZ) + 1) / RATE_HZ
    return Tachogram(start, np.interp(grid, t_s, nn_ms), t_s, nn_ms)


def cut(line: Tachogram, length_s: float, step_s: float) -> Segments:
    """Cut into segments of ``length_s`` every ``step_s``, of which the last end within the line."""
    size, step = int(length_s * RATE_HZ), int(step_s * RATE_HZ)
    if len(line.nn_ms) < size:
        rows = np.empty((0, size))
    else:
        rows = np.lib.stride_tricks.sliding_window_view(line.nn_ms, size)[::step]
    start_ts = line.start_ts + np.arange(len(rows), dtype=np.float64) * (step / RATE_HZ)

    first = np.searchsorted(line.beat_t_s, start_ts)
    last = np.searchsorted(line.beat_t_s, start_ts + length_s)
    elapsed = np.concatenate(([0.0], np.cumsum(line.beat_nn_ms / 1000.0)))
    filled, beats = elapsed[last] - elapsed[first], last - first
    valid = (beats >= MIN_BEATS) & (filled >= MIN_COVERED * length_s)
    ceiling = np.divide(0.5 * beats, filled, out=np.zeros(len(rows)), where=filled > 0)

    at = np.arange(size) - (size - 1) / 2.0
    series = rows - rows.mean(axis=1, keepdims=True)
    series -= np.outer(series @ at / np.dot(at, at), at)
    points = 1 << int(np.ceil(np.log2(size * PADDING)))
    freq_hz = np.fft.rfftfreq(points, 1.0 / RATE_HZ).astype(np.float64)
    power = np.abs(np.fft.rfft(series * np.hanning(size), points, axis=1)) ** 2
    return Segments(
        start_ts=start_ts,
        length_s=length_s,
        valid=valid,
        ceiling_hz=ceiling,
        freq_hz=freq_hz,
        power=power,
    )
