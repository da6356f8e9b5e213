"""What a file holds, counted, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from ..engine.imported import NAP, SLEEP, STAGES, VALUE, WORKOUT, SourceName, tells_of_day
from ..engine.protocol import Reason, record_time
from .fields import Kept, day_fields, journal_fields, workout_fields
from .parts import (
    Frames,
    ImportedDay,
    ImportedJournal,
    ImportedWorkout,
    ImportRefused,
    OutsideSamples,
    Part,
    Refusal,
    Skipped,
)

_HEADER_DIGITS = 64
"""Digits of a frame in which its time stands, with room to spare."""
_WRAPPED = "aa"
"""Begins a frame with its envelope, whose time stands elsewhere: its time is not looked for."""


@dataclass(slots=True)
class Survey:
    """Everything that a file holds, counted as it is read; times are epoch s."""

    zone: ZoneInfo
    now: float
    source: SourceName
    """Of the format."""
    sources: set[SourceName] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    frames: int = 0
    seconds: int = 0
    nights: set[date] = field(default_factory=set)
    naps: set[str] = field(default_factory=set)
    workouts: set[str] = field(default_factory=set)
    journal: set[date] = field(default_factory=set)
    skipped: Counter[str] = field(default_factory=Counter)
    first_ts: float | None = None
    last_ts: float | None = None

    @property
    def as_of(self) -> int:
        """How far the file reaches, whole seconds."""
        return int(self.last_ts or 0)

    def check(self) -> None:
        """Raise ImportRefused where nothing in it can be used."""
        if not (self.days or self.frames or self.seconds or self.journal):
            raise ImportRefused(Refusal.EMPTY)

    def add(self, part: Part) -> None:
        """Count a part."""
        match part:
            case Frames():
                self.frames += len(part.texts)
                self._reach(_times(part.texts))
            case OutsideSamples():
                epoch = part.records.epoch[part.records.reason == Reason.OK]
                self.seconds += len(epoch)
                if len(epoch):
                    self._reach((float(epoch.min()), float(epoch.max())))
            case ImportedDay() | ImportedWorkout() | ImportedJournal():
                for kept in self.kept(part, self.skipped):
                    self._add_day(kept)
            case Skipped():
                self.skipped[part.reason] += part.count

    def kept(
        self, part: ImportedDay | ImportedWorkout | ImportedJournal, skipped: Counter[str]
    ) -> Iterator[Kept]:
        """Give what is kept of a part, as of how far the file was read."""
        match part:
            case ImportedDay():
                return day_fields(part, self.as_of, self.now, skipped)
            case ImportedWorkout():
                return workout_fields(part, self.as_of, self.zone, self.now, skipped)
        return journal_fields(part, self.as_of, self.zone, self.source, skipped)

    def _add_day(self, kept: Kept) -> None:
        day, source, fields = kept
        self.sources.add(source)
        self._reach([_midnight(day, self.zone)])
        if tells_of_day(fields):
            self.days.add(day)
        else:
            self.journal.add(day)
        for name, (_, value) in fields.items():
            if name == SLEEP:
                self.nights.add(day)
                self._reach(value)
            elif name in (STAGES, f"{VALUE}sleep_min"):
                self.nights.add(day)
            elif name.startswith(NAP):
                self.naps.add(name)
                self._reach(value[:2])
            elif name.startswith(WORKOUT):
                self.workouts.add(name)
                self._reach(value[:2])

    def _reach(self, times: Iterable[float]) -> None:
        """Stretch the span; what has not come yet is a clock that was wrong."""
        for ts in times:
            if 0.0 < ts <= self.now + 86400.0:
                self.first_ts = ts if self.first_ts is None else min(self.first_ts, ts)
                self.last_ts = ts if self.last_ts is None else max(self.last_ts, ts)


@dataclass(slots=True)
class Written:
    """What became of what a file holds."""

    frames_new: int = 0
    frames_known: int = 0
    seconds_new: int = 0
    seconds_known: int = 0
    days_new: set[date] = field(default_factory=set)
    days_changed: set[date] = field(default_factory=set)
    rejected: Counter[str] = field(default_factory=Counter)
    """Frames and seconds that were refused, or kept and count for nothing, by reason."""

    @property
    def anything(self) -> bool:
        """Whether something is there that was not before."""
        return bool(self.frames_new or self.seconds_new or self.days_new or self.days_changed)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file holds, how it meets what is known, and, unless tried only, what became of it.

    ``measured`` days keep what was measured of them; of ``known`` ones something was imported
    before; the rest are new.
    """

    format: str
    survey: Survey
    known: frozenset[date]
    measured: frozenset[date]
    written: Written | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        survey = self.survey
        found: dict[str, Any] = {
            "format": self.format,
            "sources": sorted(source.value for source in survey.sources),
            "dry_run": self.written is None,
            "first": _iso(survey.first_ts, survey.zone),
            "last": _iso(survey.last_ts, survey.zone),
            "days": {
                "found": len(survey.days),
                "new": len(survey.days - self.known - self.measured),
                "known": len((survey.days & self.known) - self.measured),
                "measured": len(survey.days & self.measured),
            },
            "frames": survey.frames,
            "sample_seconds": survey.seconds,
            "nights": len(survey.nights),
            "naps": len(survey.naps),
            "workouts": len(survey.workouts),
            "journal_entries": len(survey.journal),
            "skipped": dict(sorted(survey.skipped.items())),
        }
        if (written := self.written) is not None:
            found["written"] = {
                "frames_new": written.frames_new,
                "frames_known": written.frames_known,
                "sample_seconds_new": written.seconds_new,
                "sample_seconds_known": written.seconds_known,
                "days_new": len(written.days_new),
                "days_changed": len(written.days_changed - written.days_new),
                "rejected": dict(sorted(written.rejected.items())),
            }
        return found


def _times(texts: Iterable[str]) -> Iterator[float]:
    for text in texts:
        if text[:2].lower() == _WRAPPED:
            continue
        try:
            found = record_time(bytes.fromhex(text[:_HEADER_DIGITS]))
        except ValueError:
            continue
        if found is not None:
            yield float(found[0])


def _midnight(day: date, zone: tzinfo) -> float:
    return datetime.combine(day, time(), zone).timestamp()


def _iso(ts: float | None, zone: tzinfo) -> str | None:
    return None if ts is None else datetime.fromtimestamp(ts, zone).isoformat(timespec="seconds")
