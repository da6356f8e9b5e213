"""The one read model: what is stored of a wearer, as plain JSON for whoever asks.

Actions, phone, panel and Assist answer from here, so that they never differ. Everything that reads
takes the store and runs in its thread; nothing here computes a day or asks a clock.
"""

from .days import AnswerError, day, known_metric, night
from .exported import exported
from .findings import KEYS, SEED, first_day, insights, insights_of
from .journal import journal
from .kept import Run
from .notices import dismiss, notices
from .records import async_records, records
from .spans import HEADLINES, history, history_of, plain_metric, trend
from .timeline import timeline
from .values import async_values, chunks, daily_values
from .wording import span as worded_span
from .workouts import (
    DETECTED,
    async_workouts,
    detected_span,
    find as find_workout,
    going,
    listed as listed_workouts,
    workout_of,
    workouts,
)

__all__ = [
    "DETECTED",
    "HEADLINES",
    "KEYS",
    "SEED",
    "AnswerError",
    "Run",
    "async_records",
    "async_values",
    "async_workouts",
    "chunks",
    "daily_values",
    "day",
    "detected_span",
    "dismiss",
    "exported",
    "find_workout",
    "first_day",
    "going",
    "history",
    "history_of",
    "insights",
    "insights_of",
    "journal",
    "known_metric",
    "listed_workouts",
    "night",
    "notices",
    "plain_metric",
    "records",
    "timeline",
    "trend",
    "worded_span",
    "workout_of",
    "workouts",
]
