"""The classifiers, as far as applying them goes: a few products of small matrices."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CLIP_SD = 4.0
"""No single feature may lie further from what the fit saw."""

LOGISTIC_SHARE: Final = 1.0 / 3.0
"""Of a probability; the nets agree better with laboratories, the regression keeps them honest: the
mean of both has the smallest logarithmic loss on nights unseen."""


def softmax(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn scores into probabilities along the last axis."""
    grown = np.exp(score - score.max(axis=-1, keepdims=True))
    share: NDArray[np.float64] = grown / grown.sum(axis=-1, keepdims=True)
    return share


@dataclass(frozen=True, slots=True)
class Scaling:
    """Mean and SD of each column in the nights of the fit; the same for every later night."""

    mean: NDArray[np.float64]
    sd: NDArray[np.float64]

    def apply(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Bring columns (n, k) to the fit's scale."""
        return np.clip((columns - self.mean) / self.sd, -CLIP_SD, CLIP_SD)


@dataclass(frozen=True, slots=True)
class Logistic:
    """Multinomial logistic regression: ``weight`` (k, stages), ``bias`` (stages,)."""

    weight: NDArray[np.float64]
    bias: NDArray[np.float64]

    def probability(self, scaled: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n, stages) for scaled columns (n, k)."""
        return softmax(scaled @ self.weight + self.bias)


@dataclass(frozen=True, slots=True)
class Nets:
    """Nets of one hidden layer of rectified units whose answers are averaged.

    ``inner`` (nets, k, hidden), ``inner_bias`` (nets, hidden), ``outer`` (nets, hidden, stages),
    ``outer_bias`` (nets, stages).
    """

    inner: NDArray[np.float64]
    inner_bias: NDArray[np.float64]
    outer: NDArray[np.float64]
    outer_bias: NDArray[np.float64]

    def probability(self, scaled: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n, stages) for scaled columns (n, k)."""
        nets, columns, hidden = self.inner.shape
        wide = self.inner.transpose(1, 0, 2).reshape(columns, nets * hidden)
        unit = np.maximum(scaled @ wide + self.inner_bias.reshape(-1), 0.0)
        layered = unit.reshape(len(scaled), nets, hidden).transpose(1, 0, 2)
        each = softmax(layered @ self.outer + self.outer_bias[:, None])
        mean: NDArray[np.float64] = each.mean(axis=0)
        return mean


@dataclass(frozen=True, slots=True)
class Classifier:
    """Scaling, then the models' weighted mean."""

    scaling: Scaling
    logistic: Logistic
    nets: Nets

    def probability(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each stage (n, stages) for columns (n, k)."""
        scaled = self.scaling.apply(columns)
        logistic, nets = self.logistic.probability(scaled), self.nets.probability(scaled)
        return LOGISTIC_SHARE * logistic + (1.0 - LOGISTIC_SHARE) * nets
