"""HRV of the still moments of a waking day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..signal.artifacts import RR_RANGE_MS
from ..signal.beats import Beats
from ..signal.clean import hr_gate
from ..signal.motion import Motion
from .hrv import binned_rmssd, differences

BIN_S = 300.0
MIN_BIN_DIFFERENCES = 20
"""Differences that a bin takes (judgement: with five its value is chance)."""
MIN_BINS = 3
MAX_STEP_MS = 200.0
STILL_AROUND_S = 5.0
"""A beat is still when no movement was seen this long before and after (judgement: the pulse
wave takes some beats to settle)."""


@dataclass(frozen=True, slots=True)
class DaytimeHrv:
    """Median RMSSD (ms) over the bins that count, how many there are, and all differences.

    ``rmssd_ms`` is None with fewer than three bins. ``step`` (k,) ms with NaN, in order of time.
    """

    rmssd_ms: float | None
    bins: int
    step: NDArray[np.float64]


def still_at(motion: Motion, ts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which moments, (n,) epoch s, had the wrist observed and still around them."""
    seen = np.isfinite(motion.amount)
    moved = np.concatenate(([0], np.cumsum(motion.amount > 0.0)))
    known = np.concatenate(([0], np.cumsum(seen)))
    first = np.searchsorted(motion.ts, ts - STILL_AROUND_S - motion.step_s, side="right")
    last = np.searchsorted(motion.ts, ts + STILL_AROUND_S, side="right")
    expected = (2.0 * STILL_AROUND_S + motion.step_s) / motion.step_s
    still: NDArray[np.bool_] = (moved[last] == moved[first]) & (
        known[last] - known[first] >= expected / 2.0
    )
    return still


def daytime_rmssd(
    beats: Beats,
    still: NDArray[np.bool_],
    start_ts: float,
    asleep: Sequence[tuple[float, float]] = (),
) -> DaytimeHrv:
    """RMSSD of still, waking beats in bins of five minutes from ``start_ts`` on.

    ``still`` (m,) one for each beat; ``asleep`` spans (epoch s) are left out. Beats pass the gate
    of the strap's heart rate and lie in 300..2000 ms; differences of more than 200 ms are left
    out. A bin takes 20 differences, a day three bins.
    """
    low, high = RR_RANGE_MS
    keep = still & hr_gate(beats) & (beats.rr_ms >= low) & (beats.rr_ms <= high)
    for begin, end in asleep:
        keep &= (beats.record_ts < begin) | (beats.record_ts >= end)
    kept = beats.only(keep)
    step = differences(kept.rr_ms, kept.joined)
    with np.errstate(invalid="ignore"):
        step[np.abs(step) > MAX_STEP_MS] = np.nan
    _, rmssd, count = binned_rmssd(step, np.floor((kept.record_ts - start_ts) / BIN_S))
    rmssd = rmssd[count >= MIN_BIN_DIFFERENCES]
    return DaytimeHrv(
        rmssd_ms=float(np.median(rmssd)) if len(rmssd) >= MIN_BINS else None,
        bins=len(rmssd),
        step=step,
    )
