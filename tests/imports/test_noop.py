"""NOOP's backup and its raw readings."""

from datetime import date, datetime
import json
from pathlib import Path
import sqlite3
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from custom_components.openstrap.engine.protocol import Generation, build_frame
from custom_components.openstrap.engine.sleep.hypnogram import Stage
from custom_components.openstrap.imports import (
    Frames,
    ImportedDay,
    ImportedJournal,
    ImportedWorkout,
    ImportRefused,
    OutsideSamples,
    Refusal,
    Skipped,
)
from custom_components.openstrap.imports.noop import frames_of
from custom_components.openstrap.imports.noop_rows import day_of, share, sleep_of, workout_of
from custom_components.openstrap.imports.seconds import beat_seconds, heart_seconds, motion_seconds

from .makers import database, noop_csv, noop_tables, packed_frames, zipped
from .reading import BERLIN, of, parts_of

pytestmark = pytest.mark.full

START = int(datetime(2026, 3, 28, 23, tzinfo=BERLIN).timestamp())
"""The night in which the clocks go forward."""
DAY = date(2026, 3, 29)
FRAMES = [build_frame(Generation.GEN4, bytes([0x2F, 24, at, 0, 0, 0, 0, 0])) for at in range(5)]


def backup(path: Path, tables: dict[str, Any]) -> Path:
    """Write a backup."""
    file = database(path / "noop-backup.sqlite", tables)
    return zipped(
        path / "x.noopbak", {"noop-backup.sqlite": file.read_bytes(), "settings.json": b"{}"}
    )


def test_a_whole_backup(tmp_path: Path) -> None:
    """Frames, readings of every stream, the night with its stages, and what is told of days."""
    name, parts = parts_of(backup(tmp_path, noop_tables(START, FRAMES)))
    assert name == "noop"
    assert of(Frames, parts) == [Frames(tuple(frame.hex() for frame in FRAMES))]
    records = [part.records for part in of(OutsideSamples, parts)]
    assert sum((one.hr_bpm > 0).sum() for one in records) == 100
    beats = np.concatenate([one.rr_ms[one.rr_count == 2] for one in records])
    assert beats[:, :2].tolist() == [[900, 850]] * 100
    assert sum(np.isfinite(one.accel_g).all(axis=1).sum() for one in records) == 100
    assert sum((one.step_counter >= 0).sum() for one in records) == 100
    days = of(ImportedDay, parts)
    assert [day.day for day in days] == [DAY]
    (day,) = days
    assert day.sleep == (START, START + 8 * 3600)
    assert [stage for _, _, stage in day.stages] == [Stage.WAKE, Stage.LIGHT, Stage.DEEP, Stage.REM]
    # What the maker said comes before what the app worked out; its load is brought to 0..21.
    assert day.values == {
        "sleep_min": 420.0, "deep_min": 95.0, "resting_hr_bpm": 50, "rmssd_ms": 64.0,
        "recovery": 71.0, "breathing_rate_brpm": 14.2, "sleep_efficiency": 91.0,
        "strain": pytest.approx(11.55), "sleep_performance": 84.0, "steps": 8000,
        "active_kcal": 400, "basal_kcal": 1600, "vo2max": 44.0,
    }  # fmt: skip
    assert len(day.naps) == 1
    (ride,) = of(ImportedWorkout, parts)
    assert ride.kind == "cycle"
    assert ride.strain == pytest.approx(10.5)
    assert ride.zone_s == pytest.approx((360, 720, 1080, 1080, 360))
    assert of(ImportedJournal, parts) == [ImportedJournal(DAY, ("Any alcohol",), note="wine")]


def test_a_database_alone(tmp_path: Path) -> None:
    """Without its archive, and with a single table."""
    whole = noop_tables(START)
    for table in ("hrSample", "dailyMetric", "sleepSession", "rrInterval"):
        name, parts = parts_of(database(tmp_path / table, {table: whole[table]}))
        assert name == "noop"
        assert parts


