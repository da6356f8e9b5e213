"""Whether arousal rises under stress tasks: wrist recordings with a log of what was done when."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.heart.resting import resting_hr
from openstrap.engine.heart.stress import arousal_minutes
from openstrap.engine.samples import Samples, empty_samples
from openstrap.engine.signal.beats import place_beats
from openstrap.engine.signal.minutes import MINUTE_S, minutes_of
from openstrap.engine.signal.motion import motion_of

from .scores import bootstrap_by_subject
from .tables import UnknownFormat, find_table, rows

SECONDS: Final = {"subject", "t", "ax", "ay", "az", "hr"}
BEATS: Final = {"subject", "t", "rr_ms"}
TASKS: Final = {"subject", "task", "start_s", "end_s"}
STRESS: Final = ("stroop", "interview", "hypervent")
REST: Final = ("relax", "rest", "baseline")
"""How the names of tasks begin; questionnaires and consent are neither."""
START_TS: Final = 1_700_006_400.0
"""A whole minute to lay the recordings on; the log has no date."""
MAXIMUM_BPM: Final = 190.0
"""The recordings tell no age. It sets the scale of the score for everyone alike, not its sign."""


def stress_scores(path: Path) -> dict[str, Any]:
    """Compare the mean arousal of stress tasks with that of rest, person by person.

    Production takes the resting heart rate from the night. These hours have none, so the first
    percentile of the recording's own heart rate stands in (``resting_hr`` gives it as well), and a
    maximum of 190 bpm for the unknown ages. Only still minutes count, as in production.
    """
    log_file, seconds_file = find_table(path, TASKS), find_table(path, SECONDS)
    if log_file is None or seconds_file is None:
        raise UnknownFormat("no wrist recording with a log of tasks")
    tasks: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for row in rows(log_file):
        tasks[row["subject"]].append((row["task"], float(row["start_s"]), float(row["end_s"])))
    people = [
        found
        for subject, samples in read_samples(seconds_file, find_table(path, BEATS)).items()
        if (found := _person(subject, samples, tasks.get(subject, ()))) is not None
    ]
    return _figures(people) | {
        "stress_people": len(people),
        "intervals": bootstrap_by_subject(people, _figures),
        "per_subject": people,
    }


def read_samples(seconds_file: Path, beats_file: Path | None) -> dict[str, Samples]:
    """Read the recordings, one a subject, as a strap would send them."""
    seconds: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for row in rows(seconds_file):
        numbers = tuple(float(row[key] or "nan") for key in ("t", "hr", "ax", "ay", "az"))
        seconds[row["subject"]].append(numbers)
    beats: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows(beats_file) if beats_file else ():
        beats[row["subject"]].append((float(row["t"]), float(row["rr_ms"])))
    return {
        subject: _samples(np.array(table), np.array(beats.get(subject) or np.empty((0, 2))))
        for subject, table in seconds.items()
    }


def _samples(seconds: NDArray[np.float64], beats: NDArray[np.float64]) -> Samples:
    """Put beats into the record in which they end; those after the last record are not heard."""
    record = np.searchsorted(seconds[:, 0], beats[:, 0])
    heard = record < len(seconds)
    return replace(
        empty_samples(),
        ts=START_TS + seconds[:, 0],
        hr_bpm=np.nan_to_num(np.round(seconds[:, 1])).astype(np.int16),
        accel_g=seconds[:, 2:],
        rr_ms=beats[heard, 1],
        rr_index=record[heard].astype(np.int64),
    )


def _person(
    subject: str, samples: Samples, tasks: Sequence[tuple[str, float, float]]
) -> dict[str, Any] | None:
    """Mean arousal by kind of task; None where either kind has no still minute."""
    start, end = float(samples.ts[0]), float(samples.ts[-1]) + 1.0
    worn = np.ones(len(samples), dtype=bool)
    minutes = minutes_of(samples, worn, motion_of(samples, worn), place_beats(samples), start, end)
    resting = resting_hr(samples.ts, samples.hr_bpm, start, end).p1_bpm
    if resting is None:
        return None
    awake = np.ones(len(minutes), dtype=bool)
    score = arousal_minutes(minutes, awake, resting, MAXIMUM_BPM).score
    middle = minutes.ts + MINUTE_S / 2.0 - START_TS

    def mean(kinds: tuple[str, ...]) -> tuple[float | None, int]:
        inside = np.zeros(len(minutes), dtype=bool)
        for name, first, last in tasks:
            if name.casefold().startswith(kinds):
                inside |= (middle >= first) & (middle < last)
        inside &= np.isfinite(score)
        return (float(score[inside].mean()) if inside.any() else None), int(inside.sum())

    (stress, stress_min), (rest, rest_min) = mean(STRESS), mean(REST)
    if stress is None or rest is None:
        return None
    return {
        "subject": subject,
        "stress_arousal": stress,
        "rest_arousal": rest,
        "stress_minutes": stress_min,
        "rest_minutes": rest_min,
        "resting_hr_bpm": resting,
    }


def _figures(people: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    above = [row["stress_arousal"] - row["rest_arousal"] for row in people]
    return {
        "stress_direction_share": float(np.mean(np.array(above) > 0.0)) if above else None,
        "stress_difference_points_median": float(np.median(above)) if above else None,
    }
