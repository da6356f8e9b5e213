"""Packets to whom they concern, and that none can stop the others."""

import asyncio
from collections.abc import Callable

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.protocol import Event, EventId, Generation, build_frame
from custom_components.openstrap.engine.protocol.checksum import crc16
from custom_components.openstrap.engine.protocol.encode import (
    battery_body,
    encode_event,
    encode_live_hr,
    encode_marker,
    encode_r24,
)
from custom_components.openstrap.strap.collector import BurstEnd, Collector, Inbox, Slice
from custom_components.openstrap.strap.keeper import FRESH_S, Keeper
from custom_components.openstrap.strap.receiver import Receiver
from custom_components.openstrap.strap.requests import Requests
from custom_components.openstrap.strap.state import StrapMemory
from tests.strap_sim.virtual import run

from .home import Heard

NOW = 1_780_000_000
GEN4 = Generation.GEN4


class Bench:
    """The way in, without a link."""

    def __init__(self, memory: StrapMemory | None = None, generation: Generation = GEN4) -> None:
        """Start empty."""
        self.generation = generation
        self.heard = Heard()
        self.keeper = Keeper(memory or StrapMemory(), self.heard, lambda: float(NOW))
        self.inbox = Inbox()
        self.collector = Collector(generation, self.inbox, self.keeper.window)
        self.requests = Requests()
        self.receiver = Receiver(generation, self.collector, self.requests, self.keeper)

    def feed(self, *inners: bytes, number: int = 5) -> None:
        """Let packets come in frames."""
        for inner in inners:
            self.receiver.feed(number, bytearray(build_frame(self.generation, inner)))

    def kept(self) -> list[bytes]:
        """Give what is to be stored."""
        self.collector.cut()
        found = []
        while (item := self.inbox.take()) is not None:
            if isinstance(item, Slice):
                found += [one.data for one in item.frames]
        return found


def record(number: int = 1) -> bytes:
    """Make a record."""
    return encode_r24(counter=number, epoch=NOW, subsec=0, hr_bpm=60, rr_ms=[1000])


def scene(play: Callable[[], None]) -> None:
    """Run something inside a loop, and what it set off."""

    async def main() -> None:
        play()

    run(main())


@given(packets=st.lists(st.binary(min_size=1, max_size=200), max_size=20))
def test_no_packet_stops_the_next(packets: list[bytes]) -> None:
    """Whatever it contains: the record behind them all is kept."""

    def play() -> None:
        for generation in Generation:
            bench = Bench(generation=generation)
            bench.feed(*packets, record())
            assert record() in bench.kept()

    scene(play)


@given(chunks=st.lists(st.binary(min_size=1, max_size=60), max_size=40))
def test_nor_does_any_noise(chunks: list[bytes]) -> None:
    """Also when it is no frame."""

    def play() -> None:
        bench = Bench()
        for chunk in chunks:
            bench.receiver.feed(5, bytearray(chunk))
            bench.receiver.feed(4, bytearray(chunk))
        bench.feed(record(), number=3)
        assert record() in bench.kept()

    scene(play)


@pytest.mark.parametrize(
    ("inner", "kept"),
    [
        (record(), True),
        (bytes((0x2F, 99)) + bytes(40), True),
        (bytes((0x2F,)) + bytes(3), True),
        (encode_event(9, NOW, 0), True),
        (encode_event(999, NOW, 0), True),
        (b"\x30\x01\x09", True),
        (b"\x31\x01\x09" + bytes(9), True),
        (b"\x34" + bytes(30), True),
        (b"\x36" + bytes(30), True),
        (b"\x99" + bytes(30), True),
        (encode_live_hr(NOW, 0, 60), False),
        (b"\x2b\x0a" + bytes(30), False),
        (b"\x33" + bytes(90), False),
        (bytes((0x24, 1, 0x22, 0xA0, 1)), False),
        (b"\x26" + bytes(9), False),
        (encode_marker(1, NOW, 0), False),
    ],
)
def test_what_is_kept(inner: bytes, kept: bool) -> None:
    """Everything of the history and everything unknown; nothing that only shows the moment."""

    def play() -> None:
        bench = Bench()
        bench.feed(inner)
        padded = inner + bytes(-len(inner) % 4)
        assert (padded in bench.kept()) is kept

    scene(play)


