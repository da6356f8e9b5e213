"""Files as other systems write them, small and made up. No real export is in here."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
import csv
from datetime import datetime, timedelta
import io
import json
from pathlib import Path
import sqlite3
from typing import Any
import zipfile
import zlib

from custom_components.openstrap.imports.whoop_words import WORDS

LANGUAGES = ("en", "de", "es", "fr", "pt")
CYCLES = (
    "cycle_start", "cycle_end", "timezone", "recovery", "resting_hr", "hrv", "skin_temp", "spo2",
    "day_strain", "energy", "max_hr", "average_hr", "onset", "wake", "performance", "breathing",
    "asleep", "in_bed", "light", "deep", "rem", "awake", "need", "debt", "efficiency",
    "consistency",
)  # fmt: skip
SLEEPS = (*CYCLES[:3], *CYCLES[12:], "nap")
WORKOUTS = (
    "cycle_start", "cycle_end", "timezone", "workout_start", "workout_end", "duration", "activity",
    "activity_strain", "energy", "max_hr", "average_hr", "zone_1", "zone_2", "zone_3", "zone_4",
    "zone_5", "gps", "distance", "altitude_gain", "altitude_change",
)  # fmt: skip
JOURNAL = ("cycle_start", "cycle_end", "timezone", "question", "answer", "notes")
FILES = {
    "en": ("physiological_cycles", "sleeps", "workouts", "journal_entries"),
    "de": ("physiologische_zyklen", "Schlaf", "Trainings", "logbuch_eintraege"),
    "es": ("physiological_cycles", "sueño", "entrenamientos", "journal_entries"),
    "fr": ("physiological_cycles", "sommeil", "entraînements", "journal_entries"),
    "pt": ("ciclos_fisiológicos", "sonos", "treinos", "entradas_diário"),
}
YES = {"en": "true", "de": "Ja", "es": "sí", "fr": "vrai", "pt": "sim"}
NO = {"en": "false", "de": "Nein", "es": "no", "fr": "faux", "pt": "não"}
UNITS = {
    "recovery": "%", "spo2": "%", "performance": "%", "efficiency": "%", "consistency": "%",
    "resting_hr": "(bpm)", "max_hr": "(bpm)", "average_hr": "(bpm)", "hrv": "(ms)",
    "skin_temp": "(celsius)", "energy": "(cal)", "breathing": "(rpm)", "distance": "(meters)",
    **dict.fromkeys(("asleep", "in_bed", "light", "deep", "rem", "awake", "need", "debt", "duration"), "(min)"),
    **{f"zone_{zone}": "%" for zone in range(1, 6)},
}  # fmt: skip
type Line = dict[str, Any]


def title(field: str, language: str, units: Mapping[str, str] = UNITS) -> str:
    """Give the title of a column in a language, the first one where it has no own."""
    words = WORDS[field]
    place = LANGUAGES.index(language)
    unit = units.get(field, "")
    return f"{words[place if place < len(words) else 0].capitalize()} {unit}".strip()


def table(
    fields: Sequence[str],
    lines: Iterable[Line],
    language: str = "en",
    *,
    delimiter: str = ",",
    comma: bool = False,
    units: Mapping[str, str] = UNITS,
    titles: Sequence[str] | None = None,
    encoding: str = "utf-8-sig",
) -> bytes:
    """Write a table in a language; flags in its words, decimals with a comma if asked for."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(titles or [title(field, language, units) for field in fields])
    for line in lines:
        writer.writerow([_cell(line.get(field, ""), language, comma=comma) for field in fields])
    return text.getvalue().encode(encoding)


def _cell(value: Any, language: str, *, comma: bool) -> str:
    if isinstance(value, bool):
        return (YES if value else NO)[language]
    text = "" if value is None else str(value)
    return text.replace(".", ",") if comma and isinstance(value, float) else text


def cycle(woke: datetime, offset: str = "UTC+01:00", **more: Any) -> Line:
    """Tell a cycle of eight hours in bed before a wall-clock time."""
    start = woke - timedelta(hours=8)
    return {
        "cycle_start": start, "cycle_end": woke + timedelta(hours=16), "timezone": offset,
        "recovery": 61, "resting_hr": 52, "hrv": 63.5, "skin_temp": 34.1, "spo2": 96.2,
        "day_strain": 11.3, "energy": 2345, "max_hr": 161, "average_hr": 71, "onset": start,
        "wake": woke, "performance": 83, "breathing": 14.6, "asleep": 432, "in_bed": 480,
        "light": 230, "deep": 90, "rem": 112, "awake": 48, "need": 510, "debt": 21,
        "efficiency": 90, "consistency": 70,
    } | more  # fmt: skip


