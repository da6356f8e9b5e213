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
from .sleep.groups import Span
from .sleep.nap_metrics import nap_metrics
from .sleep.naps import Naps, find_naps
from .sleep.told_window import told_window, without
from .sleep.window import RestWindow, find_night
from .told import NOTHING_TOLD, SleepEdit, Told
from .training.held_peak import held_peak_metrics
from .training.track import Track, track_of
from .wear_metrics import wear_metrics

ALGORITHM_VERSION: Final = 6
"""Goes up with every change of what a day's records give; stored days carry it."""
WITHOUT_GAIT: Final = frozenset({"cycle", "strength", "swim", "yoga"})
"""Kinds of workouts in which an arm swings and takes no step."""
OUTSIDE: Final = "outside_records"
"""Where the details count the records that another system decoded, if there are any."""
FOUND_REST: Final = "found_rest"
"""Among the details of a day whose night was told: the rest that was found in its place."""
REACH: Final = "reach_ts"
"""Where the details tell the time of the newest record, epoch s: nothing is known of later."""
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
    found, rest = _rests(samples, wear.worn, motion, span, inputs)
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
    main = _span(rest)
    day = span.midnight, span.end
    workouts = _told_spans(inputs.told)
    edit = inputs.told.night_of(inputs.day)
    night_told = main if edit is None else edit.span
    # What the wearer cut off the rest that was found was waking, they say.
    cut_off = _cut_off(_span(found), edit)
    others = _nights_of_others(inputs)
    naps = find_naps(
        samples,
        wear.worn,
        motion,
        day,
        night=night_told,
        exclusions=(*workouts, *cut_off),
        rests=others,
        rejected=inputs.told.rejected_naps,
    )
    nap_spans = [(nap.start_ts, nap.end_ts) for nap in naps.naps]
    # The evening's part of the next night is no waking either, nor a night that nothing measured.
    resting = [*_less([*nap_spans, *naps.deferred], cut_off), *others]
    if main is None and night_told is not None:
        resting.append(night_told)

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
        details=_details(night, naps, calibration, track)
        | ({REACH: float(samples.ts[-1])} if len(samples) else {})
        | ({} if edit is None else {FOUND_REST: _listed(_span(found))})
        | ({OUTSIDE: inputs.samples.outside} if inputs.samples.outside else {}),
    )


def _rests(
    samples: Samples, worn: NDArray[np.bool_], motion: Motion, span: Span, inputs: DayInputs
) -> tuple[RestWindow | str, RestWindow | str]:
    """Give the night's rest as it is found, and as it holds: what was told of it goes first."""
    edit = inputs.told.night_of(inputs.day)
    looked = worn, motion
    if others := _nights_of_others(inputs):
        looked = without(others, samples, *looked)
    found = find_night(samples, *looked, span)
    return found, found if edit is None else told_window(edit.span, samples, worn, motion, span)


def _nights_of_others(inputs: DayInputs) -> list[TimeSpan]:
    """Rests that are the nights of other days, by the wearer's word."""
    return [edit.span for edit in inputs.told.sleep_edits if edit.day != inputs.day]


def _span(rest: RestWindow | str) -> TimeSpan | None:
    return None if isinstance(rest, str) else (rest.bed_ts, rest.rise_ts)


def _listed(span: TimeSpan | None) -> list[float] | None:
    return None if span is None else [*span]


def _cut_off(found: TimeSpan | None, edit: SleepEdit | None) -> list[TimeSpan]:
    """Parts of the rest that was found that the one that was told leaves out.

    A rest elsewhere in the day is another matter: it may have been a nap.
    """
    if found is None or edit is None:
        return []
    if found[1] <= edit.onset_ts or found[0] >= edit.offset_ts:
        return []
    return _less([found], [edit.span])


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
