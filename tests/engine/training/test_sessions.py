"""What the wearer told and what the records show, as one list."""

import json
from typing import Any

from hypothesis import example, given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.told import NOTHING_TOLD, Told, ToldWorkout
from custom_components.openstrap.engine.training.har import Vote
from custom_components.openstrap.engine.training.sessions import Workout, workouts_of
from custom_components.openstrap.engine.training.track import Track

from .workout_days import ANCHORS, DAY_S, MIDNIGHT, Bout, day_track

RUN: Bout = (36000.0, 38400.0, 150.0)
RIDE: Bout = (64000.0, 67600.0, 140.0)


def at(second: float) -> float:
    """Epoch second of one after midnight."""
    return MIDNIGHT + second


def spans(found: tuple[Workout, ...]) -> list[tuple[float, float]]:
    """Start and end in seconds after midnight."""
    return [(one.start_ts - MIDNIGHT, one.end_ts - MIDNIGHT) for one in found]


def near(found: tuple[Workout, ...], expected: list[Bout]) -> None:
    """Hold edges against those that were made."""
    assert len(found) == len(expected)
    for span, bout in zip(spans(found), expected, strict=True):
        assert span == pytest.approx(bout[:2], abs=45.0)


def told(*workouts: ToldWorkout, **more: Any) -> Told:
    """Tell of workouts."""
    return Told(workouts=workouts, **more)


def test_a_day_with_two() -> None:
    """In the order of time, with what they were made of."""
    found = workouts_of(day_track([RUN, RIDE]), ANCHORS, NOTHING_TOLD)
    near(found, [RUN, RIDE])
    first = found[0]
    assert (first.source, first.id, first.kind) == ("detected", None, "run")
    assert first.confidence == 0.75
    assert first.breakdown.strain is not None and first.breakdown.drop is not None
    assert json.loads(json.dumps(first.to_dict(), allow_nan=False)) == first.to_dict()


def test_a_quiet_day_has_none() -> None:
    """And neither has one without anchors or without records."""
    assert workouts_of(day_track(), ANCHORS, NOTHING_TOLD) == ()
    assert workouts_of(day_track([RUN]), None, NOTHING_TOLD) == ()
    assert workouts_of(day_track([RUN], until=-DAY_S), ANCHORS, NOTHING_TOLD) == ()


def test_sleep_is_no_workout() -> None:
    """Whatever the heart did in it."""
    track = day_track([RUN])
    waking = track.waking.copy()
    waking[(track.minute_ts >= at(30000.0)) & (track.minute_ts < at(40000.0))] = False
    slept = Track(track.start_ts, track.midnight_ts, track.hr_bpm, track.dyn_mg, waking)
    assert workouts_of(slept, ANCHORS, NOTHING_TOLD) == ()


def test_what_was_told_stands() -> None:
    """It takes the place of what was detected under it, at its own times and of its own kind."""
    mine = ToldWorkout("a", at(36600.0), at(37800.0), "yoga")
    (found, other) = workouts_of(day_track([RUN, RIDE]), ANCHORS, told(mine))
    assert spans((found,)) == [(36600.0, 37800.0)]
    assert (found.kind, found.kind_confidence, found.source, found.id) == (
        "yoga",
        1.0,
        "told",
        "a",
    )
    assert other.source == "detected"
    (blind,) = workouts_of(day_track([RUN]), None, told(mine))
    assert blind.breakdown.avg_bpm is not None and blind.breakdown.trimp is None


def test_a_told_workout_of_no_kind_is_guessed() -> None:
    """As sure as a guess, and not at all where nothing is known."""
    mine = ToldWorkout("a", at(36000.0), at(38400.0))
    (found,) = workouts_of(day_track([RUN]), ANCHORS, told(mine))
    assert (found.kind, found.kind_confidence) == ("run", 0.4)
    (dark,) = workouts_of(day_track(until=0.0), ANCHORS, told(mine))
    assert (dark.kind, dark.kind_confidence, dark.breakdown.coverage) == ("other", 0.0, 0.0)


