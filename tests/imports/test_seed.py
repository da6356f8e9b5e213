"""The original server's dump and raw folder; its days are of UTC."""

from contextlib import closing
from datetime import date, datetime
from pathlib import Path
import sqlite3
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.imports import (
    Frames,
    ImportedDay,
    ImportedJournal,
    ImportedWorkout,
    ImportRefused,
    Part,
    Refusal,
    Skipped,
    seed,
)
from custom_components.openstrap.imports.sql_text import is_dump

from .makers import SEED_COLUMNS, database, seed_rows, seed_sql, zipped
from .reading import BERLIN, of, parts_of

pytestmark = pytest.mark.full

UTC = ZoneInfo("UTC")
AUCKLAND = ZoneInfo("Pacific/Auckland")
HONOLULU = ZoneInfo("Pacific/Honolulu")
START = int(datetime(2026, 3, 28, 23, tzinfo=UTC).timestamp())
RAW = "\n".join(bytes([0x2F, 24, at, *range(20)]).hex() for at in range(4)).encode()


def written(path: Path, how: str, rows: dict[str, list[list[object]]]) -> Path:
    """Write the same rows as text, as a database, or in an archive with raw texts."""
    match how:
        case "named" | "plain":
            path.write_bytes(seed_sql(rows, named=how == "named"))
        case "database":
            database(
                path, {name: (names, rows.get(name, [])) for name, names in SEED_COLUMNS.items()}
            )
        case "zip":
            zipped(
                path,
                {
                    "dump.sql": seed_sql(rows, named=True),
                    "raw/u/a-0-1.txt": RAW,
                    "raw/u/b-1-2.txt": RAW,
                },
            )
    return path


@pytest.mark.parametrize("how", ["named", "plain", "database", "zip"])
def test_every_form(tmp_path: Path, how: str) -> None:
    """The same parts, whichever way it was handed over."""
    name, parts = parts_of(written(tmp_path / "x", how, seed_rows(START)), UTC)
    assert name == "openstrap_server"
    (day,) = of(ImportedDay, parts)
    assert day.day == date(2026, 3, 29)
    assert day.sleep == (START, START + 8 * 3600)
    assert day.values == {
        "sleep_min": 430, "light_min": 240, "deep_min": 90, "rem_min": 100, "sleep_efficiency": 90,
        "resting_hr_bpm": 53, "recovery": 66.0, "rmssd_ms": 61.0, "breathing_rate_brpm": 14.5,
        "strain": 10.5, "steps": 7000, "active_kcal": 500, "worn_min": 1300,
    }  # fmt: skip
    assert [(nap.start_ts, nap.asleep_min) for nap in day.naps] == [(START + 48_800, 30)]
    (run,) = of(ImportedWorkout, parts)
    assert (run.kind, run.zone_s) == ("run", (300, 600, 900, 600, 300))
    assert of(ImportedJournal, parts) == [
        ImportedJournal(date(2026, 3, 29), ("alcohol", "late meal"), note="it's late; so")
    ]
    assert not of(Skipped, parts)
    assert sum(len(part.texts) for part in of(Frames, parts)) == (8 if how == "zip" else 0)


@pytest.mark.parametrize(
    ("zone", "day"),
    [(BERLIN, date(2026, 3, 29)), (AUCKLAND, date(2026, 3, 29)), (HONOLULU, date(2026, 3, 28))],
)
def test_local_days(tmp_path: Path, zone: ZoneInfo, day: date) -> None:
    """A night comes to the day on which it ended there; sums of UTC's hours are no day's."""
    parts = parts_of(written(tmp_path / "x", "named", seed_rows(START)), zone)[1]
    found = of(ImportedDay, parts)
    assert found[0].day == day
    assert found[0].values["rmssd_ms"] == 61.0
    assert not any("strain" in one.values or "steps" in one.values for one in found)
    assert Skipped("utc_day", 4) in of(Skipped, parts)


