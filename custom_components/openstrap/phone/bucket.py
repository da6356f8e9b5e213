"""How fast one sender may go (the contract's numbers, made atomic)."""

import math
from typing import Final

CAPACITY: Final = 30.0  # requests at once
REFILL_PER_SECOND: Final = 0.5  # then one every two seconds
MOST_SENDERS: Final = 10_000  # remembered: what a flood of made-up addresses may cost in memory

_ROUNDING_S: Final = 1e-6  # of sums of fractions


class TokenBuckets:
    """A token bucket for each sender (a HA user's id, or an address), in memory.

    Taking a token never awaits, so requests that arrive together cannot spend the
    same one.
    """

    def __init__(
        self, capacity: float = CAPACITY, refill_per_second: float = REFILL_PER_SECOND
    ) -> None:
        """Start with full buckets."""
        self._capacity = capacity
        self._refill = refill_per_second
        self._levels: dict[str, tuple[float, float]] = {}  # sender: level, when

    def wait(self, sender: str, now: float) -> int:
        """Give the whole seconds until there is a token, 0 when there is one; takes none.

        `now` is in seconds of any clock that never goes back.
        """
        level = self._level(sender, now)
        missing = (1.0 - level) / self._refill  # s
        return 0 if missing <= _ROUNDING_S else max(1, math.ceil(missing - _ROUNDING_S))

    def take(self, sender: str, now: float) -> int:
        """Take one token: 0, or the whole seconds to wait when there is none."""
        if wait := self.wait(sender, now):
            return wait
        level = self._level(sender, now)
        # Taken out first, so that the order is that of their last token.
        self._levels.pop(sender, None)
        self._levels[sender] = (level - 1.0, now)
        if len(self._levels) > MOST_SENDERS:
            del self._levels[next(iter(self._levels))]
        return 0

    def _level(self, sender: str, now: float) -> float:
        level, since = self._levels.get(sender, (self._capacity, now))
        return min(self._capacity, level + (now - since) * self._refill)
