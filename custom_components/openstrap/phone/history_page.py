"""Months and years on one page: each metric summed up, day by day, and the calendar of days."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from ..answers.briefs import Brief, values_of
from ..answers.wording import zone_of
from ..engine.heart.illness import Level
from ..engine.insight.window_summary import summarise
from .blobs import ALERT_WORDS
from .day_pages import FITNESS
from .envelope import Json

RANGES: Final = {"7d": 7, "30d": 30, "90d": 90, "365d": 365}
USUAL: Final = "30d"
DAILY: Final = {
    "strain": "strain",
    "readiness": "readiness",
    "recovery": "recovery",
    "resting_hr": "resting_hr_bpm",
    "calories": "active_kcal",
    "steps": "steps",
    "wear_min": "worn_min",
}
NIGHTLY: Final = {
    "sleep_duration": "sleep_min",
    "sleep_efficiency": "sleep_efficiency",
    "sleep_regularity": "sleep_regularity_index",
}
"""The phone's name -> key of the catalogue."""
FRACTIONS: Final = ("sleep_efficiency",)
"""Are a share of 1 on the phone and percents here."""
LEAST_NIGHT_MIN: Final = 120.0
"""A shorter sleep is no night."""
FLAT_PCT: Final = 1.0
"""A change by less is none on this page."""
TREND_KEYS: Final = {
    "strain": "strain",
    "resting_hr": "resting_hr_bpm",
    "readiness": "readiness",
    "recovery": "recovery",
    "acwr": "acwr",
    "wear_min": "worn_min",
    "calories": "active_kcal",
}
SERIES: Final = {
    "resting_hr": "resting_hr_bpm",
    "strain": "strain",
    "acwr": "acwr",
    "wear": "worn_min",
    "sleep_duration": "sleep_min",
}
BASELINE: Final = ("resting_hr", "sleeping_hr", "sleep_need_min")

type Briefs = Mapping[date, Brief]


def history_page(briefs: Briefs, name: str, today: date, zone: tzinfo) -> Json:
    """Sum up the days of a range that ends today, beside as many before, of which are ``briefs``.

    ``total`` and the rest are of worn days and of nights of two hours and more alone. ``readiness``
    is the composite and ``recovery`` recovery. ``t`` is the day's own midnight.
    """
    days = RANGES[name]
    start = today - timedelta(days=days - 1)
    known = worn(briefs)
    values = {phone: values_of(known, key) for phone, key in DAILY.items()}
    values |= {phone: values_of(_nights(known), key) for phone, key in NIGHTLY.items()}
    now = {day: brief for day, brief in known.items() if start <= day <= today}
    zones = [_sum(now, f"zone_{zone_no}_min") for zone_no in range(1, 6)]
    spent = [minutes for minutes in zones if minutes is not None]
    return {
        "range": name,
        "days": days,
        "from_epoch": _midnight(start, zone),
        "to_epoch": _midnight(today + timedelta(days=1), zone) - 1,
        "metrics": {phone: _summary(phone, daily, today, days) for phone, daily in values.items()},
        "series": {phone: _series(now, daily, _scale(phone)) for phone, daily in values.items()},
        "calendar": [_square(day, brief) for day, brief in now.items()],
        "hr_zones": {
            **{f"z{at}": minutes for at, minutes in enumerate(zones, 1)},
            "total": round(sum(spent), 1) if spent else None,
        },
        "worn_days": sum(bool(brief.value("worn_min")) for brief in now.values()),
        "total_days": days,
    }


