"""The steps of the options that bring a history in."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date
import gzip
from http import HTTPStatus
import io
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp import FormData, web
from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import EVENT_DATA_ENTRY_FLOW_PROGRESSED, FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.openstrap import import_flow, import_job
from custom_components.openstrap.import_job import import_folder
from custom_components.openstrap.imports import sniff
from custom_components.openstrap.store import StoreError, WearerStore

from .imports.made_edge import history
from .stored_days import BERLIN

pytestmark = pytest.mark.full

type Clients = Callable[..., Coroutine[Any, Any, TestClient[web.Request, web.Application]]]
type Upload = Callable[[bytes], Coroutine[Any, Any, str]]


@pytest.fixture
async def upload(home: HomeAssistant, loaded: MockConfigEntry, hass_client: Clients) -> Upload:
    """Give what a browser does with a file, which gives its id."""
    assert await async_setup_component(home, "file_upload", {})
    client = await hass_client()

    async def send(content: bytes) -> str:
        form = FormData()
        form.add_field("file", io.BytesIO(content), filename="edge.db.gz")
        answer = await client.post("/api/file_upload", data=form)
        assert answer.status == HTTPStatus.OK
        return str((await answer.json())["file_id"])

    return send


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    """Give a database of five days, packed."""
    path = history(tmp_path / "edge.db", date(2026, 5, 1), 5, zone=BERLIN)
    return gzip.compress(path.read_bytes())


async def begun(home: HomeAssistant, entry: MockConfigEntry) -> Any:
    """Go to the form for a file."""
    menu = await home.config_entries.options.async_init(entry.entry_id)
    assert "import" in menu["menu_options"]
    form = await home.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "import"}
    )
    assert form["step_id"] == "import"
    return form


async def step(home: HomeAssistant, flow: Any, data: dict[str, Any] | None = None) -> Any:
    """Take a step, and those that follow while something goes on."""
    found = await home.config_entries.options.async_configure(flow["flow_id"], data)
    while found["type"] in (FlowResultType.SHOW_PROGRESS, FlowResultType.SHOW_PROGRESS_DONE):
        await asyncio.sleep(0.01)
        found = await home.config_entries.options.async_configure(flow["flow_id"])
    return found


def left_behind(home: HomeAssistant, entry: MockConfigEntry) -> list[Path]:
    """Give the files that an import left."""
    return [path for path in import_folder(home, entry.entry_id).rglob("*") if path.is_file()]


async def imported(entry: MockConfigEntry) -> int:
    """Count the imported days."""
    days = await entry.runtime_data.worker.async_run(WearerStore.imported_days, date.min, date.max)
    return len(days)


@pytest.mark.parametrize("baselines", [False, True])
async def test_see_and_write(
    home: HomeAssistant, loaded: MockConfigEntry, upload: Upload, content: bytes, baselines: bool
) -> None:
    """Nothing is written before the report was seen."""
    form = await begun(home, loaded)
    report = await step(home, form, {"file": await upload(content)})
    assert report["step_id"] == "import_report"
    assert report["description_placeholders"] | {"first": "", "last": ""} == {
        "format": "OpenStrap app", "first": "", "last": "", "new": "5", "known": "0",
        "measured": "0", "nights": "5", "naps": "0", "workouts": "5", "journal": "5",
        "frames": "0", "hours": "0", "skipped": "5",
    }  # fmt: skip
    assert report["description_placeholders"]["last"] == "2026-05-05"
    assert await imported(loaded) == 0
    done = await step(home, report, {"baselines": baselines})
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "import_done")
    assert done["description_placeholders"]["days"] == "5"
    assert await imported(loaded) == 5
    store = loaded.runtime_data.worker
    assert await store.async_run(import_flow._in_baselines) is baselines
    await home.async_block_till_done()
    assert not left_behind(home, loaded)


async def test_what_is_wrong_is_said_in_the_form(
    home: HomeAssistant, loaded: MockConfigEntry, upload: Upload, content: bytes
) -> None:
    """And another file can be given."""
    form = await begun(home, loaded)
    form = await step(home, form, {"file": "01234567-0123-0123-0123-0123456789ab"})
    assert form["errors"] == {"base": "import_upload_lost"}
    form = await step(home, form, {"file": await upload(b"hello")})
    assert form["errors"] == {"base": "import_unknown_format"}
    form = await step(home, form, {"file": await upload(content[:-9])})
    assert form["errors"] == {"base": "import_damaged"}
    loaded.runtime_data.importing = True
    form = await step(home, form, {"file": await upload(content)})
    assert form["errors"] == {"base": "import_busy"}
    loaded.runtime_data.importing = False
    assert not left_behind(home, loaded)
    report = await step(home, form, {"file": await upload(content)})
    with patch.object(WearerStore, "take_imported", side_effect=StoreError("disk_full")):
        form = await step(home, report, {"baselines": False})
    assert (form["step_id"], form["errors"]) == ("import", {"base": "import_store_failed"})
    assert not left_behind(home, loaded)
    report = await step(home, form, {"file": await upload(content)})
    assert report["step_id"] == "import_report"


async def test_a_page_that_did_not_hear(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    upload: Upload,
    content: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page that began to listen late is told until it comes, and not after that."""
    monkeypatch.setattr(import_flow, "CALLS", (0.01,) * 500)
    heard = async_capture_events(home, EVENT_DATA_ENTRY_FLOW_PROGRESSED)
    form = await begun(home, loaded)
    going = await home.config_entries.options.async_configure(
        form["flow_id"], {"file": await upload(content)}
    )
    assert going["type"] is FlowResultType.SHOW_PROGRESS
    async with asyncio.timeout(10):
        while len(heard) < 4:
            await asyncio.sleep(0.01)
    assert {event.data["flow_id"] for event in heard} == {form["flow_id"]}
    report = await home.config_entries.options.async_configure(form["flow_id"])
    assert report["step_id"] == "import_report"
    told = len(heard)
    await asyncio.sleep(0.05)
    assert len(heard) == told

    # And nobody is told any more once the window is closed.
    going = await home.config_entries.options.async_configure(form["flow_id"], {"baselines": False})
    async with asyncio.timeout(10):
        while len(heard) < told + 2:
            await asyncio.sleep(0.01)
    home.config_entries.options.async_abort(form["flow_id"])
    told = len(heard)
    await asyncio.sleep(0.05)
    assert len(heard) == told


