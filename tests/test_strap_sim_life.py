"""What the simulated band does by itself and to those who connect, as a host sees it."""

import asyncio
from zoneinfo import ZoneInfo

from bleak.exc import BleakError, BleakGATTProtocolError
import pytest

from custom_components.openstrap.engine.protocol import (
    AlarmStatus,
    Generation,
    LiveHeartRate,
    SummaryRecord,
    SummaryRecordGen5,
    build_frame,
    command,
    decode,
)
from custom_components.openstrap.engine.protocol.response import Alarm, AlarmOutcome
from tests.strap_sim import (
    GEN5,
    Channel,
    Misconduct,
    SimClient,
    StrapConfig,
    demo_source,
    vendor_uuid,
)
from tests.strap_sim.bench import START_TS, Bench, ask, bench_test, events
from tests.strap_sim.reference_client import ReferenceClient
from tests.strap_sim.virtual import run

pytestmark = pytest.mark.full  # of the simulator itself, which changes rarely

GEN4, BOTH = Generation.GEN4, list(Generation)


def test_bonding() -> None:
    """Without a bond there is no subscription and no unconfirmed write; a phone's bond is kept."""

    async def main() -> None:
        bench = Bench(config=StrapConfig(bonded_elsewhere=True))
        client = SimClient(bench.strap, host=bench.host)
        await client.connect()
        data = vendor_uuid(GEN4, Channel.DATA)
        with pytest.raises(BleakGATTProtocolError) as caught:
            await client.start_notify(data, lambda *_: None)
        assert caught.value.code == 5
        with pytest.raises(BleakError, match="pairing failed"):
            await client.pair()
        frame = build_frame(GEN4, command.get_battery(1))
        with pytest.raises(BleakGATTProtocolError):
            await client.write_gatt_char(vendor_uuid(GEN4, 2), frame, response=True)
        await client.write_gatt_char(vendor_uuid(GEN4, 2), frame, response=False)
        assert not bench.strap.ledger.commands
        bench.strap.bonding.start_pairing_mode()
        await client.pair()
        await client.start_notify(data, lambda *_: None)
        await client.disconnect()
        client = SimClient(bench.strap, host=bench.host, pair=True)
        await client.connect()  # the bond is there, the mode is over
        await client.start_notify(data, lambda *_: None)
        await client.disconnect()
        bench.strap.stop()
        bench.strap.ledger.verify()

    run(main())


def test_the_first_confirmed_write_bonds() -> None:
    """Where the host cannot be asked to pair."""

    async def main() -> None:
        bench = Bench()
        client = SimClient(bench.strap, host=bench.host)
        await client.connect()
        frame = build_frame(GEN4, command.get_battery(1))
        await client.write_gatt_char(vendor_uuid(GEN4, 2), frame, response=True)
        assert bench.strap.link is not None and bench.strap.link.encrypted
        bench.strap.stop()

    run(main())


def test_gen5_wedges_when_subscribed_before_the_bond() -> None:
    """Nothing works on that link any more."""

    async def main() -> None:
        bench = Bench(config=GEN5, generation=Generation.GEN5)
        client = SimClient(bench.strap, host=bench.host)
        await client.connect()
        with pytest.raises(BleakError):
            await client.start_notify(vendor_uuid(Generation.GEN5, 5), lambda *_: None)
        with pytest.raises(TimeoutError):
            await client.pair()
        await client.disconnect()
        assert bench.strap.ledger.misdeeds_of(Misconduct.SUBSCRIBED_BEFORE_BOND)
        bench.strap.stop()

    run(main())


def test_lost_keys_end_the_link_after_a_while() -> None:
    """Pairing looks fine; only when the host forgets its own key can it bond again."""

    async def main() -> None:
        bench = Bench()
        await bench.drained()
        bench.strap.bonding.forget()
        for _ in range(2):
            with pytest.raises(BleakError):
                await bench.connected()
        bench.host.keys.clear()
        await bench.drained()
        bench.strap.stop()

    run(main())


def test_one_central_at_a_time() -> None:
    """Connected it is not to be found; who connects all the same is refused and remembered."""

    async def main() -> None:
        bench = Bench()
        assert bench.strap.advertises
        client = await bench.connected()
        assert not bench.strap.advertises
        with pytest.raises(BleakError, match="does not answer"):
            await SimClient(bench.strap).connect()
        assert bench.strap.ledger.misdeeds_of(Misconduct.SECOND_CONNECTION)
        bench.strap.phone_takes(60)
        assert not client.client.is_connected and not bench.strap.advertises
        with pytest.raises(BleakError):
            await bench.connected()
        await asyncio.sleep(61)
        assert bench.strap.advertises
        await bench.connected()
        bench.strap.stop()

    run(main())


