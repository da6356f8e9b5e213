"""Days in a file that the caller names."""

import asyncio
import csv
import json
from pathlib import Path
import resource
import signal
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.openstrap import answers
from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.export import COLUMNS
from custom_components.openstrap.store import WearerStore
from custom_components.openstrap.worker import Worker

from ..stored_days import values_of
from . import TODAY, Ask, Store

pytestmark = pytest.mark.full


@pytest.fixture
def folder(ask: Ask, tmp_path: Path) -> Path:
    """Give a folder that Home Assistant may write to."""
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    ask.hass.config.allowlist_external_dirs = {str(allowed)}
    return allowed


def names(folder: Path) -> list[str]:
    """Tell what lies in a folder."""
    return [path.name for path in folder.iterdir()]


def made(folder: Path) -> Path:
    """Make a folder."""
    folder.mkdir()
    return folder


async def test_a_table(ask: Ask, stored: Store, folder: Path) -> None:
    """A row a day, oldest first, readable by the owner alone."""
    await stored(WearerStore.write_journal, TODAY, JournalDay(frozenset({"a", "b"}), note="x;y"))
    path = folder / "ada.CSV"
    answer = await ask("export", path=str(path))
    assert answer == {"path": str(path), "format": "csv", "days": 10}
    with path.open(newline="") as file:
        head, *rows = csv.reader(file)
    assert head == list(COLUMNS)
    last = dict(zip(head, rows[-1], strict=True))
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert len(rows) == 10
    assert last["day"] == "2026-06-10"
    assert float(last["rmssd_ms"]) == values_of(TODAY)["rmssd_ms"]
    assert float(last["rmssd_ms_confidence"]) == 0.8
    assert last["skin_temp_c"] == last["skin_temp_c_confidence"] == ""
    assert (last["journal_tags"], last["journal_note"]) == ("a;b", "x;y")
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(folder) == [path.name]


async def test_json_of_a_range(ask: Ask, stored: Store, folder: Path) -> None:
    """As the read model says it, replacing a file only when told to."""
    path = folder / "days.txt"
    data: dict[str, Any] = {"path": str(path), "format": "json", "start_date": "2026-06-09"}
    assert (await ask("export", **data))["days"] == 2
    days = json.loads(path.read_text())["days"]
    assert days == await stored(answers.exported, TODAY.replace(day=9), TODAY)
    assert (await ask.refused("export", **data))[0] == "file_exists"
    assert (await ask("export", **data, end_date="2026-06-09", overwrite=True))["days"] == 1
    assert len(json.loads(path.read_text())["days"]) == 1


async def test_of_nothing(ask: Ask, folder: Path) -> None:
    """A wearer without days gives a file without days."""
    path = folder / "none.json"
    assert (await ask("export", path=str(path)))["days"] == 0
    assert json.loads(path.read_text())["days"] == []


async def test_where_nothing_is_written(ask: Ask, stored: Store, folder: Path) -> None:
    """Outside, through a link, among public files, without a folder, over a folder."""
    (folder / "out").symlink_to(folder.parent)
    public = made(Path(ask.hass.config.path("www")))
    ask.hass.config.allowlist_external_dirs |= {str(public)}
    (folder / "folder.csv").mkdir()
    for path, key in (
        (folder.parent / "a.csv", "path_not_allowed"),
        (folder / ".." / "a.csv", "path_not_allowed"),
        (folder / "out" / "a.csv", "path_not_allowed"),
        (Path("a.csv"), "path_not_allowed"),
        (public / "a.csv", "path_public"),
        (folder / "none" / "a.csv", "no_folder"),
        (folder / "folder.csv", "file_exists"),
        (folder / "a.xls", "export_format"),
        (folder / "a\0.csv", "path_not_allowed"),
        (folder / f"{'long' * 70}.csv", "file_failed"),
    ):
        found, _ = await ask.refused("export", path=str(path), overwrite=True)
        assert found == key, path
    assert not (folder.parent / "a.csv").exists()
    assert sorted(names(folder)) == ["folder.csv", "out"]


async def test_a_full_disk_leaves_nothing(ask: Ask, stored: Store, folder: Path) -> None:
    """Neither a part nor a name, and an earlier file stays."""
    path = folder / "ada.json"
    path.write_text("earlier")
    with patch("custom_components.openstrap.export.os.fsync", side_effect=OSError("disk full")):
        key, placeholders = await ask.refused("export", path=str(path), overwrite=True)
    assert (key, placeholders["reason"]) == ("file_failed", "disk full")
    assert path.read_text() == "earlier"
    assert names(folder) == [path.name]


async def test_a_disk_that_fills_up_meanwhile(ask: Ask, stored: Store, folder: Path) -> None:
    """What is still to be written when the file is given up has no room either."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Python would be killed otherwise, as a disk does not.
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
        key, _ = await ask.refused("export", path=str(folder / "ada.json"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert key == "file_failed"
    assert names(folder) == []


async def test_two_at_once(ask: Ask, stored: Store, folder: Path) -> None:
    """Neither writes into the other's file; the later one stays."""
    path = folder / "ada.json"
    both = [{"start_date": "2026-06-10"}, {"start_date": "2026-06-01"}]
    done = await asyncio.gather(
        *(ask("export", path=str(path), overwrite=True, **data) for data in both)
    )
    assert [one["days"] for one in done] == [1, 10]
    assert len(json.loads(path.read_text())["days"]) in {1, 10}
    assert names(folder) == [path.name]


async def test_of_a_very_long_range(ask: Ask, stored: Store, folder: Path) -> None:
    """As quick as of the days that there are."""
    jobs = 0
    run = Worker.async_run

    async def counted(self: Worker, *args: Any, **kwargs: Any) -> Any:
        nonlocal jobs
        jobs += 1
        return await run(self, *args, **kwargs)

    with patch.object(Worker, "async_run", counted):
        answer = await ask(
            "export",
            path=str(folder / "ada.csv"),
            start_date="1970-01-01",
            end_date="2199-12-31",
        )
    assert answer["days"] == 10
    assert jobs < 5


async def test_a_name_that_is_taken_meanwhile(ask: Ask, stored: Store, folder: Path) -> None:
    """Who was faster keeps it."""
    path = folder / "ada.json"
    with patch(
        "custom_components.openstrap.export.os.fsync",
        side_effect=lambda _: path.write_text("first"),
    ):
        assert (await ask.refused("export", path=str(path)))[0] == "file_exists"
    assert path.read_text() == "first"
