"""The phone's whole database over real HTTP into a real Home Assistant."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
import gzip
from http import HTTPStatus
import os
from pathlib import Path
from typing import Any
from unittest.mock import patch
import zipfile

from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.openstrap import import_job
from custom_components.openstrap.import_job import import_folder
from custom_components.openstrap.imports import archive
from custom_components.openstrap.phone import upload_views
from custom_components.openstrap.store import StoreError, WearerStore

from ..frames import minute
from ..imports.made_edge import V52, EdgeDatabase, gzipped, put_frames, put_history, put_seconds
from ..stored_days import BERLIN
from .clients import BASE, Client, Clients

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("berlin")]

URL = f"{BASE}/health/upload"
# Not held still, for bodies are slow here: all that is sent lies well behind the present.
FIRST, DAYS = datetime.now(BERLIN).date() - timedelta(days=40), 10
SECONDS_TS = int(datetime.combine(FIRST, time(9), BERLIN).timestamp()) + 20 * 86400


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Give a database of ten days, with two hours of readings and ten minutes of records."""
    made = EdgeDatabase(tmp_path / "edge.db", V52, 52)
    put_history(made, FIRST, DAYS, BERLIN)
    put_seconds(made, SECONDS_TS, 7200, device_id="whoop", device_family="gen4")
    put_frames(made, [frame for at in range(10) for frame in minute(SECONDS_TS + 9600 + 60 * at)])
    return made.close()


async def send(
    client: Client, body: Any, status: HTTPStatus = HTTPStatus.OK, **query: str
) -> dict[str, Any]:
    """Send a body; the answer."""
    answer = await client.post(
        URL, params=query, data=body, headers={"Content-Type": "application/gzip"}
    )
    told: dict[str, Any] = await answer.json()
    assert answer.status == status, told
    return told


async def dump(entry: MockConfigEntry) -> dict[str, list[Any]]:
    """Give all that the wearer's file holds."""
    found: dict[str, list[Any]] = await entry.runtime_data.worker.async_run(WearerStore.dump)
    return found


@pytest.fixture
def body(database: Path) -> bytes:
    """Give the database as the app sends it."""
    return gzipped(database)


def left_behind(hass: HomeAssistant, entry: MockConfigEntry) -> list[Path]:
    """Give the files that an import left."""
    return [path for path in import_folder(hass, entry.entry_id).rglob("*") if path.is_file()]


async def test_a_database_is_taken_in(
    home: HomeAssistant, loaded: MockConfigEntry, phone: Client, body: bytes
) -> None:
    """Days, readings and records, all on the disk when the answer comes; again changes nothing."""
    told = await send(phone, body, device_id="4A01", gz="1", app_version="0.9.1")
    assert told["ok"] and not told["dry_run"]
    assert told["format"] == "openstrap_app"
    assert told["days"] == {"found": 10, "new": 10, "known": 0, "measured": 0}
    assert (told["nights"], told["workouts"], told["journal_entries"]) == (10, 10, 10)
    assert (told["frames"], told["sample_seconds"]) == (600, 7200)
    assert told["written"] == {
        "frames_new": 600, "frames_known": 0, "sample_seconds_new": 7200,
        "sample_seconds_known": 0, "days_new": 10, "days_changed": 0, "rejected": {},
    }  # fmt: skip
    held = await dump(loaded)
    assert len(held["frames"]) == 600
    assert len(held["imported"]) == len(held["days"]) == 10
    assert sum(seconds for _, seconds, _ in held["outside"]) == 7200
    assert [day for (day,) in held["dirty"]]
    again = await send(phone, gzip.decompress(body))
    assert again["days"]["known"] == 10
    assert again["written"]["frames_known"] == 600
    assert again["written"]["sample_seconds_known"] == 7200
    assert (again["written"]["days_new"], again["written"]["days_changed"]) == (0, 0)
    assert await dump(loaded) == held
    assert not left_behind(home, loaded)
    assert loaded.data["devices"] == ["4A01"]


