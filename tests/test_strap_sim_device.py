"""What the simulated band answers, read with the project's own decoder."""

import asyncio

import pytest

from custom_components.openstrap.engine.protocol import (
    EventId,
    Generation,
    Response,
    Status,
    build_frame,
    command,
    decode,
)
from custom_components.openstrap.engine.protocol.response import (
    Battery,
    BodyLocation,
    Clock,
    DataRange,
    ExtBattery,
    Hello,
    Name,
    PackInfo,
    Version,
)
from tests.strap_sim import Channel, Misconduct, StrapConfig, vendor_uuid
from tests.strap_sim.bench import START_TS, Bench, ask, bench_test, events, replies
from tests.strap_sim.commands import DANGEROUS
from tests.strap_sim.reference_client import ReferenceClient
from tests.strap_sim.virtual import run

pytestmark = pytest.mark.full  # of the simulator itself, which changes rarely

GEN4, BOTH = Generation.GEN4, list(Generation)


@pytest.mark.parametrize("generation", BOTH)
def test_identity(generation: Generation) -> None:
    """HELLO, name, version, battery."""

    async def test(bench: Bench, client: ReferenceClient) -> None:
        config = bench.strap.config
        answers = await ask(client, command.get_hello(generation, 7))
        hello = answers[-1].detail
        assert isinstance(hello, Hello)
        assert (hello.serial, hello.battery_percent, hello.charging) == (config.serial, 87.3, False)
        assert hello.firmware == ".".join(map(str, config.firmware))
        assert hello.clock_epoch == int(START_TS)
        assert hello.on_wrist is (None if generation is GEN4 else True)
        pending = [] if generation is GEN4 else [Status.PENDING]
        assert [one.status for one in answers] == [*pending, Status.OK]
        assert {one.request_seq for one in answers} == {7}
        (answer,) = await ask(client, command.get_name(generation, 8))
        assert answer.detail == Name(config.name)
        (answer,) = await ask(client, command.get_battery(9))
        assert answer.detail == Battery(87.3 if generation is GEN4 else 87)
        (answer,) = await ask(client, b"\x23\x0a\x07\0")
        if generation is GEN4:
            assert answer.detail == Version("41.17.6.0", "17.2.2.0")
        else:
            assert answer.status == Status.NOT_SUPPORTED
        bench.strap.ledger.verify()

    bench_test(test, generation)


@pytest.mark.parametrize("generation", BOTH)
def test_data_range(generation: Generation) -> None:
    """Pages, records and times of what is stored; pending comes first."""

    async def test(bench: Bench, client: ReferenceClient) -> None:
        pending, answer = await ask(client, command.get_data_range(generation, 2))
        assert pending.status == Status.PENDING and not pending.body.strip(b"\0")
        found, strap = answer.detail, bench.strap
        assert isinstance(found, DataRange) and len(answer.body.rstrip(b"\0")) <= 65
        assert found.used_records == len(strap.ledger.made) == strap.flash.used
        assert found.free_records + found.used_records == 131072 * 14
        assert found.backlog_pages == len(strap.ledger.made) // 14
        assert (found.trim_page, found.wrap_count, found.total_pages) == (29011, 26, 131072)
        assert found.oldest_epoch in range(int(START_TS) - 601, int(START_TS) - 598)
        assert found.newest_epoch in range(int(START_TS) - 2, int(START_TS) + 1)
        await client.drain()
        _, answer = await ask(client, command.get_data_range(generation, 3))
        assert isinstance(answer.detail, DataRange)
        assert (answer.detail.backlog_pages, answer.detail.used_records) == (0, 0)

    bench_test(test, generation)


def test_quirks_of_the_replies() -> None:
    """0x17 echoes 0; pending is all there is to 0x16, 0x03 and 0x3F, on gen4."""

    async def gen4(_bench: Bench, client: ReferenceClient) -> None:
        await client.drain()
        answers = [decode(inner, GEN4) for inner in client.received.others]
        acks = [one for one in answers if isinstance(one, Response) and one.opcode == 0x17]
        assert len(acks) == client.received.bursts
        assert {(one.request_seq, one.status) for one in acks} == {(0, Status.OK)}
        client.received.others.clear()
        for inner in (
            command.send_history(GEN4, 4),
            command.realtime_hr(0xB0, on=False),
            command.raw_stream(GEN4, 0xB1, on=False),
        ):
            (answer,) = await ask(client, inner)
            assert (answer.status, answer.request_seq) == (Status.PENDING, inner[1])

    async def gen5(_bench: Bench, client: ReferenceClient) -> None:
        (answer,) = await ask(client, command.realtime_hr(0xB0, on=False))
        assert answer.status == Status.OK

    bench_test(gen4)
    bench_test(gen5, Generation.GEN5)


