"""The pages of a day's heart and breath."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from .day_page import DayPage, listed
from .envelope import Json, envelope
from .lines import points

HR_POINTS = 240
NIGHT_POINTS = 240


def heart_page(page: DayPage) -> Json:
    """Tell of the heart, by day and by night."""
    _, bpm = page.hr
    return page.head() | {
        "hr": page.hr_points(HR_POINTS),
        "avg_hr": round(float(bpm.mean()), 1) if len(bpm) else None,
        "max_hr": page.shown("day_hr_max_bpm"),
        "resting_hr": page.value("resting_hr_bpm"),
        "resting_hr_baseline": page.driver("resting_hr_deviation", "usual_bpm"),
        "recovery": page.value("recovery"),
        "readiness": page.value("readiness"),
        "hrv": _variability(page),
        "zones": page.zones(),
        "nocturnal": page.blob("nocturnal"),
        "stress": page.blob("stress"),
        "illness": page.blob("illness"),
        "irregular": page.blob("irregular"),
        "resp": page.breathing(),
        "spo2": None,
        "drivers": page.drivers(
            "recovery", "readiness", "resting_hr", "hrv", "stress", "illness", "dip", "resp"
        ),
        **page.wrapped(
            max_hr="day_hr_max_bpm",
            resting_hr="resting_hr_bpm",
            recovery="recovery",
            readiness="readiness",
            rmssd="rmssd_ms",
            sdnn="sdnn_ms",
            lf_hf="lf_hf",
            cv="hrv_cv_pct",
            resp="breathing_rate_brpm",
            z1="zone_1_min",
        ),
    }


def lungs_page(page: DayPage) -> Json:
    """Tell of the breath of the night."""
    metric = page.metrics.get("breathing_rate_brpm")
    shown = page.breathing() is not None
    return page.head() | {
        "resp_rate": envelope(metric) if metric is not None and shown else None,
        "breathing": _line(page.details.get("breathing"), 1),
        "spo2": None,
        "drivers": page.drivers(),
        **page.wrapped(
            resp_rate="breathing_rate_brpm",
            variability="breathing_rate_sd",
            deviation="breathing_rate_deviation",
        ),
    }


def hrv_page(page: DayPage) -> Json:
    """Tell of the variability of the night's beats, and how it went through the night (ms)."""
    return page.head() | {
        "rmssd": page.value("rmssd_ms"),
        "sdnn": page.value("sdnn_ms"),
        "lf_hf": page.value("lf_hf"),
        "cv": page.value("hrv_cv_pct"),
        "confidence": page.confidence("rmssd_ms"),
        "baseline": page.driver("hrv_readiness_z", "usual_ms"),
        "hrv": _line(page.details.get("hrv"), 1),
        "drivers": page.drivers("hrv"),
        **page.wrapped(rmssd="rmssd_ms", sdnn="sdnn_ms", lf_hf="lf_hf", cv="hrv_cv_pct"),
    }


def _variability(page: DayPage) -> Json | None:
    """Bundle the variability; None of a night without any."""
    if not page.confidence("rmssd_ms"):
        return None
    return {
        "rmssd": page.value("rmssd_ms"),
        "sdnn": page.value("sdnn_ms"),
        "lf_hf": page.value("lf_hf"),
        "cv": page.value("hrv_cv_pct"),
        "confidence": page.confidence("rmssd_ms"),
        "baseline": page.driver("hrv_readiness_z", "usual_ms"),
    }


def _line(line: Mapping[str, Any] | None, decimals: int) -> list[Json]:
    """Lay out a stored curve of the night."""
    if line is None or not line["values"]:
        return []
    values = np.array(line["values"], dtype=np.float64)
    ts = line["start_ts"] + (line["step_s"] or 0.0) * np.arange(len(values))
    return listed(points(ts, values, NIGHT_POINTS, decimals))
