"""NOOP's push protocol 1.0 and 1.1: what a batch must be, and what its records mean.

Each line is a JSON object: first what the batch is, then as many records as that says. A batch that
is not exactly so is refused whole. Streams of which nothing could be made are not asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import json
import math
import re
from typing import Any, Final

from ..engine.protocol import BeatRecords
from .seconds import beat_seconds, heart_seconds, motion_seconds

VERSIONS: Final = ("1.1", "1.0")
MAX_RECORDS: Final = 5000
MAX_DECODED: Final = 4 * 1024 * 1024
MAX_WIRE: Final = MAX_DECODED + 64 * 1024
"""Bytes of a batch, unpacked and as it comes."""
MAX_PARTS: Final = 1000
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_INT: Final = "int"
_NUMBER: Final = "number"
_TEXT: Final = "text"
_FLAG: Final = "flag"
_DAY: Final = "day"


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: its keys, and its data with their kinds; those in ``needed`` are never null."""

    keys: Mapping[str, str]
    data: Mapping[str, str]
    needed: frozenset[str] = frozenset()
    selector: str | None = None
    """What a window of it goes by; None for one that only grows."""


_DAILY: Final = dict.fromkeys(
    [
        "totalSleepMin",
        "efficiency",
        "deepMin",
        "remMin",
        "lightMin",
        "restingHr",
        "avgHrv",
        "recovery",
        "strain",
        "spo2Pct",
        "skinTempDevC",
        "respRateBpm",
        "activeKcalEst",
        "spo2Red",
        "spo2Ir",
        "sleepPerformance",
        "sleepConsistency",
    ],
    _NUMBER,
) | dict.fromkeys(("disturbances", "exerciseCount", "steps"), _INT)
STREAMS: Final[Mapping[str, Stream]] = {
    "hrSample": Stream({"ts": _INT}, {"bpm": _INT}, frozenset({"bpm"})),
    "rrInterval": Stream(
        {"ts": _INT, "rrMs": _INT, "seq": _INT},
        {"ord": _INT, "srcChannel": _INT, "tsSuspect": _INT},
    ),
    "gravitySample": Stream(
        {"ts": _INT},
        {"x": _NUMBER, "y": _NUMBER, "z": _NUMBER, "dynAccel": _NUMBER},
        frozenset({"x", "y", "z"}),
    ),
    "dailyMetric": Stream({"day": _DAY}, _DAILY, selector="day"),
    "sleepSession": Stream(
        {"startTs": _INT},
        {
            "endTs": _INT, "efficiency": _NUMBER, "restingHr": _NUMBER, "avgHrv": _NUMBER,
            "stagesJSON": _TEXT, "userEdited": _FLAG, "startTsAdjusted": _INT,
        },
        frozenset({"endTs", "userEdited"}),
        "startTs",
    ),
    "workout": Stream(
        {"startTs": _INT, "sport": _TEXT},
        {
            "endTs": _INT, "source": _TEXT, "durationS": _NUMBER, "energyKcal": _NUMBER,
            "avgHr": _NUMBER, "maxHr": _NUMBER, "strain": _NUMBER, "distanceM": _NUMBER,
            "zonesJSON": _TEXT, "notes": _TEXT, "steps": _INT,
        },
        frozenset({"endTs", "source"}),
        "startTs",
    ),
    "journal": Stream(
        {"day": _DAY, "question": _TEXT},
        {"answeredYes": _FLAG, "notes": _TEXT, "numericValue": _NUMBER},
        frozenset({"answeredYes"}),
        "day",
    ),
}  # fmt: skip
"""Streams of which something is made here."""


