"""Bytes to records."""

import numpy as np

from openstrap.engine.protocol import Generation
from openstrap.engine.protocol.bulk import decode_records
from openstrap.engine.protocol.decode import decode

from .figure import Figure, seconds
from .frames import days

BULK = 200_000
SINGLE = 2_000


def bulk() -> list[Figure]:
    """Decode many summary records at once."""
    frames = days(1)
    matrix = np.frombuffer(b"".join(frames), np.uint8).reshape(len(frames), -1)
    matrix = np.tile(matrix, (BULK // len(frames) + 1, 1))[:BULK]
    runs = seconds(lambda: decode_records(matrix, Generation.GEN4))
    return [
        Figure(
            "decode_bulk",
            "frames/s",
            tuple(BULK / run for run in runs),
            budget=2_000_000,
            sense="over",
        )
    ]


def single() -> list[Figure]:
    """Decode summary records one by one."""
    frames = days(0.1)[:SINGLE]

    def work() -> None:
        for frame in frames:
            decode(frame, Generation.GEN4)

    runs = seconds(work)
    return [Figure("decode_single", "µs", tuple(run / len(frames) * 1e6 for run in runs), 30)]
