"""What successive looks at a night add up to: falling asleep, waking, getting up."""

from dataclasses import replace

import numpy as np
import pytest

from custom_components.openstrap.engine.sleep.live import NO_RECENT
from custom_components.openstrap.engine.sleep.waking import ASLEEP, AWAKE, Waking
from custom_components.openstrap.engine.sleep.watch import (
    SleepWatch,
    Transition,
    TransitionKind,
    needed_s,
)

from ..series import at
from .watched import DAY, EVE, MIN, USUAL, Nights, of


def test_a_night() -> None:
    """Each change once, in order, with its own time, a quarter of an hour later at most."""
    onset, offset = at(EVE, 23, 10), at(DAY, 6, 50)
    watch, told = Nights((onset, True), (offset, False)).watched(at(EVE, 20), at(DAY, 9))
    assert [kind for kind, _, _ in told] == [
        TransitionKind.WENT_TO_BED,
        TransitionKind.FELL_ASLEEP,
        TransitionKind.WOKE_UP,
        TransitionKind.LEFT_BED,
    ]
    assert of(TransitionKind.FELL_ASLEEP, told) == [(onset + 10 * MIN, onset)]
    assert of(TransitionKind.WOKE_UP, told) == [(offset + 15 * MIN, offset)]
    assert (watch.asleep, watch.in_bed, watch.asleep_since_ts) == (False, False, offset)


@pytest.mark.parametrize("step", [1, 5, 7])
@pytest.mark.parametrize("minutes", [3, 7, 12])
def test_a_bathroom_trip_is_no_waking(minutes: int, step: int) -> None:
    """Up for some minutes, three times, the last one shortly before the end of the night."""
    onset = at(EVE, 23)
    trips = [at(DAY, 1), at(DAY, 3, 30), at(DAY, 6, 15)]
    sides = [(onset, True)]
    for trip in trips:
        sides += [(trip, False), (trip + minutes * MIN, True)]
    watch, told = Nights(*sides).watched(at(EVE, 21), at(DAY, 6, 45), step * MIN)
    assert watch.asleep and watch.in_bed
    assert watch.asleep_since_ts == onset
    assert {kind for kind, _, _ in told} == {TransitionKind.WENT_TO_BED, TransitionKind.FELL_ASLEEP}


@pytest.mark.parametrize(
    ("awake", "moving", "minutes"),
    [
        ((6, 30), True, 15),
        ((6, 30), False, 30),
        ((3, 0), True, 45),
        ((3, 0), False, 90),
    ],
)
def test_how_long_one_must_be_awake(awake: tuple[int, int], moving: bool, minutes: int) -> None:
    """Longer in the middle of the night, and longer for who lies still."""
    woke = at(DAY, *awake)
    night = Nights((at(EVE, 23, 0), True), (woke, False), moving=moving)
    _, told = night.watched(at(EVE, 21), woke + 100 * MIN)
    [(now, ts)] = of(TransitionKind.WOKE_UP, told)
    assert (now, ts) == (woke + minutes * MIN, woke)


def test_after_enough_sleep_any_hour_is_morning() -> None:
    """Who slept for six hours has had a night, whatever is usual."""
    woke = at(DAY, 4, 30)
    night = Nights((at(EVE, 22, 20), True), (woke, False))
    _, told = night.watched(at(EVE, 21), woke + 60 * MIN)
    assert of(TransitionKind.WOKE_UP, told) == [(woke + 15 * MIN, woke)]


def test_an_alarm_that_went_off_makes_it_quick() -> None:
    """Five minutes awake; an alarm of long before says nothing."""
    woke = at(DAY, 3)
    night = Nights((at(EVE, 23), True), (woke, False))
    watch, _ = night.watched(at(EVE, 21), woke)
    now = woke + 5 * MIN
    _, told = watch.fold(night.look(now, alarm_ts=woke - 60.0))
    assert [one.kind for one in told] == [TransitionKind.WOKE_UP]
    _, told = watch.fold(night.look(now, alarm_ts=woke - 7200.0))
    assert told == ()


