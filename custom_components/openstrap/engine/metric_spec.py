"""One row of the catalogue: what a metric is called, how it is shown, how much it claims."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import math
from typing import Final, Literal

from .metric import DEGENERATE_SIGNAL, Metric, Tier, absent

EPOCH = "epoch_s"
"""Unit of a metric that is a moment: seconds since 1970 UTC."""


type Kind = Literal["night", "day", "trend", "day_trend"]
"""What a metric is of: the sleep that ends on the day, or the day; by itself, or among earlier
days (``trend`` of a night, ``day_trend`` of a day). Those among earlier days also take in the
wearer's profile and what the wearer told."""
TRENDS: Final = ("trend", "day_trend")
type Source = Literal[
    "heart rate",
    "beats",
    "movement",
    "skin temperature",
    "steps",
    "night",
    "earlier days",
    "birth year",
    "sex",
    "height and weight",
    "told",
]
"""What a metric may need. ``beats`` are the intervals between them, ``steps`` are counted by the
band or in raw acceleration, ``night`` is a rest that was worn and found, ``told`` what the wearer
tells from day to day."""


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One row: what a metric is called, how it is shown, how much it claims.

    ``headline`` metrics are on by default for the user; the others are for experts. ``needs`` are
    the sources without any one of which the metric is absent; the catalogue sets them.
    """

    key: str
    unit: str
    decimals: int
    tier: Tier
    label: str
    headline: bool = False
    kind: Kind = "night"
    needs: tuple[Source, ...] = ()

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
