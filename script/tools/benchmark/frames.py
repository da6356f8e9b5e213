"""Frames to measure with: the demo wearer's, always the same ones."""

from datetime import UTC, datetime
from functools import cache
import time
from typing import Final
from zoneinfo import ZoneInfo

from openstrap.engine.demo import demo_frames
from openstrap.engine.profile import Profile
from openstrap.engine.protocol import Generation
from openstrap.engine.protocol.hexline import Inner

TZ: Final = ZoneInfo("Europe/Berlin")
SEED: Final = 7
DAY: Final = 86_400  # s
START: Final = datetime(2026, 3, 2, 11, tzinfo=UTC).timestamp()  # noon in Berlin
ADULT: Final = Profile(birth_year=1990, sex="m", height_cm=180.0, weight_kg=80.0)


@cache
def days(count: float) -> list[bytes]:
    """Make the records of so many days, the first beginning at local noon."""
    return demo_frames(SEED, START, START + count * DAY, TZ)


def inners(frames: list[bytes]) -> list[Inner]:
    """Wrap them as they come from a band whose kind is known."""
    return [Inner(frame, Generation.GEN4, proven=True) for frame in frames]


def recent(seconds: float) -> list[bytes]:
    """Make records of the demo wearer that end now, which the ingest door accepts."""
    now = int(time.time())
    return demo_frames(SEED, now - seconds, now, TZ)
