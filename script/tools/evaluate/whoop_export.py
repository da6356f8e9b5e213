"""Folders of WHOOP CSV exports: our recovery and strain beside what the maker told."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.facts import DayFacts, clock_of
from openstrap.engine.recovery.bands import Band, band_of
from openstrap.engine.recovery.recovery_trends import recovery_trends
from openstrap.engine.training.strain import strain_of_zone_minutes

from .scores import bootstrap_by_subject, confidence_table
from .tables import UnknownFormat, folder_of
from .whoop_csv import Cycle, Kind, Row, Workout, cycles, kind_of, rows, tables, workouts

type Pairs = NDArray[np.float64]
"""Ours and what was told, (2, n)."""

WINDOW_DAYS: Final = 42
"""What the engine looks back to; older facts are not handed over, for speed alone."""
MIN_PAIRS: Final = 10
"""Days of one person below which their correlation is not told."""


SAME_SHARE: Final = 0.1
"""Share of the cycles of a table that another one has from which both are of one person."""


@dataclass(frozen=True, slots=True)
class Person:
    """What one export tells."""

    name: str
    cycles: dict[date, Cycle]
    workouts: list[Workout]


@dataclass(frozen=True, slots=True)
class Subject:
    """What came out for one person: ours and theirs (2, n) of every night and workout compared."""

    name: str
    cycles: int
    nights: Pairs
    agreed: NDArray[np.bool_]
    confidence: NDArray[np.float64]
    not_scored: int
    without_sleep: int
    efforts: Pairs
    recovery_r: float | None


def knows(path: Path) -> bool:
    """Tell whether a table of cycles or workouts lies in the folder, or in one within it."""
    return any(
        kind_of(file) in (Kind.CYCLES, Kind.WORKOUTS)
        for folder in _folders(path)
        for file in tables(folder)
    )


def evaluate(path: Path) -> dict[str, Any]:
    """Feed every night's own numbers to our recovery, every workout's zone minutes to our strain.

    A night's facts are its HRV, resting heart rate, breathing and sleep as the export tells them;
    what comes before it are those of the nights before. Every night that both sides score is
    compared, provisional ones too. Shares and means are over all nights or workouts, ``r_median``
    is the median of each person's correlation. ``constant`` scores the median of what was told, as
    if it were the answer to every night.
    """
    people = read(path)
    if not people:
        raise UnknownFormat("no table of cycles or workouts")
    subjects = [_subject(person) for person in people]
    nights = _joined(subject.nights for subject in subjects)
    return _scores(subjects) | {
        "people": len(subjects),
        "cycles": sum(subject.cycles for subject in subjects),
        "recovery_nights": nights.shape[1],
        "recovery_not_scored": sum(subject.not_scored for subject in subjects),
        "recovery_without_sleep": sum(subject.without_sleep for subject in subjects),
        "recovery_shares": _shares(nights[0]),
        "recovery_shares_told": _shares(nights[1]),
        "strain_workouts": sum(subject.efforts.shape[1] for subject in subjects),
        "intervals": bootstrap_by_subject(subjects, _scores),
        "confidence_error": "points of recovery",
        "confidence_table": confidence_table(
            np.concatenate([subject.confidence for subject in subjects]),
            np.abs(nights[0] - nights[1]),
        ),
        "per_subject": [
            {
                "subject": subject.name,
                "nights": subject.nights.shape[1],
                "workouts": subject.efforts.shape[1],
            }
            | _scores([subject])
            for subject in subjects
        ],
    }


def read(path: Path) -> list[Person]:
    """Return everyone whose export lies in the folder or one within it, by name of their folder.

    Tables are told by their columns. A folder is one person, unless it has several tables of cycles
    that share hardly a cycle: then each is a person, and other tables are theirs with whom they
    share the most.
    """
    return [person for folder in _folders(path) for person in _people(folder, folder_of(path))]


def facts_of(cycle: Cycle) -> DayFacts:
    """Put the numbers of a night where the engine keeps those of its own."""
    told = {
        "rmssd_ms": cycle.rmssd_ms,
        "resting_hr_bpm": cycle.resting_hr_bpm,
        "breathing_rate_brpm": cycle.breathing_rate_brpm,
        "sleep_min": cycle.asleep_min,
    }
    clock, end_ts = clock_of(cycle.day, UTC)
    values = {key: value for key, value in told.items() if value is not None}
    return DayFacts(day=cycle.day, tz="UTC", clock=clock, end_ts=end_ts, values=values)


def _folders(path: Path) -> list[Path]:
    top = folder_of(path)
    return [top, *sorted(folder for folder in top.rglob("*") if folder.is_dir())]


def _people(folder: Path, top: Path) -> list[Person]:
    kinds: dict[Kind, list[list[Row]]] = defaultdict(list)
    for file in tables(folder):
        if (told := kind_of(file)) is not None:
            kinds[told].append(list(rows(file)))
    groups: list[dict[Kind, list[Row]]] = []
    starts: list[set[str]] = []
    for kind in (Kind.CYCLES, Kind.SLEEPS, Kind.WORKOUTS):
        for table in kinds[kind]:
            begun = {row.text("cycle_start") for row in table} - {""}
            shared = [len(begun & others) / max(len(begun), 1) for others in starts]
            at = max(range(len(shared)), key=shared.__getitem__, default=None)
            # One person's workouts may be of days that the cycles were cut off from.
            alone = kind is not Kind.CYCLES and len(groups) == 1
            if at is None or not (shared[at] > SAME_SHARE or alone):
                groups.append(defaultdict(list))
                starts.append(set())
                at = -1
            groups[at][kind] += table
            starts[at] |= begun
    name = str(folder.relative_to(top))
    return [
        Person(
            name if len(groups) == 1 else f"{name}#{at + 1}",
            cycles(group[Kind.CYCLES], group[Kind.SLEEPS]),
            workouts(group[Kind.WORKOUTS]),
        )
        for at, group in enumerate(groups)
        if group[Kind.CYCLES] or group[Kind.WORKOUTS]
    ]


def _subject(person: Person) -> Subject:
    facts = {day: facts_of(cycle) for day, cycle in person.cycles.items()}
    nights: list[tuple[float, float]] = []
    confidence, not_scored, without_sleep = [], 0, 0
    for day, cycle in person.cycles.items():
        if cycle.recovery is None:
            continue
        since = [day - timedelta(days=back) for back in range(WINDOW_DAYS + 1)]
        known = {at: facts[at] for at in since if at in facts}
        found = recovery_trends(known, day, sleep_need_min=_need_min(cycle))["recovery"]
        if found.value is None:
            not_scored += 1
            continue
        nights.append((found.value, cycle.recovery))
        confidence.append(found.confidence)
        without_sleep += "sleep" not in found.inputs_used
    efforts = [(strain_of_zone_minutes(one.zone_min), one.strain) for one in person.workouts]
    return Subject(
        person.name,
        len(person.cycles),
        _pairs(nights),
        np.array([band_of(ours) is band_of(told) for ours, told in nights], dtype=bool),
        np.array(confidence),
        not_scored,
        without_sleep,
        _pairs(efforts),
        correlation(_pairs(nights)),
    )


def _need_min(cycle: Cycle) -> float | None:
    """Need of the night, or what follows from the share of it that was met."""
    if cycle.need_min is not None or not cycle.performance or not cycle.asleep_min:
        return cycle.need_min
    return 100.0 * cycle.asleep_min / cycle.performance


def _scores(subjects: Sequence[Subject]) -> dict[str, float | None]:
    nights = _joined(subject.nights for subject in subjects)
    efforts = _joined(subject.efforts for subject in subjects)
    agreed = np.concatenate([subject.agreed for subject in subjects])
    known = [r for subject in subjects if (r := subject.recovery_r) is not None]
    return {
        "recovery_mae": _mean(np.abs(nights[0] - nights[1])),
        "recovery_constant_mae": _mean(np.abs(nights[1] - _median(nights[1]))),
        "recovery_band_agreement": _mean(agreed),
        "recovery_r_median": float(np.median(known)) if known else None,
        "recovery_bias": _mean(nights[0] - nights[1]),
        "strain_mae": _mean(np.abs(efforts[0] - efforts[1])),
        "strain_constant_mae": _mean(np.abs(efforts[1] - _median(efforts[1]))),
        "strain_r": correlation(efforts),
        "strain_bias": _mean(efforts[0] - efforts[1]),
    }


def correlation(pairs: Pairs) -> float | None:
    """Pearson's of (2, n); None below ten pairs or where one side does not vary."""
    if pairs.shape[1] < MIN_PAIRS or not np.ptp(pairs, axis=1).all():
        return None
    return float(np.corrcoef(pairs)[0, 1])


def _pairs(rows_of_two: Sequence[tuple[float, float]]) -> Pairs:
    return np.array(rows_of_two, dtype=np.float64).reshape(-1, 2).T


def _joined(pairs: Iterable[Pairs]) -> Pairs:
    return np.concatenate(list(pairs), axis=1)


def _shares(scores: NDArray[np.float64]) -> dict[str, float]:
    """Share of nights in each band."""
    found = [band_of(score) for score in scores]
    return {band.name.lower(): found.count(band) / len(found) for band in Band} if found else {}


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values)) if len(values) else 0.0


def _mean(values: NDArray[Any]) -> float | None:
    return float(values.mean()) if len(values) else None