def test_a_corrected_one_does_not_come_back() -> None:
    """Also when it was moved to where it does not touch what was detected."""
    moved = ToldWorkout("a", at(30000.0), at(32000.0), "run", (at(36010.0), at(38390.0)))
    (found,) = workouts_of(day_track([RUN]), ANCHORS, told(moved))
    assert (found.source, found.start_ts) == ("edited", at(30000.0))


@pytest.mark.parametrize("shift", [-900.0, -300.0, 0.0, 300.0, 900.0])
def test_a_deleted_one_stays_away_when_its_edges_move(shift: float) -> None:
    """By the time that both share, not by the start."""
    gone = (at(RUN[0] + shift), at(RUN[1] + shift / 2.0))
    near(workouts_of(day_track([RUN, RIDE]), ANCHORS, told(tombstones=(gone,))), [RIDE])


def test_a_tombstone_does_not_take_its_neighbour() -> None:
    """A little shared time is not the same workout."""
    gone = (at(RUN[0] - 2000.0), at(RUN[0] + 300.0))
    near(workouts_of(day_track([RUN]), ANCHORS, told(tombstones=(gone,))), [RUN])


def test_a_forgotten_one_is_closed() -> None:
    """And what is detected after it is found."""
    mine = ToldWorkout("a", at(36000.0), None, "run")
    (found, other) = workouts_of(day_track([RUN, RIDE]), ANCHORS, told(mine))
    assert found.id == "a"
    assert RUN[1] <= found.end_ts - MIDNIGHT <= RUN[1] + 240.0
    near((other,), [RIDE])
    track = day_track([RUN], until=RUN[1] + 300.0)
    assert workouts_of(track, ANCHORS, told(mine), now_ts=at(RUN[1] + 300.0)) == ()


def test_one_that_goes_on_is_not_reported() -> None:
    """Until it has rested for five minutes, or its records do not come."""
    for after, count in ((-600.0, 0), (200.0, 0), (400.0, 1)):
        track = day_track([RUN], until=RUN[1] + after)
        found = workouts_of(track, ANCHORS, NOTHING_TOLD, now_ts=at(RUN[1] + after))
        assert len(found) == count
    cut = day_track([RUN], until=RUN[1] - 600.0)
    assert workouts_of(cut, ANCHORS, NOTHING_TOLD, now_ts=at(RUN[1] + 600.0)) == ()
    assert len(workouts_of(cut, ANCHORS, NOTHING_TOLD, now_ts=at(RUN[1] + 1800.0))) == 1
    assert len(workouts_of(cut, ANCHORS, NOTHING_TOLD)) == 1


@given(st.integers(-7200, 7200), st.integers(900, 6000), st.none() | st.integers(-3000, 3000))
def test_every_workout_belongs_to_one_day(end: int, length: int, again: int | None) -> None:
    """Around midnight, also when another follows, and however short the way of a day's end."""
    bouts: list[Bout] = [(float(end - length), float(end), 150.0)]
    if again is not None:
        bouts.append((float(end + abs(again)), float(end + abs(again) + 1500), 150.0))
    first = workouts_of(
        day_track([(a + DAY_S, b + DAY_S, hr) for a, b, hr in bouts], midnight=MIDNIGHT - DAY_S),
        ANCHORS,
        NOTHING_TOLD,
    )
    second = workouts_of(day_track(bouts), ANCHORS, NOTHING_TOLD)
    together = [*first, *second]
    assert len(together) >= 1
    edges = [edge for one in together for edge in (one.start_ts, one.end_ts)]
    assert edges == sorted(edges)
    covered = sum(one.end_ts - one.start_ts for one in together)
    assert covered >= 0.8 * sum(b - a for a, b, _ in bouts)


def two_days(bouts: list[Bout], words: Told = NOTHING_TOLD) -> list[tuple[Workout, ...]]:
    """Workouts of the day before and of the day, of the same bouts."""
    earlier: list[Bout] = [(start + DAY_S, end + DAY_S, hr) for start, end, hr in bouts]
    return [
        workouts_of(day_track(earlier, midnight=MIDNIGHT - DAY_S), ANCHORS, words),
        workouts_of(day_track(bouts), ANCHORS, words),
    ]


