"""A wearer's history in the recorder: what it has, and what becomes of it when days change."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
import logging
from pathlib import Path
from unittest.mock import MagicMock, patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.models import StatisticMeanType, StatisticMetaData
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap import statistics_book, statistics_rows
from custom_components.openstrap.const import BPM
from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.engine.catalog import CATALOG, EPOCH
from custom_components.openstrap.engine.day import ALGORITHM_VERSION
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.statistics import (
    DAILY,
    HEART_RATE,
    SERIES,
    async_give_slug,
    statistic_id,
)
from custom_components.openstrap.statistics_rows import start_of
from custom_components.openstrap.store import DayRow, Retention, WearerStore
from custom_components.openstrap.store.schema import STEPS

from .frames import inners, minute

pytestmark = pytest.mark.full

BERLIN = "Europe/Berlin"
TODAY = date(2026, 6, 20)
YESTERDAY = TODAY - timedelta(days=1)
LONG_AGO, FAR_OFF = datetime(2000, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)

type Rows = dict[str, dict[int, float | None]]


@pytest.fixture(autouse=True)
def afternoon(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time in the afternoon of a day, and keep the recorder from telling its every word."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
    freezer.move_to("2026-06-20T13:00:00Z")


@pytest.fixture
async def wearer_kept(
    recorder_mock: Recorder, home: HomeAssistant, wearer: MockConfigEntry
) -> MockConfigEntry:
    """Give a wearer beside a recorder, in Berlin; not yet set up."""
    await home.config.async_update(time_zone=BERLIN)
    return wearer


@pytest.fixture
async def kept(wearer_kept: MockConfigEntry, home: HomeAssistant) -> MockConfigEntry:
    """Give the wearer, set up."""
    assert await home.config_entries.async_setup(wearer_kept.entry_id)
    await settle(home)
    return wearer_kept


@pytest.fixture
def written() -> Iterator[MagicMock]:
    """Watch what the recorder is given."""
    with patch.object(
        statistics_book, "async_add_external_statistics", wraps=async_add_external_statistics
    ) as watched:
        yield watched


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


async def test_every_number_of_every_day_is_there(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """In the units of the sensors, at the day's first hour; moments are no numbers."""
    days = [TODAY - timedelta(days=back) for back in range(10)]
    await save(kept, *map(day_row, days))
    await assert_equal(home, kept)
    found = await held(home, kept)
    assert set(found) == {key for key, spec in CATALOG.items() if spec.unit != EPOCH}
    assert set(found["recovery"]) == {
        int(datetime(2026, 6, 10, 22, tzinfo=UTC).timestamp()) + 86400 * at for at in range(10)
    }
    assert found == await held(home, kept, "min") == await held(home, kept, "max")
    assert await unpublished(kept) == []
    told = await described(home, kept)
    for key, unit, unit_class in (
        ("recovery", "%", "unitless"),
        ("rr_clean_fraction", "%", "unitless"),
        ("strain", None, None),
        ("sleep_min", "h", "duration"),
        ("zone_1_min", "min", "duration"),
        ("rmssd_ms", "ms", "duration"),
        ("resting_hr_bpm", BPM, None),
        ("skin_temp_c", "°C", "temperature"),
        ("skin_temp_deviation_c", "°C", "temperature_delta"),
        ("active_kcal", "kcal", "energy"),
        ("mad_mg", "milli-g", None),
    ):
        assert told[key]["unit_of_measurement"] == unit, key
        assert told[key]["unit_class"] == unit_class, key
    assert {metadata["mean_type"] for metadata in told.values()} == {StatisticMeanType.ARITHMETIC}
    assert told["recovery"]["name"] == "Ada Recovery"
    assert told["recovery"]["statistic_id"] == "openstrap:ada_recovery"


