"""The phone app's database and tables, in every version seen."""

from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, time
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from custom_components.openstrap import analysis
from custom_components.openstrap.engine.day import ALGORITHM_VERSION
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.sleep.hypnogram import Stage
from custom_components.openstrap.imports import (
    Frames,
    ImportedDay,
    ImportedJournal,
    ImportedWorkout,
    ImportRefused,
    OutsideSamples,
    Part,
    Refusal,
    Skipped,
)
from custom_components.openstrap.imports.edge import FRAMES
from custom_components.openstrap.imports.reading import Reading
from custom_components.openstrap.store import WearerStore

from ..frames import minute, record
from .made_edge import (
    COUNTER_KEYED,
    V04,
    V46,
    V52,
    EdgeDatabase,
    put_frames,
    put_history,
    put_seconds,
)

BERLIN = ZoneInfo("Europe/Berlin")
T0 = 1_780_261_200


def read(path: Path, scratch: Path) -> list[Part]:
    """Read a file to its end."""
    reading = Reading(path, scratch, BERLIN, 2**31)
    try:
        reading.open()
        found: list[Part] = []
        while batch := reading.batch():
            found += batch
        return found
    finally:
        reading.close()


def of[P](parts: Sequence[Part], kind: type[P]) -> list[P]:
    """Give the parts of a kind."""
    return [part for part in parts if isinstance(part, kind)]


def skipped(parts: Sequence[Part]) -> dict[str, int]:
    """Give what was left out, by reason."""
    found: dict[str, int] = {}
    for part in of(parts, Skipped):
        found[part.reason] = found.get(part.reason, 0) + part.count
    return found


def seconds(parts: Sequence[Part]) -> dict[int, tuple[int, list[int], float]]:
    """Give the readings: heart rate, intervals and z axis of each second."""
    return {
        int(records.epoch[row]) - T0: (
            int(records.hr_bpm[row]),
            records.rr_ms[row][: records.rr_count[row]].tolist(),
            round(float(records.accel_g[row, 2]), 3),
        )
        for records in (part.records for part in of(parts, OutsideSamples))
        for row in range(len(records.epoch))
    }


@pytest.mark.parametrize(
    ("schema", "table"),
    [(V04, "raw_records"), (V46, "raw_records"), (V46, "raw_archive"), (V52, "raw_records")],
    ids=["0.4", "46", "46 archive", "52"],
)
def test_records(tmp_path: Path, schema: Sequence[str], table: str) -> None:
    """As the band sent them; those of other makers are left out."""
    made = EdgeDatabase(tmp_path / "x.db", schema)
    put_frames(made, minute(T0), table=table)
    made.put(table, [{"counter": 900, "hex": "7f00", "captured_at": 1}])
    parts = read(made.close(), tmp_path)
    assert [text for part in of(parts, Frames) for text in part.texts] == [
        frame.hex() for frame in minute(T0)
    ]
    assert skipped(parts) == {"other_device": 1}


@pytest.mark.parametrize("more", [0, 1], ids=["whole parts", "one more"])
def test_many_records(tmp_path: Path, more: int) -> None:
    """In parts of so many, each record once and none empty; one without a value is counted."""
    made = EdgeDatabase(tmp_path / "x.db")
    frames = [record(T0 + at) for at in range(FRAMES + more)]
    put_frames(made, frames)
    made.put("raw_archive", [{"hex": None}, {"hex": None}])
    parts = read(made.close(), tmp_path)
    batches = [part.texts for part in of(parts, Frames)]
    assert [len(texts) for texts in batches] == [FRAMES, 1][: 1 + more]
    assert [text for texts in batches for text in texts] == [frame.hex() for frame in frames]
    assert skipped(parts) == {"no_value": 2}


