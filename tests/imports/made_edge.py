"""Databases as the phone app makes them, small and made up."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta, tzinfo
import gzip
import json
from pathlib import Path
import sqlite3
from typing import Any

V04 = (
    """
    CREATE TABLE raw_records (
        hex TEXT PRIMARY KEY, packet_type INTEGER, counter INTEGER, captured_at INTEGER NOT NULL,
        uploaded INTEGER NOT NULL DEFAULT 0)
    """,
    "CREATE TABLE events (hex TEXT PRIMARY KEY, event_id INTEGER, ts INTEGER, captured_at INTEGER)",
)
"""What version 0.4 of the app had."""
_RESULTS = (
    """
    CREATE TABLE metric_series (
        date TEXT NOT NULL, key TEXT NOT NULL, value REAL, PRIMARY KEY (date, key))
    """,
    """
    CREATE TABLE sessions (
        id TEXT PRIMARY KEY, start_ts INTEGER NOT NULL, end_ts INTEGER, type TEXT, status TEXT,
        calories REAL, strain REAL, max_hr INTEGER, duration_min REAL, zone_min_json TEXT,
        steps INTEGER, cadence_spm REAL, hrr_bpm REAL, source TEXT, rpe INTEGER)
    """,
    """
    CREATE TABLE journal (
        date TEXT PRIMARY KEY, tags_json TEXT NOT NULL DEFAULT '[]', note TEXT, updated_at INTEGER)
    """,
    """
    CREATE TABLE journal_metric (
        date TEXT NOT NULL, key TEXT NOT NULL, value REAL, PRIMARY KEY (date, key))
    """,
    """
    CREATE TABLE sleep_nap (
        day_id TEXT NOT NULL, start_ts INTEGER NOT NULL, end_ts INTEGER NOT NULL,
        source TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (day_id, start_ts))
    """,
    """
    CREATE TABLE sleep_override (
        day_id TEXT PRIMARY KEY, onset_ts INTEGER NOT NULL, offset_ts INTEGER NOT NULL,
        source TEXT NOT NULL, created_at INTEGER NOT NULL)
    """,
    # Views are there in real ones; nobody is to read them.
    "CREATE VIEW v_daily AS SELECT date, value FROM metric_series",
)
V46 = (
    """
    CREATE TABLE raw_records (
        counter INTEGER PRIMARY KEY, hex TEXT NOT NULL, packet_type INTEGER,
        captured_at INTEGER NOT NULL, rec_ts INTEGER NOT NULL DEFAULT 0,
        uploaded INTEGER NOT NULL DEFAULT 0)
    """,
    """
    CREATE TABLE raw_archive (
        hex TEXT PRIMARY KEY, counter INTEGER, packet_type INTEGER, rec_ts INTEGER,
        captured_at INTEGER, reason TEXT)
    """,
    """
    CREATE TABLE decoded_onehz (
        rec_ts INTEGER PRIMARY KEY, counter INTEGER, hr INTEGER, ax REAL, ay REAL, az REAL,
        spo2_red_raw INTEGER, spo2_ir_raw INTEGER, skin_temp_raw INTEGER, step_count INTEGER,
        step_cadence INTEGER, activity_class INTEGER, skin_temp_c REAL, on_wrist INTEGER,
        hr_valid INTEGER, hr_alt INTEGER, ambient_raw INTEGER, device_family TEXT, source TEXT,
        temp_ch2_c REAL, temp_ch3_c REAL, signal_quality_logvar REAL, dyn_accel_g REAL)
    """,
    """
    CREATE TABLE decoded_rr (
        rec_ts INTEGER NOT NULL, beat_index INTEGER NOT NULL, rr_ts_ms INTEGER NOT NULL,
        rr_ms INTEGER NOT NULL, PRIMARY KEY (rec_ts, beat_index))
    """,
    """
    CREATE TABLE day_result (
        day_id TEXT NOT NULL, algo_version INTEGER NOT NULL, payload_json TEXT NOT NULL,
        window_json TEXT NOT NULL DEFAULT '{}', computed_at INTEGER NOT NULL,
        finalized INTEGER NOT NULL DEFAULT 0, rhr REAL, rmssd REAL, readiness REAL,
        skipped INTEGER NOT NULL DEFAULT 0, partial INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (day_id, algo_version))
    """,
    *_RESULTS,
)
V52 = tuple(
    statement.replace("rec_ts INTEGER PRIMARY KEY", "device_id TEXT NOT NULL, rec_ts INTEGER")
    .replace("dyn_accel_g REAL)", "dyn_accel_g REAL, PRIMARY KEY (device_id, rec_ts))")
    .replace("counter INTEGER PRIMARY KEY, hex", "device_id TEXT, counter INTEGER, hex")
    .replace("rec_ts INTEGER NOT NULL, beat_index", "device_id TEXT, rec_ts INTEGER, beat_index")
    .replace("PRIMARY KEY (rec_ts, beat_index)", "PRIMARY KEY (device_id, rec_ts, beat_index)")
    for statement in V46
)
"""Keyed by device since version 49."""
COUNTER_KEYED = (
    """
    CREATE TABLE decoded_onehz (
        counter INTEGER PRIMARY KEY, rec_ts INTEGER NOT NULL, hr INTEGER NOT NULL,
        ax REAL NOT NULL, ay REAL NOT NULL, az REAL NOT NULL)
    """,
    """
    CREATE TABLE decoded_rr (
        counter INTEGER NOT NULL, beat_index INTEGER NOT NULL, rr_ts_ms INTEGER NOT NULL,
        rr_ms INTEGER NOT NULL, PRIMARY KEY (counter, beat_index))
    """,
)
"""The oldest form of the decoded readings."""


class EdgeDatabase:
    """A database that is being filled."""

    def __init__(self, path: Path, schema: Sequence[str] = V46, version: int = 46) -> None:
        """Make the tables of a version."""
        self.path = path
        self._conn = sqlite3.connect(path)
        for statement in schema:
            self._conn.execute(statement)
        self._conn.execute(f"PRAGMA user_version = {version}")

    def put(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        """Put rows into a table."""
        for row in rows:
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            self._conn.execute(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - of the tests
                list(row.values()),
            )

    def put_result(
        self,
        day: str,
        scalars: dict[str, float],
        *,
        window: dict[str, Any] | None = None,
        hypnogram: list[dict[str, Any]] | None = None,
        version: int = 30,
        payload: dict[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """Put the result of a day."""
        whole = {"scalars": scalars, "series": {"hypnogram": hypnogram or []}} | (payload or {})
        row = {
            "day_id": day,
            "algo_version": version,
            "payload_json": json.dumps(whole),
            "window_json": json.dumps(window or {}),
            "computed_at": 1,
            "rhr": scalars.get("rhr"),
            "rmssd": scalars.get("rmssd"),
            "readiness": scalars.get("readiness"),
        }
        self.put("day_result", [row | more])

    def close(self) -> Path:
        """Finish; gives the file."""
        self._conn.commit()
        self._conn.close()
        return self.path


def gzipped(path: Path) -> bytes:
    """Give a file as the app sends it."""
    return gzip.compress(path.read_bytes())


def dump_of(path: Path) -> list[str]:
    """Give all that is in a database, to see that nothing changed."""
    with closing(sqlite3.connect(path)) as conn:
        return list(conn.iterdump())


def history(path: Path, first: date, days: int, *, zone: tzinfo, **schema: Any) -> Path:
    """Make a database with ordinary results of some days, a workout and a journal; no records."""
    made = EdgeDatabase(path, **schema)
    put_history(made, first, days, zone)
    return made.close()


def put_history(made: EdgeDatabase, first: date, days: int, zone: tzinfo) -> None:
    """Put results of some days, a workout and an entry of the journal on each."""
    for day in (first + timedelta(days=after) for after in range(days)):
        midnight = datetime.combine(day, time(), zone).timestamp()
        onset, offset = midnight - 1800.0, midnight + 7 * 3600.0
        wave = day.toordinal() % 7
        made.put_result(
            day.isoformat(),
            {
                "rhr": 52.0 + wave,
                "rmssd": 60.0 - wave,
                "readiness": 70.0 + wave,
                "resp_rate": 14.5,
                "strain": 9.0 + wave,
                "tst_min": 420.0,
                "efficiency": 0.93,
                "steps": 8000.0 + 100 * wave,
                "skin_temp_adc": 3011.0,
            },
            window={"onset_ms": onset * 1000, "offset_ms": offset * 1000},
            hypnogram=[
                {"start": onset, "end": onset + 1800, "stage": "wake"},
                {"start": onset + 1800, "end": onset + 5400, "stage": "light"},
                {"start": onset + 5400, "end": onset + 9000, "stage": "deep"},
                {"start": onset + 9000, "end": offset, "stage": "rem"},
            ],
        )
        start = midnight + 17 * 3600.0
        made.put(
            "sessions",
            [
                {
                    "id": f"auto:{start:.0f}", "start_ts": start, "end_ts": start + 2400,
                    "type": "running", "status": "done", "calories": 310.0, "strain": 8.5,
                    "max_hr": 171, "zone_min_json": "[5, 10, 15, 8, 2]",
                }
            ],
        )  # fmt: skip
        made.put(
            "journal", [{"date": day.isoformat(), "tags_json": '["late meal"]', "note": "pasta"}]
        )


def put_seconds(
    made: EdgeDatabase, start_ts: int, seconds: int, *, hr_bpm: int = 60, **more: Any
) -> None:
    """Put readings once a second, at rest, with a beat in each."""
    made.put(
        "decoded_onehz",
        (
            {
                "rec_ts": start_ts + at, "counter": start_ts + at, "hr": hr_bpm + at % 3,
                "ax": 0.0, "ay": 0.1, "az": 0.99,
            }
            | more
            for at in range(seconds)
        ),
    )  # fmt: skip
    made.put(
        "decoded_rr",
        (
            {
                "rec_ts": start_ts + at, "beat_index": 0, "rr_ts_ms": (start_ts + at) * 1000,
                "rr_ms": 60_000 // hr_bpm + 7 * (at % 5),
            }
            | {key: value for key, value in more.items() if key == "device_id"}
            for at in range(seconds)
        ),
    )  # fmt: skip


def put_frames(made: EdgeDatabase, frames: Iterable[bytes], *, table: str = "raw_records") -> None:
    """Put records as the band sent them."""
    made.put(
        table,
        (
            {"counter": at, "hex": frame.hex(), "packet_type": frame[0], "captured_at": 1}
            for at, frame in enumerate(frames)
        ),
    )