def test_a_strain_of_unknown_scale_is_left_out(tmp_path: Path) -> None:
    """Below 21 it may be of either scale."""
    names, _ = noop_tables(START)["dailyMetric"]
    row = ["my-whoop", "2026-03-29", 420.0, 0.91, 95.0, 50, 64.0, 71.0, 12.0, 14.2]
    parts = parts_of(database(tmp_path / "x", {"dailyMetric": (names, [row])}))[1]
    assert "strain" not in of(ImportedDay, parts)[0].values
    assert of(Skipped, parts) == [Skipped("unknown_strain_scale", 1)]


def test_sdnn_is_never_taken_for_rmssd(tmp_path: Path) -> None:
    """It keeps days of Apple Health in the same column."""
    names, _ = noop_tables(START)["dailyMetric"]
    row = ["apple-health", "2026-03-29", 420.0, 0.91, 95.0, 50, 64.0, None, None, 14.2]
    (day,) = of(ImportedDay, parts_of(database(tmp_path / "x", {"dailyMetric": (names, [row])}))[1])
    assert "rmssd_ms" not in day.values
    assert day.values["sleep_min"] == 420.0


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("length", [True, False])
def test_batches_of_frames(header: bool, length: bool) -> None:
    """As each make of the app packs them; a damaged one is none."""
    packed = packed_frames(FRAMES, header=header, length=length)
    assert frames_of(packed) == FRAMES
    assert frames_of(packed[:-8]) is None
    assert frames_of(b"") is None
    assert frames_of(b"\x00" * 64) is None
    assert frames_of(packed_frames([b"\x2f" * 20_000])) is None


def test_damaged_batches_are_counted(tmp_path: Path) -> None:
    """The others are taken; a bomb is as damaged as any."""
    bomb = packed_frames([b"\x00" * 8000] * 5000)
    rows: list[list[Any]] = [["a", b"junk"], ["b", None], ["c", bomb], ["d", packed_frames(FRAMES)]]
    parts = parts_of(database(tmp_path / "x", {"rawBatch": ("batchId, framesBlob BLOB", rows)}))[1]
    assert len(of(Frames, parts)[0].texts) == len(FRAMES)
    assert of(Skipped, parts) == [Skipped("damaged_batch", 3)]


