"""Records in columns, made up."""

from dataclasses import fields
from typing import Any

import numpy as np

from custom_components.openstrap.engine.protocol import BeatRecords, Generation, decode_records
from custom_components.openstrap.engine.protocol.encode import encode_r24_rows

START = 1_780_000_020


def records(n: int, *, hr: Any = 60, accel: Any = (0.0, 0.6, 0.8), seed: int = 0) -> BeatRecords:
    """Make records 0.961 s apart from a whole minute on."""
    ticks = np.arange(n) * 25 * 32768 // 26
    chance = np.random.default_rng(seed)
    count = chance.integers(0, 3, n)
    matrix = encode_r24_rows(
        counter=np.arange(n),
        epoch=START + (ticks >> 15),
        subsec=ticks & 32767,
        hr_bpm=np.broadcast_to(hr, n),
        rr_ms=chance.integers(600, 1200, (n, 2)),
        rr_count=count,
        accel_g=np.broadcast_to(accel, (n, 3)),
        dyn_accel_g=0.0125,
    )
    return decode_records(matrix, Generation.GEN4)


def rows_of(source: BeatRecords, pick: Any) -> BeatRecords:
    """Return some of the records."""
    columns: dict[str, Any] = {
        field.name: getattr(source, field.name)[pick] for field in fields(BeatRecords)
    }
    return BeatRecords(**columns)
