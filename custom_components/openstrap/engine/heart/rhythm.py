"""A screen for irregular rhythm: a hint to have it looked at, never a diagnosis."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..signal.beats import Beats
from ..signal.minutes import Minutes

WINDOW_BEATS: Final = 130
"""Intervals of a window: 128 words of three (Zhou et al. 2014)."""
ACCEPTED_MS: Final = (250.0, 2200.0)
RAIL_MS: Final = 2390.0
"""From here on a gen4 strap sends its rail, not an interval."""
SYMBOL_BPM: Final = 5.0
LAST_SYMBOL: Final = 63
"""Symbols are steps of 5 bpm of the instantaneous rate, 315 bpm and above is the last one."""
POSITIVE_ENTROPY: Final = 0.639
"""Above: as irregular as atrial fibrillation (Zhou et al. 2014, found on the MIT-BIH databases)."""
HALVED: Final = (0.4, 0.6)
DOUBLED: Final = (1.7, 2.3)
"""Interval times the strap's heart rate, in beats: signature of an extra and of a missed beat. An
honest fibrillation leaves the gate of the heart rate as well, but seldom lands just here (1.4 % of
its beats when simulated)."""
MAX_MISCOUNTED: Final = 0.05
MAX_GAP_S: Final = 4.0
"""Between the records of two beats; the intervals inside it are lost."""
MAX_ACTIVITY_G: Final = 0.02
PREMATURE: Final = 0.8
PAUSE: Final = 1.2
"""A beat that comes a fifth early and the pause after it, a fifth longer than it (the 20 % rule
of Malik et al. 1989). From 15 to 25 % the flags of sinus rhythm, of rare ectopy, of flutter and of
fibrillation stay the same; of bigeminy 26 to 42 % are flagged."""
MAX_PAIRED: Final = 0.5
"""Share of a window's intervals in such pairs above which it is patterned ectopy."""
RUN_WINDOWS: Final = 6
RUN_POSITIVE: Final = 5
"""Five of six successive windows (Perez et al. 2019, NEJM 381:1909; Lubitz et al. 2022)."""


class Skip(IntEnum):
    """Why a window says nothing."""

    VALID = 0
    MISCOUNTED = 1
    HOLE = 2
    MOVING = 3


@dataclass(frozen=True, slots=True)
class RhythmWindows:
    """Successive windows of 130 intervals, (w,) each.

    ``irregularity`` 0..1, NaN where skipped, 0 where more than half of the intervals are premature
    beats and their pauses (``patterned``); ``skip`` why a window says nothing (``Skip``);
    ``verified`` whether most of its beats had a heart rate to be checked against; ``start_ts``
    epoch s of the window's first beat.
    """

    start_ts: NDArray[np.float64]
    irregularity: NDArray[np.float64]
    patterned: NDArray[np.bool_]
    skip: NDArray[np.int8]
    verified: NDArray[np.bool_]

    def __len__(self) -> int:
        """Count the windows."""
        return len(self.skip)


@dataclass(frozen=True, slots=True)
class RhythmScreen:
    """Counts of windows and the verdict; ``flagged`` is None with fewer than six valid windows."""

    flagged: bool | None
    valid: int
    verified: int
    positive: int
    patterned: int
    skipped: int


