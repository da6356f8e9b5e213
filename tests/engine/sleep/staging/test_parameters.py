"""The file that ships."""

import numpy as np

from custom_components.openstrap.engine.sleep.staging.parameters import (
    from_arrays,
    shipped,
    to_arrays,
)


def test_it_says_where_it_comes_from() -> None:
    """Source, licence, people and settings."""
    told = shipped().provenance
    assert "ODC-By" in told["source"]["licence"]
    assert "10.13026/hmhs-py35" in told["source"]["authors"]
    assert told["subjects"] == len(set(told["fingerprints"])) >= 20
    assert told["settings"]["seed"] == 0
    assert set(told["versions"]) == {"numpy", "scipy"}


def test_a_round_trip_changes_nothing() -> None:
    """What is read is what would be written."""
    arrays = to_arrays(shipped())
    again = to_arrays(from_arrays(arrays))
    assert arrays.keys() == again.keys()
    assert all(np.array_equal(arrays[name], again[name]) for name in arrays)


def test_the_numbers_make_sense() -> None:
    """Weights lift the rare stages; shares sum to one; doubt has a price."""
    night = shipped().night
    assert (night.weight >= 1.0).all() and night.weight[1] == 1.0
    assert abs(night.totals.share.sum() - 1.0) < 1e-9
    assert 0.0 < night.totals.keep <= 1.0
    assert night.accuracy.certain > 0.0 and night.accuracy.lost >= 0.0
    assert 0.6 < night.accuracy.typical < 0.85


def test_it_is_read_once() -> None:
    """A second night costs no file."""
    assert shipped() is shipped()