def test_what_it_refuses() -> None:
    """Unknown opcodes, frames with a wrong check, unpadded frames; a dangerous one is remembered."""

    async def test(bench: Bench, client: ReferenceClient) -> None:
        ledger = bench.strap.ledger
        uuid = vendor_uuid(GEN4, Channel.COMMAND)
        (answer,) = await ask(client, b"\x23\xa0\xee\0")
        assert answer.status == Status.NOT_SUPPORTED and not ledger.misdeeds
        frame = bytearray(build_frame(GEN4, command.get_battery(1)))
        frame[-1] ^= 1
        await client.client.write_gatt_char(uuid, frame, response=True)
        await asyncio.sleep(0.01)
        assert not client.received.others
        assert [one.kind for one in ledger.misdeeds] == [Misconduct.BAD_FRAME]
        unpadded = build_frame(GEN4, command.get_battery(1), pad=False)
        await client.client.write_gatt_char(uuid, unpadded, response=True)
        await asyncio.sleep(0.01)
        (answer,) = replies(client, 0x1A)
        assert (answer.status, answer.body.strip(b"\0")) == (Status.OK, b"")
        assert ledger.misdeeds[-1].kind is Misconduct.UNPADDED
        ledger.misdeeds.clear()
        used = bench.strap.flash.used
        for opcode in sorted(DANGEROUS):
            (answer,) = await ask(client, bytes((0x23, 1, opcode, 0xFE)))
            assert answer.status == Status.NOT_SUPPORTED
        assert bench.strap.flash.used == used
        assert len(ledger.misdeeds_of(Misconduct.DANGEROUS_OPCODE)) == len(DANGEROUS)
        with pytest.raises(AssertionError, match="opcode 0x19"):
            ledger.verify()

    bench_test(test)


def test_no_allowed_opcode_is_dangerous() -> None:
    """The two lists come from different tables and must not meet."""
    assert not DANGEROUS & {int(one) for one in command.Opcode}


def test_the_clock_can_be_unset_and_set() -> None:
    """Records before carry 1971, records after the true time, and the strap says that it was set."""

    async def test(bench: Bench, client: ReferenceClient) -> None:
        bench.strap.lose_clock()
        await asyncio.sleep(100)
        (answer,) = await ask(client, command.get_clock(1))
        assert isinstance(answer.detail, Clock)
        assert answer.detail.epoch in range(31_536_099, 31_536_102)
        now = bench.strap.time.now()
        bench.strap.stubborn_clock = 1
        await ask(client, command.set_clock(2, round(now * 1000)))
        assert not bench.strap.clock_is_set
        await ask(client, command.set_clock(3, round(now * 1000)))
        assert bench.strap.clock_is_set and bench.strap.clock.is_true
        await asyncio.sleep(50)
        bench.strap.recorder.grow()
        times = [int.from_bytes(inner[7:11], "little") for inner in bench.strap.ledger.made]
        unset = [one for one in times if one < 10**9]
        assert len(unset) in range(103, 106)
        assert times[-1] in range(int(now) + 48, int(now) + 52)
        told = [one.event_id for one in events(client)]
        assert told[-2:] == [EventId.RTC_LOST, EventId.SET_RTC]

    bench_test(test)


def test_old_firmware_takes_the_time_from_an_unpadded_frame_only() -> None:
    """The padded one is acknowledged all the same."""

    async def test(bench: Bench, client: ReferenceClient) -> None:
        bench.strap.only_unpadded_clock = True
        bench.strap.jump_clock(-50_000)
        inner = command.set_clock(2, round(START_TS * 1000))
        assert (await ask(client, inner))[0].status == Status.OK
        assert not bench.strap.clock.is_true
        uuid = vendor_uuid(GEN4, Channel.COMMAND)
        frame = build_frame(GEN4, inner, pad=False)
        await client.client.write_gatt_char(uuid, frame, response=True)
        assert bench.strap.clock.is_true
        bench.strap.ledger.verify()

    bench_test(test)


def test_the_clock_drifts_and_jumps() -> None:
    """A hundred parts in a million are 8.6 s a day; a host that is behind sees it ahead."""

    async def test(bench: Bench, _client: ReferenceClient) -> None:
        strap = bench.strap
        strap.clock.drift(strap.time.now(), 100.0)
        await asyncio.sleep(86_400)
        assert strap.clock.at(strap.time.now()) - strap.time.now() == pytest.approx(
            86_408.64 - 86_400
        )
        strap.jump_clock(100_000)
        assert strap.clock.at(strap.time.now()) - strap.time.now() == pytest.approx(100_008.64)
        strap.clock.set(strap.time.now(), strap.time.now() + 0.02)
        assert not strap.clock.is_true  # it still drifts

    bench_test(test)
    bench_test(_ahead, clock_offset_s=200_000)


async def _ahead(bench: Bench, _client: ReferenceClient) -> None:
    """See that records carry the strap's idea of the time."""
    first = bench.strap.ledger.made[0]
    assert int.from_bytes(first[7:11], "little") in range(
        int(START_TS) + 199_399, int(START_TS) + 199_403
    )


def test_without_a_time_there_may_be_no_history() -> None:
    """Some refuse to send any until the clock is set."""

    async def main() -> None:
        bench = Bench(config=StrapConfig(refuses_history_unset=True))
        bench.strap.lose_clock()
        client = await bench.connected()
        (answer,) = await ask(client, command.send_history(GEN4, 1))
        assert answer.status == Status.FAILED
        await ask(client, command.set_clock(2, round(bench.strap.time.now() * 1000)))
        await client.drain()
        assert bench.saved == set(bench.strap.ledger.made)
        bench.strap.stop()

    run(main())


@pytest.mark.parametrize("generation", BOTH)
def test_the_rest_of_the_replies(generation: Generation) -> None:
    """Fuel gauge, place on the body, battery pack."""

    async def test(_bench: Bench, client: ReferenceClient) -> None:
        (answer,) = await ask(client, command.get_body_location(1))
        assert answer.detail == BodyLocation(1)
        if generation is GEN4:
            (answer,) = await ask(client, command.get_ext_battery(generation, 1))
            assert answer.detail == ExtBattery(-9, 4111, 87)
        else:
            (answer,) = await ask(client, command.get_pack_info(generation, 1))
            assert isinstance(answer.detail, PackInfo) and not answer.detail.attached

    bench_test(test, generation)
