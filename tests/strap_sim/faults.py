"""What can go wrong between a strap and its host: small pieces that can be put together.

A fault is handed to ``SimulatedStrap.add_fault``. Chance comes from the seed that it was
made with, so a schedule of faults is the same at every run.
"""

from collections.abc import Callable
from enum import Enum, auto
from random import Random
from typing import TYPE_CHECKING, Final

from custom_components.openstrap.engine.protocol import EventId
from custom_components.openstrap.engine.protocol.encode import encode_event

from .gatt import Channel
from .wire import DROP, Chunk, cut, strap_frame

if TYPE_CHECKING:
    from .link import Link
    from .strap import SimulatedStrap


class Fate(Enum):
    """What becomes of a write."""

    PASS = auto()
    LOST = auto()
    """The link drops; the strap never saw it."""
    DONE_BUT_LOST = auto()
    """The strap did it; the link drops before the host hears so."""
    IGNORED = auto()
    """The strap never acts on it nor answers; the host's write succeeds."""
    FAILED = auto()
    """The strap never saw it, the host gets an error, the link stays."""
    DONE_BUT_FAILED = auto()
    """The strap did it, the host gets an error, the link stays."""


class StrapFault:
    """A fault that does nothing: override what a fault needs."""

    def __repr__(self) -> str:
        """Show what it was made of, for the report of a schedule that failed."""
        made = {
            name.lstrip("_"): getattr(value, "__name__", value)
            for name, value in vars(self).items()
            if not isinstance(value, Random)
        }
        return f"{type(self).__name__}({made})"

    def connected(self, link: Link) -> None:
        """See a new link."""

    def shape(self, _link: Link, chunks: list[Chunk]) -> list[Chunk]:
        """Change the notifications of one frame."""
        return chunks

    def on_write(self, _link: Link, _inner: bytes) -> Fate:
        """Decide on a sound command."""
        return Fate.PASS

    def on_reply(self, _link: Link, _opcode: int, replies: list[bytes]) -> list[bytes]:
        """Change the replies (inner payloads) to a command."""
        return replies

    def delay_s(self, _operation: str) -> float:
        """Hold up an operation of the host: connect, pair, read, write, subscribe (s)."""
        return 0.0


class _Counted(StrapFault):
    """A fault of the so-many-th write of an opcode."""

    def __init__(self, opcode: int, nth: int = 1, times: int = 1) -> None:
        """Take the opcode, at which of its writes it begins (1 is the next), and for how many."""
        self._opcode, self._from, self._to, self._seen = opcode, nth, nth + times, 0

    def _hits(self, opcode: int) -> bool:
        if opcode != self._opcode:
            return False
        self._seen += 1
        return self._from <= self._seen < self._to


ACK: Final = 0x17


class WriteFate(_Counted):
    """Let a write get lost or fail, carried out or not."""

    def __init__(self, fate: Fate, opcode: int = ACK, nth: int = 1, times: int = 1) -> None:
        """By default the next acknowledgement."""
        super().__init__(opcode, nth, times)
        self._fate = fate

    def on_write(self, _link: Link, inner: bytes) -> Fate:
        """Decide on a command."""
        return self._fate if self._hits(inner[2]) else Fate.PASS


class IgnoredAck(WriteFate):
    """Let the strap overlook an acknowledgement and send the burst, or only its END, again."""

    def __init__(
        self, after_s: float = 0.5, nth: int = 1, times: int = 1, *, only_end: bool = False
    ) -> None:
        """Take how long it takes to do so (s)."""
        super().__init__(Fate.IGNORED, ACK, nth, times)
        self._after_s, self._only_end = after_s, only_end

    def on_write(self, link: Link, inner: bytes) -> Fate:
        """Overlook it."""
        fate = super().on_write(link, inner)
        if fate is Fate.IGNORED:
            strap = link.strap
            again = strap.repeat_end if self._only_end else strap.resend_burst
            strap.soon(again, self._after_s)
        return fate


class ReplyFault(_Counted):
    """Let a reply be missing or wrong."""

    def __init__(
        self, opcode: int, change: Callable[[bytes], bytes | None], nth: int = 1, times: int = 1
    ) -> None:
        """Take what a reply is changed to, None for nothing."""
        super().__init__(opcode, nth, times)
        self._change = change

    def on_reply(self, _link: Link, opcode: int, replies: list[bytes]) -> list[bytes]:
        """Change the replies."""
        if not self._hits(opcode):
            return replies
        return [changed for reply in replies if (changed := self._change(reply)) is not None]


def missing(_reply: bytes) -> None:
    """Let a reply be missing."""


def wrong_echo(reply: bytes) -> bytes:
    """Echo another sequence number."""
    return reply[:3] + bytes((reply[3] ^ 0x55,)) + reply[4:]


def wrong_opcode(reply: bytes) -> bytes:
    """Answer another question."""
    return reply[:2] + bytes((reply[2] ^ 0x01,)) + reply[3:]


def failed(reply: bytes) -> bytes:
    """Say that it failed."""
    return reply[:4] + b"\0" + reply[5:]


