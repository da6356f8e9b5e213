"""Asleep or awake, in bed or up, as a night goes on: what successive looks at the present add up to.

One look may be wrong for a minute, and who turns over or goes to the bathroom has not got up. So a
state changes only once the other side has lasted; the change then has the time at which that side
began.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final, Self

import numpy as np

from ..signal.minutes import MINUTE_S
from ..told import Span
from .hypnogram import Stage
from .live import TURN_S, LiveSleep
from .waking import ASLEEP, AWAKE, MIN_SLEEP, Waking

FALL_S: Final = 600.0
"""Asleep for so long is asleep: a short doze in front of a film is over sooner, and no laboratory
calls less than ten minutes persistent sleep."""
FALL_SHARE: Final = 0.5
FALL_MAX_S: Final = 10800.0
"""Away from the usual night a sleep must last longer to be one: by half of the time to it, up to
three hours, which a nap seldom lasts (judgement)."""
LEAD_S: Final = 3600.0
"""A night may begin an hour before it usually does, and no later than an hour before its end."""
WAKE_S: Final = 900.0
"""Awake for so long, and up, is awake for good. After a bathroom trip of seven minutes the live
state needs twelve to see sleep again."""
WAKE_STILL_S: Final = 1800.0
"""The same of somebody who lies still all the while, and may doze off again."""
EARLY_WAKE_S: Final = 2700.0
EARLY_STILL_S: Final = 5400.0
"""The same long before the usual end of the night: who is up for half an hour mostly sleeps on,
and of all mornings a night has only one (judgement)."""
EARLY_S: Final = 5400.0
ENOUGH_S: Final = 21600.0
"""Early is more than an hour and a half before the usual end, after less than six hours."""
ALARM_WAKE_S: Final = 300.0
"""Awake for so long is enough when the alarm of the band has gone off."""
ALARM_REACH_S: Final = 1800.0
"""So long before waking an alarm may have gone off that woke the wearer."""
NAP_WAKE_S: Final = 600.0
"""Awake for so long ends a nap."""
OFF_S: Final = 600.0
"""Off the wrist for so long: the band was taken off, not shifted. Nobody asleep does that."""
BED_S: Final = 1200.0
"""Still for so long, at the time of the night: in bed. A sitting wearer moves more."""
UP_S: Final = 600.0
"""Moving for so long: up. What the witnesses of waking need too."""
LEFT_S: Final = 7200.0
"""Awake for so long, however still: no longer in bed (judgement)."""
GAP_S: Final = 1800.0
"""So long a state holds without news; then nobody knows."""
BRIDGE_S: Final = 9000.0
"""Over so long without news a state is remembered: the three hours that one look sees still hold
the end of it, and a change in between shows with its own time."""
NIGHT_S: Final = 57600.0
"""A night that began longer ago is over, whatever became of it."""
MIN_NIGHT_S: Final = MIN_SLEEP * MINUTE_S
"""Who gets up after less sleep has not had a night."""


class TransitionKind(StrEnum):
    """What can change."""

    WENT_TO_BED = "went_to_bed"
    FELL_ASLEEP = "fell_asleep"
    DOZED = "dozed"
    """The sleep that was told has ended too soon to be the night: that is still to come."""
    WOKE_UP = "woke_up"
    LEFT_BED = "left_bed"


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of a night, never of a nap. ``ts`` (epoch s) is when it happened.

    ``onset_ts`` is when the sleep began that a waking or a doze ended, else None.
    """

    kind: TransitionKind
    ts: float
    onset_ts: float | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What is known at one moment, ``at_ts`` (epoch s); reasons (str) stand in for what is not.

    ``seen_ts`` is the first moment that was looked at: a state that lasts from there on began
    nobody knows when. ``usual`` is bedtime and end, epoch s, of the night that is usual, and of
    these the one that ends next or ended last. ``off_ts`` is since when the band is off the wrist,
    None while it is worn; ``alarm_ts`` when its alarm last went off.
    """

    at_ts: float
    seen_ts: float
    sleep: LiveSleep | str
    waking: Waking | str
    usual: Span
    off_ts: float | None = None
    alarm_ts: float | None = None

    @property
    def asleep(self) -> bool | None:
        """The side that this one look shows."""
        return None if isinstance(self.sleep, str) else self.sleep.stage != Stage.WAKE

    @property
    def since_ts(self) -> float:
        """When that side began, or was first seen."""
        return self.at_ts if isinstance(self.sleep, str) else self.sleep.since_ts

    @property
    def lasted_s(self) -> float:
        """How long that side has lasted, as far as was seen."""
        return self.at_ts - self.since_ts

    @property
    def begun_ts(self) -> float | None:
        """When that side began, None where it was not seen to begin."""
        return self.since_ts if self.since_ts - self.seen_ts > TURN_S else None

    def trailing_s(self, state: int) -> float:
        """How long the witnesses of waking have said the same until now."""
        if isinstance(self.waking, str):
            return 0.0
        other = np.flatnonzero(self.waking.state != state)
        last = int(other[-1]) + 1 if len(other) else 0
        return MINUTE_S * (len(self.waking.state) - last)


@dataclass(frozen=True, slots=True)
class SleepWatch:
    """What all looks so far add up to; times are epoch s, None for what is not known.

    ``known_ts`` is the last moment of which anything was known. ``asleep_since_ts`` and
    ``in_bed_since_ts`` are when the present side began. ``onset_ts`` is when the night's sleep
    began, from when that is sure until it is over; ``up_ts`` when the wearer was last seen up
    since they slept.
    """

    known_ts: float | None = None
    asleep: bool | None = None
    asleep_since_ts: float | None = None
    in_bed: bool | None = None
    in_bed_since_ts: float | None = None
    onset_ts: float | None = None
    up_ts: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Undo ``to_dict``. Raises KeyError or TypeError for anything else."""
        found: dict[str, Any] = {}
        for one in fields(cls):
            value, flag = data[one.name], one.name in FLAGS
            if value is not None and (
                not isinstance(value, int | float) or flag != (value is True or value is False)
            ):
                raise TypeError(one.name)
            found[one.name] = float(value) if value is not None and not flag else value
        return cls(**found)

    def at(self, now_ts: float) -> SleepWatch:
        """Return what still holds at a moment: after half an hour without news, nothing."""
        if self.known_ts is not None and now_ts - self.known_ts <= GAP_S:
            return self
        return SleepWatch(known_ts=self.known_ts, onset_ts=self.onset_ts)

    def fold(self, look: Look) -> tuple[SleepWatch, tuple[Transition, ...]]:
        """Take a look in; gives the new watch and what changed, in the order of time.

        A look that is no later than the last, or that knows nothing, changes nothing. A change is
        told only when it was seen: what began while nothing was known only holds from now on.
        """
        if self.known_ts is not None and look.at_ts <= self.known_ts:
            return self, ()
        held = self._remembered(look.at_ts)
        if look.off_ts is not None and look.at_ts - look.off_ts >= OFF_S:
            return _taken_off(held, look, look.off_ts)
        if look.asleep is None:
            return self, ()
        held = replace(held, known_ts=look.at_ts)
        held, slept = _asleep(held, look) if look.asleep else _awake(held, look)
        held, lay = _in_bed(held, look)
        return held, tuple(sorted((*slept, *lay), key=lambda one: (one.ts, ORDER.index(one.kind))))

    def _remembered(self, at_ts: float) -> SleepWatch:
        """Return what may be gone on from; a night goes on over any gap, but not for ever."""
        held = self
        if held.known_ts is None or at_ts - held.known_ts > BRIDGE_S:
            held = SleepWatch(known_ts=held.known_ts, onset_ts=held.onset_ts)
        if held.onset_ts is not None and at_ts - held.onset_ts > NIGHT_S:
            held = replace(held, onset_ts=None, asleep_since_ts=None)
        return held


