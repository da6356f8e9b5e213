"""Letting frames in, and publishing what is known without flooding the recorder."""

import asyncio
from collections.abc import Sequence
from datetime import tzinfo
import threading
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.openstrap import coordinator as module
from custom_components.openstrap.coordinator import IngestRefused, OpenStrapCoordinator
from custom_components.openstrap.engine.protocol import Generation
from custom_components.openstrap.ingest import IngestReport, ingest_hex
from custom_components.openstrap.store import StoreError, WearerStore

from .frames import hexed, inners, minute, record


@pytest.fixture(autouse=True)
def now(freezer: FrozenDateTimeFactory) -> int:
    """Hold the time; epoch s."""
    freezer.move_to("2026-01-15T15:00:00Z")
    return int(dt_util.utcnow().timestamp())


async def test_frames_and_cursors_go_in_together(
    coordinator: OpenStrapCoordinator, now: int
) -> None:
    """Either both are on disk or neither."""
    report = await coordinator.async_ingest(inners(minute(now - 120)), {"drain": "17"})
    assert (report.received, report.new, report.decoded, report.minutes) == (60, 60, 60, 1)
    assert await coordinator.worker.async_run(WearerStore.cursor, "drain") == "17"


async def test_the_sender_may_tell_the_generation(
    coordinator: OpenStrapCoordinator, now: int
) -> None:
    """It reaches the door as it was told."""
    told = []

    def watch(
        store: WearerStore,
        texts: Sequence[object],
        *,
        generation: Generation | None,
        now: float,
        tz: tzinfo,
    ) -> IngestReport:
        told.append(generation)
        return ingest_hex(store, texts, generation=generation, now=now, tz=tz)

    with patch.object(module, "ingest_hex", watch):
        await coordinator.async_ingest_hex([record(now).hex()], Generation.GEN4)
        await coordinator.async_ingest_hex([record(now).hex()])
    assert told == [Generation.GEN4, None]


async def test_states_are_written_once_in_five_seconds(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    now: int,
) -> None:
    """The first at once, then the newest of what came meanwhile; nothing is lost."""
    seen: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if (state := event.data["new_state"]) is not None:
            seen.append(state.state)

    async_track_state_change_event(home, ["sensor.ada_latest_heart_rate"], note)
    freezer.tick(10)
    for step in range(12):
        await coordinator.async_ingest(inners([record(now - 100 + step, 60 + step)]))
        freezer.tick(1)
        async_fire_time_changed(home)
        await home.async_block_till_done()
    freezer.tick(6)
    async_fire_time_changed(home)
    await home.async_block_till_done()
    assert len(seen) == 4
    assert (seen[0], seen[-1]) == ("60", "71")


async def test_known_frames_write_no_state_and_start_no_sweep(
    home: HomeAssistant, coordinator: OpenStrapCoordinator, now: int
) -> None:
    """Nothing new, nothing to say."""
    await coordinator.async_ingest(inners(minute(now - 120)))
    with (
        patch.object(coordinator.sweeper, "async_frames_came") as came,
        patch.object(coordinator, "async_set_updated_data") as updated,
    ):
        await coordinator.async_ingest(inners(minute(now - 120)))
    assert not came.called
    assert not updated.called


async def test_ingest_runs_in_the_wearers_thread(
    coordinator: OpenStrapCoordinator, now: int
) -> None:
    """The loop only schedules."""
    threads = set()

    def watch(
        store: WearerStore,
        texts: Sequence[object],
        *,
        generation: Generation | None,
        now: float,
        tz: tzinfo,
    ) -> IngestReport:
        threads.add(threading.current_thread().name)
        return ingest_hex(store, texts, generation=generation, now=now, tz=tz)

    with patch.object(module, "ingest_hex", watch):
        await asyncio.gather(
            *(coordinator.async_ingest_hex([record(now - n).hex()]) for n in range(5))
        )
    [name] = threads
    assert name.startswith("openstrap")


async def test_a_sender_who_leaves_takes_nothing_back(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    now: int,
) -> None:
    """What is being stored when the request is cancelled is stored, shown and analysed."""
    freezer.tick(10)
    entered, go_on = threading.Event(), threading.Event()

    def slow(
        store: WearerStore,
        texts: Sequence[object],
        *,
        generation: Generation | None,
        now: float,
        tz: tzinfo,
    ) -> IngestReport:
        entered.set()
        assert go_on.wait(5)
        return ingest_hex(store, texts, generation=generation, now=now, tz=tz)

    with (
        patch.object(module, "ingest_hex", slow),
        patch.object(coordinator.sweeper, "async_frames_came") as came,
    ):
        request = home.async_create_task(coordinator.async_ingest_hex([record(now, 66).hex()]))
        assert await home.async_add_executor_job(entered.wait, 5)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        go_on.set()
        await home.async_block_till_done()
    assert came.called
    state = home.states.get("sensor.ada_latest_heart_rate")
    assert state is not None
    assert state.state == "66"


async def test_a_store_that_fails_takes_nothing(
    coordinator: OpenStrapCoordinator, now: int
) -> None:
    """The refusal says why and when to come again; the same frames are new afterwards."""
    frames = inners(minute(now - 120))
    with (
        patch.object(module, "ingest", side_effect=StoreError("disk_full", "no space")),
        pytest.raises(IngestRefused, match="disk_full: no space") as refused,
    ):
        await coordinator.async_ingest(frames)
    assert refused.value.retry_after == 60
    assert (await coordinator.async_ingest(frames)).new == 60


async def test_counts_since_start(coordinator: OpenStrapCoordinator, now: int) -> None:
    """For diagnostics: how much came, and what was wrong with it."""
    await coordinator.async_ingest_hex([*hexed(minute(now - 120)), "x", "xx", "xx"])
    assert coordinator.received == 63
    assert coordinator.rejected == {"odd_length": 1, "not_hex": 2}
