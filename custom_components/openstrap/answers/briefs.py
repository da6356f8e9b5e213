"""The numbers of stored days, kept in memory: what histories, trends and records are made of."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import math
from typing import Any, Final

from ..engine.catalog import CATALOG
from ..engine.imported import IMPORTED_ALGORITHM
from ..engine.metric_rows import ROW
from ..engine.trends import COMPARABLE_ALGORITHM
from ..store import DayRow
from .kept import Kept

MOST_DAYS: Final = 4000
"""Eleven years, about 3 kB each."""
_PLACE: Final = {key: place for place, key in enumerate(CATALOG)}
_VALUE: Final = ROW.index("value")
_CONFIDENCE: Final = ROW.index("confidence")
_UNKNOWN: Final = array("d", [math.nan]) * len(_PLACE)
_UNSURE: Final = array("f", [0.0]) * len(_PLACE)


@dataclass(frozen=True, slots=True)
class Brief:
    """A stored day without its stories and curves.

    ``workouts`` are as the day listed them when it was derived, ``records`` those that it set.
    ``strain_low`` is the least strain that the coach advised, None where it did not. ``values``
    (NaN where absent) and ``confidences`` are in the order of the catalogue.
    """

    timezone: str
    algorithm: int
    final: bool
    workouts: tuple[Mapping[str, Any], ...]
    records: tuple[Mapping[str, Any], ...]
    strain_low: float | None
    values: array[float]
    confidences: array[float]

    @property
    def imported(self) -> bool:
        """Whether the day is told by another system."""
        return self.algorithm == IMPORTED_ALGORITHM

    @property
    def comparable(self) -> bool:
        """Whether its headlines were estimated as those of today are, or by another system."""
        return self.imported or self.algorithm >= COMPARABLE_ALGORITHM

    def value(self, key: str, least: float = 0.0) -> float | None:
        """Give the value of a metric; None for one that is absent, or less sure than ``least``."""
        place = _PLACE[key]
        value = self.values[place]
        return None if math.isnan(value) or self.confidences[place] < least else value


def values_of(briefs: Mapping[date, Brief], key: str, least: float = 0.0) -> dict[date, float]:
    """Give the values of a metric by day, without those less sure than ``least``."""
    place = _PLACE[key]
    return {
        day: value
        for day, brief in briefs.items()
        # One that is unknown is not even itself.
        if (value := brief.values[place]) == value and brief.confidences[place] >= least
    }


def brief_of(row: DayRow) -> Brief | None:
    """Read what is short of a stored day; None for a result that makes no sense."""
    result = row.result
    if not isinstance(result, Mapping):
        return None
    values, confidences = _UNKNOWN[:], _UNSURE[:]
    for key, told in (_mapping(result.get("metrics"))).items():
        place = _PLACE.get(key)
        if place is None:
            continue
        value = _number(told, _VALUE, "value")
        if value is not None:
            values[place] = value
            # Just above: what is as sure as asked for must not fall short by its rounding here.
            confidences[place] = (_number(told, _CONFIDENCE, "confidence") or 0.0) + 1e-6
    trends = _mapping(_mapping(result.get("details")).get("trends"))
    target = _mapping(_mapping(trends.get("coach")).get("strain_target"))
    low = target.get("low")
    return Brief(
        timezone=row.timezone,
        algorithm=row.algorithm,
        final=row.final,
        workouts=tuple(trends.get("workouts") or ()),
        records=tuple(trends.get("records") or ()),
        strain_low=low if isinstance(low, int | float) else None,
        values=values,
        confidences=confidences,
    )


def _mapping(held: Any) -> Mapping[str, Any]:
    return held if isinstance(held, Mapping) else {}


def _number(row: Any, place: int, name: str) -> float | None:
    """Read a number from a stored row, which is a list or, in older results, goes by names."""
    if isinstance(row, list):
        value = row[place] if len(row) > place else None
    else:
        value = row.get(name) if isinstance(row, Mapping) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


BRIEFS: Final = Kept(brief_of, MOST_DAYS)
"""All of them, for whoever looks back on many days."""
