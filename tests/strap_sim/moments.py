"""Moments in a strap's life that things can be tied to: the third burst, the hundredth record."""

from collections import Counter
from collections.abc import Callable
from enum import StrEnum


class Moment(StrEnum):
    """What can be waited for."""

    CONNECT = "connect"
    ENCRYPTED = "encrypted"
    COMMAND = "command"
    """A sound command has come, and is not carried out yet."""
    BURST = "burst"
    """A burst is about to begin."""
    RECORD = "record"
    """A member of a burst is about to go on the air."""
    END = "end"
    """The END of a burst is about to go on the air."""
    ACK = "ack"
    """An acknowledgement has come, and is not looked at yet."""


class Moments:
    """Counts moments, and does what was asked for at one of them."""

    def __init__(self) -> None:
        """Begin with nothing seen and nothing asked for."""
        self.seen: Counter[Moment] = Counter()
        self._wanted: dict[Moment, dict[int, list[Callable[[], object]]]] = {}

    def at(self, moment: Moment, count: int, action: Callable[[], object]) -> None:
        """Do something at the so-many-th moment of a kind from now on (1 is the next)."""
        wanted = self._wanted.setdefault(moment, {})
        wanted.setdefault(self.seen[moment] + count, []).append(action)

    def fire(self, moment: Moment) -> None:
        """Say that a moment has come."""
        self.seen[moment] += 1
        if (wanted := self._wanted.get(moment)) is not None:
            for action in wanted.pop(self.seen[moment], ()):
                action()

    def counter(self, moment: Moment) -> Callable[[], None] | None:
        """Give what to call at each such moment, None when nobody waits for any."""
        return (lambda: self.fire(moment)) if self._wanted.get(moment) else None
