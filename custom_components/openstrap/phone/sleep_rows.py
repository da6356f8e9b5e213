"""Stored nights as rows of the phone's tables of sleep."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from ..answers.briefs import Brief
from ..answers.kept import Kept
from ..answers.stored import Stored, stored_of
from ..engine.metric import Metric
from ..store import DayRow
from .day_rows import MOST_ROWS, flags_of, imported_of, value_of
from .day_sleep import periods_of
from .envelope import Json

STAGES: Final = ("light_min", "deep_min", "rem_min")
FLAGGED: Final = {"duration": "sleep_min", "stages": "deep_min"}
MOST_PERIODS: Final = 400


def sleep_row(stored: Stored) -> Json:
    """Make the row of a night: times epoch s, efficiency 0 to 1, what it needed to be in minutes.

    ``onset_ts`` and ``wake_ts`` are of sleep, of the rest where no sleep was told apart.
    """
    result = stored.result
    efficiency = value_of(result, "sleep_efficiency")
    return {
        "date": result.day.isoformat(),
        "onset_ts": first_ts(stored, "sleep_onset", "rest_onset"),
        "wake_ts": first_ts(stored, "sleep_offset", "rest_offset"),
        "duration_min": value_of(result, "sleep_min"),
        "efficiency": None if efficiency is None else round(efficiency / 100.0, 4),
        **{key: value_of(result, key) for key in STAGES},
        "regularity": value_of(result, "sleep_regularity_index"),
        "confidence": result.metrics["sleep_min"].confidence,
        "flags": flags_of(result, FLAGGED),
        "updated_at": None,
        "need_min": need_metric(result.metrics).value,
        "final": stored.final,
        **imported_of(result),
    }


def need_metric(metrics: Mapping[str, Metric]) -> Metric:
    """Give what a night needed to be, as the night's own page does; absent where nobody knows.

    What the coming night needs stands in where nothing was known before this one.
    """
    done, tonight = metrics["sleep_performance"], metrics["sleep_need_min"]
    need = dict(done.drivers).get("need_min")
    if need is None:
        return tonight
    return replace(
        tonight, value=need, confidence=done.confidence, tier=done.tier, note=done.note, drivers=()
    )


def first_ts(stored: Stored, *keys: str) -> int | None:
    """Give the first moment that is known, whole epoch s."""
    values = (value_of(stored.result, key) for key in keys)
    return next((int(value) for value in values if value is not None), None)


def days_of(rows: Iterable[Json]) -> list[Json]:
    """Take whole days until their periods of sleep are at most 400."""
    found: list[Json] = []
    periods = 0
    for row in rows:
        periods += row["period_count"]
        if periods > MOST_PERIODS:
            break
        found.append(row)
    return found


def newest_need(briefs: Mapping[date, Brief]) -> float | None:
    """Give the newest need of sleep that is known of some days, minutes."""
    needs = (brief.value("sleep_need_min") for _, brief in sorted(briefs.items(), reverse=True))
    return next((need for need in needs if need is not None), None)


def _night(row: DayRow) -> Json | None:
    stored = stored_of(row)
    return sleep_row(stored) if stored is not None and stored.has_night else None


def _periods(row: DayRow) -> Json | None:
    stored = stored_of(row)
    periods = [] if stored is None else periods_of(stored)
    if stored is None or not periods:
        return None
    slept = [one["duration_min"] for one in periods if one["duration_min"] is not None]
    return {
        "date": stored.result.day.isoformat(),
        "periods": sorted(periods, key=lambda one: one["onset_ts"]),
        "period_count": len(periods),
        "total_asleep_min": round(sum(slept), 1) if slept else None,
        **imported_of(stored.result),
    }


SLEEP_ROWS: Final = Kept(_night, MOST_ROWS)
PERIOD_ROWS: Final = Kept(_periods, MOST_ROWS)
"""Days with any sleep, and it by periods."""
