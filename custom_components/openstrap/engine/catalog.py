"""Every metric once: its key, unit, tier and name. Entities, statistics and docs follow this."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import math
from types import MappingProxyType
from typing import Literal

from .metric import DEGENERATE_SIGNAL, Metric, Tier, absent

EPOCH = "epoch_s"
"""Unit of a metric that is a moment: seconds since 1970 UTC."""


type Kind = Literal["night", "day", "trend"]
"""What a metric is of: the sleep that ends on the day, the day, or the day among earlier ones."""


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One row: what a metric is called, how it is shown, how much it claims.

    ``headline`` metrics are on by default for the user; the others are for experts.
    """

    key: str
    unit: str
    decimals: int
    tier: Tier
    label: str
    headline: bool
    kind: Kind = "night"

    def measured(
        self,
        value: float | None,
        confidence: float,
        inputs_used: Sequence[str],
        *,
        drivers: Iterable[tuple[str, float]] = (),
        note: str | None = None,
    ) -> Metric:
        """Wrap a value; one that is missing or not finite becomes an absent metric."""
        if value is None or not math.isfinite(value):
            return self.absent(note or DEGENERATE_SIGNAL, inputs_used)
        return Metric(
            value,
            self.unit,
            confidence,
            self.tier,
            self.label,
            inputs_used=tuple(inputs_used),
            drivers=tuple(drivers),
            note=note,
        )

    def absent(self, note: str, inputs_used: Sequence[str] = ()) -> Metric:
        """Wrap a missing value with its reason."""
        return absent(self.unit, self.label, note, tier=self.tier, inputs=inputs_used)


_ROWS = (
    MetricSpec("rest_onset", EPOCH, 0, Tier.HIGH, "Rest onset", headline=True),
    MetricSpec("rest_offset", EPOCH, 0, Tier.HIGH, "Rest end", headline=True),
    MetricSpec("rest_duration_min", "min", 0, Tier.HIGH, "Rest duration", headline=True),
    MetricSpec("rmssd_ms", "ms", 1, Tier.HIGH, "Nightly HRV", headline=True),
    MetricSpec("rmssd_whole_ms", "ms", 1, Tier.HIGH, "Whole-night RMSSD", headline=False),
    MetricSpec("resting_hr_bpm", "bpm", 1, Tier.HIGH, "Resting heart rate", headline=True),
    MetricSpec("worn_min", "min", 0, Tier.AUTH, "Worn time", headline=True),
    MetricSpec("rr_clean_fraction", "fraction", 3, Tier.HIGH, "Clean beats", headline=False),
    MetricSpec("beats", "beats", 0, Tier.AUTH, "Beats in the rest window", headline=False),
)

CATALOG = MappingProxyType({row.key: row for row in _ROWS})
"""Metric key -> row, in the order in which people read them."""
