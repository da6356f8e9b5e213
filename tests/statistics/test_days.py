"""The days of a wearer in the recorder, and what becomes of them when days change."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
import sqlite3
from unittest.mock import MagicMock, patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import statistics_rows
from custom_components.openstrap.const import BPM
from custom_components.openstrap.engine.catalog import CATALOG, EPOCH
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.statistics import statistic_id
from custom_components.openstrap.statistics_rows import start_of
from custom_components.openstrap.store import WearerStore
from custom_components.openstrap.store.schema import STEPS, apply_steps

from .history import (
    BERLIN,
    TODAY,
    YESTERDAY,
    assert_equal,
    day_row,
    described,
    given,
    held,
    save,
    settle,
    tell,
    unpublished,
)

pytestmark = pytest.mark.full


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


def _tables(conn: sqlite3.Connection) -> set[str]:
    return {name for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


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
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as old:
            apply_steps(old, STEPS[:2])
            known = _tables(old)
        for later in _tables(store._conn) - known:
            store._conn.execute(f"DROP TABLE {later}")
        store._conn.execute("DELETE FROM meta WHERE name = 'unpublished_mark'")
        store._conn.execute("PRAGMA user_version = 2")
    assert await home.config_entries.async_setup(wearer_kept.entry_id)
    await settle(home)
    await assert_equal(home, wearer_kept)
    assert len((await held(home, wearer_kept))["recovery"]) == 16


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
