"""Stored days as rows of the phone's table of days, every column under its name."""

from datetime import datetime, time
import json
from typing import Final

import numpy as np

from ..answers.kept import Kept
from ..answers.stored import Stored, stored_of
from ..engine.day_result import DayResult
from ..engine.imported import IMPORTED
from ..engine.training.track import Track
from ..store import DayRow
from .blobs import ALERT_WORDS, BLOBS, illness
from .day_page import DRIVEN
from .day_pages import FITNESS
from .envelope import Json, drivers, flag

MOST_ROWS: Final = 400
"""Kept in memory, about 8 kB each: more than any page asks for."""
COLUMNS: Final = {
    "strain": "strain",
    "resting_hr": "resting_hr_bpm",
    "readiness": "readiness",
    "recovery": "recovery",
    "calories": "active_kcal",
    "wear_min": "worn_min",
    "steps": "steps",
    "acwr": "acwr",
    "resp_rate": "breathing_rate_brpm",
    "hrv_rmssd": "rmssd_ms",
    "hrv_sdnn": "sdnn_ms",
    "hrv_lfhf": "lf_hf",
    "hrv_si": "stress_index",
    "skin_temp_idx": "skin_temp_deviation_c",
    "vo2max": "vo2max",
    "fitness": "ctl",
    "fatigue": "atl",
    "form": "tsb",
    "monotony": "training_monotony",
    "hrv_cv": "hrv_cv_pct",
    "hr_max": "day_hr_max_bpm",
}
"""Column -> key of the catalogue, where the column is the metric's plain value."""
WHOLE: Final = frozenset({"calories", "wear_min", "steps", "hr_max"})
"""Columns of whole numbers, as the day's own page shows them."""
CONFIDENCES: Final = {"resp_conf": "breathing_rate_brpm", "hrv_conf": "rmssd_ms"}
FLAGGED: Final = {
    "strain": "strain",
    "resting_hr": "resting_hr_bpm",
    "recovery": "recovery",
    "calories": "active_kcal",
    "zones": "zone_1_min",
    "steps": "steps",
    "load": "acwr",
    "fitness": "fitness_trend",
    "anomaly": "body_alert",
}
"""Key of a row's flags -> metric that it tells of."""


def daily_row(stored: Stored) -> Json:
    """Make the whole row of a day, all columns of the phone's table.

    Everything that is not a number is JSON text, but for the flags. ``confidence`` is that of the
    strain. When a row was written is not kept: ``updated_at`` is null.
    """
    result = stored.result
    row: Json = {"date": result.day.isoformat()}
    row |= {name: _column(result, name, key) for name, key in COLUMNS.items()}
    row |= {name: _confidence(result, key) for name, key in CONFIDENCES.items()}
    dip = value_of(result, "nocturnal_dip_percent")
    row |= {
        "hr_zones": _text(zones_blob(result)),
        "fitness_trend": fitness_word(result),
        "anomaly": _text(anomaly(result)),
        "spo2_idx": None,
        "nocturnal_dip_pct": None if dip is None else round(dip / 100.0, 4),
        **{name: _text(make(result)) for name, make in BLOBS.items()},
        "drivers": _text(drivers(result.metrics, DRIVEN) or None),
        "strain_curve": _text(_curve(result)),
        **_rates(result),
        "confidence": _confidence(result, "strain"),
        "flags": flags_of(result, FLAGGED),
        "updated_at": None,
        "final": stored.final,
        "algorithm": result.algorithm,
        **imported_of(result),
    }
    return row


def is_worn(result: DayResult) -> bool:
    """Whether a day tells anything: one without the band, and told by nobody, is no row."""
    return bool(value_of(result, "worn_min")) or IMPORTED in result.details


def zones_blob(result: DayResult) -> Json | None:
    """Give the minutes in each zone of the heart rate, and by which maximum; None if unknown."""
    first, top = result.metrics["zone_1_min"], result.metrics["hr_max_bpm"]
    if first.value is None:
        return None
    told = flag(first)
    return {
        **{f"zone{zone}_min": value_of(result, f"zone_{zone}_min") for zone in range(1, 6)},
        "max_hr_used": top.value,
        "max_hr_source": (top.note or "").partition("hr_max_source=")[2] or None,
        "confidence": told["c"],
        "tier": told["tier"],
        "inputs_used": list(first.inputs_used),
    }


def anomaly(result: DayResult) -> Json:
    """Tell whether the body stood out; with confidence 0, and why, where nobody can tell."""
    found, metric = illness(result), result.metrics["body_alert"]
    return {
        "signal": found is not None and found["signal"],
        "kind": "body_alert" if found is not None and found["signal"] else None,
        "triggers": [] if found is None else found["triggers"],
        "note": metric.note if found is None else ALERT_WORDS[found["level"]],
        "confidence": metric.confidence,
    }


def fitness_word(result: DayResult) -> str | None:
    """Name the direction of fitness: improving, steady or declining."""
    value = value_of(result, "fitness_trend")
    return None if value is None else FITNESS[value]


def flags_of(result: DayResult, names: dict[str, str]) -> Json:
    """Say how sure the numbers of a row are."""
    return {name: flag(result.metrics[key]) for name, key in names.items()}


def imported_of(result: DayResult) -> Json:
    """Say whether a row is of another system, and of which."""
    told = result.details.get(IMPORTED)
    return {
        "imported": told is not None,
        "imported_from": None if told is None else told.get("source"),
    }


def value_of(result: DayResult, key: str) -> float | None:
    """Give the value of a metric."""
    return result.metrics[key].value


def midnight_of(stored: Stored) -> int:
    """Give the begin of a stored day in its own zone, epoch s."""
    return int(datetime.combine(stored.result.day, time(), stored.zone).timestamp())


def _column(result: DayResult, name: str, key: str) -> float | None:
    value = value_of(result, key)
    return round(value) if value is not None and name in WHOLE else value


def _confidence(result: DayResult, key: str) -> float:
    return result.metrics[key].confidence


def _curve(result: DayResult) -> list[Json] | None:
    curve = (result.details.get("trends") or {}).get("curve")
    if curve is None:
        return None
    return [
        {"t": int(curve["start_ts"] + after), "v": value}
        for after, value in zip(curve["after_s"], curve["strain"], strict=True)
    ]


def _rates(result: DayResult) -> Json:
    """Give the lowest and the mean heart rate of the day's minutes, as the day's own page does."""
    text = result.details.get("track")
    rate = np.empty(0) if text is None else Track.from_dict(text).of_day().minute_hr()
    rate = rate[np.isfinite(rate)]
    return {
        "hr_min": round(float(rate.min())) if len(rate) else None,
        "hr_avg": round(float(rate.mean()), 1) if len(rate) else None,
    }


def _text(blob: object) -> str | None:
    return None if blob is None else json.dumps(blob, separators=(",", ":"), ensure_ascii=False)


def _row(row: DayRow) -> Json | None:
    stored = stored_of(row)
    return daily_row(stored) if stored is not None and is_worn(stored.result) else None


DAILY_ROWS: Final = Kept(_row, MOST_ROWS)
"""Rows of days on which the band was worn, or that were imported."""
