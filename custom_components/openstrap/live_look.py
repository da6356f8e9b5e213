"""One look at the present, in the worker: read the last hours, judge them, remember the outcome.

Knows no Home Assistant; what depends on the clock comes in as an argument. Times are epoch s.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
import json
from typing import Final

from . import analysis
from .engine.now import derive_now
from .engine.profile import Profile
from .engine.protocol.event import EventId
from .engine.samples import Samples, build_samples
from .engine.signal.wear import WristEvent, judge_wear
from .engine.sleep.hypnogram import Stage
from .engine.sleep.live import HISTORY_S, NO_RECENT, LiveSleep
from .engine.sleep.usual import NightClock, usual_clock, usual_night
from .engine.sleep.watch import Look, SleepWatch, Transition
from .engine.told import Told
from .engine.training.anchors import Anchors, anchors_of
from .engine.training.going import Going, effort_going, told_going
from .engine.training.workout_rules import FORGOTTEN_S
from .live_view import LiveStage, LiveView
from .store import WearerStore
from .store.examine import EARLIEST_TS

CURSOR: Final = "live"
FRESH_S: Final = 600.0
"""The present is judged while the newest record is no older: a band is fetched every five minutes."""
AHEAD_S: Final = 60.0
"""Records so far ahead are of a clock that is ahead, which says nothing of now."""
KEEP_S: Final = 600.0
"""Where nothing else changed, the last moment is written down this often: a flash card counts."""
NOT_WORN: Final = "not_worn"
WRIST_IDS: Final = (EventId.WRIST_ON, EventId.WRIST_OFF)

STAGES: Final = {
    Stage.WAKE: LiveStage.AWAKE,
    Stage.LIGHT: LiveStage.LIGHT,
    Stage.DEEP: LiveStage.DEEP,
    Stage.REM: LiveStage.REM,
}


@dataclass(frozen=True, slots=True)
class Habits:
    """What of a wearer's past the present is judged by; holds for a day."""

    day: date
    night: NightClock
    resting_bpm: float | None
    anchors: Anchors | None


@dataclass(frozen=True, slots=True)
class Held:
    """What is known between two looks. ``saved`` is the watch as the store has it."""

    watch: SleepWatch
    saved: SleepWatch
    view: LiveView
    habits: Habits | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look gave: what is known now, what changed, and the workout that goes on."""

    held: Held
    transitions: tuple[Transition, ...] = ()
    workout: Going | None = None


def load(store: WearerStore, *, now: float) -> Held:
    """Go on from what was known before a restart; from nothing where that makes no sense."""
    watch = SleepWatch()
    if (text := store.cursor(CURSOR)) is not None:
        try:
            watch = SleepWatch.from_dict(json.loads(text))
        except KeyError, TypeError, ValueError:
            watch = SleepWatch()
    return Held(watch, watch, shown(watch, LiveView(reason=NO_RECENT), now))


def shown(watch: SleepWatch, view: LiveView, now: float) -> LiveView:
    """Put into a view what still holds of a watch at a moment; the view's stage only while it does."""
    held = watch.at(now)
    view = replace(
        view,
        at_ts=watch.known_ts,
        asleep=held.asleep,
        asleep_since_ts=held.asleep_since_ts,
        in_bed=held.in_bed,
        in_bed_since_ts=held.in_bed_since_ts,
    )
    if held.asleep is not None or held.in_bed is not None:
        # A minute's guess does not outweigh what has lasted.
        return replace(view, stage=LiveStage.AWAKE) if view.stage and not held.asleep else view
    return replace(view, stage=None, confidence=0.0, reason=view.reason or NO_RECENT)


def habits_of(store: WearerStore, *, now: float, zone: tzinfo, profile: Profile) -> Habits:
    """Read what the last days say of the wearer."""
    day = datetime.fromtimestamp(now, zone).date()
    facts = analysis.history_of(store, day + timedelta(days=1))
    rates = [one.values["resting_hr_bpm"] for one in facts if "resting_hr_bpm" in one.values]
    anchors = anchors_of({one.day: one for one in facts}, day, profile)
    return Habits(
        day,
        usual_clock(facts),
        rates[-1] if rates else None,
        None if isinstance(anchors, str) else anchors,
    )


