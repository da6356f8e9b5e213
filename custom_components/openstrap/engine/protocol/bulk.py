"""Many records of equal length at once, into columns: the fast twin of ``decode``.

A property test holds the two equal. Times are checked by whoever knows what time it is.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .base import (
    ACCEL_LIMIT_G,
    HR_MAX_BPM,
    HR_MIN_BPM,
    RR_MAX_MS,
    RR_MIN_MS,
    SUBSEC_PER_S,
    Generation,
    PacketType,
    Reason,
)
from .layout import (
    GATED_HR_AT,
    GATED_HR_AT_UNKNOWN,
    GATED_NORM2_G2,
    HEADER_FLOOR,
    IMU_SAMPLES,
    LIVE_HR_FLOOR,
    LIVE_HR_RR_SLOTS,
    R10_FLOOR,
    R10_VERSION,
    R11_FLOOR,
    R11_VERSION,
    R24_FLOOR,
    R24_RR_SLOTS,
    R24_VERSIONS,
    V18_FLOOR,
    V18_RR_SLOTS,
    V18_SKIN_TEMP_ABSENT,
    V18_SKIN_TEMP_AT,
    V18_STEPS_AT,
    V20_SIZE,
    V21_SIZE,
    V22_SIZE,
    V25_FLOOR,
    V26_SIZE,
)

type Rows = NDArray[np.uint8]

NO_TIME: Final = -1
"""Epoch of a row too short to have one, counter of a live packet, which has none."""

NO_STEPS: Final = -1
"""Count of steps of a kind that has none."""

_GEN5_SIZES: Final = {20: V20_SIZE, 22: V22_SIZE, 26: V26_SIZE}


@dataclass(frozen=True, slots=True)
class BeatRecords:
    """Heart beats, motion and warmth of n records, one row a record, in the order they came in."""

    reason: NDArray[np.uint8]
    """(n,) ``Reason``; 0 = decoded. Rows with another reason hold nothing else."""
    epoch: NDArray[np.int64]
    """(n,) strap time, s; also of undecodable rows, -1 where the row is too short to have one."""
    subsec: NDArray[np.int32]
    """(n,) fraction of the second, 1/32768 s."""
    counter: NDArray[np.int64]
    """(n,) the strap's record counter; -1 where the kind has none."""
    hr_bpm: NDArray[np.int16]
    """(n,) usable heart rate, 25..230 bpm, else 0."""
    rr_count: NDArray[np.uint8]
    """(n,) accepted intervals."""
    rr_ms: NDArray[np.int16]
    """(n, 8) accepted intervals, oldest first, ms; the rest 0."""
    accel_g: NDArray[np.float32]
    """(n, 3) mean acceleration per axis, g; NaN where absent."""
    dyn_accel_g: NDArray[np.float32]
    """(n,) largest step of the acceleration magnitude in the record, g; NaN where absent."""
    skin_temp_c: NDArray[np.float32]
    """(n,) skin temperature, degrees C; NaN where absent, and in every kind but gen5 summaries."""
    step_counter: NDArray[np.int32]
    """(n,) the band's own count of steps, which wraps at 65536; -1 in every kind but gen5 summaries."""

    @property
    def ts(self) -> NDArray[np.float64]:
        """(n,) strap time with its fraction, s."""
        return self.epoch + self.subsec / SUBSEC_PER_S


def decode_records(matrix: Rows, generation: Generation) -> BeatRecords:
    """Decode inner payloads of one length.

    ``matrix`` is (n, length), one inner payload a row, any mixture of record types and
    versions. Never raises for content: every row gets its reason.
    """
    rows = np.ascontiguousarray(matrix, dtype=np.uint8)
    n, length = rows.shape
    out = _empty(n)
    if not n:
        return out
    if not length:
        out.reason[:] = Reason.EMPTY
        return out
    codes = rows[:, 0].astype(np.uint16) << 8
    if length > 1:
        codes |= rows[:, 1]
    # A block of stored records is nearly always of one kind.
    if (codes == codes[0]).all():
        _decode_kind(out, slice(None), rows, generation)
        return out
    for code in np.unique(codes):
        pick = np.flatnonzero(codes == code)
        _decode_kind(out, pick, rows[pick], generation)
    return out


def _empty(n: int) -> BeatRecords:
    return BeatRecords(
        reason=np.zeros(n, np.uint8),
        epoch=np.full(n, NO_TIME, np.int64),
        subsec=np.zeros(n, np.int32),
        counter=np.full(n, NO_TIME, np.int64),
        hr_bpm=np.zeros(n, np.int16),
        rr_count=np.zeros(n, np.uint8),
        rr_ms=np.zeros((n, R24_RR_SLOTS), np.int16),
        accel_g=np.full((n, 3), np.nan, np.float32),
        dyn_accel_g=np.full(n, np.nan, np.float32),
        skin_temp_c=np.full(n, np.nan, np.float32),
        step_counter=np.full(n, NO_STEPS, np.int32),
    )


