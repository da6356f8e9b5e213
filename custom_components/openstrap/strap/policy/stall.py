"""What to do when a transfer falls silent, and when a burst has to come once more."""

from typing import Final

IDLE_S: Final = 60.0
"""Silence during a transfer after which it is taken to have stopped: proxies can be slow."""
AFTER_ABORT_S: Final = 3.0
"""Rest after the order to stop."""
RESTARTS: Final = 3
"""Restarts of a transfer in one connection."""


class StallPolicy:
    """Counts the restarts of one connection.

    Silence has one budget for the whole connection; a burst that came damaged has its
    own, which begins again with every acknowledgement.
    """

    def __init__(self) -> None:
        """Start with full budgets."""
        self._silent = 0
        self._damaged = 0

    def may_restart_silent(self) -> bool:
        """Take one restart because of silence; False when there is none left."""
        self._silent += 1
        return self._silent <= RESTARTS

    def may_restart_damaged(self) -> bool:
        """Take one restart because a burst was not whole; False when there is none left."""
        self._damaged += 1
        return self._damaged <= RESTARTS

    def acknowledged(self) -> None:
        """Note that a burst went through."""
        self._damaged = 0
