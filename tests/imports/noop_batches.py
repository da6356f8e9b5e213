"""Batches of NOOP's push, as the app sends them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
import json
from typing import Any
import uuid

from custom_components.openstrap.imports.noop_push import STREAMS

from ..stored_days import BERLIN

SOURCE, DEVICE = str(uuid.UUID(int=1)), "my-whoop"
# Not held still: all that is sent lies well behind the present.
DAY = datetime.now(BERLIN).date() - timedelta(days=5)
ONSET = int(datetime.combine(DAY - timedelta(days=1), time(23), BERLIN).timestamp())
CURSOR = {"rowId": 9, "keySha256": "a" * 64}

type Record = tuple[dict[str, Any], dict[str, Any]]


def batch(stream: str, records: Sequence[Record], **more: Any) -> bytes:
    """Make the body of a batch."""
    head: dict[str, Any] = {
        "type": "batch", "protocolVersion": "1.1", "batchId": str(uuid.uuid4()), "sourceId": SOURCE,
        "deviceId": DEVICE, "stream": stream, "recordCount": len(records), "startCursor": None,
    }  # fmt: skip
    if STREAMS[stream].selector is None:
        head |= {"delivery": "append", "endCursor": CURSOR}
    else:
        head |= {"delivery": "replace_window", "endCursor": None}
    lines = [head | more, *({"type": "record", "key": key, "data": data} for key, data in records)]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def window(
    start: Any, end: Any, part: int = 1, parts: int = 1, replacement: str = ""
) -> dict[str, Any]:
    """Make the window of a batch."""
    return {
        "replacementId": replacement or str(uuid.uuid4()),
        "selector": "day" if isinstance(start, str) else "startTs",
        "startInclusive": start, "endExclusive": end, "part": part, "parts": parts,
    }  # fmt: skip


def days(*told: tuple[date, dict[str, Any]], **more: Any) -> bytes:
    """Make a window of daily numbers around the day."""
    around = window(f"{DAY - timedelta(days=2)}", f"{DAY + timedelta(days=2)}")
    return batch(
        "dailyMetric",
        [({"day": f"{day}"}, data) for day, data in told],
        **{"window": around} | more,
    )
