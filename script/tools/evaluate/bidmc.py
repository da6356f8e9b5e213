"""Intensive-care patients with breaths counted by two people, intervals from ECG and from pulse."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from .breathing import Window, as_samples, score
from .tables import UnknownFormat, find_table, rows

ECG: Final = {"subject", "t_s", "rr_ms"}
PULSE: Final = {"subject", "t_s", "pp_ms"}
WINDOWS: Final = {"subject", "t0", "t1", "ref", "agree"}


def knows(path: Path) -> bool:
    """Tell whether a folder has windows with a reference and at least one series of intervals."""
    series = find_table(path, ECG) or find_table(path, PULSE)
    return series is not None and find_table(path, WINDOWS) is not None


def evaluate(path: Path) -> dict[str, Any]:
    """Score windows in which the two annotators agree; by the ECG, and by the pulse beside it.

    The headline is the ECG's, the pulse's where there is none.
    """
    windows = _windows(path)
    found = {
        name: score(_subjects(path, columns, windows))
        for name, columns in (("ecg", ECG), ("pulse", PULSE))
        if find_table(path, columns)
    }
    if not found:
        raise UnknownFormat("no intervals")
    return next(iter(found.values())) | {
        f"{name}_{key}": result[key]
        for name, result in list(found.items())[1:]
        for key in ("mae", "coverage", "share_within_2", "intervals", "confidence_table")
    }


def _windows(path: Path) -> dict[str, list[Window]]:
    file = find_table(path, WINDOWS)
    found: dict[str, list[Window]] = {}
    for row in rows(file) if file else ():
        if row["agree"].strip().lower() in ("true", "1") and row["ref"]:
            found.setdefault(row["subject"], []).append(
                Window(float(row["t0"]), float(row["t1"]), float(row["ref"]))
            )
    return found


def _subjects(
    path: Path, columns: set[str], windows: dict[str, list[Window]]
) -> dict[str, tuple[Any, list[Window]]]:
    file = find_table(path, columns)
    interval = next(iter(columns - {"subject", "t_s"}))
    series: dict[str, list[tuple[float, float]]] = {}
    for row in rows(file) if file else ():
        if row["t_s"] and row[interval]:
            series.setdefault(row["subject"], []).append((float(row["t_s"]), float(row[interval])))
    tables = {name: np.array(series.get(name, [])).reshape(-1, 2) for name in windows}
    return {
        name: (as_samples(table[:, 0], table[:, 1]), windows[name])
        for name, table in tables.items()
    }
