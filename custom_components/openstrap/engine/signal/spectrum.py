"""Spectra of unevenly spaced beats: the Lomb-Scargle periodogram, alone and for many segments."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

MIN_VALUES: Final = 4
GRID_TOLERANCE: Final = 1e-9
"""How far a frequency may lie from an even grid, as a share of the largest."""

MAX_PRODUCT: Final = 32768
"""Multiplications in one product of matrices: for more the library wakes a thread on every core,
and so many small products wait for the threads a hundred times longer than they compute."""


def lomb_scargle(
    t_s: NDArray[np.float64], y: NDArray[np.float64], freq_hz: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Power spectral density of ``y`` (n,) at the times ``t_s`` (n,), (k,) in units of y squared / Hz.

    ``freq_hz`` is (k,), all > 0. The mean is removed. The one-sided density of the classical
    periodogram (Lomb 1976, Scargle 1982), for beats instead of resampling, which damps the fast
    part (Laguna, Moody & Mark 1998). None with fewer than four values, without variance or span,
    or with a number that is not finite.
    """
    if not _usable(t_s, y):
        return None
    from scipy.signal import lombscargle  # noqa: PLC0415  scipy loads with the first analysis

    # Phases of epoch seconds would lose digits.
    power: NDArray[np.float64] = lombscargle(t_s - t_s[0], y - y.mean(), 2.0 * np.pi * freq_hz)
    return power * _density(t_s)


def band_power(
    freq_hz: NDArray[np.float64], psd: NDArray[np.float64], low_hz: float, high_hz: float
) -> NDArray[np.float64]:
    """Power in low <= f < high: each density times the distance to the frequency before it.

    ``psd`` is (..., k), the result (...,). The first frequency has none before it and counts 0.
    """
    width = np.diff(freq_hz, prepend=freq_hz[:1])
    inside = (freq_hz >= low_hz) & (freq_hz < high_hz)
    power: NDArray[np.float64] = (psd[..., inside] * width[inside]).sum(axis=-1)
    return power


def segment_spectra(  # noqa: PLR0917  series, segments, grid
    t_s: NDArray[np.float64],
    y: NDArray[np.float64],
    starts: NDArray[np.float64],
    length_s: float,
    freq_hz: NDArray[np.float64],
    min_beats: int,
) -> NDArray[np.float64]:
    """Give ``lomb_scargle`` of every segment [start, start + length_s), (segments, k).

    ``t_s`` (n,) ascending, ``y`` (n,), ``freq_hz`` (k,) an even grid (ValueError else). NaN rows
    where a segment holds fewer than ``min_beats`` values or its spectrum is not defined.

    The same numbers as segment by segment, a hundred times faster: on an even grid cos and sin of
    every frequency are products of two short tables, which are made once for all segments, and
    each sum over beats becomes a product of matrices.
    """
    found = np.full((len(starts), len(freq_hz)), np.nan)
    if not len(t_s) or not len(freq_hz):
        return found
    first = np.searchsorted(t_s, starts)
    last = np.searchsorted(t_s, np.asarray(starts) + length_s)
    enough = np.flatnonzero(last - first >= max(min_beats, MIN_VALUES))
    enough = enough[_all_usable(t_s, y, first[enough], last[enough])]
    if not len(enough):
        return found
    first, last = first[enough], last[enough]
    coarse, fine = _tables(t_s - t_s[0], freq_hz)
    waves = np.empty((2, len(enough), len(coarse), len(fine)), dtype=np.complex128)
    count = (last - first).astype(np.float64)
    for row, (begin, end) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        values = y[begin:end]
        # As its method has it, without the checks, which take longer than the sum.
        off = values - np.add.reduce(values) / len(values)
        left, right = coarse[:, begin:end], fine[:, begin:end]
        waves[0, row] = _products(left * off, right)
        waves[1, row] = _products(left * left, right * right)
    wave, double = waves.reshape(2, len(enough), -1)[:, :, : len(freq_hz)]
    scale = 2.0 * (t_s[last - 1] - t_s[first]) / (count - 1)
    found[enough] = _periodogram(wave, double, count[:, None]) * scale[:, None]
    return found


