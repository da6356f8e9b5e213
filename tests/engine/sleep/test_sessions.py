"""Stretches of a still wrist and a calm heart."""

import numpy as np
from numpy.typing import ArrayLike
import pytest

from custom_components.openstrap.engine.signal.motion import Motion
from custom_components.openstrap.engine.sleep.sessions import (
    Evidence,
    Session,
    find_sessions,
    gather,
    sessions_of,
)

from ..series import clock, samples_of

HOUR = 3600.0


def evidence(
    rests: list[tuple[float, float]],
    *,
    hours: float = 12.0,
    resting_hr: int = 55,
    holes: tuple[tuple[float, float], ...] = (),
    active: float = 0.8,
    asleep: float = 0.03,
) -> Evidence:
    """Make a span of counts and heart rates; ``rests`` and ``holes`` in hours."""
    ts = clock(0.0, hours * HOUR)
    dice = np.random.default_rng(7)
    resting = within(ts, rests)
    # A movement lasts a bin, as arms do not move in single seconds all day.
    share = dice.random(len(ts) // 15 + 1)[(ts // 15).astype(int)]
    amount = np.where(share < np.where(resting, asleep, active), 50.0, 0.0)
    keep = ~within(ts, list(holes))
    samples = samples_of(ts[keep], hr_bpm=np.where(resting, resting_hr, 75)[keep])
    worn = np.ones(len(samples), dtype=bool)
    return gather(samples, worn, Motion(ts[keep], amount[keep], 1.0), 0.0, hours * HOUR)


def within(ts: np.ndarray, spans: list[tuple[float, float]]) -> np.ndarray:
    """Tell the times that lie in one of the spans of hours."""
    inside = np.zeros(len(ts), dtype=bool)
    for start, stop in spans:
        inside |= (ts >= start * HOUR) & (ts < stop * HOUR)
    return inside


def hours_of(sessions: tuple[Session, ...]) -> list[float]:
    """Edges in hours, one after the other."""
    return [edge / HOUR for part in sessions for edge in (part.start_ts, part.end_ts)]


@pytest.mark.parametrize(
    "rests", [[(3.0, 9.0)], [(1.0, 2.0), (4.0, 9.5)], [(0.0, 3.0)], [(8.0, 12.0)]]
)
def test_rests_are_found(rests: list[tuple[float, float]]) -> None:
    """To a few minutes, also where they reach the ends."""
    found = find_sessions(evidence(rests))
    assert hours_of(found) == pytest.approx([edge for part in rests for edge in part], abs=0.04)


def test_edges_are_sharp() -> None:
    """How much the share of moving bins changes; nothing where nothing was seen beyond."""
    (rest,) = find_sessions(evidence([(0.0, 5.0)]))
    assert rest.fall == 0.0
    assert rest.rise == pytest.approx(0.77, abs=0.12)
    assert rest.still_s == pytest.approx(5 * HOUR * 0.97, rel=0.03)


@pytest.mark.parametrize(
    ("rests", "holes", "expected"),
    [
        ([(2.0, 5.0), (5.15, 8.0)], (), [2, 8]),
        ([(2.0, 5.0), (5.5, 8.0)], (), [2, 5, 5.5, 8]),
        ([(2.0, 8.0)], ((4.0, 4.4),), [2, 8]),
        ([(2.0, 8.0)], ((4.0, 5.0),), [2, 4, 5, 8]),
        ([(2.0, 2.15)], (), []),
    ],
    ids=["short waking", "long waking", "short hole", "long hole", "short rest"],
)
def test_what_is_bridged(
    rests: list[tuple[float, float]],
    holes: tuple[tuple[float, float], ...],
    expected: list[float],
) -> None:
    """Waking below fifteen minutes and holes that leave something to see around them."""
    found = hours_of(find_sessions(evidence(rests, holes=holes)))
    assert found == pytest.approx(expected, abs=0.05)


def test_a_fast_heart_is_no_rest() -> None:
    """Above 1.05 times the median of the span; without a heart rate movement alone speaks."""
    assert not find_sessions(evidence([(3.0, 6.0)], resting_hr=85))
    assert find_sessions(evidence([(3.0, 6.0)], resting_hr=78))
    silent = samples_of(clock(0.0, 12 * HOUR), hr_bpm=0)
    motion = Motion(silent.ts, np.where(within(silent.ts, [(3.0, 6.0)]), 0.0, 9.0), 1.0)
    worn = np.ones(len(silent), dtype=bool)
    table = gather(silent, worn, motion, 0.0, 12 * HOUR)
    assert table.hr_median is None
    assert hours_of(find_sessions(table)) == pytest.approx([3, 6], abs=0.01)


def test_a_night_alone_is_not_too_fast_for_itself() -> None:
    """Surges of the heart in it do not put it above its own median."""
    ts = clock(0.0, 8 * HOUR)
    samples = samples_of(ts, hr_bpm=np.where(ts % 600 < 200, 75, 48))
    motion = Motion(ts, np.zeros(len(ts)), 1.0)
    table = gather(samples, np.ones(len(ts), dtype=bool), motion, 0.0, 8 * HOUR)
    assert hours_of(find_sessions(table)) == [0.0, 8.0]


def test_looking_things_up() -> None:
    """Seen and still seconds, heart rate and its cover between two times."""
    table = evidence([(3.0, 9.0)], holes=((4.0, 5.0),), asleep=0.0, active=1.0)
    assert table.seen_s(3 * HOUR, 6 * HOUR) == pytest.approx(2 * HOUR)
    assert table.still_s(2 * HOUR, 6 * HOUR) == pytest.approx(2 * HOUR, abs=30)
    assert table.hr(5 * HOUR, 6 * HOUR) == 55.0
    assert table.hr(4.1 * HOUR, 4.9 * HOUR) is None
    assert table.hr_covered(3 * HOUR, 6 * HOUR) == pytest.approx(2 / 3, abs=0.01)
    assert table.lowest_hr(0.0, 12 * HOUR, 300.0) == 55.0
    assert table.lowest_hr(4.1 * HOUR, 4.9 * HOUR, 300.0) is None


def test_a_slow_strap_covers_its_minutes() -> None:
    """A pulse every five seconds is a covered minute; one every five minutes is not."""
    for step_s, share in ((5.0, 1.0), (300.0, 0.2)):
        ts = clock(0.0, 4 * HOUR, step_s)
        still = Motion(ts, np.zeros(len(ts)), step_s)
        table = gather(samples_of(ts), np.ones(len(ts), dtype=bool), still, 0.0, 4 * HOUR)
        assert table.hr_covered(0.0, 4 * HOUR) == pytest.approx(share, abs=0.01)


def test_spans_of_other_methods() -> None:
    """They come into the same form, as far as they are long and calm enough."""
    table = evidence([(3.0, 9.0)])
    spans = [(0.0, 300.0), (3 * HOUR, 9 * HOUR)]
    (session,) = sessions_of(spans, table)
    assert (session.start_ts, session.fall, session.rise) == (3 * HOUR, 0.0, 0.0)


@pytest.mark.parametrize("amount", [np.nan, 5.0])
def test_nothing(amount: ArrayLike) -> None:
    """No movement seen, or nothing but movement; no records."""
    ts = clock(0.0, HOUR)
    motion = Motion(ts, np.full(len(ts), amount), 1.0)
    assert not find_sessions(gather(samples_of(ts), ts >= 0.0, motion, 0.0, HOUR))
    nothing = Motion(np.empty(0), np.empty(0), 1.0)
    assert not find_sessions(gather(samples_of([]), np.empty(0, bool), nothing, 0.0, 0.0))
