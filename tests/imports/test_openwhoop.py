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
)

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