def rhythm_windows(beats: Beats, minutes: Minutes | None) -> RhythmWindows:
    """Entropy of the rhythm in windows of 130 intervals that follow one another.

    Raw intervals, not those that passed the gate or a correction: fibrillation would not. The
    method is Zhou et al. 2014 (BioMed Eng OnLine 13:18). Added to it: a window is skipped when
    more than 5 % of its beats look miscounted, when it holds a gap above 4 s, or when the wrist
    moved in its minutes (``minutes``; None: unknown); and premature beats go out together with
    their pauses before the words are made, after the idea of Dash et al. 2009 (Ann Biomed Eng
    37:1701): ectopy is the harmless cause of an irregular pulse. A beat without a heart rate
    counts as not miscounted: the neighbours cannot tell, they would skip a third of the audited
    stretches of true fibrillation.
    """
    low, high = ACCEPTED_MS
    taken = (beats.rr_ms >= low) & (beats.rr_ms <= high)
    raw = np.flatnonzero(taken)
    size = len(raw) // WINDOW_BEATS
    raw = raw[: size * WINDOW_BEATS]
    first, last = raw[::WINDOW_BEATS], raw[WINDOW_BEATS - 1 :: WINDOW_BEATS]
    if not size:
        return RhythmWindows(
            np.empty(0),
            np.empty(0),
            np.empty(0, dtype=bool),
            np.empty(0, dtype=np.int8),
            np.empty(0, dtype=bool),
        )
    odd = np.add.reduceat(_miscounted(beats), first).astype(np.float64)
    held = np.diff(np.append(first, last[-1] + 1))
    t_s = beats.t_s[raw].reshape(size, WINDOW_BEATS)
    skip = np.zeros(size, dtype=np.int8)
    if minutes is not None:
        skip[_activity(minutes, t_s[:, 0], t_s[:, -1]) > MAX_ACTIVITY_G] = Skip.MOVING
    stamp = beats.record_ts[raw].reshape(size, WINDOW_BEATS)
    skip[(np.diff(stamp, axis=1) > MAX_GAP_S).any(axis=1)] = Skip.HOLE
    skip[odd > MAX_MISCOUNTED * held] = Skip.MISCOUNTED

    rr_ms = beats.rr_ms[raw]
    paired = _paired(rr_ms, beats.only(taken).joined[: len(raw)])
    patterned = paired.reshape(size, WINDOW_BEATS).mean(axis=1) > MAX_PAIRED
    entropy = _entropy(rr_ms[~paired], np.flatnonzero(~paired) // WINDOW_BEATS, size)
    entropy[patterned] = 0.0
    entropy[skip != Skip.VALID] = np.nan
    known = np.isfinite(beats.hr_bpm[raw]).reshape(size, WINDOW_BEATS)
    return RhythmWindows(
        start_ts=t_s[:, 0],
        irregularity=entropy,
        patterned=patterned & (skip == Skip.VALID),
        skip=skip,
        verified=known.mean(axis=1) > 0.5,
    )


def screen_rhythm(windows: RhythmWindows) -> RhythmScreen:
    """Flag when five of six windows in a row, all valid, are positive."""
    valid = windows.skip == Skip.VALID
    positive = valid & (np.nan_to_num(windows.irregularity) > POSITIVE_ENTROPY)
    enough = int(valid.sum()) >= RUN_WINDOWS
    run = np.ones(RUN_WINDOWS)
    flagged = enough and bool(
        (
            (np.convolve(valid, run, "valid") > RUN_WINDOWS - 0.5)
            & (np.convolve(positive, run, "valid") > RUN_POSITIVE - 0.5)
        ).any()
    )
    return RhythmScreen(
        flagged=flagged if enough else None,
        valid=int(valid.sum()),
        verified=int((valid & windows.verified).sum()),
        positive=int(positive.sum()),
        patterned=int(windows.patterned.sum()),
        skipped=int((~valid).sum()),
    )


def _miscounted(beats: Beats) -> NDArray[np.bool_]:
    """Tell beats that stand at half or double the interval of the strap's own heart rate."""
    with np.errstate(invalid="ignore"):
        count = beats.rr_ms * beats.hr_bpm / 60000.0
        halved = (count >= HALVED[0]) & (count <= HALVED[1])
        doubled = (count >= DOUBLED[0]) & (count <= DOUBLED[1])
    found: NDArray[np.bool_] = halved | doubled | (beats.rr_ms >= RAIL_MS)
    return found


def _activity(
    minutes: Minutes, start_ts: NDArray[np.float64], end_ts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean activity (g) of the minutes of each window, NaN where none is known."""
    known = np.isfinite(minutes.act_g)
    total = np.concatenate(([0.0], np.cumsum(np.where(known, minutes.act_g, 0.0))))
    count = np.concatenate(([0], np.cumsum(known)))
    size = len(minutes.act_g)
    low = np.clip(np.floor((start_ts - minutes.start_ts) / 60.0), 0, size).astype(np.intp)
    high = np.clip(np.floor((end_ts - minutes.start_ts) / 60.0) + 1, 0, size).astype(np.intp)
    with np.errstate(invalid="ignore"):
        mean: NDArray[np.float64] = (total[high] - total[low]) / (count[high] - count[low])
    return mean


def _paired(rr_ms: NDArray[np.float64], joined: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell intervals that are a premature beat or the pause after it.

    Short against the one before, then long against it, then shorter again than the pause.
    """
    paired = np.zeros(len(rr_ms), dtype=bool)
    before, early, pause, after = rr_ms[:-3], rr_ms[1:-2], rr_ms[2:-1], rr_ms[3:]
    found = (early < PREMATURE * before) & (pause > PAUSE * early) & (after < pause)
    found &= joined[1:-2] & joined[2:-1] & joined[3:]
    paired[1:-2] |= found
    paired[2:-1] |= found
    return paired


def _entropy(
    rr_ms: NDArray[np.float64], window: NDArray[np.intp], size: int
) -> NDArray[np.float64]:
    """Entropy of the words of three symbols in each window, times the share of distinct words."""
    symbol = np.minimum(60000.0 / rr_ms // SYMBOL_BPM, LAST_SYMBOL).astype(np.int64)
    base = LAST_SYMBOL + 1
    word = (symbol[:-2] * base + symbol[1:-1]) * base + symbol[2:]
    inside = window[2:] == window[:-2]
    code, count = np.unique(window[2:][inside] * base**3 + word[inside], return_counts=True)
    place = code // base**3
    words = np.bincount(place, count, minlength=size)
    share = count / words[place]
    bits = np.bincount(place, -share * np.log2(share), minlength=size)
    distinct = np.bincount(place, minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = distinct * bits / (words * np.log2(words))
    return np.where(words > 1, entropy, 0.0)
