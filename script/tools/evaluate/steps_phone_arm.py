"""Acceleration of a phone in the hand or on the arm, and the steps that foot switches saw."""

from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from .scores import bootstrap_by_subject
from .steps_sensorwatch import WALK, Recording, count_row, step_scores
from .tables import UnknownFormat, find_table, rows

RECORDINGS: Final = {"recording", "true_steps", "orig_fs"}
ACCELERATION: Final = {"recording", "t_s", "x_g", "y_g", "z_g"}
REFERENCES: Final = ("published_algo_steps", "phone_hw_steps")


def knows(path: Path) -> bool:
    """Tell whether the tables of the format are there."""
    return all(find_table(path, columns) is not None for columns in (RECORDINGS, ACCELERATION))


def recordings(path: Path) -> list[Recording]:
    """Read a folder. A recording's group is what its name begins with: the phone and its wearer."""
    told, measured = find_table(path, RECORDINGS), find_table(path, ACCELERATION)
    if told is None or measured is None:
        raise UnknownFormat("no tables of recordings and acceleration")
    series: defaultdict[str, list[list[float]]] = defaultdict(list)
    for row in rows(measured):
        series[row["recording"]].append([float(row[key]) for key in ("t_s", "x_g", "y_g", "z_g")])
    found = []
    for row in rows(told):
        parts = row["recording"].split("_")
        table = np.array(series[row["recording"]])
        found.append(
            Recording(
                name=row["recording"],
                group="_".join(parts[:2]),
                activity=f"{WALK}_{'_'.join(parts[2:-1])}",
                t_s=table[:, 0],
                magnitude_g=np.linalg.norm(table[:, 1:], axis=1),
                true_steps=int(row["true_steps"]),
            )
        )
    return found


def evaluate(path: Path) -> dict[str, Any]:
    """Count the steps of each recording, all of them walks; other counters where they are told."""
    counted = [count_row(one) for one in recordings(path)]
    return {
        **{key: value for key, value in step_scores(counted).items() if key.startswith(WALK)},
        **_references(path),
        "recordings": len(counted),
        "intervals": bootstrap_by_subject(
            counted, lambda drawn: {"walk_mape": step_scores(drawn)["walk_mape"]}
        ),
        **{
            f"by_{column}": {
                key: step_scores([row for row in counted if row[column] == key])["walk_mape"]
                for key in sorted({row[column] for row in counted})
            }
            for column in ("group", "activity")
        },
        "per_recording": counted,
    }


def _references(path: Path) -> dict[str, float]:
    """Mean relative error of the counters that came with the recordings."""
    told = find_table(path, RECORDINGS)
    found: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows(told) if told else ():
        for key in REFERENCES:
            if row.get(key):
                found[f"{key}_mape"].append(abs(float(row[key]) / float(row["true_steps"]) - 1.0))
    return {key: float(np.mean(values)) for key, values in found.items()}
