"""Cyclic variation of heart rate: the wave that pauses in breathing leave in the heart."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import artifact, clamp, need_input
from ..signal.clean import CleanBeats
from ..signal.parabola import parabola_smoothed
from ..signal.rolling import rolling_quantiles
from .rate import MAX_ARTIFACT

RATE_HZ: Final = 2.0
MAX_GAP_S: Final = 30.0
MIN_PIECE_S: Final = 300.0
SMOOTH_SAMPLES: Final = 21
"""Samples under the smoothing parabola (5 s on either side)."""
ENVELOPE_S: Final = 130.0
ENVELOPE: Final = (0.05, 0.95)
"""Quantiles between which the wave runs."""
SHOULDER_S: Final = 60.0
"""How far from its bottom the shoulder of a dip may be."""
WIDTH_S: Final = (10.0, 120.0)
MIN_SLOPE_MS_S: Final = 0.7
"""Depth over width below which a dip is drift."""
MIN_DEPTH: Final = 0.40
"""Depth against the envelope around it."""
APART_S: Final = 10.0
"""Of dips closer than this the deepest stays."""
CYCLE_S: Final = (25.0, 130.0)
RUN: Final = 4
"""Dips in a row that make a cycle."""
EQUIVALENCE: Final = 0.8
"""How alike their three intervals are: product of 3 - 2 interval / mean."""
ALIKE: Final = 0.4
"""Mean correlation of neighbouring dips."""
SHAPE_S: Final = 25.0
"""Half width of the stretch that is correlated."""
MIN_HOURS: Final = 2.0
FULL_HOURS: Final = 6.0
CONFIDENCE: Final = (0.1, 0.6)
RHYTHM: Final = "irregular_rhythm"
"""Reason: the screen for irregular rhythm is positive, and waves of it are no breath."""


@dataclass(frozen=True, slots=True)
class CyclicVariation:
    """Dips of the interval between beats that come in cycles.

    ``cycles`` dips in ``hours`` observed; median ``depth_ms`` and ``width_s`` of theirs, None
    without any.
    """

    cycles: int
    hours: float
    depth_ms: float | None
    width_s: float | None


@dataclass(frozen=True, slots=True)
class _Dips:
    """Bottoms (places on the grid), depths in ms and widths in s of dips, (d,) each."""

    at: NDArray[np.intp]
    depth: NDArray[np.float64]
    width: NDArray[np.float64]

    def only(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> _Dips:
        return _Dips(self.at[keep], self.depth[keep], self.width[keep])


def cyclic_variation(nn_ms: NDArray[np.float64], t_s: NDArray[np.float64]) -> CyclicVariation:
    """Count cyclic dips, by the autocorrelated wave detection with adaptive threshold.

    ``nn_ms`` and ``t_s`` are (k,), cleaned intervals and the ascending times at which they end.
    After Hayano et al. 2011 (Circ Arrhythm Electrophysiol 4:64) and 2020 (PLoS One 15:e0237279):
    dips as a pause in breathing ends, four in a row about equally far apart and alike in shape.
    Added here: a dip is deeper than what smoothing took away is high (its standard deviation).
    Stretches without a gap over 30 s that are shorter than 300 s are left out.
    """
    breaks = np.flatnonzero(np.diff(t_s) > MAX_GAP_S) + 1
    first = np.concatenate(([0], breaks))
    last = np.append(breaks, len(t_s)) - 1
    pieces = [
        (int(a), int(b))
        for a, b in zip(first, last, strict=True)
        if b > a and t_s[b] - t_s[a] >= MIN_PIECE_S
    ]
    seconds, depth, width = 0.0, [np.empty(0)], [np.empty(0)]
    for a, b in pieces:
        seconds += float(t_s[b] - t_s[a])
        grid = np.arange(t_s[a], t_s[b], 1.0 / RATE_HZ)
        drawn = np.interp(grid, t_s[a : b + 1], nn_ms[a : b + 1])
        wave = parabola_smoothed(drawn, SMOOTH_SAMPLES)
        dips = _dips(wave)
        # What smoothing leaves of strong, even breathing beats against the heart and looks like cycles.
        dips = _deep(wave, dips.only(dips.depth >= np.std(drawn - wave)))
        cyclic = dips.only(_cyclic(wave, dips.at))
        depth.append(cyclic.depth)
        width.append(cyclic.width)
    depths, widths = np.concatenate(depth), np.concatenate(width)
    return CyclicVariation(
        cycles=len(depths),
        hours=seconds / 3600.0,
        depth_ms=float(np.median(depths)) if len(depths) else None,
        width_s=float(np.median(widths)) if len(widths) else None,
    )


def night_variation(clean: CleanBeats, *, irregular: bool) -> CyclicVariation | str:
    """Count the cyclic dips of a night, or say why it cannot be told.

    Not below two hours, above 0.30 artefacts, or when the rhythm is irregular. One night says
    little and silence proves nothing: beta blockers and neuropathy flatten the wave.
    """
    if irregular:
        return RHYTHM
    if not clean.total:
        return need_input("rr", 0, 1)
    if clean.artifact_fraction > MAX_ARTIFACT:
        return artifact(clean.artifact_fraction, MAX_ARTIFACT)
    found = cyclic_variation(clean.nn_ms, clean.t_s)
    if found.hours < MIN_HOURS:
        return need_input("observed_h", round(found.hours, 2), MIN_HOURS)
    return found


def variation_confidence(found: CyclicVariation, artifact: float) -> float:
    """Tell how sure an index is: at most 0.6, reached with six clean hours."""
    return clamp(0.6 * (1.0 - artifact) * min(1.0, found.hours / FULL_HOURS), *CONFIDENCE)


def _dips(wave: NDArray[np.float64]) -> _Dips:
    """Find the dips that are 10 to 120 s wide and steep enough.

    A shoulder is the highest point on a side before the wave falls below the bottom again, within
    60 s; a dip is as deep as its lower shoulder.
    """
    at = np.flatnonzero((wave[1:-1] < wave[:-2]) & (wave[1:-1] <= wave[2:])) + 1
    reach = int(SHOULDER_S * RATE_HZ)
    padded = np.pad(wave, reach, constant_values=-np.inf)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)[at]
    right, right_by = _shoulder(around[:, reach + 1 :], wave[at])
    left, left_by = _shoulder(around[:, reach - 1 :: -1], wave[at])
    depth = np.minimum(left, right) - wave[at]
    width = (left_by + right_by) / RATE_HZ
    low, high = WIDTH_S
    keep = (width >= low) & (width <= high) & (depth >= MIN_SLOPE_MS_S * width)
    return _Dips(at, depth, width).only(keep)


def _shoulder(
    side: NDArray[np.float64], bottom: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Highest point of each row before it falls below the bottom, and how far away; -inf, 1."""
    fallen = side < bottom[:, None]
    until = np.where(fallen.any(axis=1), fallen.argmax(axis=1), side.shape[1])
    reached = np.where(np.arange(side.shape[1]) < until[:, None], side, -np.inf)
    place = reached.argmax(axis=1)
    return reached[np.arange(len(reached)), place], place + 1


