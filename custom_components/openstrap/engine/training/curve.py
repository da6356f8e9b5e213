"""How the strain of a day grew."""

from dataclasses import dataclass
from math import floor
from typing import Any, Final

import numpy as np

from ..metric import DECIMALS
from ..signal.minutes import MINUTE_S
from .anchors import Anchors
from .strain import strain_of_sum, weighted_minutes
from .track import Track
from .training_metrics import MIN_WAKE_MIN

MOST_POINTS: Final = 120


@dataclass(frozen=True, slots=True)
class StrainCurve:
    """Strain (0 to 21) from the day's midnight up to each moment (epoch s), never falling."""

    ts: tuple[float, ...]
    strain: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types: seconds after the first moment, thousandths but for the last value."""
        return {
            "start_ts": self.ts[0],
            "after_s": [round(ts - self.ts[0]) for ts in self.ts],
            # Cut and not rounded: else the evening of a day stands above its last value.
            "strain": [
                *(floor(1000.0 * value) / 1000.0 for value in self.strain[:-1]),
                self.strain[-1],
            ],
        }


def strain_curve(
    track: Track, anchors: Anchors, quiet_rate: float, strain: float
) -> StrainCurve | None:
    """Lay out how a day came to its strain; None where it has too few waking minutes for one.

    At most 120 points: the first at midnight, then ends of minutes at even steps, the last that of
    the last minute known. No baseline grows under the curve: every minute has a weight of its own,
    0 or more, so the sum never falls, and it ends at the day's strain exactly (``strain``, which
    comes from the same minutes).
    """
    day = track.of_day()
    hr = np.where(day.waking, day.minute_hr(), np.nan)
    known = np.flatnonzero(np.isfinite(hr))
    if len(known) < MIN_WAKE_MIN:
        return None
    last = int(known[-1]) + 1
    total = np.cumsum(weighted_minutes(hr[:last], 1.0, anchors, quiet_rate))
    step = -(-last // (MOST_POINTS - 1))
    ends = np.arange(last, 0, -step)[::-1]
    end = round(strain, DECIMALS)
    values = [min(round(strain_of_sum(float(total[at - 1])), DECIMALS), end) for at in ends]
    return StrainCurve(
        ts=(day.start_ts, *(day.start_ts + MINUTE_S * float(at) for at in ends)),
        strain=(0.0, *values[:-1], end),
    )