@pytest.mark.parametrize("schema", [V46, V52], ids=["46", "52"])
def test_readings(tmp_path: Path, schema: Sequence[str]) -> None:
    """With their beats; of other devices none; doubtful heart rates are none."""
    made = EdgeDatabase(tmp_path / "x.db", schema)
    more = {"device_id": "a"} if schema is V52 else {}
    put_seconds(made, T0, 10, device_family="gen4", **more)  # type: ignore[arg-type]
    made.put(
        "decoded_onehz",
        [
            {"rec_ts": T0 + 20, "hr": 70, "hr_valid": 0, "az": 1.0, "step_count": 5} | more,
            {"rec_ts": T0 + 21, "hr": None, "skin_temp_c": 33.5, "step_count": 99_999} | more,
            {"rec_ts": T0 + 22, "hr": 80, "device_family": "ring"} | more,
        ],
    )
    made.put(
        "decoded_rr",
        [
            {"rec_ts": T0 + 30, "beat_index": at, "rr_ts_ms": 1, "rr_ms": 800 + at} | more
            for at in range(3)
        ],
    )
    parts = read(made.close(), tmp_path)
    found = seconds(parts)
    assert found[1] == (61, [1007], 0.99)
    assert found[20][:2] == (0, [])
    assert found[30][:2] == (0, [800, 801, 802])
    assert set(found) == {*range(10), 20, 21, 30}
    assert skipped(parts) == {"other_device": 1}
    records = of(parts, OutsideSamples)[0].records
    assert records.step_counter[10:12].tolist() == [5, -1]
    assert records.skin_temp_c[11] == np.float32(33.5)


def test_the_oldest_and_the_newest_form_of_readings(tmp_path: Path) -> None:
    """Keyed by counter; and as whole numbers of ten-thousandths."""
    made = EdgeDatabase(tmp_path / "old.db", COUNTER_KEYED)
    made.put(
        "decoded_onehz",
        [{"counter": 7, "rec_ts": T0, "hr": 60, "ax": 0.0, "ay": 0.0, "az": 1.0}],
    )
    made.put(
        "decoded_rr", [{"counter": 7, "beat_index": 0, "rr_ts_ms": T0 * 1000 + 1500, "rr_ms": 990}]
    )
    assert seconds(read(made.close(), tmp_path)) == {0: (60, [990], 1.0)}
    schema = [one.replace("dyn_accel_g REAL", "dyn_accel_g REAL, onehz_enc INTEGER") for one in V46]
    made = EdgeDatabase(tmp_path / "new.db", schema)
    made.put(
        "decoded_onehz",
        [
            {"rec_ts": T0, "hr": 60, "ax": 0, "ay": 0, "az": 9876, "onehz_enc": 1},
            {"rec_ts": T0 + 1, "hr": 60, "ax": 0, "ay": 0, "az": 0.5},
        ],
    )
    assert [z for *_, z in seconds(read(made.close(), tmp_path)).values()] == [0.988, 0.5]


def test_days(tmp_path: Path) -> None:
    """The newest whole result of each, with its night; what means nothing here is counted."""
    made = EdgeDatabase(tmp_path / "x.db")
    day = date(2026, 5, 3)
    put_history(made, day, 1, BERLIN)
    made.put_result(day.isoformat(), {"rhr": 40.0}, version=29)
    made.put_result(day.isoformat(), {"rhr": 41.0}, version=31, partial=1)
    made.put_result(day.isoformat(), {}, version=32, skipped=1)
    made.put_result("yesterday", {"rhr": 41.0})
    made.put("metric_series", [
        {"date": day.isoformat(), "key": "worn_min", "value": 1400.0},
        {"date": day.isoformat(), "key": "rhr", "value": 99.0},
        {"date": "2026-05-01", "key": "efficiency", "value": 0.9},
        {"date": "2026-05-01", "key": "odi_per_hour", "value": 1.0},
        {"date": "x", "key": "rhr", "value": 1.0},
        {"date": "2026-05-01", "key": "rhr", "value": None},
    ])  # fmt: skip
    parts = read(made.close(), tmp_path)
    result, series = of(parts, ImportedDay)
    wave = day.toordinal() % 7
    assert (result.day, series.day) == (day, date(2026, 5, 1))
    assert result.values == {
        "resting_hr_bpm": 52.0 + wave, "rmssd_ms": 60.0 - wave, "readiness": 70.0 + wave,
        "breathing_rate_brpm": 14.5, "strain": 9.0 + wave, "sleep_min": 420.0,
        "sleep_efficiency": 93.0, "steps": 8000.0 + 100 * wave, "worn_min": 1400.0,
    }  # fmt: skip
    midnight = datetime.combine(day, time(), BERLIN).timestamp()
    assert result.sleep == (midnight - 1800, midnight + 7 * 3600)
    assert [stage for _, _, stage in result.stages] == [
        Stage.WAKE,
        Stage.LIGHT,
        Stage.DEEP,
        Stage.REM,
    ]
    assert series.values == {"sleep_efficiency": 90.0}
    assert skipped(parts) == {"unknown_metric": 2, "bad_time": 2, "skipped_day": 1}
    (workout,) = of(parts, ImportedWorkout)
    assert (workout.kind, workout.kcal, workout.zone_s) == ("run", 310.0, (300, 600, 900, 480, 120))
    (entry,) = of(parts, ImportedJournal)
    assert (entry.tags, entry.note) == (("late meal",), "pasta")


