"""Files that are damaged, missing, foreign or not ours to touch."""

from collections.abc import Callable
from contextlib import closing
import os
from pathlib import Path
import random
import shutil
import sqlite3

import pytest

from custom_components.openstrap.store import StoreDamaged, StoreError, WearerStore, opening
from custom_components.openstrap.store.errors import translated
from custom_components.openstrap.store.examine import READING_VERSION

from .material import NOW, TZ, night, put, r24


@pytest.fixture
def filled(path: Path) -> Path:
    """Give a closed store of some size."""
    with closing(WearerStore.open(path)) as store:
        put(store, night(4000), NOW + 9000)
        while store.compact(now=NOW + 9000, tz=TZ):
            pass
    return path


def overwrite(at: float, size: int) -> Callable[[Path], None]:
    """Write rubbish over a part of a file."""

    def harm(path: Path) -> None:
        content = bytearray(path.read_bytes())
        first = int(len(content) * at)
        content[first : first + size] = random.Random(1).randbytes(size)
        path.write_bytes(content)

    return harm


def no_database(path: Path) -> None:
    """Be something else."""
    path.write_text("this is not a database, it is a letter\n" * 200)


def foreign_database(path: Path) -> None:
    """Be the database of somebody else."""
    path.unlink()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE addresses (name TEXT)")
        conn.execute("PRAGMA user_version = 1")


