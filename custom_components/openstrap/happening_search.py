"""What happened, by the results of the last days: read from the store, in the worker.

What depends on the clock comes in as an argument. Times are epoch s.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from .engine.day import REACH
from .engine.day_result import DayResult
from .engine.imported import IMPORTED_ALGORITHM
from .engine.insight.findings import Severity
from .engine.insight.nudge_candidates import (
    CODES,
    WEEK_CODE,
    day_candidates,
    findings_of,
    workout_nudge,
)
from .engine.insight.nudges import Nudge, QuietHours, due_nudges
from .engine.insight.records import RECORDS
from .engine.metric import Metric
from .engine.recovery.bands import Band, band_of, whole
from .engine.sleep.groups import MAX_AWAKE_S
from .engine.trends import DETAILS
from .happening_week import week_candidates
from .happenings import Happening, HappeningKind, moment
from .store import DayRow, Notice, WearerStore
from .store.fired import is_used, span_key

NOON: Final = time(12)
OF_DAY: Final = frozenset(record.key for record in RECORDS if record.of_day)
"""Records that a day can set before it is over; the others are of its night."""
OF_WORKOUT: Final = ("duration_min", "strain", "avg_bpm", "kcal")
"""Numbers of a workout that its nudge tells, as far as they are known."""
ORDER: Final = {kind: place for place, kind in enumerate(HappeningKind)}
"""What is of one moment is told in the order of the kinds: who woke up is told so first."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that may have to be told, the key by which it is told once, and what goes with it."""

    key: str
    happening: Happening
    also: tuple[str, ...] = ()
    notice: Notice | None = None
    """What is kept of a nudge, for those who look later."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is to be told, in the order of its own times, and when to look again if nothing comes."""

    found: tuple[Found, ...]
    look_again_ts: float | None
    holding: Mapping[date, frozenset[str]] = field(default_factory=dict)
    """Codes of all nudges that hold of a day, told or not; of days that could be judged."""


@dataclass(frozen=True, slots=True)
class _Day:
    """A stored result, and whether the night in it is over: only then its numbers are news."""

    result: DayResult
    final: bool
    over: bool
    reach_ts: float
    """The newest record in it: others may have come since, of which it says nothing."""

    @property
    def name(self) -> str:
        return self.result.day.isoformat()

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.result.timezone)

    @property
    def trends(self) -> dict[str, Any]:
        listed: dict[str, Any] = self.result.details.get(DETAILS) or {}
        return listed

    def metric(self, key: str) -> Metric | None:
        """Give a metric that has a value."""
        found = self.result.metrics.get(key)
        return None if found is None or found.value is None else found

    def value(self, key: str) -> float | None:
        found = self.metric(key)
        return None if found is None else found.value


def search(
    store: WearerStore,
    *,
    now: float,
    zone: tzinfo,
    step_goal: float | None = None,
    quiet: QuietHours | None = None,
) -> Search:
    """Find what happened today or yesterday and was not told.

    ``step_goal`` is the wearer's, ``quiet`` are the hours in which few nudges are told. Older days
    are not looked at: what late data say of them is no news.
    """
    today = datetime.fromtimestamp(now, zone).date()
    held = store.fired_nudges()
    record_ts = store.latest_reading().record_ts
    if record_ts is None:
        return Search((), None)
    # What another system told of a day is no news.
    rows = [
        row
        for row in store.days(today - timedelta(days=2), today)
        if row.algorithm != IMPORTED_ALGORITHM
    ]
    days = {row.day: day for row in rows if (day := _day(row, held, record_ts)) is not None}
    recent = [day for day in days.values() if day.result.day >= today - timedelta(days=1)]
    nights = [day for day in recent if day.value("sleep_offset") is not None]
    found = [one for day in recent for one in _of_day(day)]
    # Of two nights that come at once, the one before is no news any more.
    found += [one for day in nights[-1:] for one in _of_night(day)]
    candidates = [
        one
        for day in recent
        for one in _candidates(day, days.get(day.result.day - timedelta(days=1)), step_goal)
    ]
    candidates += week_candidates(store, today, zone, held=held, record_ts=record_ts)
    found += [_nudge(one, now) for one in due_nudges(candidates, held, now, zone, quiet)]
    fresh = [one for one in found if not is_used(one.key, held)]
    fresh.sort(key=lambda one: (one.happening.ts, ORDER[one.happening.kind]))
    return Search(
        tuple(fresh), _look_again(candidates, held, now, zone, quiet), _holding(recent, candidates)
    )