def _deep(wave: NDArray[np.float64], dips: _Dips) -> _Dips:
    """Keep dips of 0.4 of the envelope around them, the deepest within 10 s."""
    half = int(ENVELOPE_S * RATE_HZ) // 2
    padded = np.pad(wave, half, mode="reflect")
    low, high = rolling_quantiles(padded, 2 * half + 1, ENVELOPE)[:, half + dips.at]
    dips = dips.only(dips.depth >= MIN_DEPTH * (high - low))
    apart = int(APART_S * RATE_HZ)
    free = np.ones(len(wave), dtype=bool)
    kept = []
    for place in np.argsort(-dips.depth, kind="stable"):
        middle = int(dips.at[place])
        if free[middle]:
            kept.append(int(place))
            free[max(middle - apart + 1, 0) : middle + apart] = False
    return dips.only(np.sort(np.array(kept, dtype=np.intp)))


def _cyclic(wave: NDArray[np.float64], at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell which dips belong to four in a row that are evenly spaced and alike, (d,)."""
    cyclic = np.zeros(len(at), dtype=bool)
    if len(at) < RUN:
        return cyclic
    step = np.lib.stride_tricks.sliding_window_view(np.diff(at) / RATE_HZ, RUN - 1)
    low, high = CYCLE_S
    even = ((step >= low) & (step <= high)).all(axis=1)
    even &= np.prod(3.0 - 2.0 * step / step.mean(axis=1, keepdims=True), axis=1) >= EQUIVALENCE

    half = int(SHAPE_S * RATE_HZ)
    padded = np.pad(wave, half, mode="edge")
    shape = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)[at]
    shape = shape - shape.mean(axis=1, keepdims=True)
    norm = np.maximum(np.linalg.norm(shape, axis=1), np.finfo(np.float64).tiny)
    alike = (shape[1:] * shape[:-1]).sum(axis=1) / (norm[1:] * norm[:-1])
    even &= np.lib.stride_tricks.sliding_window_view(alike, RUN - 1).mean(axis=1) >= ALIKE
    for place in np.flatnonzero(even):
        cyclic[place : place + RUN] = True
    return cyclic
