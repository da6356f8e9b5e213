"""Whose series it is: names that are kept, and that no two wearers share."""

from homeassistant.components.recorder.models import StatisticMeanType, StatisticMetaData
from homeassistant.components.recorder.statistics import async_add_external_statistics, get_metadata
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.statistics import DAILY, SERIES, async_give_slug, statistic_id

from .history import LONG_AGO, TODAY, assert_equal, day_row, described, held, save, settle

pytestmark = pytest.mark.full


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
