"""When a workout ended that was begun by hand and that nobody ended."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ..signal.minutes import MINUTE_S
from .anchors import Anchors
from .track import Track
from .workout_rules import FORGOTTEN_S

CALM_ABOVE_BPM: Final = 15.0
CALM_SHARE: Final = 0.15
"""A calm heart is at most so far above rest: the larger of the two, the second of the reserve."""
CALM_MIN: Final = 12
CALM_KNOWN_MIN: Final = 3
"""Minutes that must be calm, and how many of them known (judgement)."""


@dataclass(frozen=True, slots=True)
class Closed:
    """When a workout ended, and when that could first be told; epoch s."""

    end_ts: float
    shown_ts: float


def calm_bpm(resting_bpm: float, max_bpm: float) -> float:
    """Heart rate up to which someone has calmed down."""
    reserve = max_bpm - resting_bpm
    return resting_bpm + max(CALM_ABOVE_BPM, float(round(CALM_SHARE * reserve)))


def end_of_forgotten(
    track: Track, start_ts: float, anchors: Anchors | None, until_ts: float
) -> Closed | None:
    """Tell when a workout ended that began at ``start_ts``; None while it may go on.

    It ends with the last minute above calm once all known ones of twelve minutes are calm, or once
    six hours have passed. Looks at no later minute than what lets it be told, so the answer is the
    same whenever it is asked. Without a minute above calm nothing says how long it was: a minute.
    """
    last_ts = min(until_ts, start_ts + FORGOTTEN_S)
    at, hr = track.minute_ts, track.minute_hr()
    above = None if anchors is None else hr > calm_bpm(anchors.resting_bpm, anchors.hr_max.bpm)
    raised_ts: float | None = None
    if above is not None:
        known = np.isfinite(hr)
        inside = np.flatnonzero((at + MINUTE_S > start_ts) & (at + MINUTE_S <= last_ts))
        for minute in inside.tolist():
            if above[minute]:
                raised_ts = float(at[minute]) + MINUTE_S
                continue
            window = inside[(inside > minute - CALM_MIN) & (inside <= minute)]
            full = len(window) == CALM_MIN and raised_ts is not None
            if full and known[window].sum() >= CALM_KNOWN_MIN and not above[window].any():
                return Closed(
                    max(raised_ts or 0.0, start_ts + MINUTE_S), float(at[minute]) + MINUTE_S
                )
    if until_ts < start_ts + FORGOTTEN_S:
        return None
    return Closed(max(raised_ts or 0.0, start_ts + MINUTE_S), start_ts + FORGOTTEN_S)