type Pick = slice | NDArray[np.intp]


def _decode_kind(out: BeatRecords, pick: Pick, rows: Rows, generation: Generation) -> None:
    """Fill the picked rows of the result from records that all have one type and version."""
    kind = int(rows[0, 0])
    if kind == PacketType.REALTIME_HR:
        _live_hr(out, pick, rows)
        return
    if kind not in (PacketType.HISTORICAL, PacketType.REALTIME_RAW):
        out.reason[pick] = Reason.NOT_A_RECORD
        return
    length = rows.shape[1]
    if length >= HEADER_FLOOR:
        out.counter[pick] = _column(rows, 3, "<u4")
        out.epoch[pick] = _column(rows, 7, "<u4")
        out.subsec[pick] = _column(rows, 11, "<u2")
    if length < 2:
        out.reason[pick] = Reason.TOO_SHORT
        return
    version = int(rows[0, 1])
    if generation is Generation.GEN5:
        _gen5(out, pick, rows, kind, version)
    else:
        _gen4(out, pick, rows, kind, version)


def _gen4(out: BeatRecords, pick: Pick, rows: Rows, kind: int, version: int) -> None:
    length = rows.shape[1]
    if version == R10_VERSION:
        if length < R10_FLOOR:
            out.reason[pick] = Reason.TOO_SHORT
            return
        _beats(out, pick, rows, hr_at=17, rr_at=19, slots=R24_RR_SLOTS)
        if length >= 58:
            out.accel_g[pick] = _accel(rows, 46)
            out.dyn_accel_g[pick] = _dyn_accel(rows, 42)
    elif version == R11_VERSION:
        out.reason[pick] = Reason.NO_BEATS if length >= R11_FLOOR else Reason.TOO_SHORT
    elif kind == PacketType.REALTIME_RAW:
        out.reason[pick] = Reason.UNKNOWN_VERSION
    elif version == 25:
        out.reason[pick] = Reason.NO_BEATS if length >= V25_FLOOR else Reason.TOO_SHORT
    elif length < R24_FLOOR:
        out.reason[pick] = Reason.TOO_SHORT
    elif version in R24_VERSIONS:
        _r24(out, pick, rows)
    else:
        _gated(out, pick, rows, version)


def _r24(out: BeatRecords, pick: Pick, rows: Rows) -> None:
    _beats(out, pick, rows, hr_at=17, rr_at=19, slots=R24_RR_SLOTS)
    out.accel_g[pick] = _accel(rows, 36)
    out.dyn_accel_g[pick] = _dyn_accel(rows, 32)
    finite = _finite(rows, 36)
    if not finite.all():
        _reject(out, pick, ~finite, Reason.NON_FINITE)


def _gated(out: BeatRecords, pick: Pick, rows: Rows, version: int) -> None:
    hr = rows[:, GATED_HR_AT.get(version, GATED_HR_AT_UNKNOWN)]
    out.hr_bpm[pick] = hr
    accel = _columns(rows, 36, "<f4", 3)
    out.accel_g[pick] = accel
    with np.errstate(invalid="ignore"):
        x, y, z = accel.astype(np.float64).T
        norm2 = x * x + y * y + z * z
    low, high = GATED_NORM2_G2
    plausible = (hr >= HR_MIN_BPM) & (hr <= HR_MAX_BPM) & (norm2 >= low) & (norm2 <= high)
    finite = _finite(rows, 36)
    _reject(out, pick, finite & ~plausible, Reason.IMPLAUSIBLE)
    _reject(out, pick, ~finite, Reason.NON_FINITE)


def _gen5(out: BeatRecords, pick: Pick, rows: Rows, kind: int, version: int) -> None:
    length = rows.shape[1]
    history = kind == PacketType.HISTORICAL
    if history and version == 18:
        if length < V18_FLOOR:
            out.reason[pick] = Reason.TOO_SHORT
            return
        _beats(out, pick, rows, hr_at=14, rr_at=16, slots=V18_RR_SLOTS)
        out.accel_g[pick] = _accel(rows, 37)
        out.dyn_accel_g[pick] = _dyn_accel(rows, 33)
        skin = _column(rows, V18_SKIN_TEMP_AT, "<i2")
        out.skin_temp_c[pick] = np.where(skin != V18_SKIN_TEMP_ABSENT, skin / 100.0, np.nan)
        out.step_counter[pick] = _column(rows, V18_STEPS_AT, "<u2")
    elif history and version in _GEN5_SIZES:
        fits = length == _GEN5_SIZES[version]
        out.reason[pick] = Reason.NO_BEATS if fits else Reason.WRONG_LENGTH
    elif version == 21:
        out.reason[pick] = Reason.BAD_COUNT if length == V21_SIZE else Reason.WRONG_LENGTH
    else:
        out.reason[pick] = Reason.UNKNOWN_VERSION
    if length == V21_SIZE:
        # Motion buffers are told by their counts, whatever the version byte says.
        buffers = np.ones(rows.shape[0], dtype=bool)
        for at in (16, 622):
            count = _column(rows, at, "<u2")
            buffers &= (count >= 1) & (count <= IMU_SAMPLES)
        _reject(out, pick, buffers, Reason.NO_BEATS)


