"""New frames on their way into the tables, within one transaction.

What the tables hold is a function of the set of frames alone: a frame that is known
changes nothing, one that is new adds its block, its integers and its events, and one
that is known with better evidence has its hour read again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
import sqlite3
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..engine.day_window import days_touched
from ..engine.protocol import PacketType, Reason
from ..engine.rollup import MinuteSums, merge_minutes, sum_minutes
from . import blocks, codec, cursors, days, events, minutes, unpublished
from .errors import BlockUnreadable
from .examine import (
    FUTURE_S,
    SECONDS_PER_HOUR,
    Examined,
    Kept,
    examine,
    reason_text,
    take_beats,
    telling_minutes,
)
from .frames import Kind, Rows, identities
from .identities import Claim, Identities, claim_of, join
from .latest import LatestReading, latest_of
from .rewrite import reread_hour
from .schema import EVENTS_FLOOR, MINUTES_FLOOR, get_meta
from .sealed import SealedHours

SEALED: Final = "sealed"
"""Refused: the frame's hour was let go, so nobody can tell whether it was counted before."""
SECONDS_PER_DAY: Final = 86400
QUARTER_S: Final = 900
"""All days of today's time zones begin at a whole quarter of an hour of UTC."""

type Picked = NDArray[np.intp]


@dataclass(slots=True)
class Taken:
    """What became of some frames."""

    new: int = 0
    duplicate: int = 0
    decoded: int = 0
    """Of all of them, known or new, those that decode to a record with beats."""
    rejected: Counter[str] = field(default_factory=Counter)
    """Refused, or kept without counting for anything, by reason."""


