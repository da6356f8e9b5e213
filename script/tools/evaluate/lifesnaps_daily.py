"""Months of a watch's daily figures of many people, with gaps, moods, and nobody's diagnosis."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date
from pathlib import Path
from typing import Any, Final

import numpy as np

from openstrap.engine.against_usual import usual
from openstrap.engine.baseline import RESTING_HR_BPM
from openstrap.engine.facts import DayFacts, clock_of, values_of
from openstrap.engine.heart.illness import Level, illness_cusum, night_signal
from openstrap.engine.heart.readiness import night_readiness
from openstrap.engine.insight.anomaly import Anomaly
from openstrap.engine.insight.body_alert import body_alert
from openstrap.engine.insight.change_points import change_points
from openstrap.engine.insight.night_state import State, night_state

from .scores import bootstrap_by_subject
from .tables import UnknownFormat, find_table, rows

COLUMNS: Final = {"id", "date", "rmssd", "nremhr", "resting_hr", "full_sleep_breathing_rate"}
MEASURED: Final = (
    ("rmssd", "rmssd_ms", (5.0, 250.0)),
    ("nremhr", "night_hr_median_bpm", (25.0, 130.0)),
    ("resting_hr", "resting_hr_bpm", (25.0, 130.0)),
    ("full_sleep_breathing_rate", "breathing_rate_brpm", (4.0, 40.0)),
    ("nightly_temperature", "skin_temp_c", (20.0, 42.0)),
    ("minutesAsleep", "sleep_min", (1.0, 1440.0)),
)
"""Column, what the engine calls it, and what it can be: a zero stands for none."""
SCORE, TIRED, RESTED, TENSE = "stress_score", "TIRED", "RESTED/RELAXED", "TENSE/ANXIOUS"
YEAR: Final = 365.25
MIN_JUDGED: Final = 30
"""Judged nights from which a person has a rate a year."""
MIN_PAIRS: Final = 14
"""Days from which a person has a correlation."""
MIN_GROUP: Final = 5
"""Days with and without a mood from which a person has a difference."""
UNUSUAL: Final = (("p05", 0.05), ("p005", 0.005))
SIGNALS: Final = ("hrv_z", "resting_hr_z")


def knows(path: Path) -> bool:
    """Tell whether the table of the format is there."""
    return find_table(path, COLUMNS) is not None


def evaluate(path: Path) -> dict[str, Any]:
    """Watch each person's nights, as of each day, and hold what is told against what they said.

    Nobody's illness is known, so nothing here is a hit or a miss. ``*_per_year``: days that are
    raised in 365.25 judged nights, median over people with 30 judged nights, and all nights
    together (``_all``): upper limits of false alerts. ``body_alert`` is the verdict, ``watch``
    its first step, ``illness_level`` and ``night_signal`` the two older watches when red,
    ``rough_night`` the night state. ``anomaly_p05_share`` and ``anomaly_p005_share``: nights as
    far off as 5 % and 0.5 % of them should be. ``changes_per_year``: changes of resting heart
    rate. ``hrv_z_*`` and ``resting_hr_z_*``: each against the watch's own stress score (high is
    calm) and sleep, rank correlations within people with 14 days, median; and how much higher
    the signal is on days with a mood than on others, within people with five of each. The
    watch's resting heart rate is smoothed over days; that of its deep sleep is not.
    """
    file = find_table(path, COLUMNS)
    if file is None:
        raise UnknownFormat("no table of days")
    days: dict[str, dict[date, dict[str, str]]] = defaultdict(dict)
    for row in rows(file):
        days[row["id"]][date.fromisoformat(row["date"][:10])] = row
    found = [_person(name, table) for name, table in sorted(days.items())]
    return (
        {"people": len(found), "days": sum(len(table) for table in days.values())}
        | _scores(found)
        | {"intervals": bootstrap_by_subject(found, _scores), "per_subject": found}
    )


def facts_of(table: Mapping[date, Mapping[str, str]]) -> dict[date, DayFacts]:
    """Make facts of one person's rows."""
    facts = {}
    for day, row in table.items():
        values = {}
        for column, key, (low, high) in MEASURED:
            value = _number(row, column)
            if value is not None and low <= value <= high:
                values[key] = value
        clock, end_ts = clock_of(day, UTC)
        facts[day] = DayFacts(day=day, tz="UTC", clock=clock, end_ts=end_ts, values=values)
    return facts


def _number(row: Mapping[str, str], column: str) -> float | None:
    text = row.get(column) or ""
    value = float(text) if text else float("nan")
    return value if np.isfinite(value) else None


