"""Minutes of each stage, with ranges that admit how little one night tells of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..hypnogram import EPOCH_S

RANGE_SD = 1.2816
"""Four nights in five lie within, were errors normal."""
SPREAD_LIMITS = (0.7, 2.0)
"""How far a night's range may be narrower or wider than that of the average night."""


@dataclass(frozen=True, slots=True)
class StageMinutes:
    """Expected minutes and the range in which four nights in five lie."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Share of epochs expected to be right, learnt from nights that the models had not seen.

    ``base + certain * mean of the largest probability - lost * share of heart rate lost``;
    ``typical`` is its mean over those nights.
    """

    base: float
    certain: float
    lost: float
    typical: float

    def expect(self, probability: NDArray[np.float64], hr_lost: float) -> float:
        """Tell the expected accuracy of a night from the rows (n, 4) of its observed epochs."""
        certain = float(probability.max(axis=1).mean())
        return float(np.clip(self.base + self.certain * certain - self.lost * hr_lost, 0.25, 0.95))


@dataclass(frozen=True, slots=True)
class Totals:
    """What turns probabilities into minutes.

    ``share`` (4,) of wake, light, deep and rem in the nights of the fit; ``keep`` how much of a
    typical night's deviation from it is believed; ``sd_share`` (5,) SD of the error of the share
    of wake, light, deep, rem and sleep.
    """

    share: NDArray[np.float64]
    keep: float
    sd_share: NDArray[np.float64]

    def minutes(
        self, probability: NDArray[np.float64], expected: float, typical: float
    ) -> tuple[StageMinutes, ...]:
        """Return wake, light, deep, rem and all sleep for the rows (n, 4) of observed epochs.

        The expected share is drawn to the population's the more, the less sure the night is, so
        that the parts still sum to what was observed; the range widens likewise.
        """
        observed_min = len(probability) * EPOCH_S / 60.0
        doubt = (1.0 - expected) / (1.0 - typical)
        keep = min(self.keep / max(doubt, 1.0), 1.0)
        share = self.share + keep * (probability.mean(axis=0) - self.share)
        centre = np.append(share, 1.0 - share[0])
        reach = RANGE_SD * self.sd_share * np.clip(doubt, *SPREAD_LIMITS)
        return tuple(
            StageMinutes(
                value=float(middle) * observed_min,
                low=float(max(middle - half, 0.0)) * observed_min,
                high=float(min(middle + half, 1.0)) * observed_min,
            )
            for middle, half in zip(centre, reach, strict=True)
        )