def test_a_day_without_its_night(tmp_path: Path) -> None:
    """Nobody knows when it ended, so its numbers have no day."""
    rows = seed_rows(START) | {"sleep": [], "sleep_periods": []}
    rows["daily"][0][7] = 0.2
    parts = parts_of(written(tmp_path / "x", "named", rows), UTC)[1]
    assert set(of(ImportedDay, parts)[0].values) == {"strain", "steps", "active_kcal", "worn_min"}
    assert of(Skipped, parts) == [Skipped("night_without_time", 3)]


def test_odd_rows(tmp_path: Path) -> None:
    """They are counted."""
    rows = seed_rows(START)
    rows["daily"].append(["u1", "2026-99-99", *[None] * 9])
    rows["sleep"].append(["u1", "2026-03-30", None, START, *[None] * 5])
    rows["sessions"].append(["u1", "s3", START, START, None, *[None] * 7])
    rows["journal"].append(["u1", None, "no json", None])
    parts = parts_of(written(tmp_path / "x", "plain", rows), UTC)[1]
    assert of(Skipped, parts) == [Skipped("damaged_row", 4)]


@pytest.mark.parametrize("how", ["named", "database"])
def test_several_people_are_refused(tmp_path: Path, how: str) -> None:
    """A dump of a whole server is nobody's history."""
    rows = {
        name: one + two
        for (name, one), two in zip(
            seed_rows(START).items(), seed_rows(START, "u2").values(), strict=True
        )
    }
    with pytest.raises(ImportRefused) as caught:
        parts_of(written(tmp_path / "x", how, rows), UTC)
    assert caught.value.code is Refusal.SEVERAL_PEOPLE


def test_raw_texts_alone(tmp_path: Path) -> None:
    """A folder, a file, or an archive; what is no frame is left to the door of all frames."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for at in range(3):
        (folder / f"{at}.txt").write_bytes(RAW + b"\nnot hex\n\n")
    name, parts = parts_of(folder)
    assert name == "openstrap_server"
    assert sum(len(part.texts) for part in of(Frames, parts)) == 15
    single = tmp_path / "one.txt"
    single.write_bytes(RAW * 1)
    assert len(of(Frames, parts_of(single)[1])[0].texts) == 4
    single.write_bytes((RAW + b"\n") * 1500)
    assert [len(part.texts) for part in of(Frames, parts_of(single)[1])] == [2000, 2000, 2000]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda dump: dump[:-30], Refusal.DAMAGED),
        (lambda dump: dump.replace(b"VALUES('u1'", b"VALUES('u1',7", 1), Refusal.DAMAGED),
        (lambda dump: dump + b"\nINSERT INTO daily VALUES('" + b"x" * 5_000_000, Refusal.DAMAGED),
        (lambda dump: dump + b"\xff\xff;", Refusal.DAMAGED),
    ],
    ids=["cut", "too many values", "endless", "not utf-8"],
)
def test_damaged_dumps_are_refused_whole(tmp_path: Path, change: object, code: Refusal) -> None:
    """With a reason."""
    file = tmp_path / "x"
    file.write_bytes(change(seed_sql(seed_rows(START), named=False)))  # type: ignore[operator]
    with pytest.raises(ImportRefused) as caught:
        parts_of(file, UTC)
    assert caught.value.code is code


def test_a_dump_is_never_run(tmp_path: Path) -> None:
    """Other statements are passed over, whatever they would do."""
    file = tmp_path / "x"
    evil = f"ATTACH DATABASE '{tmp_path / 'evil'}' AS e; CREATE TABLE e.x (a);\nDROP TABLE daily;\n".encode()
    file.write_bytes(b"BEGIN;\n" + evil + seed_sql(seed_rows(START), named=True) + b"\nCOMMIT;\n")
    assert len(of(ImportedDay, parts_of(file, UTC)[1])) == 1
    assert not (tmp_path / "evil").exists()


def test_the_dump_of_the_library(tmp_path: Path) -> None:
    """What SQLite itself writes is read as the database is."""
    file = written(tmp_path / "x", "database", seed_rows(START))
    with closing(sqlite3.connect(file)) as conn:
        text = "\n".join(conn.iterdump())
    dump = tmp_path / "x.sql"
    dump.write_text(text, encoding="utf-8")
    assert parts_of(dump, UTC) == parts_of(file, UTC)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_survives_a_dump(tmp_path_factory: pytest.TempPathFactory, note: str) -> None:
    """Quotes, semicolons and comments in words are words."""
    rows = seed_rows(START)
    rows["journal"][0][3] = note
    file = tmp_path_factory.mktemp("any") / "x"
    file.write_bytes(seed_sql(rows, named=True))
    parts: list[Part] = parts_of(file, UTC)[1]
    assert of(ImportedJournal, parts)[0].note == (note or None)


def test_what_a_dump_begins_with() -> None:
    """Comments before it do not matter."""
    assert is_dump(b"-- hello\n/* x */ BEGIN TRANSACTION;")
    assert not is_dump(b"hello BEGIN")


def test_a_dump_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rows would fill the memory, so it is refused."""
    file = written(tmp_path / "x", "named", seed_rows(START))
    rows = sum(len(told) for told in seed_rows(START).values())
    monkeypatch.setattr(seed, "MAX_ROWS", rows)
    assert len(of(ImportedDay, parts_of(file, UTC)[1])) == 1
    monkeypatch.setattr(seed, "MAX_ROWS", rows - 1)
    with pytest.raises(ImportRefused) as caught:
        parts_of(file, UTC)
    assert caught.value.code is Refusal.TOO_LARGE


