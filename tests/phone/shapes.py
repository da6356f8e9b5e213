"""The shapes that an app was written against: told here once more, by hand."""

from typing import Any

from custom_components.openstrap.phone.names import METRICS

NUMBER = (int, float)
MAYBE = (int, float, type(None))
TEXT = (str, type(None))


def check(found: Any, shape: Any, at: str = "answer") -> None:
    """Hold an answer against a shape: types, lists of one shape, and exactly or at least its keys.

    ``...`` among the keys allows more of them. A list [None, shape] may be null.
    """
    if isinstance(shape, dict):
        assert isinstance(found, dict), at
        wanted = set(shape) - {...}
        missing = wanted - set(found)
        assert not missing, f"{at}: {missing}"
        if ... not in shape:
            assert not set(found) - wanted, f"{at}: {set(found) - wanted}"
        for key in wanted:
            check(found[key], shape[key], f"{at}.{key}")
    elif isinstance(shape, list) and shape[0] is None:
        if found is not None:
            check(found, shape[1], at)
    elif isinstance(shape, list):
        assert isinstance(found, list), at
        for place, one in enumerate(found):
            check(one, shape[0], f"{at}[{place}]")
    else:
        assert isinstance(found, shape), f"{at}: {found!r}"
        if bool not in (shape if isinstance(shape, tuple) else (shape,)):
            assert not isinstance(found, bool), at


ENVELOPE: Any = {
    "value": (*MAYBE, str), "unit": str, "confidence": NUMBER, "tier": str, "label": str,
    "inputs_used": [str], ...: None,
}  # fmt: skip

FLAG = {"c": NUMBER, "tier": str, "label": str}

DRIVERS: Any = [None, {...: None}]
TODAY_SHAPE: Any = {
    "date": str,
    "step_goal": MAYBE,
    "coach": [None, {
        "strain_target": [
            None, {"value": NUMBER, "low": NUMBER, "high": NUMBER, "rationale": str}
        ],
        "plan": [{"id": str, "category": str, "title": str, "body": str, "severity": int, ...: None}],
        "readiness_contributors": list,
        "summary": TEXT,
    }],
    "stress": [None, {"score": MAYBE, "level": TEXT, "confidence": NUMBER, "tier": str, ...: None}],
    "illness": [None, {"signal": bool, "triggers": [str], "note": str, ...: None}],
    "sleep_stress": [None, {"score": MAYBE, "arousal_events": MAYBE, "events": list, ...: None}],
    "nocturnal": [None, {"sleeping_hr_avg": MAYBE, "dip_pct": MAYBE, ...: None}],
    "drivers": DRIVERS,
    "resp": [None, {"value": NUMBER, "confidence": NUMBER}],
    "hrv": [None, {
        "rmssd": NUMBER, "confidence": NUMBER, "baseline": MAYBE, "tier": str, "label": str,
    }],
    "skin_temp": [None, {"value": NUMBER, "unit": str, "tier": str, "label": str, ...: None}],
    "spo2": [None, {"value": NUMBER, ...: None}],
    "daily": [None, {
        **dict.fromkeys((
            "strain", "resting_hr", "resting_hr_delta", "recovery", "readiness", "vo2max",
            "fitness", "form", "calories", "steps", "wear_min", "acwr", "fitness_trend",
        ), ENVELOPE),
        "hr_zones": [None, {
            **{f"zone{zone}_min": MAYBE for zone in range(1, 6)},
            "max_hr_used": MAYBE, "max_hr_source": TEXT, "confidence": NUMBER, "tier": str,
            "inputs_used": [str],
        }],
        "anomaly": {"signal": bool, "kind": TEXT, "triggers": [str], "note": TEXT, ...: None},
        "confidence": NUMBER,
        "flags": dict.fromkeys((
            "strain", "resting_hr", "recovery", "calories", "zones", "steps", "load", "fitness",
            "anomaly",
        ), FLAG),
        ...: None,
    }],
    "sleep": [None, {
        "date": str,
        **dict.fromkeys(("duration_min", "need_min", "efficiency"), ENVELOPE),
        "onset_ts": (int, type(None)), "wake_ts": (int, type(None)),
        "stages": dict.fromkeys(("light_min", "deep_min", "rem_min"), MAYBE),
        "stages_meta": FLAG,
        "regularity": MAYBE, "confidence": NUMBER,
        "flags": {"duration": FLAG, "stages": FLAG},
        ...: None,
    }],
    "live": [None, {"ts": int, "hr": (int, type(None)), "wrist_on": bool}],
}  # fmt: skip

COLUMNS = (
    "strain", "resting_hr", "readiness", "recovery", "calories", "wear_min", "steps", "acwr",
    "resp_rate", "resp_conf", "hrv_rmssd", "hrv_conf", "hrv_sdnn", "hrv_lfhf", "hrv_si",
    "skin_temp_idx", "spo2_idx", "vo2max", "fitness", "fatigue", "form", "monotony", "hrv_cv",
    "nocturnal_dip_pct", "hr_max", "hr_min", "hr_avg", "confidence", "updated_at",
)  # fmt: skip
TEXTS = (
    "hr_zones", "fitness_trend", "anomaly", "coach", "stress", "nocturnal", "illness",
    "sleep_stress", "drivers", "irregular", "strain_curve",
)  # fmt: skip

