"""The workouts of a day: what the wearer told, and what the records show beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ..signal.minutes import MINUTE_S
from ..told import Span, Told, ToldWorkout, WorkoutKind, is_same, shared_s
from .anchors import Anchors
from .breakdown import Breakdown, Scale, breakdown, mean_share, moving_steps
from .detect import PAUSE_S, Effort, find_efforts
from .forgotten import end_of_forgotten
from .har import Vote, kind_of_votes
from .kind import KindGuess, guess_kind
from .track import Track
from .workout_rules import FORGOTTEN_S, TOLD_CONFIDENCE

type Source = Literal["detected", "told", "edited"]

LATE_S: Final = 1800.0
"""So long records may be on their way while a workout still goes on (judgement)."""


@dataclass(frozen=True, slots=True)
class Workout:
    """One workout; times epoch s.

    ``source`` is "told" by the wearer, "detected", or "edited": told in place of a detected one.
    ``id`` is that of a told one; a detected one is named by its span. ``confidence`` is of the
    workout, ``kind_confidence`` of its kind, both 0 to 1; a told kind is sure.
    """

    start_ts: float
    end_ts: float
    kind: WorkoutKind
    kind_confidence: float
    source: Source
    confidence: float
    id: str | None
    breakdown: Breakdown

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types, keys always the same and in the same order."""
        return {
            "id": self.id,
            "start_ts": self.start_ts,
            "end_ts": self.end_ts,
            "kind": self.kind,
            "kind_confidence": round(self.kind_confidence, 2),
            "source": self.source,
            "confidence": round(self.confidence, 2),
            **self.breakdown.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class _Found:
    span: Span
    source: Source
    confidence: float
    kind: WorkoutKind | None = None
    id: str | None = None


def workouts_of(
    track: Track,
    scale: Scale | Anchors | None,
    told: Told,
    now_ts: float | None = None,
    *,
    steps: NDArray[np.float64] | None = None,
    votes: Sequence[Vote] = (),
) -> tuple[Workout, ...]:
    """Give the workouts that end on a track's day, in the order of time.

    ``scale`` (or the anchors alone) None finds none by itself, and leaves out of those that were
    told what is measured against the wearer. ``now_ts`` (epoch s) is asked only for the day that goes
    on, None for a day that is over. ``steps`` (n,) are counted steps of the track's minutes, NaN
    where not counted; ``votes`` are windows of movement at 100 Hz, where there was any.

    A workout belongs to the day that it ends on, and one that still goes on is not reported. One
    that is detected can be told to have ended only five minutes later, so one that ends in the last
    five minutes before midnight belongs to the next day. What the wearer told stands: detected
    workouts that touch it are left out, and so are those that were deleted or corrected, also when
    they are found at somewhat other times than then.
    """
    if isinstance(scale, Anchors):
        scale = Scale(scale)
    anchors = None if scale is None else scale.anchors
    end_ts = track.start_ts + MINUTE_S * len(track)
    mine = list(_told(track, anchors, told.workouts, now_ts))
    spoken = [_spoken(one, track, anchors, now_ts) for one in told.workouts]
    gone = [*told.tombstones, *(one.replaces for one in told.workouts if one.replaces is not None)]
    if anchors is not None:
        mine += [
            _Found((effort.start_ts, effort.end_ts), "detected", effort.confidence)
            for effort in _detected(track, anchors, now_ts, end_ts)
            if not any(shared_s((effort.start_ts, effort.end_ts), span) > 0.0 for span in spoken)
            and not any(is_same((effort.start_ts, effort.end_ts), span) for span in gone)
        ]
    return tuple(
        _workout(track, found, scale, steps, votes)
        for found in sorted(mine, key=lambda one: one.span)
    )


def _told(
    track: Track,
    anchors: Anchors | None,
    workouts: Iterable[ToldWorkout],
    now_ts: float | None,
) -> Iterable[_Found]:
    """Told workouts of the day; a forgotten one belongs to the day on which that shows."""
    end_ts = track.start_ts + MINUTE_S * len(track)
    for one in workouts:
        source: Source = "told" if one.replaces is None else "edited"
        if one.end_ts is not None:
            if track.midnight_ts < one.end_ts <= end_ts:
                yield _Found((one.start_ts, one.end_ts), source, TOLD_CONFIDENCE, one.kind, one.id)
            continue
        until = end_ts if now_ts is None else min(now_ts, end_ts)
        closed = end_of_forgotten(track, one.start_ts, anchors, until)
        if closed is not None and track.midnight_ts < closed.shown_ts <= end_ts:
            yield _Found((one.start_ts, closed.end_ts), source, TOLD_CONFIDENCE, one.kind, one.id)


def _spoken(one: ToldWorkout, track: Track, anchors: Anchors | None, now_ts: float | None) -> Span:
    """Stretch in which nothing is detected beside a told workout, of whatever day."""
    if one.end_ts is not None:
        return one.start_ts, one.end_ts
    until = track.start_ts + MINUTE_S * len(track) if now_ts is None else now_ts
    closed = end_of_forgotten(track, one.start_ts, anchors, until)
    return one.start_ts, one.start_ts + FORGOTTEN_S if closed is None else closed.end_ts


def _detected(track: Track, anchors: Anchors, now_ts: float | None, end_ts: float) -> list[Effort]:
    """Efforts that ended on the day, as far as that can be told."""
    ts = track.step_ts
    awake = np.repeat(track.waking, len(track.hr_bpm) // max(len(track), 1))
    hr = np.where(awake, track.hr_bpm, np.nan)
    before = ts < track.midnight_ts
    settled = track.midnight_ts - PAUSE_S
    # What the day before has reported is not reported again, whatever comes after midnight; nor
    # does its fall lead on to what does. All that is then left is of this day.
    for effort in _efforts(track, ts, np.where(before, hr, np.nan), anchors):
        if effort.end_ts <= settled:
            hr = np.where(ts < effort.end_ts + PAUSE_S, np.nan, hr)
    known = np.isfinite(track.hr_bpm)
    seen = float(ts[known][-1]) if known.any() else track.start_ts
    return [
        effort
        for effort in _efforts(track, ts, hr, anchors)
        if effort.end_ts <= end_ts - PAUSE_S and not _goes_on(effort.end_ts, seen, now_ts)
    ]


def _efforts(
    track: Track, ts: NDArray[np.float64], hr: NDArray[np.float64], anchors: Anchors
) -> tuple[Effort, ...]:
    return find_efforts(
        ts,
        hr,
        anchors.resting_bpm,
        anchors.hr_max.bpm,
        movement=(track.minute_ts, track.dyn_mg),
    )


def _goes_on(end_ts: float, seen_ts: float, now_ts: float | None) -> bool:
    """Whether an effort may still go on, or its next records be on their way."""
    if now_ts is None:
        return False
    return now_ts - end_ts < PAUSE_S or (seen_ts - end_ts < PAUSE_S and now_ts - end_ts < LATE_S)


def _workout(
    track: Track,
    found: _Found,
    scale: Scale | None,
    steps: NDArray[np.float64] | None,
    votes: Sequence[Vote],
) -> Workout:
    broken = breakdown(track.step_ts, track.hr_bpm, found.span, scale, moving=moving_steps(track))
    minutes = (track.minute_ts >= found.span[0]) & (track.minute_ts + MINUTE_S <= found.span[1])
    if steps is not None and np.isfinite(counted := steps[minutes]).any():
        counted = counted[np.isfinite(counted)]
        walked = counted[counted > 0.0]
        broken = replace(
            broken,
            steps=int(counted.sum()),
            cadence_spm=float(walked.mean()) if len(walked) else 0.0,
        )
    if found.kind is not None:
        guess = KindGuess(found.kind, TOLD_CONFIDENCE)
    else:
        guess = kind_of_votes(votes, *found.span) or _guess(track, broken, minutes, scale)
    return Workout(
        start_ts=found.span[0],
        end_ts=found.span[1],
        kind=guess.kind,
        kind_confidence=guess.confidence,
        source=found.source,
        confidence=found.confidence,
        id=found.id,
        breakdown=broken,
    )


def _guess(
    track: Track, broken: Breakdown, minutes: NDArray[np.bool_], scale: Scale | None
) -> KindGuess:
    share = None if scale is None else mean_share(broken, scale.anchors)
    if share is None:
        return KindGuess("other", 0.0)
    usual = _median(track.dyn_mg[track.waking])
    return guess_kind(share, _mean(track.dyn_mg[minutes]), usual, broken.cadence_spm)


def _mean(values: NDArray[np.float64]) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _median(values: NDArray[np.float64]) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else None
