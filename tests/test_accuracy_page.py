"""docs/accuracy.md: written from figures that stand beside it, and from nothing else."""

import json
from pathlib import Path
import re
from typing import Any

import pytest

from script.tools.evaluate.__main__ import ADAPTERS, evaluate, rounded, write_page
from script.tools.evaluate.page import page
from script.tools.evaluate.page_tables import DASH, TABLES, UNPUBLISHED

PUBLISHED = set(TABLES) - UNPUBLISHED
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
    """And every line of a table has a figure, unless nothing was measured or may be shown."""
    names = [adapter.__name__.rpartition(".")[2] for adapter in ADAPTERS]
    assert set(TABLES) == set(names)
    assert len(names) == len(set(names))
    assert {str(result["format"]) for result in figures()} == PUBLISHED
    for result in figures():
        for line in TABLES[result["format"]]:
            assert line.key in result, (result["format"], line.key)


def test_no_people_on_the_page() -> None:
    """Rows of single subjects, and where the recordings lay, stay away."""
    text = FIGURES.read_text(encoding="utf-8")
    assert not re.search(r'"(per_\w+|by_group|path|subject|user|person|workout|recording)"', text)


def test_private_exports_have_a_section_without_figures() -> None:
    """It says what is asked, by which key, and how to ask it of one's own."""
    assert {"whoop_export"} == UNPUBLISHED
    text = PAGE.read_text(encoding="utf-8")
    section = text.partition("## Beside WHOOP's own scores\n")[2].partition("\n## ")[0]
    assert "script/evaluate FOLDER" in section
    assert "Measured" not in section
    for line in TABLES["whoop_export"]:
        assert f"| {line.name} | `{line.key}` | {line.target} | {line.others} |" in section
        assert line.target != DASH


def test_private_exports_are_never_written(tmp_path: Path) -> None:
    """Neither on the page nor beside it, when someone asks for both at once."""
    own = {"format": "whoop_export", "path": "mine", "recovery_mae": 6.54321, "intervals": {}}
    write_page(tmp_path / "accuracy.md", [own, *figures()])
    assert json.loads((tmp_path / "accuracy.json").read_text()) == figures()
    assert (tmp_path / "accuracy.md").read_text(encoding="utf-8") == PAGE.read_text(
        encoding="utf-8"
    )
    assert "6.54" not in page([own, *figures()])


def test_intervals_say_what_was_drawn() -> None:
    """Recordings of one person are no people."""
    text = PAGE.read_text(encoding="utf-8")
    assert text.count("| 95 % of recordings |") == 2
    assert text.count("| 95 % of workouts |") == 1
    assert text.count("| 95 % of people |") == len(PUBLISHED) - 3


def test_what_is_asked_is_reached() -> None:
    """By the figures that are shown, of all that was added for the day."""
    workouts, steps, arm, quiet, months = (
        next(one for one in figures() if one["format"] == name)
        for name in (
            "workouts_fit",
            "steps_sensorwatch",
            "steps_phone_arm",
            "fitabase",
            "lifesnaps_daily",
        )
    )
    assert workouts["zone_minutes_max_err"] <= 0.1
    assert workouts["trimp_rel_err_max"] <= 0.01
    assert workouts["detect_f1"] >= 0.95
    assert workouts["edge_median_s"] <= 90.0
    assert steps["walk_mape"] <= 0.10
    assert steps["false_steps_per_recording"] <= 8.0
    assert arm["walk_mape"] <= 0.02
    assert quiet["sedentary_strain_median"] <= 4.0
    assert months["body_alert_per_year"] <= 6.0


def test_a_page_needs_all_formats(tmp_path: Path) -> None:
    """One that is missing is named, and nothing is written."""
    with pytest.raises(KeyError, match="mmash"):
        write_page(tmp_path / "accuracy.md", [one for one in figures() if one["format"] != "mmash"])
    assert not list(tmp_path.iterdir())


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(PUBLISHED - {"sleep_accel"}))
def test_the_figures_are_those_of_today(name: str, shared_data: Path) -> None:
    """What the page says of a recording is what the code gives; staging is held by its own test."""
    [told] = [one for one in figures() if one["format"] == name]
    found = rounded(evaluate(shared_data / name))
    for line in TABLES[name]:
        measured = found[line.key]
        assert told[line.key] == pytest.approx(measured, rel=1e-3, abs=1e-6), line.key
