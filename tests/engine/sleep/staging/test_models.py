"""Applying the classifiers."""

import numpy as np
import pytest

from custom_components.openstrap.engine.sleep.staging.models import (
    CLIP_SD,
    Logistic,
    Nets,
    Scaling,
    softmax,
)


def test_softmax_survives_large_scores() -> None:
    """And sums to one."""
    found = softmax(np.array([[1000.0, 0.0], [-1000.0, -1000.0]]))
    assert found == pytest.approx(np.array([[1.0, 0.0], [0.5, 0.5]]))


def test_scaling_clips() -> None:
    """No feature lies further out than the fit saw."""
    scaling = Scaling(np.array([1.0]), np.array([2.0]))
    assert scaling.apply(np.array([[3.0], [100.0]])).ravel().tolist() == [1.0, CLIP_SD]


def test_nets_average_each_nets_answer() -> None:
    """The wide product is the same as one net after the other."""
    dice = np.random.default_rng(0)
    nets = Nets(
        dice.normal(size=(3, 7, 5)),
        dice.normal(size=(3, 5)),
        dice.normal(size=(3, 5, 4)),
        dice.normal(size=(3, 4)),
    )
    shown = dice.normal(size=(11, 7))
    each = [
        softmax(
            np.maximum(shown @ nets.inner[i] + nets.inner_bias[i], 0.0) @ nets.outer[i]
            + nets.outer_bias[i]
        )
        for i in range(3)
    ]
    assert nets.probability(shown) == pytest.approx(np.mean(each, axis=0))


def test_logistic_is_a_softmax_of_a_line() -> None:
    """Known by hand."""
    model = Logistic(np.array([[1.0, -1.0]]), np.array([0.5, 0.0]))
    assert model.probability(np.array([[0.0]]))[0, 0] == pytest.approx(1 / (1 + np.exp(-0.5)))
