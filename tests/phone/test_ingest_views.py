"""The routes a phone pushes to, in a real Home Assistant over real HTTP."""

import asyncio
import gzip
from http import HTTPStatus
import json
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.http.ban import KEY_FAILED_LOGIN_ATTEMPTS
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.store import StoreError, WearerStore

from ..frames import hexed, minute, record
from .clients import BASE, Client, Clients

BATCH = f"{BASE}/ingest/batch"
EVENTS = f"{BASE}/ingest/events"

pytestmark = pytest.mark.full


@pytest.fixture(autouse=True)
def now(freezer: FrozenDateTimeFactory) -> int:
    """Hold the time before tokens are made, which are not valid earlier; epoch s."""
    freezer.move_to("2026-01-15T15:00:00Z")
    return int(dt_util.utcnow().timestamp())


async def post(client: Client, path: str, body: object) -> tuple[int, Any]:
    """Post JSON; status and answer."""
    answer = await client.post(path, json=body)
    return answer.status, await answer.json()


async def stored(entry: MockConfigEntry) -> dict[str, Any]:
    """Count what a wearer's file holds."""
    counts: dict[str, Any] = await entry.runtime_data.worker.async_run(WearerStore.stats)
    return counts


@pytest.mark.parametrize("path", [BASE, f"{BASE}/", f"{BASE}//"])
async def test_a_phone_finds_the_place_without_a_token(
    loaded: MockConfigEntry, hass_client_no_auth: Clients, path: str, now: int
) -> None:
    """The reachability answer tells nothing of anybody."""
    client = await hass_client_no_auth()
    answer = await client.get(path)
    assert answer.status == HTTPStatus.OK
    assert await answer.json() == {"ok": True, "service": "openstrap", "ts": now}


@pytest.mark.parametrize(
    "path", [BATCH, f"{BASE}//ingest/batch", f"{BATCH}/", f"{BASE}//ingest/batch/"]
)
async def test_a_batch_is_taken_in(phone: Client, now: int, path: str) -> None:
    """Records new, known, and one that is no hex; two minutes touched."""
    records = hexed(minute(now - 90))
    body = {"device_id": "4A0123456", "records": [*records, records[0].upper(), "zz"]}
    assert await post(phone, path, body) == (
        HTTPStatus.OK,
        {
            "ok": True,
            "received": 62,
            "decoded": 61,
            "minutes_written": 2,
            "raw_key": None,
            "new": 60,
            "duplicate": 1,
            "rejected": {"not_hex": 1},
        },
    )
    status, again = await post(phone, path, body)
    assert status == HTTPStatus.OK
    assert (again["new"], again["duplicate"], again["received"]) == (0, 61, 62)


async def test_events_are_taken_in_and_a_record_among_them_is_not_lost(
    phone: Client, loaded: MockConfigEntry, now: int
) -> None:
    """Whatever comes by this door is kept as what it is."""
    from custom_components.openstrap.engine.protocol.encode import encode_event

    events = hexed([encode_event(9, now - 60), encode_event(10, now - 30), record(now - 10)])
    body = {"device_id": "4A0123456", "events": [*events, "0"]}
    assert await post(phone, EVENTS, body) == (
        HTTPStatus.OK,
        {"total": 4, "stored": 3, "new": 3, "duplicate": 0, "rejected": {"odd_length": 1}},
    )
    _, again = await post(phone, EVENTS, body)
    assert again == {
        "total": 4,
        "stored": 3,
        "new": 0,
        "duplicate": 3,
        "rejected": {"odd_length": 1},
    }
    counts = await stored(loaded)
    assert counts["events"] == 2


async def test_an_empty_list_is_fine(phone: Client, now: int) -> None:
    """The app may have nothing to say."""
    status, answer = await post(phone, BATCH, {"device_id": "a", "records": []})
    assert status == HTTPStatus.OK
    assert (answer["received"], answer["decoded"], answer["rejected"]) == (0, 0, {})


