"""Metrics as they are stored, day after day: without what the catalogue says or another row said."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .catalog import CATALOG
from .metric import Metric, not_computed

STORY: Final = ("inputs_used", "drivers")
"""What metrics of one measurement share."""
MEANING: Final = ("unit", "tier")
"""What a number is worth: never left out beside one, for the catalogue may change, the past not."""
ROW: Final = ("value", "confidence", *MEANING, "note", "story", "label")
"""What the places of a row hold; ``story`` is a place in the list of stories."""


def shorten(metrics: Mapping[str, Metric]) -> tuple[dict[str, list[Any]], list[dict[str, Any]]]:
    """Give metrics of the catalogue as short rows by key, and the stories that these tell.

    A row is a list in the order of ``ROW``: None stands for what an absent metric of the catalogue
    has, and is left out at the end. Both are plain JSON types.
    """
    rows: dict[str, list[Any]] = {}
    places: dict[tuple[Any, ...], int] = {}
    stories: list[dict[str, Any]] = []
    for key, metric in metrics.items():
        whole, usual = metric.to_dict(), _usual(key)
        told = {
            name: value
            for name, value in whole.items()
            if value != usual[name] or (name in MEANING and metric.value is not None)
        }
        if metric.inputs_used or metric.drivers:
            place = places.setdefault((metric.inputs_used, metric.drivers), len(stories))
            if place == len(stories):
                stories.append({name: whole[name] for name in STORY})
            told["story"] = place
        rows[key] = [told.get(name) for name in ROW]
        while rows[key] and rows[key][-1] is None:
            rows[key].pop()
    return rows, stories


def restore(
    rows: Mapping[str, Any], stories: Iterable[Mapping[str, Any]], algorithm: int
) -> dict[str, Metric]:
    """Undo ``shorten``: every metric of the catalogue, in its order.

    Rows by name, as the third algorithm wrote them and ``to_dict`` does, are read as well. Metrics
    without a row are absent, for the day's ``algorithm`` did not know them. Raises KeyError,
    TypeError or ValueError for what is no such form.
    """
    held, told = dict(rows), dict(enumerate(stories))
    unknown = not_computed(algorithm)
    metrics: dict[str, Metric] = {}
    for key, spec in CATALOG.items():
        if key not in held:
            metrics[key] = spec.absent(unknown)
            continue
        row = _by_name(held[key])
        story = dict(told[row.pop("story")]) if "story" in row else {}
        metrics[key] = Metric.from_dict(_usual(key) | story | row)
    return metrics


def _by_name(row: Any) -> dict[str, Any]:
    if not isinstance(row, list):
        return dict(row)
    if len(row) > len(ROW):
        raise ValueError("a row has no more places")
    return {name: value for name, value in zip(ROW, row, strict=False) if value is not None}


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
