"""What happens to the band itself in the middle of a transfer, and faults drawn at random."""

import asyncio
from functools import partial

from bleak.exc import BleakError
import pytest

from custom_components.openstrap.engine.protocol import Generation, Marker, command, decode
from tests.strap_sim import Moment, SimClient, with_unknown_version
from tests.strap_sim.bench import Bench, ask, drain_until_done
from tests.strap_sim.schedule import schedule
from tests.strap_sim.sources import steady_source
from tests.strap_sim.virtual import run

pytestmark = pytest.mark.full  # of the simulator itself, which changes rarely

GEN4 = Generation.GEN4


def test_silence() -> None:
    """Muted, a band says nothing for a while; stalled, it answers but sends no history."""

    async def main() -> None:
        bench = Bench()
        client = await bench.connected()
        bench.strap.moments.at(Moment.RECORD, 100, bench.strap.stall_history)
        with pytest.raises(TimeoutError):
            await client.drain(timeout_s=60)
        assert len(await ask(client, command.get_clock(1))) == 1
        await client.send(command.abort_history(GEN4, 2))
        bench.strap.mute(30)
        assert await ask(client, command.get_clock(1)) == []
        await asyncio.sleep(31)
        await client.drain()
        assert bench.saved == set(bench.strap.ledger.made)
        bench.strap.ledger.verify()
        bench.strap.stop()

    run(main())


def test_a_restart_drops_the_link_and_may_reset_the_counter() -> None:
    """What is in the flash stays, and comes under the counter that it was made with."""

    async def main() -> None:
        bench = Bench()
        strap = bench.strap
        strap.moments.at(Moment.BURST, 3, partial(strap.restart, lose_clock=True))
        await drain_until_done(bench)
        await asyncio.sleep(60)
        await drain_until_done(bench)
        counters = [int.from_bytes(inner[3:7], "little") for inner in strap.ledger.made]
        falls = [at for at in range(1, len(counters)) if counters[at] < counters[at - 1]]
        assert len(falls) == 1 and counters[falls[0]] == 0
        assert int.from_bytes(strap.ledger.made[-1][7:11], "little") < 40_000_000
        assert bench.saved == set(strap.ledger.made)
        strap.ledger.verify()
        strap.stop()

    run(main())


def test_new_firmware_and_unknown_records() -> None:
    """START markers and HELLO tell the version; some records are such that nobody can read them."""

    async def main() -> None:
        bench = Bench(source=with_unknown_version(steady_source(), 10))
        client = await bench.connected()
        markers: list[Marker] = []
        take = client._take

        def spy(inner: bytes) -> None:
            if inner[0] == 0x31 and isinstance(marker := decode(inner, GEN4), Marker):
                markers.append(marker)
            take(inner)

        client._take = spy  # type: ignore[method-assign]
        await client.drain()
        assert {one.firmware for one in markers if one.sub == 1} == {"41.17.6.0"}
        bench.strap.update_firmware((42, 0, 1, 7))
        assert not client.client.is_connected
        client = await bench.connected()
        client.received.others.clear()
        (hello,) = await ask(client, command.get_hello(GEN4, 0))
        assert hello.detail.firmware == "42.0.1.7"  # type: ignore[union-attr]
        versions = [inner[1] for inner in bench.strap.ledger.made]
        assert versions.count(99) in range(61, 64) and bench.saved == set(bench.strap.ledger.made)
        bench.strap.stop()

    run(main())


@pytest.mark.parametrize("generation", list(Generation))
def test_a_burst_that_the_host_calls_incomplete_comes_again(generation: Generation) -> None:
    """The same records and token; without an END there is nothing to call so."""

    async def main() -> None:
        bench = Bench(generation)
        client = await bench.connected()
        (answer,) = await ask(client, command.history_failed(generation, 5))
        assert answer.status == 0
        end = client._end
        tokens: list[bytes | None] = []

        async def fail_first(marker: Marker, taken: list[bytes]) -> None:
            tokens.append(marker.token)
            if len(tokens) == 2:
                await client.send(command.history_failed(generation, 6))
            else:
                await end(marker, taken)

        client._end = fail_first  # type: ignore[method-assign]
        await client.drain()
        assert tokens[1] == tokens[2] and len(set(tokens)) == len(tokens) - 1
        assert bench.strap.ledger.failed_results == 2
        assert bench.saved == set(bench.strap.ledger.made)
        bench.strap.ledger.verify()
        bench.strap.stop()

    run(main())


def test_a_transport_that_is_full() -> None:
    """Nothing is lost, and it goes on where it stopped."""

    async def main() -> None:
        bench = Bench()
        client = await bench.connected()
        assert isinstance(client.client, SimClient) and bench.strap.link is not None
        backend, link = client.client.backend, bench.strap.link
        room = False
        backend.ready = lambda: room  # type: ignore[method-assign]
        with pytest.raises(TimeoutError):
            await client.drain(timeout_s=10)
        assert not link.idle and not client.received.counts
        room = True
        link.resume()
        await asyncio.sleep(0.1)
        assert len(client.received.members) + client._markers.qsize()
        await client.drain()
        assert bench.saved == set(bench.strap.ledger.made)
        bench.strap.stop()

    run(main())


def test_out_of_range() -> None:
    """It cannot be reached, and comes back."""

    async def main() -> None:
        bench = Bench()
        bench.strap.walk_away(100)
        with pytest.raises(BleakError):
            await bench.connected()
        await asyncio.sleep(101)
        await bench.drained()
        bench.strap.stop()

    run(main())


def test_a_host_that_dies() -> None:
    """Nobody on its side is told; the band is free again, and no flag is held against it."""

    async def main() -> None:
        bench = Bench()
        client = await bench.connected()
        await client.send(command.realtime_hr(1, on=True))
        assert isinstance(client.client, SimClient)
        client.client.vanish()
        assert not client.client.is_connected and bench.strap.advertises
        bench.strap.ledger.verify()
        await bench.drained()
        bench.strap.stop()

    run(main())


@pytest.mark.parametrize("generation", list(Generation))
@pytest.mark.parametrize("seed", range(20))
def test_schedules(generation: Generation, seed: int) -> None:
    """Drawn faults never make the band itself do wrong, end, and are the same at every run."""

    async def main() -> tuple[object, ...]:
        bench = Bench(generation)
        drawn = schedule(bench.strap, seed)
        await drain_until_done(bench)
        ledger = bench.strap.ledger
        losses = set(ledger.unsafe)
        if not any(name in str(drawn) for name in ("Corrupt", "Lose", "mute", "Duplicate")):
            assert not losses, drawn
        assert set(ledger.not_durable()) == losses, drawn
        bench.strap.stop()
        return drawn, ledger.made, ledger.erasures

    assert run(main()) == run(main())
