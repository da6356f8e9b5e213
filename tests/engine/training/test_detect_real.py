"""Real days of people at desks and on their feet: what is found is never found sitting."""

from collections import defaultdict
from collections.abc import Iterator
import csv
from datetime import datetime
import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.training.detect import find_efforts

pytestmark = pytest.mark.full  # whole recordings

SITTING, LYING = 2.0, 3.0
TANAKA_30 = 187.0


def table(file: Path) -> Iterator[dict[str, str]]:
    """Read a compressed table row by row."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def series(file: Path, columns: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """Give time and columns of each user, in the order of time."""
    found: dict[str, list[list[float]]] = defaultdict(list)
    for row in table(file):
        ts = float(row["t_s"]) if "t_s" in row else datetime.fromisoformat(row["time"]).timestamp()
        found[row["user"]].append([ts, *(float(row[key] or "nan") for key in columns)])
    return {user: np.array(sorted(rows, key=lambda row: row[0])) for user, rows in found.items()}


def test_nobody_sits_in_a_workout(shared_data: Path) -> None:
    """Chest straps for a day, posture beside them; by the heart alone."""
    people = series(shared_data / "mmash" / "actigraph_1hz.csv.gz", ("hr", "posture"))
    found = 0
    for rows in people.values():
        ts, hr, posture = rows.T
        hr = np.where((hr > 30.0) & (hr < 220.0), hr, np.nan)
        for effort in find_efforts(ts, hr, float(np.nanpercentile(hr, 3)), TANAKA_30):
            inside = (ts >= effort.start_ts) & (ts < effort.end_ts)
            assert np.isin(posture[inside], (SITTING, LYING)).mean() < 0.5
            found += 1
    assert found >= 1


def test_everybody_moves_in_a_workout(shared_data: Path) -> None:
    """Weeks of wrists, with the tracker's own intensity beside them; by the heart alone."""
    people = series(shared_data / "fitabase" / "minute_hr_steps.csv.gz", ("hr", "intensity"))
    found = 0
    for rows in people.values():
        minute, hr, intensity = rows.T
        ts = (minute[:, None] + np.arange(0.0, 60.0, 10.0)).ravel()
        for effort in find_efforts(ts, np.repeat(hr, 6), float(np.nanpercentile(hr, 2)), TANAKA_30):
            inside = (minute >= effort.start_ts) & (minute < effort.end_ts)
            assert (intensity[inside] > 0.0).mean() > 0.5
            found += 1
    assert found >= 1
