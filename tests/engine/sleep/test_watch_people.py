"""Nights of the demo wearer and of people, watched as they went."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from custom_components.openstrap.engine.demo_story import DayStory, day_story
from custom_components.openstrap.engine.now import derive_now
from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.signal.motion import Motion
from custom_components.openstrap.engine.sleep.hypnogram import EPOCH_S, Stage
from custom_components.openstrap.engine.sleep.live import HISTORY_S
from custom_components.openstrap.engine.sleep.usual import DEFAULT_CLOCK, usual_night
from custom_components.openstrap.engine.sleep.watch import Look, SleepWatch, TransitionKind
from script.tools.evaluate.stress_direction import BEATS, SECONDS, read_samples
from script.tools.evaluate.tables import find_table
from script.tools.stager.recordings import read_recordings

from ..series import BERLIN, demo_samples
from .watched import MIN, Told, of


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
