"""The catalogue holds every metric once."""

from dataclasses import replace

import pytest

from custom_components.openstrap.engine.catalog import CATALOG, by_key


def test_rows_keep_their_order_and_stand_under_their_key() -> None:
    """What entities, statistics and docs follow."""
    rows = list(CATALOG.values())
    assert [row.key for row in rows] == list(CATALOG)
    assert by_key(rows) == CATALOG


def test_a_key_stands_for_one_row() -> None:
    """Of two with one key the second would silently take the place of the first."""
    rows = list(CATALOG.values())
    with pytest.raises(ValueError, match="share a key"):
        by_key([*rows, replace(CATALOG["strain"], label="Another strain")])


def test_nobody_writes_to_it() -> None:
    """It is shared by everything."""
    with pytest.raises(TypeError):
        CATALOG["strain"] = CATALOG["recovery"]  # type: ignore[index]  # it must not work
