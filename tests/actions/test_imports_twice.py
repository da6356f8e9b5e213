"""Every format, on both sides of the change of the clocks: brought in again, nothing changes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.openstrap import import_job
from custom_components.openstrap.store import WearerStore

from ..imports.every_format import made
from ..imports.makers import whoop_zip
from ..stored_days import BERLIN
from . import Ask, Store

pytestmark = pytest.mark.full

NIGHTS = {"shorter": datetime(2026, 3, 28, 23), "longer": datetime(2025, 10, 25, 23)}
"""When a night began in Berlin that is an hour shorter or longer than others."""
FORMATS = (
    "openstrap_app", "noop", "noop_csv", "openwhoop", "openstrap_server", "apple_health",
    "whoop_export en", "whoop_export de", "whoop_export es", "whoop_export fr",
)  # fmt: skip
NEWS = ("frames_new", "sample_seconds_new", "days_new", "days_changed")


@pytest.mark.parametrize("side", NIGHTS)
@pytest.mark.parametrize("name", FORMATS)
async def test_again_changes_nothing(
    ask: Ask, stored: Store, tmp_path: Path, name: str, side: str
) -> None:
    """Trying tells what is written then, and what is on the disk of the days stays."""
    ask.hass.config.allowlist_external_dirs = {str(tmp_path)}
    night = NIGHTS[side].replace(tzinfo=BERLIN)
    kind, _, language = name.partition(" ")
    file = str(made(tmp_path / "file", kind, night, language))
    tried = await ask("import_history", path=file)
    first = await ask("import_history", path=file, dry_run=False)
    written = first.pop("written")
    assert first == tried | {"dry_run": False}
    assert written["days_new"] or written["sample_seconds_new"]
    held = await stored(WearerStore.days, date.min, date.max)
    if name != "noop_csv":
        day = NIGHTS[side].date() + timedelta(days=1)
        assert day in {row.day for row in held}
        assert day in await stored(WearerStore.imported_days, date.min, date.max)
    again = await ask("import_history", path=file, dry_run=False)
    assert {again["written"][key] for key in NEWS} == {0}
    assert await stored(WearerStore.days, date.min, date.max) == held


async def test_a_day_is_written_once(ask: Ask, tmp_path: Path) -> None:
    """Its night, its workouts and its journal, which stand in different tables."""
    ask.hass.config.allowlist_external_dirs = {str(tmp_path)}
    nights = [datetime(2026, 5, day, 7) for day in range(1, 5)]
    file = whoop_zip(tmp_path / "file", nights)
    real, written = WearerStore.take_imported, []

    def take(store: WearerStore, told: Sequence[Any]) -> Any:
        written.append({day for day, _, _ in told})
        return real(store, told)

    with (
        patch.object(WearerStore, "take_imported", take),
        patch.object(import_job, "DAYS_A_JOB", 3),
    ):
        await ask("import_history", path=str(file), dry_run=False)
    assert written == [{date(2026, 5, 1)}, {date(2026, 5, day) for day in (2, 3, 4)}]
