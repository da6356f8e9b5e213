"""What one day's failure, a full disk or a restart does to the others."""

import threading
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import analysis
from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.engine.day import DayInputs, derive_day
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.store import StoreError, WearerStore, days
from custom_components.openstrap.sweep_view import SweepPhase

from ..frames import inners, minute, night
from .sweeps import THURSDAY, WEDNESDAY, days_of, pass_time, rows


@pytest.mark.full
async def test_one_failing_day_stops_no_other_and_is_told_once(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It stays dirty and is tried with every sweep until it succeeds."""

    def fail_on_thursday(inputs: DayInputs) -> DayResult:
        if inputs.day == THURSDAY:
            raise ZeroDivisionError
        return derive_day(inputs)

    await coordinator.async_ingest(night(THURSDAY))
    with patch.object(analysis, "derive_day", side_effect=fail_on_thursday) as tried:
        await coordinator.sweeper.async_sweep()
        await pass_time(home, freezer, minutes=31)
        await coordinator.sweeper.async_sweep()
    assert days_of(tried).count(THURSDAY) >= 3
    assert days_of(tried).count(WEDNESDAY) == 1
    assert coordinator.sweeper.failing_days == 1
    assert caplog.text.count("A day could not be computed") == 1
    assert set(await rows(coordinator)) == {WEDNESDAY}
    await coordinator.sweeper.async_sweep()
    assert coordinator.sweeper.failing_days == 0
    assert set(await rows(coordinator)) == {WEDNESDAY, THURSDAY}


@pytest.mark.full
async def test_a_full_disk_stops_the_upkeep_until_later(
    coordinator: OpenStrapCoordinator, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, nothing is half done, and the next backstop does it."""
    await coordinator.async_ingest(night(THURSDAY))
    with patch.object(analysis, "finalise", side_effect=StoreError("disk_full")):
        await coordinator.sweeper.async_backstop()
    assert "nightly upkeep" in caplog.text
    await coordinator.sweeper.async_backstop()
    assert len(await rows(coordinator)) == 2


@pytest.mark.full
async def test_a_restart_in_mid_sweep_gives_the_same_rows(
    home: HomeAssistant, loaded: MockConfigEntry, coordinator: OpenStrapCoordinator
) -> None:
    """The day at hand is finished or begun anew; what waited waits on."""
    await coordinator.async_ingest(night(THURSDAY))
    await coordinator.sweeper.async_sweep()
    whole = await rows(coordinator)
    await coordinator.worker.async_run(_forget_rows)
    began, go = threading.Event(), threading.Event()

    def slow(inputs: DayInputs) -> DayResult:
        began.set()
        go.wait(5)
        return derive_day(inputs)

    with patch.object(analysis, "derive_day", side_effect=slow) as computed:
        coordinator.sweeper.async_sweep_soon()
        # Time stands still in the loop, so it is a thread that waits.
        assert await home.async_add_executor_job(began.wait, 5)
        threading.Timer(0.2, go.set).start()
        assert await home.config_entries.async_unload(loaded.entry_id)
        assert days_of(computed) == [THURSDAY], "the next day is not begun"
    assert await home.config_entries.async_setup(loaded.entry_id)
    await loaded.runtime_data.sweeper.async_sweep()
    assert await rows(loaded.runtime_data) == whole
    assert not await loaded.runtime_data.worker.async_run(WearerStore.dirty_days)


def _forget_rows(store: WearerStore) -> None:
    for row in store.latest_days(10):
        store.drop_day(row)
    with store._writing() as conn:
        days.mark_dirty(conn, [WEDNESDAY, THURSDAY])


@pytest.mark.full
async def test_a_sweep_that_cannot_read_the_file_is_shown_and_tried_again(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Told once, shown as failing; the next one that gets through ends it."""
    await coordinator.async_ingest(inners(minute(int(dt_util.utcnow().timestamp()) - 60)))
    seen: list[SweepPhase] = []
    stop = coordinator.sweeper.async_listen(lambda: seen.append(coordinator.sweeper.view.phase))
    with patch.object(analysis, "due_days", side_effect=StoreError("disk_full")):
        await pass_time(home, freezer, seconds=31)
        coordinator.sweeper.async_sweep_soon()
        await home.async_block_till_done(wait_background_tasks=True)
    assert coordinator.sweeper.view.phase is SweepPhase.FAILING
    assert coordinator.sweeper.view.last_error == "StoreError"
    assert caplog.text.count("The analysis stopped") == 1
    await pass_time(home, freezer, minutes=31)
    assert seen[-1] is SweepPhase.IDLE
    stop()
    known = len(seen)
    coordinator.sweeper.async_frames_came()
    assert len(seen) == known
