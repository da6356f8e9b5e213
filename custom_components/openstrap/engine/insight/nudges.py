"""The one place that decides whether the wearer is told: once for a day and topic, or never."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from .findings import Severity

MIN_CONFIDENCE: Final = 0.4
"""What is less sure interrupts nobody (judgement)."""
EXCEPTION: Final = "exception"
MEDICAL: Final = "exception:medical"
"""Topics of what is out of the ordinary: all of a day is one nudge."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """Something that may be told of a day: a code with its numbers, never a sentence or a cause.

    ``topic`` and ``day`` make the ``key`` by which it is told once. ``quiet_ok``: also in quiet
    hours. Not before ``not_before_ts`` and not from ``expires_ts`` on (epoch s, None: no such
    bound). ``settled`` is False while the day may still say otherwise, ``imported`` True for days
    that came from elsewhere.
    """

    day: date
    topic: str
    severity: Severity
    code: str
    values: tuple[tuple[str, float], ...]
    confidence: float
    quiet_ok: bool = False
    not_before_ts: float | None = None
    expires_ts: float | None = None
    settled: bool = True
    imported: bool = False

    @property
    def key(self) -> str:
        """Name by which it counts as told."""
        return f"{self.day.isoformat()}:{self.topic}"

    @property
    def claims(self) -> tuple[str, ...]:
        """Every key that is used up when it is told; its own comes first.

        After a medical one nothing else out of the ordinary is told of that day.
        """
        if self.topic != MEDICAL:
            return (self.key,)
        return self.key, f"{self.day.isoformat()}:{EXCEPTION}"

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types, for what shows it."""
        return {
            "key": self.key,
            "day": self.day.isoformat(),
            "topic": self.topic,
            "severity": int(self.severity),
            "code": self.code,
            "values": dict(self.values),
            "quiet_ok": self.quiet_ok,
            "expires_ts": self.expires_ts,
        }


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when to when by the wall clock nobody is disturbed; equal times mean never."""

    start: time = time(22)
    end: time = time(7)

    def __contains__(self, at: time) -> bool:
        """Tell whether a time of day is within, the end not included."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def due_nudges(
    candidates: Iterable[Nudge],
    fired: Collection[str],
    now_ts: float,
    tz: tzinfo,
    quiet: QuietHours | None = None,
    *,
    grave_disturbs: bool = False,
) -> tuple[Nudge, ...]:
    """Choose what is to be told at ``now_ts`` (epoch s), the gravest first.

    ``fired`` holds the keys that were used up (``Nudge.claims``), ``tz`` the wearer's time zone.
    Told are settled candidates of today or yesterday by that zone, of some confidence, not
    imported, each key once, within their times, and in quiet hours only those that may be
    (``grave_disturbs``: the gravest too). The caller claims the keys before it shows anything and
    gives them back if nothing was shown.
    """
    now = datetime.fromtimestamp(now_ts, tz)
    hushed = quiet is not None and time(now.hour, now.minute, now.second) in quiet
    used = set(fired)
    due = []
    for one in sorted(candidates, key=lambda one: -one.severity):
        loud = one.quiet_ok or (grave_disturbs and one.severity >= Severity.ALERT)
        if one.key in used or not _fit(one, now.date(), now_ts) or (hushed and not loud):
            continue
        used.update(one.claims)
        due.append(one)
    return tuple(due)


def _fit(one: Nudge, today: date, now_ts: float) -> bool:
    recent = today - timedelta(days=1) <= one.day <= today
    begun = one.not_before_ts is None or now_ts >= one.not_before_ts
    over = one.expires_ts is not None and now_ts >= one.expires_ts
    sure = one.settled and not one.imported and one.confidence >= MIN_CONFIDENCE
    return recent and begun and not over and sure
