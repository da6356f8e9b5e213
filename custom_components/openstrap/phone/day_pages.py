"""The pages of a day that are not of its night or heart: strain, stress, timeline and wear."""

from collections import Counter
from datetime import datetime, tzinfo
from typing import Final

import numpy as np

from .day_page import DayPage, listed
from .day_sleep import slept_between
from .envelope import Json
from .lines import MINUTE_S, Line, gaps, points
from .session_rows import session_row

STRESS_POINTS: Final = 240
TIMELINE_POINTS: Final = 300
BANDS: Final = ((0.8, False, "detraining"), (1.3, True, "optimal"), (1.5, True, "caution"))
"""Acute over chronic load: up to where, whether that is in it, and the name of the band."""
HIGH_RISK: Final = "high-risk"
FITNESS: Final = {-1.0: "declining", 0.0: "steady", 1.0: "improving"}
QUARTER_S: Final = 900.0
PAUSE_MIN: Final = 3
"""Minutes in a row without a worn record from which the band was off: fewer are a hole in the
records (judgement)."""


def strain_page(page: DayPage) -> Json:
    """Tell how hard a day was, and what it came to."""
    _, bpm = page.hr
    acwr, fitness, trend = (page.value(key) for key in ("acwr", "ctl", "fitness_trend"))
    return page.head() | {
        "strain": page.value("strain"),
        "curve": _curve(page),
        "zones": page.zones(),
        "hr": {
            "max": page.shown("day_hr_max_bpm"),
            "min": round(float(bpm.min())) if len(bpm) else None,
            "avg": round(float(bpm.mean()), 1) if len(bpm) else None,
        },
        "max_hr_used": page.shown("hr_max_bpm"),
        "worn_min": page.shown("worn_min"),
        "load": None if acwr is None else {"acwr": acwr, "band": band_of(acwr)},
        "fitness_trend": None if trend is None else FITNESS[trend],
        "vo2max": page.value("vo2max"),
        "fitness_model": None
        if fitness is None
        else {"fitness": fitness, "fatigue": page.value("atl"), "form": page.value("tsb")},
        "monotony": page.value("training_monotony"),
        "calories": page.shown("active_kcal"),
        "steps": page.shown("steps"),
        "drivers": page.drivers("strain", "load", "calories", "steps"),
        "sessions": [session_row(one) for one in page.sessions()],
        **page.wrapped(
            strain="strain",
            max_hr_used="hr_max_bpm",
            hr_max="day_hr_max_bpm",
            worn_min="worn_min",
            acwr="acwr",
            fitness_trend="fitness_trend",
            vo2max="vo2max",
            fitness="ctl",
            fatigue="atl",
            form="tsb",
            monotony="training_monotony",
            calories="active_kcal",
            steps="steps",
            z1="zone_1_min",
        ),
    }


def stress_page(page: DayPage) -> Json:
    """Tell how tense a day and its night were, with the heart rate (0 while the band was off)."""
    return page.head() | {
        "stress": page.blob("stress"),
        "sleep_stress": page.blob("sleep_stress"),
        "drivers": page.drivers("stress", "sleep_stress"),
        "hr": page.hr_points(STRESS_POINTS),
    }


def timeline_page(page: DayPage) -> Json:
    """Lay out all that happened from midnight to midnight."""
    ts, bpm = page.hr
    head = page.head() | {"day_start": int(page.midnight_ts), "day_end": None}
    nothing: Json = {"hr": [], "activity": [], "sleep": [], "sessions": [], "events": []}
    if page.line is None:
        return head | nothing | {"highs": {"peak_hr": None, "low_hr": None}}
    start_ts, end_ts = page.bounds
    moved = np.isfinite(page.line.dyn_mg)
    activity = page.line.dyn_mg[moved] / 1000.0
    return head | {
        "day_end": int(end_ts),
        "hr": listed(points(ts, bpm, TIMELINE_POINTS)),
        "activity": listed(points(page.line.ts[moved], activity, TIMELINE_POINTS, 3)),
        "sleep": slept_between(page, start_ts, end_ts),
        "sessions": [session_row(one) for one in page.sessions()],
        "events": [
            {"event_id": event.event_id, "ts": int(event.ts)}
            for event in page.store.events(start_ts, end_ts)
        ],
        "highs": {
            "peak_hr": _point(ts, bpm, int(bpm.argmax())) if len(bpm) else None,
            "low_hr": _point(ts, bpm, int(bpm.argmin())) if len(bpm) else None,
        },
    }


def wear_page(page: DayPage) -> Json:
    """Tell when the band was worn, of the part of the day that has passed.

    ``hourly`` are minutes by the hour of the local clock: when clocks go back the hour that comes
    twice has those of both, up to 120; when they go forward the hour that is missing has none.
    """
    worn_min = page.value("worn_min")
    told = page.head() | {"worn_min": page.shown("worn_min"), "tier": "AUTHORITATIVE"}
    nothing: Json = {
        "coverage_pct": None,
        "day_min": None,
        "hourly": [],
        "first_on": None,
        "last_on": None,
        "segments": None,
        "longest_off_min": None,
        **page.wrapped(worn_min="worn_min"),
    }
    if page.line is None or not told["has_data"]:
        return told | nothing
    start_ts, end_ts = page.bounds
    passed_min = len(page.line.worn)
    found = nothing | {"day_min": round((end_ts - start_ts) / MINUTE_S)}
    if worn_min is not None and passed_min:
        found["coverage_pct"] = round(min(100.0 * worn_min / passed_min, 100.0), 1)
    return told | found | _wear_of(page.line, page.zone, ended=page.now_ts >= end_ts)


def _wear_of(line: Line, zone: tzinfo, *, ended: bool) -> Json:
    """Tell when the band was on; nothing of a day whose records never came here."""
    at = np.flatnonzero(line.worn)
    if not len(at):
        return {}
    # An hour is looked up once a quarter: no zone shifts by less.
    hours = Counter[int]()
    quarter, minutes = np.unique(line.ts[at] // QUARTER_S, return_counts=True)
    for which, count in zip(quarter.tolist(), minutes.tolist(), strict=True):
        hours[datetime.fromtimestamp(which * QUARTER_S, zone).hour] += count
    pauses = gaps(line.worn, PAUSE_MIN)
    off = [int(at[0]), *(end - first for first, end in pauses)]
    if ended:
        # While the day goes on, what came last is not the last that there is.
        off.append(len(line.worn) - 1 - int(at[-1]))
    return {
        "hourly": [hours[hour] for hour in range(24)],
        "first_on": int(line.ts[at[0]]),
        "last_on": int(line.ts[at[-1]] + MINUTE_S),
        "segments": len(pauses) + 1,
        "longest_off_min": max(off),
    }


def band_of(acwr: float) -> str:
    """Name the band of acute over chronic load: detraining below 0.8, up to 1.3 and 1.5."""
    for edge, inside, name in BANDS:
        if acwr < edge or (inside and acwr == edge):
            return name
    return HIGH_RISK


def _curve(page: DayPage) -> list[Json]:
    """Lay out how strain grew: at most 120 points, the last of them what the day came to."""
    curve = (page.details.get("trends") or {}).get("curve")
    if curve is None:
        return []
    return [
        {"t": int(curve["start_ts"] + after), "v": value}
        for after, value in zip(curve["after_s"], curve["strain"], strict=True)
    ]


def _point(ts: np.ndarray, bpm: np.ndarray, at: int) -> Json:
    return {"t": int(ts[at]), "v": round(float(bpm[at]))}
