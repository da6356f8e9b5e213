"""NOOP's push over real HTTP into a real Home Assistant."""

from datetime import date, timedelta
import gzip
from http import HTTPStatus
import json
from typing import Any
from unittest.mock import patch
import uuid

from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.openstrap.engine.samples import build_samples
from custom_components.openstrap.imports.noop_push import MAX_DECODED, STREAMS
from custom_components.openstrap.store import WearerStore

from ..imports.noop_batches import CURSOR, DAY, DEVICE, ONSET, Record, batch, days, window
from .clients import BASE, Client, Clients

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("berlin")]

URL = f"{BASE}/noop/push"
HEADERS = {"Content-Type": "application/x-ndjson; charset=utf-8"}


async def send(
    client: Client, body: bytes, status: HTTPStatus = HTTPStatus.OK, **headers: str
) -> dict[str, Any]:
    """Send a batch; the answer."""
    answer = await client.post(URL, data=body, headers=HEADERS | headers)
    assert answer.status == status, await answer.text()
    found: dict[str, Any] = await answer.json()
    if status is not HTTPStatus.OK:
        assert found["type"] == "error"
        assert found["protocolVersion"] in ("1.0", "1.1")
    return found


async def stored(loaded: MockConfigEntry, day: date = DAY) -> dict[str, Any]:
    """Give the values of a day as they are kept."""
    rows = await loaded.runtime_data.worker.async_run(WearerStore.days, day, day)
    if not rows:
        return {}
    result = rows[0].result
    return {key: row[0] for key, row in result["metrics"].items() if row and row[0] is not None}


async def test_capabilities(phone: Client, hass_client_no_auth: Clients) -> None:
    """The first version of the list that is spoken, a name that stays, and what is taken."""
    told = {}
    for accepted, version in (("1.1, 1.0", "1.1"), ("2.0, 1.0", "1.0"), ("1.0", "1.0")):
        answer = await phone.get(URL, headers={"NOOP-Push-Accept-Version": accepted})
        assert answer.status == HTTPStatus.OK
        told = await answer.json()
        assert (told["type"], told["protocolVersion"]) == ("capabilities", version)
        assert set(told["streams"]) == set(STREAMS)
    again = await (await phone.get(URL, headers={"NOOP-Push-Accept-Version": "1.0"})).json()
    assert (
        again["receiverStateId"]
        == told["receiverStateId"]
        == str(uuid.UUID(told["receiverStateId"]))
    )
    for accepted in ("", "2.0", "x"):
        answer = await phone.get(URL, headers={"NOOP-Push-Accept-Version": accepted})
        assert answer.status == HTTPStatus.NOT_ACCEPTABLE
        assert (await answer.json())["code"] == "no_common_version"
    stranger = await hass_client_no_auth()
    for answer in (await stranger.get(URL), await stranger.post(URL, data=b"")):
        assert answer.status == HTTPStatus.UNAUTHORIZED
        assert (await answer.json())["code"] == "unauthorized"


async def test_readings(phone: Client, loaded: MockConfigEntry) -> None:
    """Each stream that grows; the same batch again changes nothing, packed or not."""
    seconds = range(ONSET, ONSET + 120)
    hearts = batch("hrSample", [({"ts": ts}, {"bpm": 58}) for ts in seconds])
    beats = batch(
        "rrInterval",
        [
            ({"ts": ts, "rrMs": rr, "seq": 0}, {"ord": at})
            for ts in seconds
            for at, rr in ((0, 1000), (1, 900))
        ],
    )
    motion = batch(
        "gravitySample",
        [({"ts": ts}, {"x": 0, "y": 0.6, "z": 0.8, "dynAccel": None}) for ts in seconds],
    )
    for body, rows in ((hearts, 120), (beats, 240), (motion, 120)):
        ack = await send(phone, gzip.compress(body), HTTPStatus.OK, **{"Content-Encoding": "gzip"})
        assert ack == {
            "protocolVersion": "1.1", "batchId": json.loads(body.splitlines()[0])["batchId"],
            "stream": json.loads(body.splitlines()[0])["stream"], "deviceId": DEVICE,
            "endCursor": CURSOR, "acceptedRows": rows, "status": "accepted",
        }  # fmt: skip
        # Another coding is the same batch.
        assert await send(phone, body) == ack
    run = loaded.runtime_data.worker.async_run
    samples = await run(lambda store: build_samples(store.records(ONSET, ONSET + 200)))
    assert len(samples) == 120
    assert set(samples.hr_bpm.tolist()) == {58}
    assert samples.rr_ms.tolist() == [1000, 900] * 120
    changed = hearts.replace(b'"bpm": 58', b'"bpm": 59', 1)
    assert (await send(phone, changed, HTTPStatus.CONFLICT))["code"] == "batch_conflict"


