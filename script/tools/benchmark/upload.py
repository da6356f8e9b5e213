"""A phone's whole database: how long it takes, what it needs, and who has to wait meanwhile."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
import gzip
import http.client
import json
from pathlib import Path
import sqlite3
from tempfile import TemporaryDirectory
from threading import Event, Thread
import time
from typing import Any, Final

from openstrap.engine.protocol import Generation
from openstrap.engine.protocol.bulk import decode_records
from openstrap.store.frames import group_frames

from ..home_assistant_client import Client
from ..phones import add_phone_wearer, add_users
from ..real_home_assistant import HOST, RealHomeAssistant
from .figure import Figure
from .frames import DAY, TZ, inners, recent
from .real import with_admin

RECORD_DAYS: Final = 3
"""So much of records and of readings a phone keeps, which here are of the same time."""
RESULT_DAYS: Final = 400
PAYLOAD: Final = 60_000
"""Characters of a day's result."""
ASK_EVERY_S: Final = 0.01
REACH: Final = "/api/openstrap/v1"


def upload() -> list[Figure]:
    """Send a database of about 100 MB twice: the first brings all in, the second nothing new."""

    async def furnish(admin: Client) -> tuple[str, str]:
        [user] = await add_users(admin, 1)
        return await add_phone_wearer(admin, "Bench", [user], birth_year=1990, sex="f"), user.token

    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        path = Path(folder) / "phone.db"
        _fill(path)
        size = path.stat().st_size
        body = gzip.compress(path.read_bytes(), 6)
        home_assistant.prepare()
        home_assistant.start()
        _, token = with_admin(home_assistant, furnish)
        time.sleep(10)  # what starting has to do
        before = _resident(home_assistant.pid, "VmRSS")
        try:
            spent, stalls, report = zip(
                *(_send(home_assistant.port, token, body) for _ in range(2)), strict=True
            )
        except RuntimeError as err:
            raise RuntimeError(home_assistant.log_tail()) from err
        peak = _resident(home_assistant.pid, "VmHWM")
    written = report[0]["written"]
    note = (
        f"{size / 1e6:.0f} MB, packed {len(body) / 1e6:.0f}; {written['frames_new']} frames, "
        f"{written['sample_seconds_new']} seconds, {written['days_new']} days"
    )
    return [
        Figure("upload", "s", (spent[0],), note=note),
        Figure("upload_again", "s", (spent[1],), note="nothing of it new"),
        Figure(
            "upload_memory", "MB", (peak - before,), note="highest above idle, scipy not loaded"
        ),
        Figure(
            "upload_wait",
            "ms",
            (1e3 * max(stalls),),
            budget=50,
            note="longest answer to another request",
        ),
    ]


def _send(port: int, token: str, body: bytes) -> tuple[float, float, dict[str, Any]]:
    """Send the body; seconds, the longest wait of somebody else (s), and the report."""
    ended, waits = Event(), [0.0]

    def ask() -> None:
        other = http.client.HTTPConnection(HOST, port)
        while not ended.wait(ASK_EVERY_S):
            begun = time.perf_counter()
            other.request("GET", REACH)
            other.getresponse().read()
            waits.append(time.perf_counter() - begun)
        other.close()

    asking = Thread(target=ask)
    asking.start()
    connection = http.client.HTTPConnection(HOST, port)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/gzip"}
    begun = time.perf_counter()
    connection.request("POST", f"{REACH}/health/upload?gz=1", body, headers)
    reply = connection.getresponse()
    answer = json.loads(reply.read())
    spent = time.perf_counter() - begun
    ended.set()
    asking.join()
    connection.close()
    if reply.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{reply.status} {answer}")
    return spent, max(waits), answer


def _resident(pid: int | None, name: str) -> float:
    """Give memory of a process, MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no {name}")


def _fill(path: Path) -> None:
    """Make a phone's database."""
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(
            "CREATE TABLE raw_records (counter INTEGER PRIMARY KEY, hex TEXT, rec_ts INTEGER)"
        )
        conn.execute(
            "CREATE TABLE decoded_onehz (rec_ts INTEGER PRIMARY KEY, counter INTEGER, hr INTEGER,"
            " ax REAL, ay REAL, az REAL, device_family TEXT)"
        )
        conn.execute(
            "CREATE TABLE decoded_rr (rec_ts INTEGER, beat_index INTEGER, rr_ts_ms INTEGER,"
            " rr_ms INTEGER, PRIMARY KEY (rec_ts, beat_index))"
        )
        conn.execute(
            "CREATE TABLE day_result (day_id TEXT, algo_version INTEGER, payload_json TEXT,"
            " window_json TEXT, rhr REAL, rmssd REAL, readiness REAL,"
            " PRIMARY KEY (day_id, algo_version))"
        )
        frames = recent(RECORD_DAYS * DAY)
        conn.executemany(
            "INSERT INTO raw_records VALUES (?, ?, 0)",
            ((at, frame.hex()) for at, frame in enumerate(frames)),
        )
        for rows in group_frames(inners(frames)):
            found = decode_records(rows.matrix, Generation.GEN4)
            conn.executemany(
                "INSERT OR IGNORE INTO decoded_onehz VALUES (?, ?, ?, ?, ?, ?, 'gen4')",
                zip(
                    found.epoch.tolist(),
                    found.counter.tolist(),
                    found.hr_bpm.tolist(),
                    *found.accel_g.astype(float).T.tolist(),
                    strict=True,
                ),
            )
            beats = zip(found.epoch.tolist(), found.rr_ms.tolist(), strict=True)
            conn.executemany(
                "INSERT OR IGNORE INTO decoded_rr VALUES (?, ?, ?, ?)",
                (
                    (at, place, at * 1000, interval)
                    for at, listed in beats
                    for place, interval in enumerate(listed)
                    if interval
                ),
            )
        conn.executemany("INSERT INTO day_result VALUES (?, 1, ?, ?, ?, ?, ?)", _results())
        conn.commit()


def _results() -> Iterator[tuple[Any, ...]]:
    today = datetime.now(TZ).date()
    for back in range(RECORD_DAYS + 1, RESULT_DAYS):
        day = today - timedelta(days=back)
        offset = datetime(day.year, day.month, day.day, 7, tzinfo=TZ).timestamp()
        payload = {
            "scalars": {"rhr": 52.0, "rmssd": 60.0, "tst_min": 420.0, "steps": 8000.0},
            "series": {"hr_curve": "x" * PAYLOAD},
        }
        window = {"onset_ms": 1000 * (offset - 28800), "offset_ms": 1000 * offset}
        yield day.isoformat(), json.dumps(payload), json.dumps(window), 52.0, 60.0, 70.0
