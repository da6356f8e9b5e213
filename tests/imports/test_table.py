"""Cells of tables as numbers, times and offsets."""

from datetime import timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.imports.table import number, offset, wall_time


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("61", 61), (" 61.5 ", 61.5), ("61,5", 61.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5),
        ("2,345", None), ("-3", -3), ("\u22123", -3), ("1e3", 1000), ("nan", None), ("inf", None),
        ("1_000", None), ("", None), ("x", None), ("1e999", None), ("\u0663", None), (None, None),
    ],
)  # fmt: skip
def test_numbers_of_cells(cell: str | None, value: float | None) -> None:
    """A comma that may part thousands or decimals is neither."""
    assert number(cell) == value
    assert number("2,345", decimal_comma=True) == 2.345


@given(st.text(max_size=40))
def test_cells_never_raise(cell: str) -> None:
    """Anything else is nothing."""
    assert number(cell) is None or abs(number(cell) or 0.0) < 1e300
    found = wall_time(cell)
    assert found is None or 2010 <= found.year < 2100
    offset(cell)


def test_offsets() -> None:
    """All spellings of one."""
    for cell in ("UTC+01:00", "utc +0100", "+1", "GMT+01:00"):
        found = offset(cell)
        assert found is not None
        assert found.utcoffset(None) == timedelta(hours=1)
    assert offset("UTC+99:00") is None
    assert offset("Europe/Berlin") is None
