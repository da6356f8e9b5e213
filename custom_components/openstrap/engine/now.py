"""One moment of one wearer: whether they sleep, and whether they have got up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .metric import NO_SLEEP, Metric, Tier, need_input
from .metric_spec import EPOCH, MetricSpec
from .samples import Samples
from .signal.beats import place_beats
from .signal.minutes import MINUTE_S, minutes_of
from .signal.motion import Motion, motion_of
from .signal.wear import WristEvent, judge_wear
from .sleep.live import LiveSleep, live_state
from .sleep.waking import Waking, minute_tilt, quick_look, wake_consensus

LOOK_BACK_S: Final = 129600.0
"""A day and a half: the night before, whenever it is asked of."""
QUICK_CONFIDENCE: Final = 0.2
"""Of a heart rate alone (judgement)."""
INPUTS: Final = ("heart rate", "motion")

ROWS: Final = (
    MetricSpec("asleep_now", "fraction", 2, Tier.ESTIMATE, "Asleep now", headline=True),
    MetricSpec("stage_now", "stage", 0, Tier.ESTIMATE, "Stage now", headline=False),
    MetricSpec("got_up", EPOCH, 0, Tier.ESTIMATE, "Got up", headline=True),
)
SPEC: Final = {row.key: row for row in ROWS}


@dataclass(frozen=True, slots=True)
class Present:
    """What is known of a moment; reasons (str) stand in for what is not.

    ``sleep`` answers within two minutes of the first records, ``waking`` looks back over the
    night. ``awake_by_hr`` is the heart's word alone, None without a resting heart rate or without
    a pulse. ``metrics`` wraps them: every key of ``ROWS``.
    """

    sleep: LiveSleep | str
    waking: Waking | str
    awake_by_hr: bool | None
    metrics: Mapping[str, Metric]


def derive_now(
    samples: Samples,
    now_ts: float,
    *,
    wrist: Sequence[WristEvent] = (),
    resting_bpm: float | None = None,
    motion: Motion | None = None,
) -> Present:
    """Tell of ``now_ts`` (epoch s) by what came before it; what is later is never looked at.

    ``samples`` may reach back over a day and a half and are not calibrated, which turns of the
    arm do not need; ``wrist`` holds the strap's wrist events, ascending; ``resting_bpm`` is that
    of the last night. ``motion`` stands in for the acceleration in the samples.
    """
    samples = samples.between(now_ts - LOOK_BACK_S, now_ts)
    worn = judge_wear(samples, [event for event in wrist if event[0] < now_ts]).worn
    motion = motion_of(samples, worn) if motion is None else motion
    motion = motion.between(now_ts - LOOK_BACK_S, now_ts)
    beats = place_beats(samples)
    # The present minute is not over.
    whole = float(np.floor(now_ts / MINUTE_S) * MINUTE_S)
    first = float(samples.ts[0]) if len(samples) else whole
    minutes = minutes_of(samples, worn, motion, beats, min(first, whole), whole)
    tilt = minute_tilt(samples, worn, minutes)

    sleep = live_state(samples, beats, motion, now_ts)
    waking = wake_consensus(minutes, resting_bpm=resting_bpm, tilt=tilt)
    by_hr = None if resting_bpm is None else quick_look(minutes, resting_bpm)
    return Present(
        sleep=sleep,
        waking=waking,
        awake_by_hr=by_hr,
        metrics=_asleep(sleep, awake_by_hr=by_hr) | {"got_up": _got_up(waking)},
    )


def _asleep(sleep: LiveSleep | str, *, awake_by_hr: bool | None) -> dict[str, Metric]:
    asleep, stage = SPEC["asleep_now"], SPEC["stage_now"]
    if not isinstance(sleep, str):
        since = (("since_ts", sleep.since_ts),)
        return {
            asleep.key: asleep.measured(sleep.asleep, sleep.confidence, INPUTS, drivers=since),
            stage.key: stage.measured(sleep.stage, sleep.confidence, INPUTS, drivers=since),
        }
    absent = {stage.key: stage.absent(sleep, INPUTS)}
    if awake_by_hr is None:
        return absent | {asleep.key: asleep.absent(sleep, INPUTS)}
    return absent | {
        asleep.key: asleep.measured(
            float(not awake_by_hr), QUICK_CONFIDENCE, INPUTS[:1], note="fallback:method=heart_rate"
        )
    }


def _got_up(waking: Waking | str) -> Metric:
    spec = SPEC["got_up"]
    if isinstance(waking, str):
        return spec.absent(waking, INPUTS)
    if waking.wake_ts is None or waking.onset_ts is None:
        nothing = not waking.confidence
        return spec.absent(need_input("known_minutes", 0, 1) if nothing else NO_SLEEP, INPUTS)
    return spec.measured(
        waking.wake_ts, waking.confidence, INPUTS, drivers=(("asleep_since", waking.onset_ts),)
    )
