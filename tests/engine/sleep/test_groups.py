"""Which rests are one sleep, and whose."""

from typing import NamedTuple

import numpy as np
import pytest

from custom_components.openstrap.engine.signal.motion import Motion
from custom_components.openstrap.engine.sleep.groups import (
    Group,
    Span,
    closed_ts,
    groups_of,
    main_sleep,
)
from custom_components.openstrap.engine.sleep.sessions import Evidence, Session, gather

from ..series import clock, samples_of

HOUR = 3600.0
SPAN = Span(-12 * HOUR, 0.0, 12 * HOUR, 24 * HOUR)


class Rest(NamedTuple):
    """Hours from midnight, and the heart rate within."""

    start: float
    end: float
    hr_bpm: int = 55


def scene(
    *rests: Rest, hole: tuple[float, float] | None = None, end: float = 24.0
) -> tuple[list[Session], Evidence]:
    """Lay rests into the span around midnight."""
    ts = clock(SPAN.start, end * HOUR)
    hr = np.full(len(ts), 75)
    amount = np.full(len(ts), 9.0)
    for rest in rests:
        inside = (ts >= rest.start * HOUR) & (ts < rest.end * HOUR)
        hr[inside], amount[inside] = rest.hr_bpm, 0.0
    keep = np.ones(len(ts), dtype=bool)
    if hole is not None:
        keep = (ts < hole[0] * HOUR) | (ts >= hole[1] * HOUR)
    samples = samples_of(ts[keep], hr_bpm=hr[keep])
    motion = Motion(ts[keep], amount[keep], 1.0)
    evidence = gather(samples, np.ones(len(samples), dtype=bool), motion, SPAN.start, SPAN.end)
    sessions = [
        Session(start, stop, evidence.still_s(start, stop), 1.0, 1.0)
        for start, stop in ((rest.start * HOUR, rest.end * HOUR) for rest in rests)
    ]
    return sessions, evidence


def joined(*rests: Rest, hole: tuple[float, float] | None = None) -> list[list[float]]:
    """Hours at which the rests of each group start."""
    groups = groups_of(*scene(*rests, hole=hole))
    return [[part.start_ts / HOUR for part in group.sessions] for group in groups]


def chosen(*rests: Rest) -> tuple[float, float] | None:
    """Hours of the main sleep."""
    group = main_sleep(*scene(*rests), SPAN)
    return None if group is None else (group.start_ts / HOUR, group.end_ts / HOUR)


def test_less_than_an_hour_awake() -> None:
    """Joins; an hour parts."""
    assert joined(Rest(-1, 2), Rest(2.8, 7)) == [[-1, 2.8]]
    assert joined(Rest(-1, 2), Rest(3.1, 7)) == [[-1], [3.1]]


def test_less_than_two_hours_unseen() -> None:
    """A hole says nothing of waking, up to two hours."""
    assert joined(Rest(-1, 2), Rest(3.8, 7), hole=(2, 3.8)) == [[-1, 3.8]]
    assert joined(Rest(-1, 2), Rest(4.1, 7), hole=(2, 4.1)) == [[-1], [4.1]]


def test_what_does_not_belong() -> None:
    """A short doze before a long evening; an hour before the screen with a waking heart."""
    assert joined(Rest(-2, -1.8), Rest(-1, 7)) == [[-1]]
    assert joined(Rest(-2, -1.5), Rest(-1.2, 7)) == [[-2, -1.2]]
    assert joined(Rest(-2.5, -1.5, 70), Rest(-1.2, 7)) == [[-1.2]]
    assert joined(Rest(-1, 6), Rest(6.8, 7)) == [[-1]]
    assert joined(Rest(-1, 6), Rest(6.2, 7)) == [[-1, 6.2]]


def test_when_a_sleep_is_over() -> None:
    """After an hour seen, two hours unseen, and at the end of the data two hours later."""
    _, evidence = scene(Rest(-1, 7))
    assert closed_ts(7 * HOUR, evidence) == 8 * HOUR
    _, evidence = scene(Rest(-1, 7), hole=(7, 7.5))
    assert closed_ts(7 * HOUR, evidence) == 8.5 * HOUR
    _, evidence = scene(Rest(-1, 7), hole=(7, 12))
    assert closed_ts(7 * HOUR, evidence) == 9 * HOUR
    _, evidence = scene(Rest(-1, 7), end=7.2)
    assert closed_ts(7 * HOUR, evidence) == 9 * HOUR


@pytest.mark.parametrize(
    ("rest", "mine"),
    [
        (Rest(-1, 7), True),
        (Rest(-11, -3), False),
        (Rest(-6, -0.9), True),
        (Rest(-6, -1.1), False),
        (Rest(17, 22.9), True),
        (Rest(17, 23.1), False),
    ],
)
def test_whose_day_it_is(rest: Rest, *, mine: bool) -> None:
    """The day's in which it is over for good."""
    assert (chosen(rest) is not None) == mine


def test_the_night_is_chosen() -> None:
    """Most stillness wins; the usual time of night is worth 90 minutes."""
    assert chosen(Rest(0, 5), Rest(12, 18)) == (0, 5)
    assert chosen(Rest(0, 4), Rest(12, 18)) == (12, 18)
    assert chosen(Rest(-1, 3), Rest(4.5, 8.5)) == (-1, 3)


def test_what_is_no_night() -> None:
    """Too short, too long, by day with a waking heart, without a pulse, nothing."""
    assert chosen() is None
    assert chosen(Rest(0, 2.9)) is None
    assert chosen(Rest(-3, 14)) is None
    assert chosen(Rest(12, 17, 74)) is None
    assert chosen(Rest(0, 5, 74)) == (0, 5)
    assert chosen(Rest(0, 5, 0)) is None


def test_a_group() -> None:
    """From the first start to the last end; stillness adds up."""
    group = Group((Session(0, 100, 90, 1, 1), Session(200, 400, 150, 1, 1)))
    assert (group.start_ts, group.end_ts, group.length_s, group.still_s) == (0, 400, 400, 240)
