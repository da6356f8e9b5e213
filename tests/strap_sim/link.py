"""One connection: the link layer, who may do what on it, and the queue of what goes on the air."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, Protocol

from . import bodies
from .clock import Timer
from .gatt import Channel
from .wire import DROP, MTU_DEFAULT, Chunk, cut, strap_frame

if TYPE_CHECKING:
    from .faults import StrapFault
    from .strap import SimulatedStrap

AUTHENTICATION: Final = 0x05
"""ATT error: the link is not encrypted."""
NOT_PERMITTED: Final = 0x03
UNLIKELY: Final = 0x0E
WRITE_LENGTH: Final = 0x0D

SLICE: Final = 64
"""Notifications in one go of the event loop."""


class LinkLost(Exception):
    """The link is gone."""


class Unanswered(Exception):
    """The strap will never answer this; the host waits until it gives up or the link drops."""


class ConnectRefused(Exception):
    """Nobody answers, or the strap is busy with another central."""


class PairingRefused(Exception):
    """The strap keeps its bond with somebody else."""


class GattError(Exception):
    """The strap answered with an ATT error."""

    def __init__(self, code: int) -> None:
        """Take the code."""
        super().__init__(f"ATT error 0x{code:02x}")
        self.code = code


class Closer(Enum):
    """Who ended a link."""

    HOST = auto()
    """Orderly, by the client."""
    STRAP = auto()
    AIR = auto()
    """Out of range, interference, the host died."""


@dataclass(eq=False, slots=True)
class Host:
    """An adapter or a proxy: it keeps the keys of its bonds, by the straps' addresses."""

    name: str = "adapter"
    keys: dict[str, int] = field(default_factory=dict)
    bonds_on_write: bool = True
    """Whether it pairs by itself when a confirmed write is refused for want of a bond."""


class Transport(Protocol):
    """The host's side of a link."""

    @property
    def host(self) -> Host:
        """Whose radio it is."""

    def deliver(self, handle: int, data: bytes) -> None:
        """Take one notification."""

    def closed(self, closer: Closer) -> None:
        """Learn that the link is gone; not called when the host closed it."""

    def ready(self) -> bool:
        """Tell whether more can be taken now; else it calls ``Link.resume`` later."""


type Sent = Callable[[], None]

type _Item = tuple[Channel, bytes, bool, Sent | None]
"""Characteristic, inner payload, whether it is history, what to do once it is on the air."""


