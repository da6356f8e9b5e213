"""Imported days in the recorder."""

from datetime import timedelta
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.import_job import ImportWish, async_import

from ..imports.made_edge import history
from ..stored_days import BERLIN
from .history import TODAY, YESTERDAY, assert_equal, day_row, held, save, settle, unpublished

pytestmark = pytest.mark.full


async def test_imported_days_fill_the_history(
    kept: MockConfigEntry, home: HomeAssistant, tmp_path: Path
) -> None:
    """All of them, more than a page, and a measured day stands; again nothing is left to tell."""
    await save(kept, day_row(YESTERDAY))
    await settle(home)
    measured = (await held(home, kept))["resting_hr_bpm"]
    path = history(tmp_path / "edge.db", TODAY - timedelta(days=40), 40, zone=BERLIN)
    for _ in range(2):
        await async_import(kept.runtime_data, path, ImportWish(dry_run=False))
        await settle(home)
        found = await held(home, kept)
        assert len(found["resting_hr_bpm"]) == len(found["rmssd_ms"]) == 40
        assert {start: found["resting_hr_bpm"][start] for start in measured} == measured
        assert await unpublished(kept) == []
        await assert_equal(home, kept)
