"""Opening a wearer's file: checked, brought up to date, or set aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
import re
import sqlite3
from typing import Final

from . import blocks
from .errors import StoreDamaged, StoreError, StoreTooNew, translate, translated
from .examine import READING_VERSION
from .schema import READING, STEPS, Step, apply_steps, get_meta, is_whole, set_meta, version_of

COMPANIONS: Final = ("-wal", "-shm")
"""Files that SQLite keeps beside its own; the first may hold what was committed last."""
_NUMBER: Final = re.compile(r"\.damaged-(\d+)(?:-wal|-shm)?$")
_BUSY_MS: Final = 10_000
_WAL_LIMIT_BYTES: Final = 16 * 1024 * 1024
_KEPT_ASIDE: Final = 5
"""Damaged files kept; a disk that breaks every new file must not also be filled by them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What was found when a store was opened."""

    created: bool = False
    """There was no file."""
    stepped_from: int | None = None
    """Version of an older file that was brought up to date."""
    set_aside: Path | None = None
    """Where a damaged file went; the store begins empty."""
    damage: str | None = None
    """What was wrong with it."""
    read_only: bool = False


def open_database(
    path: Path, *, read_only: bool = False, steps: Sequence[Step] = STEPS
) -> tuple[sqlite3.Connection, Opened]:
    """Open the file, or begin a new one where there is none or it is damaged.

    Raises StoreTooNew for a file of a later version (open it with ``read_only``) and
    StoreError when a sound file cannot be used: no access, disk full, a step that failed.
    Such a file is left as it is.
    """
    if read_only:
        return _open_read_only(path), Opened(read_only=True)
    existed = path.exists()
    try:
        conn, found = _open_sound(path, steps)
    except StoreDamaged as err:
        aside = set_aside(path)
        conn, _ = _open_sound(path, steps)
        return conn, Opened(set_aside=aside, damage=str(err))
    older = existed and 0 < found < len(steps)
    return conn, Opened(created=not existed, stepped_from=found if older else None)


def connect(path: Path, known: int = len(STEPS)) -> sqlite3.Connection:
    """Connect for reading and writing; every commit reaches the disk before it returns.

    Raises StoreTooNew for a file of a version above ``known``, and leaves it untouched.
    """
    conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    conn.text_factory = _text
    try:
        _refuse_newer(conn, known)
        conn.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        # Only a file without tables takes this; pages that pruning frees can then be given back.
        conn.execute("PRAGMA auto_vacuum = INCREMENTAL")
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
    except BaseException:
        conn.close()
        raise
    return conn


def _text(data: bytes) -> str:
    """Read text, also such as was changed on the disk: whoever parses it sees that."""
    return data.decode(errors="replace")


def _refuse_newer(conn: sqlite3.Connection, known: int) -> None:
    if (found := version_of(conn)) > known:
        raise StoreTooNew(found, known)


def remove(path: Path) -> None:
    """Delete a store that is closed, and every damaged file that was set aside for it."""
    for file in (path, *_companions(path), *path.parent.glob(f"{path.name}.damaged-*")):
        file.unlink(missing_ok=True)


def set_aside(path: Path) -> Path:
    """Move a damaged file away together with its companions and return where it is."""
    found = path.parent.glob(f"{path.name}.damaged-*")
    numbers = {int(match[1]) for file in found if (match := _NUMBER.search(file.name))}
    aside = path.with_name(f"{path.name}.damaged-{max(numbers, default=0) + 1}")
    try:
        for tail in (*COMPANIONS, ""):
            file = path.with_name(path.name + tail)
            if file.exists():
                file.rename(aside.with_name(aside.name + tail))
    except OSError as err:
        raise StoreError("io_error", str(err)) from err
    # The first ones hold the most; of a row of broken disks the middle is worth least.
    for number in sorted(numbers)[_KEPT_ASIDE - 1 :]:
        old = path.with_name(f"{path.name}.damaged-{number}")
        for file in (old, *_companions(old)):
            file.unlink(missing_ok=True)
    return aside


def _companions(path: Path) -> list[Path]:
    return [path.with_name(path.name + companion) for companion in COMPANIONS]


def _open_sound(path: Path, steps: Sequence[Step]) -> tuple[sqlite3.Connection, int]:
    """Open a file whose every page was checked; raises StoreDamaged."""
    existed = path.exists()
    journal = path.with_name(path.name + COMPANIONS[0])
    # SQLite would take these for a new file and delete the journal beside it.
    if existed and path.stat().st_size == 0:
        raise StoreDamaged("the file is empty")
    if not existed and journal.exists() and journal.stat().st_size:
        raise StoreDamaged("the file is missing, its journal is not")
    with translated():
        conn = connect(path, len(steps))
    try:
        with translated():
            return conn, _prepare(conn, existed, steps)
    except BaseException:
        conn.close()
        raise


def _prepare(conn: sqlite3.Connection, existed: bool, steps: Sequence[Step]) -> int:
    found = version_of(conn)
    if existed:
        faults = [row[0] for row in conn.execute("PRAGMA quick_check(1)")]
        if faults != ["ok"]:
            raise StoreDamaged(str(faults[0]))
        # Before a step changes it: what is no file of ours stays as it is.
        if not is_whole(conn, steps[:found]):
            raise StoreDamaged("tables or columns are missing")
    try:
        apply_steps(conn, steps)
    except sqlite3.Error as err:
        known = translate(err)
        raise known if known.reason != "other" else StoreError("step_failed", str(err)) from err
    if not is_whole(conn, steps):
        raise StoreDamaged("tables or columns are missing")
    if get_meta(conn, READING) != READING_VERSION:
        conn.execute("BEGIN IMMEDIATE")
        if get_meta(conn, READING):
            blocks.loosen_all(conn)
        set_meta(conn, READING, READING_VERSION)
        conn.execute("COMMIT")
    return found


def _open_read_only(path: Path) -> sqlite3.Connection:
    with translated():
        conn = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        conn.text_factory = _text
        try:
            conn.execute("PRAGMA query_only = ON")
            version_of(conn)
        except BaseException:
            conn.close()
            raise
    return conn
