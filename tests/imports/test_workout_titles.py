"""What a workout was called elsewhere comes with it."""

from collections import Counter
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from custom_components.openstrap.engine.imported import SourceName
from custom_components.openstrap.engine.imported_day import compose
from custom_components.openstrap.imports import ImportedWorkout
from custom_components.openstrap.imports.fields import OUT_OF_RANGE, workout_fields

from .makers import SEED_COLUMNS, database, seed_rows
from .reading import of, parts_of

UTC = ZoneInfo("UTC")
START = 1_774_738_800
DAY = date(2026, 3, 29)
SOURCE = SourceName.OPENSTRAP_SERVER


@pytest.mark.parametrize(
    ("told", "read", "kept", "skipped"),
    [
        (" Sunday run ", " Sunday run ", "Sunday run", 0),
        ("", "", None, 0),
        (None, None, None, 0),
        (12, None, None, 0),
        ("x" * 81, "x" * 81, None, 1),
        ("a\nb", "a\nb", None, 1),
    ],
)
def test_of_the_original_server(
    tmp_path: Path, told: object, read: str | None, kept: str | None, skipped: int
) -> None:
    """One that is no line is left out and counted; the workout stays."""
    rows = seed_rows(START)
    rows["sessions"] = [[*rows["sessions"][0], told]]
    columns = SEED_COLUMNS | {"sessions": f"{SEED_COLUMNS['sessions']}, title"}
    tables = {name: (columns[name], rows[name]) for name in columns}
    [workout] = of(ImportedWorkout, parts_of(database(tmp_path / "x", tables), UTC)[1])
    assert workout.title == read
    counted: Counter[str] = Counter()
    [(day, source, fields)] = workout_fields(workout, 1, UTC, START + 172_800.0, counted)
    assert (day, source) == (DAY, SOURCE)
    [one] = compose(DAY, {SOURCE: fields}).details["trends"]["workouts"]
    assert (one["title"], one["kind"]) == (kept, "run")
    assert counted[OUT_OF_RANGE] == skipped


def test_what_was_imported_before_there_were_titles() -> None:
    """Is read as ever; what is too short to be a workout is none."""
    row = [START, START + 1200, "run", 120.0, 150.0, 200.0, 8.0, None, 900]
    fields = {"timezone": (1, "UTC"), "workout/1": (1, row)}
    [one] = compose(DAY, {SOURCE: fields}).details["trends"]["workouts"]
    assert (one["title"], one["steps"]) == (None, 900)
    with pytest.raises(ValueError, match="zip"):
        compose(DAY, {SOURCE: fields | {"workout/1": (1, row[:-1])}})