async def test_windows_replace_what_was_there(phone: Client, loaded: MockConfigEntry) -> None:
    """What a window does not name is gone, within it and nowhere else; and it comes back."""
    older = DAY - timedelta(days=1)
    first = days((DAY, {"recovery": 70, "strain": 50}), (older, {"recovery": 40}))
    assert (await send(phone, first))["endCursor"] is None
    assert await stored(loaded) == {"recovery": 70, "strain": pytest.approx(10.5)}
    assert (await stored(loaded, older))["recovery"] == 40
    second = days((DAY, {"recovery": 71}))
    await send(phone, second)
    assert await stored(loaded) == {"recovery": 71}
    assert await stored(loaded, older) == {}
    # The first again is known, and is not done again.
    await send(phone, first)
    assert await stored(loaded) == {"recovery": 71}
    narrow = days(window=window(f"{older}", f"{DAY}"))
    await send(phone, narrow)
    assert await stored(loaded) == {"recovery": 71}
    await send(phone, days())
    assert await stored(loaded) == {}


async def test_devices_do_not_overwrite_each_other(phone: Client, loaded: MockConfigEntry) -> None:
    """What the app worked out fills what the maker did not tell."""
    await send(phone, days((DAY, {"recovery": 60, "restingHr": 50}), deviceId="my-whoop-noop"))
    await send(phone, days((DAY, {"recovery": 70})))
    assert await stored(loaded) == {"recovery": 70, "resting_hr_bpm": 50}
    await send(phone, days())
    assert await stored(loaded) == {"recovery": 60, "resting_hr_bpm": 50}


async def test_nights_workouts_and_the_journal(phone: Client, loaded: MockConfigEntry) -> None:
    """Come to the local day on which they end, and go again."""
    span = window(ONSET - 86400, ONSET + 3 * 86400)
    stages = json.dumps(
        [
            {"start": ONSET, "end": ONSET + 14400, "stage": "light"},
            {"start": ONSET + 14400, "end": ONSET + 28800, "stage": "deep"},
        ]
    )
    night = (
        {"startTs": ONSET},
        {"endTs": ONSET + 28800, "efficiency": 0.9, "stagesJSON": stages, "userEdited": False},
    )
    await send(phone, batch("sleepSession", [night], window=span))
    found = await stored(loaded)
    assert (found["sleep_min"], found["sleep_efficiency"], found["rest_onset"]) == (480, 90, ONSET)
    run = (
        {"startTs": ONSET + 50_000, "sport": "Running"},
        {"endTs": ONSET + 53_600, "source": "x", "strain": 50},
    )
    await send(phone, batch("workout", [run], window=window(ONSET - 86400, ONSET + 86400)))
    assert (await stored(loaded))["workouts"] == 1
    told = ({"day": f"{DAY}", "question": "Any alcohol?"}, {"answeredYes": True, "notes": "wine"})
    around = window(f"{DAY}", f"{DAY + timedelta(days=1)}")
    await send(phone, batch("journal", [told], window=around))
    job = loaded.runtime_data.worker.async_run
    entry = (await job(WearerStore.journal, DAY, DAY))[DAY]
    assert (entry.tags, entry.note) == ({"any alcohol"}, "wine")
    await send(phone, batch("journal", [], window=around | {"replacementId": str(uuid.uuid4())}))
    assert not (await job(WearerStore.journal, DAY, DAY)).get(DAY)
    for stream in ("sleepSession", "workout"):
        await send(phone, batch(stream, [], window=window(ONSET - 86400, ONSET + 86400)))
    assert await stored(loaded) == {}


async def test_rows_that_cannot_have_been(phone: Client, loaded: MockConfigEntry) -> None:
    """They are taken, so that nobody sends them again and again, and nothing is made of them."""
    span = window(ONSET - 86400, ONSET + 86400)
    # Ends that no calendar has, and ends before the start.
    for end in (2**52, -(2**52), ONSET - 60):
        night = ({"startTs": ONSET}, {"endTs": end, "userEdited": False})
        run = ({"startTs": ONSET, "sport": "Running"}, {"endTs": end, "source": "x"})
        for stream, record in (("sleepSession", night), ("workout", run)):
            body = batch(stream, [record], window=span | {"replacementId": str(uuid.uuid4())})
            assert (await send(phone, body))["acceptedRows"] == 1
    for day in (DAY - timedelta(days=1), DAY, date(1970, 1, 1)):
        assert await stored(loaded, day) == {}


async def test_answers_of_the_journal(phone: Client, loaded: MockConfigEntry) -> None:
    """Only a yes is a tag, and its words are kept with it alone."""
    told: list[Record] = [
        ({"day": f"{DAY}", "question": "Any alcohol?"}, {"answeredYes": False, "notes": "no wine"}),
        ({"day": f"{DAY}", "question": "Late meal?"}, {"answeredYes": True}),
        ({"day": f"{DAY}", "question": "?"}, {"answeredYes": True, "notes": "of nothing"}),
    ]
    around = window(f"{DAY}", f"{DAY + timedelta(days=1)}")
    await send(phone, batch("journal", told, window=around))
    entry = (await loaded.runtime_data.worker.async_run(WearerStore.journal, DAY, DAY))[DAY]
    assert (entry.tags, entry.note) == ({"late meal"}, "")


