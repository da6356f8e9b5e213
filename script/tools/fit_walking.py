"""Fit the judge of walking on recordings of counted steps; prints the numbers for its module.

Run as ``python -m script.tools.fit_walking FOLDER...``: folders of the formats of
steps_sensorwatch (whoever walks or works there) and steps_phone_arm (walking alone).
"""

from collections.abc import Iterable
from pathlib import Path
import sys
from typing import Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.motion.cadence import resampled
from openstrap.engine.motion.walking import FEATURES, HELD, Judge, walking_features

from .evaluate import steps_phone_arm, steps_sensorwatch
from .evaluate.steps_sensorwatch import Recording, is_walk

EDGE_S: Final = 4
"""Seconds at either end of a recording in which its wearer handles the device."""
RIDGE: Final = 0.1
SECONDS_A_VOTE: Final = 10.0
"""Seconds beside each other tell nearly the same."""
PHONE_WEIGHT: Final = 0.1
"""Arms that hold a phone are many and easy: they shall not outvote wrists."""
ROUNDS: Final = 60


def main(folders: Iterable[str]) -> int:
    """Fit on all recordings of the folders and print the judge."""
    found: list[tuple[Recording, float]] = []
    for folder in map(Path, folders):
        if steps_sensorwatch.knows(folder):
            found += [(one, 1.0) for one in steps_sensorwatch.recordings(folder)]
        else:
            found += [(one, PHONE_WEIGHT) for one in steps_phone_arm.recordings(folder)]
    print(fit_judge(found))
    return 0


def fit_judge(found: Iterable[tuple[Recording, float]]) -> Judge:
    """Ridge logistic regression by Newton's method.

    Recordings in which hands worked and a few steps were taken are left out: nobody told when.
    """
    tables, walks, weights = [], [], []
    for one, weight in found:
        if one.true_steps and not is_walk(one):
            continue
        table = walking_features(resampled(one.t_s, one.magnitude_g))[EDGE_S:-EDGE_S]
        tables.append(table)
        walks.append(np.full(len(table), float(is_walk(one))))
        weights.append(np.full(len(table), weight / SECONDS_A_VOTE))
    return _newton(np.concatenate(tables), np.concatenate(walks), np.concatenate(weights))


def _newton(
    table: NDArray[np.float64], walk: NDArray[np.float64], weight: NDArray[np.float64]
) -> Judge:
    mean = np.average(table, axis=0, weights=weight)
    scale = np.sqrt(np.average((table - mean) ** 2, axis=0, weights=weight))
    rows = np.column_stack((np.ones(len(table)), np.clip((table - mean) / scale, -HELD, HELD)))
    line = np.zeros(len(FEATURES) + 1)
    ridge = np.append(1e-9, np.full(len(FEATURES), RIDGE))
    for _ in range(ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-rows @ line))
        bend = (rows * (weight * chance * (1.0 - chance))[:, None]).T @ rows + np.diag(ridge)
        line = line - np.linalg.solve(bend, rows.T @ (weight * (chance - walk)) + ridge * line)
    return Judge(
        mean=_told(mean), scale=_told(scale), weight=_told(line[1:]), bias=round(float(line[0]), 4)
    )


def _told(numbers: NDArray[np.float64]) -> tuple[float, ...]:
    """Round to what ships."""
    return tuple(round(number, 4) for number in numbers.tolist())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
