"""What a watch makes of time without news, of a restart, and of looks in any order."""

from itertools import pairwise
import json
from typing import Any

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.sleep.live import NO_RECENT
from custom_components.openstrap.engine.sleep.watch import (
    BRIDGE_S,
    GAP_S,
    SleepWatch,
    Transition,
    TransitionKind,
)

from ..series import at
from .watched import DAY, EVE, MIN, Nights, of


def test_a_gap_keeps_the_state_then_nothing_is_known() -> None:
    """Half an hour; and no look without records is a change."""
    night = Nights((at(EVE, 23), True))
    watch, _ = night.watched(at(EVE, 21), at(DAY, 2))
    assert watch.known_ts is not None
    blind, told = watch.fold(night.look(at(DAY, 2, 10), sleep=NO_RECENT, waking=NO_RECENT))
    assert (blind, told) == (watch, ())
    assert watch.at(watch.known_ts + GAP_S).asleep
    late = watch.at(watch.known_ts + GAP_S + 1.0)
    assert (late.asleep, late.in_bed, late.asleep_since_ts) == (None, None, None)


def test_what_changed_in_a_short_gap_has_its_own_time() -> None:
    """The next look still sees it."""
    woke = at(DAY, 6, 30)
    night = Nights((at(EVE, 23), True), (woke, False))
    watch, _ = night.watched(at(EVE, 21), at(DAY, 5, 30))
    watch, told = watch.fold(night.look(at(DAY, 7, 30)))
    assert Transition(TransitionKind.WOKE_UP, woke, at(EVE, 23)) in told
    assert watch.asleep is False


def test_what_changed_in_the_dark_is_not_told() -> None:
    """The band was out of reach, and its records of that time never came."""
    night = Nights((at(EVE, 23), True), (at(DAY, 5), False))
    watch, _ = night.watched(at(EVE, 21), at(DAY, 3))
    night.seen = at(DAY, 8)
    watch, told = watch.fold(night.look(at(DAY, 8, 40)))
    assert (watch.asleep, watch.onset_ts, told) == (False, None, ())


def test_a_night_goes_on_over_a_long_gap() -> None:
    """Asleep before it and after it: one waking, of the night that was told."""
    onset, woke = at(EVE, 23), at(DAY, 7)
    night = Nights((onset, True), (woke, False))
    watch, told = night.watched(at(EVE, 21), at(DAY, 0))
    assert at(DAY, 5) - at(DAY, 0) > BRIDGE_S
    watch, more = night.watched(at(DAY, 5), at(DAY, 8), watch=watch)
    assert len(of(TransitionKind.FELL_ASLEEP, [*told, *more])) == 1
    assert of(TransitionKind.WOKE_UP, more) == [(woke + 15 * MIN, woke)]


def test_a_sleep_that_is_found_going_on_began_nobody_knows_when() -> None:
    """Asleep since before the first record: shown, not told; its waking is."""
    night = Nights((at(EVE, 22), True), (at(DAY, 7), False), seen=at(DAY, 0))
    watch, told = night.watched(at(DAY, 0, 20), at(DAY, 2))
    assert (watch.asleep, watch.asleep_since_ts, told) == (True, None, [])
    _, told = night.watched(at(DAY, 2), at(DAY, 8), watch=watch)
    assert [ts for _, ts in of(TransitionKind.WOKE_UP, told)] == [at(DAY, 7)]


def test_a_night_of_yesterday_is_over() -> None:
    """However it ended, nothing of it is told a day later."""
    night = Nights((at(EVE, 23), True), (at(DAY, 7), False))
    watch, _ = night.watched(at(EVE, 21), at(DAY, 3))
    later = Nights(seen=at(DAY, 19))
    watch, told = later.watched(at(DAY, 19, 10), at(DAY, 20), watch=watch)
    assert (watch.asleep, watch.onset_ts, told) == (False, None, [])


def test_a_restart_in_the_night_changes_nothing() -> None:
    """The watch goes through JSON at every look."""
    night = Nights(
        (at(EVE, 23), True), (at(DAY, 3), False), (at(DAY, 3, 9), True), (at(DAY, 7), False)
    )
    watch, told = SleepWatch(), []
    for now in np.arange(at(EVE, 21), at(DAY, 9), 5 * MIN).tolist():
        watch = SleepWatch.from_dict(json.loads(json.dumps(watch.to_dict())))
        watch, changes = watch.fold(night.look(now))
        told += [(one.kind, now, one.ts) for one in changes]
    assert (watch, told) == night.watched(at(EVE, 21), at(DAY, 9), 5 * MIN)


@pytest.mark.parametrize("broken", [{}, {"asleep": 1}, {"known_ts": "soon"}, {"known_ts": True}])
def test_what_is_no_watch_is_refused(broken: dict[str, Any]) -> None:
    """Whatever stands on the disk."""
    data = SleepWatch().to_dict() | broken if broken else {}
    with pytest.raises((KeyError, TypeError)):
        SleepWatch.from_dict(data)


def test_nothing_is_judged_twice() -> None:
    """A look of the same moment, or of an earlier one, changes nothing."""
    night = Nights((at(EVE, 23), True))
    watch, _ = night.watched(at(EVE, 21), at(DAY, 1))
    assert watch.fold(night.look(at(EVE, 22))) == (watch, ())
    assert watch.known_ts is not None
    assert watch.fold(night.look(watch.known_ts)) == (watch, ())


@given(st.lists(st.tuples(st.floats(1.0, 300.0), st.booleans()), max_size=30), st.integers(1, 40))
def test_changes_take_turns_and_lie_in_the_past(sides: list[tuple[float, bool]], step: int) -> None:
    """Whatever the night: who wakes up had fallen asleep, and nothing is told ahead of its time."""
    start = at(EVE, 18)
    until = start + np.cumsum([minutes * MIN for minutes, _ in sides])
    night = Nights(*zip(until.tolist(), [asleep for _, asleep in sides], strict=True))
    _, told = night.watched(start, start + 86400.0, step * MIN)
    assert all(ts <= now for _, now, ts in told)
    turns = [kind for kind, _, _ in told if kind not in {"went_to_bed", "left_bed"}]
    assert all(
        (before is TransitionKind.FELL_ASLEEP) != (after is TransitionKind.FELL_ASLEEP)
        for before, after in pairwise(turns)
    )