def sleep(woke: datetime, offset: str = "UTC+01:00", *, nap: bool = False, **more: Any) -> Line:
    """Tell a sleep of the table of sleeps."""
    return {name: cycle(woke, offset)[name] for name in SLEEPS[:-1]} | {"nap": nap} | more


def workout(start: datetime, offset: str = "UTC+01:00", **more: Any) -> Line:
    """Tell an hour's run."""
    return {
        "cycle_start": start - timedelta(hours=19), "cycle_end": "", "timezone": offset,
        "workout_start": start, "workout_end": start + timedelta(hours=1), "duration": 60,
        "activity": "Running", "activity_strain": 12.4, "energy": 600, "max_hr": 175,
        "average_hr": 150, "zone_1": 10, "zone_2": 20, "zone_3": 30, "zone_4": 30, "zone_5": 5,
        "gps": False,
    } | more  # fmt: skip


def answer(woke: datetime, question: str, *, yes: bool, note: str = "") -> Line:
    """Tell an answer of the journal."""
    start = woke - timedelta(hours=8)
    return {"cycle_start": start, "cycle_end": start + timedelta(days=1), "timezone": "UTC+01:00",
            "question": question, "answer": yes, "notes": note}  # fmt: skip


def whoop_zip(path: Path, nights: Sequence[datetime], language: str = "en", **how: Any) -> Path:
    """Write a whole export: cycles with an open last one, sleeps with a nap, workouts, journal."""
    cycles = [cycle(woke) for woke in nights]
    cycles[-1]["cycle_end"] = ""
    naps = [
        sleep(
            nights[0] + timedelta(hours=8),
            nap=True,
            onset=nights[0] + timedelta(hours=7.5),
            asleep=25,
        )
    ]
    tables = (
        (CYCLES, cycles),
        (SLEEPS, [*(sleep(woke) for woke in nights), *naps]),
        (WORKOUTS, [workout(nights[0] + timedelta(hours=11))]),
        (JOURNAL, [answer(nights[0], "Have any alcoholic drinks?", yes=True, note="two"),
                   answer(nights[0], "Used a sauna?", yes=False)]),
    )  # fmt: skip
    files = {
        f"{name}.csv": table(fields, lines, language, **how)
        for name, (fields, lines) in zip(FILES[language], tables, strict=True)
    }
    return zipped(path, files)


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def database(path: Path, tables: Mapping[str, Any]) -> Path:
    """Write a database: name -> columns and rows."""
    with closing(sqlite3.connect(path)) as conn:
        for name, (names, rows) in tables.items():
            conn.execute(f"CREATE TABLE {name} ({names})")
            marks = ", ".join("?" * len(names.split(",")))
            conn.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608 - from here
        conn.commit()
    return path


def packed_frames(frames: Sequence[bytes], *, header: bool = True, length: bool = True) -> bytes:
    """Pack frames as NOOP does: with or without a header of zlib, and the length before it."""
    data = len(frames).to_bytes(4, "little")
    data += b"".join(len(frame).to_bytes(4, "little") + frame for frame in frames)
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS if header else -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush()
    return (len(data).to_bytes(4, "little") if length else b"") + packed


