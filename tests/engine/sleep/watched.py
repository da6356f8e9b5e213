"""Nights that are watched, look by look."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from custom_components.openstrap.engine.sleep.hypnogram import Stage
from custom_components.openstrap.engine.sleep.live import HISTORY_S, LiveSleep
from custom_components.openstrap.engine.sleep.waking import ASLEEP, AWAKE, Waking
from custom_components.openstrap.engine.sleep.watch import Look, SleepWatch, TransitionKind

from ..series import at

DAY = date(2026, 6, 10)
EVE = DAY - timedelta(days=1)
MIN = 60.0
USUAL = (at(EVE, 23), at(DAY, 7))
type Told = list[tuple[TransitionKind, float, float]]
"""What was told, when it was told, and when it happened."""


class Nights:
    """A made night: from when on which side holds, looked at every few minutes."""

    def __init__(self, *sides: tuple[float, bool], moving: bool = True, seen: float = 0.0) -> None:
        """Take (from when, asleep) in order; awake before. ``moving``: who is awake is up."""
        self.sides = ((0.0, False), *sides)
        self.moving = moving
        self.seen = seen

    def look(self, now: float, **changes: Any) -> Look:
        """Look at a moment."""
        since, asleep = [side for side in self.sides if side[0] <= now][-1]
        seen = max(now - HISTORY_S, self.seen)
        since = max(since, seen)
        probability = (0.1, 0.9, 0.0, 0.0) if asleep else (0.9, 0.1, 0.0, 0.0)
        stage = Stage.LIGHT if asleep else Stage.WAKE
        up = not asleep and self.moving
        state = np.full(180, ASLEEP, dtype=np.int8)
        if up:
            state[-max(int((now - since) // MIN), 0) or 180 :] = AWAKE
        elif asleep:
            state[: -max(int((now - since) // MIN), 0) or 180] = AWAKE
        told = Look(
            at_ts=now,
            seen_ts=seen,
            sleep=LiveSleep(1.0 - probability[0], probability, stage, 0.8, since),
            waking=Waking(state, None, None, 0.9),
            usual=USUAL,
        )
        return replace(told, **changes)

    def watched(
        self, start: float, end: float, step: float = MIN, watch: SleepWatch | None = None
    ) -> tuple[SleepWatch, Told]:
        """Look from start to end; gives the watch at the end and what was told."""
        watch, told = watch or SleepWatch(), []
        for now in np.arange(start, end, step).tolist():
            watch, changes = watch.fold(self.look(now))
            told += [(one.kind, now, one.ts) for one in changes]
        return watch, told


def of(kind: TransitionKind, told: Told) -> list[tuple[float, float]]:
    """Pick when one kind was told, and when it happened."""
    return [(now, ts) for one, now, ts in told if one is kind]
