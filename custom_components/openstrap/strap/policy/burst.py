"""Whether the burst that an END closes may be acknowledged, upon which the strap erases it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from .plausible import When

SLACK: Final = 2
"""Packets that a burst may lack where the count binds: some firmware counts what it does not send."""
PROOF_REPEATS: Final = 3
"""Repeats without a new record, and with the same misfit, that prove it to be harmless."""
PROOF_REPEATS_LOSSY: Final = 8
"""The same on a connection that is known to lose packets: there a record can be lost every time."""
LEARNT_AFTER: Final = 3
"""Bursts for which a misfit was proven before the same one is accepted at once."""
LAST_TRY: Final = 15
"""Times that one burst is asked for before it is given up for now."""
BELIEVE_PAST_AFTER: Final = 3
"""Sessions that end at a burst of impossible, past times before it is let go."""


@dataclass(frozen=True, slots=True)
class BurstTally:
    """What came between a START and its END; the same frame twice counts once."""

    records: frozenset[int] = frozenset()
    """Hashes of the records."""
    others: int = 0
    """Other members that the strap counts: events, log lines."""
    consoles: int = 0
    """Of those, log lines."""
    elsewhere: int = 0
    """The like on another characteristic than the START's: of now rather than of the burst."""
    before: int = 0
    after: int = 0
    """Records whose time is impossibly early or late."""
    newest_ts: float | None = None
    """Newest plausible time of a record, s."""
    damaged: bool = False
    """Something on the link could not be read, or there was no room for it."""

    @property
    def received(self) -> int:
        """Members."""
        return len(self.records) + self.others

    @property
    def implausible(self) -> When | None:
        """Which way the times are impossible, when those of all records are."""
        if not self.records or self.before + self.after < len(self.records):
            return None
        return When.AFTER if self.after else When.BEFORE


@dataclass(frozen=True, slots=True)
class BurstMemory:
    """What is known of the burst that the strap offers, and of how it counts."""

    token: bytes = b""
    tries: int = 0
    """ENDs with this token."""
    records: frozenset[int] = frozenset()
    """Hashes of all records that came in any of those tries; all are on disk."""
    short: int = 0
    """Packets that the count announces more than came; below 0 when more came."""
    quiet: int = 0
    """Tries in a row that brought no new record and fitted as badly as the one before."""
    proofs: Mapping[int, int] = field(default_factory=dict)
    """Misfits (``short``) proven to be harmless, and for how many bursts."""

    def after_try(self, token: bytes, tally: BurstTally, expected: int) -> BurstMemory:
        """Take one more END into account."""
        same = token == self.token
        records = self.records | tally.records if same else tally.records
        short = expected - len(records) - tally.others
        nothing_new = len(records) == len(self.records)
        quiet = self.quiet + 1 if same and nothing_new and short == self.short else 0
        tries = self.tries + 1 if same else 1
        return BurstMemory(token, tries, records, short, quiet, self.proofs)


class Verdict(Enum):
    """What to answer to an END."""

    ACKNOWLEDGE = "acknowledge"
    AGAIN = "again"
    GIVE_UP = "give_up"
    IMPLAUSIBLE = "implausible"


class BurstPolicy:
    """Judges bursts that are on disk already.

    The reference calls the gen4 count advisory, because insisting on it has wedged
    straps. It is still the only sign of a notification that a proxy dropped, so a burst
    that it does not fit is asked for again: too many packets can hide a missing record.
    Records that came in any try count. When repeats fit equally badly and bring none,
    the misfit lies in the counting. The slack of gen5 asks for the same proof.
    """

    def __init__(self, memory: BurstMemory, *, count_binds: bool) -> None:
        """Go on from the last connection. ``count_binds`` allows a proven shortage of 2 at most."""
        self.memory = memory
        self._count_binds = count_binds
        self._lossy = False
        """Something got lost on this connection: tries of one burst differ, or cannot be read."""

    def judge(self, token: bytes, tally: BurstTally, *, expected: int, past_rounds: int) -> Verdict:
        """Decide about a burst whose END announces ``expected`` packets.

        ``past_rounds`` are the sessions that ended before because of impossible past
        times while the clock is right: those records were made before the clock was
        ever set, they are kept raw, and holding on to them would block all that
        follows. Impossible future times are never let go: there the host may be wrong.
        """
        when = tally.implausible
        if when is When.AFTER or (when is When.BEFORE and past_rounds < BELIEVE_PAST_AFTER):
            return Verdict.IMPLAUSIBLE
        before, self.memory = self.memory, self.memory.after_try(token, tally, expected)
        repeat = self.memory.tries > 1
        self._lossy |= tally.damaged or (repeat and tally.records != before.records)
        if self._whole(tally):
            return Verdict.ACKNOWLEDGE
        return Verdict.AGAIN if self.memory.tries < LAST_TRY else Verdict.GIVE_UP

    def _whole(self, tally: BurstTally) -> bool:
        short, proofs = self.memory.short, self.memory.proofs
        if short == 0:
            return True
        if not tally.damaged and proofs.get(short, 0) >= LEARNT_AFTER:
            return True
        if self.memory.quiet < (PROOF_REPEATS_LOSSY if self._lossy else PROOF_REPEATS):
            return False
        if self._count_binds and short - tally.elsewhere > SLACK:
            return False
        self.memory = replace(self.memory, proofs={**proofs, short: proofs.get(short, 0) + 1})
        return True

    def acknowledged(self) -> None:
        """Forget the burst: it is erased."""
        self.memory = BurstMemory(proofs=self.memory.proofs)
