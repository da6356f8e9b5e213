"""When of a day attention is likely to be high and low: the three-process model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..facts import TimeSpan
from ..metric import clamp

UPPER: Final = 14.3
LOWER: Final = 2.4
"""Where sleep brings the homeostatic process to, and where being awake does."""
SLEEP_RATE_H: Final = 0.3813
WAKE_RATE_H: Final = 0.0353
"""How fast, per hour."""
DAILY: Final = 2.5
HALF_DAILY: Final = 0.5
"""Heights of the waves of 24 and 12 hours."""
PEAK_H: Final = 16.8
"""Hour of the clock at which the waves peak."""
INERTIA: Final = 5.72
INERTIA_H: Final = 0.67
"""Drowsiness after waking, and the hours in which it falls to 1/e."""
STEP_S: Final = 900.0
STEP_H: Final = STEP_S / 3600.0
DAY_H: Final = 24.0
AWAKE_H: Final = (3.0, 18.0)
"""Least and most hours after waking that are told."""
WAKING_UP: Final = 4
"""Steps of the first hour: low as everybody's, so neither a high nor a low of the day."""
WINDOW: Final = 8
"""Steps of the two hours that a high or a low lasts."""


@dataclass(frozen=True, slots=True)
class Alertness:
    """Shape of a waking day: ``level`` (0 to 1, every quarter of an hour) from ``wake_ts`` on.

    ``low`` and ``high`` are the two hours with the least and the most of it after the first hour;
    all times epoch s. The level is no measure: it compares hours of one day with each other.
    """

    wake_ts: float
    level: tuple[float, ...]
    low: TimeSpan
    high: TimeSpan

    def to_dict(self) -> dict[str, object]:
        """As plain JSON types."""
        return {
            "start_ts": self.wake_ts,
            "step_s": STEP_S,
            "level": [round(one, 3) for one in self.level],
            "low": list(self.low),
            "high": list(self.high),
        }


def pressure(
    asleep: Iterable[TimeSpan], until_ts: float, state: float = LOWER, since_ts: float | None = None
) -> float:
    """Homeostatic process at ``until_ts`` after sleep (spans, ascending and apart).

    It starts with ``state`` at ``since_ts``, without which as tired as one gets at the first span.
    """
    at = since_ts
    for start, end in asleep:
        begun = start if at is None else max(start, at)
        over = min(end, until_ts)
        if over > begun:
            state = _asleep(_awake(state, begun - (begun if at is None else at)), over - begun)
            at = over
    return state if at is None else _awake(state, until_ts - at)


def alertness(
    asleep: Sequence[TimeSpan], wake_ts: float, wake_h: float, slept_h: float
) -> Alertness:
    """Tell the shape of the day that began with waking at ``wake_ts``, ``wake_h`` by the clock.

    ``asleep`` holds the sleep of the last nights and the naps since (spans, epoch s, ascending
    and apart), ``slept_h`` the hours of the last night: what of 24 remains is told, 3 to 18 h.
    Source: the three-process model, Akerstedt & Folkard 1997, parameters as in Ingre et al. 2014,
    PLoS ONE 9:e108679. Deviation: both waves peak at one hour. A model of a group, not of the
    wearer; no measure of fitness to drive.
    """
    raw = raw_alertness(asleep, wake_ts, wake_h, slept_h)
    least, most = float(raw.min()), float(raw.max())
    windows = np.convolve(raw, np.full(WINDOW, 1.0 / WINDOW), "valid")[WAKING_UP:]

    def span(at: np.intp) -> TimeSpan:
        start = wake_ts + STEP_S * (WAKING_UP + int(at))
        return start, start + STEP_S * WINDOW

    return Alertness(
        wake_ts=wake_ts,
        level=tuple(((raw - least) / (most - least)).tolist()),
        low=span(np.argmin(windows)),
        high=span(np.argmax(windows)),
    )


def raw_alertness(
    asleep: Sequence[TimeSpan], wake_ts: float, wake_h: float, slept_h: float
) -> NDArray[np.float64]:
    """Sum of the processes every quarter of an hour from waking on; arguments as ``alertness``."""
    steps = int(clamp(DAY_H - slept_h, *AWAKE_H) / STEP_H)
    naps = [span for span in asleep if span[1] > wake_ts]
    state, at = [pressure(asleep, wake_ts)], wake_ts
    for _ in range(steps):
        state.append(pressure(naps, at + STEP_S, state[-1], at))
        at += STEP_S
    since = STEP_H * np.arange(steps + 1)
    turn = 2.0 * np.pi * (wake_h + since - PEAK_H) / DAY_H
    waves = DAILY * np.cos(turn) + HALF_DAILY * (np.cos(2.0 * turn) - 1.0)
    found: NDArray[np.float64] = np.array(state) + waves - INERTIA * np.exp(-since / INERTIA_H)
    return found


def _awake(state: float, seconds: float) -> float:
    return LOWER + (state - LOWER) * math.exp(-WAKE_RATE_H * seconds / 3600.0)


def _asleep(state: float, seconds: float) -> float:
    return UPPER - (UPPER - state) * math.exp(-SLEEP_RATE_H * seconds / 3600.0)