async def test_a_window_that_is_closed(
    home: HomeAssistant, loaded: MockConfigEntry, upload: Upload, content: bytes
) -> None:
    """Before the report was agreed to nothing stays; afterwards it goes on."""
    form = await begun(home, loaded)
    report = await step(home, form, {"file": await upload(content)})
    assert left_behind(home, loaded)
    home.config_entries.options.async_abort(report["flow_id"])
    await home.async_block_till_done(wait_background_tasks=True)
    assert not left_behind(home, loaded)
    assert await imported(loaded) == 0

    form = await begun(home, loaded)
    going = await home.config_entries.options.async_configure(
        form["flow_id"], {"file": await upload(content)}
    )
    home.config_entries.options.async_abort(going["flow_id"])
    await home.async_block_till_done(wait_background_tasks=True)
    assert not left_behind(home, loaded)
    assert not loaded.runtime_data.importing

    form = await begun(home, loaded)
    report = await step(home, form, {"file": await upload(content)})
    with patch.object(import_job, "DAYS_A_JOB", 1):
        going = await home.config_entries.options.async_configure(
            report["flow_id"], {"baselines": False}
        )
        assert going["type"] is FlowResultType.SHOW_PROGRESS
        home.config_entries.options.async_abort(going["flow_id"])
        await home.async_block_till_done(wait_background_tasks=True)
    assert await imported(loaded) == 5
    assert not left_behind(home, loaded)


def test_every_format_has_a_name() -> None:
    """No code stands on the screen."""
    assert set(import_flow.FORMATS) == {one.name for one in sniff.FORMATS}


async def test_steps_out_of_turn(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Go back to the form."""
    flow = import_flow.ImportFlow()
    flow.hass, flow.handler = home, loaded.entry_id
    for early in (flow.async_step_import_report, flow.async_step_import_done):
        assert (await early())["step_id"] == "import"


async def test_a_wearer_that_is_not_there(home: HomeAssistant, wearer: MockConfigEntry) -> None:
    """Not loaded, or of a newer version."""
    for reason in ("import_not_ready", "import_read_only"):
        menu = await home.config_entries.options.async_init(wearer.entry_id)
        found = await home.config_entries.options.async_configure(
            menu["flow_id"], {"next_step_id": "import"}
        )
        assert (found["type"], found["reason"]) == (FlowResultType.ABORT, reason)
        if reason == "import_not_ready":
            assert await home.config_entries.async_setup(wearer.entry_id)
            wearer.runtime_data.worker.read_only = True