def look(store: WearerStore, held: Held, *, now: float, zone: tzinfo, profile: Profile) -> Seen:
    """Judge the newest moment of which there are records, if it is near enough to now.

    Nothing is judged twice, and nothing by a clock that was never set.
    """
    if now < EARLIEST_TS:
        return Seen(held)
    habits = held.habits
    if habits is None or habits.day != datetime.fromtimestamp(now, zone).date():
        habits = habits_of(store, now=now, zone=zone, profile=profile)
        held = replace(held, habits=habits)
    told = store.told(now - FORGOTTEN_S, now)
    samples = build_samples(store.records(now - HISTORY_S - FRESH_S, now + AHEAD_S))
    newest = float(samples.ts[-1]) if len(samples) else None
    transitions: tuple[Transition, ...] = ()
    view, going = held.view, None
    if newest is not None and -AHEAD_S <= now - newest <= FRESH_S:
        wrist = store.wrist_events(now - HISTORY_S - FRESH_S, newest)
        going = _effort(samples, wrist, habits, told)
        if held.watch.known_ts is None or newest > held.watch.known_ts:
            judged = _judge(store, samples, wrist, habits, zone)
            watch, transitions = held.watch.fold(judged)
            held = replace(held, watch=watch)
            view = _view(judged)
    going = told_going(told, now) or (None if held.watch.asleep else going)
    view = shown(held.watch, view, now)
    view = replace(view, workout_since_ts=None if going is None else going.start_ts)
    held = _kept(store, replace(held, view=view))
    return Seen(held, transitions, going)


def _judge(
    store: WearerStore,
    samples: Samples,
    wrist: tuple[WristEvent, ...],
    habits: Habits,
    zone: tzinfo,
) -> Look:
    at_ts = float(samples.ts[-1])
    samples = samples.between(at_ts - HISTORY_S, at_ts + 1.0)
    present = derive_now(samples, at_ts, wrist=wrist, resting_bpm=habits.resting_bpm)
    event = store.newest_event(WRIST_IDS)
    off = event is not None and event.event_id == EventId.WRIST_OFF and event.ts <= at_ts
    alarm = store.newest_event((EventId.ALARM_FIRED,))
    return Look(
        at_ts=at_ts,
        seen_ts=float(samples.ts[0]),
        sleep=present.sleep,
        waking=present.waking,
        usual=usual_night(habits.night, at_ts, zone),
        # An event may have been lost: a pulse since then is from a wrist.
        off_ts=event.ts if off and event and isinstance(present.sleep, str) else None,
        alarm_ts=None if alarm is None else alarm.ts,
    )


def _view(judged: Look) -> LiveView:
    sleep = judged.sleep
    if isinstance(sleep, LiveSleep):
        return LiveView(stage=STAGES[sleep.stage], confidence=sleep.confidence)
    return LiveView(reason=NOT_WORN if judged.off_ts is not None else sleep)


def _effort(
    samples: Samples, wrist: tuple[WristEvent, ...], habits: Habits, told: Told
) -> Going | None:
    if habits.anchors is None:
        return None
    worn = judge_wear(samples, wrist).worn
    return effort_going(samples, worn, habits.anchors, told, float(samples.ts[-1]) + 1.0)


def _kept(store: WearerStore, held: Held) -> Held:
    """Write the watch down when it says something new."""
    watch, saved = held.watch, held.saved
    age_s = (watch.known_ts or 0.0) - (saved.known_ts or 0.0)
    if watch == saved or (replace(saved, known_ts=watch.known_ts) == watch and age_s < KEEP_S):
        return held
    store.set_cursor(CURSOR, json.dumps(watch.to_dict(), separators=(",", ":")))
    return replace(held, saved=watch)
