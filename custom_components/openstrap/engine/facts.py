"""What a day leaves behind for later days: the plain facts that trends are made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from itertools import pairwise
import math
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .metric import DECIMALS

type TimeSpan = tuple[float, float]
"""Start and end, epoch s."""
type Clock = tuple[tuple[float, float], ...]
"""From when on (epoch s) the wall clock was how far ahead of UTC (minutes)."""

HOURS = 24
UNKNOWN_HOURS: tuple[float | None, ...] = (None,) * HOURS
MINUTE_S = 60.0
DAY_S = 86400.0
UNIX_DAY = date(1970, 1, 1).toordinal()
HOUR_DECIMALS = 4
"""A thousandth of a beat, a third of a second of an hour: finer than either is measured."""


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Facts of one local day of one wearer. Times are epoch s, rounded to whole seconds.

    ``clock`` tells the wall clock from the noon before to the midnight that ends the day, the
    stretch in which its night is looked for; ``clock_of`` makes it. ``onset_ts`` and ``offset_ts``
    are the first and last moment of the main sleep that ends on the day, ``tst_min`` the minutes
    slept within; all three None without a main sleep. ``nap_min`` is None where naps were not
    looked for. ``asleep`` (main sleep without its wake, and naps) and ``seen`` (worn and recorded)
    are spans within that stretch, kept ascending, apart and of whole seconds. ``hourly_hr`` (bpm),
    ``hourly_activity`` (share of the hour that moved, 0 to 1) and ``hourly_skin_c`` (degrees C of
    the still wrist) have 24 numbers by wall clock from the day's midnight on, None where an hour
    was not observed. ``wake_hr`` counts the minutes of the day, worn and out of rest, by their
    mean heart rate: (whole bpm, minutes), ascending. ``values`` are the day's metrics by key. What
    is given is brought to this form, so that stored facts equal fresh ones. Raises ValueError where
    that is not possible.
    """

    day: date
    tz: str
    clock: Clock
    end_ts: float
    onset_ts: float | None = None
    offset_ts: float | None = None
    tst_min: float | None = None
    nap_min: float | None = None
    asleep: tuple[TimeSpan, ...] = ()
    seen: tuple[TimeSpan, ...] = ()
    hourly_hr: tuple[float | None, ...] = UNKNOWN_HOURS
    hourly_activity: tuple[float | None, ...] = UNKNOWN_HOURS
    hourly_skin_c: tuple[float | None, ...] = UNKNOWN_HOURS
    wake_hr: tuple[tuple[int, int], ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Round, order, and hold the rules."""
        clock = tuple((_whole(since), _finite(ahead)) for since, ahead in self.clock)
        times = [since for since, _ in clock] + [_whole(self.end_ts)]
        if not clock or any(b <= a for a, b in pairwise(times)):
            raise ValueError("the clock of a day begins before the day ends, and goes on")
        main = (self.onset_ts, self.offset_ts, self.tst_min)
        if any(part is None for part in main) != all(part is None for part in main):
            raise ValueError("a main sleep has an onset, an offset and a duration, or none of them")
        form: dict[str, Any] = {
            "clock": clock,
            "end_ts": times[-1],
            "onset_ts": None if self.onset_ts is None else _whole(self.onset_ts),
            "offset_ts": None if self.offset_ts is None else _whole(self.offset_ts),
            "tst_min": None if self.tst_min is None else _rounded(self.tst_min),
            "nap_min": None if self.nap_min is None else _rounded(self.nap_min),
            "asleep": joined(self.asleep, times[0], times[-1]),
            "seen": joined(self.seen, times[0], times[-1]),
            "hourly_hr": _hours(self.hourly_hr),
            "hourly_activity": _hours(self.hourly_activity),
            "hourly_skin_c": _hours(self.hourly_skin_c),
            "wake_hr": _histogram(self.wake_hr),
            "values": {key: _rounded(value) for key, value in self.values.items()},
        }
        for name, value in form.items():
            object.__setattr__(self, name, value)
        if self.onset_ts is not None and self.offset_ts is not None:
            if self.offset_ts <= self.onset_ts:
                raise ValueError("a main sleep ends after it begins")
        if (self.tst_min or 0.0) < 0.0 or (self.nap_min or 0.0) < 0.0:
            raise ValueError("a duration is not negative")

    @property
    def start_ts(self) -> float:
        """The noon before, epoch s."""
        return self.clock[0][0]

    @property
    def offset_min(self) -> float:
        """How far the wall clock was ahead of UTC when the day ended, minutes."""
        return self.clock[-1][1]

    @property
    def midnight_wall_s(self) -> float:
        """The midnight that begins the day, in seconds of the wall clock."""
        return (self.day.toordinal() - UNIX_DAY) * DAY_S

    def zone(self) -> tzinfo:
        """Time zone of the day; one of no known name keeps the clock that the day ended with."""
        try:
            return ZoneInfo(self.tz)
        except ZoneInfoNotFoundError, ValueError:
            return timezone(timedelta(minutes=self.offset_min))

    def wall_s(self, ts: float) -> float:
        """Seconds of the wall clock (as if it were UTC) at a moment, epoch s."""
        ahead = self.clock[0][1]
        for since, then in self.clock:
            if since <= ts:
                ahead = then
        return ts + MINUTE_S * ahead

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types. Spans become run lengths: seconds apart, seconds long, and so on."""
        return {
            "day": self.day.isoformat(),
            "tz": self.tz,
            "clock": [list(step) for step in self.clock],
            "end": self.end_ts,
            "sleep": [self.onset_ts, self.offset_ts, self.tst_min, self.nap_min],
            "asleep": _run_lengths(self.asleep, self.start_ts),
            "seen": _run_lengths(self.seen, self.start_ts),
            "hourly_hr": list(self.hourly_hr),
            "hourly_activity": list(self.hourly_activity),
            "hourly_skin_c": list(self.hourly_skin_c),
            "wake_hr": [number for pair in self.wake_hr for number in pair],
            "values": dict(self.values),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Undo ``to_dict``. Raises KeyError, TypeError or ValueError for anything else."""
        onset, offset, tst, nap = data["sleep"]
        clock = tuple((since, ahead) for since, ahead in data["clock"])
        # Days of the third algorithm, whose nights still count, had not noted it.
        wake_hr = data.get("wake_hr", ())
        if not clock:
            raise ValueError("a day has a clock")
        return cls(
            day=date.fromisoformat(data["day"]),
            tz=data["tz"],
            clock=clock,
            end_ts=data["end"],
            onset_ts=onset,
            offset_ts=offset,
            tst_min=tst,
            nap_min=nap,
            asleep=_spans(data["asleep"], clock[0][0]),
            seen=_spans(data["seen"], clock[0][0]),
            hourly_hr=tuple(data["hourly_hr"]),
            hourly_activity=tuple(data["hourly_activity"]),
            hourly_skin_c=tuple(data["hourly_skin_c"]),
            wake_hr=tuple(zip(wake_hr[::2], wake_hr[1::2], strict=True)),
            values=dict(data["values"]),
        )


def clock_of(day: date, tz: tzinfo) -> tuple[Clock, float]:
    """Tell the wall clock from the noon before a day to the midnight that ends it, and that end.

    With daylight saving it has two steps; the second begins at the minute of the change.
    """
    start = datetime.combine(day - timedelta(days=1), time(12), tz).timestamp()
    end = datetime.combine(day + timedelta(days=1), time(), tz).timestamp()
    before, after = _ahead(start, tz), _ahead(end, tz)
    if before == after:
        return ((start, before),), end
    low, high = start, end
    while high - low >= 2 * MINUTE_S:
        middle = low + MINUTE_S * ((high - low) // (2 * MINUTE_S))
        low, high = (middle, high) if _ahead(middle, tz) == before else (low, middle)
    return ((start, before), (high, after)), end


def joined(spans: Iterable[TimeSpan], start_ts: float, end_ts: float) -> tuple[TimeSpan, ...]:
    """Bring spans into order: whole seconds within [start, end], touching ones made one.

    Raises ValueError for a span that is not finite or ends before it begins.
    """
    found: list[TimeSpan] = []
    for first, last in sorted((_whole(a), _whole(b)) for a, b in spans):
        if last < first:
            raise ValueError("a span ends after it begins")
        first, last = max(first, start_ts), min(last, end_ts)
        if last <= first:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def values_of(facts: Mapping[date, DayFacts], key: str) -> dict[date, float]:
    """Return the days that have a value of a metric, with it."""
    return {day: fact.values[key] for day, fact in facts.items() if key in fact.values}


def calendar_days(day: date, days: int, *, including: bool = False) -> list[date]:
    """Return the ``days`` calendar days before a day, ascending; ``including`` ends with it."""
    last = day if including else day - timedelta(days=1)
    return [last - timedelta(days=back) for back in range(days - 1, -1, -1)]


def _ahead(ts: float, tz: tzinfo) -> float:
    shift = datetime.fromtimestamp(ts, tz).utcoffset() or timedelta()
    return shift.total_seconds() / MINUTE_S


def _finite(value: float) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("facts are finite numbers")
    return number


def _whole(value: float) -> float:
    return float(math.floor(_finite(value) + 0.5))


def _rounded(value: float) -> float:
    return round(_finite(value), DECIMALS)


def _hours(values: Sequence[float | None]) -> tuple[float | None, ...]:
    """24 numbers; what is NaN becomes None."""
    if len(values) != HOURS:
        raise ValueError("a day has 24 hours on the clock")
    return tuple(
        None if value is None or math.isnan(value) else round(_finite(value), HOUR_DECIMALS)
        for value in values
    )


def _histogram(counts: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ascending, of whole numbers above 0."""
    found = tuple((int(bpm), int(minutes)) for bpm, minutes in counts)
    if any(bpm <= 0 or minutes <= 0 for bpm, minutes in found):
        raise ValueError("minutes are counted at heart rates above 0")
    if any(b[0] <= a[0] for a, b in pairwise(found)):
        raise ValueError("heart rates ascend")
    return found


def _run_lengths(spans: Iterable[TimeSpan], start_ts: float) -> list[int]:
    lengths, at = [], start_ts
    for first, last in spans:
        lengths += [int(first - at), int(last - first)]
        at = last
    return lengths


def _spans(lengths: Sequence[int], start_ts: float) -> tuple[TimeSpan, ...]:
    if len(lengths) % 2 or any(length < 0 for length in lengths):
        raise ValueError("run lengths are pairs of numbers that are not negative")
    found, at = [], start_ts
    for apart, long in zip(lengths[::2], lengths[1::2], strict=True):
        found.append((at + apart, at + apart + long))
        at += apart + long
    return tuple(found)