def _person(name: str, table: Mapping[date, Mapping[str, str]]) -> dict[str, Any]:
    facts = facts_of(table)
    night_hr, resting = values_of(facts, "night_hr_median_bpm"), values_of(facts, "resting_hr_bpm")
    count: dict[str, int] = defaultdict(int)
    for day in sorted(night_hr):
        count["nights"] += 1
        alert = body_alert(facts, day)
        if not isinstance(alert, str):
            count["judged"] += 1
            count["body_alert"] += alert.level is Level.RED
            count["watch"] += alert.level is Level.YELLOW
            if isinstance(alert.night, Anomaly):
                count["anomaly_judged"] += 1
                for share, limit in UNUSUAL:
                    count[f"anomaly_{share}"] += alert.night.p < limit
        for key, watch in (
            ("illness_level", illness_cusum(resting, day)),
            ("night_signal", night_signal(night_hr, day)),
        ):
            if not isinstance(watch, str):
                count[f"{key}_judged"] += 1
                count[key] += watch.level is Level.RED
        state = night_state(facts, day)
        if not isinstance(state, str):
            count["rough_night_judged"] += 1
            count["rough_night"] += state.state is State.ROUGH
    changes = change_points(resting, max(resting)) if resting else ""
    row: dict[str, Any] = {"person": name, "days": len(table), **count}
    if not isinstance(changes, str):
        row |= {"changes": len(changes), "changes_judged": min(len(resting), 120)}
    return row | _beside(facts, table)


def _beside(
    facts: Mapping[date, DayFacts], table: Mapping[date, Mapping[str, str]]
) -> dict[str, float]:
    """Hold the signals of one person against the score, the sleep and the moods of each day."""
    rmssd, resting = values_of(facts, "rmssd_ms"), values_of(facts, "resting_hr_bpm")
    signals: dict[str, dict[date, float]] = {key: {} for key in SIGNALS}
    for day in rmssd:
        z = night_readiness(rmssd, day).z
        if z is not None:
            signals["hrv_z"][day] = z
    for day in resting:
        compared = usual(RESTING_HR_BPM, resting, day)
        if not isinstance(compared, str):
            signals["resting_hr_z"][day] = compared[1].z
    found: dict[str, float] = {}
    for key, z_of in signals.items():
        for column, name in ((SCORE, "calm"), ("minutesAsleep", "sleep")):
            pairs = [
                (z, value)
                for day, z in z_of.items()
                if (value := _number(table[day], column)) is not None and value > 0.0
            ]
            if len(pairs) >= MIN_PAIRS and (r := _spearman(pairs)) is not None:
                found[f"{key}_{name}_r"] = r
        for column, name in ((TIRED, "tired"), (RESTED, "rested"), (TENSE, "tense")):
            told: dict[float, list[float]] = {0.0: [], 1.0: []}
            for day, z in z_of.items():
                mood = _number(table[day], column)
                if mood in told:
                    told[mood].append(z)
            if min(map(len, told.values())) >= MIN_GROUP:
                found[f"{key}_{name}_difference"] = float(np.mean(told[1.0]) - np.mean(told[0.0]))
    return found


def _spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    from scipy.stats import rankdata

    x, y = (rankdata(side) for side in np.transpose(pairs))
    return float(np.corrcoef(x, y)[0, 1]) if np.ptp(x) and np.ptp(y) else None


def _scores(found: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    nights, judged = (sum(row.get(key, 0) for row in found) for key in ("nights", "judged"))
    scores: dict[str, float | None] = {
        "nights": float(nights),
        "judged_share": judged / nights if nights else None,
    }
    for key, of in (
        ("body_alert", "judged"),
        ("watch", "judged"),
        ("illness_level", "illness_level_judged"),
        ("night_signal", "night_signal_judged"),
        ("rough_night", "rough_night_judged"),
        ("changes", "changes_judged"),
    ):
        known = [row for row in found if row.get(of, 0) > 0]
        whole = sum(row[of] for row in known)
        rates = [YEAR * row[key] / row[of] for row in known if row[of] >= MIN_JUDGED]
        scores[f"{key}_per_year"] = _middle(rates)
        scores[f"{key}_per_year_all"] = (
            YEAR * sum(row[key] for row in known) / whole if whole else None
        )
    whole = sum(row.get("anomaly_judged", 0) for row in found)
    for name, _ in UNUSUAL:
        far = sum(row.get(f"anomaly_{name}", 0) for row in found)
        scores[f"anomaly_{name}_share"] = far / whole if whole else None
    for signal in SIGNALS:
        for name in (
            "calm_r",
            "sleep_r",
            "tired_difference",
            "rested_difference",
            "tense_difference",
        ):
            key = f"{signal}_{name}"
            scores[f"{key}_median"] = _middle([row[key] for row in found if key in row])
            scores[f"{key}_people"] = float(sum(key in row for row in found))
    return scores


def _middle(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if len(values) else None
