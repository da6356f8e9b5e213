"""What an analysis leaves behind goes back to the system."""

import ctypes
from pathlib import Path
import sys

import pytest

from custom_components.openstrap import memory
from custom_components.openstrap.memory import give_back

HOLES = 4000
KIB_EACH = 16


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"),
    reason="other C libraries give pages back by themselves",
)
def test_holes_are_given_back() -> None:
    """Every other block stays, so the heap cannot shrink at its end."""
    held = [bytearray(b"x" * (KIB_EACH * 1024)) for _ in range(HOLES)]
    last = bytearray(b"x" * (KIB_EACH * 1024))
    del held[:]
    before = _resident_mib()
    give_back()
    assert before - _resident_mib() > 0.5 * HOLES * KIB_EACH / 1024
    assert last


@pytest.mark.parametrize("fault", [AttributeError, OSError, TypeError])
def test_nothing_happens_elsewhere(fault: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """A library without it is no reason to fail."""

    def missing(_name: object) -> object:
        raise fault

    memory._malloc_trim.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", missing)
    give_back()
    memory._malloc_trim.cache_clear()
