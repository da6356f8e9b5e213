"""How long the band was on the wrist, wrapped."""

from typing import Final

import numpy as np

from .metric import Metric, Tier, need_input
from .metric_spec import MetricSpec
from .samples import Samples
from .signal.wear import Wear, WristEvent, seen_seconds, worn_seconds

TOLD_CONFIDENCE: Final = 1.0
"""Wear by the strap's wrist events, all day long."""
WORN_CONFIDENCE: Final = 0.8
"""Wear judged from records where there are no events."""
MIN_SEEN_S: Final = 60
"""Of fewer seconds with a record nothing is said of a day's wear, not even that there was none."""

ROWS: Final = (MetricSpec("worn_min", "min", 0, Tier.AUTH, "Worn time", headline=True, kind="day"),)
SPEC: Final = {row.key: row for row in ROWS}


def wear_metrics(
    samples: Samples, wear: Wear, wrist: tuple[WristEvent, ...], day: tuple[float, float]
) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day (start, end), epoch s.

    ``wear`` and ``wrist`` belong to the samples, which reach beyond the day.
    """
    spec = SPEC["worn_min"]
    first, last = np.searchsorted(samples.ts, day)
    ts = samples.ts[first:last]
    if (seen := seen_seconds(ts)) < MIN_SEEN_S:
        return {spec.key: spec.absent(need_input("seen_s", seen, MIN_SEEN_S), ("records",))}
    told = bool(wrist) and wrist[0][0] <= day[0] and bool(wear.told[first:last].all())
    return {
        spec.key: spec.measured(
            worn_seconds(ts, wear.worn[first:last]) / 60.0,
            TOLD_CONFIDENCE if told else WORN_CONFIDENCE,
            ("records", "hr", "wrist events") if wrist else ("records", "hr"),
        )
    }
