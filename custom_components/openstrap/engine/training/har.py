"""Activity from a wrist at 100 Hz: what windows of a few seconds look like, and a workout of them.

The cuts are set by hand around the features of Mannini et al. 2013 (Med Sci Sports Exerc 45:2193),
not their trained classifier, and were held against made signals alone: an arm that swings at half
the rate of the steps looks like a bike. So it is a better guess than heart rate and no more.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from ..metric import clamp
from ..motion.imu import Stretch
from ..signal.minutes import MINUTE_S
from ..told import WorkoutKind
from .kind import KindGuess

type Activity = Literal["sedentary", "walk", "run", "cycle", "lift", "other"]

FS_HZ: Final = 100.0
WINDOW: Final = 400
MIN_SAMPLES: Final = 128
"""Samples of a window, and of the last one of a stretch."""
LOW_PASS_HZ: Final = 15.0
LOW_PASS_ORDER: Final = 4
BAND_HZ: Final = (0.3, 15.0)
STILL_POWER: Final = 0.02
STILL_SD_G: Final = 0.04
PERIODIC: Final = 0.25
"""Share of the power in the strongest line from which a movement repeats itself."""
RUN_HZ: Final = 2.4
WALK_HZ: Final = 1.3
CYCLE_HZ: Final = 0.6
CYCLE_SD_G: Final = 0.16
SURE_STILL: Final = 0.6
SURE_LIFT: Final = 0.45
SURE_OTHER: Final = 0.4
SURE_MOST: Final = 0.9
CYCLE_LESS: Final = 0.9
SMOOTH: Final = 7
"""Windows of which the most frequent activity is taken."""
MIN_PHASE_S: Final = 120.0
MIN_SHARE: Final = 0.5
MIN_WINDOWS: Final = 2
MIN_SEEN: Final = 0.25
"""Share of a workout that windows must cover to speak for it (judgement)."""
CONFIDENCE: Final = (0.4, 0.75)
KINDS: Final[dict[Activity, WorkoutKind]] = {
    "walk": "walk",
    "run": "run",
    "cycle": "cycle",
    "lift": "strength",
}


@dataclass(frozen=True, slots=True)
class Features:
    """Of the smoothed size of the acceleration: SD (g), power in the band, strongest line (Hz).

    ``ratio`` is the share of the power in that line, 0 without any power.
    """

    sd_g: float
    power: float
    dominant_hz: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Vote:
    """Activity of a window that begins at ``ts`` (epoch s) and is ``seconds`` long, and how sure."""

    ts: float
    seconds: float
    activity: Activity
    confidence: float

    def to_list(self) -> list[Any]:
        """As plain JSON types."""
        return [self.ts, round(self.seconds, 1), self.activity, round(self.confidence, 2)]

    @classmethod
    def from_list(cls, data: Sequence[Any]) -> Self:
        """Undo ``to_list``. Raises TypeError or ValueError for anything else."""
        ts, seconds, activity, confidence = data
        if activity not in get_args(Activity.__value__):
            raise ValueError("not an activity")
        return cls(float(ts), float(seconds), activity, float(confidence))


def features_of(magnitude_g: NDArray[np.float64]) -> Features | None:
    """Features of one window, (n,) g at 100 Hz; None below 128 samples or where one is not finite."""
    if len(magnitude_g) < MIN_SAMPLES or not np.isfinite(magnitude_g).all():
        return None
    from scipy import signal  # noqa: PLC0415  scipy loads with the first analysis

    sos = signal.butter(LOW_PASS_ORDER, LOW_PASS_HZ, fs=FS_HZ, output="sos")
    smooth, _ = signal.sosfilt(sos, magnitude_g, zi=signal.sosfilt_zi(sos) * magnitude_g[0])
    size = 1 << (len(smooth) - 1).bit_length()
    power = np.abs(np.fft.rfft(smooth - smooth.mean(), size)) ** 2 / size
    freq = np.fft.rfftfreq(size, 1.0 / FS_HZ)
    band = (freq >= BAND_HZ[0]) & (freq <= BAND_HZ[1])
    total = float(power[band].sum())
    best = int(np.argmax(np.where(band, power, -1.0)))
    return Features(
        float(smooth.std()),
        total,
        float(freq[best]),
        float(power[best]) / total if total > 0.0 else 0.0,
    )


def activity_of(features: Features) -> tuple[Activity, float]:
    """Name the activity of a window, and how sure (0 to 1)."""
    if features.power < STILL_POWER and features.sd_g < STILL_SD_G:
        return "sedentary", SURE_STILL
    if features.ratio < PERIODIC:
        lifts = features.sd_g >= STILL_SD_G
        return ("lift", SURE_LIFT) if lifts else ("other", SURE_OTHER)
    sure = min(SURE_MOST, 0.4 + features.ratio)
    if features.dominant_hz >= RUN_HZ:
        return "run", sure
    if features.dominant_hz >= WALK_HZ:
        return "walk", sure
    if features.dominant_hz >= CYCLE_HZ and features.sd_g < CYCLE_SD_G:
        return "cycle", CYCLE_LESS * sure
    return "other", SURE_OTHER


def votes_of(start_ts: float, magnitude_g: NDArray[np.float64]) -> tuple[Vote, ...]:
    """Name the activity of each four seconds of a stretch without holes, (n,) g at 100 Hz."""
    found = []
    for first in range(0, len(magnitude_g), WINDOW):
        window = magnitude_g[first : first + WINDOW]
        if (features := features_of(window)) is not None:
            found.append(
                Vote(start_ts + first / FS_HZ, len(window) / FS_HZ, *activity_of(features))
            )
    return tuple(found)


def minute_votes(stretches: Iterable[Stretch]) -> tuple[Vote, ...]:
    """Name the activity of each minute that raw acceleration shows, at any rate near 100 Hz.

    The most frequent one of the minute's windows, with their mean confidence.
    """
    minutes: defaultdict[float, list[Vote]] = defaultdict(list)
    for stretch in stretches:
        if len(stretch.ts) < MIN_SAMPLES:
            continue
        at = np.arange(stretch.ts[0], stretch.ts[-1], 1.0 / FS_HZ)
        for vote in votes_of(float(at[0]), np.interp(at, stretch.ts, stretch.magnitude_g)):
            minutes[vote.ts // MINUTE_S * MINUTE_S].append(vote)
    found = []
    for ts, votes in sorted(minutes.items()):
        # The first seen wins a tie.
        activity = Counter(vote.activity for vote in votes).most_common(1)[0][0]
        sure = [vote.confidence for vote in votes if vote.activity == activity]
        seconds = min(sum(vote.seconds for vote in votes), MINUTE_S)
        found.append(Vote(ts, round(seconds, 1), activity, round(sum(sure) / len(sure), 2)))
    return tuple(found)


def kind_of_votes(votes: Sequence[Vote], start_ts: float, end_ts: float) -> KindGuess | None:
    """Tell the kind of a workout (epoch s) from the windows within it; None if they do not say.

    The most frequent activity of seven neighbours; phases below two minutes go to the one before;
    the longest phase names the workout when it has half of the time, and is a kind at all.
    """
    inside = sorted(
        (vote for vote in votes if start_ts <= vote.ts < end_ts), key=lambda vote: vote.ts
    )
    seconds = sum(vote.seconds for vote in inside)
    if len(inside) < MIN_WINDOWS or seconds < MIN_SEEN * (end_ts - start_ts):
        return None
    smooth = [
        Counter(
            vote.activity for vote in inside[max(at - SMOOTH // 2, 0) : at + SMOOTH // 2 + 1]
        ).most_common(1)[0][0]
        for at in range(len(inside))
    ]
    phases: list[tuple[Activity, list[Vote]]] = []
    for activity, pairs in groupby(zip(smooth, inside, strict=True), key=lambda pair: pair[0]):
        run = [vote for _, vote in pairs]
        if phases and (
            sum(vote.seconds for vote in run) < MIN_PHASE_S or activity == phases[-1][0]
        ):
            phases[-1][1].extend(run)
        else:
            phases.append((activity, run))
    longest, run = max(phases, key=lambda phase: sum(vote.seconds for vote in phase[1]))
    share = sum(vote.seconds for vote in run) / seconds
    if share < MIN_SHARE or longest not in KINDS:
        return None
    mean = sum(vote.confidence for vote in run) / len(run)
    return KindGuess(KINDS[longest], round(clamp(mean * share, *CONFIDENCE), 2))
