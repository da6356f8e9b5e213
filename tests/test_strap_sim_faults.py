"""Each fault does what it says, and none of them makes the band erase what it should keep."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from itertools import pairwise

from bleak.exc import BleakError, BleakGATTProtocolError
import pytest

from custom_components.openstrap.engine.protocol import (
    Generation,
    Reassembler,
    Response,
    build_frame,
    command,
)
from tests.strap_sim import Channel, Moment, SimClient, vendor_uuid
from tests.strap_sim.bench import Bench, ask, drain_until_done
from tests.strap_sim.faults import (
    ACK,
    Corrupt,
    DropAfterBytes,
    Duplicate,
    Fate,
    HoldUp,
    IgnoredAck,
    Interleave,
    LateReply,
    Lose,
    ReplyFault,
    SlowLink,
    SmallMtu,
    Split,
    StrapFault,
    WriteFate,
    failed,
    garbled,
    missing,
    truncated,
    wrong_echo,
    wrong_opcode,
)
from tests.strap_sim.reference_client import ReferenceClient
from tests.strap_sim.virtual import run

pytestmark = pytest.mark.full  # of the simulator itself, which changes rarely

GEN4 = Generation.GEN4


def with_fault(
    fault: StrapFault, generation: Generation = GEN4, *, whole: bool = True
) -> tuple[Bench, ReferenceClient]:
    """Drain a band with a fault to the end."""

    async def main() -> tuple[Bench, ReferenceClient]:
        bench = Bench(generation)
        bench.strap.add_fault(deepcopy(fault))
        client = await drain_until_done(bench)
        bench.strap.stop()
        return bench, client

    bench, client = run(main())
    if whole:
        assert bench.saved == set(bench.strap.ledger.made)
        assert bench.strap.ledger.erased == len(bench.strap.ledger.made)
        bench.strap.ledger.verify()
    return bench, client


@pytest.mark.parametrize("count", [1, 3, 20, 103, 104, 105, 700, 5_001])
def test_a_drop_at_any_byte(count: int) -> None:
    """The link is gone after that many bytes; the next connection brings everything."""

    async def main() -> None:
        bench = Bench()
        bench.strap.add_fault(DropAfterBytes(count))
        client = SimClient(bench.strap, host=bench.host, pair=True)
        await client.connect()
        got = bytearray()
        with suppress(BleakError):
            for channel in (Channel.RESPONSE, Channel.EVENT, Channel.DATA):
                uuid = vendor_uuid(GEN4, channel)
                await client.start_notify(uuid, lambda _, data: got.extend(data))
            frame = build_frame(GEN4, command.send_history(GEN4, 4))
            await client.write_gatt_char(vendor_uuid(GEN4, Channel.COMMAND), frame, response=True)
            await asyncio.sleep(5)
        assert len(got) == count and not client.is_connected
        await drain_until_done(bench)
        assert bench.saved == set(bench.strap.ledger.made)
        bench.strap.ledger.verify()
        bench.strap.stop()

    run(main())


@pytest.mark.parametrize("mtu", [23, 64, 185])
def test_small_notifications(mtu: int) -> None:
    """No notification is larger than the link allows."""
    bench, _ = with_fault(SmallMtu(mtu))

    async def sizes() -> set[int]:
        other = Bench(backlog_s=60)
        other.strap.add_fault(SmallMtu(mtu))
        client = SimClient(other.strap, pair=True)
        await client.connect()
        assert client.mtu_size == mtu
        seen: set[int] = set()
        await client.start_notify(vendor_uuid(GEN4, 5), lambda _, data: seen.add(len(data)))
        frame = build_frame(GEN4, command.send_history(GEN4, 4))
        await client.write_gatt_char(vendor_uuid(GEN4, 2), frame, response=True)
        await asyncio.sleep(1)
        other.strap.stop()
        return seen

    assert max(run(sizes())) == min(mtu - 3, 104)
    assert bench.saved


@pytest.mark.parametrize(
    "fault",
    [Split(0.5, 3), Interleave(0.5, 3), Duplicate(0.2, 3)],
    ids=["split", "interleave", "duplicate"],
)
@pytest.mark.parametrize("generation", list(Generation))
def test_what_a_sound_reassembly_survives(fault: StrapFault, generation: Generation) -> None:
    """Cut, mixed or doubled notifications cost nothing."""
    with_fault(fault, generation)


def test_interleaving_really_mixes() -> None:
    """Between two parts of a frame on 5 there is something on 4."""

    async def main() -> list[int]:
        bench = Bench(backlog_s=60)
        bench.strap.add_fault(SmallMtu())
        bench.strap.add_fault(Interleave(0.5, 1))
        client = SimClient(bench.strap, pair=True)
        await client.connect()
        order: list[int] = []
        frames = {number: Reassembler(GEN4) for number in (4, 5)}
        for number in (4, 5):

            def take(_: object, data: bytearray, number: int = number) -> None:
                order.append(number)
                frames[number].feed(data)

            await client.start_notify(vendor_uuid(GEN4, number), take)
        await asyncio.sleep(0.1)
        order.clear()
        frame = build_frame(GEN4, command.send_history(GEN4, 4))
        await client.write_gatt_char(vendor_uuid(GEN4, 2), frame, response=True)
        await asyncio.sleep(1)
        assert not any(one.corrupt or one.resyncs for one in frames.values())
        bench.strap.stop()
        return order

    order = run(main())
    changes = sum(a != b for a, b in pairwise(order))
    assert changes > 40


@pytest.mark.parametrize(("fault", "least"), [(Corrupt(0.05, 3), 20), (Lose(0.05, 3), 20)])
def test_what_costs_records(fault: StrapFault, least: int) -> None:
    """A client that believes every END loses what was corrupted or lost, and the books say so."""
    bench, _ = with_fault(fault, whole=False)
    assert len(bench.strap.ledger.unsafe) >= least
    assert bench.strap.ledger.not_durable() == bench.strap.ledger.unsafe
    with pytest.raises(AssertionError):
        bench.strap.ledger.verify()


def test_a_limited_fault_ends() -> None:
    """After so many hits all is well."""
    bench, _ = with_fault(Lose(1.0, 0, limit=3), whole=False)
    assert len(bench.strap.ledger.unsafe) <= 3


@pytest.mark.parametrize("fate", [fate for fate in Fate if fate is not Fate.PASS])
def test_the_fate_of_an_acknowledgement(fate: Fate) -> None:
    """Whatever becomes of it: all arrives, all is erased, and nothing before it is safe."""
    bench, _ = with_fault(WriteFate(fate, ACK, 3))
    assert bench.strap.ledger.connections == 2


def test_errors_of_a_write() -> None:
    """FAILED is not carried out and DONE_BUT_FAILED is; the link stays."""

    async def main(fate: Fate) -> int:
        bench = Bench()
        bench.strap.add_fault(WriteFate(fate, 0x4F))
        client = await bench.connected()
        with pytest.raises(BleakGATTProtocolError):
            await client.send(command.buzz(GEN4, 1))
        assert client.client.is_connected
        bench.strap.stop()
        return bench.strap.haptics.buzzes

    assert (run(main(Fate.FAILED)), run(main(Fate.DONE_BUT_FAILED))) == (0, 1)


@pytest.mark.parametrize("only_end", [False, True])
def test_bursts_come_again(only_end: bool) -> None:
    """After an overlooked acknowledgement: the burst, or its END alone, and then all goes on."""
    bench, client = with_fault(IgnoredAck(0.5, nth=2, only_end=only_end))
    assert bench.strap.ledger.connections == 1
    bursts = len({one.token for one in bench.strap.ledger.erasures})
    assert client.received.bursts == bursts + 1


def test_an_early_end_still_counts_while_its_burst_comes_again() -> None:
    """The burst is sent twice without anybody having asked; the first END is acknowledged."""

    async def main() -> None:
        bench = Bench()
        strap = bench.strap
        strap.moments.at(Moment.END, 2, lambda: strap.soon(strap.resend_burst))
        await drain_until_done(bench)
        bench.strap.ledger.verify()
        assert bench.strap.ledger.erased == len(bench.strap.ledger.made)
        bench.strap.stop()

    run(main())


@pytest.mark.parametrize(
    ("change", "expect"),
    [
        (missing, lambda _: False),
        (wrong_echo, lambda one: one.request_seq != 9 and one.detail is not None),
        (wrong_opcode, lambda _: False),
        (failed, lambda one: one.status == 0 and one.detail is None),
        (truncated, lambda one: one.detail is None),
        (garbled, lambda one: one.detail is not None and one.detail.epoch != one.request_seq),
    ],
)
def test_replies(
    change: Callable[[bytes], bytes | None], expect: Callable[[Response], bool]
) -> None:
    """Missing or wrong once, right the next time."""

    async def main() -> None:
        bench = Bench()
        bench.strap.add_fault(ReplyFault(0x0B, change))
        client = await bench.connected()
        first = await ask(client, command.get_clock(9))
        assert first == [] or all(expect(one) for one in first)
        assert bool(first) == (change not in (missing, wrong_opcode))
        (second,) = await ask(client, command.get_clock(9))
        assert second.request_seq == 9 and second.detail is not None
        bench.strap.stop()

    run(main())


def test_a_late_reply() -> None:
    """It comes, after a while."""

    async def main() -> None:
        bench = Bench()
        bench.strap.add_fault(LateReply(0x0B, 7.0))
        client = await bench.connected()
        assert await ask(client, command.get_clock(9)) == []
        await asyncio.sleep(6.9)
        assert not client.received.others
        await asyncio.sleep(0.2)
        assert len(client.received.others) == 1
        bench.strap.stop()

    run(main())


@pytest.mark.parametrize("operation", ["connect", "pair", "write", "subscribe"])
def test_operations_are_held_up(operation: str) -> None:
    """By so many seconds, and the end of the link ends the wait."""

    async def main() -> None:
        bench = Bench()
        bench.strap.add_fault(HoldUp(operation, 5.0))
        loop = asyncio.get_running_loop()
        begun = loop.time()
        client = await bench.connected()
        if operation == "write":
            await client.send(command.get_clock(1))
        assert loop.time() - begun == pytest.approx(15.0 if operation == "subscribe" else 5.0)
        loop.call_later(1.0, bench.strap.drop)
        if operation == "write":
            with pytest.raises(BleakError):
                await client.send(command.get_clock(1))
            assert loop.time() - begun == pytest.approx(6.0)
        bench.strap.stop()

    run(main())


@pytest.mark.parametrize(("records_per_s", "generation"), [(35, GEN4), (130, Generation.GEN5)])
def test_a_slow_link(records_per_s: int, generation: Generation) -> None:
    """It carries as many records a second as it is told."""

    async def main() -> None:
        bench = Bench(generation, backlog_s=3600)
        bench.strap.add_fault(SlowLink(records_per_s))
        client = await bench.connected()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await client.drain()
        rate = len(bench.saved) / (loop.time() - begun)
        assert rate == pytest.approx(records_per_s, rel=0.08)
        bench.strap.stop()

    run(main())
