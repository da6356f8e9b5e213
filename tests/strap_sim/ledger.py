"""The books of a strap: what it made, what it erased and whether that was safe, and who misbehaved."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from .flash import Page


class Oracle(Protocol):
    """Tells what is safe on disk right now."""

    def refresh(self) -> None:
        """Look at the disk again; called once before each erasure."""

    def is_durable(self, inner: bytes) -> bool:
        """Tell whether a record (inner payload) is safe."""


@dataclass(slots=True)
class FunctionOracle:
    """An oracle from one function, such as the ``__contains__`` of a set of inner payloads."""

    is_durable: Callable[[bytes], bool]

    def refresh(self) -> None:
        """Nothing is kept between two questions."""


class Misconduct(StrEnum):
    """What a client must never do."""

    UNSAFE_ERASE = "unsafe_erase"
    DANGEROUS_OPCODE = "dangerous_opcode"
    BAD_TOKEN = "bad_token"
    ACK_WITHOUT_RESPONSE = "ack_without_response"
    SECOND_CONNECTION = "second_connection"
    FLAG_LEFT_ON = "flag_left_on"
    BAD_FRAME = "bad_frame"
    UNPADDED = "unpadded"
    SUBSCRIBED_BEFORE_BOND = "subscribed_before_bond"


@dataclass(frozen=True, slots=True)
class Misdeed:
    """One thing that a client did wrong."""

    kind: Misconduct
    ts: float
    connection: int
    detail: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """Records that an acknowledgement erased: numbers ``first`` to ``end`` (not included)."""

    ts: float
    connection: int
    token: bytes
    first: int
    end: int
    unsafe: tuple[int, ...]
    """Numbers of those that were not on disk at that moment."""


class Ledger:
    """What happened to one strap, over all its connections."""

    def __init__(self, is_durable: Callable[[bytes], bool] | Oracle) -> None:
        """Take what tells whether a record is safe."""
        self.oracle: Oracle = FunctionOracle(is_durable) if callable(is_durable) else is_durable
        self.made: list[bytes] = []
        """Every record (inner payload as stored), by number."""
        self.events: list[bytes] = []
        """Every event, oldest first."""
        self.erasures: list[Erasure] = []
        self.overwritten: list[range] = []
        """Numbers of records that the ring itself ran over: nobody's fault."""
        self.misdeeds: list[Misdeed] = []
        self.repeated_acks = 0
        self.failed_results = 0
        self.connections = 0
        self.commands: list[tuple[float, bytes]] = []
        """Every sound command received: time and inner payload."""

    def add(self, inners: Iterable[bytes]) -> int:
        """Enter new records; give the number of the first."""
        first = len(self.made)
        self.made.extend(inners)
        return first

    def accuse(self, kind: Misconduct, ts: float, detail: str = "") -> None:
        """Enter a misdeed."""
        self.misdeeds.append(Misdeed(kind, ts, self.connections, detail))

    def erase(self, ts: float, token: bytes, pages: Iterable[Page]) -> None:
        """Enter what an acknowledgement erased, and ask whether it was safe."""
        self.oracle.refresh()
        durable = self.oracle.is_durable
        for page in pages:
            unsafe = tuple(
                number for number, inner in enumerate(page.inners, page.first) if not durable(inner)
            )
            if unsafe:
                self.accuse(Misconduct.UNSAFE_ERASE, ts, f"records {unsafe[0]} to {unsafe[-1]}")
            self.erasures.append(Erasure(ts, self.connections, token, page.first, page.end, unsafe))

    # --- questions ------------------------------------------------------------

    @property
    def erased(self) -> int:
        """How many records were erased."""
        return sum(one.end - one.first for one in self.erasures)

    @property
    def unsafe(self) -> list[int]:
        """Numbers of the records that were erased before they were on disk."""
        return [number for one in self.erasures for number in one.unsafe]

    def not_durable(self) -> list[int]:
        """Numbers of the records that are not on disk now, but for those overwritten by the ring."""
        self.oracle.refresh()
        excused = {number for lost in self.overwritten for number in lost}
        return [
            number
            for number, inner in enumerate(self.made)
            if number not in excused and not self.oracle.is_durable(inner)
        ]

    def misdeeds_of(self, kind: Misconduct) -> list[Misdeed]:
        """Give the misdeeds of a kind."""
        return [one for one in self.misdeeds if one.kind is kind]

    def verify(self, *, excuse: Iterable[Misconduct] = ()) -> None:
        """Raise AssertionError when the client misbehaved."""
        excused = set(excuse)
        bad = [one for one in self.misdeeds if one.kind not in excused]
        if bad:
            lines = "\n".join(
                f"  {one.kind}: {one.detail} (connection {one.connection})" for one in bad
            )
            raise AssertionError(f"the client misbehaved {len(bad)} times:\n{lines}")
