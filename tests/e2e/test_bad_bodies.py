"""What a phone or script may get wrong, over real HTTP: the right status and a clear reason."""

import asyncio
import gzip
import json
from typing import Any
import uuid

import pytest

from custom_components.openstrap.engine.protocol.encode import encode_r24
from script.tools.home_assistant_client import Client
from script.tools.phones import BATCH, EVENTS, POSTS_AT_ONCE, add_phone_wearer, post_json
from script.tools.real_home_assistant import RealHomeAssistant

from .night import Night
from .tables import counted, logical_content

pytestmark = pytest.mark.e2e


@pytest.fixture
async def wearer(owner: Client) -> tuple[Client, str]:
    """Make a wearer with one user, new for each test: nobody shares an allowance."""
    name = f"user-{uuid.uuid4().hex}"
    user = await owner.add_user(name, "password")
    return user, await add_phone_wearer(owner, name, [user])


def record(night: Night, number: int = 0) -> str:
    """Give the hex of a good record."""
    return night.records[number].hex()


SHAPES = (
    b"",
    b"not json",
    b'{"device_id": "x", "records": [',
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe\x00",
    b'{"device_id": "ENTRY"}',
    b'{"device_id": "ENTRY", "records": "2f18", "events": "2f18"}',
    b'{"device_id": "ENTRY", "records": null, "events": {}}',
    b'{"records": [], "events": []}',
    b'{"device_id": 7, "records": [], "events": []}',
    b'{"device_id": "", "records": [], "events": []}',
    b'{"device_id": ["ENTRY"], "records": [], "events": []}',
    b"[" * 100_000,
)


@pytest.mark.parametrize("path", [BATCH, EVENTS])
async def test_wrong_shapes_are_400(
    wearer: tuple[Client, str], home: RealHomeAssistant, path: str, subtests: pytest.Subtests
) -> None:
    """Whatever is no object with a device and a list."""
    user, entry = wearer
    for body in SHAPES:
        with subtests.test(body=body[:60]):
            status, answer, headers = await user.request(
                "POST",
                path,
                data=body.replace(b"ENTRY", entry.encode()),
                headers={"Content-Type": "application/json"},
            )
            assert status == 400, answer
            assert headers["Content-Type"].startswith("application/json")
            assert answer["error"] == "Invalid payload"
            assert answer["reason"]
    assert not logical_content(home, entry)["frames"]


async def test_broken_compression_is_400(wearer: tuple[Client, str], night: Night) -> None:
    """A body that was cut off on the way is refused, never half taken."""
    user, entry = wearer
    body = gzip.compress(json.dumps({"device_id": entry, "records": [record(night)]}).encode())
    for data in (body[:-10], b"no gzip at all", body[:20] + bytes(len(body) - 20)):
        status, answer, _ = await user.request(
            "POST", BATCH, data=data, headers={"Content-Encoding": "gzip"}
        )
        assert status == 400, answer
        assert "error" in answer


async def test_too_much_is_413(wearer: tuple[Client, str], night: Night) -> None:
    """More than 5000 records, or a body that is large once unpacked."""
    user, entry = wearer
    body: dict[str, Any] = {"device_id": entry, "records": [record(night)] * 5001}
    status, answer = await post_json(user, BATCH, body, compress=True)
    assert (status, "error" in answer) == (413, True)
    body["records"] = body["records"][:5000]
    status, answer = await post_json(user, BATCH, body, compress=True)
    assert (status, answer["new"], answer["duplicate"]) == (200, 1, 4999)
    bomb = gzip.compress(b'{"device_id": "' + b"x" * 30_000_000)
    status, answer, _ = await user.request(
        "POST", BATCH, data=bomb, headers={"Content-Encoding": "gzip"}
    )
    assert (status, "error" in answer) == (413, True)


async def test_bad_strings_are_counted_and_the_good_ones_kept(
    wearer: tuple[Client, str], home: RealHomeAssistant, night: Night
) -> None:
    """One bad string never fails its batch."""
    user, entry = wearer
    bad: list[Any] = [
        "", "   ", "2f1", "zz", "ff00", None, 7, ["2f18"], {"a": 1}, "00" * 35_000, "aa0000",
        record(night)[:40],
    ]  # fmt: skip
    body = {"device_id": entry, "records": [record(night, 1), *bad, record(night, 2)]}
    status, answer = await post_json(user, BATCH, body)
    assert status == 200
    assert answer["received"] == len(bad) + 2
    assert answer["decoded"] == 2
    reasons = answer["rejected"]
    for reason in ("empty", "odd_length", "not_hex", "unknown_type", "too_long", "header_crc"):
        assert reasons[reason] >= 1, reason
    assert counted(logical_content(home, entry)) == 2