class PushRefused(ValueError):
    """A batch is refused; ``status`` is that of the answer, ``code`` a stable word."""

    def __init__(self, status: int, code: str) -> None:
        """Take both."""
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Window:
    """A window that is replaced, and which part of it a batch is."""

    replacement: str
    start: str | int
    end: str | int
    part: int
    parts: int

    @property
    def span(self) -> str:
        """What all parts have in common."""
        return json.dumps([self.start, self.end])


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that is as it must be."""

    version: str
    batch: str
    source: str
    device: str
    stream: str
    end_cursor: Mapping[str, Any] | None
    window: Window | None
    records: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...]
    """Keys and data."""

    def ack(self) -> dict[str, Any]:
        """Give the answer to it, the same each time."""
        return {
            "protocolVersion": self.version,
            "batchId": self.batch,
            "stream": self.stream,
            "deviceId": self.device,
            "endCursor": self.end_cursor,
            "acceptedRows": len(self.records),
            "status": "accepted",
        }


def chosen_version(accepted: str) -> str | None:
    """Give the first version of a list that is spoken here; None when there is none."""
    for told in accepted.split(",")[:20]:
        if (version := told.strip()) in VERSIONS:
            return version
    return None


def parse(body: bytes) -> Batch:
    """Read a batch. Raises PushRefused."""
    if len(body) > MAX_DECODED:
        raise PushRefused(413, "too_large")
    # What is cut off is known by the count; the last line may end or not.
    lines = body.removesuffix(b"\n").split(b"\n")
    if len(lines) > MAX_RECORDS + 1 or not body:
        raise PushRefused(413 if len(lines) > MAX_RECORDS + 1 else 400, "malformed_batch")
    head, *rest = [_object(line) for line in lines]
    if head.get("type") != "batch":
        raise PushRefused(400, "malformed_batch")
    version = head.get("protocolVersion")
    if version not in VERSIONS:
        raise PushRefused(422, "unsupported_version")
    name = head.get("stream")
    stream = STREAMS.get(name) if isinstance(name, str) else None
    if stream is None or not isinstance(name, str):
        raise PushRefused(422, "unsupported_stream")
    delivery = "append" if stream.selector is None else "replace_window"
    if head.get("delivery") != delivery:
        raise PushRefused(422, "registry_mismatch")
    if not _is(_INT, head.get("recordCount")) or head["recordCount"] != len(rest):
        raise PushRefused(400, "record_count")
    device = head.get("deviceId")
    if not isinstance(device, str) or not 1 <= len(device) <= 200:
        raise PushRefused(422, "invalid_header")
    if not all(
        isinstance(head.get(key), str) and _UUID.fullmatch(head[key])
        for key in ("batchId", "sourceId")
    ):
        raise PushRefused(422, "invalid_header")
    records = tuple(_record(stream, told, version) for told in rest)
    if len({_key(key) for key, _ in records}) != len(records):
        raise PushRefused(422, "duplicate_key")
    end = head.get("endCursor")
    window = None
    if stream.selector is None:
        _check_cursors(head, records)
    else:
        window = _window(head, stream, records)
    return Batch(version, head["batchId"], head["sourceId"], device, name, end, window, records)


def samples_of(batch: Batch) -> BeatRecords:
    """Give the readings of a batch that only grows."""
    match batch.stream:
        case "hrSample":
            rows = batch.records
            return heart_seconds([key["ts"] for key, _ in rows], [data["bpm"] for _, data in rows])
        case "rrInterval":
            ranked = sorted(
                (key["ts"], -1 if data.get("ord") is None else data["ord"], key["rrMs"], key["seq"])
                for key, data in batch.records
                if not data.get("tsSuspect")
            )
            return beat_seconds([row[0] for row in ranked], [row[2] for row in ranked])
    rows = batch.records
    dyn = [data.get("dynAccel") for _, data in rows]
    return motion_seconds(
        [key["ts"] for key, _ in rows],
        [(data["x"], data["y"], data["z"]) for _, data in rows],
        [math.nan if value is None else value for value in dyn],
    )


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as err:
        raise PushRefused(400, "malformed_batch") from err
    if not isinstance(found, dict):
        raise PushRefused(400, "malformed_batch")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _record(
    stream: Stream, told: Mapping[str, Any], version: str
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    key, data = told.get("key"), told.get("data")
    if told.get("type") != "record" or not isinstance(key, dict) or not isinstance(data, dict):
        raise PushRefused(422, "invalid_record")
    if key.keys() != stream.keys.keys():
        raise PushRefused(422, "invalid_record")
    if not all(_is(kind, key[name]) for name, kind in stream.keys.items()):
        raise PushRefused(422, "invalid_record")
    for name, kind in stream.data.items():
        value = data.get(name)
        if not _is(kind, value) if value is not None else name in stream.needed:
            raise PushRefused(422, "invalid_record")
    known = set(stream.data)
    if version == "1.0":
        known -= {"sleepPerformance", "sleepConsistency"}
    return key, {name: data[name] for name in known if data.get(name) is not None}


def _is(kind: str, value: Any) -> bool:
    if kind == _FLAG:
        return isinstance(value, bool)
    if kind == _TEXT:
        return isinstance(value, str)
    if kind == _DAY:
        return isinstance(value, str) and _is_day(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if kind == _INT and not isinstance(value, int):
        return False
    return abs(value) < 2**53


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _check_cursors(head: Mapping[str, Any], records: tuple[Any, ...]) -> None:
    start, end = head.get("startCursor"), head.get("endCursor")
    if not records or head.get("window") is not None or end is None:
        raise PushRefused(422, "invalid_header")
    for cursor in (start, end):
        if cursor is None:
            continue
        if (
            not isinstance(cursor, dict)
            or not _is(_INT, cursor.get("rowId"))
            or not isinstance(cursor.get("keySha256"), str)
            or not _HASH.fullmatch(cursor["keySha256"])
        ):
            raise PushRefused(422, "invalid_cursor")
    if start is not None and start["rowId"] >= end["rowId"]:
        raise PushRefused(422, "invalid_cursor")


def _window(head: Mapping[str, Any], stream: Stream, records: tuple[Any, ...]) -> Window:
    told = head.get("window")
    if head.get("startCursor") is not None or head.get("endCursor") is not None:
        raise PushRefused(422, "invalid_cursor")
    if not isinstance(told, dict) or told.get("selector") != stream.selector:
        raise PushRefused(422, "invalid_window")
    kind = stream.keys[str(stream.selector)]
    start, end = told.get("startInclusive"), told.get("endExclusive")
    part, parts = told.get("part"), told.get("parts")
    replacement = told.get("replacementId")
    sound = (
        _is(kind, start)
        and _is(kind, end)
        and _is(_INT, part)
        and _is(_INT, parts)
        and isinstance(replacement, str)
        and _UUID.fullmatch(replacement) is not None
        and start < end  # type: ignore[operator]
        and 1 <= part <= parts <= MAX_PARTS  # type: ignore[operator]
    )
    if not sound:
        raise PushRefused(422, "invalid_window")
    if not all(start <= key[stream.selector] < end for key, _ in records):
        raise PushRefused(422, "outside_window")
    return Window(str(replacement), start, end, int(part or 0), int(parts or 0))  # type: ignore[arg-type]


def _key(key: Mapping[str, Any]) -> str:
    return key_text(key)


def key_text(key: Mapping[str, Any]) -> str:
    """Give a key as text, the same for the same key."""
    return json.dumps(key, sort_keys=True, ensure_ascii=False)
