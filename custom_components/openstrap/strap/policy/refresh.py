"""When history is asked for again on a connection that is held."""

from typing import Final

PERIOD_S: Final = 900.0
PROMPT_GAP_S: Final = 90.0
"""Least time between a refresh and one that an event of the strap asks for."""
EMPTY_STEP: Final = 3
"""Empty refreshes in a row after which that gap doubles, twice."""
MAX_DOUBLINGS: Final = 2


class RefreshPolicy:
    """Times are monotonic seconds."""

    def __init__(self, now: float, period_s: float = PERIOD_S) -> None:
        """Start at the end of a drain."""
        self._period_s = period_s
        self._last = now
        self._empty = 0
        self._prompted = False
        self._asked = False

    def prompt(self) -> None:
        """Note that the strap offers data."""
        self._prompted = True

    def ask(self) -> None:
        """Note that a person wants the data now."""
        self._asked = True

    @property
    def due_at(self) -> float:
        """Time of the next refresh."""
        if self._asked:
            return self._last
        doublings = min(self._empty // EMPTY_STEP, MAX_DOUBLINGS)
        gap_s = PROMPT_GAP_S * 2**doublings if self._prompted else self._period_s
        return self._last + min(gap_s, self._period_s)

    def done(self, now: float, *, empty: bool) -> None:
        """Note a refresh and whether it brought nothing."""
        self._last = now
        self._empty = self._empty + 1 if empty else 0
        self._prompted = self._asked = False
