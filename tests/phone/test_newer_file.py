"""A wearer whose file is of a newer version, as a phone meets it."""

from http import HTTPStatus
import sqlite3

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..stored_days import made_days
from .both_sides import TODAY
from .clients import BASE, Client
from .contract import BODIES, address, operations
from .reads import Get, Keep

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("noon")]

CLOSED = [one for one in operations() if not one.is_open]


@pytest.fixture
async def newer(home: HomeAssistant, loaded: MockConfigEntry, keep: Keep) -> None:
    """Keep some days, then let a later version have written the file."""
    await keep(made_days(TODAY, 3))
    await home.config_entries.async_unload(loaded.entry_id)
    path = home.config.path(".storage", "openstrap", f"{loaded.entry_id}.db")
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA user_version = 99")
    conn.close()
    assert await home.config_entries.async_setup(loaded.entry_id)
    await home.async_block_till_done()
    assert loaded.runtime_data.worker.read_only


async def test_all_is_read_and_nothing_taken(newer: None, phone: Client, get: Get) -> None:
    """The phone keeps what it has and comes again."""
    assert len(await get("/strain")) == 3
    for operation in CLOSED:
        more = {"json": BODIES.get(str(operation), {})} if operation.writes else {}
        answer = await phone.request(operation.method, address(operation), **more)
        told = await answer.json()
        if operation.writes:
            assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE, (operation, told)
            assert answer.headers["Retry-After"] == "3600", operation
        elif operation.path not in {"/workout/{workout_id}", "/noop/push"}:
            assert answer.status == HTTPStatus.OK, (operation, told)


async def test_noop_is_told_to_come_again(newer: None, phone: Client) -> None:
    """It is asked for nothing that could not be kept."""
    answer = await phone.get(f"{BASE}/noop/push", headers={"NOOP-Push-Accept-Version": "1.1"})
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert (await answer.json())["code"] == "not_ready"
    assert "Retry-After" in answer.headers