def test_what_the_wearer_corrected(tmp_path: Path) -> None:
    """Holds; naps that were none are none, and what makes no sense is counted."""
    made = EdgeDatabase(tmp_path / "x.db")
    made.put_result("2026-05-03", {"rhr": 50.0}, window={"value": "-"}, hypnogram=[
        {"start": T0, "end": T0 - 5, "stage": "deep"}, {"start": T0, "end": T0 + 60, "stage": "?"},
        {"start": T0, "end": T0 + 90, "stage": "rem"}, {"start": T0 + 60, "end": T0 + 120, "stage": "nrem"},
    ])  # fmt: skip
    made.put_result(
        "2026-05-04",
        {},
        payload={"sleep": {"window": {"value": {"onset_sec": T0, "offset_sec": T0 + 9}}}},
    )
    made.put(
        "day_result",
        [{"day_id": "2026-05-05", "algo_version": 1, "payload_json": "{", "computed_at": 1}],
    )
    made.put(
        "sleep_override",
        [
            {
                "day_id": "2026-05-03",
                "onset_ts": T0,
                "offset_ts": T0 + 3600,
                "source": "manual",
                "created_at": 1,
            }
        ],
    )
    made.put("sleep_nap", [
        {"day_id": "2026-05-03", "start_ts": T0, "end_ts": T0 + 900, "source": "manual", "created_at": 1},
        {"day_id": "2026-05-03", "start_ts": T0 + 1, "end_ts": T0 + 900, "source": "rejected", "created_at": 1},
        {"day_id": "2026-05-03", "start_ts": T0 + 2, "end_ts": T0, "source": "manual", "created_at": 1},
    ])  # fmt: skip
    made.put("sessions", [
        {"id": "a", "start_ts": T0, "end_ts": None, "status": "live"},
        {"id": "b", "start_ts": T0, "end_ts": None, "status": "done"},
        {"id": "c", "start_ts": T0, "end_ts": T0 + 600, "type": "Pickleball", "status": "done", "zone_min_json": '{"z2": 4}'},
    ])  # fmt: skip
    made.put("journal", [{"date": "x"}, {"date": "2026-05-03", "tags_json": "a; b"}])
    made.put("journal_metric", [
        {"date": "2026-05-03", "key": "caffeine", "value": 80.0},
        {"date": "2026-05-03", "key": "mood", "value": 9.0},
        {"date": "2026-05-03", "key": "pain", "value": None},
    ])  # fmt: skip
    parts = read(made.close(), tmp_path)
    third, fourth, fifth = of(parts, ImportedDay)
    assert third.sleep == (T0, T0 + 3600)
    assert third.stages == ((T0, T0 + 60, Stage.REM), (T0 + 60, T0 + 120, Stage.LIGHT))
    assert [(nap.start_ts, nap.end_ts) for nap in third.naps] == [(T0, T0 + 900)]
    assert (fourth.sleep, fifth.sleep) == ((T0, T0 + 9), None)
    (workout,) = of(parts, ImportedWorkout)
    assert (workout.kind, workout.zone_s) == (None, (0, 240, 0, 0, 0))
    assert [(one.tags, dict(one.numbers)) for one in of(parts, ImportedJournal)] == [
        (("a", "b"), {}), ((), {"caffeine": 80.0}),
    ]  # fmt: skip
    assert skipped(parts) == {
        "bad_stage": 2, "bad_payload": 1, "rejected_nap": 1, "bad_time": 3, "unfinished_workout": 1,
        "out_of_range": 1, "no_value": 1,
    }  # fmt: skip


def test_what_the_app_had_imported_itself(tmp_path: Path) -> None:
    """A vendor's readiness is its recovery."""
    made = EdgeDatabase(tmp_path / "x.db")
    made.put("metric_series", [{"date": "2026-05-03", "key": "readiness", "value": 64.0}])
    made.put_result("2026-05-03", {"readiness": 64.0}, payload={"source": "whoop_export"})
    (day,) = of(read(made.close(), tmp_path), ImportedDay)
    assert day.values == {"recovery": 64.0}


