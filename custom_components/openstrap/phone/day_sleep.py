"""The pages of a day's night: how long, how well, in which stages."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from ..answers.stored import Stored, read
from ..engine.metric import Metric
from ..engine.sleep.hypnogram import Stage, decode
from .day_page import DayPage
from .envelope import Json
from .lines import MINUTE_S

STAGES: Final = {
    Stage.UNOBSERVED: "unobserved",
    Stage.WAKE: "awake",
    Stage.LIGHT: "light",
    Stage.DEEP: "deep",
    Stage.REM: "rem",
}


def sleep_page(page: DayPage) -> Json:
    """Tell of the night that ended on a day; its phases and its stages are of one result."""
    night = page.stored is not None and page.stored.has_night
    asleep, rest, unseen = (
        page.value(key) for key in ("sleep_min", "rest_duration_min", "unobserved_min")
    )
    efficiency = page.value("sleep_efficiency")
    awake = None
    if asleep is not None and rest is not None and unseen is not None:
        awake = round(rest - asleep - unseen, 1)
    return page.head() | {
        "has_sleep": night,
        "need_min": need_of(page),
        "need_tonight_min": page.value("sleep_need_min"),
        "nocturnal": page.blob("nocturnal"),
        "resp": page.breathing(),
        "onset_ts": _ts(page, "sleep_onset", "rest_onset"),
        "wake_ts": _ts(page, "sleep_offset", "rest_offset"),
        "bed_ts": _ts(page, "rest_onset"),
        "rise_ts": _ts(page, "rest_offset"),
        "in_bed_min": rest,
        "duration_min": asleep,
        "awake_min": awake,
        "unobserved_min": unseen,
        "efficiency": None if efficiency is None else round(efficiency / 100.0, 4),
        "debt_min": page.value("sleep_debt_min"),
        "regularity": page.value("sleep_regularity_index"),
        "stages": stages_of(page),
        "stages_beta": True,
        **_phases(page.details.get("hypnogram")),
        "drivers": page.drivers("sleep", "resp", "dip"),
        **page.wrapped(
            duration_min="sleep_min",
            in_bed_min="rest_duration_min",
            efficiency="sleep_efficiency",
            need_tonight_min="sleep_need_min",
            debt_min="sleep_debt_min",
            regularity="sleep_regularity_index",
            light_min="light_min",
            deep_min="deep_min",
            rem_min="rem_min",
            resp="breathing_rate_brpm",
        ),
    }


def periods_page(page: DayPage) -> Json:
    """Tell of all sleep that ended on a day: the night, then naps."""
    periods = [] if page.stored is None else periods_of(page.stored)
    slept = [one["duration_min"] for one in periods if one["duration_min"] is not None]
    return page.head() | {
        "has_sleep": bool(periods),
        "need_min": need_of(page),
        "total_asleep_min": round(sum(slept), 1) if slept else None,
        "periods": periods,
        "period_count": len(periods),
        "stages_beta": True,
    }


def periods_of(stored: Stored) -> list[Json]:
    """List the sleep that ended on a stored day: the main one, then naps as they came.

    Times epoch s, ``efficiency`` 0 to 1; ``onset_ts`` and ``wake_ts`` are those of sleep.
    """
    result, found = stored.result, []
    metrics = result.metrics
    name = result.day.isoformat()

    def value(key: str) -> float | None:
        return metrics[key].value if key in metrics else None

    if stored.has_night:
        share = value("sleep_efficiency")
        found.append(
            {
                "id": f"{name}:main",
                "onset_ts": _first(value("sleep_onset"), value("rest_onset")),
                "wake_ts": _first(value("sleep_offset"), value("rest_offset")),
                "duration_min": value("sleep_min"),
                "in_bed_min": value("rest_duration_min"),
                "efficiency": None if share is None else round(share / 100.0, 4),
                "stages": {key: value(key) for key in ("light_min", "deep_min", "rem_min")},
                "is_main": True,
                "confidence": _sure(metrics, "sleep_min") or _sure(metrics, "rest_duration_min"),
            }
        )
    for start_ts, end_ts, asleep_s, confidence in result.details.get("naps") or ():
        found.append(
            {
                "id": f"{name}:{int(start_ts)}",
                "onset_ts": int(start_ts),
                "wake_ts": int(end_ts),
                "duration_min": round(asleep_s / 60.0, 1),
                "in_bed_min": round((end_ts - start_ts) / 60.0, 1),
                "efficiency": round(asleep_s / (end_ts - start_ts), 4)
                if end_ts > start_ts
                else None,
                "stages": None,
                "is_main": False,
                "confidence": confidence,
            }
        )
    return found


def slept_between(page: DayPage, start_ts: float, end_ts: float) -> list[Json]:
    """Give the sleep that reaches into a stretch of time: of the day, and the night after it."""
    after = read(page.store, page.day + timedelta(days=1), page.day + timedelta(days=1))
    return [
        {key: one[key] for key in ("onset_ts", "wake_ts", "duration_min")}
        for stored in ([] if page.stored is None else [page.stored], after)
        for day in stored
        for one in sorted(periods_of(day), key=lambda period: period["onset_ts"])
        if one["onset_ts"] < end_ts and one["wake_ts"] > start_ts
    ]


def stages_of(page: DayPage) -> Json:
    """Give the minutes in each stage."""
    return {key: page.value(key) for key in ("light_min", "deep_min", "rem_min")}


def need_of(page: DayPage) -> float | None:
    """Give what the night needed to be, minutes; what the coming one needs where that is unknown."""
    need = page.driver("sleep_performance", "need_min")
    return page.value("sleep_need_min") if need is None else need


def _phases(text: Any) -> Json:
    """Lay out the phases: where each begins and the last one ends, and the minutes they add up to.

    Whole phases, however short. ``stages`` are the stager's expectation, which is nearer to the
    truth than counting and adds up to ``duration_min``; both are of one result.
    """
    segments = [] if text is None else decode(text).segments()
    found = [{"t": int(start_ts), "stage": STAGES[stage]} for start_ts, _, stage in segments]
    if not segments:
        return {"hypnogram": [], "hypnogram_min": None}
    _, end_ts, last = segments[-1]
    minutes = dict.fromkeys(STAGES.values(), 0.0)
    for start_ts, until_ts, stage in segments:
        minutes[STAGES[stage]] += (until_ts - start_ts) / MINUTE_S
    return {
        "hypnogram": [*found, {"t": int(end_ts), "stage": STAGES[last]}],
        "hypnogram_min": {f"{name}_min": spent for name, spent in minutes.items()},
    }


def _ts(page: DayPage, *keys: str) -> int | None:
    return _first(*(page.value(key) for key in keys))


def _first(*moments: float | None) -> int | None:
    """Give the first moment that is known, whole seconds."""
    return next((int(ts) for ts in moments if ts is not None), None)


def _sure(metrics: Mapping[str, Metric], key: str) -> float:
    return metrics[key].confidence if key in metrics else 0.0
