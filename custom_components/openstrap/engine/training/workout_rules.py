"""What a workout that someone tells must satisfy, and the words for what is wrong with it."""

from collections.abc import Iterable
from typing import Final, Literal
import unicodedata

from ..told import WORKOUT_KINDS, Span, ToldWorkout, WorkoutKind

MIN_S: Final = 60.0
MAX_S: Final = 86400.0
"""Limits of the length of a workout that is told, s (judgement)."""
FORGOTTEN_S: Final = 6.0 * 3600.0
"""A workout that nobody ended ends by itself after this, s (judgement)."""
MOVED_MAX_S: Final = 86400.0
"""How far a corrected workout may lie from what it corrects, s: nobody errs by a day (judgement)."""
TOLD_CONFIDENCE: Final = 1.0
"""Of a workout that the wearer told, and of its kind if that was told: who would know better."""
LAST_TS: Final = 2.0**32
"""Straps count seconds in 32 bits; far beyond it there are no calendar days either, epoch s."""

MAX_TITLE: Final = 80
"""Characters of a title: one line of a calendar, or of a phone (judgement)."""
_NOT_OF_A_LINE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of Unicode that are no text of one line: control, half a character, breaks."""

type WorkoutFault = Literal[
    "not_a_time",
    "not_a_kind",
    "end_before_start",
    "too_short",
    "too_long",
    "in_future",
    "overlap",
    "moved_too_far",
    "already_going",
    "unknown_workout",
    "title_too_long",
    "title_not_plain",
]


class WorkoutError(ValueError):
    """A workout was refused; ``code`` is a stable word that the screens translate."""

    def __init__(self, code: WorkoutFault) -> None:
        """Take the word."""
        super().__init__(code)
        self.code: WorkoutFault = code


def checked_workout(
    workout_id: str,
    span: tuple[float, float | None],
    kind: str | None,
    others: Iterable[ToldWorkout],
    now_ts: float,
    *,
    replaces: Span | None = None,
    title: str | None = None,
) -> ToldWorkout:
    """Make a workout of what was told, or raise WorkoutError.

    ``span`` is its start and end (epoch s), the end None while it goes on. ``others`` are those
    told before; one of the same id is what this one stands for from now on, so it may overlap.
    ``replaces`` is the span of the detected workout that is corrected. ``title`` goes through
    ``checked_title``.
    """
    start_ts, end_ts = span
    times = [start_ts, *([] if end_ts is None else [end_ts]), *(replaces or ())]
    if not are_times(times):
        raise WorkoutError("not_a_time")
    _check_length(start_ts, end_ts, now_ts)
    if replaces is not None:
        if replaces[1] <= replaces[0]:
            raise WorkoutError("end_before_start")
        if replaces[1] - replaces[0] > MAX_S:
            raise WorkoutError("too_long")
        last = start_ts if end_ts is None else end_ts
        if max(replaces[0] - last, start_ts - replaces[1]) > MOVED_MAX_S:
            raise WorkoutError("moved_too_far")
    rest = [other for other in others if other.id != workout_id]
    if end_ts is None and any(is_going(other, now_ts) for other in rest):
        raise WorkoutError("already_going")
    if any(_overlap(start_ts, end_ts, other, now_ts) for other in rest):
        raise WorkoutError("overlap")
    return ToldWorkout(workout_id, start_ts, end_ts, _kind(kind), replaces, checked_title(title))


def checked_title(title: str | None) -> str | None:
    """Trim a title; None for one of nothing. Raises WorkoutError for what is no line of 80."""
    title = (title or "").strip()
    if len(title) > MAX_TITLE:
        raise WorkoutError("title_too_long")
    if any(unicodedata.category(letter) in _NOT_OF_A_LINE for letter in title):
        raise WorkoutError("title_not_plain")
    return title or None


def are_times(times: Iterable[float]) -> bool:
    """Tell whether all are seconds that a strap's clock can show, 1970 to 2106."""
    return all(0.0 <= ts < LAST_TS for ts in times)


def is_going(workout: ToldWorkout, now_ts: float) -> bool:
    """Tell whether nobody ended a workout yet, and it is not so old that it was forgotten."""
    return workout.end_ts is None and now_ts - workout.start_ts < FORGOTTEN_S


def _check_length(start_ts: float, end_ts: float | None, now_ts: float) -> None:
    if (start_ts if end_ts is None else end_ts) > now_ts:
        raise WorkoutError("in_future")
    if end_ts is None:
        if now_ts - start_ts >= FORGOTTEN_S:
            raise WorkoutError("too_long")
        return
    if end_ts <= start_ts:
        raise WorkoutError("end_before_start")
    if end_ts - start_ts < MIN_S:
        raise WorkoutError("too_short")
    if end_ts - start_ts > MAX_S:
        raise WorkoutError("too_long")


def _overlap(start_ts: float, end_ts: float | None, other: ToldWorkout, now_ts: float) -> bool:
    """Whether two share time. A forgotten one blocks nothing: when it ended is only guessed."""
    if other.end_ts is None and not is_going(other, now_ts):
        return False
    mine = now_ts if end_ts is None else end_ts
    theirs = now_ts if other.end_ts is None else other.end_ts
    return start_ts < theirs and other.start_ts < mine


def _kind(kind: str | None) -> WorkoutKind | None:
    for known in WORKOUT_KINDS:
        if kind == known:
            return known
    if kind is not None:
        raise WorkoutError("not_a_kind")
    return None
