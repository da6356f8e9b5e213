"""Heart rate, movement and steps minute by minute: of stored days, and what came since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..engine.insight.decimate import low_and_high
from ..engine.rollup import best_minutes
from ..engine.training.track import Track
from ..store import DayRow, WearerStore

MINUTE_S: Final = 60.0
A_DAY: Final = timedelta(days=1)

type Point = tuple[int, float]
"""A moment (epoch s) and the value then."""


@dataclass(frozen=True, slots=True)
class Line:
    """Minutes in a row from ``start_ts`` (epoch s, a whole minute) on, NaN where not known.

    All (n,) float64: mean heart rate (bpm), mean dynamic acceleration (mg) and steps of each
    minute. ``worn`` (n,): the band was on the wrist, for at least a part of the minute.
    """

    start_ts: float
    hr_bpm: NDArray[np.float64]
    dyn_mg: NDArray[np.float64]
    steps: NDArray[np.float64]
    worn: NDArray[np.bool_]

    @property
    def ts(self) -> NDArray[np.float64]:
        """Start of each minute, (n,) epoch s."""
        return self.start_ts + MINUTE_S * np.arange(len(self.hr_bpm), dtype=np.float64)


def track_of(row: DayRow) -> Track | None:
    """Read the track of a stored day; None without a readable one, as older results are."""
    result: Any = row.result
    details = result.get("details") if isinstance(result, Mapping) else None
    text = details.get("track") if isinstance(details, Mapping) else None
    if not isinstance(text, Mapping):
        return None
    try:
        return Track.from_dict(text)
    except KeyError, TypeError, ValueError:
        return None


def line_between(store: WearerStore, start_ts: float, end_ts: float, zone: tzinfo) -> Line:
    """Lay out the minutes from one time to another (epoch s); ``zone`` is Home Assistant's.

    Days of other zones may reach in, so a day more is asked for on either side.
    """
    first = datetime.fromtimestamp(start_ts, zone).date() - A_DAY
    last = datetime.fromtimestamp(end_ts, zone).date() + A_DAY
    tracks = [track_of(row) for row in store.days(first, last)]
    return line_of(store, [track for track in tracks if track is not None], start_ts, end_ts)


def line_of(store: WearerStore, tracks: Iterable[Track], start_ts: float, end_ts: float) -> Line:
    """Lay stored tracks, oldest first, on the minutes from one time to another (epoch s).

    What a stored day knows holds, for it is what the day's metrics were made of and it stays when
    minutes are let go. Beyond its last known minute, and on days without a result, the sums of
    minutes tell the heart rate, and nothing tells the rest yet.
    """
    start = float(np.floor(start_ts / MINUTE_S) * MINUTE_S)
    size = max(int(np.ceil((end_ts - start) / MINUTE_S)), 0)
    line = Line(
        start,
        np.full(size, np.nan),
        np.full(size, np.nan),
        np.full(size, np.nan),
        np.zeros(size, dtype=np.bool_),
    )
    settled = np.zeros(size, dtype=np.bool_)
    for track in tracks:
        _lay(line, settled, track.of_day())
    _add_since(store, line, settled)
    return line


def points(
    ts: NDArray[np.float64], values: NDArray[np.float64], most: int, decimals: int = 0
) -> list[Point]:
    """Give at most ``most`` points: all, or the lowest and highest of ``most // 2`` slices."""
    return [
        (int(ts[at]), _rounded(float(values[at]), decimals))
        for at in low_and_high(ts, values, most // 2)
    ]


def gaps(known: NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    """Find stretches [first, end) of at least so many unknown minutes between known ones."""
    at = np.flatnonzero(known)
    wide = np.flatnonzero(np.diff(at) > least)
    return [(int(at[one]) + 1, int(at[one + 1])) for one in wide]


def _lay(line: Line, settled: NDArray[np.bool_], day: Track) -> None:
    hr = day.minute_hr()
    shift = int((day.start_ts - line.start_ts) // MINUTE_S)
    size = len(line.hr_bpm)
    first, last = max(shift, 0), min(shift + len(day), size)
    if first >= last:
        return
    to, of = slice(first, last), slice(first - shift, last - shift)
    line.hr_bpm[to], line.dyn_mg[to] = hr[of], day.dyn_mg[of]
    if day.steps is not None:
        line.steps[to] = day.steps[of]
    worn = np.isfinite(hr) | np.isfinite(day.dyn_mg)
    line.worn[to] = worn[of]
    known = np.flatnonzero(worn)
    if len(known):
        settled[first : min(max(shift + int(known[-1]) + 1, first), size)] = True


def _add_since(store: WearerStore, line: Line, settled: NDArray[np.bool_]) -> None:
    """Fill in heart rates of minutes that no stored day has told of yet."""
    floor = store.minutes_floor()
    open_ = np.flatnonzero(~settled & (line.ts >= floor))
    if not len(open_):
        return
    ts = line.ts
    found = best_minutes(store.minutes(float(ts[open_[0]]), float(ts[open_[-1]]) + MINUTE_S))
    place = ((found.minute - line.start_ts) // MINUTE_S).astype(np.intp)
    new = ~settled[place] & (found.hr_n > 0)
    line.hr_bpm[place[new]] = found.hr_bpm[new]
    line.worn[place[new]] = True


def _rounded(value: float, decimals: int) -> float:
    return round(value) if not decimals else round(value, decimals)
