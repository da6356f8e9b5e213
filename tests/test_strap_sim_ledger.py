"""What the simulated band erases, and that its books tell a careful client from a careless one."""

import asyncio
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
import time

from bleak.exc import BleakError
import pytest

from custom_components.openstrap.engine.protocol import Generation, Inner, Marker, build_frame
from custom_components.openstrap.ingest import ingest
from custom_components.openstrap.store import WearerStore
from tests.strap_sim import Channel, Misconduct, SimClient, StrapConfig, vendor_uuid, with_raw
from tests.strap_sim.bench import START_TS, Bench
from tests.strap_sim.faults import Fate, WriteFate
from tests.strap_sim.flash import FlashRing
from tests.strap_sim.reference_client import ReferenceClient
from tests.strap_sim.sources import steady_source
from tests.strap_sim.store_oracle import StoreOracle
from tests.strap_sim.virtual import run

pytestmark = pytest.mark.full  # of the simulator itself, which changes rarely

BOTH = list(Generation)
GEN4 = Generation.GEN4


async def ack(client: ReferenceClient, token: bytes, generation: Generation = GEN4) -> None:
    """Acknowledge with any token."""
    frame = build_frame(generation, b"\x23\x05\x17\x01" + token)
    uuid = vendor_uuid(generation, Channel.COMMAND)
    await client.client.write_gatt_char(uuid, frame, response=True)


async def first_end(bench: Bench) -> tuple[ReferenceClient, bytes]:
    """Fetch the first burst, keep it, and give its token without acknowledging it."""
    client = await bench.connected()
    ends: list[bytes] = []

    async def keep(marker: Marker, taken: list[bytes]) -> None:
        assert marker.token is not None
        ends.append(marker.token)
        bench.saved.update(taken)
        raise StopAsyncIteration

    client._end = keep  # type: ignore[method-assign]
    with pytest.raises(StopAsyncIteration):
        await client.drain()
    del client._end
    return client, ends[0]


@pytest.mark.parametrize("generation", BOTH)
def test_a_careful_client_gets_everything_and_all_is_erased(generation: Generation) -> None:
    """Nothing is erased that is not on disk, the counts fit, and nothing is left."""

    async def main() -> None:
        bench = Bench(generation, backlog_s=7200)
        client = await bench.drained()
        ledger, strap = bench.strap.ledger, bench.strap
        assert len(ledger.made) > 7000
        assert ledger.erased == len(ledger.made) and not strap.flash.used
        assert bench.saved == set(ledger.made)
        assert not ledger.not_durable() and not ledger.unsafe
        assert client.received.bursts > 100
        assert all(told == came for told, came in client.received.counts)
        ledger.verify()
        assert strap.flash.trim_page == strap.flash.write_page
        strap.stop()

    run(main())


def test_a_careless_client_is_found_out() -> None:
    """It acknowledges before it commits."""

    async def main() -> None:
        bench = Bench()
        client = await bench.connected(careless=True)
        await client.drain()
        await client.client.disconnect()
        ledger = bench.strap.ledger
        assert len(ledger.unsafe) == len(ledger.made)
        assert not ledger.not_durable()  # in the end it was lucky
        with pytest.raises(AssertionError, match="unsafe_erase"):
            ledger.verify()
        ledger.verify(excuse=[Misconduct.UNSAFE_ERASE])
        bench.strap.stop()

    run(main())


@pytest.mark.parametrize("change", range(8))
def test_an_altered_token_erases_nothing(change: int) -> None:
    """Not even when one bit of one byte is wrong; the right one still does afterwards."""

    async def main() -> None:
        bench = Bench()
        client, token = await first_end(bench)
        wrong = bytearray(token)
        wrong[change] ^= 0x10
        used = bench.strap.flash.used
        await ack(client, bytes(wrong))
        assert bench.strap.flash.used == used and not bench.strap.ledger.erasures
        await ack(client, token + bytes(1))  # filled up, as the frame is
        assert bench.strap.flash.used < used
        assert len(bench.strap.ledger.misdeeds_of(Misconduct.BAD_TOKEN)) == 1
        bench.strap.stop()

    run(main())


