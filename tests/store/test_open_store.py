"""A file that is frozen for a copy stays as it is, whatever happens meanwhile."""

from pathlib import Path
import sqlite3

import pytest

from custom_components.openstrap.store import StoreError, WearerStore


def break_in_writing(store: WearerStore) -> None:
    """Lose the connection in the middle of a transaction."""
    with store._writing() as conn:
        conn.execute("UPDATE cursors SET value = '3'")
        conn.close()


def test_frozen_through_a_connection_that_broke(path: Path) -> None:
    """It is opened anew, and the main file is left alone all the same."""
    store = WearerStore.open(path)
    store.set_cursor("a", "1")
    store.freeze()
    before = path.read_bytes()
    store.set_cursor("a", "2")
    with pytest.raises(StoreError):
        break_in_writing(store)
    assert store._conn.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
    assert store.cursor("a") == "2"
    store.set_cursor("a", "4")
    assert path.read_bytes() == before
    store.thaw()
    assert store._conn.execute("PRAGMA wal_autocheckpoint").fetchone() == (1000,)
    store.close()
    assert path.read_bytes() != before
    assert not path.with_name(f"{path.name}-wal").exists()


def test_what_grew_while_frozen_is_brought_in_afterwards(path: Path) -> None:
    """More than the journal usually holds stays in it until then."""
    store = WearerStore.open(path)
    store.freeze()
    size = path.stat().st_size
    with store._writing() as conn:
        conn.execute("CREATE TABLE big (x BLOB)")
        conn.executemany("INSERT INTO big VALUES (?)", [(bytes(4000),)] * 3000)
    for number in range(3):
        store.set_cursor("a", str(number))
    assert path.stat().st_size == size
    store.thaw()
    store.set_cursor("a", "4")
    assert path.stat().st_size > size + 3000 * 4000
    store.close()


def test_freezing_twice_and_thawing_what_is_not_frozen(path: Path) -> None:
    """A backup after one that did not come to its end, and an end without a beginning."""
    store = WearerStore.open(path)
    store.thaw()
    store.freeze()
    store.freeze()
    store.thaw()
    store.thaw()
    store.close()
    assert not path.with_name(f"{path.name}-wal").exists()


def test_a_file_that_is_only_read_is_not_frozen(path: Path) -> None:
    """There is nothing that could change it."""
    WearerStore.open(path).close()
    store = WearerStore.open(path, read_only=True)
    store.freeze()
    store.thaw()
    with pytest.raises(StoreError, match="read_only"):
        store.set_cursor("a", "1")
    store.close()
    with sqlite3.connect(path) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    conn.close()
