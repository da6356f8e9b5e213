"""Memory that an analysis leaves behind goes back to the system."""

from collections.abc import Callable
import ctypes
from functools import cache


def give_back() -> None:
    """Give the free pages of the heap back; some 2 ms, not for the event loop.

    The arrays of a day, 40 MB of them, are freed in another order than they came in, and glibc
    keeps the holes: some 50 MiB that stay with the process. Other C libraries give them back
    by themselves; there it does nothing.
    """
    if (trim := _malloc_trim()) is not None:
        trim(0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    """Find glibc's function; ctypes lets the other threads go on while it runs."""
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except AttributeError, OSError, TypeError:
        return None
    return found