class Intake:
    """The frames of one transaction; nothing holds before that is committed."""

    def __init__(
        self, conn: sqlite3.Connection, known: Identities, sealed: SealedHours, now: float
    ) -> None:
        """Write to this connection, within its transaction; ``now`` is epoch s."""
        self._conn = conn
        self._known = known
        self._sealed = sealed
        self._now = now
        self._sums: list[MinuteSums] = []
        self._telling: list[NDArray[np.int64]] = []
        self._better: defaultdict[int, dict[bytes, Claim]] = defaultdict(dict)
        self.latest: LatestReading | None = LatestReading()
        """The newest of the new readings; None when older ones were read again."""
        self.newest_ts: float | None = None
        """Time of the newest new record with beats."""
        self.minutes = 0
        """Minutes moved, known after ``finish``."""
        self.days: frozenset[date] = frozenset()
        """Days made dirty, known after ``finish``."""

    def take(self, rows: Rows) -> Taken:
        """Take frames of one kind, known ones among them, in any order."""
        seen = examine(rows, self._now)
        names = identities(rows.frames)
        taken = Taken()
        fresh: list[Picked] = []
        sealed = self._sealed.mask(self._conn, seen.hour)
        for hour, members in _by_hour(seen.hour):
            known = None if sealed[members[0]] else self._known_in(hour)
            if known is None:
                sealed[members] = True
                continue
            new = self._unknown(rows.kind, names, members, known, hour)
            if new.size:
                self._write(rows, seen, new, hour, int(self._now // SECONDS_PER_DAY))
                fresh.append(new)
        if fresh:
            self._count(rows, seen, np.concatenate(fresh))
        taken.new = sum(map(len, fresh))
        refused = int(np.count_nonzero(sealed))
        taken.duplicate = len(names) - taken.new - refused
        self._tally(taken, seen, ~sealed)
        if refused:
            taken.rejected[SEALED] += refused
        return taken

    def set_cursor(self, name: str, value: str) -> None:
        """Remember how far something got, in the same transaction as the frames."""
        cursors.put(self._conn, name, value)

    def release_future(self) -> None:
        """Let frames count that came before their time, if it has come now."""
        last = int((self._now + FUTURE_S) // SECONDS_PER_HOUR)
        for block in blocks.future(self._conn, last):
            if not block.sound():
                continue
            rows = Rows.of_matrix(block.kind, block.matrix())
            seen = examine(rows, self._now)
            if (seen.reason == Kept.TIME_FUTURE).all():
                continue
            blocks.delete(self._conn, [block.id])
            every = np.arange(block.frames)
            self._write(rows, seen, every, block.hour, block.arrived)
            self._count(rows, seen, every)

    def finish(self, tz: tzinfo) -> None:
        """Move the minutes, settle contradictions, mark the days of the wearer's zone."""
        sums = merge_minutes(self._sums)
        minutes.add(self._conn, minutes.since(sums, get_meta(self._conn, MINUTES_FLOOR)))
        moved = set(sums.minute.tolist())
        changed = [sums.minute]
        for hour, claims in self._better.items():
            try:
                stamps = reread_hour(self._conn, hour, self._now, claims)
            except BlockUnreadable:
                self._sealed.quarantine(self._conn, hour, self._now)
                continue
            moved.update(stamps.tolist())
            changed.append(stamps)
            self._telling.append(stamps)
            self.latest = None
        if self._telling:
            stamps = np.unique(np.concatenate(self._telling))
            self.days = frozenset(days_touched(stamps.astype(np.float64), tz))
            days.mark_dirty(self._conn, self.days)
        unpublished.mark(self._conn, _days_of(np.concatenate(changed), tz))
        self.minutes = len(moved)

    def _known_in(self, hour: int) -> dict[bytes, Claim] | None:
        """Give the claims of an hour, None when it has to be sealed."""
        try:
            return self._known.of_hour(self._conn, hour)
        except BlockUnreadable:
            self._sealed.quarantine(self._conn, hour, self._now)
        if self._sealed.touches(self._conn, hour, hour + 1):
            return None
        return self._known.of_hour(self._conn, hour)

    def _unknown(
        self,
        kind: Kind,
        names: list[bytes],
        members: Picked,
        known: dict[bytes, Claim],
        hour: int,
    ) -> Picked:
        """Give the members that are not known, and note them; note better claims of the others."""
        claim = claim_of(kind.evidence, kind.length)
        better = self._better.get(hour, {})
        fresh = []
        for at in members.tolist():
            name = names[at]
            held = known.get(name)
            if held is None:
                known[name] = claim
                fresh.append(at)
            elif held != claim and (joined := join(held, claim)) != held:
                # The hour may have been forgotten and read again since a better claim came.
                joined = join(joined, better.get(name, joined))
                known[name] = self._better[hour][name] = joined
        return np.array(fresh, dtype=np.intp)

    def _write(self, rows: Rows, seen: Examined, picked: Picked, hour: int, arrived: int) -> None:
        """Write frames of one hour as blocks, one for each reason."""
        reasons = seen.reason[picked]
        for reason in np.unique(reasons).tolist():
            matrix = rows.matrix[picked[reasons == reason]]
            blocks.append(
                self._conn,
                rows.kind,
                matrix,
                hour=hour,
                reason=reason,
                arrived=arrived,
                level=codec.FAST,
            )
        blocks.loosen(self._conn, hour)

    def _count(self, rows: Rows, seen: Examined, picked: Picked) -> None:
        """Let written frames count."""
        self._telling.append(telling_minutes(rows, seen, picked))
        picked = picked[seen.reason[picked] == Reason.OK]
        if not picked.size:
            return
        if seen.beats is not None and seen.source is not None:
            beats = take_beats(seen.beats, picked)
            self._sums.append(sum_minutes(beats, seen.source))
            newest = latest_of(beats, seen.source)
            stamps = (self.newest_ts, newest.record_ts)
            self.newest_ts = max((ts for ts in stamps if ts is not None), default=None)
            if self.latest is not None:
                self.latest = self.latest.join(newest)
        elif rows.kind.type == PacketType.EVENT:
            found = events.decode_events([rows.frames[at] for at in picked], rows.kind.generation)
            events.add(self._conn, found, get_meta(self._conn, EVENTS_FLOOR))

    def _tally(self, taken: Taken, seen: Examined, among: NDArray[np.bool_]) -> None:
        """Count what the frames decode to."""
        counts = np.bincount(seen.reason[among], minlength=1).tolist()
        if seen.source is not None:
            taken.decoded = counts[Reason.OK]
        for reason, count in enumerate(counts):
            if count and reason not in (Reason.OK, Reason.NO_BEATS):
                taken.rejected[reason_text(reason)] += count


def _days_of(stamps: NDArray[np.int64], tz: tzinfo) -> set[date]:
    """Give the local days of times (epoch s): no offset changes within a quarter of an hour."""
    quarters = np.unique(stamps // QUARTER_S).tolist()
    return {datetime.fromtimestamp(quarter * QUARTER_S, tz).date() for quarter in quarters}


def _by_hour(hours: NDArray[np.int64]) -> Iterator[tuple[int, Picked]]:
    """Give each hour with the rows that belong to it."""
    first = int(hours[0])
    if (hours == first).all():
        yield first, np.arange(len(hours))
        return
    order = np.argsort(hours, kind="stable")
    ordered = hours[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))
    for members in np.split(order, starts[1:]):
        yield int(hours[members[0]]), members
