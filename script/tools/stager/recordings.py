"""Labelled nights: heart rate, counts of movement and scored stages, found by their columns."""

from collections.abc import Iterator
from dataclasses import dataclass
import hashlib
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.samples import Samples
from openstrap.engine.signal.motion import Motion
from openstrap.engine.sleep.hypnogram import EPOCH_S

from ..evaluate.tables import UnknownFormat, find_table, rows

STAGES: Final = {"subject", "t_s", "stage", "valid"}
HEART: Final = {"subject", "t_s", "bpm"}
COUNTS: Final = {"subject", "t_s", "count"}
CLASS: Final = np.array([0, 1, 1, 2, 2, 3])
"""wake, N1, N2, N3, N4, REM of the scoring manual as wake, light, deep and rem."""
ORIGIN_TS: Final = 1_600_038_000.0
"""Where the start of each recording is put, eleven at night UTC: the tables have no date."""
COUNT_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class Recording:
    """One night. ``stage`` (n,) of each epoch from ``start_ts`` on, -1 where not scored.

    It ends where the laboratory's or the watch's own record ends. ``valid`` (n,) tells the epochs of the published evaluation. ``fingerprint`` stands for the
    heart rate itself, whatever the subject is called.
    """

    subject: str
    samples: Samples
    motion: Motion
    start_ts: float
    stage: NDArray[np.int8]
    valid: NDArray[np.bool_]
    fingerprint: str

    @property
    def end_ts(self) -> float:
        """End of the last epoch, epoch s."""
        return self.start_ts + EPOCH_S * len(self.stage)


def knows(path: Path) -> bool:
    """Tell whether the three tables are there."""
    return all(find_table(path, columns) is not None for columns in (STAGES, HEART, COUNTS))


def read_recordings(path: Path) -> list[Recording]:
    """Read all nights of a folder, ordered by subject."""
    scored, heart, counts = (_by_subject(path, columns) for columns in (STAGES, HEART, COUNTS))
    nothing = np.empty((0, 2))
    return [
        _recording(subject, table, heart.get(subject, nothing), counts.get(subject, nothing))
        for subject, table in sorted(scored.items())
        if len(table)
    ]


def _by_subject(path: Path, columns: set[str]) -> dict[str, NDArray[np.float64]]:
    file = find_table(path, columns)
    if file is None:
        raise UnknownFormat("holds no labelled night")
    names = [name for name in ("t_s", "bpm", "count", "stage", "valid") if name in columns]

    def read() -> Iterator[tuple[str, list[float]]]:
        for row in rows(file):
            yield row["subject"], [float(row[name]) for name in names]

    found: dict[str, list[list[float]]] = {}
    for subject, part in groupby(read(), key=lambda row: row[0]):
        found.setdefault(subject, []).extend(values for _, values in part)
    return {
        subject: (table := np.array(values))[np.argsort(table[:, 0], kind="stable")]
        for subject, values in found.items()
    }


def _recording(
    subject: str,
    scored: NDArray[np.float64],
    heart: NDArray[np.float64],
    counts: NDArray[np.float64],
) -> Recording:
    epoch = np.round(scored[:, 0] / EPOCH_S).astype(int)
    size = _recorded_epochs(int(epoch.max()) + 1, counts)
    scored, epoch = scored[epoch < size], epoch[epoch < size]
    stage, valid = np.full(size, -1, dtype=np.int8), np.zeros(size, dtype=bool)
    told = scored[:, 1].astype(int)
    stage[epoch] = np.where(told >= 0, CLASS[np.clip(told, 0, len(CLASS) - 1)], -1)
    valid[epoch] = (scored[:, 2] == 1) & (told >= 0)
    inside = (heart[:, 0] >= 0) & (heart[:, 0] < EPOCH_S * size)
    t_s, bpm = heart[inside].T
    samples = Samples(
        ts=ORIGIN_TS + t_s,
        hr_bpm=np.round(bpm).astype(np.int16),
        accel_g=np.full((len(t_s), 3), np.nan),
        rr_ms=np.empty(0),
        rr_index=np.empty(0, dtype=np.int64),
    )
    # Counts are stamped a few hundredths late or early; whole seconds put them where they belong.
    motion = Motion(ORIGIN_TS + np.round(counts[:, 0]), counts[:, 1], COUNT_S)
    return Recording(subject, samples, motion, ORIGIN_TS, stage, valid, fingerprint(t_s, bpm))


def _recorded_epochs(scored: int, counts: NDArray[np.float64]) -> int:
    """Count the epochs until the watch stopped, which may be long before the laboratory did."""
    within = counts[counts[:, 0] <= EPOCH_S * scored, 0]
    if not len(within):
        return scored
    return min(max(int(np.ceil((within[-1] + COUNT_S) / EPOCH_S)), 1), scored)


def fingerprint(t_s: NDArray[np.float64], bpm: NDArray[np.float64]) -> str:
    """Hash a night's heart rate: whole seconds and whole bpm from the first reading on."""
    first = t_s[0] if len(t_s) else 0.0
    table = np.column_stack((np.round(t_s - first), np.round(bpm))).astype("<i4")
    return hashlib.sha256(table.tobytes()).hexdigest()[:16]
