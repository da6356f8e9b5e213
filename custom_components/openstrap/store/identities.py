"""Which frames of an hour are stored already: told from the blocks, remembered for a while.

No index of hashes is kept on disk: it would be as large as the frames themselves. The
frames of one identity all lie in one hour, since its time is part of it.
"""

from collections import OrderedDict
import sqlite3
from typing import Final

from . import blocks
from .frames import Evidence, Rows, identities

LIMIT: Final = 100_000
"""Identities remembered, about 110 bytes each: a day of records."""

type Claim = int
"""Length and evidence of a stored frame in one number."""


def claim_of(evidence: Evidence, length: int) -> Claim:
    """Put both in one number, so that most claims are compared at once."""
    return length << 2 | evidence


def join(one: Claim, other: Claim) -> Claim:
    """Give the claim that is as good as both: best evidence, longest form."""
    return max(one >> 2, other >> 2) << 2 | max(one & 3, other & 3)


def split(claim: Claim) -> tuple[Evidence, int]:
    """Give evidence and length."""
    return Evidence(claim & 3), claim >> 2


class Identities:
    """Claims of the stored frames by identity, for the hours in recent use."""

    def __init__(self, limit: int = LIMIT) -> None:
        """Remember about as many identities as ``limit``."""
        self._limit = limit
        self._hours: OrderedDict[int, dict[bytes, Claim]] = OrderedDict()

    def of_hour(self, conn: sqlite3.Connection, hour: int) -> dict[bytes, Claim]:
        """Give the claims of an hour; whoever writes a block adds its frames to them.

        Good until the next call, which may forget this hour. Raises BlockUnreadable.
        """
        known = self._hours.get(hour)
        if known is None:
            self._trim()
            known = {}
            for block in blocks.in_hour(conn, hour):
                claim = claim_of(block.kind.evidence, block.kind.length)
                frames = Rows.of_matrix(block.kind, block.matrix()).frames
                known.update(dict.fromkeys(identities(frames), claim))
            self._hours[hour] = known
        else:
            self._hours.move_to_end(hour)
        return known

    def _trim(self) -> None:
        total = sum(map(len, self._hours.values()))
        while self._hours and total > self._limit:
            _, oldest = self._hours.popitem(last=False)
            total -= len(oldest)

    def forget(self, hour: int) -> None:
        """Forget one hour."""
        self._hours.pop(hour, None)

    def clear(self) -> None:
        """Forget everything: a transaction failed, so what is remembered may not be true."""
        self._hours.clear()
