"""docs/accuracy.md: written from figures that stand beside it, and from nothing else."""

import json
from pathlib import Path
import re
from typing import Any

import pytest

from script.tools.evaluate.__main__ import ADAPTERS, evaluate, rounded, write_page
from script.tools.evaluate.page import TABLES, page

ROOT = Path(__file__).parents[1]
PAGE, FIGURES = ROOT / "docs" / "accuracy.md", ROOT / "docs" / "accuracy.json"


def figures() -> list[dict[str, Any]]:
    """Read the figures that the page was written from."""
    found: list[dict[str, Any]] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return found


def test_the_page_is_what_its_figures_give() -> None:
    """Nobody edited it."""
    assert PAGE.read_text(encoding="utf-8") == page(figures())


def test_every_format_is_on_the_page() -> None:
    """And every line of a table has a figure, unless nothing was measured."""
    names = {adapter.__name__.rpartition(".")[2] for adapter in ADAPTERS}
    assert set(TABLES) == names == {str(result["format"]) for result in figures()}
    for result in figures():
        for line in TABLES[result["format"]]:
            assert line.key in result, (result["format"], line.key)


def test_no_people_on_the_page() -> None:
    """Rows of single subjects, and where the recordings lay, stay away."""
    text = FIGURES.read_text(encoding="utf-8")
    assert not re.search(r'"per_\w+"|"path"|"subject"|"user"', text)


def test_a_page_needs_all_formats(tmp_path: Path) -> None:
    """One that is missing is named, and nothing is written."""
    with pytest.raises(KeyError, match="mmash"):
        write_page(tmp_path / "accuracy.md", [one for one in figures() if one["format"] != "mmash"])
    assert not list(tmp_path.iterdir())


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(set(TABLES) - {"sleep_accel"}))
def test_the_figures_are_those_of_today(name: str, shared_data: Path) -> None:
    """What the page says of a recording is what the code gives; staging is held by its own test."""
    [told] = [one for one in figures() if one["format"] == name]
    found = rounded(evaluate(shared_data / name))
    for line in TABLES[name]:
        measured = found[line.key]
        assert told[line.key] == pytest.approx(measured, rel=1e-3, abs=1e-6), line.key