def noop_tables(start_ts: int, frames: Sequence[bytes] = ()) -> dict[str, tuple[str, list[Any]]]:
    """Give the tables of a NOOP backup with a night of eight hours from a time on."""
    end = start_ts + 8 * 3600
    day = datetime.fromtimestamp(end).strftime("%Y-%m-%d")
    stages = [
        {"start": start_ts, "end": start_ts + 3600, "stage": "awake"},
        {"start": start_ts + 3600, "end": start_ts + 14400, "stage": "light"},
        {"start": start_ts + 14400, "end": start_ts + 20000, "stage": "deep"},
        {"start": start_ts + 20000, "end": end, "stage": "rem"},
    ]
    seconds = range(start_ts, start_ts + 100)
    return {
        "hrSample": ("deviceId, ts INTEGER, bpm INTEGER, synced", [["my-whoop", ts, 55, 0] for ts in seconds]),
        "rrInterval": (
            "deviceId, ts INTEGER, rrMs INTEGER, seq, ord",
            [["my-whoop", ts, rr, 0, at] for ts in seconds for at, rr in ((0, 900), (1, 850))],
        ),
        "gravitySample": (
            "deviceId, ts INTEGER, x REAL, y REAL, z REAL", [["my-whoop-noop", ts, 0.0, 0.6, 0.8] for ts in seconds]
        ),
        "stepSample": ("deviceId, ts INTEGER, counter INTEGER", [["my-whoop", ts, 65530 + ts % 6] for ts in seconds]),
        "rawBatch": ("batchId, framesBlob BLOB", [["a", packed_frames(frames)]] if frames else []),
        "sleepSession": (
            "deviceId, startTs INTEGER, endTs INTEGER, efficiency REAL, restingHr, avgHrv, stagesJSON",
            [["my-whoop", start_ts, end, 0.91, 51, 62.0, json.dumps(stages)],
             ["my-whoop", end + 20000, end + 22000, 0.9, None, None, json.dumps({"light": 30})]],
        ),
        "dailyMetric": (
            "deviceId, day, totalSleepMin, efficiency, deepMin, restingHr, avgHrv, recovery, strain, respRateBpm",
            [["my-whoop", day, 420.0, 0.91, 95.0, 50, 64.0, 71.0, 55.0, 14.2],
             ["my-whoop-noop", day, 400.0, 0.9, 90.0, 49, 60.0, 70.0, 54.0, 14.0]],
        ),
        "workout": (
            "deviceId, startTs INTEGER, endTs INTEGER, sport, source, energyKcal, avgHr, maxHr, strain, zonesJSON",
            [["my-whoop", end + 30000, end + 33600, "Cycling", "x", 500.0, 140, 170, 50.0,
              json.dumps({"zone1": 10, "zone2": 20, "zone3": 30, "zone4": 30, "zone5": 10})]],
        ),
        "journal": (
            "deviceId, day, question, answeredYes INTEGER, notes",
            [["my-whoop", day, "Any alcohol?", 1, "wine"], ["my-whoop", day, "Sauna?", 0, None]],
        ),
        "metricSeries": ("deviceId, day, key, value REAL", [["my-whoop", day, "sleep_performance", 84.0]]),
        "appleDaily": ("deviceId, day, steps, activeKcal, basalKcal, vo2max", [["apple-health", day, 8000, 400, 1600, 44.0]]),
    }  # fmt: skip


RAW_TITLES = [
    "unix_s",
    "iso_utc",
    "stream",
    "hr_bpm",
    "rr_ms",
    "grav_x",
    "grav_y",
    "grav_z",
    "step_counter",
    "ppg_bpm",
    "ppg_conf",
    "spo2_red",
    "spo2_ir",
    "skintemp_raw",
    "resp_raw",
    "band_sleep_state",
    "event_kind",
    "event_payload",
]
"""The newest version; an older one lacks ``band_sleep_state``."""


def noop_csv(start_ts: int, seconds: int, *, old: bool = False) -> bytes:
    """Write NOOP's table of raw readings."""
    titles = [name for name in RAW_TITLES if not old or name != "band_sleep_state"]
    lines = ["# NOOP raw sensor export", ",".join(titles)]
    for ts in range(start_ts, start_ts + seconds):
        for told in (
            {"stream": "hr", "hr_bpm": 60}, {"stream": "rr", "rr_ms": 1000}, {"stream": "rr", "rr_ms": 980},
            {"stream": "gravity", "grav_x": 0.1, "grav_y": 0.2, "grav_z": 0.97},
            {"stream": "steps", "step_counter": 12}, {"stream": "band_sleep_state"}, {"stream": "hr", "hr_bpm": "x"},
        ):  # fmt: skip
            row = {"unix_s": ts} | told
            lines.append(",".join(str(row.get(name, "")) for name in titles))
    return "\n".join(lines).encode()


def openwhoop_tables(
    start_ts: int, packets: Sequence[bytes] = ()
) -> dict[str, tuple[str, list[Any]]]:
    """Give openwhoop's tables with a night of eight hours from a time on."""

    def text(ts: float) -> str:
        return datetime.fromtimestamp(ts, None).astimezone().strftime("%Y-%m-%d %H:%M:%S")

    def utc(ts: float) -> str:
        return f"{datetime(1970, 1, 1) + timedelta(seconds=ts)}"

    end = start_ts + 8 * 3600
    return {
        "heart_rate": (
            "id, bpm INTEGER, time TEXT, rr_intervals TEXT",
            [[at, 58, utc(start_ts + at), "1000,1020" if at % 2 else ""] for at in range(60)] + [[99, 58, "soon", ""]],
        ),
        "sleep_cycles": (
            "id, sleep_id, start, end, avg_bpm, avg_hrv, score",
            [["a", "2026-03-29", utc(start_ts), utc(end), 54, 66, 90.0]],
        ),
        "activities": (
            "period_id, start, end, activity, strain",
            [["a", utc(end + 20000), utc(end + 22000), "Nap", None], ["a", utc(end + 30000), utc(end + 33000), "Activity", 8.5]],
        ),
        "strain": ("date, strain", [["2026-03-29", 9.5], ["never", 1.0]]),
        "packets": (
            "id INTEGER, uuid, generation, bytes BLOB",
            [[at, "x", "Whoop4", chunk] for at, chunk in enumerate(packets)],
        ),
    }  # fmt: skip