def _live_hr(out: BeatRecords, pick: Pick, rows: Rows) -> None:
    if rows.shape[1] < LIVE_HR_FLOOR:
        out.reason[pick] = Reason.TOO_SHORT
        return
    out.epoch[pick] = _column(rows, 2, "<u4")
    out.subsec[pick] = _column(rows, 6, "<u2")
    _beats(out, pick, rows, hr_at=8, rr_at=10, slots=LIVE_HR_RR_SLOTS)


def _column(rows: Rows, at: int, dtype: str) -> NDArray[Any]:
    """Numbers at one offset of every row, (n,): a view without a copy."""
    return _columns(rows, at, dtype, 1)[:, 0]


def _columns(rows: Rows, at: int, dtype: str, count: int) -> NDArray[Any]:
    """Numbers that stand side by side at one offset of every row, (n, count): a view."""
    layout = np.dtype(
        {
            "names": ["x"],
            "formats": [(dtype, (count,))],
            "offsets": [at],
            "itemsize": rows.shape[1],
        }
    )
    view: NDArray[Any] = rows.view(layout)["x"][:, 0]
    return view


def _beats(out: BeatRecords, pick: Pick, rows: Rows, *, hr_at: int, rr_at: int, slots: int) -> None:
    """Heart rate and intervals, with their gates. The declared count stands before the intervals."""
    hr = rows[:, hr_at]
    out.hr_bpm[pick] = np.where((hr >= HR_MIN_BPM) & (hr <= HR_MAX_BPM), hr, 0)
    if rows.shape[1] < rr_at:
        return
    declared = rows[:, rr_at - 1]
    declared = np.where(declared <= slots, declared, 0)
    # Only intervals that lie whole within the record, and no column that no row uses.
    used = min(int(declared.max()), (rows.shape[1] - rr_at) // 2)
    if not used:
        return
    values = _columns(rows, rr_at, "<i2", used)
    accepted = np.arange(used) < declared[:, None]
    accepted &= (values >= RR_MIN_MS) & (values <= RR_MAX_MS)
    kept = np.where(accepted, values, 0)
    holes = np.flatnonzero((accepted[:, 1:] & ~accepted[:, :-1]).any(axis=1))
    if holes.size:
        order = np.argsort(~accepted[holes], axis=1, kind="stable")
        kept[holes] = np.take_along_axis(kept[holes], order, axis=1)
    out.rr_ms[pick, :used] = kept
    out.rr_count[pick] = np.count_nonzero(accepted, axis=1)


def _accel(rows: Rows, at: int) -> NDArray[np.float32]:
    """Mean acceleration, g, (n, 3); NaN in all axes where one axis is impossible."""
    values = _columns(rows, at, "<f4", 3).astype(np.float32)
    possible = np.abs(values) <= ACCEL_LIMIT_G
    if not possible.all():
        values[~possible.all(axis=1)] = np.nan
    return values


def _dyn_accel(rows: Rows, at: int) -> NDArray[np.float32]:
    """Largest step of the magnitude, g, (n,); NaN where impossible."""
    values = _column(rows, at, "<f4").astype(np.float32)
    possible = (values >= 0) & (values <= ACCEL_LIMIT_G)
    if not possible.all():
        values[~possible] = np.nan
    return values


def _finite(rows: Rows, at: int) -> NDArray[np.bool_]:
    """Tell which rows have three finite numbers there, (n,)."""
    finite: NDArray[np.bool_] = np.isfinite(_columns(rows, at, "<f4", 3)).all(axis=1)
    return finite


def _reject(out: BeatRecords, pick: Pick, bad: NDArray[np.bool_], reason: Reason) -> None:
    """Give picked rows a reason and take what was read from them."""
    at = np.flatnonzero(bad)
    if not at.size:
        return
    if not isinstance(pick, slice):
        at = pick[at]
    out.reason[at] = reason
    out.hr_bpm[at] = 0
    out.rr_count[at] = 0
    out.rr_ms[at] = 0
    out.accel_g[at] = np.nan
    out.dyn_accel_g[at] = np.nan
    out.skin_temp_c[at] = np.nan
    out.step_counter[at] = NO_STEPS
