"""A night's heart rate and movement on even grids, free of the device's units."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...samples import Samples
from ...signal.beats import Beats
from ...signal.motion import Motion, motion_bins
from ..hypnogram import EPOCH_S

GRID_S = 5.0
"""Step of the heart-rate grid: what the watch of the labelled nights sends."""
PER_EPOCH = round(EPOCH_S / GRID_S)
BIN_S = 15.0
"""Step of the movement bins: what the labelled nights have."""
BRIDGED_S = 60.0
"""A heart rate is present all through a gap this long."""
NEAR_S = 15.0
"""Next to a longer gap it is present this far from a reading."""
BEAT_GAP_S = 5.0
"""Beats stand in where the nearest heart rate is further away than this."""
RR_LIMITS_MS = (300.0, 2000.0)
"""Task Force 1996: what a heart at rest does."""
RANKS = 5
"""Classes of movement strength; more or fewer change nothing."""
STRONGEST = 4.5
"""Value of the strongest class; the weakest is a fifth of it, no movement 0."""


@dataclass(frozen=True, slots=True)
class Series:
    """A night on grids from its start on; ``epochs`` of 30 s.

    ``hr`` (6 * epochs,) bpm minus the night's median reading, 0 where absent; ``present`` tells
    where it is. ``motion`` (2 * epochs,) 0 or the rank class of the bin among the moving ones,
    0.9 to 4.5; ``watched`` tells where motion was observed.
    """

    epochs: int
    hr: NDArray[np.float64]
    present: NDArray[np.bool_]
    motion: NDArray[np.float64]
    watched: NDArray[np.bool_]


def night_series(
    samples: Samples, beats: Beats | None, motion: Motion, start_ts: float, epochs: int
) -> Series:
    """Lay a night out on grids from ``start_ts`` (epoch s) on."""
    end_ts = start_ts + EPOCH_S * epochs
    t_s, bpm = heart_readings(samples, beats, start_ts, end_ts)
    hr, present = heart_grid(t_s - start_ts, bpm, PER_EPOCH * epochs)
    amount = motion_bins(motion, start_ts, BIN_S, round(EPOCH_S / BIN_S) * epochs)
    watched = np.isfinite(amount)
    return Series(epochs, hr, present, ranked(np.where(watched, amount, 0.0)), watched)


def heart_readings(
    samples: Samples, beats: Beats | None, start_ts: float, end_ts: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times (epoch s) and heart rates (bpm) within [start, end), ascending in time.

    The strap's own heart rate; where there is none within 5 s, that of each beat.
    """
    inside = (samples.ts >= start_ts) & (samples.ts < end_ts) & (samples.hr_bpm > 0)
    t_s, bpm = samples.ts[inside], samples.hr_bpm[inside].astype(np.float64)
    if beats is None or not len(beats):
        return t_s, bpm
    low, high = RR_LIMITS_MS
    usable = (beats.t_s >= start_ts) & (beats.t_s < end_ts)
    usable &= (beats.rr_ms >= low) & (beats.rr_ms <= high)
    edged = np.concatenate(([-np.inf], t_s, [np.inf]))
    place = np.searchsorted(t_s, beats.t_s)
    lone = np.minimum(beats.t_s - edged[place], edged[place + 1] - beats.t_s) > BEAT_GAP_S
    usable &= lone
    if not usable.any():
        return t_s, bpm
    t_s = np.concatenate((t_s, beats.t_s[usable]))
    bpm = np.concatenate((bpm, 60000.0 / beats.rr_ms[usable]))
    order = np.argsort(t_s, kind="stable")
    return t_s[order], bpm[order]


def heart_grid(
    t_s: NDArray[np.float64], bpm: NDArray[np.float64], size: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Mean of the line through the readings in each 5-s cell, minus their median; and presence.

    ``t_s`` (n,) seconds from the start, ascending. A cell is present inside a gap of up to 60 s
    or within 15 s of a reading, by its middle. (size,) each; all absent without readings.
    """
    middle = (np.arange(size) + 0.5) * GRID_S
    if not len(t_s):
        return np.zeros(size), np.zeros(size, dtype=bool)
    place = np.searchsorted(t_s, middle)
    before = middle - np.concatenate(([-np.inf], t_s))[place]
    after = np.concatenate((t_s, [np.inf]))[place] - middle
    present = (before + after <= BRIDGED_S) | (np.minimum(before, after) <= NEAR_S)
    # The mean of the line is the difference of its integral: fair to 1 Hz and to 0.2 Hz alike.
    level = bpm - np.median(bpm)
    t_s = np.concatenate(([min(t_s[0], 0.0) - 1.0], t_s, [max(t_s[-1], size * GRID_S) + 1.0]))
    level = np.concatenate((level[:1], level, level[-1:]))
    area = np.concatenate(([0.0], np.cumsum(np.diff(t_s) * (level[1:] + level[:-1]) / 2.0)))
    edge = np.arange(size + 1) * GRID_S
    last = np.clip(np.searchsorted(t_s, edge, side="right") - 1, 0, len(t_s) - 2)
    part = edge - t_s[last]
    width = t_s[last + 1] - t_s[last]
    rise = np.where(width > 0, (level[last + 1] - level[last]) / np.where(width > 0, width, 1), 0)
    total = area[last] + part * (level[last] + rise * part / 2.0)
    return np.where(present, np.diff(total) / GRID_S, 0.0), present


def share_below(values: NDArray[np.float64], among: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of ``among`` that lies below each value, ties counted half; 0.5 among nothing."""
    if not len(among):
        return np.full(values.shape, 0.5)
    order = np.sort(among)
    below = np.searchsorted(order, values, "left") + np.searchsorted(order, values, "right")
    return below / (2.0 * len(order))


def ranked(amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Strength class of each movement among the night's own: only the order of amounts matters."""
    moved = amount > 0
    found = np.zeros(len(amount))
    if moved.any():
        rank = share_below(amount[moved], amount[moved])
        found[moved] = np.ceil(rank * RANKS) / RANKS * STRONGEST
    return found
