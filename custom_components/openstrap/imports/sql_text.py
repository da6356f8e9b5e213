"""A dump of a database as SQL text, read without running any of it."""

from collections.abc import Iterator
import io
import re
from typing import Any, Final

from .archive import Member, Opened
from .parts import ImportRefused, Refusal

MAX_STATEMENT: Final = 4 * 1024 * 1024
"""Characters of one statement: more than a server of this kind keeps in a row."""
_CHUNK: Final = 256 * 1024
_TOKEN: Final = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[xX]'[0-9a-fA-F]*'"""
    r"""|[-+]?[0-9][0-9.eE+]*|\w+|--[^\n]*|/\*.*?\*/|[^\s]""",
    re.DOTALL,
)
_PIECE: Final = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*\n|/\*.*?\*/|;|[^'";/-]+|.""", re.DOTALL
)
_BEFORE: Final = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
"""What may stand before a statement."""
_CREATES: Final = re.compile(_BEFORE + r"CREATE\s+TABLE\b", re.IGNORECASE | re.DOTALL)
_INSERTS: Final = re.compile(_BEFORE + r"INSERT\b", re.IGNORECASE | re.DOTALL)
_CONSTRAINTS: Final = frozenset({"primary", "unique", "check", "foreign", "constraint"})

type Told = tuple[str, dict[str, Any]]
"""A table (lower case), and one row by the names of its columns (lower case)."""


def is_dump(begins: bytes) -> bool:
    """Tell whether bytes are the beginning of a dump."""
    text = re.sub(r"--[^\n]*\n|/\*.*?\*/", " ", begins.decode("utf-8", "ignore"), flags=re.DOTALL)
    return bool(
        re.match(
            r"\s*(PRAGMA|BEGIN|CREATE\s+TABLE|INSERT\s+(OR\s+\w+\s+)?INTO|DROP\s+TABLE)\b",
            text,
            re.IGNORECASE,
        )
    )


def rows_of(opened: Opened, member: Member, tables: frozenset[str]) -> Iterator[Told]:
    """Read the rows of some tables in the order of the dump. Raises ImportRefused."""
    names: dict[str, tuple[str, ...]] = {}
    for statement in _statements(opened, member):
        if _CREATES.match(statement):
            table, columns = _created(statement)
            if table in tables:
                names[table] = columns
        elif _INSERTS.match(statement):
            yield from _inserted(statement, names, tables)


def _statements(opened: Opened, member: Member) -> Iterator[str]:
    with opened.stream(member) as stream:
        text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        rest = ""
        try:
            while chunk := text.read(_CHUNK):
                rest += chunk
                at = 0
                for end in _ends(rest):
                    yield rest[at:end]
                    at = end
                rest = rest[at:]
                if len(rest) > MAX_STATEMENT:
                    raise ImportRefused(Refusal.DAMAGED)
        except UnicodeError as err:
            raise ImportRefused(Refusal.DAMAGED) from err
        finally:
            text.detach()
        if re.sub(r"--[^\n]*|/\*.*?\*/", "", rest, flags=re.DOTALL).strip(" \t\r\n;"):
            # Cut off in the middle of a statement.
            raise ImportRefused(Refusal.DAMAGED)


def _ends(text: str) -> Iterator[int]:
    """Give the places behind semicolons that end a statement, as far as it is whole."""
    at = 0
    while at < len(text):
        found = _PIECE.match(text, at)
        if found is None or found.end() == len(text):
            piece = found[0] if found is not None else ""
            if piece == ";":
                yield len(text)
            return
        if found[0] in "'\"" or (text.startswith(("--", "/*"), at) and len(found[0]) == 1):
            # It ends in what has not been read yet.
            return
        at = found.end()
        if found[0] == ";":
            yield at


def _created(statement: str) -> tuple[str, tuple[str, ...]]:
    """Give the name of a table and of its columns."""
    tokens = [word for word in _TOKEN.findall(statement) if not word.startswith(("--", "/*"))]
    if "(" not in tokens:
        return "", ()
    opens = tokens.index("(")
    names, depth, first = [], 0, True
    for word in tokens[opens:]:
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
            if not depth:
                break
        elif depth == 1 and word == ",":
            first = True
        elif depth == 1 and first:
            first = False
            if _name(word) not in _CONSTRAINTS or word[0] in '"`[':
                names.append(_name(word))
    return _name(tokens[opens - 1]), tuple(names)


def _inserted(
    statement: str, known: dict[str, tuple[str, ...]], tables: frozenset[str]
) -> Iterator[Told]:
    tokens = [word for word in _TOKEN.findall(statement) if not word.startswith(("--", "/*"))]
    words = [word.lower() for word in tokens[:6]]
    if "into" not in words:
        return
    at = words.index("into") + 1
    behind = [word.lower() for word in tokens[at + 1 :]]
    if "values" not in behind:
        return
    table = _name(tokens[at])
    if table not in tables:
        return
    values = at + 1 + behind.index("values")
    listed = tuple(_name(word) for word in tokens[at + 1 : values] if word not in "(),")
    columns = listed or known.get(table, ())
    for row in _groups(tokens[values + 1 :]):
        if len(row) != len(columns):
            raise ImportRefused(Refusal.DAMAGED)
        yield table, dict(zip(columns, row, strict=True))


def _groups(tokens: list[str]) -> Iterator[list[Any]]:
    row: list[list[str]] = []
    depth = 0
    for word in tokens:
        if word == "(":
            depth += 1
            if depth == 1:
                row = [[]]
                continue
        elif word == ")":
            depth -= 1
            if not depth:
                yield [_value(cell) for cell in row]
                continue
        elif word == "," and depth == 1:
            row.append([])
            continue
        if depth and row:
            row[-1].append(word)


def _value(tokens: list[str]) -> Any:
    """Give a value as it stands; what would have to be worked out is not known."""
    if len(tokens) == 2 and tokens[0] in "+-":
        tokens = [tokens[0] + tokens[1]]
    if len(tokens) != 1:
        return None
    word = tokens[0]
    if word.startswith("'"):
        return word[1:-1].replace("''", "'")
    try:
        return float(word) if any(char in word for char in ".eE") else int(word[:20])
    except ValueError:
        return None


def _name(word: str) -> str:
    return word.strip('"`[]').lower()