ORDER: Final = tuple(TransitionKind)
"""Of one moment they are told in this order."""
FLAGS: Final = frozenset({"asleep", "in_bed"})


def needed_s(onset_ts: float, usual: Span) -> float:
    """How long a sleep must last to be a night: ten minutes at its time, longer away from it."""
    first, last = usual[0] - LEAD_S, usual[1] - LEAD_S
    away = max(first - onset_ts, onset_ts - last, 0.0)
    return min(FALL_S + FALL_SHARE * away, FALL_MAX_S)


def _asleep(held: SleepWatch, look: Look) -> tuple[SleepWatch, list[Transition]]:
    """Go on asleep, fall asleep, or find that a nap has become a night."""
    if not held.asleep:
        if look.lasted_s < FALL_S:
            return held, []
        held = replace(held, asleep=True, asleep_since_ts=look.begun_ts)
    held = replace(held, up_ts=None)
    onset = look.since_ts if held.asleep_since_ts is None else held.asleep_since_ts
    if held.onset_ts is not None or look.at_ts - onset < needed_s(onset, look.usual):
        return held, []
    told = held.asleep_since_ts is not None
    return (
        replace(held, onset_ts=onset),
        [Transition(TransitionKind.FELL_ASLEEP, onset)] if told else [],
    )


