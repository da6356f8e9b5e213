"""A file to import, opened so that nothing in it can do harm: plain, gzip, ZIP, or a folder.

What an archive says of itself is not believed: sizes are counted as they are read, and the names
of its files are never places on this disk.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
import errno
import gzip
import io
from pathlib import Path, PurePosixPath
import re
import shutil
import sqlite3
from typing import IO, Final, cast, override
import zipfile
import zlib

from .database import FAULTS, HEADER, connect, tables
from .parts import ImportRefused, Refusal
from .unwritten import JOURNAL, JOURNAL_MAGIC, LOG, take_in

MAX_FILES: Final = 100_000
"""A fortnight of a server's uploads is 80 000 small files; a longer list would fill the memory."""
MAX_READ_BYTES: Final = 16 * 1024**3
"""All that is read of one import, bytes, which is read twice: far above honest ones (judgement)."""
MAX_EXTRACTED_BYTES: Final = 2 * 1024**3
"""Of what has to lie on the disk to be read, databases: the ceiling of the largest known backup."""
MAX_RATIO: Final = 200
"""Unpacked to packed: databases and texts of readings reach 30, a bomb 1000."""
RATIO_FROM_BYTES: Final = 16 * 1024**2
"""Below this nothing can do harm, and few bytes of text may well shrink to almost none."""
SPARE_BYTES: Final = 256 * 1024**2
"""What unpacking leaves free on the disk, for the wearer's own file."""
_CHUNK: Final = 1024**2
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1
_NOISE: Final = "__MACOSX"
"""What one kind of computer adds to every archive; none of it is the user's."""
_DRIVE: Final = re.compile("[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Member:
    """A file within what is imported; ``name`` has forward slashes and is a name only."""

    name: str
    packed: int
    """Bytes that it takes in the archive, or on the disk."""
    _open: Callable[[], IO[bytes]] = field(repr=False, compare=False)
    _path: Path | None = field(default=None, repr=False, compare=False)
    """Where it lies unpacked, if it does."""

    @property
    def stem(self) -> str:
        """Last part of the name in lower case, up to its first dot."""
        return PurePosixPath(self.name).name.lower().partition(".")[0]


class Opened:
    """A file to import, with what is in it. Whatever is read may raise ImportRefused."""

    def __init__(
        self,
        path: Path,
        members: tuple[Member, ...],
        scratch: Path,
        max_extracted: int,
        beside: tuple[Member, ...] = (),
    ) -> None:
        """Keep what ``open_import`` found."""
        self.path = path
        self.members = members
        """By name; a plain file or a gzip has one, which bears the file's own name."""
        self._named = {member.name: member for member in (*beside, *members)}
        self._scratch = scratch
        self._max_extracted = max_extracted
        self._extracted: dict[str, Path] = {}
        self._checked: set[str] = set()
        self._tables: dict[str, frozenset[str]] = {}
        self._on_disk = 0
        self._read = 0

    @contextmanager
    def stream(self, member: Member) -> Iterator[io.BufferedReader]:
        """Give the bytes of a member, from its start."""
        with _reading():
            raw = member._open()  # noqa: SLF001 - its own room's
        with closing(raw):
            yield io.BufferedReader(_Counted(raw, member.packed, self._count), _CHUNK)

    def begins(self, member: Member, size: int = 4096) -> bytes:
        """Give the first bytes of a member."""
        with self.stream(member) as stream:
            return stream.read(size)

    def is_database(self, member: Member) -> bool:
        """Tell whether a member is a SQLite file."""
        return self.begins(member, len(HEADER)) == HEADER

    @contextmanager
    def database(self, member: Member) -> Iterator[sqlite3.Connection]:
        """Give a member as a sound database, which can only be read. See ``database``."""
        check = member.name not in self._checked
        try:
            with closing(connect(self.file(member), check=check)) as conn:
                self._checked.add(member.name)
                yield conn
        except FAULTS as err:
            raise ImportRefused(Refusal.DAMAGED) from err

    def tables(self, member: Member) -> frozenset[str]:
        """Give the names of a database's tables in lower case, none of what is no database.

        Cheap, for the file is not looked through; damage shows when it is read.
        """
        if (held := self._tables.get(member.name)) is None:
            held = frozenset()
            if self.is_database(member):
                try:
                    with closing(connect(self.file(member), check=False)) as conn:
                        held = tables(conn)
                except FAULTS as err:
                    raise ImportRefused(Refusal.DAMAGED) from err
            self._tables[member.name] = held
        return held

    def file(self, member: Member) -> Path:
        """Give a member as a file on the disk, which goes when the import is over.

        What a database had not written into its own file yet is in it.
        """
        if (held := self._extracted.get(member.name)) is not None:
            return held
        if (journal := self._named.get(member.name + JOURNAL)) is not None and self.begins(
            journal, len(JOURNAL_MAGIC)
        ) == JOURNAL_MAGIC:
            # Half of a change is in it, and what would undo that names files of its own.
            raise ImportRefused(Refusal.DAMAGED)
        log = self._named.get(member.name + LOG)
        if log is not None and not log.packed:
            log = None
        if log is None and (path := member._path) is not None:  # noqa: SLF001 - its own room's
            return path
        target = self._scratch / f"{len(self._extracted)}.part"
        self._copy(member, target)
        if log is not None:
            self._copy(log, target.with_name(target.name + LOG))
            before = target.stat().st_size
            take_in(target)
            self._need_room(max(target.stat().st_size - before, 0))
        self._extracted[member.name] = target
        return target

    def _copy(self, member: Member, target: Path) -> None:
        with self.stream(member) as source, target.open("wb") as copy:
            while chunk := source.read(_CHUNK):
                self._need_room(len(chunk))
                _write(copy, chunk)

    def _need_room(self, size: int) -> None:
        self._on_disk += size
        if self._on_disk > self._max_extracted:
            raise ImportRefused(Refusal.TOO_LARGE)
        if shutil.disk_usage(self._scratch).free < SPARE_BYTES + size:
            raise ImportRefused(Refusal.NO_SPACE)

    def _count(self, size: int) -> None:
        self._read += size
        if self._read > MAX_READ_BYTES:
            raise ImportRefused(Refusal.TOO_LARGE)


@contextmanager
def open_import(
    path: Path, scratch: Path, *, max_extracted: int = MAX_EXTRACTED_BYTES
) -> Iterator[Opened]:
    """Open a file or a folder. Raises ImportRefused.

    What has to be unpacked goes into ``scratch``, an empty folder that the caller removes.
    """
    if path.is_dir():
        with _reading():
            inside = _of_folder(path)
        yield Opened(path, inside, scratch, max_extracted)
        return
    if not path.is_file():
        # Nobody might ever write into a pipe.
        raise ImportRefused(Refusal.GONE)
    with _reading(), path.open("rb") as file:
        start = file.read(len(_ZIP))
        packed = path.stat().st_size
    if start == _ZIP:
        with _reading():
            archive = zipfile.ZipFile(path)
        with archive:
            yield Opened(path, _of_zip(archive), scratch, max_extracted)
        return
    if not start:
        raise ImportRefused(Refusal.EMPTY)
    if start.startswith(_GZIP):
        member = Member(
            path.name.removesuffix(".gz"), packed, lambda: cast("IO[bytes]", gzip.open(path))
        )
    else:
        member = Member(path.name, packed, lambda: path.open("rb"), path)
    yield Opened(path, (member,), scratch, max_extracted, tuple(_beside(path)))


def _beside(path: Path) -> Iterator[Member]:
    """Give what a database that is or was in use keeps beside itself."""
    for ending in (LOG, JOURNAL):
        other = path.with_name(path.name + ending)
        if other.is_file() and not other.is_symlink() and (size := other.stat().st_size):
            yield Member(other.name, size, _opener(other), other)


def _of_folder(folder: Path) -> tuple[Member, ...]:
    """List the files of a folder and of those within; links are not followed."""
    found: list[Member] = []
    for base, _, names in folder.walk():
        for name in names:
            path = base / name
            if path.is_symlink() or not path.is_file():
                continue
            _need_few(len(found) + 1)
            inside = path.relative_to(folder).as_posix()
            found.append(Member(inside, path.stat().st_size, _opener(path), path))
    return tuple(sorted(found, key=lambda member: member.name))


def _of_zip(archive: zipfile.ZipFile) -> tuple[Member, ...]:
    """List the files of an archive; one that names a place outside of it is refused."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    _need_few(len(infos))
    found: dict[str, Member] = {}
    for info in infos:
        # A name in another spelling would be another place on some system.
        parts = PurePosixPath(info.filename).parts
        if (
            not parts
            or ".." in parts
            or info.filename.startswith("/")
            or _DRIVE.match(info.filename)
            or set("\\\0") & set(info.orig_filename)
            or info.filename in found
        ):
            raise ImportRefused(Refusal.SUSPICIOUS)
        if info.flag_bits & _ENCRYPTED:
            raise ImportRefused(Refusal.ENCRYPTED)
        if parts[0] != _NOISE:
            found[info.filename] = Member(
                info.filename, info.compress_size, _zip_opener(archive, info)
            )
    return tuple(found[name] for name in sorted(found))


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _need_few(count: int) -> None:
    if count > MAX_FILES:
        raise ImportRefused(Refusal.TOO_MANY_FILES)


def _write(copy: IO[bytes], chunk: bytes) -> None:
    try:
        copy.write(chunk)
    except OSError as err:
        full = err.errno in (errno.ENOSPC, errno.EDQUOT)
        raise ImportRefused(Refusal.NO_SPACE if full else Refusal.GONE) from err


@contextmanager
def _reading() -> Iterator[None]:
    """Say in one way what the libraries say of a file that cannot be read."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        gzip.BadGzipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        UnicodeDecodeError,
    ) as err:
        raise ImportRefused(Refusal.DAMAGED) from err
    except OSError as err:
        # A place before the beginning or behind all ends is one that a damaged archive names.
        damaged = err.errno in (errno.EINVAL, None)
        raise ImportRefused(Refusal.DAMAGED if damaged else Refusal.GONE) from err


class _Counted(io.RawIOBase):
    """Bytes as they come, counted: what unpacks to far too much is noticed as it does."""

    def __init__(self, raw: IO[bytes], packed: int, count: Callable[[int], None]) -> None:
        self._raw = raw
        self._most = max(RATIO_FROM_BYTES, MAX_RATIO * packed)
        self._count = count
        self._size = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the base class takes any writable buffer
        with _reading():
            data = self._raw.read(len(buffer))
        self._count(len(data))
        self._size += len(data)
        if self._size > self._most:
            raise ImportRefused(Refusal.SUSPICIOUS)
        buffer[: len(data)] = data
        return len(data)
