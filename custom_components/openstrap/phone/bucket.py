"""How fast one person may push (the contract's numbers, made atomic)."""

import math
from typing import Final

CAPACITY: Final = 30.0  # requests at once
REFILL_PER_SECOND: Final = 0.5  # then one every two seconds


class TokenBuckets:
    """A token bucket for each HA user, in memory.

    Taking a token never awaits, so requests that arrive together cannot spend the
    same one.
    """

    def __init__(self) -> None:
        """Start with full buckets."""
        self._levels: dict[str, tuple[float, float]] = {}  # user: level, when

    def take(self, user_id: str, now: float) -> int:
        """Take one token: 0, or the whole seconds to wait when there is none.

        `now` is in seconds of any clock that never goes back.
        """
        level, since = self._levels.get(user_id, (CAPACITY, now))
        level = min(CAPACITY, level + (now - since) * REFILL_PER_SECOND)
        if level < 1.0:
            self._levels[user_id] = (level, now)
            return max(1, math.ceil((1.0 - level) / REFILL_PER_SECOND))
        self._levels[user_id] = (level - 1.0, now)
        return 0
