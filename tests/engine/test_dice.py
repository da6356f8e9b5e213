"""Numbers that look random and are not."""

import numpy as np

from custom_components.openstrap.engine.dice import bell, uniform

INDEX = np.arange(100_000, dtype=np.int64) + 1_850_000_000


def test_a_number_depends_on_its_name_alone() -> None:
    """Whatever stands beside it in the array."""
    whole = uniform(7, "x", INDEX)
    assert np.array_equal(uniform(7, "x", INDEX[517:523]), whole[517:523])
    assert np.array_equal(bell(7, "x", INDEX[::-1])[::-1], bell(7, "x", INDEX))
    assert not np.array_equal(uniform(8, "x", INDEX), whole)
    assert not np.array_equal(uniform(7, "y", INDEX), whole)


def test_they_are_spread_as_they_should() -> None:
    """Moments, and no memory from one to the next."""
    flat, round_ = uniform(1, "x", INDEX), bell(1, "x", INDEX)
    assert flat.min() >= 0.0
    assert flat.max() < 1.0
    assert abs(flat.mean() - 0.5) < 0.005
    assert abs(round_.mean()) < 0.02
    assert abs(round_.std() - 1.0) < 0.01
    assert abs(np.corrcoef(flat[1:], flat[:-1])[0, 1]) < 0.01
    assert abs(np.corrcoef(flat, uniform(2, "x", INDEX))[0, 1]) < 0.01
