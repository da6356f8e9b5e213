"""Forms of a WHOOP export that only descriptions tell of."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.openstrap.imports import (
    ImportedDay,
    ImportedJournal,
    ImportedWorkout,
    ImportRefused,
    Refusal,
    Skipped,
    whoop,
)

from .makers import (
    CYCLES,
    JOURNAL,
    SLEEPS,
    UNITS,
    WORKOUTS,
    answer,
    cycle,
    sleep,
    table,
    workout,
    zipped,
)
from .reading import of, parts_of

NIGHTS = [datetime(2026, 1, day, 7) for day in (14, 15, 16)]
LINES: dict[str, list[dict[str, Any]]] = {
    "cycles": [cycle(woke) for woke in NIGHTS],
    "sleeps": [sleep(woke) for woke in NIGHTS],
    "workouts": [
        workout(woke.replace(hour=18), distance=9000, altitude_gain=80, altitude_change=5)
        for woke in NIGHTS
    ],
    "journal": [answer(woke, "Alcohol?", yes=True, note="late") for woke in NIGHTS],
}
LONGEST = {"cycles": CYCLES, "sleeps": SLEEPS, "workouts": WORKOUTS, "journal": JOURNAL}
FAR = ("distance", "altitude_gain", "altitude_change")


def foreign(fields: Sequence[str]) -> list[str]:
    """Give titles in words that nobody knows, with their units."""
    return [f"Sloupec {place} {UNITS.get(name, '')}" for place, name in enumerate(fields)]


@pytest.mark.parametrize("end", [True, False])
@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        ("cycles", ()), ("cycles", ("consistency",)),
        ("sleeps", ()), ("sleeps", ("consistency",)),
        ("workouts", ()), ("workouts", FAR), ("workouts", ("gps",)), ("workouts", ("gps", *FAR)),
        ("journal", ()), ("journal", ("notes",)),
    ],
)  # fmt: skip
def test_any_language_in_a_known_order(
    tmp_path: Path, kind: str, lacking: tuple[str, ...], *, end: bool
) -> None:
    """Of every version, also without the cycle's end; as much is read as in English."""
    fields = [
        name for name in LONGEST[kind] if name not in lacking and (end or name != "cycle_end")
    ]
    for name, titles in (("en", None), ("cs", foreign(fields))):
        (tmp_path / name).write_bytes(table(fields, LINES[kind], titles=titles))
    plain, other = (
        [part for part in parts_of(tmp_path / name)[1] if not isinstance(part, Skipped)]
        for name in ("en", "cs")
    )
    assert plain == other
    kinds = {"workouts": ImportedWorkout, "journal": ImportedJournal}
    assert len(of(kinds.get(kind, ImportedDay), other)) == len(NIGHTS)


def test_another_order_in_another_language_is_refused(tmp_path: Path) -> None:
    """With the titles that nobody knows; a guess would give a number another meaning."""
    fields = [*CYCLES[:4], CYCLES[5], CYCLES[4], *CYCLES[6:]]
    lines = [cycle(woke, resting_hr="?") for woke in NIGHTS]
    file = tmp_path / "x.csv"
    file.write_bytes(table(fields, lines, titles=foreign(fields)))
    with pytest.raises(ImportRefused) as caught:
        parts_of(file)
    assert caught.value.code is Refusal.UNKNOWN_COLUMNS
    assert "Sloupec 3 %" in caught.value.placeholders["columns"]


def test_an_answer_goes_with_the_night_of_its_cycle(tmp_path: Path) -> None:
    """Also of one who sleeps by day, which its start alone does not tell."""
    start, woke = datetime(2026, 1, 15, 13, 30), datetime(2026, 1, 15, 20, 30)
    night = cycle(woke, cycle_start=start, onset=start)
    said = answer(woke, "Used a sauna?", yes=True) | {"cycle_start": start}
    files = {"a.csv": table(JOURNAL, [said]), "b.csv": table(CYCLES, [night])}
    (entry,) = of(ImportedJournal, parts_of(zipped(tmp_path / "x.zip", files))[1])
    assert (entry.day, entry.tags) == (date(2026, 1, 15), ("Used a sauna",))


@pytest.mark.parametrize(
    ("field", "unit", "key", "value"),
    [
        ("skin_temp", "(\u00b0F)", "skin_temp_c", 34.0),
        ("skin_temp", "(graus Fahrenheit)", "skin_temp_c", 34.0),
        ("asleep", "(milliseconds)", "sleep_min", 93.2 / 60_000.0),
        ("asleep", "(seconds)", "sleep_min", 93.2 / 60.0),
        ("energy", "(kJ)", "total_kcal", 93.2 / 4.184),
        ("energy", "(joules)", "total_kcal", None),
        ("skin_temp", "", "skin_temp_c", None),
    ],
)
def test_units_of_titles(
    tmp_path: Path, field: str, unit: str, key: str, value: float | None
) -> None:
    """A value in a unit that nobody knows is left out, and the column is counted."""
    file = tmp_path / "x.csv"
    line = cycle(NIGHTS[0]) | {field: 93.2}
    file.write_bytes(table(CYCLES, [line], units=UNITS | {field: unit}))
    parts = parts_of(file)[1]
    (day,) = of(ImportedDay, parts)
    assert day.values.get(key) == (None if value is None else pytest.approx(value))
    counted = {one.reason: one.count for one in of(Skipped, parts)}
    assert counted.get("unknown_unit") == (1 if value is None else None)


@pytest.mark.parametrize("word", ["true", "Ja", "s\u00ed", "vrai", "verdadeiro", "verdadero"])
def test_a_nap_in_every_language(tmp_path: Path, word: str) -> None:
    """Is none of the nights."""
    file = tmp_path / "x.csv"
    file.write_bytes(table(SLEEPS, [sleep(NIGHTS[0]) | {"nap": word}]))
    (day,) = of(ImportedDay, parts_of(file)[1])
    assert day.sleep is None
    assert len(day.naps) == 1


def test_more_than_a_life_holds_is_refused(tmp_path: Path) -> None:
    """Answers and naps are held until all of the file was read."""
    files = {
        "a.csv": table(JOURNAL, [answer(NIGHTS[0], f"{at}?", yes=True) for at in range(3)]),
        "b.csv": table(SLEEPS, [sleep(woke, nap=True) for woke in NIGHTS[:2]]),
    }
    file = zipped(tmp_path / "x.zip", files)
    with patch.object(whoop, "MAX_HELD", 5):
        assert parts_of(file)[1]
    with patch.object(whoop, "MAX_HELD", 4), pytest.raises(ImportRefused) as caught:
        parts_of(file)
    assert caught.value.code is Refusal.TOO_LARGE


@pytest.mark.parametrize(("hrv", "told", "known"), [(61.25, 14.833, 14.833), (61, 14.833, None)])
def test_three_decimals_behind_a_comma(
    tmp_path: Path, hrv: float, told: float, known: float | None
) -> None:
    """Are no thousands where another number of the table says so, else they are neither."""
    file = tmp_path / "x.csv"
    line = cycle(NIGHTS[0], hrv=hrv, breathing=told, skin_temp="", day_strain=11, spo2=96)
    file.write_bytes(table(CYCLES, [line], comma=True))
    (day,) = of(ImportedDay, parts_of(file)[1])
    assert day.values.get("breathing_rate_brpm") == known
