"""Ranges of hours that were let go."""

from contextlib import closing
from itertools import pairwise
from pathlib import Path
import tempfile

from hypothesis import given, strategies as st
import numpy as np

from custom_components.openstrap.store import WearerStore
from custom_components.openstrap.store.sealed import SealedHours


@given(st.lists(st.integers(0, 40), max_size=25), st.lists(st.integers(-2, 45), min_size=1))
def test_ranges_are_the_set_of_hours(sealed: list[int], asked: list[int]) -> None:
    """Whatever the order in which they were sealed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(WearerStore.open(Path(folder) / "wearer.db")) as store,
    ):
        ranges = SealedHours()
        for hour in sealed:
            ranges.add(store._conn, hour)
        mask = ranges.mask(store._conn, np.array(asked))
        assert mask.tolist() == [hour in sealed for hour in asked]
        for start in asked:
            for end in (start, start + 1, start + 7):
                expected = any(start <= hour < end for hour in sealed)
                assert ranges.touches(store._conn, start, end) == expected
        found = ranges.ranges(store._conn)
        assert all(end < start for (_, end), (start, _) in pairwise(found))
        ranges.forget()
        assert ranges.ranges(store._conn) == found
