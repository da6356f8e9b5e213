"""The one door: frames from wherever go in here, and count once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from typing import Final

from .engine.protocol import Generation, HexRejected, Inner, parse_hex
from .store import WearerStore, group_frames
from .store.frames import Rows

NOT_TEXT: Final = "not_text"
"""Reason of an upload that is no string."""
EMPTY: Final = "empty"
"""Reason of a string, or a frame, without bytes."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the frames of one or more calls; reports add up with ``+``."""

    received: int = 0
    """Frames, or uploaded strings, as they came. A string can hold several frames."""
    new: int = 0
    """Frames stored by this call."""
    duplicate: int = 0
    """Frames that were stored before, or came twice in this call."""
    decoded: int = 0
    """Of the new and the duplicate ones, records with heart beats that could be read."""
    rejected: Mapping[str, int] = field(default_factory=dict)
    """By reason: what was refused, and frames that are kept but count for nothing."""
    minutes: int = 0
    """Minutes that the new frames moved."""
    days: frozenset[date] = frozenset()
    """Local days that were made dirty."""
    newest_ts: float | None = None
    """Time of the newest of the new records with beats, by the strap's clock, epoch s."""

    def __add__(self, other: IngestReport) -> IngestReport:
        """Add up two reports. A minute that both moved is counted twice."""
        stamps = [ts for ts in (self.newest_ts, other.newest_ts) if ts is not None]
        return IngestReport(
            received=self.received + other.received,
            new=self.new + other.new,
            duplicate=self.duplicate + other.duplicate,
            decoded=self.decoded + other.decoded,
            rejected=Counter(self.rejected) + Counter(other.rejected),
            minutes=self.minutes + other.minutes,
            days=self.days | other.days,
            newest_ts=max(stamps, default=None),
        )


def ingest(
    store: WearerStore,
    inners: Sequence[Inner],
    *,
    now: float,
    tz: tzinfo,
    cursors: Mapping[str, str] | None = None,
) -> IngestReport:
    """Store frames, move the minutes by exactly the new ones, mark the touched days dirty.

    One transaction, on the disk when this returns; ``cursors`` are kept with it. Raises
    StoreError, and nothing for content; then nothing was stored, and the same frames may
    come again. ``now`` is epoch s, ``tz`` the zone whose days the wearer lives by.
    """
    if not inners and not cursors:
        return IngestReport()
    rejected: Counter[str] = Counter()
    if empty := sum(not inner.data for inner in inners):
        rejected[EMPTY] = empty
    report = _take(store, group_frames(inners), rejected, now=now, tz=tz, cursors=cursors)
    return replace(report, received=len(inners))


def ingest_hex(
    store: WearerStore,
    texts: Sequence[object],
    *,
    generation: Generation | None,
    now: float,
    tz: tzinfo,
) -> IngestReport:
    """Store uploaded hexadecimal strings, each an inner payload or whole frames.

    What cannot be read is counted by reason and does not harm the rest. Raises StoreError
    only. ``generation`` is what the sender says of frames that come without their header.
    """
    rejected: Counter[str] = Counter()
    groups = group_frames(_parsed(texts, generation, rejected))
    report = IngestReport(rejected=rejected)
    if groups:
        report = _take(store, groups, rejected, now=now, tz=tz)
    return replace(report, received=len(texts))


def _parsed(
    texts: Iterable[object], generation: Generation | None, refused: Counter[str]
) -> Iterator[Inner]:
    """Give the frames of strings; counts what is none in ``refused``.

    One after the other: a call's thousands at once make the interpreter look through all objects
    that it has, which holds the event loop up.
    """
    for text in texts:
        if not isinstance(text, str):
            refused[NOT_TEXT] += 1
            continue
        try:
            found = parse_hex(text, generation)
        except HexRejected as err:
            refused[err.reason] += 1
            yield from err.inners
        else:
            yield from found


def _take(
    store: WearerStore,
    groups: Iterable[Rows],
    rejected: Counter[str],
    *,
    now: float,
    tz: tzinfo,
    cursors: Mapping[str, str] | None = None,
) -> IngestReport:
    """Store frames that were brought together by kind, and cursors, in one transaction."""
    with store.intake(now, tz) as intake:
        taken = [intake.take(rows) for rows in groups]
        for name, value in (cursors or {}).items():
            intake.set_cursor(name, value)
    for part in taken:
        rejected.update(part.rejected)
    return IngestReport(
        new=sum(part.new for part in taken),
        duplicate=sum(part.duplicate for part in taken),
        decoded=sum(part.decoded for part in taken),
        rejected=rejected,
        minutes=intake.minutes,
        days=intake.days,
        newest_ts=intake.newest_ts,
    )
