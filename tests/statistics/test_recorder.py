"""A recorder that was changed, that lost everything, that refuses, or that is not there."""

from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import override
from unittest.mock import MagicMock, patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.statistics import list_statistic_ids
from homeassistant.components.recorder.tasks import RecorderTask
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap import statistics_book
from custom_components.openstrap.statistics import HEART_RATE, SERIES, statistic_id
from custom_components.openstrap.store import WearerStore

from ..frames import inners, minute
from .history import (
    BERLIN,
    TODAY,
    YESTERDAY,
    assert_equal,
    by_date,
    day_row,
    described,
    held,
    save,
    settle,
    tell,
    unpublished,
)

pytestmark = pytest.mark.full


@pytest.mark.full
async def test_what_was_purged_is_gone_from_the_recorder(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """Numbers and heart rate of the days before; the others stay."""
    early, late = (int(datetime(2026, 6, day, 12, tzinfo=UTC).timestamp()) for day in (10, 19))
    await kept.runtime_data.async_ingest(inners([*minute(early, 60), *minute(late, 70)]))
    await save(kept, day_row(date(2026, 6, 10)), day_row(YESTERDAY))
    assert (await held(home, kept))[HEART_RATE] == {early: 60.0, late: 70.0}
    run = kept.runtime_data.worker.async_run
    while await run(WearerStore.purge, date(2026, 6, 15), tz=ZoneInfo(BERLIN), everything=True):
        pass
    await tell(kept)
    assert list(await by_date(home, kept, BERLIN)) == [YESTERDAY]
    await assert_equal(home, kept)
    assert (await held(home, kept))[HEART_RATE] == {early: None, late: 70.0}


class _Busy(RecorderTask):
    """Keeps the recorder from what was asked for after it."""

    def __init__(self) -> None:
        self.over = Event()

    @override
    def run(self, instance: Recorder) -> None:
        assert self.over.wait(10)


async def test_what_is_still_being_written_goes_with_the_wearer(
    kept: MockConfigEntry, home: HomeAssistant, written: MagicMock
) -> None:
    """Rows that a slow recorder has yet to take do not outlive who is removed."""
    busy = _Busy()
    get_instance(home).queue_task(busy)
    await kept.runtime_data.worker.async_run(WearerStore.save_day, day_row(TODAY))
    await kept.runtime_data.async_results_changed()
    # The clock stands still, and with it what the loop would wait for.
    while not written.called:
        await home.async_add_executor_job(busy.over.wait, 0.01)
    removal = home.async_create_task(home.config_entries.async_remove(kept.entry_id))
    await home.async_add_executor_job(busy.over.wait, 0.3)
    busy.over.set()
    await removal
    await settle(home)
    assert await get_instance(home).async_add_executor_job(list_statistic_ids, home) == []


@pytest.mark.full
async def test_a_unit_that_was_chosen_in_the_recorder(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """Does not mix with ours: the series is written anew."""
    await save(kept, day_row(YESTERDAY), day_row(TODAY))
    get_instance(home).async_update_statistics_metadata(
        statistic_id(kept, "sleep_min"),
        new_unit_class="duration",
        new_unit_of_measurement="min",
    )
    await settle(home)
    assert (await described(home, kept))["sleep_min"]["unit_of_measurement"] == "min"
    await tell(kept)
    assert (await described(home, kept))["sleep_min"]["unit_of_measurement"] == "h"
    await assert_equal(home, kept)


@pytest.mark.full
async def test_a_recorder_that_lost_everything_gets_it_again(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """As after its file was deleted."""
    await save(kept, *(day_row(TODAY - timedelta(days=back)) for back in range(9)))
    get_instance(home).async_clear_statistics([statistic_id(kept, key) for key in SERIES])
    await settle(home)
    assert await held(home, kept) == {}
    assert await home.config_entries.async_reload(kept.entry_id)
    await settle(home)
    await assert_equal(home, kept)
    assert len((await held(home, kept))["recovery"]) == 9


@pytest.mark.full
async def test_what_the_recorder_does_not_take_waits(
    kept: MockConfigEntry,
    home: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is told once, and tried again with every round."""
    with patch.object(statistics_book, "async_add_external_statistics"):
        await save(kept, day_row(TODAY))
        await tell(kept)
    assert caplog.text.count("Statistics could not be written") == 1
    assert await unpublished(kept) == [TODAY]
    freezer.tick(timedelta(minutes=31))
    async_fire_time_changed(home)
    await settle(home)
    await assert_equal(home, kept)
    assert await unpublished(kept) == []


async def test_without_a_recorder_nothing_happens(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """And nothing breaks, nor is anything taken for published."""
    await loaded.runtime_data.worker.async_run(WearerStore.save_day, day_row(TODAY))
    await loaded.runtime_data.sweeper._on_results()
    await home.async_block_till_done(wait_background_tasks=True)
    assert await unpublished(loaded) == [TODAY]
    assert await home.config_entries.async_remove(loaded.entry_id)
