"""The home page of the phone: today as far as it has come, the newest night, and this moment."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from ..answers.stored import Stored, newest, read
from ..engine.day_result import DayResult
from ..engine.metric import Metric, need_input
from ..store import LatestReading, WearerStore
from .blobs import BLOBS
from .day_page import DRIVEN, SURE
from .day_rows import FLAGGED, anomaly, fitness_word, flags_of, imported_of, value_of, zones_blob
from .envelope import Json, drivers, envelope, flag
from .sleep_rows import FLAGGED as SLEEP_FLAGGED, STAGES, first_ts, need_metric

LIVE_S: Final = 600.0
"""An older minute is not now."""
AHEAD_S: Final = 120.0
"""How far a band's clock may be ahead of this one for its minute still to be now (judgement)."""
FRESH: Final = timedelta(days=3)
"""A day that is older tells nothing of how the wearer is now."""
CARDS: Final = ("coach", "stress", "illness", "sleep_stress", "nocturnal")
WRAPPED: Final = {
    "strain": "strain",
    "resting_hr": "resting_hr_bpm",
    "recovery": "recovery",
    "readiness": "readiness",
    "vo2max": "vo2max",
    "fitness": "ctl",
    "form": "tsb",
    "calories": "active_kcal",
    "steps": "steps",
    "wear_min": "worn_min",
    "acwr": "acwr",
}


def today_page(
    store: WearerStore,
    today: date,
    night: date | None,
    *,
    now_ts: float,
    step_goal: float | None,
) -> Json:
    """Tell of today, of the newest night (which ended on the day ``night``), and of now.

    Cards and ``daily`` are null before anything of today was worked out, never those of an earlier
    day; ``sleep`` is of the newest night, whatever its date. ``now_ts`` epoch s.
    """
    found = {
        one.result.day: one for day in {today, night or today} for one in read(store, day, day)
    }
    day = found[today].result if today in found else None
    return {
        "date": today.isoformat(),
        "step_goal": step_goal,
        **{name: None if day is None else BLOBS[name](day) for name in CARDS},
        "drivers": None if day is None else drivers(day.metrics, DRIVEN) or None,
        "resp": None if day is None else _breathing(day),
        "hrv": None if day is None else _variability(day),
        "skin_temp": None if day is None else _skin(day),
        "spo2": None,
        "daily": None if day is None else _daily(day),
        "sleep": None if night is None or night not in found else _sleep(found[night]),
        "live": live_minute(store.latest_reading(), now_ts),
    }


def live_minute(latest: LatestReading, now_ts: float) -> Json | None:
    """Give the minute of the newest record when that is of the last ten; None otherwise.

    Without a heart rate in them the band is not on a wrist.
    """
    for ts, rate in ((latest.hr_ts, latest.hr_bpm), (latest.record_ts, None)):
        if ts is not None and -AHEAD_S <= now_ts - ts <= LIVE_S:
            return {"ts": int(ts // 60 * 60), "hr": rate, "wrist_on": rate is not None}
    return None


def directions_of(store: WearerStore, today: date) -> Json:
    """Tell where the wearer stands: usual values, fitness, and whether the body stands out.

    By the newest day; from older ones than the last three only the usual values hold.
    """
    stored = newest(store, today, with_night=False)
    if stored is None:
        return {"baseline": None, "fitness_direction": None, "anomaly": None}
    result, found = stored.result, anomaly(stored.result)
    if result.day <= today - FRESH:
        return {"baseline": baseline_of(result), "fitness_direction": None, "anomaly": None}
    return {
        "baseline": baseline_of(result),
        "fitness_direction": fitness_word(result),
        "anomaly": {
            "signal": found["signal"],
            "message": found["note"] if found["signal"] else "",
        },
    }


def baseline_of(result: DayResult) -> Json:
    """Give the usual values that a day was held against.

    That of the sleeping heart rate is what ``nocturnal`` tells how far above it a night was.
    """
    return {
        "resting_hr": _driver(result, "resting_hr_deviation", "usual_bpm"),
        "sleeping_hr": _driver(result, "night_signal", "usual_bpm"),
        "sleep_need_min": value_of(result, "sleep_need_min"),
        "hrv_rmssd": _driver(result, "hrv_readiness_z", "usual_ms"),
    }


def _daily(day: DayResult) -> Json:
    metrics = day.metrics
    fitness = metrics["fitness_trend"]
    return {
        **{name: envelope(metrics[key]) for name, key in WRAPPED.items()},
        "resting_hr_delta": envelope(_delta(day)),
        "fitness_trend": envelope(fitness, unit="") | {"value": fitness_word(day)},
        "hr_zones": zones_blob(day),
        "anomaly": anomaly(day),
        "confidence": metrics["strain"].confidence,
        "flags": flags_of(day, FLAGGED),
        **imported_of(day),
    }


def _delta(day: DayResult) -> Metric:
    """Give the resting heart rate less the usual one (bpm), no surer than the two were compared."""
    rate, compared = day.metrics["resting_hr_bpm"], day.metrics["resting_hr_deviation"]
    usual = _driver(day, "resting_hr_deviation", "usual_bpm")
    inputs = ("resting heart rate", "usual resting heart rate")
    if rate.value is None or usual is None:
        note = rate.note if rate.value is None else compared.note
        return Metric(
            None,
            "bpm",
            0.0,
            compared.tier,
            "vs baseline",
            inputs,
            note=note or need_input("usual_resting_heart_rate", 0, 1),
        )
    delta = replace(
        rate,
        value=round(rate.value - usual, 1),
        label="vs baseline",
        inputs_used=inputs,
        drivers=(("usual_bpm", usual),),
        note=None,
    )
    return delta.at_most(compared.tier, compared.confidence)


def _sleep(stored: Stored) -> Json:
    result = stored.result
    metrics = result.metrics
    stages: dict[str, Any] = flag(metrics["deep_min"])
    return {
        "date": result.day.isoformat(),
        "duration_min": envelope(metrics["sleep_min"]),
        "need_min": envelope(need_metric(metrics)),
        "efficiency": envelope(metrics["sleep_efficiency"], scale=0.01, unit="ratio"),
        "onset_ts": first_ts(stored, "sleep_onset", "rest_onset"),
        "wake_ts": first_ts(stored, "sleep_offset", "rest_offset"),
        "stages": {key: value_of(result, key) for key in STAGES},
        "stages_meta": stages | {"label": "Sleep stages"},
        "regularity": value_of(result, "sleep_regularity_index"),
        "confidence": metrics["sleep_min"].confidence,
        "flags": flags_of(result, SLEEP_FLAGGED),
        **imported_of(result),
    }


def _breathing(day: DayResult) -> Json | None:
    metric = day.metrics["breathing_rate_brpm"]
    if metric.value is None or metric.confidence < SURE:
        return None
    return {"value": round(metric.value, 1), "confidence": metric.confidence}


def _variability(day: DayResult) -> Json | None:
    metric = day.metrics["rmssd_ms"]
    if metric.value is None:
        return None
    told = envelope(metric)
    return {
        "rmssd": round(metric.value, 1),
        "confidence": metric.confidence,
        "baseline": _driver(day, "hrv_readiness_z", "usual_ms"),
        "tier": told["tier"],
        "label": metric.label,
    }


def _skin(day: DayResult) -> Json | None:
    """Give how far the skin was from its usual at night, in degrees C."""
    metric = day.metrics["skin_temp_deviation_c"]
    if metric.value is None:
        return None
    return envelope(metric, unit="Δ")


def _driver(day: DayResult, key: str, name: str) -> float | None:
    return dict(day.metrics[key].drivers).get(name)