def band_name(score: float) -> str:
    """Give the colour of a recovery from 0 to 100: red, yellow or green."""
    band: Band = band_of(score)
    return band.name.lower()


def _day(row: DayRow, held: Collection[str], record_ts: float) -> _Day | None:
    """Read a stored result; None for one that makes no sense, which is computed again elsewhere."""
    try:
        result = DayResult.from_dict(row.result)
    except KeyError, TypeError, ValueError:
        return None
    # That of an earlier version does not say how far it reaches.
    reach_ts = result.details.get(REACH, record_ts)
    offset = result.metrics.get("rest_offset")
    ended_ts = None if offset is None else offset.value
    over = ended_ts is not None and (
        row.final
        # Whoever watched it live may have told so before; an hour seen awake ends any sleep.
        or f"{row.day.isoformat()}:{HappeningKind.WOKE_UP}" in held
        or reach_ts - ended_ts >= MAX_AWAKE_S
    )
    return _Day(result, row.final, over, reach_ts)


def _of_night(day: _Day) -> Iterator[Found]:
    yield from _sleep(day)
    yield from _recovery(day)


def _of_day(day: _Day) -> Iterator[Found]:
    yield from _naps(day)
    yield from _workouts(day)
    yield from _strain(day)
    yield from _records(day)


def _sleep(day: _Day) -> Iterator[Found]:
    onset, offset = day.value("sleep_onset"), day.value("sleep_offset")
    if onset is None or offset is None:
        return
    yield Found(
        f"{_next_noon(onset, day.zone).isoformat()}:{HappeningKind.FELL_ASLEEP}",
        Happening(
            HappeningKind.FELL_ASLEEP,
            onset,
            data={"day": day.name, "happened_at": moment(onset)},
        ),
    )
    if day.over:
        yield Found(f"{day.name}:{HappeningKind.WOKE_UP}", _woke_up(day, offset))


def _woke_up(day: _Day, offset: float) -> Happening:
    recovery = day.value("recovery")
    return Happening(
        HappeningKind.WOKE_UP,
        offset,
        data={
            "day": day.name,
            "happened_at": moment(offset),
            "sleep_min": day.value("sleep_min"),
            "recovery": None if recovery is None else whole(recovery),
            "recovery_band": None if recovery is None else band_name(recovery),
            "provisional": not day.final,
        },
    )


def _next_noon(ts: float, zone: tzinfo) -> date:
    """Give the date of the noon that follows a moment, by which an evening knows its night."""
    local = datetime.fromtimestamp(ts, zone)
    return local.date() if local.time() < NOON else local.date() + timedelta(days=1)


def _naps(day: _Day) -> Iterator[Found]:
    for start, end, asleep_s, _confidence in day.result.details.get("naps") or ():
        yield Found(
            span_key(day.result.day, HappeningKind.NAP, start, end),
            Happening(
                HappeningKind.NAP,
                end,
                data={
                    "start": moment(start),
                    "end": moment(end),
                    "asleep_min": round(asleep_s / 60.0, 1),
                },
            ),
        )


def _workouts(day: _Day) -> Iterator[Found]:
    for one in day.trends.get("workouts") or ():
        start, end = one["start_ts"], one["end_ts"]
        yield Found(
            span_key(day.result.day, HappeningKind.WORKOUT_ENDED, start, end),
            Happening(
                HappeningKind.WORKOUT_ENDED,
                end,
                data={
                    "start": moment(start),
                    "end": moment(end),
                    "kind": one["kind"],
                    "strain": one["strain"],
                    "duration_min": one["duration_min"],
                },
            ),
        )


def _recovery(day: _Day) -> Iterator[Found]:
    recovery, offset = day.metric("recovery"), day.value("sleep_offset")
    if not day.over or recovery is None or recovery.value is None or offset is None:
        return
    yield Found(
        f"{day.name}:{HappeningKind.RECOVERY_READY}",
        Happening(
            HappeningKind.RECOVERY_READY,
            offset,
            data={
                "day": day.name,
                "recovery": whole(recovery.value),
                "band": band_name(recovery.value),
                "confidence": recovery.confidence,
            },
        ),
    )