DAILY_SHAPE: Any = {
    "date": str,
    **dict.fromkeys(COLUMNS, MAYBE),
    **dict.fromkeys(TEXTS, TEXT),
    "flags": {...: None},
    ...: None,
}
SLEEP_SHAPE: Any = {
    "date": str, "onset_ts": int, "wake_ts": int, "duration_min": MAYBE, "efficiency": MAYBE,
    "light_min": MAYBE, "deep_min": MAYBE, "rem_min": MAYBE, "regularity": MAYBE,
    "confidence": NUMBER, "flags": {"duration": FLAG, "stages": FLAG}, "updated_at": MAYBE,
    "need_min": MAYBE, ...: None,
}  # fmt: skip
PERIODS_SHAPE: Any = {
    "days": [{
        "date": str,
        "periods": [{
            "id": str, "onset_ts": int, "wake_ts": int, "duration_min": MAYBE,
            "in_bed_min": MAYBE, "efficiency": MAYBE,
            "stages": [None, dict.fromkeys(("light_min", "deep_min", "rem_min"), MAYBE)],
            "is_main": bool, "confidence": NUMBER, ...: None,
        }],
        "period_count": int, "total_asleep_min": MAYBE, ...: None,
    }],
    "need_min": MAYBE,
    "stages_beta": bool,
}  # fmt: skip
SESSION_SHAPE: Any = {
    "id": str, "start_ts": int, "end_ts": int, "type": str, "avg_hr": MAYBE, "max_hr": MAYBE,
    "strain": MAYBE, "calories": MAYBE, "hrr60": MAYBE,
    "zones": [None, {f"zone{zone}_min": NUMBER for zone in range(1, 6)}],
    "confidence": NUMBER, "status": str, "source": str, "title": TEXT, "duration_min": NUMBER,
    ...: None,
}  # fmt: skip

POINTS = [{"t": int, "v": NUMBER}]

TRENDS_SHAPE: Any = {
    "baseline": [None, {
        "resting_hr": MAYBE, "sleeping_hr": MAYBE, "sleep_need_min": MAYBE, ...: None,
    }],
    "daily": [{
        "date": str,
        **dict.fromkeys(
            ("strain", "resting_hr", "readiness", "recovery", "acwr", "wear_min", "calories"), MAYBE
        ),
        "fitness_trend": TEXT,
        "anomaly": [None, {"signal": bool, ...: None}],
        ...: None,
    }],
    "sleep": [{
        "date": str, "duration_min": MAYBE, "efficiency": MAYBE, "regularity": MAYBE, ...: None,
    }],
    "series": dict.fromkeys(("resting_hr", "strain", "acwr", "wear", "sleep_duration"), POINTS),
    "fitness_direction": TEXT, "rhr_slope": MAYBE, "hrr_slope": MAYBE,
    "anomaly": {"signal": bool, "message": str},
}  # fmt: skip

HISTORY_KEYS = (
    "strain", "readiness", "recovery", "resting_hr", "calories", "steps", "wear_min",
    "sleep_duration", "sleep_efficiency", "sleep_regularity",
)  # fmt: skip

SUMMARY: Any = {
    "avg": MAYBE, "min": MAYBE, "max": MAYBE, "latest": MAYBE, "total": MAYBE,
    "delta_pct": MAYBE, "trend": str, ...: None,
}  # fmt: skip
HISTORY_SHAPE: Any = {
    "range": str, "days": int, "from_epoch": int, "to_epoch": int,
    "metrics": dict.fromkeys(HISTORY_KEYS, SUMMARY),
    "series": dict.fromkeys(HISTORY_KEYS, POINTS),
    "calendar": [{
        "date": str, "t": int, "strain": MAYBE, "readiness": MAYBE, "wear_min": MAYBE,
        "sleep_min": MAYBE, ...: None,
    }],
    "hr_zones": dict.fromkeys(("z1", "z2", "z3", "z4", "z5", "total"), MAYBE),
    "worn_days": int, "total_days": int,
}  # fmt: skip
TREND_SHAPE: Any = {
    "metric": str, "label": str, "unit": str, "scale": str, "anchor": str,
    "summary": {
        "avg": MAYBE, "min": MAYBE, "max": MAYBE, "delta_vs_prev": MAYBE, "met_count": MAYBE,
        "total": MAYBE,
    },
    "buckets": [{
        "label": str, "t_start": int, "t_end": int, "value": MAYBE, "min": MAYBE, "max": MAYBE,
        "n_days": int, "coverage": NUMBER, "achieved": MAYBE, "target": MAYBE,
        "met": (bool, type(None)), ...: None,
    }],
}  # fmt: skip
BEST: Any = [None, {"value": NUMBER, "date": str, ...: None}]

STREAK = {"current": (int, type(None)), "label": str}

RECORDS_SHAPE: Any = {
    "days_tracked": int, "nights_tracked": int, "workouts_tracked": int,
    "records": {
        **dict.fromkeys((
            "lowest_rhr", "top_strain", "top_readiness", "most_steps", "longest_sleep",
            "best_efficiency", "lowest_sleeping_hr",
        ), BEST),
        "top_workout": [None, {"value": NUMBER, "date": str, "type": str, ...: None}],
        ...: None,
    },
    "streaks": dict.fromkeys(("wear", "sleep", "strain_target"), STREAK),
    "rhr_drift": [None, {
        "now": NUMBER, "then": NUMBER, "delta": NUMBER, "direction": str, "days": int, ...: None,
    }],
    "baseline": [None, {
        "resting_hr": MAYBE, "sleeping_hr": MAYBE, "sleep_need_min": MAYBE, ...: None,
    }],
}  # fmt: skip

ROUTES = (
    ("/today", TODAY_SHAPE),
    ("/strain", [DAILY_SHAPE]),
    ("/sleep", [SLEEP_SHAPE]),
    ("/sleep/v2", PERIODS_SHAPE),
    ("/sessions", [SESSION_SHAPE]),
    ("/trends", TRENDS_SHAPE),
    ("/history", HISTORY_SHAPE),
    *((f"/trend/{name}", TREND_SHAPE) for name in METRICS),
    ("/records", RECORDS_SHAPE),
)
