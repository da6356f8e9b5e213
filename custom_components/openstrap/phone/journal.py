"""The journal as the phone writes and reads it: tags and a note, one entry a day."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
import re
from typing import Any, Final

from ..answers import SEED
from ..engine.catalog import CATALOG
from ..engine.insight.effects import insights_of
from ..engine.insight.journal import MAX_NOTE, JournalDay
from ..engine.insight.journal_effects import Effect
from ..store import WearerStore
from .envelope import Json
from .refusal import invalid

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS: Final = re.compile(r"([0-9]{1,4})d")
MAX_RANGE: Final = 3660  # days


def day_of(text: object) -> date:
    """Read a date written YYYY-MM-DD; raises Refusal for anything else."""
    # The standard library reads other forms of ISO 8601 too.
    if isinstance(text, str) and _DATE.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise invalid("date must be YYYY-MM-DD", "date must be YYYY-MM-DD")


def range_days(text: str) -> int:
    """Read a range such as ``30d``; raises Refusal for anything else."""
    found = _DAYS.fullmatch(text)
    days = 0 if found is None else int(found[1])
    if not 1 <= days <= MAX_RANGE:
        raise invalid(f"range is a number of days, 1d to {MAX_RANGE}d", "Bad range")
    return days


def journal(store: WearerStore, start: date, end: date) -> list[Json]:
    """List the entries from start to end (both included), newest first.

    Numbers, which the phone does not know, stand beside; an entry of numbers alone is none here.
    """
    entries = store.journal(start, end)
    return [
        {"date": day.isoformat(), **entry.to_dict()}
        for day, entry in sorted(entries.items(), reverse=True)
        if entry.tags or entry.note
    ]


def entry_of(body: Mapping[str, Any]) -> JournalDay:
    """Read tags and note; raises Refusal for what is neither.

    Tags are trimmed, in small letters, each once, 24 at most; what is no list is none.
    """
    tags, note = body.get("tags"), body.get("note")
    tags = tags if isinstance(tags, list) else []
    if not all(isinstance(tag, str) for tag in tags):
        raise invalid("tags must be a list of texts")
    if note is not None and not isinstance(note, str):
        raise invalid("note must be a text when given")
    return JournalDay(frozenset(tags), note=(note or "")[:MAX_NOTE])


def write(store: WearerStore, day: date, entry: JournalDay) -> Json:
    """Keep tags and note in place of what the day had; its numbers, told in other ways, stay."""
    held = store.journal(day, day).get(day)
    numbers = {} if held is None else held.numbers
    store.write_journal(day, JournalDay(entry.tags, numbers, entry.note) or None)
    if not entry:
        return {"ok": True, "deleted": True}
    kept = entry.to_dict()
    return {"ok": True, "date": day.isoformat(), "tags": kept["tags"], "note": kept["note"]}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a journal is held against, as the phone knows it."""

    name: str
    lower_better: bool = False
    scale: float = 1.0
    unit: str | None = None


_OUTCOMES: Final[Mapping[str, _Outcome]] = {
    "recovery": _Outcome("recovery"),
    "rmssd_ms": _Outcome("hrv"),
    "resting_hr_bpm": _Outcome("resting_hr", lower_better=True),
    "sleep_min": _Outcome("duration_min"),
    # The phone knows shares of the time in bed.
    "sleep_efficiency": _Outcome("efficiency", scale=0.01, unit=""),
}
OUTCOMES: Final = tuple(_OUTCOMES)


def insights(
    entries: Mapping[date, JournalDay], values: Mapping[str, Mapping[date, float]]
) -> Json:
    """Tell which tags go along with which metrics, beyond chance; asks no store.

    ``values`` are daily values by key, of ``OUTCOMES``. Days without an entry are unknown, not days
    without. ``without_avg`` and ``with_avg`` are medians; most journals have no findings, and
    ``note`` says when there is too little to look at.
    """
    outcomes = {key: values[key] for key in OUTCOMES if values.get(key)}
    scan = insights_of(entries, outcomes, seed=SEED)
    days = Counter(tag for entry in entries.values() for tag in entry.tags)
    found: dict[str, list[Json]] = {}
    for effect in scan.findings:
        # Both are known of tags, and of numbers neither.
        if effect.usual_with is not None and effect.usual_without is not None:
            worded = _effect(effect, effect.usual_with, effect.usual_without)
            found.setdefault(effect.name, []).append(worded)
    for effects in found.values():
        effects.sort(key=lambda one: -abs(one["delta_pct"] or 0.0))
    return {
        "insights": [
            {"tag": tag, "days": days[tag], "effects": effects}
            for tag, effects in sorted(found.items(), key=lambda one: (-days[one[0]], one[0]))
        ],
        "entries": scan.entries,
        "tested": len(scan.tested),
        "note": scan.note,
    }


def _effect(effect: Effect, with_tag: float, without: float) -> Json:
    known, spec = _OUTCOMES[effect.outcome], CATALOG[effect.outcome]
    with_tag, without = known.scale * with_tag, known.scale * without
    delta = with_tag - without
    return {
        "metric": known.name,
        "label": spec.label,
        "unit": spec.unit if known.unit is None else known.unit,
        "with_avg": round(with_tag, 4),
        "without_avg": round(without, 4),
        "delta": round(delta, 4),
        "delta_pct": round(100.0 * delta / abs(without), 1) if without else None,
        # By what is left once weekdays and the day before are taken out, which is what was tested.
        "better": effect.shift < 0.0 if known.lower_better else effect.shift > 0.0,
        "n_with": effect.n_with,
        "n_without": effect.n_without,
        "lag_days": effect.lag_days,
    }
