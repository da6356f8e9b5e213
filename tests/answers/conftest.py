"""Fixtures of the answers' tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custom_components.openstrap.store import WearerStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Give an empty store."""
    store = WearerStore.open(tmp_path / "wearer.db")
    yield store
    store.close()
