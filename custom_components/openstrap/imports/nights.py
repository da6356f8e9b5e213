"""Which of the sleeps of a day is its night, and which are naps, where a source does not say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Final

from ..engine.sleep.hypnogram import Segment, Stage
from ..engine.told import MAX_REST_S
from .parts import ImportedNap
from .seconds import EARLIEST_TS, LATEST_TS

NIGHT_FROM_S: Final = 3.0 * 3600.0
"""What is shorter is no night, s: as long as the shortest that is found here (judgement)."""
STAGE_WORDS: Final = {
    "wake": Stage.WAKE,
    "awake": Stage.WAKE,
    "light": Stage.LIGHT,
    "core": Stage.LIGHT,
    "deep": Stage.DEEP,
    "sws": Stage.DEEP,
    "rem": Stage.REM,
}
STAGE_KEYS: Final = {Stage.LIGHT: "light_min", Stage.DEEP: "deep_min", Stage.REM: "rem_min"}


@dataclass(frozen=True, slots=True)
class Sleep:
    """A stretch of sleep: when it began and ended (epoch s), its numbers, its stages."""

    start_ts: float
    end_ts: float
    values: dict[str, float] = field(default_factory=dict)
    stages: tuple[Segment, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether it can have been."""
        return (
            EARLIEST_TS <= self.start_ts < self.end_ts <= LATEST_TS
            and self.end_ts - self.start_ts <= MAX_REST_S
        )

    @property
    def length_s(self) -> float:
        """How long it was, s."""
        return self.end_ts - self.start_ts

    def as_nap(self) -> ImportedNap:
        """Give the same as a nap."""
        return ImportedNap(self.start_ts, self.end_ts, self.values.get("sleep_min"))


def by_day(
    sleeps: Iterable[Sleep], zone: tzinfo
) -> dict[date, tuple[Sleep | None, tuple[ImportedNap, ...]]]:
    """Give night and naps by the local day on which they end.

    The longest sleep is the night if it is long enough; what overlaps it is the same sleep told
    twice, the rest are naps.
    """
    days: defaultdict[date, list[Sleep]] = defaultdict(list)
    for sleep in sleeps:
        days[local_day(sleep.end_ts, zone)].append(sleep)
    return {day: _parted(found) for day, found in sorted(days.items())}


def local_day(ts: float, zone: tzinfo) -> date:
    """Give the local day of a moment, epoch s."""
    return datetime.fromtimestamp(ts, zone).date()


def in_order(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Give stretches ascending and without overlap: of two at a time the earlier one holds."""
    found: list[Segment] = []
    for start, end, stage in sorted(segments):
        begins = max(start, found[-1][1]) if found else start
        if end > begins:
            found.append((begins, end, stage))
    return tuple(found)


def asleep_min(stages: Sequence[Segment]) -> float:
    """Count the minutes asleep."""
    return sum(end - start for start, end, stage in stages if stage.asleep) / 60.0


def _parted(sleeps: list[Sleep]) -> tuple[Sleep | None, tuple[ImportedNap, ...]]:
    ranked = sorted(
        sleeps, key=lambda one: (-one.length_s, not one.stages, one.start_ts, sorted(one.values))
    )
    apart: list[Sleep] = []
    for sleep in ranked:
        if not any(sleep.start_ts < one.end_ts and one.start_ts < sleep.end_ts for one in apart):
            apart.append(sleep)
    night = apart[0] if apart[0].length_s >= NIGHT_FROM_S else None
    naps = [one.as_nap() for one in apart if one is not night]
    return night, tuple(sorted(naps, key=lambda nap: nap.start_ts))