def test_an_old_token_erases_nothing() -> None:
    """The one before the last is a misdeed, the last one again is only a repetition."""

    async def main() -> None:
        bench = Bench()
        client, first = await first_end(bench)
        await ack(client, first)
        used = bench.strap.flash.used
        await asyncio.sleep(1)
        await ack(client, first)
        assert bench.strap.ledger.repeated_acks == 1
        bench.strap.ledger.verify()
        second = bench.strap.transfer(bench.strap.link)._pending  # type: ignore[arg-type]
        assert second is not None
        bench.saved.update(client.received.members)
        await ack(client, second.token)
        left = bench.strap.flash.used
        assert left < used
        await asyncio.sleep(1)
        await ack(client, first)
        assert bench.strap.flash.used == left
        assert len(bench.strap.ledger.misdeeds_of(Misconduct.BAD_TOKEN)) == 1
        bench.strap.stop()

    run(main())


def test_a_token_of_an_earlier_connection_erases_nothing() -> None:
    """Until the same burst was sent again on this one."""

    async def main() -> None:
        bench = Bench()
        client, token = await first_end(bench)
        await client.client.disconnect()
        again = await bench.connected()
        used = bench.strap.flash.used
        await ack(again, token)
        assert bench.strap.flash.used == used
        assert len(bench.strap.ledger.misdeeds_of(Misconduct.BAD_TOKEN)) == 1
        await again.client.disconnect()
        _, same = await first_end(bench)
        assert same == token
        bench.strap.stop()

    run(main())


def test_a_token_before_its_end_is_refused() -> None:
    """Guessing does not help: the END must have gone out."""

    async def main() -> None:
        bench = Bench(config=StrapConfig(first_page=10, wrap_count=3))
        client = await bench.connected()
        token = (14).to_bytes(4, "little") + (3).to_bytes(4, "little")
        await ack(client, token)
        assert bench.strap.flash.used and not bench.strap.ledger.erasures
        bench.strap.stop()

    run(main())


def test_an_acknowledgement_that_gets_lost_is_not_an_erasure() -> None:
    """Lost on the air nothing is erased; lost on the way back it is, and the next drain goes on."""

    async def main(fate: Fate) -> int:
        bench = Bench()
        bench.strap.add_fault(WriteFate(fate, nth=2))
        client = await bench.connected()
        with pytest.raises(BleakError):
            await client.drain()
        erased = bench.strap.ledger.erased
        assert not client.client.is_connected
        await bench.drained()
        assert bench.strap.ledger.erased == len(bench.strap.ledger.made) == len(bench.saved)
        bench.strap.ledger.verify()
        bench.strap.stop()
        return erased

    assert run(main(Fate.LOST)) * 2 == run(main(Fate.DONE_BUT_LOST))


@pytest.mark.parametrize("careless", [False, True])
def test_a_real_file_is_asked(tmp_path: Path, careless: bool) -> None:
    """The oracle reads what was really committed, over a connection of its own."""

    async def main() -> None:
        path = tmp_path / "wearer.db"
        bench = Bench()
        bench.strap.ledger.oracle = StoreOracle(path)
        store = WearerStore.open(path)

        def commit(inners: Iterable[bytes]) -> None:
            frames = [Inner(inner, GEN4, proven=True) for inner in inners]
            assert ingest(store, frames, now=START_TS, tz=UTC).new == len(frames)

        client = ReferenceClient(SimClient(bench.strap), GEN4, commit, careless=careless)
        await client.connect()
        await client.drain()
        while store.compact(now=START_TS, tz=UTC):
            pass
        assert not bench.strap.ledger.not_durable()
        assert bool(bench.strap.ledger.unsafe) == careless
        store.close()
        bench.strap.stop()

    run(main())


