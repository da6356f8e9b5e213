"""What must hold of a night or a nap that someone corrects, and the words for what is wrong."""

from collections.abc import Iterable
from datetime import date, tzinfo
from typing import Final, Literal

from .day_window import span_of
from .told import MAX_REST_S, SleepEdit, Span
from .training.workout_rules import are_times

MIN_REST_S: Final = 600.0
"""What is shorter holds no settled sleep, s."""

type ToldFault = Literal[
    "not_a_time",
    "end_before_start",
    "too_short",
    "too_long",
    "outside_day",
    "in_future",
    "overlap",
    "frames_gone",
]


class ToldError(ValueError):
    """What was told was refused; ``code`` is a stable word that the screens translate."""

    def __init__(self, code: ToldFault) -> None:
        """Take the word."""
        super().__init__(code)
        self.code: ToldFault = code


def checked_edit(
    day: date,
    span: Span,
    others: Iterable[SleepEdit],
    *,
    tz: tzinfo,
    now_ts: float | None = None,
) -> SleepEdit:
    """Make a corrected night of what was told, or raise ToldError.

    ``span`` is its start and end (epoch s). It ends on the local day ``day`` and begins after the
    noon before, which is where that day's records begin. ``others`` are the corrected nights of
    other days; two share no time. ``now_ts`` (epoch s) None leaves out whether it is over.
    """
    _check_span(span)
    window = span_of(day, tz)
    if span[0] < window.start or not window.midnight < span[1] <= window.end:
        raise ToldError("outside_day")
    if now_ts is not None and span[1] > now_ts:
        raise ToldError("in_future")
    if any(
        span[0] < other.offset_ts and other.onset_ts < span[1]
        for other in others
        if other.day != day
    ):
        raise ToldError("overlap")
    return SleepEdit(day, *span)


def checked_nap(span: Span) -> Span:
    """Give the span of a nap that was none, or raise ToldError."""
    _check_span(span)
    return span


def _check_span(span: Span) -> None:
    if not are_times(span):
        raise ToldError("not_a_time")
    if span[1] <= span[0]:
        raise ToldError("end_before_start")
    if span[1] - span[0] < MIN_REST_S:
        raise ToldError("too_short")
    if span[1] - span[0] > MAX_REST_S:
        raise ToldError("too_long")