def trends_page(briefs: Briefs, newest: Json | None, today: date, days: int) -> Json:
    """Lay out the days up to today, oldest first, with the directions that the newest one tells.

    ``newest`` is what ``directions_of`` gave of it. What a heart lost after workouts has no slope
    here: ``hrr_slope`` is null.
    """
    known = worn(briefs)
    told = newest or {}
    resting = summarise(values_of(known, "resting_hr_bpm"), today, days)
    return {
        "baseline": told.get("baseline"),
        "daily": [_day(day, brief) for day, brief in known.items()],
        "sleep": [
            {
                "date": day.isoformat(),
                "duration_min": brief.value("sleep_min"),
                "efficiency": _share(brief.value("sleep_efficiency")),
                "regularity": brief.value("sleep_regularity_index"),
                "imported": brief.imported,
            }
            for day, brief in known.items()
            if brief.value("rest_onset") is not None
        ],
        "series": {phone: _series(known, values_of(known, key)) for phone, key in SERIES.items()},
        "fitness_direction": told.get("fitness_direction"),
        "rhr_slope": None if resting is None or resting.slope is None else round(resting.slope, 4),
        "hrr_slope": None,
        "anomaly": told.get("anomaly") or {"signal": False, "message": ""},
    }


def worn(briefs: Briefs) -> dict[date, Brief]:
    """Leave out the days without the band, and those that compare with no other."""
    return {
        day: brief
        for day, brief in sorted(briefs.items())
        if brief.comparable and (brief.imported or brief.value("worn_min"))
    }


def _nights(briefs: Briefs) -> dict[date, Brief]:
    return {
        day: brief
        for day, brief in briefs.items()
        if (brief.value("sleep_min") or 0.0) >= LEAST_NIGHT_MIN
    }


def _summary(phone: str, daily: Mapping[date, float], today: date, days: int) -> Json:
    found = summarise(daily, today, days)
    if found is None:
        names = ("avg", "min", "max", "latest", "total", "delta_pct")
        return {**dict.fromkeys(names), "trend": "flat", "days": 0}
    delta = found.versus_previous_pct
    trend = "flat"
    if delta is not None and abs(delta) > FLAT_PCT:
        trend = "up" if delta > 0.0 else "down"
    scale = _scale(phone)
    return {
        "avg": round(scale * found.mean, 4),
        "min": round(scale * found.low, 4),
        "max": round(scale * found.high, 4),
        "latest": round(scale * found.latest, 4),
        "total": round(scale * found.total, 4),
        "delta_pct": None if delta is None else round(delta, 2),
        "trend": trend,
        "days": found.days,
    }


def _series(shown: Briefs, daily: Mapping[date, float], scale: float = 1.0) -> list[Json]:
    return [
        {"t": _own_midnight(day, brief), "v": round(scale * daily[day], 4)}
        for day, brief in shown.items()
        if day in daily
    ]


def _square(day: date, brief: Brief) -> Json:
    slept = brief.value("sleep_min")
    return {
        "date": day.isoformat(),
        "t": _own_midnight(day, brief),
        **{name: brief.value(name) for name in ("strain", "readiness", "recovery")},
        "wear_min": brief.value("worn_min"),
        "sleep_min": slept if slept is not None and slept >= LEAST_NIGHT_MIN else None,
        "imported": brief.imported,
    }


def _day(day: date, brief: Brief) -> Json:
    fitness, alert = brief.value("fitness_trend"), brief.value("body_alert")
    return {
        "date": day.isoformat(),
        **{phone: brief.value(key) for phone, key in TREND_KEYS.items()},
        "fitness_trend": None if fitness is None else FITNESS[fitness],
        "anomaly": None
        if alert is None
        else {"signal": alert >= Level.RED, "note": ALERT_WORDS[Level(int(alert))]},
        "imported": brief.imported,
    }


def _sum(briefs: Briefs, key: str) -> float | None:
    found = values_of(briefs, key)
    return round(sum(found.values()), 1) if found else None


def _scale(phone: str) -> float:
    return 0.01 if phone in FRACTIONS else 1.0


def _share(percent: float | None) -> float | None:
    return None if percent is None else round(percent / 100.0, 4)


def _midnight(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp())


def _own_midnight(day: date, brief: Brief) -> int:
    return _midnight(day, zone_of(brief.timezone))
