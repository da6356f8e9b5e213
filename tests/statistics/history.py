"""A wearer's days in the store and in the recorder, and how the two are compared."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from unittest.mock import MagicMock
from zoneinfo import ZoneInfo

from homeassistant.components.recorder.models import StatisticMetaData
from homeassistant.components.recorder.statistics import get_metadata, statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.engine.catalog import CATALOG, EPOCH
from custom_components.openstrap.engine.day import ALGORITHM_VERSION
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.statistics import DAILY, HEART_RATE, SERIES, statistic_id
from custom_components.openstrap.statistics_rows import start_of
from custom_components.openstrap.store import DayRow, WearerStore

BERLIN = "Europe/Berlin"
TODAY = date(2026, 6, 20)
YESTERDAY = TODAY - timedelta(days=1)
LONG_AGO, FAR_OFF = datetime(2000, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
type Rows = dict[str, dict[int, float | None]]


def given(written: MagicMock) -> set[tuple[str, float]]:
    """Tell which rows the recorder was given, by id and start."""
    return {
        (call.args[1]["statistic_id"], row["start"].timestamp())
        for call in written.call_args_list
        for row in call.args[2]
    }


async def settle(home: HomeAssistant) -> None:
    """Let everything be done that was begun."""
    await home.async_block_till_done(wait_background_tasks=True)
    done = asyncio.Event()

    def call_back() -> None:
        home.loop.call_soon_threadsafe(done.set)

    get_instance(home).async_clear_statistics([], on_done=call_back)
    await done.wait()


def day_row(
    day: date,
    number: float = 1.0,
    *,
    without: frozenset[str] = frozenset(),
    zone: str = BERLIN,
    final: bool = True,
    only: Callable[[str], bool] = lambda _: True,
) -> DayRow:
    """Make a result in which every metric has a value of its own, but some."""
    metrics = {
        key: spec.absent("no_sleep")
        if key in without or not only(key)
        else spec.measured(number + at + day.day / 100.0, 0.5, ["hr"])
        for at, (key, spec) in enumerate(CATALOG.items())
    }
    result = DayResult(day, zone, ALGORITHM_VERSION, metrics)
    return DayRow(day, zone, ALGORITHM_VERSION, final, 100, result.to_dict())


async def save(entry: MockConfigEntry, *rows: DayRow) -> None:
    """Store results as an analysis does, and say that there are some."""
    coordinator: OpenStrapCoordinator = entry.runtime_data
    for row in rows:
        await coordinator.worker.async_run(WearerStore.save_day, row)
    await tell(entry)


async def tell(entry: MockConfigEntry) -> None:
    """Say that there are results, as the sweeper does."""
    coordinator: OpenStrapCoordinator = entry.runtime_data
    await coordinator.sweeper._on_results()
    await settle(coordinator.hass)


async def unpublished(entry: MockConfigEntry) -> list[date]:
    """Tell which days wait."""
    coordinator: OpenStrapCoordinator = entry.runtime_data
    found = await coordinator.worker.async_run(WearerStore.unpublished, 10_000)
    return [day for day, _ in found]


async def held(home: HomeAssistant, entry: MockConfigEntry, kind: str = "mean") -> Rows:
    """Read the recorder's rows of a wearer, by key and start; series without rows are left out."""
    ids = {statistic_id(entry, key): key for key in SERIES}
    found = await get_instance(home).async_add_executor_job(
        statistics_during_period, home, LONG_AGO, FAR_OFF, set(ids), "hour", None, {kind}
    )
    return {
        ids[one]: {int(row["start"]): dict(row).get(kind) for row in rows}  # type: ignore[misc]
        for one, rows in found.items()
    }


async def described(home: HomeAssistant, entry: MockConfigEntry) -> dict[str, StatisticMetaData]:
    """Read how the recorder describes a wearer's series."""
    ids = {statistic_id(entry, key): key for key in SERIES}
    found = await get_instance(home).async_add_executor_job(
        lambda: get_metadata(home, statistic_ids=set(ids))
    )
    return {ids[one]: metadata for one, (_, metadata) in found.items()}


async def of_store(entry: MockConfigEntry, zone: str = BERLIN) -> Rows:
    """Give the rows that the store says there should be."""
    coordinator: OpenStrapCoordinator = entry.runtime_data
    rows: Rows = {}
    for row in await coordinator.worker.async_run(WearerStore.days, date.min, date.max):
        start = start_of(row.day, ZoneInfo(zone))
        for key, metric in DayResult.from_dict(row.result).metrics.items():
            if metric.value is not None and CATALOG[key].unit != EPOCH:
                rows.setdefault(key, {})[start] = metric.value * DAILY[key].scale
    return rows


async def assert_equal(home: HomeAssistant, entry: MockConfigEntry, zone: str = BERLIN) -> None:
    """Hold the recorder's daily rows against the store."""
    found = await held(home, entry)
    found.pop(HEART_RATE, None)
    wanted = await of_store(entry, zone)
    assert {key: set(rows) for key, rows in found.items()} == {
        key: set(rows) for key, rows in wanted.items()
    }
    for key, rows in wanted.items():
        assert found[key] == pytest.approx(rows, rel=1e-12), key


async def by_date(
    home: HomeAssistant, entry: MockConfigEntry, zone: str
) -> dict[date, float | None]:
    """Read a series as Home Assistant shows it day by day."""
    one = statistic_id(entry, "recovery")
    found = await get_instance(home).async_add_executor_job(
        statistics_during_period, home, LONG_AGO, FAR_OFF, {one}, "day", None, {"mean"}
    )
    return {
        datetime.fromtimestamp(row["start"], ZoneInfo(zone)).date(): row["mean"]
        for row in found[one]
    }
