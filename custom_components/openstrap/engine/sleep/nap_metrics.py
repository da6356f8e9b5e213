"""The naps of a day as metrics."""

from typing import Final

from ..metric import Metric, Tier
from ..metric_spec import MetricSpec
from .naps import Naps

ROWS: Final = (
    MetricSpec("nap_count", "naps", 0, Tier.ESTIMATE, "Naps", headline=False, kind="day"),
    MetricSpec("nap_min", "min", 0, Tier.ESTIMATE, "Nap time asleep", headline=False, kind="day"),
)
SPEC: Final = {row.key: row for row in ROWS}
INPUTS: Final = ("motion", "hr")


def nap_metrics(found: Naps) -> dict[str, Metric]:
    """Wrap what ``find_naps`` found; none found is 0, not looked is absent."""
    if found.reason is not None:
        return {row.key: row.absent(found.reason, INPUTS) for row in ROWS}
    waiting = len(found.deferred)
    note = f"deferred:bouts={waiting}" if waiting else None
    values = {
        "nap_count": float(len(found.naps)),
        "nap_min": sum(nap.asleep_s for nap in found.naps) / 60.0,
    }
    return {
        key: SPEC[key].measured(value, found.confidence, INPUTS, note=note)
        for key, value in values.items()
    }
