"""Weeks of a wrist's minutes (heart rate, steps) beside what its maker made of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.facts import DayFacts, clock_of
from openstrap.engine.profile import Profile
from openstrap.engine.signal.runs import runs
from openstrap.engine.training.anchors import anchors_of
from openstrap.engine.training.loads import day_loads

from .scores import bootstrap_by_subject
from .tables import UnknownFormat, find_table, rows

MINUTES: Final = {"user", "time", "hr", "intensity", "steps"}
DAILY: Final = {"Id", "ActivityDate", "Calories", "VeryActiveMinutes", "FairlyActiveMinutes"}
AGE: Final = 35
"""Nobody's age was told: one that is typical of who wears such a thing (judgement)."""
DAY_MIN: Final = 1440
MIN_WAKE_MIN: Final = 600
REST_MIN: Final = 120
"""Minutes in a row without a step that count as rest (judgement): most of what was kept is day."""
LOWEST_MIN: Final = 30
"""The lowest mean over so many minutes stands in for the resting heart rate of a day."""
ACTIVE: Final = 2
"""Intensity from which the maker speaks of activity (0 to 3)."""
SEDENTARY_MIN: Final = 10
"""A day with fewer active minutes is a sedentary one."""
MIN_DAYS: Final = 7

type Minutes = dict[date, NDArray[np.float64]]
"""Day -> (1440, 3): heart rate, intensity, steps; NaN where nothing was kept."""


def knows(path: Path) -> bool:
    """Tell whether the table of minutes is there."""
    return find_table(path, MINUTES) is not None


def evaluate(path: Path) -> dict[str, Any]:
    """Work out the strain of every day of each wearer, and hold it against the maker's words.

    Strain is of days with ten waking hours, by the wearer's own lowest half hours and an assumed
    age; ``sedentary`` are those with under ten active minutes by the maker. There is no gold: what
    is asked is whether days without exercise are near zero. Energy is not compared, for it needs a
    body and none was told; ``kcal_r`` and ``active_min_r`` tell how our load goes along with the
    maker's energy and active minutes over the days of a wearer (medians over wearers).
    """
    file = find_table(path, MINUTES)
    if file is None:
        raise UnknownFormat("no table of minutes")
    told = _reported(find_table(path, DAILY))
    found = [_wearer(user, days, told.get(user, {})) for user, days in _minutes(file).items()]
    return (
        {"users": len(found)}
        | _scores(found)
        | {
            "intervals": bootstrap_by_subject(found, _scores),
            "age_assumed": AGE,
            "per_subject": [
                {key: value for key, value in row.items() if key != "days"} for row in found
            ],
        }
    )


def _minutes(file: Path) -> dict[str, Minutes]:
    table: dict[str, Minutes] = defaultdict(dict)
    for row in rows(file):
        at = datetime.fromisoformat(row["time"])
        day = table[row["user"]].setdefault(at.date(), np.full((DAY_MIN, 3), np.nan))
        day[60 * at.hour + at.minute] = [
            float(row[key] or "nan") for key in ("hr", "intensity", "steps")
        ]
    return table


def _reported(file: Path | None) -> dict[str, dict[date, tuple[float, float]]]:
    """Energy (kcal) and active minutes that the maker reported, by wearer and day."""
    table: dict[str, dict[date, tuple[float, float]]] = defaultdict(dict)
    for row in () if file is None else rows(file):
        month, day, year = (int(part) for part in row["ActivityDate"].split("/"))
        active = float(row["VeryActiveMinutes"]) + float(row["FairlyActiveMinutes"])
        table[row["Id"]][date(year, month, day)] = float(row["Calories"]), active
    return table


def facts_of(day: date, minutes: NDArray[np.float64]) -> DayFacts:
    """Make of a day's minutes (1440, 3) what the engine would keep of it."""
    hr, steps = minutes[:, 0], minutes[:, 2]
    waking = np.isfinite(hr)
    for first, last in zip(*runs(~(np.nan_to_num(steps) > 0.0)), strict=True):
        if last - first >= REST_MIN:
            waking[first:last] = False
    bpm, count = np.unique(np.floor(hr[waking] + 0.5), return_counts=True)
    clock, end_ts = clock_of(day, UTC)
    means = np.convolve(hr, np.full(LOWEST_MIN, 1.0 / LOWEST_MIN), "valid")
    lowest = means[np.isfinite(means)]
    return DayFacts(
        day=day,
        tz="UTC",
        clock=clock,
        end_ts=end_ts,
        wake_hr=tuple((int(rate), int(n)) for rate, n in zip(bpm, count, strict=True)),
        values={"resting_hr_bpm": float(lowest.min())} if len(lowest) else {},
    )


def _wearer(user: str, days: Minutes, told: dict[date, tuple[float, float]]) -> dict[str, Any]:
    facts = {day: facts_of(day, minutes) for day, minutes in days.items()}
    found: list[dict[str, Any]] = []
    for day in sorted(facts):
        anchors = anchors_of(facts, day, Profile(birth_year=day.year - AGE))
        load = None if isinstance(anchors, str) else day_loads(facts, day, anchors, 1).get(day)
        if load is None or load.wake_min < MIN_WAKE_MIN:
            continue
        active = float((days[day][:, 1] >= ACTIVE).sum())
        found.append(
            {
                "strain": load.strain,
                "net": load.net,
                "active_min": active,
                "sedentary": active < SEDENTARY_MIN,
                "kcal": told[day][0] if day in told else None,
                "reported_active_min": told[day][1] if day in told else None,
            }
        )
    strains = [row["strain"] for row in found]
    quiet = [row["strain"] for row in found if row["sedentary"]]
    return {
        "user": user,
        "n_days": len(found),
        "sedentary_days": len(quiet),
        "strain_median": float(np.median(strains)) if strains else None,
        "sedentary_strain_median": float(np.median(quiet)) if quiet else None,
        "kcal_r": _along(found, "net", "kcal"),
        "active_min_r": _along(found, "strain", "active_min"),
        "days": found,
    }


def _along(found: Sequence[dict[str, Any]], ours: str, theirs: str) -> float | None:
    """Correlation over the days that have both, None below a week of them or without spread."""
    pairs = np.array([(row[ours], row[theirs]) for row in found if row[theirs] is not None])
    if len(pairs) < MIN_DAYS or not (np.ptp(pairs, axis=0) > 0.0).all():
        return None
    return float(np.corrcoef(pairs.T)[0, 1])


def _scores(found: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    days = [row for wearer in found for row in wearer["days"]]
    strains = [row["strain"] for row in days]
    quiet = [row["strain"] for row in days if row["sedentary"]]
    scores: dict[str, float | None] = {
        "days": float(len(days)),
        "sedentary_days": float(len(quiet)),
        "sedentary_strain_median": _quantile(quiet, 50.0),
        "sedentary_strain_p90": _quantile(quiet, 90.0),
        "strain_p10": _quantile(strains, 10.0),
        "strain_median": _quantile(strains, 50.0),
        "strain_p90": _quantile(strains, 90.0),
    }
    for key in ("kcal_r", "active_min_r"):
        scores[key] = _quantile((row[key] for row in found if row[key] is not None), 50.0)
    return scores


def _quantile(values: Iterable[float], percent: float) -> float | None:
    known = list(values)
    return float(np.percentile(known, percent)) if known else None