class Link:
    """One connection of one central to one strap."""

    def __init__(self, strap: SimulatedStrap, transport: Transport, number: int) -> None:
        """Begin; the strap makes these."""
        self.strap, self.transport, self.number = strap, transport, number
        self.mtu = MTU_DEFAULT
        self.alive, self.encrypted, self.wedged = True, False, False
        self.subscribed: set[int] = set()
        self.bytes_per_s: float | None = None
        """Speed of the radio; None as fast as the event loop."""
        self.muted_until = 0.0
        """Nothing goes out before this true time; what would have is lost."""
        self._queue: deque[_Item] = deque()
        self._chunks: deque[Chunk] = deque()
        self._scheduled: Timer | None = None
        self._free_ts = 0.0

    # --- what is to be sent ---------------------------------------------------

    def send(
        self, channel: Channel, inner: bytes, *, history: bool = False, sent: Sent | None = None
    ) -> None:
        """Queue one packet."""
        self._queue.append((channel, inner, history, sent))
        self._schedule()

    def send_history(self, channel: Channel, inners: list[bytes], sent: Sent | None) -> None:
        """Queue many packets of history; ``sent`` is called as each goes out."""
        self._queue.extend((channel, inner, True, sent) for inner in inners)
        self._schedule()

    def forget_history(self) -> None:
        """Take back what is queued of the history."""
        self._queue = deque(item for item in self._queue if not item[2])

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be sent."""
        return not self._queue and not self._chunks

    def resume(self) -> None:
        """Go on after the transport was not ready."""
        if not self.idle:
            self._schedule()

    # --- the radio ------------------------------------------------------------

    def _schedule(self, delay_s: float = 0.0) -> None:
        if self._scheduled is None and self.alive:
            self._scheduled = self.strap.soon(self._pump, delay_s)

    def _pump(self) -> None:
        self._scheduled = None
        faults = self.strap.faults
        for _ in range(SLICE):
            if not self.alive or not self.transport.ready():
                return
            if self._chunks:
                if not self._on_air(*self._chunks.popleft()):
                    return
                continue
            if not self._queue:
                return
            channel, inner, _, sent = self._queue.popleft()
            if sent is not None:
                sent()
                if not self.alive:
                    return
            handle = self.strap.gatt.handle_of[channel]
            frame = strap_frame(self.strap.generation, inner)
            self._chunks.extend(self._shaped(faults, cut(handle, frame, self.mtu)))
        if not self.idle:
            self._schedule()

    def _shaped(self, faults: list[StrapFault], chunks: list[Chunk]) -> list[Chunk]:
        for fault in faults:
            chunks = fault.shape(self, chunks)
        return chunks

    def interleave_next(self) -> tuple[Channel, bytes] | None:
        """Take the next queued packet out of turn when it is on another characteristic."""
        for index, (channel, inner, history, sent) in enumerate(self._queue):
            if channel is not Channel.DATA and not history and sent is None:
                del self._queue[index]
                return channel, inner
        return None

    def _on_air(self, handle: int, data: bytes) -> bool:
        """Send one notification; False when the radio has to pause, or the link is gone."""
        if handle == DROP[0]:
            self.close(Closer.AIR)
            return False
        if self.bytes_per_s is not None:
            now = self.strap.time.now()
            if self._free_ts > now:
                self._chunks.appendleft((handle, data))
                self._schedule(self._free_ts - now)
                return False
            self._free_ts = max(self._free_ts, now - 0.05) + len(data) / self.bytes_per_s
        muted = self.muted_until and self.strap.time.now() < self.muted_until
        if handle in self.subscribed and not muted and not self.wedged:
            self.transport.deliver(handle, data)
        return True

    # --- the host's side ------------------------------------------------------

    def pair(self) -> None:
        """Bond, or take the bond that is there into use. Raises PairingRefused, LinkLost."""
        self._check()
        self.strap.bonding.pair(self)

    def read(self, handle: int) -> bytes:
        """Read a value. Raises GattError, LinkLost."""
        self._check()
        characteristic = self.strap.gatt.by_handle[handle]
        if "read" not in characteristic.properties:
            raise GattError(NOT_PERMITTED)
        return bodies.value(self.strap, characteristic.uuid)

    def subscribe(self, handle: int) -> None:
        """Have a characteristic notify. Raises GattError, LinkLost."""
        self._check()
        characteristic = self.strap.gatt.by_handle[handle]
        if characteristic.channel is not None and not self.encrypted:
            self.strap.bonding.subscribed_unbonded(self)
            raise GattError(AUTHENTICATION)
        self.subscribed.add(handle)
        self.strap.on_subscribed(self, characteristic)

    def unsubscribe(self, handle: int) -> None:
        """Have it be silent again."""
        self.subscribed.discard(handle)

    def write(self, handle: int, data: bytes, *, response: bool) -> None:
        """Write a value. Raises GattError, LinkLost; for a write without response only the latter."""
        self._check()
        characteristic = self.strap.gatt.by_handle[handle]
        if characteristic.channel is not Channel.COMMAND:
            raise GattError(NOT_PERMITTED)
        if not response and len(data) > self.mtu - 3:
            raise GattError(WRITE_LENGTH)
        self.strap.written(self, data, response=response)

    def close(self, closer: Closer) -> None:
        """End the link; a second time does nothing."""
        if not self.alive:
            return
        self.alive = False
        if self._scheduled is not None:
            self._scheduled.cancel()
            self._scheduled = None
        self._queue.clear()
        self._chunks.clear()
        self.strap.on_closed(self, closer)
        if closer is not Closer.HOST:
            self.transport.closed(closer)

    def _check(self) -> None:
        if not self.alive:
            raise LinkLost
        if self.wedged:
            raise Unanswered