async def test_impossible_times_are_kept_but_shown_nowhere(
    wearer: tuple[Client, str], home: RealHomeAssistant, night: Night
) -> None:
    """A band that lost its clock makes no minutes in 1970 or 2106."""
    user, entry = wearer
    times = (1, 86_400, 4_294_967_295, int(night.end_ts) + 10 * 86_400)
    records = [encode_r24(number, when, 0, 60).hex() for number, when in enumerate(times)]
    status, answer = await post_json(user, BATCH, {"device_id": entry, "records": records})
    assert status == 200
    assert answer["minutes_written"] == 0
    assert sum(answer["rejected"].values()) == len(records)
    content = logical_content(home, entry)
    assert not content["minutes"]
    assert not content["days"]


@pytest.mark.parametrize(
    "device", ["../../etc/passwd", "a/b", "a\0b", "x" * 65, "C:\\wearer", "..", " "]
)
async def test_a_device_id_is_never_a_path(
    wearer: tuple[Client, str], home: RealHomeAssistant, night: Night, device: str
) -> None:
    """What could be one is refused, and no file of any name appears."""
    user, _ = wearer
    before = files(home)
    answer = await post_json(user, BATCH, {"device_id": device, "records": [record(night)]})
    assert answer[0] == 400, answer
    assert files(home) == before


def files(home: RealHomeAssistant) -> set[str]:
    """Name whatever lies where wearers' files lie, and databases anywhere."""
    paths = [*(home.storage / "openstrap").rglob("*"), *home.config.rglob("*.db")]
    return {str(path) for path in paths if not path.name.endswith(("-wal", "-shm"))}


async def test_a_user_reaches_only_their_own_wearers(
    owner: Client, wearer: tuple[Client, str], home: RealHomeAssistant, night: Night
) -> None:
    """Another person's token, even an admin's, finds no wearer."""
    user, entry = wearer
    stranger = await owner.add_user("stranger", "password")
    own = await add_phone_wearer(owner, "Stranger", [stranger])
    body = {"device_id": entry, "records": [record(night)]}
    for other in (stranger, owner):
        for path in (BATCH, EVENTS):
            status, answer = await post_json(other, path, body | {"events": body["records"]})
            assert status == 404, answer
            assert answer["error"] == "No wearer for this device"
    assert not logical_content(home, entry)["minutes"]
    assert not logical_content(home, own)["minutes"]
    status, _ = await post_json(user, BATCH, body)
    assert status == 200


async def test_without_a_good_token_it_is_401_and_bans_nobody(
    owner: Client, wearer: tuple[Client, str], night: Night
) -> None:
    """A phone with an old token may knock as often as it likes."""
    user, entry = wearer
    body = {"device_id": entry, "records": [record(night)]}
    for token in ("", "nonsense", user.token[:-3] + "abc"):
        nobody = owner.as_user(token)
        for _ in range(5):
            status, answer = await post_json(nobody, BATCH, body)
            assert (status, "error" in answer) == (401, True)
    status, _ = await post_json(user, BATCH, body)
    assert status == 200
    notes = await owner.command("persistent_notification/get")
    assert not [note for note in notes if "login" in note["notification_id"]]


async def test_the_31st_post_in_a_second_is_429(
    wearer: tuple[Client, str], home: RealHomeAssistant, night: Night
) -> None:
    """Also when all come at once; what was refused is not stored and comes in later."""
    user, entry = wearer
    count = POSTS_AT_ONCE + 5
    bodies = [{"device_id": entry, "records": [record(night, n)]} for n in range(count)]
    replies = await asyncio.gather(*(user.request("POST", BATCH, json=body) for body in bodies))
    passed = [body for body, reply in zip(bodies, replies, strict=True) if reply[0] == 200]
    refused = [reply for reply in replies if reply[0] == 429]
    assert len(passed) in {POSTS_AT_ONCE, POSTS_AT_ONCE + 1}  # one more when it took 2 s
    assert len(passed) + len(refused) == count
    for _, answer, headers in refused:
        assert answer["error"] == "Rate limit exceeded"
        assert 1 <= int(headers["Retry-After"]) <= 4
    content = logical_content(home, entry)
    assert counted(content) == len(passed)
    # Malformed bodies cost nothing: they still get their own answer.
    assert (await post_json(user, BATCH, {"device_id": entry}))[0] == 400
    await asyncio.sleep(2.1)
    late = next(body for body, reply in zip(bodies, replies, strict=True) if reply[0] == 429)
    status, answer = await post_json(user, BATCH, late)
    assert (status, answer["new"]) == (200, 1)
