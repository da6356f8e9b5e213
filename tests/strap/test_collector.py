"""Bursts, slices, and what does not belong to any."""

import asyncio

import pytest

from custom_components.openstrap.engine.protocol import Generation, Marker, decode
from custom_components.openstrap.engine.protocol.encode import (
    encode_console,
    encode_event,
    encode_marker,
    encode_r24,
)
from custom_components.openstrap.strap.collector import (
    LOOSE_REST_S,
    ROOM_BYTES,
    SLICE_FRAMES,
    BurstEnd,
    Collector,
    Complete,
    Inbox,
    Item,
    Slice,
)
from custom_components.openstrap.strap.policy.plausible import time_window
from tests.strap_sim.virtual import run

NOW = 1_780_000_000
DATA, EVENTS = 5, 4


def record(number: int, epoch: int = NOW) -> bytes:
    """Make a record."""
    return encode_r24(counter=number, epoch=epoch, subsec=0, hr_bpm=60, rr_ms=[1000])


def marker(sub: int, **fields: object) -> Marker:
    """Make a marker."""
    packet = decode(encode_marker(sub, NOW, 0, **fields), Generation.GEN4)  # type: ignore[arg-type]
    assert isinstance(packet, Marker)
    return packet


START, COMPLETE = marker(1), marker(3)
END = marker(2, expected_count=2, token=b"12345678")


class Bench:
    """A collector and its inbox."""

    def __init__(self) -> None:
        """Start empty."""
        self.inbox = Inbox()
        self.collector = Collector(
            Generation.GEN4, self.inbox, lambda: time_window(NOW, None, None)
        )

    def add(self, *packets: bytes, channel: int = DATA, now: float = 0.0) -> None:
        """Let packets come."""
        for data in packets:
            self.collector.add(data, channel, now)

    def mark(self, one: Marker, before: int = 0, after: int | None = None) -> None:
        """Let a marker come."""
        damage = before if after is None else after
        self.collector.mark(one, DATA, damage_before=before, damage=damage)

    def items(self) -> list[Item]:
        """Take everything."""
        taken = []
        while (item := self.inbox.take()) is not None:
            taken.append(item)
        return taken

    def end(self) -> BurstEnd:
        """Take everything and give the only END."""
        (end,) = [item for item in self.items() if isinstance(item, BurstEnd)]
        return end


@pytest.fixture
async def bench() -> Bench:
    """Give a fresh one."""
    return Bench()


async def test_a_burst_is_its_frames_and_then_its_end(bench: Bench) -> None:
    """So that it is stored before it is judged."""
    bench.mark(START)
    bench.add(record(1), record(2))
    bench.mark(END)
    frames, end = bench.items()
    assert isinstance(frames, Slice)
    assert [one.data for one in frames.frames] == [record(1), record(2)]
    assert all(one.generation is Generation.GEN4 and one.proven for one in frames.frames)
    assert isinstance(end, BurstEnd)
    assert end.burst > 0
    assert end.marker is END
    assert end.tally.received == 2
    assert end.tally.newest_ts == NOW
    assert not end.tally.damaged
    assert bench.inbox.size == 0


async def test_members_and_others(bench: Bench) -> None:
    """Events and log lines count, once each, and only beside the START."""
    event = encode_event(9, NOW, 0)
    line = encode_console(NOW, "x")
    bench.mark(START)
    bench.add(record(1), record(1), event, event, line, b"\x34" + bytes(20))
    bench.add(encode_event(10, NOW, 0), channel=EVENTS)
    bench.mark(END)
    tally = bench.end().tally
    assert (len(tally.records), tally.others, tally.consoles, tally.elsewhere) == (1, 2, 1, 1)


async def test_a_burst_that_is_sent_twice_without_a_start_between(bench: Bench) -> None:
    """Only the events of the second time count: those of both could hide a lost record."""
    lines = [encode_console(NOW, "x", sequence=number) for number in range(4)]
    bench.mark(START)
    bench.add(lines[0], record(1), record(2), record(2), lines[1], record(3))
    bench.add(lines[2], record(1), record(3), lines[3])
    bench.mark(END)
    tally = bench.end().tally
    assert (len(tally.records), tally.others, tally.consoles) == (3, 1, 1)