def test_events_are_told_and_told_again() -> None:
    """At once to who is connected, and all of the log at the next connection."""

    async def test(bench: Bench, client: ReferenceClient) -> None:
        strap = bench.strap
        assert [one.event_id for one in events(client)] == [11, 23]
        strap.set_worn(False)
        strap.double_tap()
        strap.battery.set_charging(True)
        await asyncio.sleep(1)
        told = events(client)
        assert [one.event_id for one in told] == [10, 14, 7, 3]
        assert told[-1].detail is not None
        await asyncio.sleep(3600)
        assert strap.battery.percent == 100.0
        await client.client.disconnect()
        again = await bench.connected()
        await asyncio.sleep(1)
        ids = [one.event_id for one in events(again)]
        assert ids[:6] == [11, 23, 10, 14, 7, 3] and ids[-2:] == [12, 11]
        await again.send(command.event_packets(1, on=False))
        strap.double_tap()
        await asyncio.sleep(1)
        assert not events(again)

    bench_test(test)


def test_the_alarm() -> None:
    """Armed, fires by the strap's clock, ends by itself or by a double tap; once."""

    async def test(bench: Bench, client: ReferenceClient) -> None:
        strap = bench.strap
        ring_at = round((strap.time.now() + 3600) * 1000)
        (answer,) = await ask(client, command.set_alarm(GEN4, 1, ring_at))
        assert answer.detail == AlarmOutcome(AlarmStatus.ACCEPTED)
        (answer,) = await ask(client, command.get_alarm(GEN4, 2))
        assert isinstance(answer.detail, Alarm)
        assert (answer.detail.active, answer.detail.epoch) == (True, ring_at // 1000)
        strap.jump_clock(600)  # ten minutes sooner
        events(client)
        await asyncio.sleep(2999)
        assert (strap.haptics.rings, strap.haptics.pulsing) == (0, False)
        await asyncio.sleep(2)
        assert (strap.haptics.rings, strap.haptics.pulsing) == (1, True)
        strap.double_tap()
        await asyncio.sleep(40_000)
        told = [one for one in events(client) if one.event_id != 3]
        assert [one.event_id for one in told] == [57, 60, 14, 100]
        assert strap.haptics.rings == 1
        (answer,) = await ask(client, command.get_alarm(GEN4, 2))
        assert isinstance(answer.detail, Alarm) and not answer.detail.active
        (answer,) = await ask(client, command.set_alarm(GEN4, 1, ring_at - 7_200_000))
        assert answer.detail == AlarmOutcome(AlarmStatus.BAD_TIME)
        (answer,) = await ask(client, b"\x23\x01\x42\x04\x09" + bytes(23))
        assert answer.detail == AlarmOutcome(AlarmStatus.BAD_EFFECT)
        await ask(client, command.set_alarm(GEN4, 1, ring_at + 86_400_000))
        await ask(client, command.disable_alarm(GEN4, 1))
        await ask(client, b"\x23\x01\x42\x01" + bytes(8))  # the short form never rings
        await asyncio.sleep(200_000)
        assert (strap.haptics.rings, strap.haptics.buzzes) == (1, 0)
        await ask(client, command.buzz(GEN4, 1))
        assert (strap.haptics.rings, strap.haptics.buzzes) == (1, 1)

    bench_test(test)


@pytest.mark.parametrize("generation", BOTH)
def test_the_live_stream(generation: Generation) -> None:
    """One a second; off the wrist gen4 says 0 and gen5 nothing; left on it is remembered."""

    async def test(bench: Bench, client: ReferenceClient) -> None:
        await ask(client, command.realtime_hr(1, on=True))
        client.received.others.clear()
        await asyncio.sleep(10)
        live = [decode(inner, generation) for inner in client.received.others]
        assert len(live) in (9, 10, 11)
        assert all(isinstance(one, LiveHeartRate) and one.hr_bpm in range(50, 70) for one in live)
        bench.strap.set_worn(False)
        client.received.others.clear()
        await asyncio.sleep(10)
        live = [decode(inner, generation) for inner in client.received.others]
        if generation is GEN4:
            assert len(live) >= 9
            assert all(isinstance(one, LiveHeartRate) and not one.on_body for one in live)
        else:
            assert not live
        await client.client.disconnect()
        assert [one.detail for one in bench.strap.ledger.misdeeds] == ["live"]
        await bench.connected()
        assert not bench.strap.streams.flags["live"]

    bench_test(test, generation)


@pytest.mark.parametrize("generation", BOTH)
def test_the_raw_streams(generation: Generation) -> None:
    """They come as records that decode, and outlive the link until they are switched off."""

    async def test(bench: Bench, client: ReferenceClient) -> None:
        on = (
            command.raw_stream(generation, 1, on=True)
            if generation is GEN4
            else command.raw_start(generation, 1, 600_000)
        )
        await ask(client, on)
        client.received.others.clear()
        await ask(client, command.imu_stream(generation, 2, on=True))
        client.received.others.clear()
        await asyncio.sleep(5)
        kinds = [inner[0] for inner in client.received.others]
        assert kinds.count(0x2B) in ((5, 6) if generation is GEN4 else range(9, 13))
        assert kinds.count(0x33) in (range(50, 54) if generation is GEN4 else (0,))
        for inner in client.received.others:
            decode(inner, generation)
        bench.strap.drop()
        assert not bench.strap.ledger.misdeeds
        again = await bench.connected()
        await asyncio.sleep(5)
        assert again.received.others
        off = (
            command.raw_stream(generation, 1, on=False)
            if generation is GEN4
            else command.raw_stop(generation, 1)
        )
        await ask(again, off)
        await ask(again, command.imu_stream(generation, 2, on=False))
        again.received.others.clear()
        await asyncio.sleep(5)
        assert not again.received.others
        await again.client.disconnect()
        bench.strap.ledger.verify()

    bench_test(test, generation)


def test_prompts() -> None:
    """High-frequency mode asks for a refresh every so often, and ends."""

    async def test(_bench: Bench, client: ReferenceClient) -> None:
        events(client)
        await ask(client, command.high_freq_enter(1, 100, 350))
        await asyncio.sleep(1000)
        told = [one.event_id for one in events(client) if one.event_id != 3]
        assert told == [97, 96, 96, 96, 98]

    bench_test(test)


@pytest.mark.parametrize("generation", BOTH)
def test_the_demo_wearer_wears_it(generation: Generation) -> None:
    """His records decode, are the same in any pieces, and lose no beat on the way to gen5."""
    source = demo_source(7, ZoneInfo("Europe/Berlin"), generation)
    whole = source(START_TS - 20_000, START_TS)
    parts = [
        inner
        for start in range(0, 20_000, 1234)
        for inner in source(START_TS - 20_000 + start, START_TS - max(20_000 - start - 1234, 0))
    ]
    assert parts == whole and len(whole) > 19_000
    kind = SummaryRecord if generation is GEN4 else SummaryRecordGen5
    records = [decode(inner, generation) for inner in whole[:2000]]
    assert all(isinstance(one, kind) for one in records)
    counters = [int.from_bytes(inner[3:7], "little") for inner in whole]
    assert sorted(set(counters)) == counters


def test_off_the_wrist_there_is_no_pulse() -> None:
    """Records go on, with a heart rate of 0."""

    async def test(bench: Bench, _client: ReferenceClient) -> None:
        bench.strap.set_worn(False)
        at = len(bench.strap.ledger.made)
        await asyncio.sleep(10)
        bench.strap.set_worn(True)
        await asyncio.sleep(10)
        bench.strap.recorder.grow()
        worn = [inner[17] > 0 for inner in bench.strap.ledger.made[at:]]
        assert worn[:9] == [False] * 9 and worn[-9:] == [True] * 9

    bench_test(test)


def test_standard_values() -> None:
    """Standard values can be read without a bond; on gen4 the battery always says 100."""

    async def main() -> None:
        for generation, level in ((GEN4, 100), (Generation.GEN5, 87)):
            bench = Bench(generation)
            client = SimClient(bench.strap)
            await client.connect()
            assert (await client.read_gatt_char("2a19"))[0] == level
            assert await client.read_gatt_char("2a29") == b"WHOOP Inc."
            assert client.mtu_size == 247 and client.name == bench.strap.config.name
            with pytest.raises(BleakError):
                await client.read_gatt_char(vendor_uuid(generation, 5))
            await client.disconnect()
            with pytest.raises(BleakError):
                await client.read_gatt_char("2a19")
            bench.strap.stop()

    run(main())


def test_a_host_can_forget_its_bond() -> None:
    """Then it has to be made anew, which may be refused for a while."""

    async def main() -> None:
        bench = Bench()
        client = await bench.connected()
        await client.client.unpair()
        assert not bench.host.keys and not client.client.is_connected
        bench.strap.bonding.refusals = 2
        for _ in range(2):
            client_ = SimClient(bench.strap, host=bench.host, pair=True)
            with pytest.raises(BleakError, match="pairing failed"):
                await client_.connect()
            assert not client_.is_connected and bench.strap.advertises
        await bench.drained()
        bench.strap.stop()

    run(main())
