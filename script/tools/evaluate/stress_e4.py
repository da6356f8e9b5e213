"""People who sit for an hour, wide awake: no sleep may be found, and stress tasks must show."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from openstrap.engine.samples import Samples
from openstrap.engine.signal.beats import place_beats
from openstrap.engine.signal.motion import motion_of
from openstrap.engine.signal.wear import worn_records
from openstrap.engine.sleep.groups import Span
from openstrap.engine.sleep.live import live_state
from openstrap.engine.sleep.naps import find_naps
from openstrap.engine.sleep.sessions import find_sessions, gather
from openstrap.engine.sleep.window import find_night

from .scores import bootstrap_by_subject
from .stress_direction import BEATS, SECONDS, TASKS, read_samples, stress_scores
from .tables import UnknownFormat, find_table

HOUR_S: Final = 3600.0
NIGHT_HOUR: Final = 2.0
"""The sitting is also laid into the night, where a detector expects sleep."""
LIVE_STEP_S: Final = 60.0
ASLEEP: Final = 0.5
"""Probability of sleep from which the live state says asleep."""


def knows(path: Path) -> bool:
    """Tell whether the tables of the format are there."""
    return find_table(path, SECONDS) is not None


def evaluate(path: Path) -> dict[str, Any]:
    """Count what is taken for sleep, and compare arousal in tasks with rest.

    ``false_sleep_min_total`` is what would be published: the main sleep and naps, the sitting
    laid into the day and into the night (the worse counts). ``waiting_min_total`` is what is kept
    back as an unfinished nap because the recording ends with it, ``calm_min_total`` what is
    still and calm enough to be a rest before its length is asked. ``live_asleep_share`` is the
    share of minutes in which the live state says asleep.
    """
    seconds_file = find_table(path, SECONDS)
    if seconds_file is None:
        raise UnknownFormat("no table of seconds")
    people = [
        {"subject": subject} | _person(samples)
        for subject, samples in read_samples(seconds_file, find_table(path, BEATS)).items()
    ]
    stress = stress_scores(path) if find_table(path, TASKS) is not None else {}
    intervals = bootstrap_by_subject(people, _figures) | stress.pop("intervals", {})
    rows = stress.pop("per_subject", [])
    return (
        {"people": len(people)}
        | _figures(people)
        | stress
        | {"intervals": intervals, "per_subject": people, "per_subject_stress": rows}
    )


def _person(samples: Samples) -> dict[str, Any]:
    worn, beats = worn_records(samples), place_beats(samples)
    motion = motion_of(samples, worn)
    start, end = float(samples.ts[0]), float(samples.ts[-1])
    slept_s, waiting_s, calm_s = [], [], []
    for hour in (12.0, NIGHT_HOUR):
        midnight = start - hour * HOUR_S
        span = Span(*(midnight + part * HOUR_S for part in (-12.0, 0.0, 12.0, 24.0)))
        night = find_night(samples, worn, motion, span)
        naps = find_naps(samples, worn, motion, (span.midnight, span.end))
        rest_s = 0.0 if isinstance(night, str) else night.offset_ts - night.onset_ts
        slept_s.append(rest_s + sum(nap.asleep_s for nap in naps.naps))
        waiting_s.append(sum(stop - first for first, stop in naps.deferred))
        rests = find_sessions(gather(samples, worn, motion, span.start, span.end))
        calm_s.append(sum(rest.length_s for rest in rests))
    live = [
        live_state(samples, beats, motion, now_ts)
        for now_ts in np.arange(start + LIVE_STEP_S, end, LIVE_STEP_S).tolist()
    ]
    told = [state.asleep >= ASLEEP for state in live if not isinstance(state, str)]
    return {
        "sitting_min": (end - start) / 60.0,
        "false_sleep_min": max(slept_s) / 60.0,
        "waiting_min": max(waiting_s) / 60.0,
        "calm_min": max(calm_s) / 60.0,
        "live_minutes": len(told),
        "live_asleep_minutes": int(sum(told)),
    }


def _figures(people: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    def total(key: str) -> float:
        return float(sum(row[key] for row in people))

    minutes = total("live_minutes")
    return {
        "sitting_min_total": total("sitting_min"),
        "false_sleep_min_total": total("false_sleep_min"),
        "waiting_min_total": total("waiting_min"),
        "calm_min_total": total("calm_min"),
        "live_asleep_share": total("live_asleep_minutes") / minutes if minutes else None,
    }
