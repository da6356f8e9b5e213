"""Notifications' packets to bursts: what belongs together, and what is still to be stored."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..engine.protocol import Generation, Inner, Marker, MarkerKind, PacketType, record_time
from .policy.burst import BurstTally
from .policy.plausible import TimeWindow, When

SLICE_FRAMES: Final = 2000
SLICE_BYTES: Final = 256 * 1024
"""Frames, or bytes of them, that are stored without waiting for the end of their burst."""
ROOM_BYTES: Final = 16 * 1024 * 1024
"""Bytes that may wait for the disk; what comes beyond is dropped, and its burst not acknowledged."""
LOOSE_REST_S: Final = 2.0
"""How long frames outside bursts gather before they are stored."""

COUNTED: Final = frozenset(
    {
        PacketType.HISTORICAL,
        PacketType.EVENT,
        PacketType.CONSOLE,
        PacketType.PACK_EVENT,
        PacketType.PACK_LOG,
        PacketType.PACK_CONSOLE,
    }
)
"""Packet types that the strap counts in a burst."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Frames to be stored."""

    frames: list[Inner]
    size: int
    """Bytes of them."""


@dataclass(frozen=True, slots=True)
class BurstEnd:
    """An END. Everything of its burst stands before it in the inbox."""

    marker: Marker
    burst: int
    """Number of the burst, 0 when no START preceded: then it must not be acknowledged."""
    tally: BurstTally
    transfer: int


@dataclass(frozen=True, slots=True)
class Complete:
    """A COMPLETE: never to be answered."""

    transfer: int


type Item = Slice | BurstEnd | Complete


class Inbox:
    """What is to be done, in order; bounded by ``Collector``."""

    def __init__(self) -> None:
        """Start empty."""
        self._items: deque[Item] = deque()
        self._wake = asyncio.Event()
        self.size = 0
        """Bytes of frames that wait."""

    def put(self, item: Item) -> None:
        """Add something."""
        if isinstance(item, Slice):
            self.size += item.size
        self._items.append(item)
        self._wake.set()

    def take(self) -> Item | None:
        """Take the next thing, None when there is none."""
        if not self._items:
            return None
        item = self._items.popleft()
        if isinstance(item, Slice):
            self.size -= item.size
        return item

    def wake(self) -> None:
        """End a wait: something else has changed."""
        self._wake.set()

    async def wait(self, deadline: float) -> None:
        """Wait for something new, or until a time of the loop's clock."""
        self._wake.clear()
        if self._items:
            return
        try:
            async with asyncio.timeout_at(deadline):
                await self._wake.wait()
        except TimeoutError:
            pass


class _OpenBurst:
    """Tallies of the burst that is coming in."""

    def __init__(self, number: int, channel: int, window: TimeWindow, damage: int) -> None:
        self.number = number
        self._channel = channel
        self.damage = damage
        self.crowded = False
        self._window = window
        self._records: dict[int, int] = {}
        """Hashes of records, each with its place in the order in which they came."""
        self._place = 0
        self._others: set[int] = set()
        self._elsewhere: set[int] = set()
        self._consoles = 0
        self._before = 0
        self._after = 0
        self._newest: int | None = None

    def count(self, data: bytes, channel: int) -> None:
        key = hash(data)
        if data[0] != PacketType.HISTORICAL:
            if channel != self._channel:
                self._elsewhere.add(key)
            elif key not in self._others:
                self._others.add(key)
                self._consoles += data[0] == PacketType.CONSOLE
            return
        place = self._records.get(key)
        if place is not None:
            if place < self._place:
                # Sent again, and the START between was lost. Events and log lines differ
                # from try to try: both together could stand in for a record.
                self._others.clear()
                self._consoles = 0
            self._place = place
            return
        self._records[key] = self._place = len(self._records)
        time = record_time(data)
        when = self._window.judge(time[0] if time else 0)
        if when is When.BEFORE:
            self._before += 1
        elif when is When.AFTER:
            self._after += 1
        elif time is not None and (self._newest is None or time[0] > self._newest):
            self._newest = time[0]

    def tally(self, damage: int) -> BurstTally:
        return BurstTally(
            records=frozenset(self._records),
            others=len(self._others),
            consoles=self._consoles,
            elsewhere=len(self._elsewhere),
            before=self._before,
            after=self._after,
            newest_ts=self._newest,
            damaged=self.crowded or damage != self.damage,
        )


class Collector:
    """Sorts packets into bursts and slices. Not asynchronous: it is fed by notifications."""

    def __init__(
        self, generation: Generation, inbox: Inbox, window: Callable[[], TimeWindow]
    ) -> None:
        """Fill an inbox; ``window`` tells which times are possible now."""
        self._generation = generation
        self._inbox = inbox
        self._window = window
        self._burst: _OpenBurst | None = None
        self._bursts = 0
        self._frames: list[Inner] = []
        self._size = 0
        self._first_loose_at: float | None = None
        self.transfer = 0
        """Counts the requests for history: what belongs to an earlier one is void."""
        self.dropped = 0
        """Frames for which there was no room."""

    def arm(self) -> None:
        """Be ready for a new transfer: an open burst is discarded, its END will be void."""
        self.transfer += 1
        self._burst = None

    def add(self, data: bytes, channel: int, now: float) -> None:
        """Take a packet that is to be kept, from a characteristic, at a loop time."""
        burst = self._burst
        if self._inbox.size + self._size > ROOM_BYTES:
            self.dropped += 1
            if burst is not None:
                burst.crowded = True
            return
        if burst is not None:
            if data[0] in COUNTED:
                burst.count(data, channel)
        elif self._first_loose_at is None:
            self._first_loose_at = now
            # Whoever waits does not know yet how long at most.
            self._inbox.wake()
        self._frames.append(Inner(data, self._generation, True))
        self._size += len(data)
        if self._size >= SLICE_BYTES or len(self._frames) >= SLICE_FRAMES:
            self.cut()

    def mark(self, marker: Marker, channel: int, *, damage_before: int, damage: int) -> None:
        """Take a marker from a characteristic.

        ``damage`` counts what could not be read, before and after its chunk.
        """
        self.cut()
        if marker.sub is MarkerKind.START:
            self._bursts += 1
            self._burst = _OpenBurst(self._bursts, channel, self._window(), damage_before)
            return
        burst, self._burst = self._burst, None
        if marker.sub is MarkerKind.COMPLETE:
            self._inbox.put(Complete(self.transfer))
        elif burst is None:
            self._inbox.put(BurstEnd(marker, 0, BurstTally(), self.transfer))
        else:
            end = BurstEnd(marker, burst.number, burst.tally(damage), self.transfer)
            self._inbox.put(end)

    def cut(self) -> None:
        """Hand over what has gathered."""
        self._first_loose_at = None
        if self._frames:
            self._inbox.put(Slice(self._frames, self._size))
            self._frames, self._size = [], 0

    @property
    def loose_due_at(self) -> float:
        """When loose frames are to be stored, infinite when there are none."""
        at = self._first_loose_at
        return float("inf") if at is None else at + LOOSE_REST_S
