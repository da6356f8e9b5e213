"""Where each beat belongs in time, and which beats follow one another without a hole."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..samples import Samples

RECORD_LAG_S = 0.3
"""A record's last beat ends about this long after the record's time, give or take 0.5 s: measured
on gen4 records against the raw pulse wave."""
RUN_TOLERANCE_S = 0.75
"""A run goes on while its clock agrees with the records to this much. On captures it keeps a
resting minute as one run of 85 beats and cuts nine active minutes into 19."""
MAX_RECORD_STEP_S = 1.5
"""Records further apart than this have lost one between them, and with it perhaps a beat."""
LAG_MEMORY = 0.1
"""Share by which each record moves the running lag."""
HR_WINDOW_S = 5.0
"""Half width of the window that gives a beat its heart rate."""
HR_NEIGHBOURS = 6
"""Records looked at on either side: 5 s hold at most 5 of them at 0.961 s, 5 at 1 Hz."""
HR_MIN_READINGS = 3
NO_READING = int(np.iinfo(np.int16).max)


@dataclass(frozen=True, slots=True)
class Beats:
    """Beats in the order in which they came, (m,) each.

    ``t_s`` epoch seconds of the beat that ends the interval; ``rr_ms`` the interval; ``joined``
    true when the beat before it in this series is the heart's own previous beat, so that their
    difference means something; ``record_ts`` time of the record that brought it; ``hr_bpm`` the
    strap's own heart rate around it, NaN when unknown.
    """

    t_s: NDArray[np.float64]
    rr_ms: NDArray[np.float64]
    joined: NDArray[np.bool_]
    record_ts: NDArray[np.float64]
    hr_bpm: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the beats."""
        return len(self.rr_ms)

    def only(self, keep: NDArray[np.bool_]) -> Beats:
        """Return the beats of a mask; one whose predecessor is dropped is joined no more."""
        joined = self.joined.copy()
        joined[1:] &= keep[:-1]
        return Beats(
            self.t_s[keep], self.rr_ms[keep], joined[keep], self.record_ts[keep], self.hr_bpm[keep]
        )


def place_beats(samples: Samples) -> Beats:
    """Give every beat its time and tell the runs.

    The strap sends intervals with the record in which they ended, not their times. A run is laid
    out end to end as long as its clock stays within 0.75 s of the records; a record without beats
    does not end it (below 62 bpm a beat outlasts a record), missing beats do. Every new run starts
    from the record's own time, so the clock cannot drift away from the records. A missing record
    ends a run as well, since its beat, if short, would fit within the tolerance. An interval that
    the decoder dropped is seen only when it is longer than the tolerance.
    """
    rr_ms, record = samples.rr_ms, samples.rr_index
    if not len(rr_ms):
        nothing = np.empty(0)
        return Beats(nothing, nothing, np.empty(0, dtype=bool), nothing, nothing)
    start = np.flatnonzero(np.concatenate(([True], record[1:] != record[:-1])))
    count = np.diff(np.append(start, len(rr_ms)))
    # Whole milliseconds from the first record on: exact, and the same wherever the night lies.
    origin = float(samples.ts[record[0]])
    stamp = samples.ts[record[start]] - origin
    total = np.add.reduceat(rr_ms, start) / 1000.0
    torn = np.cumsum(np.diff(samples.ts, prepend=samples.ts[0]) > MAX_RECORD_STEP_S)[record[start]]
    holed = np.diff(torn, prepend=torn[0]) > 0
    ends, fresh = _lay_out(stamp.tolist(), total.tolist(), holed.tolist())

    # Within a record each beat ends the sum of the later intervals before the record's last one.
    upto = np.cumsum(rr_ms) / 1000.0
    last = start + count - 1
    t_s = np.repeat(np.asarray(ends) - upto[last], count) + upto
    joined = np.ones(len(rr_ms), dtype=bool)
    joined[start[fresh]] = False
    return Beats(
        t_s=t_s + origin,
        rr_ms=rr_ms,
        joined=joined,
        record_ts=samples.ts[record],
        hr_bpm=_local_hr(samples)[record],
    )


def _lay_out(
    stamp: list[float], total: list[float], holed: list[bool]
) -> tuple[list[float], list[int]]:
    """End of the last beat of each record that has beats, and the places where a run starts."""
    end, lag, tolerance, memory = float("-inf"), RECORD_LAG_S, RUN_TOLERANCE_S, LAG_MEMORY
    ends: list[float] = []
    fresh: list[int] = []
    for at, length, hole in zip(stamp, total, holed, strict=True):
        end += length
        off = end - at - lag
        if hole or off > tolerance or off < -tolerance:
            fresh.append(len(ends))
            lag = RECORD_LAG_S
            end = at + lag
        else:
            lag += memory * off
        ends.append(end)
    return ends, fresh


def _local_hr(samples: Samples) -> NDArray[np.float64]:
    """Median heart rate within 5 s of each record, (n,), NaN with fewer than three readings."""
    size, reach = len(samples), HR_NEIGHBOURS
    ts = np.pad(samples.ts, reach, constant_values=np.inf)
    hr = np.pad(samples.hr_bpm, reach)
    # A row for each neighbour: sorting whole rows against each other is far quicker than many
    # short columns, and readings that do not count go to the end.
    ordered = np.empty((2 * reach + 1, size), dtype=hr.dtype)
    for shift, row in enumerate(ordered):
        near = np.abs(ts[shift : shift + size] - samples.ts) <= HR_WINDOW_S
        reading = hr[shift : shift + size]
        row[:] = np.where(near & (reading > 0), reading, NO_READING)
    count = (ordered != NO_READING).sum(axis=0)
    _sort_rows(ordered)
    line = np.arange(size)
    low = ordered[np.maximum(count - 1, 0) // 2, line]
    high = ordered[count // 2, line]
    return np.where(count >= HR_MIN_READINGS, (low.astype(np.float64) + high) / 2.0, np.nan)


def _sort_rows(rows: NDArray[np.int16]) -> None:
    """Sort every column, in place: neighbours swap by turns (Habermann 1972)."""
    for turn in range(len(rows)):
        for at in range(turn % 2, len(rows) - 1, 2):
            low = np.minimum(rows[at], rows[at + 1])
            np.maximum(rows[at], rows[at + 1], out=rows[at + 1])
            rows[at] = low