def test_an_unknown_envelope_is_kept_whole() -> None:
    """Of gen5, where it says of itself that it is of another revision."""

    def play() -> None:
        bench = Bench(generation=Generation.GEN5)
        frame = build_frame(Generation.GEN5, record())
        header = b"\xaa\x02" + frame[2:6]
        other = header + crc16(header).to_bytes(2, "little") + frame[8:]
        bench.receiver.feed(5, other)
        assert bench.kept() == [other]

    scene(play)


def test_damage_reaches_the_burst() -> None:
    """On any characteristic, between its markers."""

    def play() -> None:
        for number, damaged in ((5, True), (4, True), (None, False)):
            bench = Bench()
            bench.feed(encode_marker(1, NOW, 0), record())
            if number:
                frame = bytearray(build_frame(GEN4, record(2)))
                frame[20] ^= 1
                bench.receiver.feed(number, frame)
                bench.feed(record(3), number=number)
            bench.feed(encode_marker(2, NOW, 0, expected_count=2, token=bytes(8)))
            items = []
            while (item := bench.inbox.take()) is not None:
                items.append(item)
            (end,) = [item for item in items if isinstance(item, BurstEnd)]
            assert end.tally.damaged is damaged

    scene(play)


# --- events ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "fresh"),
    [(0, True), (FRESH_S, True), (FRESH_S + 1, False), (-60, True), (-2000, False)],
)
def test_fresh_events(age: float, fresh: bool) -> None:
    """Half an hour, either way."""
    benches: list[Bench] = []

    def play() -> None:
        benches.append(Bench())
        benches[0].feed(encode_event(EventId.DOUBLE_TAP, int(NOW - age), 0))

    scene(play)
    ((event, was_fresh),) = benches[0].heard.events
    assert event.event_id == EventId.DOUBLE_TAP
    assert was_fresh is fresh


def test_a_fresh_event_is_told_once_over_sessions() -> None:
    """The memory says which were told."""
    heard: list[Heard] = []

    async def main() -> None:
        memory = StrapMemory()
        for _ in range(3):
            bench = Bench(memory)
            heard.append(bench.heard)
            tap = encode_event(EventId.DOUBLE_TAP, NOW - 5, 77)
            bench.feed(tap, tap, number=4)
            bench.feed(tap)
            memory = bench.keeper.memory
        bench = Bench(memory)
        heard.append(bench.heard)
        bench.feed(encode_event(EventId.DOUBLE_TAP, NOW - 5, 78))

    run(main())
    assert [len(one.events) for one in heard] == [1, 0, 0, 1]


def test_battery_only_when_fresh_and_charging_by_the_newest() -> None:
    """An old level is no level; an old plug is still the last that is known."""

    def play() -> None:
        bench = Bench()
        old = battery_body(50.0, 3900, charging=True)
        bench.feed(encode_event(EventId.BATTERY_LEVEL, NOW - 7200, 0, old))
        assert bench.keeper.state.battery_percent is None
        assert bench.keeper.state.charging is True
        bench.feed(encode_event(EventId.CHARGING_OFF, NOW - 3600, 0))
        bench.feed(encode_event(EventId.CHARGING_ON, NOW - 9000, 0))
        assert bench.keeper.state.charging is False
        new = battery_body(48.5, 3890, charging=False)
        bench.feed(encode_event(EventId.BATTERY_LEVEL, NOW - 60, 0, new))
        assert bench.keeper.state.battery_percent == 48.5
        later = encode_event(EventId.WRIST_ON, NOW + 90_000, 0)
        bench.feed(later)
        assert bench.keeper.state.worn is None

    scene(play)


def test_a_listener_that_fails_harms_nobody() -> None:
    """The loop reports it, the packets go on."""

    async def main() -> None:
        bench = Bench()

        def fail(_event: Event, fresh: bool) -> None:
            raise RuntimeError("a fault of the listener")

        bench.heard.on_event = fail  # type: ignore[method-assign, assignment]
        reported: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, what: reported.append(what))
        bench.feed(encode_event(9, NOW, 0), record())
        await asyncio.sleep(0.1)
        assert record() in bench.kept()
        assert reported

    run(main())
