"""What the morning after a kind of workout looks like beside other mornings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
import statistics
from typing import Any, Final

from ..baseline import calendar_values, detectable_change, known_values
from ..facts import DayFacts, values_of
from ..told import WORKOUT_KINDS, WorkoutKind

OUTCOMES: Final = ("resting_hr_bpm", "rmssd_ms")
BASELINE_DAYS: Final = 28
MIN_BASELINE: Final = 14
MIN_MORNINGS: Final = 10
MIN_SEEN: Final = 0.5
"""Share of the night that must have been recorded."""
CONFIDENCE: Final = 0.4
"""An association of few mornings, never a cause (judgement)."""


@dataclass(frozen=True, slots=True)
class SessionCost:
    """Mornings after days with one workout of a kind, against the four weeks before each.

    ``delta`` is the median difference of the metric ``key``, in its unit; ``detectable`` the
    median of the smallest real differences. Both are None with fewer than ten mornings, and then
    ``note`` says so; ``detectable`` also where no scatter was known.
    """

    kind: WorkoutKind
    key: str
    mornings: int
    delta: float | None
    detectable: float | None
    confidence: float
    note: str | None = None

    @property
    def exceeds(self) -> bool | None:
        """Whether the difference is larger than chance explains; None if that is not known."""
        if self.delta is None or self.detectable is None:
            return None
        return abs(self.delta) >= self.detectable

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types, keys always the same and in the same order."""
        return {
            "kind": self.kind,
            "key": self.key,
            "mornings": self.mornings,
            "delta": None if self.delta is None else round(self.delta, 2),
            "detectable": None if self.detectable is None else round(self.detectable, 2),
            "exceeds": self.exceeds,
            "confidence": self.confidence,
            "note": self.note,
        }


def session_costs(
    facts: Mapping[date, DayFacts], sessions: Mapping[date, Sequence[str]], day: date
) -> tuple[SessionCost, ...]:
    """Compare the mornings after single workouts, for each kind that occurred and each outcome.

    ``sessions`` are the kinds of the workouts of each day; a day without an entry is not known. Only
    mornings up to ``day`` count. Days with two workouts say nothing of either.
    """
    mornings: dict[WorkoutKind, list[date]] = {}
    for on, kinds in sorted(sessions.items()):
        after = on + timedelta(days=1)
        if len(kinds) != 1 or after > day or after not in facts or not _was_seen(facts[after]):
            continue
        for kind in WORKOUT_KINDS:
            if kind == kinds[0]:
                mornings.setdefault(kind, []).append(after)
    return tuple(
        _cost(kind, key, values_of(facts, key), mornings[kind])
        for kind in WORKOUT_KINDS
        if kind in mornings
        for key in OUTCOMES
    )


def _cost(
    kind: WorkoutKind, key: str, values: Mapping[date, float], mornings: Iterable[date]
) -> SessionCost:
    deltas, detectable = [], []
    for morning in mornings:
        earlier = known_values(values, morning, BASELINE_DAYS)
        if morning not in values or len(earlier) < MIN_BASELINE:
            continue
        deltas.append(values[morning] - statistics.median(earlier))
        change = detectable_change(calendar_values(values, morning, BASELINE_DAYS))
        if change is not None:
            detectable.append(change)
    if len(deltas) < MIN_MORNINGS:
        note = f"need_sessions:have={len(deltas)},need={MIN_MORNINGS}"
        return SessionCost(kind, key, len(deltas), None, None, 0.0, note)
    return SessionCost(
        kind,
        key,
        len(deltas),
        statistics.median(deltas),
        statistics.median(detectable) if detectable else None,
        CONFIDENCE,
    )


def _was_seen(facts: DayFacts) -> bool:
    """Whether enough of the main sleep was recorded."""
    if facts.onset_ts is None or facts.offset_ts is None:
        return False
    seen = sum(
        max(min(last, facts.offset_ts) - max(first, facts.onset_ts), 0.0)
        for first, last in facts.seen
    )
    return seen >= MIN_SEEN * (facts.offset_ts - facts.onset_ts)