def test_what_yesterday_reported_is_not_part_of_today() -> None:
    """A walk home leads from one effort to the next, and midnight lies between."""
    walk: Bout = (-9000.0, 6000.0, 96.0)
    yesterday, today = two_days([walk, (-3000.0, -600.0, 150.0), (300.0, 2400.0, 150.0)])
    near(yesterday, [(-3000.0, -600.0, 150.0)])
    near(today, [(300.0, 2400.0, 150.0)])


@pytest.mark.parametrize("end", [-2000.0, -700.0, -300.0, -60.0, 600.0])
def test_a_forgotten_one_is_reported_once(end: float) -> None:
    """On the day on which it shows that it was forgotten."""
    words = told(ToldWorkout("a", at(end - 2400.0), None, "run"))
    yesterday, today = two_days([(end - 2400.0, end, 150.0)], words)
    assert [one.id for one in (*yesterday, *today)] == ["a"]
    assert len(yesterday) == (end < -900.0)


@given(
    st.integers(-30000, 3000),
    st.sampled_from([0.0, 600.0, 2400.0, 9000.0, 20000.0]),
    st.none() | st.tuples(st.integers(-30000, 9000), st.integers(600, 9000)),
)
@example(-17000, 600.0, None)
@example(-17000, 600.0, (-9000, 3000))
@example(-17000, 0.0, None)
def test_no_forgotten_one_is_lost_or_told_twice(
    start: int, length: float, again: tuple[int, int] | None
) -> None:
    """However long before midnight it began, and whatever the heart did since."""
    bouts: list[Bout] = [(float(start), start + length, 150.0)] if length else []
    if again is not None:
        bouts.append((float(again[0]), float(sum(again)), 120.0))
    yesterday, today = two_days(bouts, told(ToldWorkout("a", at(float(start)), None, "run")))
    assert [one.id for one in (*yesterday, *today)].count("a") == 1


@given(
    st.lists(st.tuples(st.integers(0, 80000), st.integers(60, 9000)), max_size=4),
    st.lists(st.tuples(st.integers(0, 80000), st.integers(60, 9000)), max_size=3),
    st.none() | st.integers(0, 86400),
)
def test_workouts_never_overlap(
    mine: list[tuple[int, int]], gone: list[tuple[int, int]], now: int | None
) -> None:
    """Whatever was told; nothing that was told is lost, and asking twice is asking once."""
    kept: list[ToldWorkout] = []
    for first, length in sorted(mine):
        if not kept or (kept[-1].end_ts or 0.0) <= at(first):
            kept.append(ToldWorkout(str(first), at(first), at(first + length)))
    words = told(*kept, tombstones=tuple((at(a), at(a + b)) for a, b in gone))
    track = day_track([RUN, RIDE])
    now_ts = None if now is None else at(now)
    found = workouts_of(track, ANCHORS, words, now_ts)
    assert found == workouts_of(track, ANCHORS, words, now_ts)
    edges = [edge for one in found for edge in (one.start_ts, one.end_ts)]
    assert edges == sorted(edges)
    ended = {one.id for one in kept if (one.end_ts or 0.0) <= at(DAY_S)}
    assert {one.id for one in found if one.id is not None} == ended


def test_steps_are_counted() -> None:
    """They tell a run from other work, and are told themselves."""
    track = day_track([RUN])
    steps = np.where(
        (track.minute_ts >= at(RUN[0])) & (track.minute_ts < at(RUN[1])), 165.0, np.nan
    )
    (found,) = workouts_of(track, ANCHORS, NOTHING_TOLD, steps=steps)
    assert (found.kind, found.kind_confidence) == ("run", 0.5)
    assert found.breakdown.cadence_spm == 165.0
    assert found.breakdown.steps is not None and found.breakdown.steps >= 165 * 38


def test_windows_of_movement_tell_the_kind() -> None:
    """Better than the heart does, but a told kind stands."""
    track = day_track([RUN])
    votes = [Vote(at(RUN[0]) + 4.0 * n, 4.0, "cycle", 0.8) for n in range(600)]
    (found,) = workouts_of(track, ANCHORS, NOTHING_TOLD, votes=votes)
    assert found.kind == "cycle" and found.kind_confidence > 0.5
    mine = ToldWorkout("a", at(RUN[0]), at(RUN[1]), "swim")
    (swum,) = workouts_of(track, ANCHORS, told(mine), votes=votes)
    assert swum.kind == "swim"
