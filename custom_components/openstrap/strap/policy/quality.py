"""Whether the radio path is any good."""

from typing import Final

WINDOW: Final = 50
"""Frames looked at."""
AT_LEAST: Final = 20
"""Frames before anything is said."""
BAD_SHARE: Final = 0.2

_MASK: Final = (1 << WINDOW) - 1


class LinkQuality:
    """Share of corrupt frames among the last ones."""

    def __init__(self) -> None:
        """Start without frames."""
        self._window = 0
        self._seen = 0

    def note(self, *, good: int, corrupt: int) -> None:
        """Take the frames of one notification."""
        self._window = ((self._window << good + corrupt) | ((1 << corrupt) - 1)) & _MASK
        self._seen = min(self._seen + good + corrupt, WINDOW)

    @property
    def marginal(self) -> bool:
        """A fifth of the frames or more is corrupt."""
        return self._seen >= AT_LEAST and self._window.bit_count() >= BAD_SHARE * self._seen