HARMS = {
    "header": overwrite(0, 100),
    "schema": overwrite(0.0, 8192),
    "halved": lambda path: os.truncate(path, path.stat().st_size // 2),
    "a page short": lambda path: os.truncate(path, path.stat().st_size - 4096),
    "empty": lambda path: os.truncate(path, 0),
    "no database": no_database,
    "foreign": foreign_database,
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_a_damaged_file_is_set_aside(filled: Path, harm: Callable[[Path], None]) -> None:
    """Once, with a report, and nothing of it is lost; after that all is well."""
    harm(filled)
    content = filled.read_bytes()
    with closing(WearerStore.open(filled)) as store:
        aside = store.opened.set_aside
        assert aside == filled.with_name("wearer.db.damaged-1")
        assert store.opened.damage
        assert not store.opened.created
        assert aside.read_bytes()[100:] == content[100:]
        assert store.stats()["frames"] == 0
        assert put(store, [r24(1)]).new == 1
    with closing(WearerStore.open(filled)) as store:
        assert store.opened == opening.Opened()
        assert put(store, [r24(1)]).duplicate == 1


def test_the_journal_goes_with_the_file(path: Path, tmp_path: Path) -> None:
    """It may hold what was committed last, and must not be played into the new file."""
    store = WearerStore.open(path)
    put(store, night(50))
    copy = tmp_path / "copy.db"
    for tail in ("", "-wal", "-shm"):
        shutil.copy(f"{path}{tail}", f"{copy}{tail}")
    store.close()
    os.truncate(copy, 0)
    with closing(WearerStore.open(copy)) as fresh:
        assert fresh.opened.damage == "damaged: the file is empty"
        assert fresh.stats()["frames"] == 0
    assert (tmp_path / "copy.db.damaged-1-wal").stat().st_size > 0


def test_a_journal_without_its_file(path: Path) -> None:
    """It is kept, and not played into a new file."""
    path.with_name("wearer.db-wal").write_bytes(b"something")
    with closing(WearerStore.open(path)) as store:
        assert store.opened.set_aside is not None
    assert path.with_name("wearer.db.damaged-1-wal").read_bytes() == b"something"


def test_a_disk_that_breaks_every_file_is_not_filled(path: Path) -> None:
    """The first ones stay, and the last."""
    for at in range(9):
        path.write_bytes(b"broken %d" % at)
        WearerStore.open(path).close()
    kept = sorted(path.parent.glob("*.damaged-*"))
    assert [file.name.rpartition("-")[2] for file in kept] == ["1", "2", "3", "4", "9"]
    assert kept[-1].read_bytes() == b"broken 8"


def test_a_set_aside_that_fails_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a loop, and not a new file over the damaged one."""
    path.write_bytes(b"broken")

    def refuse(*_: object) -> None:
        raise PermissionError("not allowed")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StoreError) as caught:
        WearerStore.open(path)
    assert caught.value.reason == "io_error"
    assert path.read_bytes() == b"broken"


def test_a_place_that_cannot_be_opened(tmp_path: Path) -> None:
    """A folder, or a folder that is not there: an error, and nothing is set aside."""
    for place in (tmp_path, tmp_path / "nowhere" / "wearer.db"):
        with pytest.raises(StoreError) as caught:
            WearerStore.open(place)
        assert caught.value.reason == "cannot_open"
    with pytest.raises(StoreError):
        WearerStore.open(tmp_path / "nothing.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_damage_that_shows_later_is_told_apart(filled: Path) -> None:
    """The caller closes and opens again; the check at opening then sets the file aside."""
    store = WearerStore.open(filled)
    HARMS["halved"](filled)
    with pytest.raises(StoreDamaged):
        list(store.records(0, 2**32))
    store.close()
    with closing(WearerStore.open(filled)) as again:
        assert again.opened.set_aside is not None


@pytest.mark.parametrize(
    "seed", [*range(12), *(pytest.param(at, marks=pytest.mark.full) for at in range(12, 120))]
)
def test_rubbish_anywhere(filled: Path, seed: int) -> None:
    """Opened, used and opened again: errors are StoreError, and there is no loop of them."""
    dice = random.Random(seed)
    content = bytearray(filled.read_bytes())
    for _ in range(dice.randint(1, 3)):
        size = dice.choice([1, 20, 4096])
        first = dice.randrange(len(content))
        content[first : first + size] = dice.randbytes(min(size, len(content) - first))
    filled.write_bytes(content)
    frames = night(4000)
    for attempt in range(4):
        try:
            with closing(WearerStore.open(filled)) as store:
                list(store.records(0, 2**32))
                store.latest_reading()
                put(store, frames, NOW + 9000)
                store.compact(now=NOW + 9000, tz=TZ)
                store.stats()
        except StoreError:
            assert attempt < 3
            continue
        break


def test_a_shortened_file_with_a_journal(path: Path, tmp_path: Path) -> None:
    """The journal says how long it should be, so the check is content with what is missing.

    It shows when it is read, once: opened again, only the hour that lost frames is sealed.
    """
    copy = tmp_path / "copy.db"
    with closing(WearerStore.open(path)) as store:
        put(store, night(4000), NOW + 9000)
        store.checkpoint()
        store.set_cursor("a", "b")
        shutil.copy(path, copy)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
    os.truncate(copy, copy.stat().st_size - 4096)
    with closing(WearerStore.open(copy)) as again, pytest.raises(StoreDamaged):
        list(again.records(0, 2**32))
    with closing(WearerStore.open(copy)) as again:
        assert 0 < sum(len(found.reason) for _, found in again.records(0, 2**32)) < 4000
        assert put(again, night(4000), NOW + 9000).rejected["sealed"] > 0


def test_text_that_is_no_text_is_damage() -> None:
    """An error that quotes it cannot even be put into words."""
    with pytest.raises(StoreDamaged), translated():
        b"\x9e".decode()


def test_a_damaged_file_opened_for_reading(path: Path) -> None:
    """Is told, and left."""
    path.write_bytes(b"broken" * 100)
    with pytest.raises(StoreDamaged):
        WearerStore.open(path, read_only=True)
    assert path.exists()


def test_a_new_file_says_so(path: Path) -> None:
    """An opened one does not, and removing takes all that belongs to it."""
    path.write_bytes(b"broken")
    WearerStore.open(path).close()
    path.unlink()
    with closing(WearerStore.open(path)) as store:
        assert store.opened.created
        put(store, [r24(1)])
    with closing(WearerStore.open(path)) as store:
        assert not store.opened.created
    WearerStore.remove(path)
    assert list(path.parent.iterdir()) == []


def test_every_commit_is_synced(store: WearerStore) -> None:
    """The band forgets what it is told was stored."""
    assert store._conn.execute("PRAGMA synchronous").fetchone() == (2,)
    assert store._conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._conn.execute("PRAGMA auto_vacuum").fetchone() == (2,)


def test_frames_are_read_again_when_they_are_read_differently(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A better decoder finds what an older one could not."""
    with closing(WearerStore.open(path)) as store:
        put(store, night(50))
        expected = store.dump()
        with store._writing() as conn:  # as if an older version had not known such records
            conn.execute("UPDATE blocks SET reason = 5")
            conn.execute("DELETE FROM minutes")
            conn.execute("DELETE FROM dirty")
    monkeypatch.setattr(opening, "READING_VERSION", READING_VERSION + 1)
    with closing(WearerStore.open(path)) as store:
        assert store.latest_reading().hr_bpm is None
        while store.compact(now=NOW, tz=TZ, limit=1):
            pass
        assert store.dump() == expected
        assert store.latest_reading().hr_bpm is not None
    with closing(WearerStore.open(path)) as store:
        assert store.stats()["loose_hours"] == 0


def test_a_checkpoint_empties_the_journal(path: Path) -> None:
    """So that a backup of the main file alone has everything."""
    with closing(WearerStore.open(path)) as store:
        put(store, night(500))
        assert store.stats()["journal_bytes"] > 0
        store.checkpoint()
        assert store.stats()["journal_bytes"] == 0