def truncated(reply: bytes) -> bytes:
    """Cut the body off in the middle."""
    return reply[: 5 + (len(reply) - 5) // 2]


def garbled(reply: bytes) -> bytes:
    """Send nonsense for a body."""
    return reply[:5] + bytes(byte ^ 0xA5 for byte in reply[5:])


class LateReply(_Counted):
    """Let a reply come after a while."""

    def __init__(self, opcode: int, seconds: float, nth: int = 1, times: int = 1) -> None:
        """Take how late (s)."""
        super().__init__(opcode, nth, times)
        self._seconds = seconds

    def on_reply(self, link: Link, opcode: int, replies: list[bytes]) -> list[bytes]:
        """Put the replies off."""
        if not self._hits(opcode):
            return replies

        def send() -> None:
            for reply in replies:
                if link.alive:
                    link.send(Channel.RESPONSE, reply)

        link.strap.soon(send, self._seconds)
        return []


class HoldUp(StrapFault):
    """Let operations of the host take long: all of a kind, or one of them."""

    def __init__(self, operation: str, seconds: float, nth: int | None = None) -> None:
        """Take the operation (see ``delay_s``), how long (s), and at which one (None: all)."""
        self._operation, self._seconds, self._nth, self._seen = operation, seconds, nth, 0

    def delay_s(self, operation: str) -> float:
        """Hold it up."""
        if operation != self._operation:
            return 0.0
        self._seen += 1
        return self._seconds if self._nth in (None, self._seen) else 0.0


# --- the radio ------------------------------------------------------------------


class DropAfterBytes(StrapFault):
    """Let the link drop after so many bytes of notifications, in the middle of one or not."""

    def __init__(self, count: int, times: int = 1) -> None:
        """Take how many bytes of each link, and on how many links."""
        self._count, self._times, self._left = count, times, count

    def connected(self, _link: Link) -> None:
        """Count anew."""
        self._left = self._count

    def shape(self, _link: Link, chunks: list[Chunk]) -> list[Chunk]:
        """Cut off where the bytes are used up."""
        if not self._times:
            return chunks
        passed: list[Chunk] = []
        for handle, data in chunks:
            passed.append((handle, data[: self._left]))
            self._left -= len(data)
            if self._left <= 0:
                self._times -= 1
                return [*(one for one in passed if one[1]), DROP]
        return passed


class _Chance(StrapFault):
    """A fault that hits notifications at random."""

    def __init__(self, rate: float, seed: int = 0, limit: int | None = None) -> None:
        """Take how often (0..1), the seed, and after how many hits it is over."""
        self._rate, self._random, self._left = rate, Random(seed), limit

    def _hits(self) -> bool:
        if self._left == 0 or self._random.random() >= self._rate:
            return False
        if self._left is not None:
            self._left -= 1
        return True


class Corrupt(_Chance):
    """Flip a bit of notifications."""

    def shape(self, _link: Link, chunks: list[Chunk]) -> list[Chunk]:
        """Flip."""
        return [
            (handle, self._flip(data) if data and self._hits() else data) for handle, data in chunks
        ]

    def _flip(self, data: bytes) -> bytes:
        at = self._random.randrange(len(data))
        return data[:at] + bytes((data[at] ^ 1 << self._random.randrange(8),)) + data[at + 1 :]


class Lose(_Chance):
    """Let notifications get lost, as a busy proxy does."""

    def shape(self, _link: Link, chunks: list[Chunk]) -> list[Chunk]:
        """Leave some out."""
        return [chunk for chunk in chunks if not self._hits()]


class Split(_Chance):
    """Cut notifications into smaller ones."""

    def shape(self, _link: Link, chunks: list[Chunk]) -> list[Chunk]:
        """Cut some in two, at any byte."""
        pieces: list[Chunk] = []
        for handle, data in chunks:
            if len(data) > 1 and self._hits():
                at = self._random.randrange(1, len(data))
                pieces += [(handle, data[:at]), (handle, data[at:])]
            else:
                pieces.append((handle, data))
        return pieces


class Duplicate(_Chance):
    """Send whole frames twice."""

    def shape(self, _link: Link, chunks: list[Chunk]) -> list[Chunk]:
        """Repeat some."""
        return chunks * 2 if self._hits() else chunks


class Interleave(_Chance):
    """Put notifications of other characteristics between those of a frame."""

    def shape(self, link: Link, chunks: list[Chunk]) -> list[Chunk]:
        """Mix in what waits for characteristics 3 and 4, else an event on 4."""
        strap = link.strap
        if not chunks or chunks[0][0] != strap.gatt.handle_of[Channel.DATA] or not self._hits():
            return chunks
        channel, inner = link.interleave_next() or (Channel.EVENT, _noise(strap))
        frame = strap_frame(strap.generation, inner)
        others = cut(strap.gatt.handle_of[channel], frame, 23)
        mixed: list[Chunk] = []
        mine = list(chunks)
        while mine or others:
            pick = mine if mine and (not others or self._random.random() < 0.5) else others
            mixed.append(pick.pop(0))
        return mixed


def _noise(strap: SimulatedStrap) -> bytes:
    """Make an event that says nothing."""
    epoch, subsec = strap.stamp()
    return encode_event(EventId.EXTENDED_BATTERY, epoch, subsec, sequence=strap.sequence())


class SmallMtu(StrapFault):
    """Agree on a small MTU."""

    def __init__(self, mtu: int = 23) -> None:
        """Take the MTU, bytes."""
        self._mtu = mtu

    def connected(self, link: Link) -> None:
        """Agree."""
        link.mtu = self._mtu


class SlowLink(StrapFault):
    """Let the radio carry only so much."""

    def __init__(self, records_per_s: float) -> None:
        """Take how many summary records (with their envelopes) it carries in a second."""
        self._records_per_s = records_per_s

    def connected(self, link: Link) -> None:
        """Set the speed."""
        size = 104 if link.strap.generation == "gen4" else 124
        link.bytes_per_s = self._records_per_s * size
