"""The action that brings a history in from a file."""

from datetime import date
import gzip
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.store import WearerStore

from ..imports.made_edge import dump_of, history
from ..stored_days import BERLIN, made_day, store_days
from . import TODAY, Ask, Store

pytestmark = pytest.mark.full

FIRST, DAYS = date(2026, 5, 1), 5


@pytest.fixture
def allowed(home: HomeAssistant, tmp_path: Path) -> Path:
    """Give a folder that Home Assistant may read."""
    home.config.allowlist_external_dirs = {str(tmp_path)}
    return tmp_path


@pytest.fixture
def file(allowed: Path) -> Path:
    """Give a database of five days there."""
    return history(allowed / "edge.db", FIRST, DAYS, zone=BERLIN)


async def test_it_is_only_tried_unless_told_otherwise(ask: Ask, stored: Store, file: Path) -> None:
    """Then written, and not again; the file stays as it is."""
    before = dump_of(file)
    tried = await ask("import_history", path=str(file))
    assert tried["dry_run"]
    assert tried["days"] == {"found": 5, "new": 5, "known": 0, "measured": 0}
    assert tried["sources"] == ["openstrap_app"]
    assert tried["skipped"] == {"unknown_metric": 5}
    assert await stored(WearerStore.imported_days, date.min, date.max) == []
    done = await ask("import_history", path=str(file), dry_run=False)
    assert done["written"]["days_new"] == 5
    assert len(await stored(WearerStore.imported_days, date.min, date.max)) == 5
    again = await ask("import_history", path=str(file), dry_run=False)
    assert (again["days"]["known"], again["written"]["days_new"]) == (5, 0)
    assert dump_of(file) == before


async def test_imported_days_are_seen_and_marked(ask: Ask, stored: Store, file: Path) -> None:
    """In answers about days, nights, workouts and spans."""
    await ask("import_history", path=str(file), dry_run=False)
    night = await ask("get_night", date="2026-05-03")
    assert night["imported"] == "openstrap_app"
    assert night["algorithm"] == 0
    assert night["in_bed"]["start"].startswith("2026-05-02T23:30:00")
    assert night["metrics"]["rmssd_ms"]["value"] == 60.0 - date(2026, 5, 3).toordinal() % 7
    assert night["metrics"]["rmssd_ms"]["inputs_used"] == ["imported:openstrap_app"]
    assert night["metrics"]["lf_hf"]["note"] == "not_imported"
    (workout,) = (await ask("get_day", date="2026-05-03"))["workouts"]
    assert (workout["kind"], workout["source"], workout["strain"]) == ("run", "imported", 8.5)
    assert workout["zone_s"] == [0, 300, 600, 900, 480, 120]


async def test_a_measured_day_stands(ask: Ask, stored: Store, file: Path) -> None:
    """And is told of before anything is written."""
    day = date(2026, 5, 3)
    await stored(store_days, [made_day(day, values={"resting_hr_bpm": 41.0})])
    told = await ask("import_history", path=str(file), dry_run=False)
    assert told["days"] == {"found": 5, "new": 4, "known": 0, "measured": 1}
    night = await ask("get_night", date="2026-05-03")
    assert "imported" not in night
    assert night["metrics"]["resting_hr_bpm"]["value"] == 41.0


async def test_baselines_only_when_asked(ask: Ask, stored: Store, file: Path) -> None:
    """A day after the imported ones looks back on them, or does not."""

    def facts(store: WearerStore) -> int:
        return len(store.day_facts(date.min, TODAY, algorithm=3))

    own = await stored(facts)
    await ask("import_history", path=str(file), dry_run=False)
    assert await stored(facts) == own
    await ask("import_history", path=str(file), dry_run=False, baselines=True)
    assert await stored(facts) == own + 5
    await ask("import_history", path=str(file), dry_run=False)
    assert await stored(facts) == own + 5
    await ask("import_history", path=str(file), dry_run=False, baselines=False)
    assert await stored(facts) == own


async def test_where_it_may_read(
    ask: Ask, allowed: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whole paths in allowed folders."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "edge.db"
    elsewhere.write_bytes(b"x")
    (allowed / "link.db").symlink_to(elsewhere)
    for path in (
        str(elsewhere),
        "edge.db",
        str(allowed / "link.db"),
        f"{allowed}/../x",
        f"{allowed}\0/x",
    ):
        assert (await ask.refused("import_history", path=path))[0] == "path_not_readable", path
    assert (await ask.refused("import_history", path=f"{allowed}/none.db"))[0] == "no_file"


async def test_what_cannot_be_imported_is_refused(
    ask: Ask, stored: Store, allowed: Path, wearer: MockConfigEntry
) -> None:
    """With a reason each, and nothing is written."""
    before = await stored(WearerStore.dump)
    for name, content, key in (
        ("a.txt", b"hello", "import_unknown_format"),
        ("b.gz", gzip.compress(b"hello")[:-6], "import_damaged"),
        ("c.csv", b"", "import_empty"),
    ):
        (allowed / name).write_bytes(content)
        refused = await ask.refused("import_history", path=f"{allowed}/{name}", dry_run=False)
        assert refused[0] == key, name
    wearer.runtime_data.importing = True
    assert (await ask.refused("import_history", path=f"{allowed}/a.txt"))[0] == "import_busy"
    assert await stored(WearerStore.dump) == before
