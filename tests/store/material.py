"""Frames for tests of the store: every kind that a band or a phone sends, and rubbish."""

from collections.abc import Callable, Sequence
import csv
from datetime import date
import gzip
from pathlib import Path
import random
import sqlite3
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
import numpy as np

from custom_components.openstrap.engine.protocol import Generation, Inner
from custom_components.openstrap.engine.protocol.encode import (
    encode_console,
    encode_event,
    encode_live_hr,
    encode_marker,
    encode_r10,
    encode_r24,
    encode_r24_rows,
    encode_v18,
)
from custom_components.openstrap.ingest import IngestReport, ingest
from custom_components.openstrap.store import WearerStore

TZ = ZoneInfo("Europe/Berlin")
START = 1_780_261_200
"""2026-05-31 23:00 local time, when the records of these tests begin."""
NOW = START + 7200.0
EVE, DAY = date(2026, 5, 31), date(2026, 6, 1)
"""The days that a record of the evening touches."""

GEN4, GEN5 = Generation.GEN4, Generation.GEN5


def r24(second: float, hr_bpm: int = 60, rr_ms: Sequence[int] = (1000,), counter: int = 0) -> bytes:
    """Make a summary record so many seconds after START."""
    epoch, fraction = divmod(second, 1)
    return encode_r24(
        counter or 1_000_000 + int(second * 2),
        START + int(epoch),
        int(fraction * 32768),
        hr_bpm,
        rr_ms,
    )


def r10(second: int, hr_bpm: int = 61, *, live: bool = False) -> bytes:
    """Make a high-rate record."""
    return encode_r10(
        second, START + second, 0, hr_bpm, [1000],
        accel_g=np.full((3, 100), 0.5), gyro_dps=np.zeros((3, 100)), live=live,
    )  # fmt: skip


def live(second: int, hr_bpm: int = 62) -> bytes:
    """Make a live heart rate packet."""
    return encode_live_hr(START + second, 0, hr_bpm, [900])


def v18(second: int, hr_bpm: int = 63) -> bytes:
    """Make a gen5 summary record."""
    return encode_v18(second, START + second, 0, hr_bpm, [1000])


def event(second: int, event_id: int = 9, body: bytes = b"", sequence: int = 0) -> bytes:
    """Make an event."""
    return encode_event(event_id, START + second, 0, body, sequence=sequence)


def gen4(frames: Sequence[bytes], *, proven: bool = False) -> list[Inner]:
    """Say that frames are gen4."""
    return [Inner(frame, GEN4, proven) for frame in frames]


def put(store: WearerStore, frames: Sequence[bytes | Inner], now: float = NOW) -> IngestReport:
    """Ingest frames (gen4 unless they say)."""
    inners = [frame if isinstance(frame, Inner) else Inner(frame, GEN4, False) for frame in frames]
    return ingest(store, inners, now=now, tz=TZ)


def night(count: int, start: int = START, seed: int = 1) -> list[bytes]:
    """Make summary records 0.961 s apart with all that varies in them varying."""
    rng = np.random.default_rng(seed)
    ticks = np.arange(count) * 31500 + rng.integers(0, 8, count)
    rows = encode_r24_rows(
        counter=np.arange(count) + 5_000,
        epoch=start + ticks // 32768,
        subsec=ticks % 32768,
        hr_bpm=rng.integers(45, 75, count),
        rr_ms=rng.integers(700, 1200, (count, 2)),
        rr_count=rng.integers(0, 3, count),
        accel_g=rng.normal(0, 0.5, (count, 3)),
        dyn_accel_g=rng.random(count).astype(np.float32),
    )
    data = rows.tobytes()
    return [data[at : at + 96] for at in range(0, len(data), 96)]


def real_r24(shared_data: Path) -> list[bytes]:
    """Read nine minutes of a real strap's summary records."""
    source = shared_data / "whoop_real_night" / "r24_frames_9min.csv.gz"
    with gzip.open(source, "rt") as lines:
        return [bytes.fromhex(row["hex"]) for row in csv.DictReader(lines)]