def test_an_older_database(tmp_path: Path) -> None:
    """Tables that it lacks are no fault."""
    rows = seed_rows(START)
    tables = {name: (SEED_COLUMNS[name], rows[name]) for name in ("daily", "sleep", "sessions")}
    parts = parts_of(database(tmp_path / "x", tables), UTC)[1]
    (day,) = of(ImportedDay, parts)
    assert (day.sleep, day.naps) == ((START, START + 8 * 3600), ())
    assert not of(ImportedJournal, parts)
    assert not of(Skipped, parts)


def test_other_files_beside_a_dump(tmp_path: Path) -> None:
    """They are passed over."""
    dump = seed_sql(seed_rows(START), named=True)
    file = zipped(tmp_path / "x", {"README.md": b"# Hello", "dump.sql": dump})
    assert parts_of(file, UTC) == parts_of(written(tmp_path / "y", "named", seed_rows(START)), UTC)


def test_a_day_that_tells_little(tmp_path: Path) -> None:
    """What is absent, zero or no share stays absent; the night keeps its times."""
    rows = seed_rows(START)
    rows["daily"][0][2:] = [None, 0, None, None, None, None, 0, None, None]
    rows["sleep"][0][4:] = [430, 90, None, None, None]
    rows["sleep_periods"] = []
    parts = parts_of(written(tmp_path / "x", "plain", rows), UTC)[1]
    (day,) = of(ImportedDay, parts)
    assert (day.sleep, day.values) == ((START, START + 8 * 3600), {"sleep_min": 430})
    assert not of(Skipped, parts)


@pytest.mark.parametrize(
    ("told", "zones"),
    [
        ("[0,1,2.5,0,3]", (0, 60, 150, 0, 180)),
        ('{"zone1_min":1,"zone2_min":2,"zone3_min":3,"zone4_min":4,"zone5_min":5}', (60, 120, 180, 240, 300)),
        ('{"z1":1,"z2":2,"z3":3,"z4":4,"z5":5}', (60, 120, 180, 240, 300)),
        ('{"z1":1}', None),
        ("[1,2,3,4]", None),
        ('[1,2,3,4,"much"]', None),
        ("[1,2,3,4,-5]", None),
        ("12", None),
        ("no json", None),
        (None, None),
    ],
)  # fmt: skip
def test_minutes_of_zones(
    tmp_path: Path, told: str | None, zones: tuple[float, ...] | None
) -> None:
    """All five or none; the workout is one in either case."""
    rows = seed_rows(START)
    rows["sessions"][0][10] = told
    (workout,) = of(ImportedWorkout, parts_of(written(tmp_path / "x", "database", rows), UTC)[1])
    assert (workout.kind, workout.zone_s) == ("run", zones)
