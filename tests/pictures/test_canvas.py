"""Shapes, texts, and the room that they take."""

from xml.etree import ElementTree

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.pictures.canvas import (
    ELLIPSIS,
    Anchor,
    Path,
    Rect,
    Sheet,
    Text,
    fit,
    number,
    text_width,
    wrap,
)

from .made import SPACE


def test_numbers_are_short() -> None:
    """A tenth of a unit is less than a screen shows."""
    assert [number(value) for value in (1.0, 1.25, 0.04, -0.04, 12.34, -2.0)] == [
        *("1", "1.2", "0", "0", "12.3", "-2")
    ]


def test_texts_are_as_long_as_the_widest_font_makes_them() -> None:
    """Measured in DejaVu Sans, 100 high: digits 63.6, i 27.8, W 98.9, m 97.4; bold is wider."""
    for letter, width in (("0", 63.6), ("i", 27.8), ("W", 98.9), ("m", 97.4), ("E", 63.2)):
        assert width <= text_width(letter, 100.0) <= width + 15.0
    assert text_width("7 h 42 min", 22.0, bold=True) > text_width("7 h 42 min", 22.0)
    assert text_width("睡", 10.0) >= 10.0
    assert text_width("–", 10.0) <= 10.0


@given(text=st.text(max_size=60), width=st.floats(20.0, 300.0))
def test_what_is_fitted_has_room(text: str, width: float) -> None:
    """Whole where it can be, else its beginning and an ellipsis."""
    shown = fit(text, 12.0, width)
    assert text_width(shown, 12.0) <= width
    if shown != text:
        assert shown.endswith(ELLIPSIS)
        assert text.startswith(shown.removesuffix(ELLIPSIS))
        assert text_width(text, 12.0) > width


@given(text=st.text(st.characters(codec="ascii"), max_size=200))
def test_wrapped_lines_have_room(text: str) -> None:
    """No word is lost, and none begins a line that had room in the one before."""
    lines = wrap(text, 12.0, 150.0)
    assert all(text_width(line, 12.0) <= 150.0 for line in lines)
    if ELLIPSIS not in "".join(lines):
        assert " ".join(lines).split() == text.split()


def test_shapes_as_elements() -> None:
    """Each with what it needs, and nothing else."""
    assert Rect(1, 2, 3, 4, "#fff").svg() == '<rect x="1" y="2" width="3" height="4" fill="#fff"/>'
    dashed = Rect(1, 2, 3, 4, stroke="#fff", round=2, dash=True).svg()
    assert 'rx="2" fill="none" stroke="#fff" stroke-dasharray="3 3"' in dashed
    lines = Path((((0, 0), (5, 0)), ((1, 1), (1, 9)), ((0, 0), (1, 2), (3, 4))), "#000").svg()
    assert 'd="M0 0H5M1 1V9M0 0L1 2 3 4" fill="none"' in lines
    assert Path((((0, 0), (1, 2), (3, 4)),), fill="#000").svg() == (
        '<path d="M0 0L1 2 3 4Z" fill="#000"/>'
    )
    assert Text(1, 2, "a<b", 12, "#000", "end", bold=True).svg() == (
        '<text x="1" y="2" font-size="12" fill="#000" text-anchor="end" font-weight="700">'
        "a&lt;b</text>"
    )


@given(name=st.text())
def test_a_name_cannot_break_a_picture(name: str) -> None:
    """Whatever it holds, and nothing of it becomes an element."""
    sheet = Sheet("#fff", name, 10.0)
    sheet.add(Text(0, 5, name, 5, "#000"))
    sheet.tell([name])
    root = ElementTree.fromstring(sheet.svg())  # noqa: S314  our own
    assert {one.tag for one in root} <= {
        f"{SPACE}{tag}" for tag in ("title", "desc", "rect", "text")
    }
    assert root.attrib["aria-labelledby"].split() == [
        one.attrib["id"] for one in root if "id" in one.attrib
    ]


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
def test_sheets_leave_out_empty_texts(anchor: Anchor) -> None:
    """They would be read as a pause."""
    sheet = Sheet("#fff", "Title")
    sheet.add(Text(0, 0, "", 12, "#000", anchor), Text(0, 0, "a", 12, "#000", anchor))
    assert [one.text for one in sheet.shapes if isinstance(one, Text)] == ["a"]
