"""What a year of days says beyond chance: of the journal, of numbers, and of weekdays."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from ..engine.catalog import CATALOG
from ..engine.insight.associations import Timing, Variable, associations_of
from ..engine.insight.effects import insights_of as journal_effects_of
from ..engine.insight.journal import JournalDay
from ..engine.insight.weekday import weekday_effects
from ..store import WearerStore
from .values import Daily, daily_values
from .wording import Answer

YEAR_DAYS: Final = 365
"""Older days say little of who the wearer is now, and cost time."""
SEED: Final = 20
"""Of the shuffles: always the same, so that the same days give the same answer."""

OUTCOMES: Final = ("recovery", "rmssd_ms", "resting_hr_bpm", "sleep_min", "sleep_efficiency")
"""What a journal is held against: few, for each is one more chance to find nothing real."""


def _variable(key: str, timing: Timing, *derived_from: str) -> Variable:
    return Variable(key, timing, CATALOG[key].unit, derived_from=frozenset(derived_from))


VARIABLES: Final = (
    _variable("sleep_min", "night"),
    _variable("sleep_efficiency", "night", "sleep_min"),
    _variable("rmssd_ms", "night"),
    _variable("resting_hr_bpm", "night"),
    # Both are measured from the resting heart rate up.
    _variable("strain", "day", "resting_hr_bpm"),
    _variable("arousal_score", "day", "resting_hr_bpm"),
    _variable("steps", "day"),
)
"""What is held against each other; recovery is not among them, being made of the others."""
KEYS: Final = tuple(dict.fromkeys((*OUTCOMES, *(variable.key for variable in VARIABLES))))


def insights(store: WearerStore, today: date) -> Answer:
    """Look for what goes along with what in the year up to a day; a third of a second for a full one."""
    start = first_day(today)
    values = daily_values(store, KEYS, start, today, compared=True)
    return insights_of(store.journal(start, today), values, today)


def first_day(today: date) -> date:
    """Give the first day of the year that ends with a day."""
    return today - timedelta(days=YEAR_DAYS - 1)


def insights_of(journal: Mapping[date, JournalDay], values: Daily, today: date) -> Answer:
    """Do what ``insights`` does with days that were read; asks no store.

    ``journal``, ``associations`` and ``weekdays`` have what was found, what was refused and why;
    ``nothing_found`` says that none of them found anything. Nothing here tells of causes.
    """
    written = journal_effects_of(
        journal, {key: values[key] for key in OUTCOMES if values.get(key)}, seed=SEED
    )
    links = associations_of(VARIABLES, values, seed=SEED)
    weekdays = weekday_effects({key: values.get(key, {}) for key in KEYS}, seed=SEED)
    of_week = [effect.to_dict() for effect in weekdays if effect.note is None]
    return {
        "start_date": first_day(today).isoformat(),
        "end_date": today.isoformat(),
        "journal": written.to_dict(),
        "associations": links.to_dict(),
        "weekdays": {
            "findings": of_week,
            "tests": sum(effect.p is not None for effect in weekdays),
            "refused": [
                {"outcome": effect.outcome, "note": effect.note}
                for effect in weekdays
                if effect.note is not None
            ],
        },
        "labels": {key: CATALOG[key].label for key in KEYS},
        "nothing_found": not (written.findings or links.findings or of_week),
    }