async def test_a_dry_run_writes_nothing(
    home: HomeAssistant, loaded: MockConfigEntry, phone: Client, database: Path
) -> None:
    """The same report, and an untouched file."""
    before = await dump(loaded)
    told = await send(phone, gzipped(database), dry_run="1", device_id="4A01")
    assert told["dry_run"] and "written" not in told
    assert told["days"]["new"] == 10
    evening = datetime.combine(FIRST, time(), BERLIN).timestamp() - 1800
    assert told["first"] == datetime.fromtimestamp(evening, BERLIN).isoformat()
    assert await dump(loaded) == before
    assert loaded.data["devices"] == []
    assert not left_behind(home, loaded)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"not a database", "no database of the app"),
        (gzip.compress(b"not a database"), "no database of the app"),
        (b"\x1f\x8b not a gzip", "cannot be read to its end"),
        (b"SQLite format 3\0" + b"\xff" * 4096, "cannot be read to its end"),
        (gzip.compress(b"SQLite format 3\0" + bytes(64 * 1024**2)), "unpacks to far too much"),
    ],
    ids=["empty", "text", "packed text", "broken gzip", "broken database", "bomb"],
)
async def test_what_is_no_database_is_refused(
    home: HomeAssistant, loaded: MockConfigEntry, phone: Client, body: bytes, reason: str
) -> None:
    """With a reason, and nothing written."""
    before = await dump(loaded)
    told = await send(phone, body, HTTPStatus.BAD_REQUEST)
    assert reason in told["reason"]
    assert await dump(loaded) == before
    assert not left_behind(home, loaded)


