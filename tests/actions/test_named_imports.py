"""A workout that another system told of, called something here."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.openstrap.const import QUIET_SECONDS

from ..imports.makers import SEED_COLUMNS, database, seed_rows
from . import Ask

pytestmark = pytest.mark.full

NIGHT = int(datetime(2026, 5, 2, 21, 30, tzinfo=UTC).timestamp())
DAY = "2026-05-03"


@pytest.fixture
async def imported(ask: Ask, tmp_path: Path) -> Ask:
    """Import a day of the original server, with a run that had a title there."""
    rows = seed_rows(NIGHT)
    rows["sessions"] = [[*rows["sessions"][0], "Sunday run"]]
    columns = SEED_COLUMNS | {"sessions": f"{SEED_COLUMNS['sessions']}, title"}
    file = database(tmp_path / "x.db", {name: (columns[name], rows[name]) for name in columns})
    ask.hass.config.allowlist_external_dirs = {str(tmp_path)}
    await ask("import_history", path=str(file), dry_run=False)
    return ask


async def listed(ask: Ask) -> dict[str, Any]:
    """Give the only workout of the day."""
    [one] = (await ask("get_day", date=DAY))["workouts"]
    assert isinstance(one, dict)
    return one


async def test_its_title_comes_with_it(imported: Ask) -> None:
    """And goes along when something else is told of it."""
    one = await listed(imported)
    assert (one["title"], one["source"], one["strain"]) == ("Sunday run", "imported", 12.0)
    await imported("edit_workout", workout_id=one["workout_id"], kind="walk")
    assert (await listed(imported))["title"] == "Sunday run"


@pytest.mark.parametrize("told", [{"title": "Parkrun"}, {"title": "", "kind": "cardio"}])
async def test_it_is_called_something_else(
    imported: Ask, freezer: FrozenDateTimeFactory, told: dict[str, str]
) -> None:
    """Its numbers stay, before and after the analysis, for nobody can measure them again."""
    before = await listed(imported)
    night = await imported("get_night", date=DAY)
    named = await imported("edit_workout", workout_id=before["workout_id"], **told)
    for _ in range(3):
        after = await listed(imported)
        assert after | {"kind_confidence": None} == before | {
            "workout_id": named["workout_id"],
            "title": told["title"] or None,
            "kind": told.get("kind", "run"),
            "kind_confidence": None,
        }
        assert await imported("get_night", date=DAY) == night
        freezer.tick(timedelta(seconds=QUIET_SECONDS + 1))
        async_fire_time_changed(imported.hass)
        await imported.hass.async_block_till_done(wait_background_tasks=True)