def test_beats_of_a_second_stay_together(tmp_path: Path) -> None:
    """Also where the rows are read in several batches, and with a suspect time they are left out."""
    rows = [["d", START + at // 3, 700 + at % 3, 0, at % 3, int(at < 3)] for at in range(60_000)]
    table = {"rrInterval": ("deviceId, ts INTEGER, rrMs INTEGER, seq, ord, tsSuspect", rows)}
    records = [
        part.records for part in of(OutsideSamples, parts_of(database(tmp_path / "x", table))[1])
    ]
    seconds = np.concatenate([one.epoch for one in records])
    assert len(seconds) == len(set(seconds.tolist())) == 19_999
    assert all((one.rr_count == 3).all() for one in records)
    assert all((one.rr_ms[:, :3] == [700, 701, 702]).all() for one in records)
    storm = [["d", START, 700, at, at, 0] for at in range(50_000)]
    table = {"rrInterval": ("deviceId, ts INTEGER, rrMs INTEGER, seq, ord, tsSuspect", storm)}
    (part,) = of(OutsideSamples, parts_of(database(tmp_path / "y", table))[1])
    assert part.records.rr_count.tolist() == [8]


def test_odd_rows(tmp_path: Path) -> None:
    """What is no number or no day is left out, and counted where it was a whole row."""
    tables = {
        "hrSample": ("deviceId, ts, bpm", [["d", "soon", 60], ["d", START, "x"], ["d", START, None], ["d", -5, 60], ["d", START + 1, 300], [None, START + 2, 61]]),
        "gravitySample": ("deviceId, ts, x, y, z, dynAccel", [["d", START, 0, 0, 1, 0.5], ["d", START + 1, 99, 0, 0, 1], ["d", START + 2, 0, 0, 1, -1]]),
        "dailyMetric": ("deviceId, day, recovery", [["d", "yesterday", 50], ["d", None, 50], ["d", "2026-03-29", "many"]]),
        "sleepSession": ("deviceId, startTs, endTs", [["d", START, START - 5], ["d", None, START]]),
        "workout": ("deviceId, startTs, endTs, sport", [["d", START, START, "x"]]),
        "journal": ("deviceId, day, question, answeredYes", [["d", "never", "x", 1], ["d", "2026-03-29", "", 1], ["d", "2026-03-29", "x", "no"]]),
        "appleDaily": ("deviceId, day, steps", [["d", "x", 5]]),
    }  # fmt: skip
    parts = parts_of(database(tmp_path / "x", tables))[1]
    records = [part.records for part in of(OutsideSamples, parts)]
    assert [one.hr_bpm.tolist() for one in records if (one.hr_bpm > 0).any()] == [[61]]
    motion = next(one for one in records if np.isfinite(one.accel_g).any())
    assert len(motion.epoch) == 2
    assert motion.dyn_accel_g[0] == 0.5
    assert np.isnan(motion.dyn_accel_g[1])
    assert [day.values for day in of(ImportedDay, parts)] == [{}]
    assert of(Skipped, parts) == [Skipped("damaged_row", 6)]
    assert not of(ImportedJournal, parts)


def test_edited_sleeps_and_several_of_a_day(tmp_path: Path) -> None:
    """The wearer's own begin holds; the longest is the night; one told twice counts once."""
    names = "deviceId, startTs, endTs, efficiency, stagesJSON, startTsAdjusted"
    rows: list[list[Any]] = [
        ["a", START, START + 8 * 3600, 91.0, None, START + 1800],
        ["b", START + 600, START + 8 * 3600, 90.0, None, None],
        ["a", START + 50_000, START + 53_000, None, "not json", None],
    ]
    (day,) = of(ImportedDay, parts_of(database(tmp_path / "x", {"sleepSession": (names, rows)}))[1])
    assert day.sleep == (START + 600, START + 8 * 3600)
    assert day.values == {"sleep_efficiency": 90.0}
    assert [nap.start_ts for nap in day.naps] == [START + 50_000]
    short = [["a", START, START + 3600, None, None, None]]
    (day,) = of(
        ImportedDay, parts_of(database(tmp_path / "y", {"sleepSession": (names, short)}))[1]
    )
    assert (day.sleep, len(day.naps)) == (None, 1)


def test_shapes_of_rows() -> None:
    """Stages and zones come in several shapes; others are none."""
    minutes = sleep_of(
        {
            "endTs": START + 28800,
            "stagesJSON": json.dumps({"light": 200, "deep": 80, "rem": 90, "awake": 20}),
        },
        START,
    )
    assert minutes is not None
    assert minutes.values == {"light_min": 200, "deep_min": 80, "rem_min": 90}
    odd = sleep_of({"endTs": START + 28800, "stagesJSON": json.dumps([1, 2])}, START)
    assert odd is not None
    assert odd.stages == ()
    overlapping = [
        {"start": START, "end": START + 600, "stage": "Light"},
        {"start": START + 300, "end": START + 900, "stage": "DEEP"},
        {"start": START, "end": START + 9, "stage": "?"},
    ]
    both = sleep_of({"endTs": START + 28800, "stagesJSON": json.dumps(overlapping)}, START)
    assert both is not None
    assert both.stages == (
        (START, START + 600, Stage.LIGHT),
        (START + 600, START + 900, Stage.DEEP),
    )
    for zones, known in (
        (json.dumps([20] * 5), True),
        (json.dumps([1, 2]), False),
        ("[" * 100_000, False),
        (json.dumps([0.2] * 5), False),
        (None, False),
        (json.dumps({"a": 1}), False),
    ):
        workout = workout_of(
            {"endTs": START + 60, "zonesJSON": zones, "steps": 10}, START, "Yoga", None
        )
        assert workout is not None
        assert (workout.zone_s is not None) is known
    assert (share(0.5), share(91), share(0), share("x"), share(None)) == (
        50.0,
        91.0,
        None,
        None,
        None,
    )
    assert (day_of("2026-02-30"), day_of(5), day_of("2026-02-28")) == (
        None,
        None,
        date(2026, 2, 28),
    )


@pytest.mark.parametrize("old", [True, False])
def test_raw_readings(tmp_path: Path, old: bool) -> None:
    """By their titles, before and after a column came between."""
    file = tmp_path / "x"
    file.write_bytes(noop_csv(START, 300, old=old))
    name, parts = parts_of(file, ZoneInfo("UTC"))
    assert name == "noop"
    records = [part.records for part in of(OutsideSamples, parts)]
    assert [len(one.epoch) for one in records] == [300] * 4
    beats = next(one for one in records if one.rr_count.any())
    assert beats.rr_ms[:, :2].tolist() == [[1000, 980]] * 300
    assert of(Skipped, parts) == [Skipped("damaged_row", 300), Skipped("unused_stream", 300)]


def test_many_raw_readings_come_in_pieces(tmp_path: Path) -> None:
    """A second is never cut."""
    file = tmp_path / "x"
    file.write_bytes(noop_csv(START, 25_000))
    records = [part.records for part in of(OutsideSamples, parts_of(file)[1])]
    assert sum(one.rr_count.any() for one in records) == 3
    assert sum(len(one.epoch) for one in records if one.rr_count.any()) == 25_000


def test_damaged_backups_are_refused_whole(tmp_path: Path) -> None:
    """Cut off, overwritten within, or no database at all."""
    rows = [["d", START + at, 60] for at in range(20_000)]
    good = database(tmp_path / "x", {"hrSample": ("deviceId, ts INTEGER, bpm", rows)}).read_bytes()
    cases = {
        "cut": good[: len(good) // 2],
        "overwritten": good[:9000] + b"\xa5" * 40_000 + good[49_000:],
        "no tables": database(tmp_path / "y", {"other": ("a", [])}).read_bytes(),
        "no database": b"SQLite format 3\x00" + b"\x00" * 2000,
    }
    for name, data in cases.items():
        with pytest.raises(ImportRefused) as caught:
            parts_of(zipped(tmp_path / name.replace(" ", ""), {"noop-backup.sqlite": data}))
        known = (
            (Refusal.UNKNOWN_FORMAT,)
            if name == "no tables"
            else (Refusal.DAMAGED, Refusal.UNKNOWN_FORMAT)
        )
        assert caught.value.code in known


def test_a_view_is_no_table(tmp_path: Path) -> None:
    """What a file defines itself is not run."""
    file = database(tmp_path / "x", {"rawBatch": ("batchId, framesBlob", []), "a": ("b", [])})
    conn = sqlite3.connect(file)
    conn.execute("CREATE VIEW hrSample AS SELECT 'd' AS deviceId, 1774735200 AS ts, 60 AS bpm")
    conn.commit()
    conn.close()
    assert not of(OutsideSamples, parts_of(file)[1])


def test_seconds_leave_out_what_cannot_be() -> None:
    """Times, rates, intervals and accelerations."""
    assert heart_seconds([START, 5, START, float("nan")], [60, 60, 20, 60]).epoch.tolist() == [
        START
    ]
    beats = beat_seconds([START + 1, START, START, START], [900, 100, 800, 3000])
    assert (beats.epoch.tolist(), beats.rr_ms[:, 0].tolist()) == ([START, START + 1], [800, 900])
    assert len(beat_seconds([], []).epoch) == 0
    assert len(motion_seconds([START], [[float("nan"), 0, 0]]).epoch) == 0
