"""Frequencies that may be the breath of a segment, and how much speaks for each."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .tachogram import Segments

LOW_HZ, HIGH_HZ = 0.15, 0.5
"""The band of breathing in heart rate: 9 to 30 breaths a minute (Task Force 1996 has it end at
0.4 Hz, which fast breathing exceeds)."""
SLOW_LOW_HZ: Final = 0.07
"""Slower breathing is looked for down to 4.2 a minute: exercises of six breaths a minute wander
around 0.1 Hz on both sides."""
TOTAL_LOW_HZ: Final = 0.04
"""Where the low-frequency band begins (Task Force 1996)."""
PER_SEGMENT: Final = 3
"""Peaks of the band that are kept beside a slow one."""
MIN_WIDTH_HZ: Final = 0.02
"""Half width of a peak, Hz: how much breathing wanders within minutes. In short segments it is
the width that the window gives a pure tone, 1.5 over the length."""
SLOW_SHARE: Final = 0.6
"""Share of all power that a slow wave must have to be breath."""
SLOW_RIVAL: Final = 0.25
"""Power of a faster peak, against the slow one's, from which the slow one is a pressure wave and
the faster one the breath; but not when it is a multiple of the slow one."""
MULTIPLES: Final = (2, 3)
MULTIPLE_OFF: Final = 0.12
"""How far from twice or three times, as a share of the slow frequency, beside a peak's width."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Up to four frequencies of each of n segments.

    ``freq_hz`` (n, 4), NaN where there is none; the last column is slow breathing. ``power`` (n, 4)
    at the peak. ``share`` (n, 4) of the power in its band that lies at the peak. ``multiple``
    (n, 3) whether a peak of the band is twice or three times the slow one.
    """

    freq_hz: NDArray[np.float64]
    power: NDArray[np.float64]
    share: NDArray[np.float64]
    multiple: NDArray[np.bool_]


def find_candidates(segments: Segments) -> Candidates:
    """Find the strongest peaks from 0.15 Hz up to each segment's ceiling, and slow breathing.

    A slow peak, below 0.15 Hz, counts only when it holds most of all power and nothing in the band
    rivals it but its own multiples: elsewhere it is the wave of blood pressure at 0.1 Hz, which
    would win in most nights. Peaks within a step of the ceiling are left out (Laguna 1998: a
    sample a beat shows nothing faster than half the rate of beats).
    """
    freq, power, n = segments.freq_hz, segments.power, len(segments)
    step = freq[1]
    width = max(MIN_WIDTH_HZ, 1.5 / segments.length_s)
    top = np.minimum(segments.ceiling_hz, HIGH_HZ)
    peak = np.zeros(power.shape, dtype=bool)
    peak[:, 1:-1] = (power[:, 1:-1] > power[:, :-2]) & (power[:, 1:-1] >= power[:, 2:])
    banded = peak & (freq >= LOW_HZ) & (freq < top[:, None] - step)
    slow = peak & (freq >= SLOW_LOW_HZ) & (freq < LOW_HZ)

    at = np.empty((n, PER_SEGMENT + 1), dtype=np.intp)
    at[:, :-1] = np.argsort(np.where(banded, -power, 0.0), axis=1, kind="stable")[:, :PER_SEGMENT]
    at[:, -1] = np.argmax(np.where(slow, power, 0.0), axis=1)
    line = np.arange(n)[:, None]
    real = banded[line, at]
    real[:, -1] = slow[np.arange(n), at[:, -1]]

    total = np.concatenate((np.zeros((n, 1)), np.cumsum(power, axis=1)), axis=1)
    bottom = np.array([LOW_HZ] * PER_SEGMENT + [TOTAL_LOW_HZ])

    def within(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
        """Power from low to high Hz, (n, 4) each."""
        found: NDArray[np.float64] = (
            total[line, np.searchsorted(freq, high)] - total[line, np.searchsorted(freq, low)]
        )
        return found

    centre = freq[at]
    floor, ceiling = (
        np.broadcast_to(bottom, centre.shape),
        np.broadcast_to(top[:, None], centre.shape),
    )
    near = within(np.maximum(centre - width, floor), np.minimum(centre + width, ceiling))
    band = within(floor, np.maximum(ceiling, floor))
    share = np.divide(near, band, out=np.zeros_like(near), where=band > 0)
    height = np.where(real, power[line, at], 0.0)
    base = np.maximum(centre[:, -1:], SLOW_LOW_HZ)
    times = np.clip(np.rint(centre[:, :-1] / base), *MULTIPLES)
    multiple = np.abs(centre[:, :-1] - times * base) <= width + MULTIPLE_OFF * base
    rival = (height[:, :-1] >= SLOW_RIVAL * height[:, -1:]) & ~multiple
    real[:, -1] &= (share[:, -1] >= SLOW_SHARE) & ~rival.any(axis=1)
    return Candidates(
        freq_hz=np.where(real, _refine(power, at, step), np.nan),
        power=np.where(real, height, 0.0),
        share=np.where(real, share, 0.0),
        multiple=multiple,
    )


def _refine(power: NDArray[np.float64], at: NDArray[np.intp], step: float) -> NDArray[np.float64]:
    """Frequency of the top of the parabola through a peak and its neighbours, in logarithms."""
    line = np.arange(len(power))[:, None]
    inner = np.clip(at, 1, power.shape[1] - 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        left, top, right = (np.log(power[line, inner + shift]) for shift in (-1, 0, 1))
        shift = 0.5 * (left - right) / (left - 2.0 * top + right)
    found: NDArray[np.float64] = (inner + np.where(np.abs(shift) <= 1.0, shift, 0.0)) * step
    return found
