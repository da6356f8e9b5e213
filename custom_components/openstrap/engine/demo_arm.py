"""The arm of a wearer who does not exist: how it hangs and how much it shakes, moment by moment."""

from datetime import date, datetime, time, timedelta, tzinfo
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .demo_story import Span
from .dice import bell, uniform

POSE_S: Final = 5
"""How often the arm may take another posture while awake."""
LYING_S: Final = 240
"""The same asleep."""
LYING_TURNS: Final = 0.13
"""Share of those times at which a sleeper turns: every half hour or so."""
RESTLESS_S: Final = 10
"""How long somebody who lies awake keeps still."""
SIT_MIN: Final = (20.0, 90.0)
POTTER_MIN: Final = (2.0, 8.0)
"""Shortest and longest stretch at a desk or on a sofa, and of pottering between two of them."""
STRETCHES: Final = 64
"""More than a day holds."""
STILL_G: Final = 0.0008
RESTLESS_G: Final = 0.04
CALM_S: Final = 3.0 * 3600.0
"""The evening before going to bed is calmer."""
BEDSIDE_S: Final = 900.0
"""Nobody falls from the sofa into bed, nor out of bed onto a chair: so long is pottered away."""


class Doing(IntEnum):
    """What the wearer is doing."""

    ASLEEP = 0
    RESTLESS = 1
    SITTING = 2
    RELAXING = 3
    POTTERING = 4
    WALKING = 5
    TRAINING = 6


TURNS: Final = np.array([0.0, 0.0, 0.035, 0.025, 0.7, 0.3, 0.3])
"""Chance of another posture every five seconds, by what the wearer is doing."""
TURN_G: Final = np.array([0.0, 0.0, 0.05, 0.05, 0.045, 0.05, 0.06])
"""How far postures lie from the usual one, spread of each axis."""
FLICKS: Final = np.array([0.0, 0.0, 0.17, 0.15, 0.45, 0.1, 0.1])
"""Chance of a movement of a second that comes back, every five seconds: a mouse, a cup, a page.

Nobody awake keeps as still as a sleeper, not even at a desk."""
FLICK_G: Final = 0.085
"""How far it goes, spread of each axis."""
DRIFT_G: Final = np.array([0.0, 0.0, 0.006, 0.0058, 0.01, 0.01, 0.01])
"""How far an arm that does not turn strays in five seconds, likewise."""
SHAKE_G: Final = np.array([STILL_G, RESTLESS_G, 0.003, 0.0028, 0.012, 0.05, 0.0])
"""Spread of the acceleration of each axis; that of training is the workout's own."""


def doing_of(
    seed: int, eve: date, tz: tzinfo, clock: NDArray[np.float64], night: Span
) -> NDArray[np.intp]:
    """Tell what the wearer does at moments (n,) epoch s from the noon of ``eve`` on, asleep or idle.

    ``night`` is the night between. Stretches of sitting and of pottering take turns.
    """
    doing = np.full(len(clock), Doing.SITTING, dtype=np.intp)
    doing[(clock >= night[0] - CALM_S) & (clock < night[0])] = Doing.RELAXING
    for day in (eve, eve + timedelta(days=1)):
        for start, end in _pottering(seed, day, tz):
            doing[(clock >= start) & (clock < end)] = Doing.POTTERING
    doing[(clock >= night[0] - BEDSIDE_S) & (clock < night[1] + BEDSIDE_S)] = Doing.POTTERING
    doing[(clock >= night[0]) & (clock < night[1])] = Doing.ASLEEP
    return doing


def _pottering(seed: int, day: date, tz: tzinfo) -> list[Span]:
    """Stretches of pottering of a local day."""
    stretch = np.arange(STRETCHES, dtype=np.int64) + day.toordinal() * STRETCHES
    sit, potter = (
        60.0 * np.round(least + (most - least) * uniform(seed, name, stretch))
        for name, (least, most) in (("sit", SIT_MIN), ("potter", POTTER_MIN))
    )
    end = datetime.combine(day, time(), tz).timestamp() + np.cumsum(sit + potter)
    until = datetime.combine(day + timedelta(days=1), time(), tz).timestamp()
    return [
        (start, min(stop, until))
        for start, stop in zip((end - potter).tolist(), end.tolist(), strict=True)
        if start < until
    ]


def shake_g(
    seed: int, clock: NDArray[np.float64], doing: NDArray[np.intp], training_g: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Spread of each axis at moments (n,) epoch s; no two minutes of somebody awake are alike."""
    busy = 0.4 + 1.2 * uniform(seed, "busy", (clock // 60.0).astype(np.int64))
    idle = (doing >= Doing.SITTING) & (doing <= Doing.POTTERING)
    spread: NDArray[np.float64] = SHAKE_G[doing] * np.where(idle, busy, 1.0)
    return np.where(doing == Doing.TRAINING, training_g, spread)


def postures(seed: int, start: int, doing: NDArray[np.intp]) -> NDArray[np.float64]:
    """Direction of gravity in each five seconds from ``start`` (epoch s) on, (n, 3).

    ``doing`` (n,) is what the wearer does then. A sleeper turns altogether; somebody awake turns a
    little from where the arm mostly is, and moves to another place every now and then.
    """
    size = len(doing)
    slot = np.arange(size, dtype=np.int64)
    number = slot + start // POSE_S
    # A sleeper's postures are numbered by their four minutes, restless ones by their ten seconds.
    turn = np.arange(-(-size * POSE_S // LYING_S), dtype=np.int64) + start // LYING_S
    lain = np.maximum.accumulate(np.where(uniform(seed, "turn", turn) < LYING_TURNS, turn, turn[0]))
    lying = lain[slot * POSE_S // LYING_S]
    restless = number * POSE_S // RESTLESS_S + 10**9
    whole = np.where(doing == Doing.RESTLESS, restless, lying)
    known, back = np.unique(whole, return_inverse=True)
    tilt = np.where(known < 10**9, 1.2, 0.5) * (uniform(seed, "posture", known) - 0.5)
    around = 2.0 * np.pi * uniform(seed, "posture", known + 10**10)
    rough = np.stack(
        [np.cos(tilt) * np.cos(around), np.cos(tilt) * np.sin(around), np.sin(tilt)], axis=1
    )[back]

    turns = uniform(seed, "arm", number) < TURNS[doing]
    turns[:1] = True
    held = np.maximum.accumulate(np.where(turns, slot, 0))
    busy = 0.6 + 0.8 * uniform(seed, "reach", number)
    reach = (TURN_G[np.maximum(doing, Doing.SITTING)] * busy)[held]
    fine = np.stack([reach * bell(seed, f"hang {axis}", number[held]) for axis in "xyz"], axis=1)
    drift = DRIFT_G[doing]
    fine += np.stack([drift * bell(seed, f"drift {axis}", number) for axis in "xyz"], axis=1)
    fine += rough
    fine /= np.linalg.norm(fine, axis=1)[:, None]
    awake = doing >= Doing.SITTING
    return np.where(awake[:, None], fine, rough)


def flicks_g(seed: int, start: int, doing: NDArray[np.intp]) -> NDArray[np.float64]:
    """Acceleration that the first second of each five has beside gravity, (n, 3) g; see ``postures``."""
    number = np.arange(len(doing), dtype=np.int64) + start // POSE_S
    flicks = uniform(seed, "flick", number) < FLICKS[doing]
    far = np.stack([bell(seed, f"flick {axis}", number) for axis in "xyz"], axis=1)
    return np.where(flicks[:, None], FLICK_G * far, 0.0)