def test_a_full_ring_overwrites_the_oldest_and_counts_its_rounds() -> None:
    """As in a strap that was left alone: those records are gone, and nobody is blamed."""

    async def main() -> None:
        config = StrapConfig(total_pages=16, records_per_page=5, first_page=14, wrap_count=2)
        bench = Bench(config=config, backlog_s=300)
        strap, ledger = bench.strap, bench.strap.ledger
        strap.recorder.grow()
        lost = sum(len(one) for one in ledger.overwritten)
        assert strap.flash.used + lost == len(ledger.made) > 300
        assert strap.flash.wrap_count == 2 + (14 + len(ledger.made) // 5) // 16
        assert (strap.flash.write_page - strap.flash.trim_page) % 16 in (14, 15)
        await bench.drained()
        assert ledger.erased == len(ledger.made) - lost == len(bench.saved)
        assert not ledger.not_durable()
        ledger.verify()
        strap.stop()

    run(main())


def test_the_ring_itself() -> None:
    """Pages fill, close, are erased from the front and never half."""
    ring = FlashRing(total_pages=4, records_per_page=3, first_page=3)
    record = bytes(7) + (100).to_bytes(4, "little") + (5).to_bytes(2, "little")
    assert ring.append([record] * 4, 0) == []
    assert (ring.trim_page, ring.write_page, ring.wrap_count, ring.used) == (3, 0, 1, 4)
    assert ring.free == 8 and ring.oldest() == ring.newest == (100, 5)
    ring.close_page()
    ring.close_page()
    assert ring.write_page == 1
    assert [page.number for page in ring.erase_before(2)] == []
    assert [page.number for page in ring.erase_before(3)] == [3]
    assert ring.append([record] * 9, 4) == [range(3, 4)]
    assert ring.used == 9 and len(ring.pages) == 3


def test_it_grows_while_it_is_drained() -> None:
    """A second drain brings what was recorded since the first, once."""

    async def main() -> None:
        bench = Bench()
        await bench.drained()
        before = len(bench.saved)
        await asyncio.sleep(3600)
        await bench.drained()
        assert len(bench.saved) - before in range(3743, 3746)
        bench.strap.ledger.verify()
        assert not bench.strap.ledger.not_durable()
        bench.strap.stop()

    run(main())


def test_raw_records_share_the_moment_of_their_summary() -> None:
    """R24, R10 and R11 have one counter and time, and come in whole pages."""

    async def main() -> None:
        config = StrapConfig(records_per_page=3, burst_pages=17)
        bench = Bench(config=config, backlog_s=60, source=with_raw(steady_source()))
        await bench.drained()
        made = bench.strap.ledger.made
        assert [len(inner) for inner in made[:3]] == [96, 1920, 1924]
        assert made[0][3:13] == made[1][3:13] == made[2][3:13]
        assert set(made) == bench.saved
        bench.strap.stop()

    run(main())


def test_the_same_seed_gives_the_same_run() -> None:
    """Bytes, bursts and books."""

    async def main() -> tuple[object, ...]:
        bench = Bench(backlog_s=1800)
        client = await bench.drained()
        bench.strap.stop()
        ledger = bench.strap.ledger
        return ledger.made, ledger.erasures, ledger.events, client.received.others

    assert run(main()) == run(main())


@pytest.mark.parametrize("generation", BOTH)
def test_it_is_fast(generation: Generation) -> None:
    """At least 20 000 records a second over the in-process client, so big backlogs are cheap."""

    async def main() -> float:
        bench = Bench(generation, backlog_s=6 * 3600)
        bench.strap.recorder.grow()
        client = await bench.connected()
        begun = time.process_time()
        await client.drain()
        spent = time.process_time() - begun
        bench.strap.stop()
        return len(bench.strap.ledger.made) / spent

    assert run(main()) > 20_000
