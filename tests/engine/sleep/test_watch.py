"""What successive looks at a night add up to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
import json
from pathlib import Path
from typing import Any

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.demo_story import DayStory, day_story
from custom_components.openstrap.engine.now import derive_now
from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.signal.motion import Motion
from custom_components.openstrap.engine.sleep.hypnogram import EPOCH_S, Stage
from custom_components.openstrap.engine.sleep.live import HISTORY_S, NO_RECENT, LiveSleep
from custom_components.openstrap.engine.sleep.usual import DEFAULT_CLOCK, usual_night
from custom_components.openstrap.engine.sleep.waking import ASLEEP, AWAKE, Waking
from custom_components.openstrap.engine.sleep.watch import (
    BRIDGE_S,
    GAP_S,
    Look,
    SleepWatch,
    Transition,
    TransitionKind,
    needed_s,
)
from script.tools.evaluate.stress_direction import BEATS, SECONDS, read_samples
from script.tools.evaluate.tables import find_table
from script.tools.stager.recordings import read_recordings

from ..series import BERLIN, at, demo_samples

DAY = date(2026, 6, 10)
EVE = DAY - timedelta(days=1)
MIN = 60.0
USUAL = (at(EVE, 23), at(DAY, 7))
type Told = list[tuple[TransitionKind, float, float]]
"""What was told, when it was told, and when it happened."""


class Nights:
    """A made night: from when on which side holds, looked at every few minutes."""

    def __init__(self, *sides: tuple[float, bool], moving: bool = True, seen: float = 0.0) -> None:
        """Take (from when, asleep) in order; awake before. ``moving``: who is awake is up."""
        self.sides = ((0.0, False), *sides)
        self.moving = moving
        self.seen = seen

    def look(self, now: float, **changes: Any) -> Look:
        """Look at a moment."""
        since, asleep = [side for side in self.sides if side[0] <= now][-1]
        seen = max(now - HISTORY_S, self.seen)
        since = max(since, seen)
        probability = (0.1, 0.9, 0.0, 0.0) if asleep else (0.9, 0.1, 0.0, 0.0)
        stage = Stage.LIGHT if asleep else Stage.WAKE
        up = not asleep and self.moving
        state = np.full(180, ASLEEP, dtype=np.int8)
        if up:
            state[-max(int((now - since) // MIN), 0) or 180 :] = AWAKE
        elif asleep:
            state[: -max(int((now - since) // MIN), 0) or 180] = AWAKE
        told = Look(
            at_ts=now,
            seen_ts=seen,
            sleep=LiveSleep(1.0 - probability[0], probability, stage, 0.8, since),
            waking=Waking(state, None, None, 0.9),
            usual=USUAL,
        )
        return replace(told, **changes)

    def watched(
        self, start: float, end: float, step: float = MIN, watch: SleepWatch | None = None
    ) -> tuple[SleepWatch, Told]:
        """Look from start to end; gives the watch at the end and what was told."""
        watch, told = watch or SleepWatch(), []
        for now in np.arange(start, end, step).tolist():
            watch, changes = watch.fold(self.look(now))
            told += [(one.kind, now, one.ts) for one in changes]
        return watch, told


def of(kind: TransitionKind, told: Told) -> list[tuple[float, float]]:
    """Pick when one kind was told, and when it happened."""
    return [(now, ts) for one, now, ts in told if one is kind]


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


def looks(
    samples: Samples,
    start: float,
    end: float,
    step: float,
    *,
    resting: float | None = None,
    motion: Motion | None = None,
    usual: tuple[float, float] | None = None,
) -> Iterator[Look]:
    """Look at records as the present sees them, every ``step`` s."""
    first = float(samples.ts[0])
    for now in np.arange(start, end, step).tolist():
        seen = max(first, now - HISTORY_S)
        past = samples.between(seen, now)
        moved = None if motion is None else motion.between(seen, now)
        present = derive_now(past, now, resting_bpm=resting, motion=moved)
        night = usual or usual_night(DEFAULT_CLOCK, now, BERLIN)
        yield Look(now, seen, present.sleep, present.waking, night)


def folded(night: Iterator[Look]) -> Told:
    """Fold all looks."""
    watch, told = SleepWatch(), []
    for look in night:
        watch, changes = watch.fold(look)
        told += [(one.kind, look.at_ts, one.ts) for one in changes]
    return told


def demo_night(seed: int, day: date, step: float) -> tuple[DayStory, Told]:
    """Watch a night of the demo wearer, from two hours before it to two hours after."""
    story = day_story(seed, day, BERLIN)
    onset, offset = story.night
    samples = demo_samples(seed, day)
    watched = looks(samples, onset - 7200, offset + 7200, step, resting=story.resting_bpm)
    return story, folded(watched)


@pytest.mark.full
@pytest.mark.parametrize(
    ("seed", "day", "step"),
    [
        (7, date(2026, 6, 10), MIN),
        (7, date(2026, 6, 12), 5 * MIN),
        (5, date(2026, 1, 15), 5 * MIN),
        (3, date(2026, 3, 29), 5 * MIN),
        (11, date(2026, 7, 4), 5 * MIN),
        (12, date(2026, 10, 25), 5 * MIN),
    ],
)
def test_demo_nights(seed: int, day: date, step: float) -> None:
    """Two to four bathroom trips each, one night of 23 hours' day and one of 25: no false waking."""
    story, told = demo_night(seed, day, step)
    assert len(story.wakes) >= 2
    [(now, ts)] = of(TransitionKind.FELL_ASLEEP, told)
    assert ts == pytest.approx(story.night[0], abs=10 * MIN)
    assert now - story.night[0] <= 22 * MIN + step
    [(now, ts)] = of(TransitionKind.WOKE_UP, told)
    assert ts == pytest.approx(story.night[1], abs=4 * MIN)
    assert now - story.night[1] <= 18 * MIN + step
    assert len(of(TransitionKind.WENT_TO_BED, told)) <= 1
    assert not of(TransitionKind.DOZED, told)


