"""The same night as another device, another window or a worse contact would have told it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.samples import Samples
from openstrap.engine.signal.motion import Motion, motion_bins
from openstrap.engine.sleep.hypnogram import EPOCH_S

from .recordings import Recording

STILL_EPOCHS: Final = 20
"""Ten minutes without movement: where a detector finds a night to begin and to end."""
LEAD_EPOCHS: Final = 30
"""A detected night is staged from a quarter of an hour before."""
BLOCK_S: Final = 300.0

type View = Callable[[Recording], Recording]


def as_is(night: Recording) -> Recording:
    """Return the night as it was recorded."""
    return night


def cut_to_stillness(night: Recording) -> Recording:
    """Return the part from a quarter of an hour before the first long stillness to the last."""
    first, last = still_span(night)
    return part(night, max(first - LEAD_EPOCHS, 0), last)


def still_span(night: Recording) -> tuple[int, int]:
    """Return the epochs [first, last) from the first to the last ten minutes of stillness."""
    size = len(night.stage)
    bins = motion_bins(night.motion, night.start_ts, EPOCH_S, size)
    moved = np.concatenate(([0], np.cumsum(bins > 0)))
    still = np.flatnonzero(moved[STILL_EPOCHS:] == moved[:-STILL_EPOCHS])
    return (int(still[0]), int(still[-1]) + STILL_EPOCHS) if len(still) else (0, size)


def part(night: Recording, first: int, last: int) -> Recording:
    """Return the epochs [first, last) of a night as a night of its own."""
    start_ts = night.start_ts + EPOCH_S * first
    end_ts = night.start_ts + EPOCH_S * last
    return replace(
        night,
        samples=night.samples.between(start_ts, end_ts),
        motion=night.motion.between(start_ts, end_ts),
        start_ts=start_ts,
        stage=night.stage[first:last],
        valid=night.valid[first:last],
    )


def smoothed(sigma_s: float) -> View:
    """Let the device smooth heart rate with a Gaussian."""

    def view(night: Recording) -> Recording:
        ts, bpm = night.samples.ts, night.samples.hr_bpm.astype(np.float64)
        first = np.searchsorted(ts, ts - 3 * sigma_s)
        last = np.searchsorted(ts, ts + 3 * sigma_s, side="right")
        found = np.empty(len(ts))
        for at, (a, b) in enumerate(zip(first, last, strict=True)):
            bell = np.exp(-0.5 * ((ts[a:b] - ts[at]) / sigma_s) ** 2)
            found[at] = bell @ bpm[a:b] / bell.sum()
        return _heart(night, np.ones(len(ts), dtype=bool), found)

    return view


def lost(share: float, *, blocks: bool, seed: int = 1) -> View:
    """Lose a share of the heart rate, reading by reading or in blocks of five minutes."""

    def view(night: Recording) -> Recording:
        dice = np.random.default_rng(seed)
        if blocks:
            block = ((night.samples.ts - night.start_ts) // BLOCK_S).astype(int)
            kept = dice.random(int(block.max(initial=0)) + 1) >= share
            return _heart(night, kept[block], None)
        return _heart(night, dice.random(len(night.samples)) >= share, None)

    return view


def noisy(sd_bpm: float, *, seed: int = 2) -> View:
    """Add white noise to each reading of heart rate."""

    def view(night: Recording) -> Recording:
        bpm = night.samples.hr_bpm + sd_bpm * np.random.default_rng(seed).standard_normal(
            len(night.samples)
        )
        return _heart(night, np.ones(len(bpm), dtype=bool), bpm)

    return view


def every_second(*, seed: int = 3) -> View:
    """Send heart rate at 1 Hz, whole bpm, with a noise of 0.7 bpm."""

    def view(night: Recording) -> Recording:
        ts = night.samples.ts
        clock = np.arange(np.ceil(ts[0]), ts[-1])
        nearest = np.searchsorted(ts, clock)
        near = np.minimum(clock - ts[nearest - 1], ts[nearest] - clock) <= 15.0
        clock = clock[near]
        bpm = np.interp(clock, ts, night.samples.hr_bpm)
        bpm += 0.7 * np.random.default_rng(seed).standard_normal(len(clock))
        return replace(night, samples=_samples(clock, bpm))

    return view


def motion_lost(share: float, *, seed: int = 4) -> View:
    """Miss a share of all movements."""

    def view(night: Recording) -> Recording:
        kept = np.random.default_rng(seed).random(len(night.motion)) >= share
        return replace(night, motion=replace(night.motion, amount=night.motion.amount * kept))

    return view


def motion_above(share: float) -> View:
    """Raise the threshold of movement until a share of the movements is gone, the weakest first."""

    def view(night: Recording) -> Recording:
        amount = night.motion.amount
        moved = amount[amount > 0]
        cut = np.quantile(moved, share) if len(moved) else 0.0
        kept = replace(night.motion, amount=np.where(amount > cut, amount, 0.0))
        return replace(night, motion=kept)

    return view


def motion_invented(share: float, *, seed: int = 5) -> View:
    """See movement in a share of all bins that had none."""

    def view(night: Recording) -> Recording:
        dice = np.random.default_rng(seed)
        amount = night.motion.amount
        moved = amount[amount > 0]
        false = (dice.random(len(amount)) < share) & (amount == 0)
        drawn = dice.choice(moved, len(amount)) if len(moved) else np.ones(len(amount))
        return replace(night, motion=replace(night.motion, amount=np.where(false, drawn, amount)))

    return view


def without_motion(night: Recording) -> Recording:
    """Observe no motion at all."""
    nothing = Motion(np.empty(0), np.empty(0), night.motion.step_s)
    return replace(night, motion=nothing)


def shifted(bpm: int) -> View:
    """Raise heart rate all night long."""

    def view(night: Recording) -> Recording:
        return replace(
            night, samples=replace(night.samples, hr_bpm=night.samples.hr_bpm + np.int16(bpm))
        )

    return view


def _heart(night: Recording, kept: NDArray[np.bool_], bpm: NDArray[np.float64] | None) -> Recording:
    told = night.samples.hr_bpm.astype(np.float64) if bpm is None else bpm
    return replace(night, samples=_samples(night.samples.ts[kept], told[kept]))


def _samples(ts: NDArray[np.float64], bpm: NDArray[np.float64]) -> Samples:
    return Samples(
        ts=ts,
        hr_bpm=np.round(bpm).astype(np.int16),
        accel_g=np.full((len(ts), 3), np.nan),
        rr_ms=np.empty(0),
        rr_index=np.empty(0, dtype=np.int64),
    )
