"""One day of one wearer: what the records of its night and day say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .catalog import CATALOG
from .day_facts import day_facts
from .day_result import DayResult
from .day_window import span_of
from .facts import TimeSpan
from .heart.day_metrics import day_metrics
from .heart.stress_metrics import arousal_metrics
from .heart.zones import maximum_hr
from .metric import need_input
from .motion.imu import Stretch
from .motion.indices import worn_dyn_g
from .motion.motion_metrics import motion_metrics
from .motion.steps import day_steps
from .night import Night, derive_night, no_night
from .profile import Profile
from .samples import Samples
from .signal.beats import place_beats
from .signal.calibration import Calibration, fit_calibration
from .signal.minutes import Minutes, minutes_of
from .signal.motion import STAGED_STEP_G, Motion, motion_of
from .signal.wear import Wear, WristEvent, judge_wear
from .sleep.nap_metrics import nap_metrics
from .sleep.naps import Naps, find_naps
from .sleep.window import find_night
from .told import NOTHING_TOLD, Told
from .training.held_peak import held_peak_metrics
from .training.track import Track, track_of
from .wear_metrics import wear_metrics

ALGORITHM_VERSION: Final = 5
"""Goes up with every change of what a day's records give; stored days carry it."""
WITHOUT_GAIT: Final = frozenset({"cycle", "strength", "swim", "yoga"})
"""Kinds of workouts in which an arm swings and takes no step."""
DIP: Final = "nocturnal_dip_percent"
NO_HISTORY: Final = need_input("earlier_days", 0, 1)
"""Of what looks back on earlier days, until these were asked."""


@dataclass(frozen=True, slots=True)
class DayInputs:
    """What a day is derived from: ``samples`` hold the records within ``window_of``.

    ``wrist`` holds the strap's wrist events within it, ascending. ``motion`` stands in for the
    acceleration in the samples where a recording measured movement some other way. ``imu`` is
    the raw acceleration that came, which few minutes have; ``told`` what the wearer told.
    """

    day: date
    tz: tzinfo
    samples: Samples
    profile: Profile
    wrist: tuple[WristEvent, ...] = ()
    motion: Motion | None = None
    imu: tuple[Stretch, ...] = ()
    told: Told = NOTHING_TOLD


