"""Metrics that share a confidence, wrapped at once."""

from collections.abc import Iterable, Mapping
from typing import Final

from ..metric import Metric
from ..metric_spec import MetricSpec

type Span = tuple[float, float]
"""Start and end, epoch s."""

LEAST: Final = 0.01
"""Confidence of a value that stands on next to nothing."""


def all_measured(
    specs: Mapping[str, MetricSpec],
    values: Mapping[str, tuple[float | None, str]],
    confidence: float,
    inputs: tuple[str, ...],
    drivers: Iterable[tuple[str, float]],
) -> dict[str, Metric]:
    """Wrap values of one confidence, each with its reason should it be missing."""
    told = tuple(drivers)
    return {
        key: specs[key].absent(reason, inputs)
        if value is None
        else specs[key].measured(value, confidence, inputs, drivers=told)
        for key, (value, reason) in values.items()
    }