SEED_COLUMNS = {
    "daily": "user_id, date, strain, resting_hr, recovery, hrv_rmssd, resp_rate, resp_conf, steps, calories, wear_min",
    "sleep": "user_id, date, onset_ts, wake_ts, duration_min, efficiency, light_min, deep_min, rem_min",
    "sleep_periods": "user_id, id, date, onset_ts, wake_ts, duration_min, efficiency, is_main",
    "sessions": "user_id, id, start_ts, end_ts, type, avg_hr, max_hr, strain, calories, hrr60, zones, status",
    "journal": "user_id, date, tags, note",
}


def seed_rows(start_ts: int, user: str = "u1") -> dict[str, list[list[Any]]]:
    """Give the rows of the original server with a night of eight hours from a time on."""
    end = start_ts + 8 * 3600
    day = f"{datetime(1970, 1, 1) + timedelta(seconds=end):%Y-%m-%d}"
    return {
        "daily": [[user, day, 10.5, 53, 66.0, 61.0, 14.5, 0.8, 7000, 500, 1300]],
        "sleep": [[user, day, start_ts, end, 430, 0.9, 240, 90, 100]],
        "sleep_periods": [[user, "p1", day, start_ts, end, 430, 0.9, 1], [user, "p2", day, end + 20000, end + 22000, 30, 0.9, 0]],
        "sessions": [[user, "s1", end + 30000, end + 33000, "run", 150, 175, 12.0, 450, 30, "[5,10,15,10,5]", "done"],
                     [user, "s2", end + 40000, end + 43000, "walk", 0, 0, None, 0, None, None, "deleted"]],
        "journal": [[user, day, '["alcohol","late meal"]', "it's late; so"]],
    }  # fmt: skip


def seed_sql(rows: Mapping[str, Sequence[Sequence[Any]]], *, named: bool) -> bytes:
    """Write a dump, with the names of the columns in each row or in the tables alone."""
    lines = ["PRAGMA defer_foreign_keys=TRUE;", "-- a comment; with 'a quote"]
    for table_name, names in SEED_COLUMNS.items():
        lines.append(f'CREATE TABLE "{table_name}" ({names}, PRIMARY KEY (user_id));')
        for row in rows.get(table_name, ()):
            values = ",".join(_sql(value) for value in row)
            quoted = ",".join(f'"{name.strip()}"' for name in names.split(","))
            lines.append(
                f'INSERT INTO "{table_name}" {f"({quoted}) " if named else ""}VALUES({values});'
            )
    return "\n".join(lines).encode()


def _sql(value: Any) -> str:
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


DOCTYPE = """<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST Record type CDATA #REQUIRED>
<!ELEMENT Broken ANY
]>
"""
"""As the phone writes it, with a fault that some versions have."""


def apple_xml(elements: Iterable[str], *, doctype: str = DOCTYPE) -> bytes:
    """Write an export of Apple Health."""
    body = "\n".join(elements)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}<HealthData locale="de_DE">\n'
        f' <ExportDate value="2026-04-01 10:00:00 +0200"/>\n{body}\n</HealthData>\n'
    ).encode()


def apple_record(
    kind: str,
    start: datetime,
    end: datetime,
    value: Any,
    unit: str = "",
    *,
    source: str = "Apple Watch",
) -> str:
    """Write a record; times bear their offsets."""
    form = "%Y-%m-%d %H:%M:%S %z"
    name = "HKCategoryTypeIdentifier" if kind == "SleepAnalysis" else "HKQuantityTypeIdentifier"
    told = f"HKCategoryValueSleepAnalysis{value}" if kind == "SleepAnalysis" else value
    return (
        f'<Record type="{name}{kind}" sourceName="{source}" unit="{unit}" startDate="{start:{form}}"'
        f' endDate="{end:{form}}" value="{told}"/>'
    )
