"""The page about accuracy: what was measured, beside what others published, in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any, Final

WORDS: Final = Path(__file__).with_name("page.md")
"""The words around the tables; ``$name`` stands for the table of a format."""
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
TABLES: Final[Mapping[str, tuple[Line, ...]]] = {
    "sleep_accel": SLEEP,
    "mmash": WINDOW,
    "stress_e4": STRESS,
    "rr_24h": VARIABILITY,
    "rhythm_rr": RHYTHM,
    "resp_rsa_lab": BREATHS,
    "bidmc": BREATHS,
    "whoop_real_night": NIGHT,
}
"""Format of a recording -> what its table shows."""


def page(results: Iterable[Mapping[str, Any]]) -> str:
    """Write the page from results of ``script/evaluate``; each names its ``format``.

    Raises KeyError when a format of the page has no result.
    """
    by_format = {str(result["format"]): result for result in results}
    tables = {name: _table(lines, by_format[name]) for name, lines in TABLES.items()}
    sure = {f"{name}_confidence": _confidence(by_format[name]) for name in TABLES}
    return Template(WORDS.read_text(encoding="utf-8")).substitute(
        tables | sure | {"confidence": _summary(by_format)}
    )


def _table(lines: tuple[Line, ...], result: Mapping[str, Any]) -> str:
    rows = [
        "| What | Measured | 95 % of people | Aim | Others |",
        "| --- | --- | --- | --- | --- |",
    ]
    for line in lines:
        measured = _number(result.get(line.key), line.decimals)
        between = result.get("intervals", {}).get(line.key)
        interval = (
            f"{_number(between[0], line.decimals)} to {_number(between[1], line.decimals)}"
            if between
            else DASH
        )
        rows.append(f"| {line.name} | {measured} | {interval} | {line.target} | {line.others} |")
    return "\n".join(rows)


def _confidence(result: Mapping[str, Any]) -> str:
    groups = result.get("confidence_table") or []
    if not groups:
        return "No answer of this kind carries a confidence."
    rows = ["| Confidence | Mean error | Answers |", "| --- | --- | --- |"]
    rows += [
        f"| {group['confidence']:.2f} | {group['error']:.3f} | {group['n']} |" for group in groups
    ]
    return "\n".join(rows)


def _summary(by_format: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        "| Recording | Error is | Least sure third | Middle | Most sure third | Falls |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    relative = []
    for name in TABLES:
        result = by_format[name]
        groups = result.get("confidence_table") or []
        if len(groups) < 3:
            continue
        thirds = [
            _mean(groups[at * len(groups) // 3 : (at + 1) * len(groups) // 3]) for at in range(3)
        ]
        relative.append([third / _mean(groups) for third in thirds])
        rows.append(_third_row(f"`{name}`", str(result.get("confidence_error", DASH)), thirds))
    together = [sum(column) / len(column) for column in zip(*relative, strict=True)]
    rows.append(_third_row("all", "relative to the mean error of each", together))
    return "\n".join(rows)


def _third_row(name: str, error: str, thirds: list[float]) -> str:
    """One line of thirds, and whether the error falls from each to the next."""
    first, middle, last = thirds
    falls = "yes" if first > middle > last else "not steadily" if first > last else "no"
    shown = " | ".join(f"{third:.3f}" for third in thirds)
    return f"| {name} | {error} | {shown} | {falls} |"


def _mean(groups: list[dict[str, Any]]) -> float:
    total = sum(group["n"] for group in groups)
    return float(sum(group["error"] * group["n"] for group in groups) / total)


def _number(value: Any, decimals: int) -> str:
    return DASH if value is None else f"{value:.{decimals}f}"
