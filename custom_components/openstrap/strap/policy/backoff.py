"""How long to wait before connecting again after a failure. Used by what opens connections."""

from collections.abc import Callable
from typing import Final

from ..errors import FaultKind

DELAYS_S: Final = (60.0, 120.0, 300.0, 900.0)
JITTER: Final = 0.2
REFUSALS: Final = 5
"""Refused bonds in a row before the long pause."""
PAUSE_REFUSED_S: Final = 1800.0
PAUSE_DAMAGED_S: Final = 120.0
SOON_S: Final = 5.0
"""Faults that are repaired by nothing else than a new connection."""

_SOON: Final = frozenset({FaultKind.CLOCK_LOST, FaultKind.STUCK, FaultKind.IMPLAUSIBLE})


class Backoff:
    """Failures in a row to a delay."""

    def __init__(self, dice: Callable[[], float]) -> None:
        """Take a source of numbers from 0 to 1."""
        self._dice = dice
        self._failures = 0
        self._refusals = 0

    def success(self) -> None:
        """Note a session that ended well."""
        self._failures = self._refusals = 0

    def failure(self, kind: FaultKind) -> float:
        """Note a failure; gives the seconds to wait."""
        base = DELAYS_S[min(self._failures, len(DELAYS_S) - 1)]
        self._failures += 1
        self._refusals = self._refusals + 1 if kind is FaultKind.BOND_REFUSED else 0
        if self._refusals and self._refusals % REFUSALS == 0:
            base = PAUSE_REFUSED_S
        elif kind is FaultKind.DAMAGED:
            base = max(base, PAUSE_DAMAGED_S)
        elif kind in _SOON and self._failures == 1:
            base = SOON_S
        return base * (1 + JITTER * (2 * self._dice() - 1))
