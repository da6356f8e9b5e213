"""openwhoop's database."""

from datetime import date, datetime
from pathlib import Path

import pytest

from custom_components.openstrap.engine.protocol import Generation, build_frame
from custom_components.openstrap.imports import (
    Frames,
    ImportedDay,
    ImportedWorkout,
    ImportRefused,
    OutsideSamples,
    Skipped,
    open_import,
)
from custom_components.openstrap.imports.openwhoop import read

from .makers import database, openwhoop_tables
from .reading import BERLIN, of, parts_of

START = int(datetime(2026, 3, 28, 23, tzinfo=BERLIN).timestamp())
DAY = date(2026, 3, 29)


def test_a_whole_database(tmp_path: Path) -> None:
    """Its times are UTC; packets come together again whatever they were cut into."""
    inners = [bytes([0x2F, 24, at, *range(9)]) for at in range(3)]
    stream = b"".join(build_frame(Generation.GEN4, inner) for inner in inners)
    chunks = [stream[at : at + 7] for at in range(0, len(stream), 7)]
    name, parts = parts_of(database(tmp_path / "x", openwhoop_tables(START, chunks)))
    assert name == "openwhoop"
    assert of(Frames, parts) == [Frames(tuple(inner.hex() for inner in inners), Generation.GEN4)]
    hearts, beats = (part.records for part in of(OutsideSamples, parts))
    assert hearts.epoch.tolist() == list(range(START, START + 60))
    assert set(hearts.hr_bpm.tolist()) == {58}
    assert beats.rr_ms[:, :2].tolist() == [[1000, 1020]] * 30
    days = of(ImportedDay, parts)
    assert {day.day for day in days} == {DAY}
    night = next(day for day in days if day.sleep is not None)
    assert night.sleep == (START, START + 8 * 3600)
    assert night.values == {"rmssd_ms": 66, "sleeping_hr_bpm": 54}
    assert [day.values for day in days if "strain" in day.values] == [{"strain": 9.5}]
    assert [len(day.naps) for day in days if day.naps] == [1]
    (workout,) = of(ImportedWorkout, parts)
    assert (workout.kind, workout.strain) == ("other", 8.5)
    assert of(Skipped, parts) == [Skipped("damaged_row", 2)]


def test_older_versions_and_odd_rows(tmp_path: Path) -> None:
    """Tables and columns that it lacks are no fault; packets that are none are counted."""
    tables = {
        "heart_rate": ("bpm, time", [[60, "2026-03-29T01:00:00"], [None, "2026-03-29 01:00:01"], [60, None]]),
        "packets": ("uuid, bytes", [["a", "text"], ["a", b"\x00\x01"]]),
        "sleep_cycles": ("start, end", [[None, None], ["2026-03-29 02:00:00", "2026-03-29 01:00:00"], ["2026-03-29 12:00:00", "2026-03-29 12:30:00"]]),
        "activities": ("start, end, activity", [["x", "y", "Nap"]]),
    }  # fmt: skip
    parts = parts_of(database(tmp_path / "x", tables))[1]
    (samples,) = of(OutsideSamples, parts)
    assert samples.records.epoch.tolist() == [1774746000]
    assert [(day.sleep, len(day.naps)) for day in of(ImportedDay, parts)] == [(None, 1)]
    assert of(Skipped, parts) == [Skipped("damaged_row", 5), Skipped("unknown_packet", 1)]
    assert not of(Frames, parts)


def test_another_database(tmp_path: Path) -> None:
    """One table of such a name is not enough."""
    with pytest.raises(ImportRefused):
        parts_of(database(tmp_path / "x", {"heart_rate": ("bpm, time", [])}))


def packets(path: Path, told: list[tuple[str, bytes]]) -> Path:
    """Write a database of packets alone: characteristic and bytes of each."""
    rows = [list(row) for row in told]
    return database(path, {"heart_rate": ("bpm, time", []), "packets": ("uuid, bytes", rows)})


def frame(at: int) -> bytes:
    """Make a frame that tells its number."""
    return build_frame(Generation.GEN4, bytes([0x2F, 24, *at.to_bytes(2, "little"), *range(8)]))


def test_many_frames_come_in_pieces(tmp_path: Path) -> None:
    """None is lost or doubled between them; one that is damaged is counted."""
    told = [("x", frame(at)) for at in range(4100)]
    told.insert(50, ("x", frame(0)[:-1] + bytes([frame(0)[-1] ^ 1])))
    parts = parts_of(packets(tmp_path / "x", told))[1]
    found = of(Frames, parts)
    assert [len(part.texts) for part in found] == [2000, 2000, 100]
    numbers = [
        int.from_bytes(bytes.fromhex(text[4:8]), "little") for one in found for text in one.texts
    ]
    assert numbers == list(range(4100))
    assert of(Skipped, parts) == [Skipped("unknown_packet", 1)]


def test_characteristics_without_end(tmp_path: Path) -> None:
    """Only so many are held open; whole frames come through all the same."""
    first, second = frame(1000)[:9], frame(1000)[9:]
    told = [("cut", first), *((f"{at}", frame(at)) for at in range(200)), ("cut", second)]
    (found,) = of(Frames, parts_of(packets(tmp_path / "x", told))[1])
    assert len(found.texts) == 200
    few = [told[0], *told[1:20], told[-1]]
    (found,) = of(Frames, parts_of(packets(tmp_path / "y", few))[1])
    assert len(found.texts) == 20


def test_tables_with_other_columns(tmp_path: Path) -> None:
    """Nothing is read out of what only bears a known name."""
    names = ("heart_rate", "packets", "activities", "sleep_cycles", "strain")
    tables = {name: ("a", [[1]]) for name in names}
    assert parts_of(database(tmp_path / "x", tables)) == ("openwhoop", [])


def test_only_damaged_heart_rates(tmp_path: Path) -> None:
    """They are counted, and no empty readings are handed on."""
    rows = [[60, None], [None, "2026-03-29 01:00:00"]]
    tables = {"heart_rate": ("bpm, time", rows), "sleep_cycles": ("start, end", [])}
    assert parts_of(database(tmp_path / "x", tables))[1] == [Skipped("damaged_row", 2)]


def test_nothing_is_read_of_another_database(tmp_path: Path) -> None:
    """Also where it is asked without having been known."""
    file = database(tmp_path / "x", {"heart_rate": ("bpm, time", [[60, "2026-03-29 01:00:00"]])})
    with open_import(file, tmp_path) as opened:
        assert not list(read(opened, BERLIN))


def test_a_nap_of_many_hours_is_counted(tmp_path: Path) -> None:
    """It is no nap, and whoever told it did not mean the night."""
    tables = {
        "heart_rate": ("bpm, time", [[60, "2026-03-29 01:00:00"]]),
        "activities": (
            "start, end, activity",
            [["2026-03-29 12:00:00", "2026-03-29 15:30:00", "Nap"]],
        ),
    }
    parts = parts_of(database(tmp_path / "x", tables))[1]
    assert not of(ImportedDay, parts)
    assert Skipped("nap_too_long", 1) in of(Skipped, parts)