def test_a_nap_is_no_night() -> None:
    """Asleep by day, even for two hours, is told to nobody, though it is shown."""
    start, end = at(DAY, 14), at(DAY, 16)
    nap = Nights((start, True), (end, False))
    watch, told = nap.watched(at(DAY, 12), start + 30 * MIN)
    assert watch.asleep and watch.in_bed
    watch, more = nap.watched(start + 30 * MIN, end + 60 * MIN, watch=watch)
    assert [*told, *more] == []
    assert (watch.asleep, watch.in_bed) == (False, False)


def test_a_sleep_by_day_that_lasts_is_a_night() -> None:
    """Of who works at night: told after an hour and forty minutes, with its own time."""
    onset = at(DAY, 9)
    _, told = Nights((onset, True)).watched(at(DAY, 6), at(DAY, 14))
    assert of(TransitionKind.FELL_ASLEEP, told) == [(onset + 100 * MIN, onset)]


def test_the_further_from_the_usual_night_the_longer() -> None:
    """Ten minutes from an hour before it to an hour before its end."""
    assert needed_s(at(EVE, 22), USUAL) == needed_s(at(DAY, 6), USUAL) == 10 * MIN
    assert needed_s(at(EVE, 21), USUAL) == needed_s(at(DAY, 7), USUAL) == 40 * MIN
    assert needed_s(at(EVE, 12), USUAL) == 180 * MIN


def test_a_doze_before_the_night_is_taken_back() -> None:
    """Half an hour on the sofa; then the night is told again."""
    doze, bed = at(EVE, 22, 10), at(EVE, 23, 30)
    night = Nights((doze, True), (doze + 30 * MIN, False), (bed, True))
    _, told = night.watched(at(EVE, 20), at(DAY, 1))
    assert [(kind, ts) for kind, _, ts in told if kind in {"fell_asleep", "dozed", "woke_up"}] == [
        (TransitionKind.FELL_ASLEEP, doze),
        (TransitionKind.DOZED, doze + 30 * MIN),
        (TransitionKind.FELL_ASLEEP, bed),
    ]


def test_lying_still_at_night_is_in_bed() -> None:
    """Twenty minutes, before sleep comes; not in the afternoon."""
    night = Nights(moving=False)
    start = at(EVE, 22, 30)
    watch = SleepWatch(known_ts=start - MIN, asleep=False, in_bed=False)
    state = np.concatenate([np.full(160, AWAKE), np.full(20, ASLEEP)]).astype(np.int8)
    still = night.look(start, waking=Waking(state, None, None, 0.9))
    watch, told = watch.fold(still)
    assert (watch.asleep, watch.in_bed) == (False, True)
    assert told == (Transition(TransitionKind.WENT_TO_BED, start - 20 * MIN),)
    noon = replace(still, at_ts=at(DAY, 14), seen_ts=at(DAY, 11))
    by_day = SleepWatch(known_ts=noon.at_ts - MIN, asleep=False, in_bed=False)
    assert by_day.fold(noon) == (replace(by_day, known_ts=noon.at_ts), ())


def test_somebody_awake_but_still_stays_in_bed() -> None:
    """Reading in the morning; two hours later nobody believes it."""
    woke = at(DAY, 7)
    night = Nights((at(EVE, 23), True), (woke, False), moving=False)
    watch, _ = night.watched(at(EVE, 21), woke + 60 * MIN)
    assert (watch.asleep, watch.in_bed) == (False, True)
    watch, told = night.watched(woke + 60 * MIN, woke + 121 * MIN, watch=watch)
    assert (watch.in_bed, watch.in_bed_since_ts, told) == (False, None, [])


@pytest.mark.parametrize(("hour", "told"), [(7, True), (2, False)])
def test_who_takes_the_band_off_is_awake(hour: int, told: bool) -> None:
    """In the morning they have woken up; in the middle of the night nobody knows."""
    off = at(DAY, hour)
    night = Nights((at(EVE, 23), True))
    watch, _ = night.watched(at(EVE, 21), off)
    blind = night.look(off + 9 * MIN, sleep=NO_RECENT, off_ts=off)
    assert watch.fold(blind) == (watch, ())
    gone, changes = watch.fold(replace(blind, at_ts=off + 10 * MIN))
    assert (gone.asleep, gone.in_bed) == (None, None)
    assert [(one.kind, one.ts) for one in changes] == [(TransitionKind.WOKE_UP, off)] * told
