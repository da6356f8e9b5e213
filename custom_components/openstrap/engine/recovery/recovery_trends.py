"""Recovery and readiness of a day as metrics, with their bands."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Final

from ..baseline import TRUSTED, Status
from ..facts import DayFacts, values_of
from ..heart.readiness import is_saturated
from ..metric import Metric, Tier, clamp
from ..metric_spec import MetricSpec
from .bands import band_of, whole
from .readiness import INPUTS as READINESS_INPUTS, ReadinessIndex, readiness_index
from .recovery import INPUTS, Recovery, recovery, sleep_performance

SURE: Final = {"hrv": 0.5, "resting_hr": 0.15, "breathing": 0.1, "sleep": 0.15}
"""What each input of a recovery adds to the confidence in it (judgement)."""
MS_A_MINUTE: Final = 60000.0
SATURATED: Final = "saturated"
"""Note: high HRV beside a very slow heart, which may be saturation instead of a gain."""

_row = partial(MetricSpec, decimals=0, tier=Tier.ESTIMATE, kind="trend")
ROWS: Final = (
    _row("recovery", "%", label="Recovery", headline=True),
    _row("recovery_band", "level", label="Recovery band"),
    _row("readiness", "points", label="Readiness"),
    _row("readiness_band", "level", label="Readiness band"),
)
SPEC: Final = {row.key: row for row in ROWS}
WORDS: Final = {
    "hrv": "nightly HRV",
    "resting_hr": "resting heart rate",
    "breathing": "breathing rate",
    "skin_temp": "skin temperature",
    "sleep": "sleep",
}


def recovery_trends(
    facts: Mapping[date, DayFacts], day: date, *, sleep_need_min: float | None
) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day, absent ones with their reason.

    ``facts`` hold the day itself and earlier ones, later days are left out. ``sleep_need_min`` is
    the need of the night that ended on the day; without it recovery goes by the rest. Scores are
    whole points, bands those of ``Band``; drivers are points, the largest first. The note says how
    far the baseline is, what was left out and what else to know.
    """
    known = {at: fact for at, fact in facts.items() if at <= day}
    values = {one.key: values_of(known, one.key) for one in READINESS_INPUTS}
    slept_min = known[day].values.get("sleep_min") if day in known else None
    found = recovery(
        values["rmssd_ms"],
        values["resting_hr_bpm"],
        values["breathing_rate_brpm"],
        sleep_performance(slept_min, sleep_need_min),
        day,
    )
    return _recovery(found, known, day) | _readiness(readiness_index(values, day))


def _recovery(
    found: Recovery | str, facts: Mapping[date, DayFacts], day: date
) -> dict[str, Metric]:
    if isinstance(found, str):
        return _absent("recovery", found, tuple(WORDS[name] for name in INPUTS))
    used = {name for name, _ in found.points}
    notes = _notes(found.nights, [name for name in INPUTS if name not in used])
    rate = facts[day].values.get("sleeping_hr_bpm")
    if is_saturated(MS_A_MINUTE / rate if rate else None, found.hrv_z):
        notes.append(SATURATED)
    confidence = sum(SURE[name] for name in used) * clamp(found.nights / TRUSTED, 0.0, 1.0)
    return _scored("recovery", found.score, confidence, found.points, notes)


def _readiness(found: ReadinessIndex | str) -> dict[str, Metric]:
    names = [one.name for one in READINESS_INPUTS]
    if isinstance(found, str):
        return _absent("readiness", found, tuple(WORDS[name] for name in names))
    used = {name for name, _ in found.points}
    notes = _notes(found.nights, [name for name in names if name not in used])
    confidence = clamp(0.25 + 0.15 * len(used) + 0.02 * min(found.nights, 20), 0.0, 0.9)
    confidence *= clamp(found.nights / TRUSTED, 0.0, 1.0)
    return _scored("readiness", found.score, confidence, found.points, notes)


def _notes(nights: int, without: list[str]) -> list[str]:
    """How far the baseline is (nothing is scored while it calibrates), and what was missing."""
    status = Status.TRUSTED if nights >= TRUSTED else Status.PROVISIONAL
    return [f"baseline={status}", *([f"without:{','.join(without)}"] if without else [])]


def _scored(
    key: str,
    score: float,
    confidence: float,
    points: tuple[tuple[str, float], ...],
    notes: list[str],
) -> dict[str, Metric]:
    inputs = tuple(WORDS[name] for name in WORDS if name in dict(points))
    note = ";".join(notes)
    row, band = SPEC[key], SPEC[f"{key}_band"]
    drivers = tuple((f"{name}_points", gained) for name, gained in points)
    return {
        row.key: row.measured(whole(score), confidence, inputs, drivers=drivers, note=note),
        band.key: band.measured(band_of(score), confidence, inputs, drivers=drivers, note=note),
    }


def _absent(key: str, reason: str, inputs: tuple[str, ...]) -> dict[str, Metric]:
    return {name: SPEC[name].absent(reason, inputs) for name in (key, f"{key}_band")}
