"""From raw intervals to normal ones: the gate of the strap's own heart rate, then the correction."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .artifacts import Kind, classify
from .beats import Beats

GATE_LOW, GATE_HIGH = 0.75, 1.25
"""Interval times heart rate, in beats: outside, a beat was counted twice or not at all."""


@dataclass(frozen=True, slots=True)
class CleanBeats:
    """Normal intervals and what it took to get them.

    ``nn_ms``, ``t_s`` and ``joined`` are (k,): interval, time of the beat that ends it, and
    whether its difference to the one before may be taken. The rest counts beats: ``total`` that
    came, ``rejected`` by the gate, ``unverified`` for want of a heart rate, ``normal`` that were
    kept as they came, ``corrected`` and ``dropped`` of those that were not.
    """

    nn_ms: NDArray[np.float64]
    t_s: NDArray[np.float64]
    joined: NDArray[np.bool_]
    total: int
    rejected: int
    unverified: int
    normal: int
    corrected: int
    dropped: int

    @property
    def artifact_fraction(self) -> float:
        """Share of all beats that were not kept as they came; 1 without beats."""
        return 1.0 - self.normal / self.total if self.total else 1.0


def hr_gate(beats: Beats) -> NDArray[np.bool_]:
    """Keep beats that agree with the strap's heart rate, and those without one, (m,) mask.

    Miscounts come in bursts, which filters of the neighbourhood take for normal; the heart rate
    field does not share the error: on a real night of 32 382 beats 1640 that contradict it pass
    for normal among their neighbours. Sudden true changes of a quarter within 5 s are lost.
    """
    beats_per_interval = beats.rr_ms * beats.hr_bpm / 60000.0
    with np.errstate(invalid="ignore"):
        off = (beats_per_interval < GATE_LOW) | (beats_per_interval > GATE_HIGH)
    return ~off


def clean_beats(beats: Beats) -> CleanBeats:
    """Gate, classify and correct.

    What is unlike its neighbours is corrected after Lipponen & Tarvainen (2019): an extra beat is
    merged with the next, a missed one put in the middle, and a single odd interval between normal
    ones replaced by a Catmull-Rom curve through two neighbours on either side. Odd intervals in a
    row are dropped instead of interpolated, and a drop breaks the row: two guesses side by side
    would be more guess than heart.
    """
    gated = hr_gate(beats)
    kept = beats.only(gated)
    kind = classify(kept.rr_ms, kept.joined)
    nn_ms, t_s, joined, corrected = _correct(kept, kind)
    normal = int((kind == Kind.NORMAL).sum())
    return CleanBeats(
        nn_ms=nn_ms,
        t_s=t_s,
        joined=joined,
        total=len(beats),
        rejected=int((~gated).sum()),
        unverified=int(np.isnan(beats.hr_bpm).sum()),
        normal=normal,
        corrected=corrected,
        dropped=len(kept) - normal - corrected,
    )


def _correct(
    beats: Beats, kind: NDArray[np.uint8]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], int]:
    """Return intervals, times and joints after correction, and how many beats were corrected."""
    rr_ms, joined = beats.rr_ms.copy(), beats.joined.copy()
    normal = kind == Kind.NORMAL
    # Extra beats hand their time on to the next beat, which then stands for both.
    extra = np.flatnonzero(kind == Kind.EXTRA)
    settled = normal.copy()
    settled[extra + 1] = True

    missed = np.flatnonzero(kind == Kind.MISSED)
    settled[missed] = True

    before = np.concatenate(([False], normal[:-1])) & joined
    after = np.concatenate((normal[1:] & joined[1:], [False]))
    single = np.flatnonzero((kind == Kind.ODD) & before & after)
    rr_ms[single] = _between(beats.rr_ms, normal, joined, single)

    keep = settled.copy()
    keep[single] = True
    rr_ms[extra + 1] += beats.rr_ms[extra]
    joined[1:] &= keep[:-1]
    joined[extra + 1] = beats.joined[extra] & np.concatenate(([False], keep[:-1]))[extra]
    rr_ms[missed] /= 2.0
    copies = keep.astype(np.int64)
    copies[missed] = 2
    out_rr, out_joined = np.repeat(rr_ms, copies), np.repeat(joined, copies)
    out_t = np.repeat(beats.t_s, copies)
    second = np.cumsum(copies)[missed] - 1
    out_joined[second] = True
    out_t[second - 1] -= rr_ms[missed] / 1000.0
    return out_rr, out_t, out_joined, len(extra) * 2 + len(missed) + len(single)


def _between(
    rr_ms: NDArray[np.float64],
    normal: NDArray[np.bool_],
    joined: NDArray[np.bool_],
    at: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Catmull-Rom midpoint of two normal neighbours on either side; the nearest where one lacks."""
    n = len(rr_ms)
    left, right = at - 1, at + 1
    further_left, further_right = np.maximum(at - 2, 0), np.minimum(at + 2, n - 1)
    use_left = normal[further_left] & joined[left] & (at >= 2)
    use_right = normal[further_right] & joined[further_right] & (at + 2 < n)
    p0 = np.where(use_left, rr_ms[further_left], rr_ms[left])
    p3 = np.where(use_right, rr_ms[further_right], rr_ms[right])
    middle: NDArray[np.float64] = (9.0 * (rr_ms[left] + rr_ms[right]) - p0 - p3) / 16.0
    return middle