async def test_rubbish_is_refused_one_by_one(
    phone: Client, loaded: MockConfigEntry, now: int
) -> None:
    """Wrong types, odd hex and 70 kB strings are counted; the good one is stored."""
    good = record(now - 5).hex()
    rubbish = [None, 7, 1.5, True, [good], {"hex": good}, "", "2", "xy", "00" * 40, "2f" * 35_000]
    status, answer = await post(phone, BATCH, {"device_id": "a", "records": [*rubbish, good]})
    assert status == HTTPStatus.OK
    assert (answer["received"], answer["new"]) == (12, 1)
    assert sum(answer["rejected"].values()) == 11
    assert {"empty": 1, "odd_length": 1, "not_hex": 1, "too_long": 1}.items() <= (
        answer["rejected"].items()
    )
    assert answer["rejected"]["unknown_type"] == 1
    assert (await stored(loaded))["frames"] == 1


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b"\xff\xfe", b'{"device_id": NaN}'])
async def test_a_body_that_is_not_json(phone: Client, body: bytes) -> None:
    """400 with the reason, never 500."""
    answer = await phone.post(BATCH, data=body)
    assert answer.status == HTTPStatus.BAD_REQUEST
    assert await answer.json() == {"error": "Invalid payload", "reason": "the body is not JSON"}


@pytest.mark.full
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([1], "the body is not a JSON object"),
        ({"device_id": "a", "records": "2f"}, "records must be a list of hex strings"),
        ({"device_id": "../etc", "records": []}, "device_id must be"),
        ({"device_id": "a", "records": [], "generation": "gen3"}, "generation must be"),
    ],
)
async def test_a_wrong_shape_spends_no_token(
    phone: Client, now: int, body: object, reason: str
) -> None:
    """However often: the next good post passes."""
    for _ in range(40):
        status, answer = await post(phone, BATCH, body)
        assert status == HTTPStatus.BAD_REQUEST
        assert answer["error"] == "Invalid payload"
        assert answer["reason"].startswith(reason)
    status, _ = await post(phone, BATCH, {"device_id": "a", "records": []})
    assert status == HTTPStatus.OK


async def test_too_many_records(phone: Client, loaded: MockConfigEntry, now: int) -> None:
    """5001 are refused as a whole, nothing of them is stored; 5000 are taken."""
    records = [record(now - 6000 + second).hex() for second in range(5001)]
    status, answer = await post(phone, BATCH, {"device_id": "a", "records": records})
    assert status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert answer["error"] == "Too many records"
    assert (await stored(loaded))["frames"] == 0
    status, answer = await post(phone, BATCH, {"device_id": "a", "records": records[:5000]})
    assert status == HTTPStatus.OK
    assert answer["new"] == 5000


async def test_a_body_that_is_too_large(phone: Client, loaded: MockConfigEntry) -> None:
    """Told by its length, found while reading, or grown out of its compression."""
    huge = json.dumps({"device_id": "a", "records": ["00" * 4096] * 1100}).encode()
    assert len(huge) > 8 * 1024 * 1024

    async def chunks() -> Any:
        for start in range(0, len(huge), 1 << 20):
            yield huge[start : start + (1 << 20)]

    for data, headers in (
        (huge, {}),
        (chunks(), {}),
        (gzip.compress(huge), {"Content-Encoding": "gzip"}),
    ):
        answer = await phone.post(BATCH, data=data, headers=headers)
        assert answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert (await answer.json())["error"] == "Body too large"


async def test_gzip_is_accepted_and_a_broken_one_is_not(phone: Client, now: int) -> None:
    """Also a large body, which is parsed away from the loop."""
    records = [record(now - 4000 + second).hex() for second in range(3000)]
    packed = gzip.compress(json.dumps({"device_id": "a", "records": records}).encode())
    headers = {"Content-Encoding": "gzip"}
    answer = await phone.post(BATCH, data=packed, headers=headers)
    assert answer.status == HTTPStatus.OK
    assert (await answer.json())["new"] == 3000
    broken = bytearray(packed)
    broken[2000:2100] = bytes(100)
    for data in (bytes(broken), packed[:-400], b"no gzip at all"):
        answer = await phone.post(BATCH, data=data, headers=headers)
        assert answer.status == HTTPStatus.BAD_REQUEST
        assert (await answer.json())["error"] == "Invalid payload"


async def test_a_bad_token_is_answered_without_a_ban(
    loaded: MockConfigEntry, hass_client: Clients, hass_client_no_auth: Clients, home: HomeAssistant
) -> None:
    """401 as JSON, and the address is not counted as one that fails to log in."""
    for client in (await hass_client_no_auth(), await hass_client("an old token")):
        for path in (BATCH, EVENTS):
            status, answer = await post(client, path, {"device_id": "a", "records": []})
            assert status == HTTPStatus.UNAUTHORIZED
            assert answer == {"error": "Invalid or missing token"}
    assert not home.http.app[KEY_FAILED_LOGIN_ATTEMPTS]


