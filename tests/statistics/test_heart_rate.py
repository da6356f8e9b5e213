"""The heart rate hour by hour."""

from datetime import UTC, date, datetime
from unittest.mock import MagicMock

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.const import BPM
from custom_components.openstrap.statistics import HEART_RATE, statistic_id
from custom_components.openstrap.store import Retention, WearerStore

from ..frames import inners, minute
from .history import YESTERDAY, day_row, described, given, held, tell, unpublished

pytestmark = pytest.mark.full


@pytest.mark.full
async def test_the_heart_rate_hour_by_hour(
    kept: MockConfigEntry, home: HomeAssistant, written: MagicMock
) -> None:
    """Its mean is of all readings of the hour; late ones correct it; no day need be known."""
    ten = int(datetime(2026, 6, 19, 10, tzinfo=UTC).timestamp())
    await kept.runtime_data.async_ingest(
        inners([*minute(ten, 60), *minute(ten + 600, 80), *minute(ten + 3600, 100)])
    )
    await tell(kept)
    hours = [(await held(home, kept, kind))[HEART_RATE] for kind in ("mean", "min", "max")]
    assert hours == [
        {ten: 70.0, ten + 3600: 100.0},
        {ten: 60.0, ten + 3600: 100.0},
        {ten: 80.0, ten + 3600: 100.0},
    ]
    told = (await described(home, kept))[HEART_RATE]
    assert told["unit_of_measurement"] == BPM
    assert told["name"] == "Ada Heart rate"
    written.reset_mock()
    await kept.runtime_data.async_ingest(inners(minute(ten + 1200, 100)))
    await tell(kept)
    assert given(written) == {(statistic_id(kept, HEART_RATE), ten)}
    assert (await held(home, kept))[HEART_RATE][ten] == 80.0


@pytest.mark.full
async def test_hours_of_minutes_that_were_let_go_stay(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """What comes later for such a day is counted in its frames."""
    noon = int(datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp())
    run = kept.runtime_data.worker.async_run
    await kept.runtime_data.async_ingest(inners([*minute(noon, 60), *minute(noon + 3600, 70)]))
    await tell(kept)
    await kept.runtime_data.async_ingest(inners(minute(noon + 10 * 86400)))
    for dirty in await run(WearerStore.dirty_days):
        await run(WearerStore.clear_dirty, dirty.day, dirty.mark)
    keep = Retention(raw_days=None, minute_days=5)
    await run(WearerStore.prune, keep, now=datetime.now(UTC).timestamp(), tz=UTC)
    noon_hours = (float(noon), noon + 86400.0)
    assert not len(await run(WearerStore.minutes, *noon_hours))
    await kept.runtime_data.async_ingest(inners(minute(noon + 60, 90)))
    assert date(2026, 6, 1) in await unpublished(kept)
    await tell(kept)
    found = (await held(home, kept))[HEART_RATE]
    assert found == {noon: 75.0, noon + 3600: 70.0, noon + 10 * 86400: 60.0}


@pytest.mark.full
async def test_an_hour_that_has_no_heart_rate_after_all_says_nothing(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """Its row stays, for the series has hours that are kept nowhere else."""
    noon = int(datetime(2026, 6, 19, 12, tzinfo=UTC).timestamp())
    await kept.runtime_data.async_ingest(inners([*minute(noon, 60), *minute(noon + 3600, 70)]))
    await tell(kept)
    store = kept.runtime_data.worker._store

    def reread(_store: WearerStore) -> None:
        with store._writing() as conn:
            conn.execute("DELETE FROM minutes WHERE minute = ?", (noon,))
        store.save_day(day_row(YESTERDAY))

    await kept.runtime_data.worker.async_run(reread)
    await tell(kept)
    assert (await held(home, kept))[HEART_RATE] == {noon: None, noon + 3600: 70.0}
    assert await unpublished(kept) == []
