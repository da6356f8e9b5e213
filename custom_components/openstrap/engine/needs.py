"""What each metric of the catalogue needs: without such a source it is absent.

Told by source, and held against the engine by taking each away (tests/engine/test_needs.py). Where
one source can stand in for another neither is needed: a maximum heart rate, and so load, comes from
the age or a rate that was once held. The wearer's own word is no source: a year of birth is listed
where ``arousal_score`` also takes a told maximum for it, and what counts sleep against its need an
own need.
"""

from collections.abc import Collection, Mapping
from typing import Final, get_args

from .metric_spec import Source

SOURCES: Final[tuple[Source, ...]] = get_args(Source.__value__)

_STEPS: Final = frozenset({"steps", "cadence_spm"})
_CYCLE: Final = frozenset(
    {"cycle_day", "cycle_phase", "cycle_luteal", "next_period", "next_period_spread_d"}
)
_ENERGY: Final = frozenset({"active_kcal", "basal_kcal", "total_kcal", "vo2max"})
_NIGHT_BEATS: Final = frozenset(
    {
        "rmssd_ms",
        "rmssd_whole_ms",
        "sdnn_ms",
        "sdann_ms",
        "sdnn_index_ms",
        "pnn50",
        "pnn20",
        "sd1_ms",
        "sd2_ms",
        "hrv_shape_ratio",
        "vlf_power_ms2",
        "lf_power_ms2",
        "hf_power_ms2",
        "hf_ln_ms2",
        "lf_hf",
        "lf_nu",
        "deceleration_capacity_ms",
        "acceleration_capacity_ms",
        "stress_index",
        "rr_clean_fraction",
        "beats",
        "breathing_rate_brpm",
        "breathing_rate_sd",
        "breathing_rate_cv",
        "breathing_slope",
        "cvhr_per_h",
        "cvhr_observed_h",
        "irregular_rhythm",
    }
)
"""Of the beats of a rest, which the heart rate finds as well where movement was not seen."""

FREE_OF: Final[Mapping[Source, frozenset[str]]] = {
    "heart rate": _STEPS | _CYCLE | frozenset({"hr_max_bpm", "worn_min", "wear_streak_days"}),
    "movement": _STEPS
    | _CYCLE
    | _NIGHT_BEATS
    | frozenset(
        {
            "day_hr_max_bpm",
            "hr_max_bpm",
            "rest_onset",
            "rest_offset",
            "rest_duration_min",
            "resting_hr_bpm",
            "sleeping_hr_bpm",
            "hr_nadir_bpm",
            "hr_nadir_ts",
            "hr_nadir_position",
            "skin_temp_c",
            "night_hr_median_bpm",
            "worn_min",
            "cosinor_mesor_bpm",
            "cosinor_amplitude_bpm",
            "cosinor_acrophase_h",
            "wear_streak_days",
        }
    ),
    "night": _STEPS
    | _CYCLE
    | frozenset(
        {
            "day_hr_max_bpm",
            "hr_max_bpm",
            "daytime_rmssd_ms",
            "active_min",
            "dyn_amp_mg",
            "dyn_amp_p90_mg",
            "dyn_moving_p50_mg",
            "dyn_moving_p75_mg",
            "dyn_moving_p90_mg",
            "enmo_mg",
            "mad_mg",
            "hr_peak_held_bpm",
            "nap_count",
            "nap_min",
            "worn_min",
            "arousal_vs_usual_bpm",
            "movement_min",
            "light_movement_min",
            "moderate_movement_min",
            "vigorous_movement_min",
            "wear_streak_days",
        }
    ),
}
"""Sources that all metrics need but these. Records without a heart rate are of no wrist."""

NEEDING: Final[Mapping[Source, frozenset[str]]] = {
    "beats": _NIGHT_BEATS
    | frozenset(
        {
            "recovery",
            "recovery_band",
            "rmssd_deep_ms",
            "daytime_rmssd_ms",
            "hrv_readiness_z",
            "hrv_night_z",
            "hrv_7d_ln",
            "hrv_cv_pct",
            "breathing_rate_deviation",
            "cvhr_usual",
            "hrv_change_pct",
            "hrv_change_days",
            "strain_target",
            "hrv_percentile",
            "hrv_baseline",
            "breathing_baseline",
        }
    ),
    "skin temperature": frozenset(
        {
            "skin_temp_c",
            "skin_temp_deviation_c",
            "skin_temp_amplitude_c",
            "skin_temp_peak_h",
            "temperature_flag",
            "skin_temp_stability",
            "skin_temp_variability",
            "skin_temp_baseline",
        }
    ),
    "steps": _STEPS,
    "earlier days": frozenset(
        {
            "recovery",
            "recovery_band",
            "readiness",
            "readiness_band",
            "hrv_readiness_z",
            "hrv_night_z",
            "hrv_7d_ln",
            "hrv_cv_pct",
            "resting_hr_deviation",
            "illness_level",
            "illness_cusum",
            "night_signal",
            "cosinor_mesor_bpm",
            "cosinor_amplitude_bpm",
            "cosinor_acrophase_h",
            "arousal_vs_usual_bpm",
            "sleep_need_min",
            "sleep_debt_min",
            "sleep_performance",
            "bedtime",
            "sleep_regularity_index",
            "timing_consistency",
            "social_jetlag_h",
            "chronotype_h",
            "interdaily_stability",
            "intradaily_variability",
            "relative_amplitude",
            "m10_onset_h",
            "l5_onset_h",
            "breathing_rate_deviation",
            "cvhr_usual",
            "skin_temp_deviation_c",
            "skin_temp_amplitude_c",
            "skin_temp_peak_h",
            "temperature_flag",
            "movement_min",
            "night_movement_min",
            "light_movement_min",
            "moderate_movement_min",
            "vigorous_movement_min",
            "acwr",
            "ctl",
            "atl",
            "tsb",
            "training_monotony",
            "training_strain",
            "overreaching",
            "fitness_trend",
            "body_alert",
            "anomaly_d",
            "anomaly_p",
            "night_state",
            "resting_hr_change_bpm",
            "resting_hr_change_days",
            "hrv_change_pct",
            "hrv_change_days",
            "skin_temp_stability",
            "skin_temp_variability",
            "strain_target",
            "wake_target",
            "hrv_percentile",
            "resting_hr_percentile",
            "sleep_percentile",
            "strain_percentile",
            "resting_hr_drift_bpm",
            "sleep_streak_days",
            "hrv_baseline",
            "resting_hr_baseline",
            "breathing_baseline",
            "skin_temp_baseline",
            "strain_baseline",
        }
    ),
    "birth year": _ENERGY
    | frozenset(
        {
            "arousal_score",
            "sleep_need_min",
            "sleep_debt_min",
            "sleep_performance",
            "bedtime",
            "wake_target",
            "sleep_streak_days",
        }
    ),
    "sex": _ENERGY,
    "height and weight": _ENERGY,
    "told": _CYCLE,
}
"""Sources that these metrics need, and no others."""


def needs_of(keys: Collection[str]) -> dict[str, tuple[Source, ...]]:
    """Give the sources that each metric needs, in the order of ``Source``.

    Raises ValueError where something is said of a metric that is not among ``keys``.
    """
    named = frozenset().union(*FREE_OF.values(), *NEEDING.values())
    if unknown := named.difference(keys):
        raise ValueError(f"not in the catalogue: {', '.join(sorted(unknown))}")
    return {key: tuple(source for source in SOURCES if _needs(key, source)) for key in keys}


def _needs(key: str, source: Source) -> bool:
    return key in NEEDING[source] if source in NEEDING else key not in FREE_OF[source]
