"""A line of one measurement over any stretch of time, for a screen."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..engine.insight.decimate import BUCKETS
from ..store import WearerStore
from .envelope import Json
from .lines import Line, line_between, points

UNITS: Final = {"hr": "bpm", "activity": "g", "steps": "steps/min"}
"""What there is a chart of."""
DAY_S: Final = 86400.0
MAX_DAYS: Final = 400
SLICE_S: Final = 7 * DAY_S
"""How much one job of the worker reads: a fraction of its tenth of a second (measured)."""

type Part = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Times (epoch s) and values of the minutes that are known."""


def slices(start_ts: float, end_ts: float) -> Iterator[tuple[float, float]]:
    """Cut a stretch of time into parts that one job reads, all cuts at whole minutes."""
    at = start_ts
    while at < end_ts:
        until = min((at + SLICE_S) // 60.0 * 60.0, end_ts)
        yield at, until
        at = until


def part_of(store: WearerStore, metric: str, start_ts: float, end_ts: float, zone: tzinfo) -> Part:
    """Read the minutes that begin from one time to another (excluded), those known alone."""
    line = line_between(store, start_ts, end_ts, zone)
    ts, values = line.ts, _values(line, metric)
    known = np.isfinite(values) & (ts >= start_ts) & (ts < end_ts)
    return ts[known], values[known]


def chart_of(metric: str, start_ts: float, end_ts: float, parts: Sequence[Part]) -> Json:
    """Put parts together: at most 500 points, else the lowest and highest of 250 slices."""
    ts = np.concatenate([part[0] for part in parts])
    values = np.concatenate([part[1] for part in parts])
    return {
        "metric": metric,
        "unit": UNITS[metric],
        "from": int(start_ts),
        "to": int(end_ts),
        "points": [
            {"ts": at, "v": value}
            for at, value in points(ts, values, 2 * BUCKETS, 3 if metric == "activity" else 0)
        ],
    }


def _values(line: Line, metric: str) -> NDArray[np.float64]:
    if metric == "hr":
        return line.hr_bpm
    return line.steps if metric == "steps" else line.dyn_mg / 1000.0