def _awake(held: SleepWatch, look: Look) -> tuple[SleepWatch, list[Transition]]:
    """Go on awake, or wake up once that has lasted."""
    onset = held.onset_ts
    if held.asleep is False and onset is None:
        return held, []
    if look.trailing_s(AWAKE) >= UP_S:
        held = replace(held, up_ts=look.at_ts)
    if (held.asleep or onset is not None) and look.lasted_s < _wake_s(held, look):
        return held, []
    woke = look.begun_ts
    held = replace(held, asleep=False, asleep_since_ts=woke, onset_ts=None, up_ts=None)
    if onset is None or woke is None:
        return held, []
    night = woke - onset >= MIN_NIGHT_S
    kind = TransitionKind.WOKE_UP if night else TransitionKind.DOZED
    return held, [Transition(kind, woke, onset)]


def _wake_s(held: SleepWatch, look: Look) -> float:
    """How long being awake must last to have woken up."""
    if held.onset_ts is None:
        return NAP_WAKE_S
    woke_ts = look.since_ts
    if look.alarm_ts is not None and -TURN_S <= woke_ts - look.alarm_ts <= ALARM_REACH_S:
        return ALARM_WAKE_S
    seen_up = held.up_ts is not None and held.up_ts >= woke_ts
    if _early(held.onset_ts, woke_ts, look.usual):
        return EARLY_WAKE_S if seen_up else EARLY_STILL_S
    return WAKE_S if seen_up else WAKE_STILL_S


def _early(onset_ts: float, woke_ts: float, usual: Span) -> bool:
    """Whether a waking lies in the middle of a night, which mostly goes on."""
    slept = woke_ts - onset_ts
    return MIN_NIGHT_S <= slept < ENOUGH_S and woke_ts < usual[1] - EARLY_S


def _taken_off(
    held: SleepWatch, look: Look, off_ts: float
) -> tuple[SleepWatch, tuple[Transition, ...]]:
    """Who takes the band off is awake; of what comes after that nothing is known."""
    onset = held.onset_ts
    gone = SleepWatch(known_ts=look.at_ts, onset_ts=onset)
    if onset is None or off_ts - onset < MIN_NIGHT_S or _early(onset, off_ts, look.usual):
        return gone, ()
    return replace(gone, onset_ts=None), (Transition(TransitionKind.WOKE_UP, off_ts, onset),)


def _in_bed(held: SleepWatch, look: Look) -> tuple[SleepWatch, list[Transition]]:
    """Who sleeps lies, and who lies still at the time of the night is in bed until they get up."""
    still_s = look.trailing_s(ASLEEP)
    at_night = needed_s(look.at_ts - still_s, look.usual) <= FALL_S
    if held.asleep or (not held.in_bed and at_night and still_s >= BED_S):
        if held.in_bed:
            return held, []
        lain = [ts for ts in (held.asleep_since_ts, _begun(look, still_s)) if ts is not None]
        since = min(lain, default=None)
        held = replace(held, in_bed=True, in_bed_since_ts=since)
        if since is None or (held.asleep and held.onset_ts is None):
            return held, []
        return held, [Transition(TransitionKind.WENT_TO_BED, since)]
    if look.asleep or held.asleep is None or held.in_bed is False:
        return held, []
    up_s = look.trailing_s(AWAKE)
    up = up_s >= UP_S and look.lasted_s >= WAKE_S
    if held.in_bed and not up and look.lasted_s < LEFT_S:
        return held, []
    left, lay = _begun(look, up_s) if up else None, held.in_bed_since_ts
    if left is not None:
        # Who slept began to get up when they woke.
        left = max(left, look.since_ts)
    held = replace(held, in_bed=False, in_bed_since_ts=left)
    if left is None or lay is None or needed_s(lay, look.usual) > FALL_S:
        return held, []
    return held, [Transition(TransitionKind.LEFT_BED, left)]


def _begun(look: Look, lasted_s: float) -> float | None:
    """When a run of the witnesses began, None where it was not seen to begin."""
    begun = look.at_ts - lasted_s
    return begun if lasted_s and begun - look.seen_ts > TURN_S else None