def _all_usable(
    t_s: NDArray[np.float64],
    y: NDArray[np.float64],
    first: NDArray[np.intp],
    last: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Tell of all segments [first, last) at once what ``_usable`` tells of one, (segments,)."""
    finite = np.concatenate(([0], np.cumsum(np.isfinite(y) & np.isfinite(t_s))))
    with np.errstate(invalid="ignore"):
        changes = np.concatenate(([0], np.cumsum(np.diff(y) != 0.0)))
    usable: NDArray[np.bool_] = (
        (finite[last] - finite[first] == last - first)
        & (t_s[last - 1] > t_s[first])
        & (changes[last - 1] > changes[first])
    )
    return usable


def _tables(
    t_s: NDArray[np.float64], freq_hz: NDArray[np.float64]
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Waves (a, n) and (b, n) whose products at [i, j] are those of frequency i * b + j."""
    size = len(freq_hz)
    step = (freq_hz[-1] - freq_hz[0]) / max(size - 1, 1)
    even = freq_hz[0] + step * np.arange(size)
    if np.abs(even - freq_hz).max() > GRID_TOLERANCE * np.abs(freq_hz).max():
        raise ValueError("segment spectra need an even grid of frequencies")
    fine_size = int(np.ceil(np.sqrt(size)))
    coarse_size = -(-size // fine_size)
    turn = 2.0 * np.pi * t_s
    return (
        _powers(
            np.exp(1j * freq_hz[0] * turn), np.exp(1j * (step * fine_size) * turn), coarse_size
        ),
        _powers(np.ones(len(t_s), dtype=np.complex128), np.exp(1j * step * turn), fine_size),
    )


def _powers(
    start: NDArray[np.complex128], ratio: NDArray[np.complex128], size: int
) -> NDArray[np.complex128]:
    """Rows start, start * ratio, start * ratio squared, ..., (size, n)."""
    rows = np.empty((size, len(start)), dtype=np.complex128)
    rows[0] = start
    for at in range(1, size):
        np.multiply(rows[at - 1], ratio, out=rows[at])
    return rows


def _products(
    left: NDArray[np.complex128], right: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    """Sum over beats of every row of (a, n) with every row of (b, n), (a, b)."""
    piece = max(MAX_PRODUCT // (len(left) * len(right)), 1)
    if left.shape[1] <= piece:
        return left @ right.T
    total = np.zeros((len(left), len(right)), dtype=np.complex128)
    for at in range(0, left.shape[1], piece):
        total += left[:, at : at + piece] @ right[:, at : at + piece].T
    return total


def _periodogram(
    wave: NDArray[np.complex128], double: NDArray[np.complex128], count: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Classical periodogram from the sums of y e^(iwt) and of e^(2iwt).

    Half the angle of the second is Lomb's shift of time, after which cos and sin are orthogonal;
    a part without energy of its own carries no power.
    """
    length = np.abs(double)
    turned = wave * np.exp(-0.5j * np.angle(double))
    in_phase, off_phase = (count + length) / 2.0, (count - length) / 2.0
    rest = off_phase > np.finfo(np.float64).eps * count
    with np.errstate(divide="ignore", invalid="ignore"):
        power = turned.real**2 / in_phase + np.where(rest, turned.imag**2 / off_phase, 0.0)
    density: NDArray[np.float64] = 0.5 * power
    return density


def _usable(t_s: NDArray[np.float64], y: NDArray[np.float64]) -> bool:
    """Enough finite values that differ, over a span."""
    return (
        len(y) >= MIN_VALUES
        and bool(np.isfinite(y).all())
        and bool(np.isfinite(t_s).all())
        and bool(t_s[-1] > t_s[0])
        and bool(y.max() > y.min())
    )


def _density(t_s: NDArray[np.float64]) -> float:
    """Turn scipy's periodogram into a one-sided density: 2 * span / (n - 1)."""
    return 2.0 * float(t_s[-1] - t_s[0]) / (len(t_s) - 1)
