"""Notifications to packets, and each packet to whom it concerns."""

import asyncio
import logging
from typing import Final

from ..engine.protocol import (
    Console,
    Event,
    EventId,
    Generation,
    LiveHeartRate,
    Marker,
    MarkerKind,
    PacketType,
    Reassembler,
    Response,
    Undecodable,
    decode,
)
from .collector import COUNTED, Collector
from .generation import SUBSCRIBED
from .keeper import Keeper
from .policy.quality import LinkQuality
from .requests import Requests

_LOGGER = logging.getLogger(__name__)

_LIVE_ONLY: Final = frozenset({PacketType.REALTIME_RAW, PacketType.REALTIME_IMU})
"""Streams that history brings again: not kept."""
_OF_NO_USE: Final = frozenset({PacketType.PACK_RESPONSE, PacketType.PACK_METADATA})


class Receiver:
    """The way in. Nothing that a packet contains can stop the ones behind it."""

    def __init__(
        self,
        generation: Generation,
        collector: Collector,
        requests: Requests,
        keeper: Keeper,
    ) -> None:
        """Sort packets of one connection."""
        self._generation = generation
        self._collector = collector
        self._requests = requests
        self._keeper = keeper
        self._time = asyncio.get_running_loop().time
        # The characteristics interleave, so each has its own.
        self._reassemblers = {number: Reassembler(generation) for number in SUBSCRIBED}
        self._damage = 0
        self._corrupt = 0
        self.quality = LinkQuality()
        self.heard_at = self._time()
        """When anything came."""
        self.history_at = self._time()
        """When a part of the history came."""
        self.frames = 0
        self.clock_lost = False
        self.prompted = False
        """Events that want something done: whoever does it resets them."""
        self.tapped = 0
        """Fresh double taps."""

    def feed(self, number: int, chunk: bytes | bytearray) -> None:
        """Take one notification of a characteristic."""
        reassembler = self._reassemblers[number]
        self.heard_at = self._time()
        before = self._damage
        corrupt = reassembler.corrupt
        resyncs = reassembler.resyncs
        inners = reassembler.feed(chunk)
        corrupt = reassembler.corrupt - corrupt
        self._damage += corrupt + reassembler.resyncs - resyncs
        self.frames += len(inners)
        self.quality.note(good=len(inners), corrupt=corrupt)
        for whole in reassembler.take_undecodable():
            self._collector.add(whole, number, self.heard_at)
        for inner in inners:
            self._packet(inner, number, before)

    def _packet(self, inner: bytes, number: int, damage_before: int) -> None:
        kind = inner[0] if inner else None
        if kind == PacketType.HISTORICAL:
            self.history_at = self.heard_at
            self._collector.add(inner, number, self.heard_at)
            return
        try:
            packet = decode(inner, self._generation)
        except Undecodable:
            packet = None
        if isinstance(packet, Marker):
            self._marker(packet, number, damage_before)
        elif isinstance(packet, Response):
            self._requests.offer(packet)
        elif isinstance(packet, LiveHeartRate):
            self._keeper.live(packet)
        elif kind not in _LIVE_ONLY and kind not in _OF_NO_USE:
            if kind in COUNTED:
                self.history_at = self.heard_at
            self._collector.add(inner, number, self.heard_at)
            if isinstance(packet, Event):
                self._event(packet)
            elif isinstance(packet, Console):
                _LOGGER.debug("strap: %s", packet.text)

    def _marker(self, marker: Marker, number: int, damage_before: int) -> None:
        self.history_at = self.heard_at
        if marker.sub is MarkerKind.START:
            self._keeper.start_marker(marker)
        self._collector.mark(marker, number, damage_before=damage_before, damage=self._damage)

    def _event(self, event: Event) -> None:
        fresh = self._keeper.event(event)
        if event.event_id == EventId.RTC_LOST:
            # Its time says nothing. Looking at the clock once too often does no harm.
            self.clock_lost = True
        elif fresh and event.event_id == EventId.HIGH_FREQ_PROMPT:
            self.prompted = True
        elif fresh and event.event_id == EventId.DOUBLE_TAP:
            self.tapped += 1