@pytest.mark.full
async def test_a_corrected_day_gives_only_what_changed(
    kept: MockConfigEntry, home: HomeAssistant, written: MagicMock
) -> None:
    """At the same start; the same result again gives nothing."""
    row = day_row(YESTERDAY)
    await save(kept, row, day_row(TODAY))
    written.reset_mock()
    await save(kept, row)
    assert not written.called
    changed = dict(row.result)
    changed["metrics"] = dict(changed["metrics"])
    changed["metrics"]["strain"] = [14.5, *changed["metrics"]["strain"][1:]]
    await save(kept, replace(row, result=changed))
    start = start_of(YESTERDAY, ZoneInfo(BERLIN))
    assert given(written) == {(statistic_id(kept, "strain"), start)}
    assert (await held(home, kept))["strain"][start] == 14.5
    await assert_equal(home, kept)


@pytest.mark.full
async def test_a_late_day_renews_only_itself(
    kept: MockConfigEntry, home: HomeAssistant, written: MagicMock
) -> None:
    """Nine days later; the days between are not touched."""
    await save(kept, *(day_row(TODAY - timedelta(days=back)) for back in range(9)))
    written.reset_mock()
    late = TODAY - timedelta(days=9)
    await save(kept, day_row(late))
    assert {start for _, start in given(written)} == {start_of(late, ZoneInfo(BERLIN))}
    await assert_equal(home, kept)


@pytest.mark.full
async def test_what_is_known_no_more_loses_its_row(
    kept: MockConfigEntry, home: HomeAssistant, written: MagicMock
) -> None:
    """A value that is gone, the only one of its series, and a whole day."""
    older = YESTERDAY - timedelta(days=1)
    await save(
        kept,
        day_row(older, without=frozenset({"strain"})),
        day_row(YESTERDAY, without=frozenset({"strain"})),
        day_row(TODAY),
    )
    written.reset_mock()
    await save(kept, day_row(TODAY, without=frozenset({"recovery", "strain"})))
    await assert_equal(home, kept)
    found = await held(home, kept)
    assert len(found["recovery"]) == 2
    assert "strain" not in found
    assert {one for one, _ in given(written)} == {statistic_id(kept, "recovery")}
    row = day_row(YESTERDAY)
    assert await kept.runtime_data.worker.async_run(WearerStore.drop_day, row)
    assert await unpublished(kept) == [YESTERDAY]
    await tell(kept)
    await assert_equal(home, kept)
    assert set((await held(home, kept))["sleep_min"]) == {
        start_of(day, ZoneInfo(BERLIN)) for day in (older, TODAY)
    }
    assert await unpublished(kept) == []


