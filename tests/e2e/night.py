"""The night that is pushed: a recorded one where the recordings are, else the demo wearer's."""

from collections.abc import Iterator
import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
import gzip
import os
from pathlib import Path
import random
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from custom_components.openstrap.engine.demo import demo_frames
from custom_components.openstrap.engine.protocol.encode import encode_r24_rows

TZ: Final = ZoneInfo("Europe/Berlin")  # of the Home Assistant that tests start
RISE: Final = time(7, 30)
FOLDER: Final = "whoop_real_night"
SLOTS: Final = 4  # beat intervals a record has room for
DEMO_SEED: Final = 3
ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Night:
    """Records as a band would send them, and what must come out of them."""

    day: date  # the local day that the night ends on
    start_ts: float
    end_ts: float
    records: tuple[bytes, ...]
    extra: tuple[bytes, ...]  # records of another time, as they were captured
    rmssd_ms: tuple[float, float]  # plausible from, to
    resting_hr_bpm: tuple[float, float]

    @property
    def all(self) -> tuple[bytes, ...]:
        """Every record of it."""
        return self.records + self.extra


def last_morning(now: datetime) -> datetime:
    """Find the newest local morning that has certainly passed.

    A fixed date would leave the reach of the retention (14 days of raw frames) and of
    whatever shows the last night; a night of the future would be refused. So the night
    ends on the latest morning that lies wholly behind us, whatever time the test runs at.
    """
    today = datetime.combine(now.date(), RISE, now.tzinfo)
    return today if today < now - timedelta(minutes=10) else today - timedelta(days=1)


def make_night(now: datetime) -> Night:
    """Make the night of the latest morning."""
    data = Path(os.environ.get("OPENSTRAP_DATA", ROOT.parent / "shared" / "data")) / FOLDER
    end = last_morning(now)
    return _recorded(data, end) if data.is_dir() else _made_up(end)


def _made_up(end: datetime) -> Night:
    start_ts = end.timestamp() - 11 * 3600
    records = demo_frames(DEMO_SEED, start_ts, end.timestamp(), TZ)
    return Night(
        end.date(), start_ts, end.timestamp(), tuple(records), (), (15.0, 150.0), (40.0, 75.0)
    )


def _recorded(folder: Path, end: datetime) -> Night:
    """Frame a night that is kept as a table of seconds and one of beats."""
    seconds = _rows(folder / "onehz.csv.gz")
    relative = np.array([int(row["rel_sec"]) for row in seconds])
    row_at = {second: row for row, second in enumerate(relative.tolist())}
    beats = np.zeros((len(seconds), SLOTS), np.int16)
    count = np.zeros(len(seconds), np.uint8)
    for beat in _rows(folder / "rr.csv.gz"):
        row = row_at[int(beat["rel_ms"]) // 1000]
        beats[row, count[row]] = int(beat["rr_ms"])
        count[row] += 1
    start = int(end.timestamp()) - int(relative[-1])
    rows = encode_r24_rows(
        counter=1_000_000 + np.arange(len(seconds)),
        epoch=start + relative,
        subsec=0,
        hr_bpm=[int(row["hr"]) for row in seconds],
        rr_ms=beats,
        rr_count=count,
        accel_g=[[float(row[axis]) for axis in ("ax", "ay", "az")] for row in seconds],
    )
    captured = [bytes.fromhex(row["hex"]) for row in _rows(folder / "r24_frames_9min.csv.gz")]
    return Night(
        end.date(),
        float(start),
        end.timestamp(),
        tuple(row.tobytes() for row in rows),
        tuple(captured),
        # The reference of the recording is 62.9 ms, over all of it and by another rule for
        # bad beats, and its mean heart rate 66.7, the lowest five minutes 55.8.
        (60.0, 70.0),
        (55.8, 63.0),
    )


def _rows(file: Path) -> list[dict[str, str]]:
    with gzip.open(file, "rt") as text:
        return list(csv.DictReader(text))


def shuffled_overlapping(
    records: tuple[bytes, ...], size: int, rng: random.Random, overlap: float = 0.1
) -> list[list[bytes]]:
    """Cut into batches of a size in any order, a part of each batch repeated in another."""
    order = list(records)
    rng.shuffle(order)
    fresh = round(size * (1 - overlap))
    batches = [order[at : at + fresh] for at in range(0, len(order), fresh)]
    return [batch + rng.sample(order, size - len(batch)) for batch in batches]


def random_batches(
    records: tuple[bytes, ...], times: int, rng: random.Random
) -> Iterator[list[bytes]]:
    """Give the whole so many times, each time in another order and other cuts."""
    for _ in range(times):
        order = list(records)
        rng.shuffle(order)
        at = 0
        while at < len(order):
            size = rng.randint(1500, 5000)
            yield order[at : at + size]
            at += size
