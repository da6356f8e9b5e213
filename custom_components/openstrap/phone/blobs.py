"""The bundles that the phone shows as one card: stress, illness, the night's heart and the coach.

Each is read off a stored day and None where its main number is absent; nothing is worked out here.
"""

from collections.abc import Callable
from typing import Final

from ..engine.catalog import CATALOG
from ..engine.day_result import DayResult
from ..engine.heart.illness import Level
from ..engine.metric import Metric
from .coach_words import item_of, sentence_of, target_words
from .envelope import NOT_COMPUTED, Json, envelope

STRESS_LEVELS: Final = ((100.0 / 3.0, "low"), (200.0 / 3.0, "moderate"))
"""Scores below which a day is called so, above them elevated: thirds of the scale (judgement)."""
TRIGGERS: Final = {"heart_rate": "rhr", "hrv": "rmssd", "temperature": "temp", "breathing": "resp"}
"""What the phone calls the signs of a night."""
ALERT_WORDS: Final = {
    Level.GREEN: "Last night was like your usual nights.",
    Level.YELLOW: "Last night differed somewhat from your usual nights.",
    Level.RED: "Two nights in a row differed clearly from your usual nights.",
}
RHYTHM_WORDS: Final = {
    False: "No sign of an irregular rhythm in the beats of the night. This is no diagnosis.",
    True: "The beats of the night looked irregular. This is a hint to have it looked at, "
    "no diagnosis.",
}


def stress(day: DayResult) -> Json | None:
    """Give the arousal of the waking hours (0 to 100), and of the night Baevsky's index and the HRV."""
    score = day.metrics.get("arousal_score") or CATALOG["arousal_score"].absent(NOT_COMPUTED)
    values = {
        "score": _value(score),
        "si": _of(day, "stress_index"),
        "lf_hf": _of(day, "lf_hf"),
        "rmssd": _of(day, "rmssd_ms"),
    }
    if values["score"] is None and values["si"] is None:
        return None
    return {**values, "level": _stress_level(values["score"]), **_sure(score), **_moved_by(score)}


def illness(day: DayResult) -> Json | None:
    """Give the body alert: ``signal`` when red; ``level`` is 0 none, 1 watch, 2 alert."""
    alert = day.metrics.get("body_alert")
    if alert is None or alert.value is None:
        return None
    level = Level(int(alert.value))
    return {
        "signal": level is Level.RED,
        "level": int(level),
        "distance": _of(day, "anomaly_d"),
        "triggers": [TRIGGERS[sign] for sign in _signs(alert) if sign in TRIGGERS],
        "note": ALERT_WORDS[level],
        **_sure(alert),
        **_moved_by(alert),
    }


def sleep_stress(day: DayResult) -> Json | None:
    """Tell how disturbed the night was; of its events the number is kept, not the moments."""
    score = day.metrics.get("sleep_stress")
    if score is None or score.value is None:
        return None
    told = dict(score.drivers)
    rest, unseen = _of(day, "rest_duration_min"), _of(day, "unobserved_min")
    seen_min = None if rest is None or unseen is None else rest - unseen
    return {
        "score": score.value,
        "arousal_events": _times(told.get("events_per_h"), seen_min, 60.0),
        "restless_min": _times(told.get("mobile_pct"), seen_min, 100.0),
        "mean_sleeping_hr": _of(day, "sleeping_hr_bpm"),
        "events": [],
        **_sure(score),
        **_moved_by(score),
    }


def nocturnal(day: DayResult) -> Json | None:
    """Hold the heart of the night against the day and earlier nights; ``dip_pct`` is 0 to 1."""
    asleep = day.metrics.get("sleeping_hr_bpm")
    if asleep is None or asleep.value is None:
        return None
    dip = day.metrics.get("nocturnal_dip_percent")
    raised = _driver(day, "resting_hr_deviation", "sleeping_hr_elevated")
    fell, nadir_ts = _value(dip), _of(day, "hr_nadir_ts")
    return {
        "sleeping_hr_avg": asleep.value,
        "sleeping_hr_min": _of(day, "hr_nadir_bpm"),
        "nadir_ts": None if nadir_ts is None else int(nadir_ts),
        "day_hr_avg": _driver(day, "nocturnal_dip_percent", "day_bpm"),
        "dip_pct": None if fell is None else round(fell / 100.0, 4),
        "vs_baseline_bpm": _driver(day, "night_signal", "above_bpm"),
        "elevated": None if raised is None else bool(raised),
        **_sure(asleep),
    }


def irregular(day: DayResult) -> Json | None:
    """Give the screen of the night's rhythm, with the spread of its beats (ms; ``pnn50`` %)."""
    flag = day.metrics.get("irregular_rhythm")
    if flag is None or flag.value is None:
        return None
    sd1, sd2 = _of(day, "sd1_ms"), _of(day, "sd2_ms")
    return {
        "flag": bool(flag.value),
        "sd1": sd1,
        "sd2": sd2,
        "ratio": round(sd1 / sd2, 4) if sd1 is not None and sd2 else None,
        "pnn50": _of(day, "pnn50"),
        "ectopic_frac": None,
        "note": RHYTHM_WORDS[bool(flag.value)],
        **_sure(flag),
    }


def coach(day: DayResult) -> Json | None:
    """Say what stands out of a day and what strain it bears, in English; None for old results."""
    told = (day.details.get("trends") or {}).get("coach")
    if told is None:
        return None
    target, reach = day.metrics.get("strain_target"), told.get("strain_target")
    return {
        "strain_target": None
        if reach is None or target is None or target.value is None
        else {
            "value": round(target.value, 1),
            "low": reach["low"],
            "high": reach["high"],
            "rationale": target_words(reach, _of(day, "recovery")),
        },
        "plan": [item_of(item) for item in told.get("plan") or ()],
        "readiness_contributors": [],
        "summary": sentence_of(told.get("summary") or {}),
    }


BLOBS: Final[dict[str, Callable[[DayResult], Json | None]]] = {
    "coach": coach,
    "stress": stress,
    "illness": illness,
    "sleep_stress": sleep_stress,
    "nocturnal": nocturnal,
    "irregular": irregular,
}
"""All of them by the phone's name."""


def _stress_level(score: float | None) -> str | None:
    if score is None:
        return None
    return next((name for below, name in STRESS_LEVELS if score < below), "elevated")


def _signs(alert: Metric) -> list[str]:
    """Read the names of the signs that were raised from the note that lists them."""
    named = next((part for part in (alert.note or "").split(",") if part.startswith("signs=")), "")
    return named.removeprefix("signs=").split("+")


def _times(rate: float | None, minutes: float | None, per: float) -> int | None:
    """Give back the count that a rate over the observed minutes was made of."""
    return None if rate is None or minutes is None else round(rate * minutes / per)


def _sure(metric: Metric) -> Json:
    wrapped = envelope(metric)
    return {key: wrapped[key] for key in ("confidence", "tier", "inputs_used")}


def _moved_by(metric: Metric) -> Json:
    return {"drivers": [{"label": name, "contribution": number} for name, number in metric.drivers]}


def _value(metric: Metric | None) -> float | None:
    return None if metric is None else metric.value


def _of(day: DayResult, key: str) -> float | None:
    return _value(day.metrics.get(key))


def _driver(day: DayResult, key: str, name: str) -> float | None:
    metric = day.metrics.get(key)
    return None if metric is None else dict(metric.drivers).get(name)
