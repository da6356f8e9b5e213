"""Healthy people in a laboratory, breathing slowly: intervals from ECG, breaths from airflow."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from .breathing import Window, as_samples, score
from .tables import folder_of, rows

SERIES: Final = ("t_s", "rr_ms")
WINDOWS: Final = ("t0", "t1", "ref")


def knows(path: Path) -> bool:
    """Tell whether a folder has pairs of intervals and windows, one pair a subject."""
    return bool(_pairs(path))


def evaluate(path: Path) -> dict[str, Any]:
    """Score all windows that have a reference."""
    return score(
        {name: (_samples(series), _windows(windows)) for name, series, windows in _pairs(path)}
    )


def _pairs(path: Path) -> list[tuple[str, Path, Path]]:
    """Subject, its intervals, its windows: told apart by columns, paired by the end of the name."""
    series, windows = {}, {}
    for file in sorted(folder_of(path).glob("*.csv*")):
        first = next(rows(file), {})
        if "subject" in first:
            continue
        name = file.name.split(".")[0].rsplit("_", 1)[-1]
        if first.keys() >= set(SERIES):
            series[name] = file
        elif first.keys() >= set(WINDOWS):
            windows[name] = file
    if len(series) == len(windows) == 1:
        ((name, only),) = series.items()
        return [(name, only, next(iter(windows.values())))]
    return [(name, series[name], windows[name]) for name in series if name in windows]


def _samples(file: Path) -> Any:
    table = np.array([[float(row[key] or "nan") for key in SERIES] for row in rows(file)]).reshape(
        -1, 2
    )
    return as_samples(table[:, 0], table[:, 1])


def _windows(file: Path) -> list[Window]:
    return [
        Window(float(row["t0"]), float(row["t1"]), float(row["ref"]))
        for row in rows(file)
        if row["ref"]
    ]