def test_tables_for_a_spreadsheet(tmp_path: Path) -> None:
    """In one folder, with a byte order mark; empty is not known."""
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, text in {
        "daily": "date,readiness,resting_hr,hrv,sleep_min,sleep_efficiency,source\n2026-05-03,70,52,,400,0.9,\nx,1,1,1,1,1,\n2026-05-04,60,,,,,whoop_export\n",
        "workouts": f"date,start_ts,end_ts,type,status,calories\n,{T0},{T0 + 600},walk,done,50\n,{T0},,walk,done,\n,{T0},{T0 + 9},walk,deleted,\n",
        "sleep": f"date,start_ts,end_ts,stage\n2026-05-03,{T0},{T0 + 60},deep\n2026-05-03,{T0},{T0},deep\n",
        "metrics": "date,key,value\n2026-05-03,rhr,99\n",
        "journal": 'date,tags,note\n2026-05-03,"[""a"",""b""]","x, y"\n?,a,\n',
        "labs": "taken_on,marker,value\n",
    }.items():
        (folder / f"openstrap_{name}_1.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    parts = read(folder, tmp_path)
    daily, vendor, night = of(parts, ImportedDay)
    assert daily.values == {
        "readiness": 70.0, "resting_hr_bpm": 52.0, "sleep_min": 400.0, "sleep_efficiency": 90.0,
    }  # fmt: skip
    assert vendor.values == {"recovery": 60.0}
    assert night.stages == ((T0, T0 + 60, Stage.DEEP),)
    assert [one.kind for one in of(parts, ImportedWorkout)] == ["walk"]
    assert [(one.tags, one.note) for one in of(parts, ImportedJournal)] == [(("a", "b"), "x, y")]
    assert skipped(parts) == {
        "bad_time": 3,
        "unfinished_workout": 1,
        "bad_stage": 1,
        "unknown_file": 1,
    }
    alone = folder / "openstrap_metrics_1.csv"
    alone.write_text(
        "date,key,value\n2026-05-03,efficiency,0.5\n2026-05-03,foo,1\n2026-05-03,rhr,\n"
    )
    parts = read(alone, tmp_path)
    assert [one.values for one in of(parts, ImportedDay)] == [{"sleep_efficiency": 50.0}]
    assert skipped(parts) == {"unknown_metric": 1, "no_value": 1}


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    """Whole, at the first look."""
    made = EdgeDatabase(tmp_path / "x.db")
    put_seconds(made, T0, 3000)
    path = made.close()
    data = bytearray(path.read_bytes())
    data[8192:40000] = bytes(40000 - 8192)
    path.write_bytes(data)
    with pytest.raises(ImportRefused) as caught:
        read(path, tmp_path)
    assert caught.value.code is Refusal.DAMAGED


def test_a_view_is_no_table(tmp_path: Path) -> None:
    """Whatever it would say."""
    made = EdgeDatabase(tmp_path / "x.db", V04)
    made._conn.execute(
        "CREATE VIEW sessions AS WITH RECURSIVE n(start_ts) AS"
        " (SELECT 1 UNION ALL SELECT start_ts + 1 FROM n) SELECT start_ts, 1 AS end_ts FROM n"
    )
    assert read(made.close(), tmp_path) == []


@pytest.mark.full
def test_imported_readings_are_derived(tmp_path: Path) -> None:
    """By the engine of all, and the day says how many came from elsewhere."""
    made = EdgeDatabase(tmp_path / "x.db")
    put_seconds(made, T0, 7 * 3600)
    with closing(WearerStore.open(tmp_path / "wearer.db")) as store:
        for part in of(read(made.close(), tmp_path), OutsideSamples):
            store.take_outside(part.records, now=T0 + 86400.0, tz=BERLIN)
        day = date(2026, 6, 1)
        analysis.derive(store, day, now=T0 + 86400.0, zone=BERLIN, profile=Profile())
        (row,) = store.days(day, day)
    assert row.algorithm == ALGORITHM_VERSION
    assert row.result["details"]["outside_records"] == row.records == 7 * 3600
    assert json.dumps(row.result)
