"""A folder of made nights with stages, in the format of the labelled recordings."""

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np

HOURS = 4
STAGE = np.array([0] * 30 + [1] * 40 + [3] * 50 + [1] * 30 + [5] * 40 + [1] * 50)
"""Two hours of epochs, as the tables number stages."""
LEVEL_BPM = {0: 68.0, 1: 58.0, 3: 54.0, 5: 62.0}
LIVELY_BPM = {0: 5.0, 1: 2.0, 3: 0.7, 5: 3.0}


def labelled_folder(folder: Path, *, people: int) -> Path:
    """Write nights of four hours whose heart and wrist follow their stages."""
    stages: list[list[Any]] = []
    heart: list[list[Any]] = []
    counts: list[list[Any]] = []
    for person in range(people):
        name = f"p{person}"
        dice = np.random.default_rng(person)
        stage = np.roll(np.tile(STAGE, HOURS // 2), 7 * person)
        stages += [[name, 30 * at, int(one), 1] for at, one in enumerate(stage)]
        for at in range(0, len(stage) * 30, 5):
            now = int(stage[at // 30])
            bpm = LEVEL_BPM[now] + LIVELY_BPM[now] * (np.sin(at / 11.0) + dice.normal(0.0, 0.5))
            heart.append([name, at + round(float(dice.uniform(0.0, 0.9)), 2), round(bpm)])
        for at in range(0, len(stage) * 30, 15):
            moving = dice.random() < (0.5 if stage[at // 30] == 0 else 0.03)
            counts.append(
                [name, at + 0.02, round(float(dice.uniform(1, 90)), 1) if moving else 0.0]
            )
    tables = {
        "a": (["subject", "t_s", "stage", "valid"], stages),
        "b": (["subject", "t_s", "bpm"], heart),
        "c": (["subject", "t_s", "count"], counts),
    }
    for file, (header, lines) in tables.items():
        with gzip.open(folder / f"{file}.csv.gz", "wt", newline="", encoding="utf-8") as text:
            csv.writer(text).writerows([header, *lines])
    return folder
