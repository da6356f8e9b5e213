"""The newest reading of a wearer."""

from dataclasses import dataclass
import sqlite3

from ..engine.protocol import BeatRecords, Reason
from ..engine.rollup import Source
from . import minutes
from .examine import SECONDS_PER_HOUR
from .reading import records


@dataclass(frozen=True, slots=True)
class LatestReading:
    """The newest usable heart rate, and the newest record of any kind with beats."""

    hr_ts: float | None = None
    """When the heart rate was read, by the strap's clock, epoch s."""
    hr_bpm: int | None = None
    record_ts: float | None = None
    """When the newest record was made, with a heart rate or without."""
    rank: int = 0
    """Of readings of one moment the better source wins, whatever came first."""

    def join(self, other: LatestReading) -> LatestReading:
        """Give the newer of both, field by field."""
        hr = max(self, other, key=LatestReading._hr_key)
        stamps = [ts for ts in (self.record_ts, other.record_ts) if ts is not None]
        return LatestReading(hr.hr_ts, hr.hr_bpm, max(stamps, default=None), hr.rank)

    def _hr_key(self) -> tuple[float, int, int]:
        return (-1.0 if self.hr_ts is None else self.hr_ts, self.rank, self.hr_bpm or 0)


def latest_of(found: BeatRecords, source: Source) -> LatestReading:
    """Give the newest reading of decoded records of one source."""
    ok = found.reason == Reason.OK
    if not ok.any():
        return LatestReading()
    ts, hr = found.ts[ok], found.hr_bpm[ok]
    record_ts = float(ts.max())
    read = hr > 0
    if not read.any():
        return LatestReading(record_ts=record_ts)
    hr_ts = float(ts[read].max())
    hr_bpm = int(hr[read & (ts == hr_ts)].max())
    return LatestReading(hr_ts, hr_bpm, record_ts, rank=-source)


def find(conn: sqlite3.Connection) -> LatestReading:
    """Look the newest reading up: the minutes say in which hours, the frames say when."""
    stamps = (minutes.newest(conn, with_hr=True), minutes.newest(conn, with_hr=False))
    newest = LatestReading()
    for hour in {stamp // SECONDS_PER_HOUR for stamp in stamps if stamp is not None}:
        start = hour * SECONDS_PER_HOUR
        for source, found in records(conn, start, start + SECONDS_PER_HOUR):
            newest = newest.join(latest_of(found, source))
    return newest
