"""Teaching the classifiers of the stager: the same numbers for the same nights, always."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from openstrap.engine.sleep.staging.models import Classifier, Logistic, Nets, Scaling, softmax

STAGES: Final = 4
PENALTY: Final = 1000.0
"""Ridge of the logistic regression: half of it times the squared weights is added to the loss."""
ITERATIONS: Final = 80
NETS: Final = 6
HIDDEN: Final = 32
PASSES: Final = 12
BATCH: Final = 256
KEPT: Final = 0.7
"""One minus dropout, on inputs and hidden units."""
RATE: Final = 2e-3
DECAY: Final = 1e-3
BETA: Final = (0.9, 0.999)
"""Adam (Kingma & Ba 2015) with decoupled decay (Loshchilov & Hutter 2019), cosine rate."""
SEED: Final = 0
TINY: Final = 1e-6


def fit_classifier(
    parts: Sequence[NDArray[np.float64]],
    labels: Sequence[NDArray[np.int8]],
    *,
    penalty: float = PENALTY,
    every: int = 1,
    passes: int = PASSES,
    nets: int = NETS,
    hidden: int = HIDDEN,
) -> Classifier:
    """Fit both kinds of model to nights (n_i, k) and their stages (n_i,).

    The regression, which learns from all rows at once, can do with ``every`` so many of them.
    """
    columns, stage = np.concatenate(parts), np.concatenate(labels).astype(np.intp)
    scaling = Scaling(columns.mean(axis=0), columns.std(axis=0) + TINY)
    scaled = scaling.apply(columns)
    return Classifier(
        scaling,
        fit_logistic(scaled[::every], stage[::every], penalty=penalty),
        fit_nets(scaled, stage, passes=passes, nets=nets, hidden=hidden),
    )


def fit_logistic(
    scaled: NDArray[np.float64], stage: NDArray[np.intp], *, penalty: float
) -> Logistic:
    """Fit a multinomial logistic regression with a ridge, by L-BFGS from zero."""
    count, k = scaled.shape
    truth = np.eye(STAGES)[stage]
    ridge = penalty / count

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weight, bias = flat[:-STAGES].reshape(k, STAGES), flat[-STAGES:]
        guess = softmax(scaled @ weight + bias)
        miss = (guess - truth) / count
        value = -np.log(guess[np.arange(count), stage] + 1e-12).mean()
        value += ridge * (weight**2).sum() / 2.0
        slope = np.concatenate(((scaled.T @ miss + ridge * weight).ravel(), miss.sum(axis=0)))
        return float(value), slope

    flat = minimize(
        loss,
        np.zeros((k + 1) * STAGES),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": ITERATIONS},
    ).x
    return Logistic(flat[:-STAGES].reshape(k, STAGES), flat[-STAGES:])


def fit_nets(
    scaled: NDArray[np.float64],
    stage: NDArray[np.intp],
    *,
    passes: int,
    nets: int,
    hidden: int,
) -> Nets:
    """Fit nets of one hidden layer side by side, in single precision, with seeded dice."""
    dice = np.random.default_rng(SEED)
    single = np.float32
    data, truth = scaled.astype(single), np.eye(STAGES, dtype=single)[stage]
    count, k = data.shape
    batch = min(BATCH, count)
    steps = count // batch
    weights = [
        (dice.standard_normal((nets, k, hidden)) * np.sqrt(2.0 / k)).astype(single),
        np.zeros((nets, 1, hidden), single),
        (dice.standard_normal((nets, hidden, STAGES)) * 0.3 / np.sqrt(hidden)).astype(single),
        np.zeros((nets, 1, STAGES), single),
    ]
    drift = [np.zeros_like(part) for part in weights]
    swing = [np.zeros_like(part) for part in weights]
    step = 0
    for _ in range(passes):
        order = np.stack([dice.permutation(count) for _ in range(nets)])
        for at in range(steps):
            step += 1
            pick = order[:, at * batch : (at + 1) * batch]
            shown = data[pick]
            shown *= (dice.random((nets, batch, k), dtype=single) < KEPT) / single(KEPT)
            score = shown @ weights[0] + weights[1]
            gate = ((score > 0) & (dice.random(score.shape, dtype=single) < KEPT)) / single(KEPT)
            unit = score * gate
            miss = (softmax(unit @ weights[2] + weights[3]) - truth[pick]) / single(batch)
            back = (miss @ weights[2].transpose(0, 2, 1)) * gate
            slopes = (
                shown.transpose(0, 2, 1) @ back,
                back.sum(axis=1, keepdims=True),
                unit.transpose(0, 2, 1) @ miss,
                miss.sum(axis=1, keepdims=True),
            )
            rate = RATE / 2.0 * (1.0 + np.cos(np.pi * step / (passes * steps)))
            for layer, slope in enumerate(slopes):
                drift[layer] += (1.0 - BETA[0]) * (slope - drift[layer])
                swing[layer] += (1.0 - BETA[1]) * (slope**2 - swing[layer])
                ahead = drift[layer] / (1.0 - BETA[0] ** step)
                ahead /= np.sqrt(swing[layer] / (1.0 - BETA[1] ** step)) + 1e-8
                decay = DECAY if layer % 2 == 0 else 0.0
                weights[layer] -= (rate * (ahead + decay * weights[layer])).astype(single)
    inner, inner_bias, outer, outer_bias = (part.astype(np.float64) for part in weights)
    return Nets(inner, inner_bias[:, 0], outer, outer_bias[:, 0])