@pytest.mark.full
def test_labelled_nights(shared_data: Path) -> None:
    """Twenty nights of a laboratory, up to 49 minutes awake in them: sleep is told, no waking is.

    The present sees no more than three hours and a wrist.
    """
    late, error, wakings, missed = [], [], 0, 0
    for night in read_recordings(shared_data / "sleep_accel"):
        start, end = night.start_ts, night.end_ts
        told = folded(
            looks(
                night.samples,
                start + 600.0,
                end,
                MIN,
                motion=night.motion,
                usual=(start, start + 8 * 3600.0),
            )
        )
        asleep = night.stage > Stage.WAKE
        # The first ten minutes of which at least nine are asleep.
        begun = np.convolve(asleep, np.ones(20), "valid") >= 18
        onset = start + EPOCH_S * int(begun.argmax())
        last = start + EPOCH_S * int(np.flatnonzero(asleep)[-1])
        fell = of(TransitionKind.FELL_ASLEEP, told)
        missed += not fell
        late += [(now - onset) / MIN for now, _ in fell[:1]]
        error += [(ts - onset) / MIN for _, ts in fell[:1]]
        wakings += sum(ts < last for _, ts in of(TransitionKind.WOKE_UP, told))
    assert missed <= 1
    assert wakings == 0
    assert np.median(late) <= 13
    assert max(late) <= 20
    assert np.median(np.abs(error)) <= 5


@pytest.mark.full
def test_nobody_sits_asleep(shared_data: Path) -> None:
    """Eighteen hours of sitting, resting and tasks: never asleep, though it were at night."""
    folder = shared_data / "stress_e4"
    seconds = find_table(folder, SECONDS)
    assert seconds is not None
    minutes = 0
    for samples in read_samples(seconds, find_table(folder, BEATS)).values():
        start, end = float(samples.ts[0]), float(samples.ts[-1])
        watch = SleepWatch()
        for look in looks(samples, start + 600, end, MIN, usual=(start - 3600, end + 7200)):
            watch, told = watch.fold(look)
            assert not watch.asleep
            assert all(one.kind is not TransitionKind.FELL_ASLEEP for one in told)
            minutes += 1
    assert minutes > 1000
