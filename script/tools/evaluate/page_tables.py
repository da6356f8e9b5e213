"""What the tables of the page about accuracy show of each format, and what is asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

DASH: Final = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of a table: its key, what it is called, what it should reach, what others reach."""

    key: str
    name: str
    target: str = DASH
    others: str = DASH
    decimals: int = 2


SLEEP: Final = (
    Line(
        "four_class_kappa",
        "Agreement on wake, light, deep, REM (kappa, all epochs)",
        "≥ 0.52",
        "WHOOP's own study 0.47; open WHOOP stagers 0.13 to 0.41; random forest on these nights 0.34",
        3,
    ),
    Line("four_class_kappa_mean", "the same, mean of nights", decimals=3),
    Line(
        "three_class_kappa", "Wake, non-REM, REM (kappa)", others="random forest 0.42", decimals=3
    ),
    Line(
        "sleep_wake_kappa",
        "Asleep or awake (kappa)",
        "≥ 0.56",
        "Oakley's actigraphy 0.37 to 0.40; random forest 0.47",
        3,
    ),
    Line(
        "detected_four_class_kappa",
        "Four classes in the window that the detector found (kappa)",
        "≥ 0.49",
        decimals=3,
    ),
    Line("tst_mae_min", "Total sleep, mean error (min)", "≤ 15", "Oakley 17", 1),
    Line("tst_bias_min", "Total sleep, bias (min)", decimals=1),
    Line("light_bias_min", "Light sleep, bias (min)", "within 10", decimals=1),
    Line("deep_bias_min", "Deep sleep, bias (min)", "within 10", decimals=1),
    Line("rem_bias_min", "REM sleep, bias (min)", "within 10", decimals=1),
    Line("waso_mae_min", "Awake after sleep onset, mean error (min)", decimals=1),
    Line("live_sleep_wake_kappa", "Live, asleep or awake (kappa)", decimals=3),
    Line("live_four_class_kappa", "Live, four classes (kappa)", decimals=3),
)
WINDOW: Final = (
    Line("onset_median_min", "Falling asleep, median error (min)", "≤ 10", "simple finder 19", 1),
    Line("onset_mae_min", "Falling asleep, mean error (min)", "≤ 25", "simple finder 65", 1),
    Line("end_median_min", "Getting up, median error (min)", "≤ 10", "simple finder 20", 1),
    Line("end_mae_min", "Getting up, mean error (min)", "≤ 25", "simple finder 53", 1),
    Line(
        "tst_mae_min",
        "Total sleep, mean error (min)",
        "≤ 20",
        "Cole-Kripke in the known window 25",
        1,
    ),
    Line(
        "rmssd_rel_err_median",
        "RMSSD of the whole sleep, median relative error",
        "≤ 0.05",
        decimals=3,
    ),
    Line("rhr_mae_bpm", "Resting heart rate, mean error (bpm)", "≤ 2"),
)
STRESS: Final = (
    Line("false_sleep_min_total", "Minutes of sleep found in 21 h of sitting", "0", decimals=0),
    Line(
        "stress_direction_share",
        "People whose arousal is higher in the tasks than at rest",
        "≥ 0.75",
    ),
)
VARIABILITY: Final = (
    Line(
        "rmssd_rel_err_max",
        "RMSSD, largest relative error against neurokit2",
        "≤ 0.005",
        decimals=6,
    ),
    Line("sdnn_rel_err_max", "SDNN, the same", "≤ 0.005", decimals=6),
    Line(
        "clean_rmssd_rel_err_median",
        "Cleaned RMSSD of 24 h, median relative error",
        "≤ 0.05",
        decimals=3,
    ),
    Line("clean_rmssd_rel_err_max", "the same, largest", "≤ 0.15", decimals=3),
    Line("lf_within_spread_share", "LF power within the spread of three libraries", decimals=2),
    Line("hf_within_spread_share", "HF power within the spread of three libraries", decimals=2),
)
RHYTHM: Final = (
    Line(
        "af_vs_sinus_auc",
        "Atrial fibrillation against sinus rhythm (AUC)",
        "≥ 0.99",
        "share of steps over 50 ms: 0.98",
        3,
    ),
    Line(
        "af_vs_all_auc",
        "Atrial fibrillation against everything else, ectopy too (AUC)",
        "≥ 0.95",
        "share of steps over 50 ms: 0.89",
        3,
    ),
    Line("sinus_false_flag_share", "Sinus stretches that were flagged", "≤ 0.01", decimals=3),
)
BREATHS: Final = (
    Line("mae", "Breathing rate, mean error of what was answered (breaths/min)", decimals=2),
    Line("coverage", "Share of windows that were answered", decimals=2),
    Line("share_within_2", "Answers within 2 breaths/min", decimals=2),
)
NIGHT: Final = (
    Line("wake_min", "Wake (min; watch 3)", "≤ 25", "another open stager 26", 0),
    Line("light_min", "Light (min; watch 330)", "within 45", "289.5", 0),
    Line("deep_min", "Deep (min; watch 38)", "within 45", "68.5", 0),
    Line("rem_min", "REM (min; watch 162)", "within 45", "150", 0),
    Line("rmssd_ms", "Nightly RMSSD (ms; same rule by hand 62.9)", decimals=1),
    Line("resting_hr_bpm", "Resting heart rate, lowest half hour (bpm)", decimals=1),
    Line("breathing_rate_brpm", "Breathing rate (breaths/min)", decimals=1),
)
WORKOUTS: Final = (
    Line("zone_minutes_max_err", "Time in a zone, largest error (min)", "≤ 0.1", decimals=3),
    Line("trimp_rel_err_max", "Load (TRIMP), largest relative error", "≤ 0.01", decimals=4),
    Line("detect_f1", "Detection (F1)", "≥ 0.95"),
    Line("detect_precision", "Share of what was found that was a workout"),
    Line("detect_recall", "Share of the workouts that was found"),
    Line("edge_median_s", "Start and end, median error (s)", "≤ 90", decimals=1),
    Line("edge_p90_s", "the same, nine of ten are within (s)", decimals=1),
    Line("kcal_mape", "Energy, mean relative difference from the watch", "reported"),
)
STEPS: Final = (
    Line("walk_mape", "Walks, mean relative error of the count", "≤ 0.10", "simple peaks 0.165", 3),
    Line("walk_bias", "the same, bias", decimals=3),
    Line(
        "false_steps_per_recording",
        "Steps too many in a recording without a walk",
        "≤ 8",
        "simple peaks 26",
        1,
    ),
)
ARM_STEPS: Final = (
    Line(
        "walk_mape",
        "Walks, mean relative error of the count",
        "≤ 0.02",
        "simple peaks 0.010; the study's own counter 0.029",
        3,
    ),
    Line("walk_bias", "the same, bias", decimals=3),
)
QUIET: Final = (
    Line("sedentary_strain_median", "Strain of a sedentary day, median (0 to 21)", "≤ 4"),
    Line("sedentary_strain_p90", "the same, nine of ten are below"),
    Line("strain_median", "Strain of all days, median"),
    Line("strain_p90", "the same, nine of ten are below"),
    Line("active_min_r", "Strain with the maker's active minutes (correlation over days)"),
    Line("kcal_r", "Load with the maker's energy (correlation over days)"),
)
MONTHS: Final = (
    Line("judged_share", "Share of nights that could be judged"),
    Line("body_alert_per_year", "Days of alert a year, median of people", "≤ 6", decimals=1),
    Line("body_alert_per_year_all", "the same, all nights together", decimals=1),
    Line("watch_per_year", "Days of the step before, a year, median of people", decimals=1),
    Line(
        "illness_level_per_year",
        "Red days a year of the sum of resting heart rates alone",
        decimals=1,
    ),
    Line("night_signal_per_year", "Red days a year of the median heart rate of nights", decimals=1),
    Line("rough_night_per_year_all", "Rough nights a year, all nights together", decimals=1),
    Line("anomaly_p05_share", "Nights as unusual as 1 in 20 should be", "about 0.05", decimals=3),
    Line(
        "anomaly_p005_share", "Nights as unusual as 1 in 200 should be", "about 0.005", decimals=3
    ),
    Line("hrv_z_calm_r_median", "HRV with the watch's score of calm (rank correlation)"),
    Line("resting_hr_z_calm_r_median", "Resting heart rate with the same"),
)
EXPORT: Final = (
    Line("recovery_mae", "Recovery, mean difference (points)", "≤ 8.0", "a constant 17 to 18.6"),
    Line("recovery_band_agreement", "Nights in the same band (red, yellow, green)", "≥ 0.80"),
    Line("recovery_r_median", "Recovery, correlation, median of people", "≥ 0.88"),
    Line("strain_mae", "Strain of a workout, mean difference (0 to 21)", "≤ 1.0"),
    Line("strain_r", "Strain of a workout, correlation", "≥ 0.95"),
)
TABLES: Final[Mapping[str, tuple[Line, ...]]] = {
    "sleep_accel": SLEEP,
    "mmash": WINDOW,
    "stress_e4": STRESS,
    "rr_24h": VARIABILITY,
    "rhythm_rr": RHYTHM,
    "resp_rsa_lab": BREATHS,
    "bidmc": BREATHS,
    "whoop_real_night": NIGHT,
    "workouts_fit": WORKOUTS,
    "steps_sensorwatch": STEPS,
    "steps_phone_arm": ARM_STEPS,
    "fitabase": QUIET,
    "lifesnaps_daily": MONTHS,
    "whoop_export": EXPORT,
}
"""Format of a recording -> what its table shows."""
UNPUBLISHED: Final = frozenset({"whoop_export"})
"""Formats of private records: the page says what is asked of them, and holds no figures."""
DRAWN: Final[Mapping[str, str]] = {
    "workouts_fit": "workouts",
    "steps_sensorwatch": "recordings",
    "steps_phone_arm": "recordings",
}
"""What intervals are drawn from where it is not people."""