def derive_day(inputs: DayInputs) -> DayResult:
    """Derive all metrics of a day. The same inputs give the same result, always.

    Without input every metric is absent and says what it misses. What looks back on earlier days
    is absent until ``derive_trends`` has asked them.
    """
    span = span_of(inputs.day, inputs.tz)
    samples = inputs.samples.between(span.start, span.end)
    wear = judge_wear(samples, inputs.wrist)
    samples, calibration = _calibrated(samples, wear)
    motion = motion_of(samples, wear.worn) if inputs.motion is None else inputs.motion
    motion = motion.between(span.start, span.end)
    beats = place_beats(samples)
    minutes = minutes_of(samples, wear.worn, motion, beats, span.start, span.end)
    rest = find_night(samples, wear.worn, motion, span)
    if isinstance(rest, str):
        night = no_night(rest)
    else:
        night = derive_night(
            rest,
            samples,
            worn=wear.worn,
            motion=motion,
            minutes=minutes,
            beats=beats,
            turns=motion.above(STAGED_STEP_G) if inputs.motion is None else None,
        )
    main = None if isinstance(rest, str) else (rest.bed_ts, rest.rise_ts)
    day = span.midnight, span.end
    workouts = _told_spans(inputs.told)
    naps = find_naps(samples, wear.worn, motion, day, night=main, exclusions=workouts)
    nap_spans = [(nap.start_ts, nap.end_ts) for nap in naps.naps]
    # The evening's part of the next night is no waking either.
    resting = [*nap_spans, *naps.deferred]

    steps = day_steps(samples, inputs.imu, day, without_gait=_told_spans(inputs.told, WITHOUT_GAIT))
    rests = resting if main is None else [main, *resting]
    # Who says that they trained was not at rest, whatever the arm says.
    still = _less(rests, workouts)
    dyn_g = worn_dyn_g(samples, wear.worn)
    track = track_of(samples, wear.worn, day, still, dyn_g=dyn_g, steps=steps, imu=inputs.imu)

    metrics = dict(night.metrics)
    metrics |= wear_metrics(samples, wear, inputs.wrist, day)
    metrics |= nap_metrics(naps)
    metrics |= motion_metrics(
        samples, wear.worn, minutes, dyn_g=dyn_g, day=day, main=main, naps=resting, counted=steps
    )
    metrics |= held_peak_metrics(
        samples, wear.worn, day, inputs.profile.age_on(inputs.day), dyn_g=dyn_g
    )
    metrics |= day_metrics(samples, beats, motion, day=day, main=main, naps=resting)
    if not isinstance(rest, str):
        metrics[DIP] = metrics[DIP].at_most(rest.tier, rest.confidence)
    waking = minutes.between(*day)
    floor = metrics["resting_hr_bpm"]
    arousal = arousal_metrics(
        waking,
        _outside(waking, rests),
        floor.value,
        maximum_hr(inputs.profile, inputs.day),
    )
    metrics |= {
        key: metric.at_most(floor.tier, floor.confidence) for key, metric in arousal.items()
    }
    facts = day_facts(
        inputs.day,
        inputs.tz,
        metrics=metrics,
        minutes=minutes,
        samples=samples,
        worn=wear.worn,
        night=night,
        naps=naps,
        track=track,
    )
    return DayResult(
        day=inputs.day,
        timezone=facts.tz,
        algorithm=ALGORITHM_VERSION,
        metrics={key: metrics.get(key) or spec.absent(NO_HISTORY) for key, spec in CATALOG.items()},
        facts=facts,
        details=_details(night, naps, calibration, track),
    )


def _calibrated(samples: Samples, wear: Wear) -> tuple[Samples, Calibration | str]:
    """Correct the acceleration by what the worn records say of the sensor, if they say enough.

    Only records of the day itself are asked, so that the order in which days are derived
    does not matter.
    """
    found = fit_calibration(samples.ts[wear.worn], samples.accel_g[wear.worn])
    if isinstance(found, str):
        return samples, found
    return replace(samples, accel_g=found.apply(samples.accel_g)), found


def _told_spans(told: Told, kinds: Collection[str] | None = None) -> tuple[TimeSpan, ...]:
    """Return the spans of the workouts that ended, of some kinds or of all."""
    return tuple(
        (one.start_ts, one.end_ts)
        for one in told.workouts
        if one.end_ts is not None and (kinds is None or one.kind in kinds)
    )


def _less(spans: Iterable[TimeSpan], cuts: Iterable[TimeSpan]) -> list[TimeSpan]:
    """Cut spans out of others."""
    left = list(spans)
    for first, last in cuts:
        pieces = [
            piece
            for start, end in left
            for piece in ((start, min(end, first)), (max(start, last), end))
        ]
        left = [(start, end) for start, end in pieces if end > start]
    return left


def _outside(minutes: Minutes, spans: list[tuple[float, float]]) -> NDArray[np.bool_]:
    """Tell which minutes lie outside of all spans."""
    outside = np.ones(len(minutes), dtype=bool)
    for start, end in spans:
        outside &= (minutes.ts + 60.0 <= start) | (minutes.ts >= end)
    return outside


def _details(
    night: Night, naps: Naps, calibration: Calibration | str, track: Track
) -> dict[str, Any]:
    details = dict(night.details)
    details["track"] = track.to_dict()
    details["naps"] = [
        [nap.start_ts, nap.end_ts, nap.asleep_s, round(nap.confidence, 3)] for nap in naps.naps
    ]
    if isinstance(calibration, str):
        details["calibration"] = calibration
    else:
        details["calibration"] = {
            "gain": [round(float(value), 5) for value in calibration.gain],
            "offset_g": [round(float(value), 5) for value in calibration.offset_g],
            "error_g": round(calibration.error_after_g, 5),
        }
    return details