async def test_a_start_inside_a_burst_discards_it(bench: Bench) -> None:
    """What came is stored all the same."""
    bench.mark(START)
    bench.add(record(1))
    bench.mark(START)
    bench.add(record(2))
    bench.mark(END)
    first, second, end = bench.items()
    assert isinstance(first, Slice) and isinstance(second, Slice) and isinstance(end, BurstEnd)
    assert (len(first.frames), len(second.frames)) == (1, 1)
    assert end.tally.received == 1


async def test_an_end_without_start_belongs_to_no_burst(bench: Bench) -> None:
    """Its frames are loose, and it must not be acknowledged."""
    bench.add(record(1))
    bench.mark(END)
    frames, end = bench.items()
    assert isinstance(frames, Slice)
    assert isinstance(end, BurstEnd) and end.burst == 0


async def test_arming_makes_what_is_open_void(bench: Bench) -> None:
    """The END of a burst that began before belongs to nothing."""
    bench.mark(START)
    bench.add(record(1))
    bench.collector.arm()
    bench.add(record(2))
    bench.mark(END)
    bench.mark(COMPLETE)
    *_, end, complete = bench.items()
    assert isinstance(end, BurstEnd) and end.burst == 0
    assert isinstance(complete, Complete) and complete.transfer == bench.collector.transfer == 1


async def test_complete_hands_over_what_is_left(bench: Bench) -> None:
    """In order."""
    bench.mark(START)
    bench.add(record(1))
    bench.mark(COMPLETE)
    assert [type(item) for item in bench.items()] == [Slice, Complete]


@pytest.mark.parametrize(
    ("start", "end", "damaged"),
    [((3, 3), (3, 3), False), ((3, 4), (4, 4), True), ((3, 3), (3, 4), True)],
)
async def test_damage_between_the_markers(
    bench: Bench, start: tuple[int, int], end: tuple[int, int], damaged: bool
) -> None:
    """Also in the very notification that brings one of them."""
    bench.mark(START, *start)
    bench.mark(END, *end)
    assert bench.end().tally.damaged is damaged


async def test_times(bench: Bench) -> None:
    """Impossible times are counted and are not the newest."""
    bench.mark(START)
    bench.add(record(1, 31_536_000), record(2, NOW + 100_000), record(3, NOW - 5))
    bench.mark(END)
    tally = bench.end().tally
    assert (tally.before, tally.after, tally.newest_ts) == (1, 1, NOW - 5)


async def test_long_bursts_are_stored_in_slices(bench: Bench) -> None:
    """Of bounded size, all of the same burst."""
    bench.mark(START)
    bench.add(*(record(number) for number in range(2 * SLICE_FRAMES + 5)))
    bench.mark(END)
    *slices, end = bench.items()
    assert [len(one.frames) for one in slices if isinstance(one, Slice)] == [2000, 2000, 5]
    assert isinstance(end, BurstEnd) and end.tally.received == 2 * SLICE_FRAMES + 5


async def test_memory_is_bounded(bench: Bench) -> None:
    """What does not fit is dropped, and its burst is damaged."""
    big = bytes((0x2F, 11)) + bytes(100_000)
    bench.mark(START)
    for number in range(200):
        bench.add(big + bytes((number,)))
    assert bench.inbox.size <= ROOM_BYTES + len(big) + 1
    assert bench.collector.dropped > 0
    bench.mark(END)
    assert bench.end().tally.damaged
    bench.mark(START)
    bench.add(record(1))
    bench.mark(END)
    assert not bench.end().tally.damaged


async def test_loose_frames_rest_a_little(bench: Bench) -> None:
    """From the first one on."""
    assert bench.collector.loose_due_at == float("inf")
    bench.add(record(1), now=10.0)
    bench.add(record(2), now=11.0)
    assert bench.collector.loose_due_at == 10.0 + LOOSE_REST_S
    bench.collector.cut()
    assert bench.collector.loose_due_at == float("inf")
    (frames,) = bench.items()
    assert isinstance(frames, Slice) and len(frames.frames) == 2


def test_waiting_ends_with_an_item_a_wake_or_a_deadline() -> None:
    """Whichever comes first."""

    async def main() -> None:
        inbox, time = Inbox(), asyncio.get_running_loop().time
        await inbox.wait(3.0)
        assert time() == 3.0
        asyncio.get_running_loop().call_at(4.0, inbox.wake)
        await inbox.wait(10.0)
        assert time() == 4.0
        inbox.put(Complete(0))
        await inbox.wait(10.0)
        assert time() == 4.0

    run(main())
