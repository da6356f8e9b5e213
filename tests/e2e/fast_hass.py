"""Home Assistant whose clock can be hurried: python fast_hass.py PACE_FILE ARGUMENT...

A file tells the pace: a real moment, the time that it was then here, and how many seconds go by
in a real one. The clock of the machine stays as it is, and so does the code under test: what asks
for the time, or waits, is given the other clock before anything of Home Assistant is loaded.
"""

import datetime
from pathlib import Path
import selectors
import sys
import threading
import time
from typing import Any

REAL_S = time.time
LOOK_S = 0.05
"""Real seconds between two looks at the file, and the longest that the loop waits at once."""


class Pace:
    """What time it is here. Goes on by itself, and never back."""

    def __init__(self, path: Path) -> None:
        """Start with the clock of the machine."""
        self._path = path
        self._text = ""
        self._told = (REAL_S(), REAL_S(), 1.0)
        self._first = REAL_S()

    @property
    def speed(self) -> float:
        """Seconds here that go by in a real one."""
        return self._told[2]

    def now(self) -> float:
        """Epoch s."""
        real, here, speed = self._told
        return here + (REAL_S() - real) * speed

    def monotonic(self) -> float:
        """Seconds since the start; what stands for it elsewhere begins anywhere, too."""
        return self.now() - self._first

    def follow(self) -> None:
        """Read the file again and again."""
        while True:
            if self._path.exists() and (text := self._path.read_text()) != self._text:
                self._text = text
                real, here, speed = (float(part) for part in text.split())
                self._told = (real, here, speed)
            time.sleep(LOOK_S)


def hurry(pace: Pace) -> None:
    """Give this process the other clock."""
    time.time = pace.now
    time.monotonic = pace.monotonic
    select = selectors.EpollSelector.select

    def shorter(self: selectors.EpollSelector, timeout: float | None = None) -> Any:
        left = LOOK_S if timeout is None else min(timeout / pace.speed, LOOK_S)
        return select(self, left)

    selectors.EpollSelector.select = shorter  # type: ignore[method-assign,assignment]  # on purpose
    from homeassistant.util import dt as dt_util

    def now(time_zone: datetime.tzinfo | None = None) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(
            pace.now(), time_zone or dt_util.get_default_time_zone()
        )

    dt_util.utcnow = lambda: datetime.datetime.fromtimestamp(pace.now(), datetime.UTC)  # type: ignore[assignment]  # a partial elsewhere
    dt_util.now = now


def main() -> int:
    """Run Home Assistant, with the arguments that are its own."""
    pace = Pace(Path(sys.argv.pop(1)))
    hurry(pace)
    threading.Thread(target=pace.follow, daemon=True).start()
    from homeassistant.__main__ import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
