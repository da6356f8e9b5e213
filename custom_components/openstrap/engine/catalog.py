"""Every metric once, as its room describes it. Entities, statistics and docs follow this."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from .breathing import breath_trends, night_metrics as breath_night
from .heart import day_metrics, heart_trends, night_metrics as heart_night, stress_metrics
from .insight import coach_metrics, health_trends, personal_metrics
from .metric_spec import EPOCH, Kind, MetricSpec, Source
from .motion import motion_metrics, motion_trends
from .needs import needs_of
from .recovery import recovery_trends
from .rest_metrics import ROWS as REST_ROWS
from .sleep import nap_metrics, night_metrics as sleep_night, sleep_trends
from .training import held_peak, load_trends, training_metrics, workout_metrics
from .wear_metrics import ROWS as WEAR_ROWS

__all__ = ["CATALOG", "EPOCH", "Kind", "MetricSpec", "Source"]

_ROWS: Final = (
    *recovery_trends.ROWS,
    *training_metrics.ROWS,
    *workout_metrics.ROWS,
    *REST_ROWS,
    *sleep_night.ROWS,
    *heart_night.ROWS,
    *breath_night.ROWS,
    *stress_metrics.ROWS,
    *day_metrics.DAY_ROWS,
    *motion_metrics.ROWS,
    *held_peak.ROWS,
    *nap_metrics.ROWS,
    *WEAR_ROWS,
    *heart_trends.ROWS,
    *sleep_trends.ROWS,
    *breath_trends.ROWS,
    *motion_trends.ROWS,
    *load_trends.ROWS,
    *health_trends.ROWS,
    *coach_metrics.ROWS,
    *personal_metrics.ROWS,
)


def by_key(rows: Sequence[MetricSpec]) -> Mapping[str, MetricSpec]:
    """Give rows with what they need, by key, in their order; ValueError when two share a key."""
    needs = needs_of([row.key for row in rows])
    found = {row.key: replace(row, needs=needs[row.key]) for row in rows}
    if len(found) != len(rows):
        raise ValueError("two rows of the catalogue share a key")
    return MappingProxyType(found)


CATALOG: Final = by_key(_ROWS)
"""Metric key -> row with what it needs, in the order in which people read them."""
