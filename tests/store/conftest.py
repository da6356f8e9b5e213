"""A store in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custom_components.openstrap.store import WearerStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the place of a store that is not there yet."""
    return tmp_path / "wearer.db"


@pytest.fixture
def store(path: Path) -> Iterator[WearerStore]:
    """Open an empty store."""
    opened = WearerStore.open(path)
    yield opened
    opened.close()
