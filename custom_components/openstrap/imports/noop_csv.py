"""NOOP's table of raw readings (CSV): a row a reading, of which only its stream's cells are filled.

Columns were added between others later, so they are known by their titles.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from .archive import Member, Opened
from .parts import ImportRefused, OutsideSamples, Part, Skipped
from .seconds import beat_seconds, heart_seconds, motion_seconds, step_seconds
from .table import is_text, number, open_table

ROWS_AT_ONCE: Final = 20_000
UNUSED: Final = "unused_stream"
BAD_ROW: Final = "damaged_row"
_NEEDED: Final = frozenset({"unix_s", "stream"})
_STREAMS: Final = {
    "hr": ("hr_bpm",),
    "rr": ("rr_ms",),
    "gravity": ("grav_x", "grav_y", "grav_z"),
    "steps": ("step_counter",),
}
"""What is taken, by the columns that it fills; heart rates from light alone are not."""


def knows(opened: Opened) -> bool:
    """Tell whether there is such a table."""
    return any(True for _ in _tables(opened))


def read(opened: Opened) -> Iterator[Part]:
    """Read every such table. Raises ImportRefused."""
    for member in _tables(opened):
        yield from _raw(opened, member)


def _tables(opened: Opened) -> Iterator[Member]:
    for member in opened.members[:50]:
        if not is_text(opened.begins(member)):
            continue
        try:
            with open_table(opened, member) as table:
                known = set(table.titles) >= _NEEDED
        except ImportRefused:
            continue
        if known:
            yield member


def _raw(opened: Opened, member: Member) -> Iterator[Part]:
    with open_table(opened, member) as table:
        place = {title: at for at, title in enumerate(table.titles)}
        wanted = {
            stream: [place[name] for name in names]
            for stream, names in _STREAMS.items()
            if all(name in place for name in names)
        }
        at, which = place["unix_s"], place["stream"]
        held: defaultdict[str, list[tuple[float, ...]]] = defaultdict(list)
        skipped: Counter[str] = Counter()
        for row in table.rows:
            told = row[which].strip().lower() if which < len(row) else ""
            # One under another name is what its cells are.
            named = {told: wanted[told]} if told in wanted else wanted
            found = {
                stream: numbers
                for stream, cells in named.items()
                if (numbers := _numbers(row, (at, *cells))) is not None
            }
            if not found:
                skipped[BAD_ROW if told in wanted else UNUSED] += 1
            for stream, numbers in found.items():
                rows = held[stream]
                # The beats of a second stay together.
                if len(rows) >= ROWS_AT_ONCE and numbers[0] != rows[-1][0]:
                    yield _samples(stream, rows)
                    rows.clear()
                rows.append(numbers)
        for stream, rows in held.items():
            if rows:
                yield _samples(stream, rows)
        for reason, count in sorted(skipped.items()):
            yield Skipped(reason, count)


def _numbers(row: list[str], cells: tuple[int, ...]) -> tuple[float, ...] | None:
    """Give the numbers of some cells; None where one of them is none."""
    told = [number(row[cell]) if cell < len(row) else None for cell in cells]
    known = tuple(value for value in told if value is not None)
    return known if len(known) == len(told) else None


def _samples(stream: str, rows: list[tuple[float, ...]]) -> OutsideSamples:
    ts = [int(row[0]) for row in rows]
    match stream:
        case "hr":
            return OutsideSamples(heart_seconds(ts, [row[1] for row in rows]))
        case "rr":
            return OutsideSamples(beat_seconds(ts, [row[1] for row in rows]))
        case "steps":
            return OutsideSamples(step_seconds(ts, [row[1] for row in rows]))
    return OutsideSamples(motion_seconds(ts, [row[1:] for row in rows]))