def catalogue(now: float = NOW) -> list[list[Inner]]:
    """List frames of every kind, each in every form and with every claim that it may come with.

    They share hours and minutes, so that their blocks, sums and events meet.
    """
    ahead = int(now) - START + 600
    unset = encode_r24(7, 40_000_000, 5, 70, [900])
    broken = bytearray(r24(4000))
    broken[36:40] = b"\xff\xff\xff\xff"
    frames = [
        *(r24(at * 0.961, hr_bpm=50 + at) for at in range(0, 130, 7)),
        r24(3500), r24(3601), r24(3602, hr_bpm=0, rr_ms=()), r24(3603, hr_bpm=250),
        r24(70.0)[:88].replace(b"\x2f\x18", b"\x2f\x0c", 1),
        r10(7), r10(70), r10(8, live=True), live(9), live(9, hr_bpm=0), live(3599), live(71),
        v18(20), v18(3620),
        event(30), event(30, sequence=5), event(31, 10), event(32, 3, b"\1\2\0"), event(3700, 14),
        encode_console(START + 40, "a line"), encode_marker(2, START + 41, token=b"12345678"),
        encode_marker(1, START + 42), b"\x24\x01\x02\x03\x04\x05\x06", b"\x24", b"\x2f", b"\x2f\x18",
        b"\x2f\x18" + bytes(20), bytes(4), b"\xff\x00\x01", b"\x28\x02", b"\x33\x00\x00\x00" + bytes(80),
        bytes(broken), r24(5000, hr_bpm=70).replace(b"\x2f\x18", b"\x2f\x63", 1),
        r24(ahead), live(ahead + 5), event(ahead + 6), v18(ahead + 7), unset,
        encode_event(9, 50_000_000, 1), live(10).rstrip(b"\0"),
    ]  # fmt: skip
    return [forms(frame) for frame in frames]


def forms(frame: bytes) -> list[Inner]:
    """Give the forms in which one frame may come: padded, stripped, and under every claim."""
    claims = [(GEN4, False), (GEN4, True), (GEN5, False), (GEN5, True)]
    shapes = [frame, frame + bytes(4), frame.rstrip(b"\0") or frame]
    return [Inner(shape, *claim) for shape in shapes for claim in claims]


CATALOGUE = catalogue()


@st.composite
def multisets(draw: st.DrawFn, kinds: int = 12) -> list[Inner]:
    """Draw some frames, most of them in several forms, with repetitions, in any order."""
    chosen = draw(st.lists(st.sampled_from(CATALOGUE), min_size=1, max_size=kinds))
    picks = st.lists(st.sampled_from(range(12)), min_size=1, max_size=4)
    frames = [variants[at] for variants in chosen for at in draw(picks)]
    return draw(st.permutations(frames))


def cut(frames: Sequence[Inner], dice: random.Random) -> list[list[Inner]]:
    """Shuffle frames, repeat some, and cut them into batches."""
    order = [*frames, *dice.choices(frames, k=dice.randrange(len(frames) + 1))]
    dice.shuffle(order)
    batches = []
    while order:
        size = dice.randint(1, max(1, len(order)))
        batches.append(order[:size])
        order = order[size:]
    return batches


class Broken(sqlite3.Connection):
    """A connection on which the statement with a given number fails, before or after it ran."""

    fail_at: int | None = None
    after = False
    count = 0
    error: BaseException = sqlite3.OperationalError("injected")

    @classmethod
    def arm(
        cls, fail_at: int | None, *, after: bool = False, error: BaseException | None = None
    ) -> None:
        """Let a statement to come fail: 0 is the next one, None is none."""
        cls.fail_at, cls.after, cls.count = fail_at, after, 0
        cls.error = error or sqlite3.OperationalError("injected")

    def _run[**P](
        self, call: Callable[P, sqlite3.Cursor], *args: P.args, **kwargs: P.kwargs
    ) -> sqlite3.Cursor:
        cls = type(self)
        number, cls.count = cls.count, cls.count + 1
        if number == cls.fail_at and not cls.after:
            raise cls.error
        result = call(*args, **kwargs)
        if number == cls.fail_at:
            raise cls.error
        return result

    def execute(self, *args: Any) -> sqlite3.Cursor:
        """Execute, unless its turn has come."""
        return self._run(super().execute, *args)

    def executemany(self, *args: Any) -> sqlite3.Cursor:
        """Execute, unless its turn has come."""
        return self._run(super().executemany, *args)
