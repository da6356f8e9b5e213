"""Frames for tests."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

from custom_components.openstrap.engine.demo import demo_frames
from custom_components.openstrap.engine.protocol import Generation, Inner
from custom_components.openstrap.engine.protocol.encode import encode_r24

SEED = 5


def record(ts: int, hr_bpm: int = 60) -> bytes:
    """Make one record at a whole second."""
    beats = [round(60000 / hr_bpm)] if hr_bpm else []
    return encode_r24(counter=ts, epoch=ts, subsec=0, hr_bpm=hr_bpm, rr_ms=beats)


def minute(ts: int, hr_bpm: int = 60) -> list[bytes]:
    """Make sixty records, one a second, from a time on."""
    return [record(ts + second, hr_bpm) for second in range(60)]


def hexed(frames: list[bytes]) -> list[str]:
    """Write frames as a phone sends them."""
    return [frame.hex() for frame in frames]


def inners(frames: list[bytes]) -> list[Inner]:
    """Give frames as a band's link does."""
    return [Inner(frame, Generation.GEN4, proven=True) for frame in frames]


@cache
def night(day: date, zone: tzinfo = UTC) -> list[Inner]:
    """Make a person's records from nine in the evening to nine in the morning of a day."""
    morning = datetime.combine(day, time(9), zone)
    start = (morning - timedelta(hours=12)).timestamp()
    return inners(demo_frames(SEED, start, morning.timestamp(), zone))