async def test_parts_of_a_window(phone: Client, loaded: MockConfigEntry) -> None:
    """Nothing moves before all are there, in any order; what does not fit is refused."""
    start, end = f"{DAY - timedelta(days=2)}", f"{DAY + timedelta(days=2)}"
    name = str(uuid.uuid4())

    def part(
        number: int, day: date, parts: int = 3, replacement: str = name, until: str = end
    ) -> bytes:
        span = window(start, until, number, parts, replacement)
        return batch("dailyMetric", [({"day": f"{day}"}, {"recovery": 50 + number})], window=span)

    last = part(3, DAY + timedelta(days=1))
    for body in (last, part(1, DAY - timedelta(days=1))):
        await send(phone, body)
        assert await stored(loaded) == {}
    await send(phone, last)
    for odd, code in (
        (part(3, DAY), "part_conflict"),
        (part(2, DAY, parts=4), "replacement_conflict"),
        (part(2, DAY, until=f"{DAY + timedelta(days=1)}"), "replacement_conflict"),
    ):
        assert (await send(phone, odd, HTTPStatus.CONFLICT))["code"] == code
    twice = part(2, DAY + timedelta(days=1))
    assert (await send(phone, twice, HTTPStatus.UNPROCESSABLE_ENTITY))["code"] == "duplicate_key"
    await send(phone, part(2, DAY))
    assert await stored(loaded) == {"recovery": 52}
    assert (await send(phone, part(2, DAY), HTTPStatus.CONFLICT))["code"] == "replacement_over"
    # A newer window ends one that is not whole.
    old, new = str(uuid.uuid4()), str(uuid.uuid4())
    await send(phone, part(1, DAY, replacement=old))
    await send(phone, part(1, DAY, parts=1, replacement=new))
    assert await stored(loaded) == {"recovery": 51}
    late = part(2, DAY + timedelta(days=1), replacement=old)
    assert (await send(phone, late, HTTPStatus.CONFLICT))["code"] == "replacement_over"


async def test_what_was_taken_outlives_a_restart(
    phone: Client, loaded: MockConfigEntry, hass: HomeAssistant
) -> None:
    """The same batch after it, the same answer; and the receiver is the same."""
    body = days((DAY, {"recovery": 70}))
    headers = {"NOOP-Push-Accept-Version": "1.1"}
    ack = await send(phone, body)
    state = (await (await phone.get(URL, headers=headers)).json())["receiverStateId"]
    await send(phone, days((DAY, {"recovery": 80})))
    assert await hass.config_entries.async_reload(loaded.entry_id)
    assert await send(phone, body) == ack
    assert await stored(loaded) == {"recovery": 80}
    assert (await (await phone.get(URL, headers=headers)).json())["receiverStateId"] == state
    other = body.replace(b'"recovery": 70', b'"recovery": 75')
    assert other != body
    assert (await send(phone, other, HTTPStatus.CONFLICT))["code"] == "batch_conflict"


async def test_a_crash_within_leaves_nothing(phone: Client, loaded: MockConfigEntry) -> None:
    """The next try does it all."""
    body = days((DAY, {"recovery": 70}))
    with patch("custom_components.openstrap.store.push.note", side_effect=OSError):
        assert (await send(phone, body, HTTPStatus.SERVICE_UNAVAILABLE))["code"] in (
            "unexpected",
            "not_ready",
        )
    assert await stored(loaded) == {}
    await send(phone, body)
    assert await stored(loaded) == {"recovery": 70}


async def test_bodies_that_are_too_much_or_something_else(phone: Client) -> None:
    """Sizes, codings and kinds."""
    body = days((DAY, {"recovery": 70}))
    long = body + b"\n" * MAX_DECODED
    assert (await send(phone, long, HTTPStatus.REQUEST_ENTITY_TOO_LARGE))["code"] == "too_large"
    packed = gzip.compress(body + b" " * 40_000_000)
    assert (
        await send(
            phone, packed, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, **{"Content-Encoding": "gzip"}
        )
    )["code"] == "too_large"
    for headers in (
        {"Content-Type": "application/json"},
        {"Content-Encoding": "x"},
    ):
        await send(phone, body, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, **headers)
    await send(
        phone, gzip.compress(body)[:60], HTTPStatus.BAD_REQUEST, **{"Content-Encoding": "gzip"}
    )
    await send(phone, body, HTTPStatus.BAD_REQUEST, **{"Content-Encoding": "gzip"})


async def test_only_who_may(
    phone: Client,
    loaded: MockConfigEntry,
    hass: HomeAssistant,
    hass_client: Clients,
    hass_admin_user: MockUser,
) -> None:
    """A reader reads, and another wearer is nobody's to name."""
    body = days((DAY, {"recovery": 70}))
    answer = await phone.post(f"{URL}?wearer=other", data=body, headers=HEADERS)
    assert (answer.status, (await answer.json())["code"]) == (HTTPStatus.NOT_FOUND, "no_wearer")
    group = await hass.auth.async_get_group(GROUP_ID_READ_ONLY)
    assert group is not None
    hass_admin_user.groups = [group]
    assert (await send(phone, body, HTTPStatus.FORBIDDEN))["code"] == "read_only"
    assert (
        await phone.get(URL, headers={"NOOP-Push-Accept-Version": "1.0"})
    ).status == HTTPStatus.OK
