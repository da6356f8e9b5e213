"""NOOP's tables without what some versions of them have."""

from pathlib import Path
from typing import Any

import pytest

from custom_components.openstrap.imports import (
    ImportedDay,
    ImportedJournal,
    ImportedWorkout,
    OutsideSamples,
    Part,
    Skipped,
)

from .makers import RAW_TITLES, database, noop_tables
from .reading import of, parts_of

START = 1_774_735_200


def without_device(tables: dict[str, tuple[str, list[Any]]]) -> dict[str, tuple[str, list[Any]]]:
    """Take the device out of every table."""
    found = {}
    for name, (titles, rows) in tables.items():
        columns = [title.strip() for title in titles.split(",")]
        kept = [at for at, title in enumerate(columns) if not title.startswith("deviceId")]
        found[name] = (
            ", ".join(columns[at] for at in kept),
            [[row[at] for at in kept] for row in rows if "-noop" not in str(row)],
        )
    return found


def told(parts: list[Part]) -> tuple[list[Any], int]:
    """Give everything that is told of days, and how many seconds there are."""
    kinds = (ImportedDay, ImportedWorkout, ImportedJournal)
    days = [part for part in parts if isinstance(part, kinds)]
    return days, sum(len(one.records.epoch) for one in of(OutsideSamples, parts))


def test_tables_that_name_no_device(tmp_path: Path) -> None:
    """Tell the same."""
    tables = noop_tables(START)
    named = {
        name: (titles, [row for row in rows if "-noop" not in str(row)])
        for name, (titles, rows) in tables.items()
    }
    days, seconds = told(parts_of(database(tmp_path / "a", named))[1])
    assert days
    assert seconds
    assert told(parts_of(database(tmp_path / "b", without_device(tables)))[1]) == (days, seconds)


def test_seconds_that_are_kept_with_a_point(tmp_path: Path) -> None:
    """Are the same seconds."""
    rows = [["d", float(START + at), 60.0] for at in range(5)]
    parts = parts_of(database(tmp_path / "x", {"hrSample": ("deviceId, ts, bpm", rows)}))[1]
    (part,) = of(OutsideSamples, parts)
    assert part.records.epoch.tolist() == list(range(START, START + 5))


@pytest.mark.parametrize("words", [("hr", "rr"), ("hrSample", "rrInterval"), ("HR", "RR")])
def test_a_raw_reading_is_what_its_cells_are(tmp_path: Path, words: tuple[str, str]) -> None:
    """Whatever its stream is called; a rate from light has cells of its own and is left out."""
    told_rows = (
        {"stream": words[0], "hr_bpm": 60},
        {"stream": words[1], "rr_ms": 1000},
        {"stream": "ppghr", "ppg_bpm": 99, "ppg_conf": 1},
    )
    lines = [
        ",".join(str((row | {"unix_s": START}).get(name, "")) for name in RAW_TITLES)
        for row in told_rows
    ]
    file = tmp_path / "x.csv"
    file.write_text("\n".join([",".join(RAW_TITLES), *lines]))
    records = [part.records for part in of(OutsideSamples, parts_of(file)[1])]
    assert [one.hr_bpm.tolist() for one in records if one.hr_bpm.any()] == [[60]]
    assert [one.rr_ms[0, 0] for one in records if one.rr_count.any()] == [1000]
    assert len(records) == 2


def test_days_on_which_nobody_wore_anything(tmp_path: Path) -> None:
    """Are counted and not kept, be they ever so many."""
    rows = [["d", day, 50] for day in ("0001-01-01", "2009-12-31", "2100-01-01", "2026-05-03")]
    parts = parts_of(database(tmp_path / "x", {"dailyMetric": ("deviceId, day, recovery", rows)}))[
        1
    ]
    assert [one.day.year for one in of(ImportedDay, parts)] == [2026]
    assert of(Skipped, parts) == [Skipped("damaged_row", 3)]