def _strain(day: _Day) -> Iterator[Found]:
    """Tell of the target, which is reached at its lower end, as nudges see it."""
    strain, target = day.value("strain"), day.metric("strain_target")
    low = None if target is None else dict(target.drivers).get("low")
    if not day.over or strain is None or not low or strain < low:
        return
    yield Found(
        f"{day.name}:{HappeningKind.STRAIN_TARGET_REACHED}",
        Happening(
            HappeningKind.STRAIN_TARGET_REACHED,
            _reached_ts(day, low),
            data={"day": day.name, "strain": round(strain, 1), "target": round(low, 1)},
        ),
    )


def _reached_ts(day: _Day, low: float) -> float:
    """Give when the strain of a day reached a value; the newest record in it where no curve says."""
    curve = day.trends.get("curve") or {}
    for after_s, strain in zip(curve.get("after_s", ()), curve.get("strain", ()), strict=True):
        if strain >= low:
            return float(curve["start_ts"] + after_s)
    return day.reach_ts


def _records(day: _Day) -> Iterator[Found]:
    offset = day.value("sleep_offset")
    for one in day.trends.get("records") or ():
        of_day = one["metric"] in OF_DAY
        if not of_day and (not day.over or offset is None):
            continue
        ts = offset if not of_day and offset is not None else min(day.reach_ts, _end_ts(day))
        yield Found(
            f"{day.name}:record:{one['metric']}",
            Happening(HappeningKind.NEW_RECORD, ts, data=one),
        )


def _end_ts(day: _Day) -> float:
    tomorrow = day.result.day + timedelta(days=1)
    return datetime.combine(tomorrow, time(), day.zone).timestamp()


def _candidates(day: _Day, before: _Day | None, step_goal: float | None) -> tuple[Nudge, ...]:
    if day.result.facts is None:
        return ()
    of_day = day_candidates(
        day.result.facts,
        day.result.metrics,
        settled=day.over,
        step_goal=step_goal,
        recovery_before=None if before is None else before.value("recovery"),
        findings=findings_of((day.trends.get("health") or {}).get("findings") or ()),
    )
    return *of_day, *_workout_nudges(day)


def _workout_nudges(day: _Day) -> Iterator[Nudge]:
    """Tell of workouts that were found; the wearer's own word is no news to them."""
    for one in day.trends.get("workouts") or ():
        if one["source"] == "detected":
            numbers = [(key, float(one[key])) for key in OF_WORKOUT if one[key] is not None]
            yield workout_nudge(day.result.day, one["end_ts"], one["confidence"], numbers)


def _holding(days: Iterable[_Day], candidates: Iterable[Nudge]) -> dict[date, frozenset[str]]:
    """Give the codes that hold of each day; what is out of the ordinary is one nudge of several."""
    # Once told, the look back on a week is not worked out again: the week is over.
    holding = {day.result.day: {WEEK_CODE} for day in days if day.result.facts is not None}
    for one in candidates:
        if one.day in holding:
            holding[one.day] |= {one.code, *(name for name, _ in one.values if name in CODES)}
    return {day: frozenset(codes) for day, codes in holding.items()}


def _nudge(one: Nudge, now: float) -> Found:
    own, *also = one.claims
    return Found(
        own,
        Happening(
            HappeningKind.NUDGE,
            # It happens when it is told; that is late only for what it tells of.
            now,
            data={
                "code": one.code,
                "severity": Severity(one.severity).name.lower(),
                "values": dict(one.values),
                "day": one.day.isoformat(),
            },
        ),
        tuple(also),
        Notice(one.day, one.code, int(one.severity), now, dict(one.values), one.quiet_ok),
    )


def _look_again(
    candidates: Sequence[Nudge],
    held: Collection[str],
    now: float,
    zone: tzinfo,
    quiet: QuietHours | None,
) -> float | None:
    """Give the first later moment at which a nudge comes due, as far as is known now."""
    moments = {one.not_before_ts for one in candidates if one.not_before_ts is not None}
    if quiet is not None:
        local = datetime.fromtimestamp(now, zone)
        over = local.replace(hour=quiet.end.hour, minute=quiet.end.minute, second=0, microsecond=0)
        over = over if over > local else over + timedelta(days=1)
        moments.add(over.timestamp())
    for ts in sorted(ts for ts in moments if ts > now):
        if due_nudges(candidates, held, ts, zone, quiet):
            return ts
    return None
