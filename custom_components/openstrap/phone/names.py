"""What the phone calls the metrics of the catalogue."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

METRICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "strain": "strain",
        "recovery": "recovery",
        "readiness": "readiness",
        "resting_hr": "resting_hr_bpm",
        "hr": "resting_hr_bpm",
        "hrv": "rmssd_ms",
        "sdnn": "sdnn_ms",
        "lf_hf": "lf_hf",
        "hrv_si": "stress_index",
        "hrv_cv": "hrv_cv_pct",
        "dip": "nocturnal_dip_percent",
        "resp": "breathing_rate_brpm",
        "sleep": "sleep_min",
        "efficiency": "sleep_efficiency",
        "deep": "deep_min",
        "rem": "rem_min",
        "light": "light_min",
        "regularity": "sleep_regularity_index",
        "stress": "arousal_score",
        "calories": "active_kcal",
        "steps": "steps",
        "wear": "worn_min",
        "vo2max": "vo2max",
        "acwr": "acwr",
        "fitness": "ctl",
        "fatigue": "atl",
        "form": "tsb",
        "monotony": "training_monotony",
    }
)
"""Name of a metric in the phone's pages of trends -> key of the catalogue."""
