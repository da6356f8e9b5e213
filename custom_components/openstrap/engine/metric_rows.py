"""Metrics as they are stored, day after day: without what the catalogue says or another row said."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .catalog import CATALOG
from .metric import Metric, not_computed

STORY: Final = ("inputs_used", "drivers")
"""What metrics of one measurement share."""
MEANING: Final = ("unit", "tier")
"""What a number is worth: never left out beside one, for the catalogue may change, the past not."""


def shorten(
    metrics: Mapping[str, Metric],
) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """Give metrics of the catalogue as short rows by key, and the stories that these tell.

    A row is ``to_dict`` without its story, whose place in the list stands in ``story``, and
    without what an absent metric of the catalogue has. Both are plain JSON types.
    """
    rows: dict[str, dict[str, Any]] = {}
    places: dict[tuple[Any, ...], int] = {}
    stories: list[dict[str, Any]] = []
    for key, metric in metrics.items():
        whole, usual = metric.to_dict(), _usual(key)
        rows[key] = {
            name: value
            for name, value in whole.items()
            if name not in STORY
            and (value != usual[name] or (name in MEANING and metric.value is not None))
        }
        if not metric.inputs_used and not metric.drivers:
            continue
        place = places.setdefault((metric.inputs_used, metric.drivers), len(stories))
        if place == len(stories):
            stories.append({name: whole[name] for name in STORY})
        rows[key]["story"] = place
    return rows, stories


def restore(
    rows: Mapping[str, Mapping[str, Any]], stories: Iterable[Mapping[str, Any]], algorithm: int
) -> dict[str, Metric]:
    """Undo ``shorten``: every metric of the catalogue, in its order; rows of ``to_dict`` do as well.

    Metrics without a row are absent, for the day's ``algorithm`` did not know them. Raises
    KeyError, TypeError or ValueError for what is no such form.
    """
    held, told = dict(rows), dict(enumerate(stories))
    unknown = not_computed(algorithm)
    metrics: dict[str, Metric] = {}
    for key, spec in CATALOG.items():
        if key not in held:
            metrics[key] = spec.absent(unknown)
            continue
        row = dict(held[key])
        story = dict(told[row.pop("story")]) if "story" in row else {}
        metrics[key] = Metric.from_dict(_usual(key) | story | row)
    return metrics


def _usual(key: str) -> dict[str, Any]:
    """Return what an absent metric of the catalogue has, without a reason."""
    spec = CATALOG[key]
    return {
        "value": None,
        "unit": spec.unit,
        "confidence": 0.0,
        "tier": spec.tier.value,
        "label": spec.label,
        "inputs_used": [],
        "drivers": [],
        "note": None,
    }