async def test_half_a_database_is_refused(
    loaded: MockConfigEntry, phone: Client, body: bytes
) -> None:
    """Cut within the gzip, and cut before it was packed."""
    before = await dump(loaded)
    whole = gzip.decompress(body)
    for half in (body[: len(body) // 2], gzip.compress(whole[: len(whole) // 2])):
        told = await send(phone, half, HTTPStatus.BAD_REQUEST)
        assert "cannot be read to its end" in told["reason"]
    assert await dump(loaded) == before


async def test_a_database_without_anything_is_refused(phone: Client, tmp_path: Path) -> None:
    """Well formed, and of no use."""
    told = await send(phone, EdgeDatabase(tmp_path / "x.db").close().read_bytes(), HTTPStatus(400))
    assert "nothing that can be used" in told["reason"]


async def test_limits(phone: Client, database: Path, loaded: MockConfigEntry) -> None:
    """By the announced length, by what comes, by what it unpacks to, and by the disk."""
    body = gzipped(database)
    with patch.object(upload_views, "MAX_BODY", len(body) - 1):
        told = await send(phone, body, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        assert "MiB" in told["reason"]

        async def unannounced() -> AsyncIterator[bytes]:
            for first in range(0, len(body), 1000):
                yield body[first : first + 1000]

        told = await send(phone, unannounced(), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        assert "MiB" in told["reason"]
    with patch.object(upload_views, "MAX_UNPACKED", 100_000):
        told = await send(phone, body, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        assert "unpacks to more" in told["reason"]
    for module in (upload_views, archive):
        with patch.object(module, "SPARE_BYTES", 2**60):
            told = await send(phone, body, HTTPStatus.SERVICE_UNAVAILABLE)
            assert "no room" in told["reason"]
    assert not (await dump(loaded))["imported"]
    with patch.object(upload_views, "CHUNK", 512):
        assert (await send(phone, body))["ok"]


async def test_a_body_that_comes_too_slowly_or_not_to_its_end(
    home: HomeAssistant, loaded: MockConfigEntry, phone: Client, database: Path
) -> None:
    """The wearer is free again at once, and nothing stays on the disk."""
    body = gzipped(database)

    async def slowly() -> AsyncIterator[bytes]:
        yield body[:1000]
        await asyncio.sleep(2)
        yield body[1000:]

    with patch.object(upload_views, "QUIET_S", 0.05):
        told = await send(phone, slowly(), HTTPStatus.BAD_REQUEST)
    assert "too slowly" in told["reason"]
    assert not left_behind(home, loaded)

    _, writer = await asyncio.open_connection("127.0.0.1", phone.port)
    token = phone.session.headers["Authorization"]
    writer.write(
        f"POST {URL} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body[:1000]
    )
    await writer.drain()
    for _ in range(100):
        if loaded.runtime_data.importing:
            break
        await asyncio.sleep(0.02)
    assert loaded.runtime_data.importing
    writer.close()
    await writer.wait_closed()
    for _ in range(100):
        if not loaded.runtime_data.importing:
            break
        await asyncio.sleep(0.02)
    assert not loaded.runtime_data.importing
    assert not left_behind(home, loaded)
    assert (await send(phone, body))["ok"]


async def test_one_at_a_time(loaded: MockConfigEntry, phone: Client, database: Path) -> None:
    """The second has to come again."""
    body = gzipped(database)
    answers = await asyncio.gather(*(phone.post(URL, data=body) for _ in range(2)))
    assert sorted(answer.status for answer in answers) == [200, 429]
    refused = next(answer for answer in answers if answer.status != 200)
    assert int(refused.headers["Retry-After"]) > 0
    assert (await send(phone, body))["written"]["days_new"] == 0


async def test_the_file_that_cannot_be_written(
    loaded: MockConfigEntry, phone: Client, database: Path
) -> None:
    """In the middle: the same once more completes it."""
    body = gzipped(database)
    real, calls = WearerStore.take_imported, []

    def fails(store: WearerStore, *args: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise StoreError("disk_full", "database or disk is full")
        return real(store, *args)

    with (
        patch.object(WearerStore, "take_imported", fails),
        patch.object(import_job, "DAYS_A_JOB", 3),
    ):
        told = await send(phone, body, HTTPStatus.SERVICE_UNAVAILABLE)
    assert "send it again" in told["reason"]
    assert 0 < len((await dump(loaded))["imported"]) < 10
    await send(phone, body)
    assert len((await dump(loaded))["imported"]) == 10


async def test_a_wearer_that_goes_down_meanwhile(
    home: HomeAssistant, loaded: MockConfigEntry, phone: Client, database: Path
) -> None:
    """The phone is told to come again, nothing is left behind, and the second try completes it."""
    body = gzipped(database)
    begun = asyncio.Event()
    real = import_job._Job._async_frames

    async def hold(job: Any, part: Any) -> None:
        await real(job, part)
        begun.set()
        await asyncio.sleep(30)

    with patch.object(import_job._Job, "_async_frames", hold):
        sending = asyncio.create_task(phone.post(URL, data=body))
        await begun.wait()
        assert await home.config_entries.async_unload(loaded.entry_id)
        answer = await sending
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert not left_behind(home, loaded)
    await send(phone, body, HTTPStatus.SERVICE_UNAVAILABLE)
    assert await home.config_entries.async_setup(loaded.entry_id)
    await home.async_block_till_done(wait_background_tasks=True)
    told = await send(phone, body)
    assert told["written"]["frames_known"] == 600
    assert len((await dump(loaded))["imported"]) == 10


async def test_a_phone_that_hangs_up(
    home: HomeAssistant, loaded: MockConfigEntry, phone: Client, database: Path
) -> None:
    """What it sent whole is written to its end all the same."""
    body = gzipped(database)
    begun = asyncio.Event()
    real = import_job._Job._async_frames

    async def hold(job: Any, part: Any) -> None:
        begun.set()
        await asyncio.sleep(0.2)
        await real(job, part)

    with patch.object(import_job._Job, "_async_frames", hold):
        sending = asyncio.create_task(phone.post(URL, data=body))
        await begun.wait()
        sending.cancel()
        for _ in range(200):
            if not loaded.runtime_data.importing:
                break
            await asyncio.sleep(0.02)
    assert not loaded.runtime_data.importing
    assert len((await dump(loaded))["imported"]) == 10
    assert not left_behind(home, loaded)


async def test_who_may(
    loaded: MockConfigEntry,
    hass_client: Clients,
    hass_client_no_auth: Clients,
    hass_admin_user: User,
    body: bytes,
) -> None:
    """Nobody without a token, no reader, no stranger; and no other name for a device."""
    home = loaded.runtime_data.hass
    stranger = await hass_client_no_auth()
    await send(stranger, body, HTTPStatus.UNAUTHORIZED)
    reader = MockUser(groups=[(await home.auth.async_get_group(GROUP_ID_READ_ONLY))])
    reader.add_to_hass(home)
    token = home.auth.async_create_access_token(
        await home.auth.async_create_refresh_token(reader, "https://example.com/")
    )
    client = await hass_client(token)
    await send(client, body, HTTPStatus.NOT_FOUND)
    home.config_entries.async_update_entry(
        loaded, data={**loaded.data, "users": [hass_admin_user.id, reader.id]}
    )
    await send(client, body, HTTPStatus.FORBIDDEN)
    mine = await hass_client()
    await send(mine, body, HTTPStatus.BAD_REQUEST, device_id="no/device")
    await send(mine, body, HTTPStatus.NOT_FOUND, wearer="other")
    assert not (await dump(loaded))["imported"]
    assert (await send(mine, body, wearer=loaded.entry_id))["ok"]


async def test_an_archive_with_a_name_outside(
    phone: Client, database: Path, tmp_path: Path
) -> None:
    """Also the upload takes archives, and none that point elsewhere."""
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(database, "../../edge.db")
    told = await send(phone, path.read_bytes(), HTTPStatus.BAD_REQUEST)
    assert "outside of itself" in told["reason"]


async def test_what_a_killed_import_left_goes_at_the_next_start(
    home: HomeAssistant, wearer: MockConfigEntry
) -> None:
    """Whosever it was."""
    folder = import_folder(home, wearer.entry_id) / "abc"
    folder.mkdir(parents=True)
    (folder / "body").write_bytes(os.urandom(10))
    assert await home.config_entries.async_setup(wearer.entry_id)
    assert not folder.exists()