async def test_another_users_token_reaches_nobody(
    phone: Client,
    loaded: MockConfigEntry,
    hass_client: Clients,
    hass_read_only_access_token: str,
    now: int,
) -> None:
    """Neither by device, nor by the wearer's id; and both sound the same."""
    await post(phone, BATCH, {"device_id": "4A01", "records": [record(now - 5).hex()]})
    assert loaded.data["devices"] == ["4A01"]
    stranger = await hass_client(hass_read_only_access_token)
    answers = [
        await post(stranger, path, {"device_id": device, field: [record(now).hex()]})
        for path, field in ((BATCH, "records"), (EVENTS, "events"))
        for device in ("4A01", loaded.entry_id, "never seen")
    ]
    assert {status for status, _ in answers} == {HTTPStatus.NOT_FOUND}
    assert len({json.dumps(answer) for _, answer in answers}) == 1
    assert (await stored(loaded))["frames"] == 1


async def test_a_push_without_a_frame_claims_nothing(
    phone: Client, loaded: MockConfigEntry
) -> None:
    """Or anybody could take the name of a band before its wearer comes."""
    for path, field in ((BATCH, "records"), (EVENTS, "events")):
        assert (await post(phone, path, {"device_id": "4A01", field: ["zz"]}))[0] == HTTPStatus.OK
    assert loaded.data["devices"] == []


async def test_thirty_one_posts_in_a_second(
    phone: Client, now: int, freezer: FrozenDateTimeFactory
) -> None:
    """30 pass, the 31st is told when to come again, and then passes."""
    body = {"device_id": "a", "records": [record(now).hex()]}
    statuses = [(await post(phone, BATCH, body))[0] for _ in range(30)]
    assert statuses == [HTTPStatus.OK] * 30
    answer = await phone.post(BATCH, json=body)
    assert answer.status == HTTPStatus.TOO_MANY_REQUESTS
    assert await answer.json() == {"error": "Rate limit exceeded"}
    assert answer.headers["Retry-After"] == "2"
    status, _ = await post(phone, EVENTS, {"device_id": "a", "events": []})
    assert status == HTTPStatus.OK, "events are not limited"
    status, _ = await post(phone, EVENTS, {"device_id": "a", "events": body["records"]})
    assert status == HTTPStatus.TOO_MANY_REQUESTS, "but records among them are"
    freezer.tick(2)
    assert (await post(phone, BATCH, body))[0] == HTTPStatus.OK
    assert (await post(phone, BATCH, body))[0] == HTTPStatus.TOO_MANY_REQUESTS


async def test_eighty_posts_at_once(phone: Client, loaded: MockConfigEntry, now: int) -> None:
    """The bucket cannot be raced: 30 of 80 pass, and what they carried is stored."""

    async def one(number: int) -> int:
        body = {"device_id": "a", "records": [record(now - number).hex()]}
        return (await post(phone, BATCH, body))[0]

    statuses = await asyncio.gather(*(one(number) for number in range(80)))
    assert statuses.count(HTTPStatus.OK) == 30
    assert statuses.count(HTTPStatus.TOO_MANY_REQUESTS) == 50
    assert (await stored(loaded))["frames"] == 30


async def test_a_full_disk_keeps_the_data_with_the_phone(
    phone: Client, loaded: MockConfigEntry, now: int
) -> None:
    """503 with a time to try again; then everything is taken."""
    body = {"device_id": "a", "records": [record(now).hex()]}
    with patch(
        "custom_components.openstrap.coordinator.ingest_hex", side_effect=StoreError("disk_full")
    ):
        answer = await phone.post(BATCH, json=body)
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.headers["Retry-After"] == "60"
    assert (await answer.json())["error"] == "The data file of Ada cannot be used: disk_full"
    status, answer_again = await post(phone, BATCH, body)
    assert status == HTTPStatus.OK
    assert answer_again["new"] == 1


async def test_a_fault_of_ours_is_no_500(
    phone: Client, now: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong, the phone hears that it must keep its rows."""
    with patch("custom_components.openstrap.coordinator.ingest_hex", side_effect=ZeroDivisionError):
        answer = await phone.post(BATCH, json={"device_id": "a", "records": []})
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert (await answer.json())["error"] == "Unexpected error"
    assert "A phone's request could not be served" in caplog.text


async def test_a_wearer_that_is_not_loaded(
    phone: Client, loaded: MockConfigEntry, home: HomeAssistant
) -> None:
    """While it is reloaded or switched off, the phone keeps its rows."""
    await home.config_entries.async_unload(loaded.entry_id)
    answer = await phone.post(BATCH, json={"device_id": loaded.entry_id, "records": []})
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.headers["Retry-After"] == "15"
    assert (await answer.json())["error"] == "Wearer not ready"
