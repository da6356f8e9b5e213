"""Titles and units of the maker's tables, in every language."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from custom_components.openstrap.imports import ImportedDay, ImportRefused, Refusal, Skipped
from custom_components.openstrap.imports.whoop_words import WORDS, field_of, kind_of, unit_of

from .makers import (
    CYCLES,
    JOURNAL,
    LANGUAGES,
    SLEEPS,
    UNITS,
    WORKOUTS,
    Line,
    cycle,
    sleep,
    title,
    workout,
)
from .reading import of, parts_of
from .whoop_files import WOKE, one_day, written

pytestmark = pytest.mark.full

SCRAMBLED = tuple(sorted(CYCLES))


def test_every_title_is_of_one_field() -> None:
    """No title in any language means two things, with its unit or without."""
    titles = [word for words in WORDS.values() for word in words]
    assert len(titles) == len(set(titles))
    for language in LANGUAGES:
        for fields, kind in (
            (CYCLES, "cycles"),
            (SLEEPS, "sleeps"),
            (WORKOUTS, "workouts"),
            (JOURNAL, "journal"),
        ):
            found = [field_of(title(field, language)) for field in fields]
            assert found == list(fields)
            assert kind_of(found) == kind


@pytest.mark.parametrize(
    ("told", "field", "unit"),
    [
        ("Ruheherzfrequenz (Schläge pro Minute)", "resting_hr", "schlage pro minute"),
        ("Atemfrequenz (Atemzüge/min.)", "breathing", "atemzuge min"),
        ("HF-Zone 3 %", "zone_3", "%"),
        ("Dauer des REM-Schlafs (min.)", "rem", "min"),
        ("Temp. cutánea (grados centígrados)", "skin_temp", "grados centigrados"),
        ("Tempo despierto/a (min)", "awake", "min"),
        ("Niveau d’oxygène\u00a0%", "spo2", "%"),
        ("% de oxigênio no sangue", "spo2", "%"),
        ("Duração profundo (Sono) (min)", "deep", "min"),
        ("Deep (SWS) duration (min)", "deep", "min"),
        ("Heart rate variability (rmssd)", "hrv", "rmssd"),
        ("Skin temp (°F)", "skin_temp", "f"),
        ("Something else", None, ""),
    ],
)
def test_titles_as_they_were_seen(told: str, field: str | None, unit: str) -> None:
    """Accents, hyphens, apostrophes and units do not matter."""
    assert (field_of(told), unit_of(told)) == (field, unit)


@pytest.mark.parametrize("fields", [CYCLES, CYCLES[:-1], SCRAMBLED, CYCLES[::-1]])
def test_columns_in_any_order(tmp_path: Path, fields: tuple[str, ...]) -> None:
    """Also of an older version, which lacks one."""
    found = one_day(written(tmp_path / "x", fields, [cycle(WOKE)]))
    assert (found.day, found.values["recovery"], found.values["strain"]) == (WOKE.date(), 61, 11.3)


def test_the_mark_at_the_beginning_is_not_needed(tmp_path: Path) -> None:
    """With it or without, the file is the same."""
    with_mark = one_day(written(tmp_path / "a", CYCLES, [cycle(WOKE)]))
    assert one_day(written(tmp_path / "b", CYCLES, [cycle(WOKE)], encoding="utf-8")) == with_mark


@pytest.mark.parametrize(
    ("units", "cells", "key", "value"),
    [
        ({"energy": "(kJ)"}, {"energy": 8368}, "total_kcal", 2000.0),
        ({"energy": "(kcal)"}, {"energy": 2000}, "total_kcal", 2000.0),
        ({"energy": "(units)"}, {"energy": 2000}, "total_kcal", None),
        ({"skin_temp": "(°F)"}, {"skin_temp": 93.2}, "skin_temp_c", 34.0),
        ({"skin_temp": "(fahrenheit)"}, {"skin_temp": 93.2}, "skin_temp_c", 34.0),
        ({"skin_temp": ""}, {"skin_temp": 34.0}, "skin_temp_c", None),
        ({"asleep": "(h)"}, {"asleep": 7.5}, "sleep_min", 450.0),
        ({"asleep": "(ms)"}, {"asleep": 27000000}, "sleep_min", 450.0),
        ({"asleep": "(moons)"}, {"asleep": 7.5}, "sleep_min", None),
        ({"hrv": "(rmssd)"}, {"hrv": 44.0}, "rmssd_ms", 44.0),
        ({}, {"hrv": 0}, "rmssd_ms", None),
        ({}, {"recovery": 0}, "recovery", 0.0),
        ({}, {"rem": 0}, "rem_min", 0.0),
        ({}, {"recovery": ""}, "recovery", None),
        ({}, {"recovery": "n/a"}, "recovery", None),
    ],
)
def test_units_come_from_the_title(
    tmp_path: Path, units: dict[str, str], cells: Line, key: str, value: float | None
) -> None:
    """What is in a unit that nobody knows is left out; an empty cell is no zero."""
    file = written(tmp_path / "x", CYCLES, [cycle(WOKE, **cells)], units=UNITS | units)
    found = one_day(file).values.get(key)
    assert found == (None if value is None else pytest.approx(value))


def test_an_unknown_language_by_its_form(tmp_path: Path) -> None:
    """A known order with the units and the cells that belong to it; else refused, with its titles."""
    words = [f"Sarake {place} {UNITS.get(field, '')}".strip() for place, field in enumerate(CYCLES)]
    lines = [cycle(WOKE + timedelta(days=at)) for at in range(3)]
    known = of(ImportedDay, parts_of(written(tmp_path / "a", CYCLES, lines, titles=words))[1])
    assert known == of(ImportedDay, parts_of(written(tmp_path / "b", CYCLES, lines))[1])
    for fields in (WORKOUTS, WORKOUTS[:-3], SLEEPS, (*SLEEPS[:-2], "nap"), JOURNAL):
        words = [
            f"Sarake {place} {UNITS.get(field, '')}".strip() for place, field in enumerate(fields)
        ]
        told = [workout(WOKE) | sleep(WOKE) | {"question": "Sauna?", "answer": True, "notes": ""}]
        assert parts_of(written(tmp_path / "c", fields, told, titles=words))[1]
    refused: list[tuple[Any, Any, Any]] = [
        (CYCLES[::-1], lines, [f"Sarake {place}" for place in range(26)]),
        (CYCLES, lines, [f"Sarake {place}" for place in range(26)]),
        (CYCLES, [cycle(WOKE, recovery=140)], [f"S {UNITS.get(field, '')}" for field in CYCLES]),
        (CYCLES, [cycle(WOKE, wake="x")], [f"S {UNITS.get(field, '')}" for field in CYCLES]),
    ]
    for fields, told, titles in refused:
        with pytest.raises(ImportRefused) as caught:
            parts_of(written(tmp_path / "d", fields, told, titles=titles))
        assert caught.value.code is Refusal.UNKNOWN_COLUMNS
        assert titles[0] in caught.value.placeholders["columns"]


def test_columns_that_were_added_are_counted(tmp_path: Path) -> None:
    """They do no harm."""
    titles = [*(title(field, "en") for field in CYCLES), "Mood of the moon"]
    parts = parts_of(written(tmp_path / "x", (*CYCLES, "spo2"), [cycle(WOKE)], titles=titles))[1]
    assert of(Skipped, parts) == [Skipped("unknown_column", 1)]
