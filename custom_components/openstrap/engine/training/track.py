"""A day's heart rate and movement in little space, kept for when its records are gone."""

from base64 import b85decode, b85encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self
import zlib

import numpy as np
from numpy.typing import NDArray

from ..motion.imu import Stretch
from ..motion.steps import StepMinutes
from ..samples import Samples
from ..signal.minutes import MINUTE_S
from .har import Vote, minute_votes
from .workout_rules import FORGOTTEN_S

LEAD_S: Final = FORGOTTEN_S
"""How long before its midnight a day's track begins: a workout belongs to the day it ends on.

No shorter than a forgotten one can last: the day on which it ends must see when it calmed down, or
it ends on both days.
"""
STEP_S: Final = 10.0
STEPS: Final = 6
"""Steps a minute."""
MIN_STEP_READINGS: Final = 3
"""Readings of heart rate for the mean of ten seconds (judgement)."""
MIN_MINUTE_STEPS: Final = 2
"""Known steps for a minute's heart rate: about 15 seconds, as in the day's minutes."""
MIN_DYN_READINGS: Final = 30
UNKNOWN: Final = 0
"""Neither a heart rate nor, since they are kept one higher, an amount of movement or steps."""
MAX_MG: Final = 65534


@dataclass(frozen=True, slots=True)
class Track:
    """Heart rate and movement from six hours before a day's midnight to its end.

    ``start_ts`` and ``midnight_ts`` epoch s. ``hr_bpm`` (6 n,) float64 whole bpm: mean of each ten
    seconds over worn records, NaN without. ``dyn_mg`` (n,) float64 whole mg: mean dynamic
    acceleration of each minute over worn records, NaN without. ``waking`` (n,): minutes outside of
    the main rest and naps, worn or not. ``steps`` (n,) float64 of each minute, NaN unknown, None
    where nothing counts them; ``votes`` what raw acceleration, which few minutes have, showed.
    """

    start_ts: float
    midnight_ts: float
    hr_bpm: NDArray[np.float64]
    dyn_mg: NDArray[np.float64]
    waking: NDArray[np.bool_]
    steps: NDArray[np.float64] | None = None
    votes: tuple[Vote, ...] = ()

    def __len__(self) -> int:
        """Count the minutes."""
        return len(self.dyn_mg)

    @property
    def step_ts(self) -> NDArray[np.float64]:
        """Start of each ten seconds, (6 n,) epoch s."""
        return self.start_ts + STEP_S * np.arange(len(self.hr_bpm), dtype=np.float64)

    @property
    def minute_ts(self) -> NDArray[np.float64]:
        """Start of each minute, (n,) epoch s."""
        return self.start_ts + MINUTE_S * np.arange(len(self), dtype=np.float64)

    def minute_hr(self) -> NDArray[np.float64]:
        """Mean heart rate of each minute, (n,) whole bpm, NaN below two known steps of six."""
        steps = self.hr_bpm.reshape(-1, STEPS)
        known = np.isfinite(steps)
        count = known.sum(axis=1)
        total = np.where(known, steps, 0.0).sum(axis=1)
        mean = np.floor(total / np.maximum(count, 1) + 0.5)
        return np.where(count >= MIN_MINUTE_STEPS, mean, np.nan)

    def wake_hr(self) -> tuple[tuple[int, int], ...]:
        """Count the waking minutes of the day itself by their heart rate: (bpm, minutes)."""
        day = self.of_day()
        hr = day.minute_hr()
        bpm, minutes = np.unique(hr[day.waking & np.isfinite(hr)], return_counts=True)
        return tuple((int(rate), int(n)) for rate, n in zip(bpm, minutes, strict=True))

    def of_day(self) -> Track:
        """Return the track from midnight on."""
        first = int((self.midnight_ts - self.start_ts) // MINUTE_S)
        return Track(
            self.start_ts + MINUTE_S * first,
            self.midnight_ts,
            self.hr_bpm[STEPS * first :],
            self.dyn_mg[first:],
            self.waking[first:],
            None if self.steps is None else self.steps[first:],
            tuple(vote for vote in self.votes if vote.ts >= self.midnight_ts),
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types: compressed differences, which a day has few kinds of."""
        return {
            "start": self.start_ts,
            "midnight": self.midnight_ts,
            "hr": _pack(_whole(self.hr_bpm, 0), "<u1"),
            "dyn": _pack(_whole(self.dyn_mg, 1), "<u2"),
            "waking": _pack(self.waking, "<u1"),
            "steps": None if self.steps is None else _pack(_whole(self.steps, 1), "<u2"),
            "votes": [vote.to_list() for vote in self.votes],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Undo ``to_dict``. Raises KeyError, TypeError or ValueError for anything else."""
        hr, dyn = _unpack(data["hr"], "<u1"), _unpack(data["dyn"], "<u2")
        waking = _unpack(data["waking"], "<u1") > 0
        steps = None if data["steps"] is None else _unpack(data["steps"], "<u2")
        if len(hr) != STEPS * len(dyn) or any(
            len(part) != len(dyn) for part in (waking, steps) if part is not None
        ):
            raise ValueError("the parts of a track are of one length")
        return cls(
            float(data["start"]),
            float(data["midnight"]),
            _known(hr, 0),
            _known(dyn, 1),
            waking,
            None if steps is None else _known(steps, 1),
            tuple(Vote.from_list(vote) for vote in data["votes"]),
        )


def track_of(
    samples: Samples,
    worn: NDArray[np.bool_],
    day: tuple[float, float],
    resting: Sequence[tuple[float, float]],
    *,
    dyn_g: NDArray[np.float64],
    steps: StepMinutes | None = None,
    imu: Sequence[Stretch] = (),
) -> Track:
    """Lay the records of a day on its track.

    ``worn`` is (n,); ``day`` the local day, epoch s; ``resting`` the main rest and the naps;
    ``dyn_g`` (n,) is ``worn_dyn_g`` of the samples; ``steps`` those counted of its minutes, ``imu`` the raw acceleration that came.
    """
    midnight, end = (float(np.floor(ts / MINUTE_S) * MINUTE_S) for ts in day)
    start = midnight - LEAD_S
    minutes = int((end - start) // MINUTE_S)
    pulse = worn & (samples.hr_bpm > 0)
    step = np.floor((samples.ts[pulse] - start) / STEP_S)
    hr = np.floor(_means(step, samples.hr_bpm[pulse], STEPS * minutes, MIN_STEP_READINGS) + 0.5)
    known = np.isfinite(dyn_g)
    minute = np.floor((samples.ts[known] - start) / MINUTE_S)
    dyn_mg = np.floor(1000.0 * _means(minute, dyn_g[known], minutes, MIN_DYN_READINGS) + 0.5)
    waking = np.ones(minutes, dtype=bool)
    at = start + MINUTE_S * np.arange(minutes)
    for first, last in resting:
        waking &= (at + MINUTE_S <= first) | (at >= last)
    return Track(
        start,
        midnight,
        hr,
        np.minimum(dyn_mg, MAX_MG),
        waking,
        _laid(steps, start, minutes),
        tuple(vote for vote in minute_votes(imu) if start <= vote.ts < end),
    )


def _laid(steps: StepMinutes | None, start_ts: float, size: int) -> NDArray[np.float64] | None:
    """Lay steps on the minutes of a track, (size,) whole, NaN where unknown."""
    if steps is None:
        return None
    laid = np.full(size, np.nan)
    first = int((steps.start_ts - start_ts) // MINUTE_S)
    known = steps.steps[max(-first, 0) :][: size - max(first, 0)]
    laid[max(first, 0) :][: len(known)] = np.floor(known + 0.5)
    return laid


def _means(
    place: NDArray[np.float64], values: NDArray[Any], size: int, least: int
) -> NDArray[np.float64]:
    """Mean of the values of each place, (size,), NaN below ``least`` of them."""
    inside = (place >= 0) & (place < size)
    row = place[inside].astype(np.intp)
    count = np.bincount(row, minlength=size)
    total = np.bincount(row, values[inside].astype(np.float64), minlength=size)
    return np.where(count >= least, total / np.maximum(count, 1), np.nan)


def _whole(values: NDArray[np.float64], lift: int) -> NDArray[np.int64]:
    """Return whole numbers, 0 for what is not known."""
    return np.where(np.isfinite(values), np.nan_to_num(values) + lift, UNKNOWN).astype(np.int64)


def _known(words: NDArray[np.integer], lift: int) -> NDArray[np.float64]:
    """Undo ``_whole``."""
    return np.where(words == UNKNOWN, np.nan, words.astype(np.float64) - lift)


def _pack(values: NDArray[Any], kind: str) -> str:
    """Differences between neighbours (modulo the size of the type), compressed, as text."""
    words = values.astype(kind)
    steps = np.diff(words, prepend=words.dtype.type(0))
    return b85encode(zlib.compress(steps.tobytes())).decode("ascii")


def _unpack(text: str, kind: str) -> NDArray[np.integer]:
    """Undo ``_pack``. Raises TypeError or ValueError for anything else."""
    try:
        raw = zlib.decompress(b85decode(text))
    except zlib.error as err:
        raise ValueError("not a compressed series") from err
    steps = np.frombuffer(raw, dtype=kind)
    return np.cumsum(steps, dtype=steps.dtype)
