"""Whether the wearer sleeps right now, from what has arrived so far."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import need_input
from ..samples import Samples
from ..signal.beats import Beats
from ..signal.motion import Motion, motion_bins
from .hypnogram import Stage
from .staging.parameters import LiveParameters, shipped
from .staging.series import BIN_S, GRID_S, heart_grid, heart_readings

HISTORY_S: Final = 10800.0
"""Three hours are looked back; what is older does not matter to now."""
FIRST_S: Final = 90.0
"""So much must have been observed before the first answer: it comes within two minutes."""
FRESH_S: Final = 120.0
"""Older data say nothing of now."""
STEP_S: Final = 60.0
"""How finely the start of the present state is told."""
TURN_S: Final = 300.0
"""A change of mind shorter than this does not start the state anew."""
SUREST: Final = 0.9
BOXES_S: Final = (30.0, 60.0, 150.0, 300.0, 600.0, 1200.0, 2700.0)
"""Spans before now over which heart rate is averaged."""
LIVELY_S: Final = (120.0, 300.0, 900.0, 2700.0)
MOVED_S: Final = (30.0, 60.0, 150.0, 300.0, 600.0, 1200.0, 2700.0, 5400.0)
AGO_S: Final = (300.0, 600.0, 1200.0)
ENERGY_FLOOR: Final = 0.02
"""bpm²"""
NO_RECENT = "no_recent_data"


@dataclass(frozen=True, slots=True)
class LiveSleep:
    """What can be said of this moment.

    ``asleep`` is the probability of sleep, ``probability`` that of wake, light, deep and REM,
    summing to one; ``stage`` the one to act on, for it weighs wake up:
    half a chance of sleep is no sleep yet. ``confidence`` grows with the probability of
    the shown side (asleep or awake) and with how much was observed; ``since_ts`` (epoch s) is when
    that side began, at the earliest the start of what is looked at.
    """

    asleep: float
    probability: tuple[float, float, float, float]
    stage: Stage
    confidence: float
    since_ts: float


@dataclass(frozen=True, slots=True)
class Recent:
    """The hours before now on grids that end now: heart rate (n,), movement (n / 3,).

    Heart rate is in bpm from the median of all, 0 where absent; movement 1 where there was one.
    """

    hr: NDArray[np.float64]
    present: NDArray[np.bool_]
    moved: NDArray[np.float64]
    watched: NDArray[np.bool_]


def live_state(
    samples: Samples,
    beats: Beats | None,
    motion: Motion,
    now_ts: float,
    *,
    parameters: LiveParameters | None = None,
) -> LiveSleep | str:
    """Tell sleep from wake at ``now_ts`` (epoch s) by what came before; a reason (str) if unknown.

    Looks back three hours at most and answers from 90 s of heart rate and motion on. What comes
    later is never looked at. The stages are a guess: from the past alone they agree with the
    laboratory less than those of the finished night.
    """
    recent = recent_series(samples, beats, motion, now_ts)
    if isinstance(recent, str):
        return recent
    taught = shipped().live if parameters is None else parameters
    size, step = len(recent.hr), round(STEP_S / GRID_S)
    first = min(round(FIRST_S / GRID_S), size)
    ends = np.arange(size, first - 1, -step)
    probability = taught.classifier.probability(live_features(recent, ends))
    weighted = probability * taught.weight
    awake = weighted[:, 0] >= weighted[:, 1:].max(axis=1)
    now = probability[0]
    side = float(now[0] if awake[0] else 1.0 - now[0])
    seen = min(float(recent.present[-first:].mean()), float(recent.watched[-first // 3 :].mean()))
    return LiveSleep(
        asleep=float(1.0 - now[0]),
        probability=(float(now[0]), float(now[1]), float(now[2]), float(now[3])),
        stage=Stage(int(weighted[0].argmax())),
        confidence=SUREST * max(side, 0.05) * max(seen, 0.05),
        since_ts=float(now_ts - STEP_S * _lasted(awake)),
    )


def recent_series(
    samples: Samples, beats: Beats | None, motion: Motion, now_ts: float
) -> Recent | str:
    """Lay the last hours out on grids that end at ``now_ts``, as far as they were observed."""
    t_s, bpm = heart_readings(samples, beats, now_ts - HISTORY_S, now_ts)
    if not len(t_s) or now_ts - t_s[-1] > FRESH_S:
        return NO_RECENT
    bins = round(min(HISTORY_S, np.ceil((now_ts - t_s[0]) / BIN_S) * BIN_S) / BIN_S)
    start_ts = now_ts - bins * BIN_S
    hr, present = heart_grid(t_s - start_ts, bpm, bins * round(BIN_S / GRID_S))
    amount = motion_bins(motion, start_ts, BIN_S, bins)
    watched = np.isfinite(amount)
    for name, seen_s in (("hr_s", present.sum() * GRID_S), ("motion_s", watched.sum() * BIN_S)):
        if seen_s < FIRST_S:
            return need_input(name, float(seen_s), FIRST_S)
    if not watched[-round(FRESH_S / BIN_S) :].any():
        return NO_RECENT
    return Recent(hr, present, (np.nan_to_num(amount) > 0).astype(np.float64), watched)


def live_features(recent: Recent, ends: NDArray[np.intp]) -> NDArray[np.float64]:
    """Describe the moments at which the grid cells ``ends`` (m,) are yet to come, (m, columns).

    Each looks back only; but what is usual (median, spread) is taken from all of ``recent``.
    """
    calm = np.percentile(recent.hr[recent.present], (10, 90))
    spread = max(float(calm[1] - calm[0]), 3.0)
    mean = _Means(recent.hr, recent.present, GRID_S)
    box = {s: mean.over(ends, s) for s in BOXES_S}
    columns = [box[s] for s in BOXES_S]
    columns += [box[s] / spread for s in (60.0, 300.0)]
    columns += [box[s] - calm[0] for s in (60.0, 300.0)]
    columns += [box[a] - box[b] for a, b in pairwise(BOXES_S)]
    columns += [box[60.0] - mean.over(ends - round(ago / GRID_S), 60.0) for ago in AGO_S]
    short = mean.over(np.arange(1, len(recent.hr) + 1), 30.0)
    for values in (recent.hr, short):
        plain = _Means(values, recent.present, GRID_S)
        square = _Means(values**2, recent.present, GRID_S)
        for s in LIVELY_S:
            spreads = square.over(ends, s) - plain.over(ends, s) ** 2
            columns.append(0.5 * np.log(np.maximum(spreads, 0.0) + ENERGY_FLOOR))
    pulse = _Means(np.diff(recent.hr, prepend=recent.hr[:1]) ** 2, recent.present, GRID_S)
    columns += [0.5 * np.log(np.maximum(pulse.over(ends, s), 0.0) + ENERGY_FLOOR) for s in LIVELY_S]
    per_bin = round(BIN_S / GRID_S)
    bins = ends // per_bin
    movement = _Means(recent.moved, recent.watched, BIN_S)
    share = [movement.over(bins, s) for s in MOVED_S]
    columns += share + [np.log(part + 0.01) for part in share]
    at = np.arange(len(recent.moved))
    last = np.maximum.accumulate(np.where(recent.moved > 0, at, -1))[np.maximum(bins - 1, 0)]
    still = np.log1p(np.minimum(bins - 1 - last, 240))
    return np.column_stack([*columns, still, np.minimum(still, np.log1p(40))])


class _Means:
    """Means over spans before a cell, of what is present; of the longer past where nothing is."""

    def __init__(
        self, values: NDArray[np.float64], present: NDArray[np.bool_], step_s: float
    ) -> None:
        self.step_s = step_s
        self.total = np.concatenate(([0.0], np.cumsum(np.where(present, values, 0.0))))
        self.count = np.concatenate(([0], np.cumsum(present)))

    def over(self, ends: NDArray[np.intp], span_s: float) -> NDArray[np.float64]:
        """Mean over the ``span_s`` before each end; 0, the usual, where nothing was seen at all."""
        end = np.clip(ends, 1, len(self.total) - 1)
        found = np.zeros(len(end))
        for reach in (None, 4 * span_s, span_s):
            first = np.zeros_like(end)
            if reach is not None:
                first = np.maximum(end - max(round(reach / self.step_s), 1), 0)
            count = self.count[end] - self.count[first]
            total = self.total[end] - self.total[first]
            found = np.where(count > 0, total / np.maximum(count, 1), found)
        return found


def _lasted(awake: NDArray[np.bool_]) -> int:
    """Count the steps back to where the present side began; short turns do not end it."""
    turn = round(TURN_S / STEP_S)
    since, other = 0, 0
    for at in range(1, len(awake)):
        if awake[at] == awake[0]:
            since, other = at, 0
        else:
            other += 1
            if other >= turn:
                break
    return since