@pytest.mark.full
async def test_a_crash_while_a_series_is_written_anew_loses_none_of_it(
    kept: MockConfigEntry, home: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The file knows which series it was, and the next start makes up for it."""
    days = [TODAY - timedelta(days=back) for back in range(20)]
    await save(kept, *map(day_row, days))
    with patch.object(statistics_rows, "next_page", side_effect=OSError):
        await save(kept, day_row(TODAY, without=frozenset({"recovery"})))
    assert "recovery" not in await held(home, kept)
    assert await unpublished(kept) == [TODAY]
    assert await home.config_entries.async_reload(kept.entry_id)
    await settle(home)
    await assert_equal(home, kept)
    assert len((await held(home, kept))["recovery"]) == 19
    assert await unpublished(kept) == []
    assert await kept.runtime_data.worker.async_run(statistics_rows.rebuilding) == frozenset()


@pytest.mark.full
async def test_what_was_stored_before_a_restart_is_published_after_it(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """Home Assistant went down between the analysis and the recorder."""
    await kept.runtime_data.worker.async_run(WearerStore.save_day, day_row(TODAY))
    assert await home.config_entries.async_unload(kept.entry_id)
    assert await held(home, kept) == {}
    assert await home.config_entries.async_setup(kept.entry_id)
    await settle(home)
    await assert_equal(home, kept)
    assert await unpublished(kept) == []


@pytest.mark.full
async def test_an_older_file_gets_its_graphs(
    wearer_kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """Of all its days, when it is first opened by a version that makes them."""
    path = Path(home.config.path(".storage", "openstrap", f"{wearer_kept.entry_id}.db"))
    path.parent.mkdir(parents=True)
    rows = [day_row(TODAY - timedelta(days=back)) for back in range(16)]
    with closing(WearerStore.open(path, steps=STEPS)) as store:
        for row in rows:
            store.save_day(row)
        store._conn.execute("DROP TABLE unpublished")
        store._conn.execute("DELETE FROM meta WHERE name = 'unpublished_mark'")
        store._conn.execute("PRAGMA user_version = 2")
    assert await home.config_entries.async_setup(wearer_kept.entry_id)
    await settle(home)
    await assert_equal(home, wearer_kept)
    assert len((await held(home, wearer_kept))["recovery"]) == 16


@pytest.mark.full
async def test_a_renamed_wearer_keeps_the_series(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """Their names follow."""
    await save(kept, day_row(TODAY))
    home.config_entries.async_update_entry(kept, title="Augusta")
    await settle(home)
    assert statistic_id(kept, "recovery") == "openstrap:ada_recovery"
    assert (await described(home, kept))["recovery"]["name"] == "Augusta Recovery"
    await assert_equal(home, kept)


def entry_of(home: HomeAssistant, title: str) -> MockConfigEntry:
    """Add one more wearer, with a slug."""
    entry = MockConfigEntry(
        domain="openstrap",
        title=title,
        unique_id=f"{title}{len(home.config_entries.async_entries())}",
        data={"kind": "phone", "users": [], "devices": []},
    )
    entry.add_to_hass(home)
    async_give_slug(home, entry)
    return entry


def test_no_two_wearers_share_a_series(home: HomeAssistant) -> None:
    """Of the same name, of one that another begins with, and of none that can be written."""
    titles = ["Ada", "Ada", "Ada 2", "Ada net", "ada training", "", "Ævar", "  Ada__x "]
    entries = [entry_of(home, title) for title in titles]
    slugs = [entry.data["slug"] for entry in entries]
    assert slugs[:5] == ["ada", "ada_2", "ada_2_2", "ada_net_2", "ada_training_2"]
    ids = [statistic_id(entry, key) for entry in entries for key in SERIES]
    assert len(set(ids)) == len(ids)
    before = [dict(entry.data) for entry in entries]
    for entry in entries:
        home.config_entries.async_update_entry(entry, title="Other")
        async_give_slug(home, entry)
    assert [dict(entry.data) for entry in entries] == before


@pytest.mark.full
async def test_two_wearers_of_one_name(kept: MockConfigEntry, home: HomeAssistant) -> None:
    """Have their own rows, and one who is removed takes only theirs along."""
    other = entry_of(home, "Ada")
    assert await home.config_entries.async_setup(other.entry_id)
    await save(kept, day_row(TODAY))
    await save(other, day_row(TODAY, 50.0))
    await assert_equal(home, kept)
    await assert_equal(home, other)
    assert await held(home, kept) != await held(home, other)
    # Also what an earlier version wrote.
    metadata = StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC,
        has_sum=False,
        name="Ada Vigour",
        source="openstrap",
        statistic_id="openstrap:ada_vigour",
        unit_class=None,
        unit_of_measurement=None,
    )
    async_add_external_statistics(home, metadata, [{"start": LONG_AGO, "mean": 1.0}])
    await home.config_entries.async_remove(kept.entry_id)
    await settle(home)
    left = await get_instance(home).async_add_executor_job(
        lambda: get_metadata(home, statistic_source="openstrap")
    )
    assert set(left) == {statistic_id(other, key) for key in DAILY}
    await assert_equal(home, other)


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns",
        "Asia/Beirut", "America/Santiago", "Pacific/Chatham", "UTC",
    ],
)  # fmt: skip
def test_each_day_has_a_row_of_its_own(zone: str) -> None:
    """At a whole hour within it, also where clocks change at midnight or by half an hour."""
    local = ZoneInfo(zone)
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(730)]
    starts = [start_of(day, local) for day in days]
    assert [datetime.fromtimestamp(at, local).date() for at in starts] == days
    assert {at % 3600 for at in starts} == {0}
    for day, at in zip(days, starts, strict=True):
        assert datetime.fromtimestamp(at - 3600, local).date() < day


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


@pytest.mark.full
@pytest.mark.parametrize("around", [date(2026, 3, 29), date(2025, 10, 26)], ids=["23h", "25h"])
async def test_days_of_23_and_25_hours(
    kept: MockConfigEntry, home: HomeAssistant, around: date
) -> None:
    """Are shown under their dates like any other."""
    days = [around + timedelta(days=shift) for shift in (-1, 0, 1)]
    await save(kept, *(day_row(day, float(at)) for at, day in enumerate(days)))
    assert list(await by_date(home, kept, BERLIN)) == days


@pytest.mark.full
async def test_a_move_keeps_every_number_under_its_date(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """To the east and to the west, where a day's first hour belongs to another date."""
    days = [TODAY - timedelta(days=back) for back in (4, 3, 2, 1)]
    await save(kept, *(day_row(day, float(at)) for at, day in enumerate(days[:3])))
    before = await by_date(home, kept, BERLIN)
    assert list(before) == days[:3]
    await home.config.async_update(time_zone="Asia/Tokyo")
    await settle(home)
    await save(kept, day_row(days[3], 3.0, zone="Asia/Tokyo"))
    after = await by_date(home, kept, "Asia/Tokyo")
    assert list(after) == days
    assert after.items() >= before.items()
    await assert_equal(home, kept, "Asia/Tokyo")
    await home.config.async_update(time_zone="America/New_York")
    await settle(home)
    assert await by_date(home, kept, "America/New_York") == after
    await assert_equal(home, kept, "America/New_York")


@pytest.mark.full
async def test_a_day_that_has_not_begun_waits(
    kept: MockConfigEntry, home: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """After a move to the west tomorrow may be known already."""
    tomorrow = TODAY + timedelta(days=1)
    await save(kept, day_row(TODAY), day_row(tomorrow))
    assert list(await by_date(home, kept, BERLIN)) == [TODAY]
    assert await unpublished(kept) == [tomorrow]
    freezer.move_to("2026-06-20T22:30:00Z")
    await tell(kept)
    assert list(await by_date(home, kept, BERLIN)) == [TODAY, tomorrow]


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


@pytest.mark.full
async def test_a_day_that_cannot_be_read_keeps_its_rows(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """Damage on the disk is no reason to forget, be it of the text or of what it says."""
    older = YESTERDAY - timedelta(days=1)
    await save(kept, day_row(older), day_row(YESTERDAY), day_row(TODAY))
    before = await held(home, kept)
    store = kept.runtime_data.worker._store

    def damage(_store: WearerStore) -> None:
        store.save_day(replace(day_row(older), result={"metrics": 1}))
        with store._writing() as conn:
            conn.execute("UPDATE days SET result = x'00' WHERE day = ?", (YESTERDAY.isoformat(),))
        store.unpublish_all()

    await kept.runtime_data.worker.async_run(damage)
    await tell(kept)
    assert await held(home, kept) == before
    assert await unpublished(kept) == []


@pytest.mark.full
async def test_a_number_in_another_unit_is_no_row(
    kept: MockConfigEntry, home: HomeAssistant
) -> None:
    """An older version may have said the same in other words."""
    row = day_row(TODAY)
    result = DayResult.from_dict(row.result)
    other = dict(result.metrics)
    other["strain"] = replace(other["strain"], unit="TRIMP")
    await save(kept, replace(row, result=replace(result, metrics=other).to_dict()))
    assert "strain" not in await held(home, kept)
    assert "recovery" in await held(home, kept)


async def test_without_a_recorder_nothing_happens(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """And nothing breaks, nor is anything taken for published."""
    await loaded.runtime_data.worker.async_run(WearerStore.save_day, day_row(TODAY))
    await loaded.runtime_data.sweeper._on_results()
    await home.async_block_till_done(wait_background_tasks=True)
    assert await unpublished(loaded) == [TODAY]
    assert await home.config_entries.async_remove(loaded.entry_id)
