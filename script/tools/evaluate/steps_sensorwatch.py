"""Length of the acceleration of a wrist, and how many steps its wearer counted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.motion.pedometer import count_steps

from .scores import bootstrap_by_subject
from .tables import UnknownFormat, find_table, rows

RECORDINGS: Final = {"recording", "group", "activity", "true_steps"}
MAGNITUDES: Final = {"recording", "t_s", "magnitude_raw"}
WALK: Final = "walk"


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording: times (s), length of acceleration (g), and the steps that were taken."""

    name: str
    group: str
    activity: str
    t_s: NDArray[np.float64]
    magnitude_g: NDArray[np.float64]
    true_steps: int


def is_walk(one: Recording) -> bool:
    """Tell whether the wearer walked all along."""
    return WALK in one.activity


def knows(path: Path) -> bool:
    """Tell whether the tables of the format are there."""
    return all(find_table(path, columns) is not None for columns in (RECORDINGS, MAGNITUDES))


def recordings(path: Path) -> list[Recording]:
    """Read a folder. The unit of the device is unknown: the median of a recording is 1 g."""
    told, measured = find_table(path, RECORDINGS), find_table(path, MAGNITUDES)
    if told is None or measured is None:
        raise UnknownFormat("no tables of recordings and magnitudes")
    series: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows(measured):
        series[row["recording"]].append((float(row["t_s"]), float(row["magnitude_raw"])))
    found = []
    for row in rows(told):
        t_s, raw = np.array(series[row["recording"]]).T
        found.append(
            Recording(
                name=row["recording"],
                group=row["group"],
                activity=row["activity"].rstrip("0123456789"),
                t_s=t_s,
                magnitude_g=raw / np.median(raw),
                true_steps=int(row["true_steps"]),
            )
        )
    return found


def evaluate(path: Path) -> dict[str, Any]:
    """Count the steps of each recording; a few of those that do not walk hold some real ones."""
    counted = [count_row(one) for one in recordings(path)]
    return step_scores(counted) | {
        "recordings": len(counted),
        "intervals": bootstrap_by_subject(counted, step_scores),
        "by_group": {
            key: step_scores([row for row in counted if row["group"] == key])
            for key in sorted({row["group"] for row in counted})
        },
        "by_activity": {
            key: step_scores([row for row in counted if row["activity"] == key])
            for key in sorted({row["activity"] for row in counted})
        },
        "per_recording": counted,
    }


def count_row(one: Recording) -> dict[str, Any]:
    """Count the steps of a recording beside those taken; none where it cannot be told."""
    found = count_steps(one.t_s, one.magnitude_g)
    return {
        "recording": one.name,
        "group": one.group,
        "activity": one.activity,
        "walk": is_walk(one),
        "steps": 0 if found is None else found.total,
        "true_steps": one.true_steps,
    }


def step_scores(counted: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    """Mean relative error of walks; steps too many, and off either way, of a recording without."""
    walks = [row for row in counted if row["walk"]]
    others = [row for row in counted if not row["walk"]]
    return {
        "walk_mape": _mean([abs(row["steps"] / row["true_steps"] - 1.0) for row in walks]),
        "walk_bias": _mean([row["steps"] / row["true_steps"] - 1.0 for row in walks]),
        "false_steps_per_recording": _mean(
            [max(row["steps"] - row["true_steps"], 0) for row in others]
        ),
        "other_abs_error_steps": _mean([abs(row["steps"] - row["true_steps"]) for row in others]),
    }


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
