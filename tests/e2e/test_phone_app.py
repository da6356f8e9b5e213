"""A phone app as it was, through a whole day with a real Home Assistant: nothing but the contract."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
import json
from typing import Any

import aiohttp
import pytest

from custom_components.openstrap.engine.protocol.encode import battery_body, encode_event
from script.tools.home_assistant_client import Client, until
from script.tools.phones import add_phone_wearer
from script.tools.real_home_assistant import RealHomeAssistant

from .conftest import owner_of
from .night import TZ, Night
from .phone_app import PhoneApp, Refused, SignedOut
from .tables import logical_content

pytestmark = pytest.mark.e2e

BASE = "/api/openstrap/v1"
EMAIL = "ada@example.org"
SERIAL = "4A0123456"
TIERS = {"AUTHORITATIVE", "HIGH", "ESTIMATE", "RELATIVE"}
LATE_S = 180  # until a night that came in is on the phone's pages


class Home:
    """A wearer whose phone is paired, and the owner's eyes on Home Assistant."""

    def __init__(self, owner: Client, entry_id: str, phone: PhoneApp) -> None:
        """Take them."""
        self.owner = owner
        self.entry_id = entry_id
        self.phone = phone


async def open_pairing(owner: Client, entry_id: str, email: str = EMAIL) -> str:
    """Click through "Pair a phone"; the code that Home Assistant shows."""
    path = "/api/config/config_entries/options/flow"
    step = await owner.post(path, json={"handler": entry_id})
    step = await owner.post(f"{path}/{step['flow_id']}", json={"next_step_id": "pair"})
    step = await owner.post(f"{path}/{step['flow_id']}", json={"email": email})
    return str(step["description_placeholders"]["code"])


@pytest.fixture
async def paired(home: RealHomeAssistant) -> AsyncIterator[Home]:
    """Pair a new phone with the one wearer of this file, who is made for the first test."""
    async with owner_of(home) as owner, aiohttp.ClientSession() as http:
        entries = [one for one in await owner.entries("openstrap") if one["title"] == "Ada"]
        entry_id = (
            entries[0]["entry_id"]
            if entries
            else await add_phone_wearer(owner, "Ada", [owner], sex="f")
        )
        phone = PhoneApp(f"{home.url}{BASE}", http, SERIAL)
        code = await open_pairing(owner, entry_id)
        assert await phone.request_otp(EMAIL) == (200, {"ok": True})
        status, _ = await phone.verify_otp(EMAIL, code)
        assert status == 200
        yield Home(owner, entry_id, phone)


async def test_signing_in_as_a_new_phone_does(home: RealHomeAssistant) -> None:
    """Register, the code that only Home Assistant shows, tokens, and the profile it brought."""
    async with owner_of(home) as owner, aiohttp.ClientSession() as http:
        entry_id = await add_phone_wearer(owner, "Bea", [owner])
        # Typed with a slash at its end, which makes two of every first one.
        phone = PhoneApp(f"{home.url}{BASE}/", http, "4B7")
        status, _ = await phone.request_otp("bea@example.org")
        assert status == 404
        code = await open_pairing(owner, entry_id, "bea@example.org")
        status, answer = await phone.register(
            "bea@example.org", name="Bea", age=40, height_cm=171, weight_kg=60, sex="f"
        )
        assert (status, answer["ok"]) == (200, True)
        assert code not in json.dumps(answer)
        assert "dev_code" not in answer
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        assert await phone.verify_otp("bea@example.org", wrong) == (
            400,
            {"error": "Incorrect code"},
        )
        status, answer = await phone.verify_otp("bea@example.org", code)
        assert status == 200
        user = answer["user"]
        assert (user["email"], user["name"]) == ("bea@example.org", "Bea")
        assert (user["age"], user["height_cm"], user["weight_kg"], user["sex"]) == (
            40, 171, 60, "f",
        )  # fmt: skip
        assert (await phone.get("/profile"))["height_cm"] == 171
        await owner.delete(f"/api/config/config_entries/entry/{entry_id}")
        with pytest.raises((Refused, SignedOut)):
            await phone.get("/profile")


async def test_a_night_goes_up_with_lost_replies_and_an_old_token(
    paired: Home, home: RealHomeAssistant, night: Night
) -> None:
    """Batches as the app cuts them; every third reply is lost; tokens expire on the way."""
    phone, posts = paired.phone, 0

    def lost(_path: str) -> bool:
        nonlocal posts
        posts += 1
        if posts == 4:
            phone.access_jwt = "old.token.here"
        return posts % 3 == 0

    phone.lose_reply = lost
    phone.queue.add(
        night.all,
        [
            encode_event(9, int(night.start_ts)),
            encode_event(3, int(night.end_ts), body=battery_body(64.0, 3900, charging=False)),
        ],
    )

    async def gone() -> bool | None:
        await phone.upload_round()
        return True if not phone.queue.records and not phone.queue.events else None

    await until(gone, timeout=120, pause=1)
    assert phone.refreshes == 1
    assert phone.received == len(set(night.all))
    assert posts > len(set(night.all)) / 1500 * 1.3  # for those whose reply was lost came again
    assert len(logical_content(home, paired.entry_id)["frames"]) == len(set(night.all)) + 2


def check_envelope(found: Any, name: str) -> None:
    """Hold one wrapped number against what the app draws."""
    assert set(found) >= {"value", "unit", "confidence", "tier", "label", "inputs_used"}, name
    assert found["tier"] in TIERS, name
    assert isinstance(found["confidence"], int | float), name
    assert 0 <= found["confidence"] <= 1, name
    assert (found["value"] is None) == (found["confidence"] == 0), name


DAILY = (
    "strain", "resting_hr", "resting_hr_delta", "recovery", "readiness", "vo2max", "fitness",
    "form", "calories", "steps", "wear_min", "acwr", "fitness_trend",
)  # fmt: skip


async def test_every_page_reads_what_it_draws(paired: Home, night: Night) -> None:
    """The calls of each page, and the fields that the app takes out of the answers."""
    phone, day = paired.phone, night.day.isoformat()

    async def scored() -> dict[str, Any] | None:
        found: dict[str, Any] = await phone.get("/today")
        return found if found.get("sleep") else None

    today = await until(scored, timeout=LATE_S, pause=2)
    assert today["sleep"]["date"] == day
    for name in ("duration_min", "need_min", "efficiency"):
        check_envelope(today["sleep"][name], name)
    assert set(today["sleep"]["stages"]) == {"light_min", "deep_min", "rem_min"}
    heart = await phone.get("/day/heart", date=day)
    low, high = night.resting_hr_bpm
    assert low <= heart["resting_hr"] <= high
    if today["date"] == day:
        low, high = night.rmssd_ms
        assert low <= today["hrv"]["rmssd"] <= high
        for name in DAILY:
            check_envelope(today["daily"][name], name)
        resting = today["daily"]["resting_hr"]["value"]
        assert resting == pytest.approx(heart["resting_hr"], abs=0.5)
    else:  # after midnight a day has begun whose night is still to come
        assert today["hrv"] is None

    # Home.
    chart = await phone.get("/chart", metric="hr")
    assert chart["metric"] == "hr"
    assert all(point["v"] > 0 and point["ts"] > 1_500_000_000 for point in chart["points"])
    assert isinstance((await phone.get("/notifications"))["unread"], int)

    # Every metric's page.
    for metric in ("strain", "recovery", "resting_hr", "hrv", "sleep", "steps", "fitness"):
        for scale, count in (("week", 7), ("month", 5), ("quarter", 3)):
            page = await phone.get(f"/trend/{metric}", scale=scale, anchor=day)
            assert set(page) >= {"label", "unit", "summary", "buckets"}
            assert set(page["summary"]) >= {"avg", "delta_vs_prev"}
            assert len(page["buckets"]) == count
            assert set(page["buckets"][0]) >= {"label", "value", "t_start", "t_end"}

    # Activity: rows, newest first, zones as text.
    rows = await phone.get("/strain", **{"from": (night.day - timedelta(days=90)).isoformat()})
    assert rows[0]["date"] >= rows[-1]["date"]
    newest = next(row for row in rows if row["date"] == day)
    assert newest["hr_zones"] is None or isinstance(json.loads(newest["hr_zones"]), dict)
    assert isinstance(newest["flags"], dict)
    assert isinstance(await phone.get("/sessions"), list)
    assert (await phone.get("/sleep"))[0]["date"] == day

    # Details of the day.
    sleep = await phone.get("/day/sleep", date=day)
    assert sleep["has_sleep"]
    assert sleep["in_bed_min"] >= sleep["duration_min"]
    stages = sleep["stages"]
    assert sum(stages.values()) == pytest.approx(sleep["duration_min"], abs=1.5)
    assert {phase["stage"] for phase in sleep["hypnogram"]} <= {"awake", "light", "deep", "rem"}
    periods = await phone.get("/day/v2/sleep", date=day)
    assert periods["periods"][0]["is_main"]
    strain = await phone.get("/day/strain", date=day)
    assert strain["curve"] == [] or strain["curve"][-1]["v"] == pytest.approx(
        strain["strain"], abs=0.06
    )
    wear = await phone.get("/day/wear", date=day)
    assert len(wear["hourly"]) == 24
    assert wear["worn_min"] > 0
    timeline = await phone.get("/day/timeline", date=day)
    assert timeline["hr"]
    assert timeline["sleep"][-1]["wake_ts"] == sleep["wake_ts"]
    await phone.get("/day/stress", date=day)
    lungs = await phone.get("/day/lungs", date=day)
    assert 8 < lungs["resp_rate"]["value"] < 25

    # Recap, records, body.
    history = await phone.get("/history", range="30d")
    assert set(history["metrics"]["strain"]) >= {"avg", "total", "delta_pct"}
    assert history["worn_days"] >= 1
    assert history["to_epoch"] > history["from_epoch"]
    records = await phone.get("/records")
    assert records["nights_tracked"] >= 1
    assert records["records"]["longest_sleep"]["date"] == day
    assert (await phone.get("/journal/insights"))["insights"] == []
    assert (await phone.get("/app/status"))["update"] is None


async def call(owner: Client, name: str, entry_id: str, **fields: Any) -> Any:
    """Call an action of the integration for a wearer; its response."""
    device = await owner.device_id(entry_id)
    answer = await owner.post(
        f"/api/services/openstrap/{name}?return_response", json={"device_id": device, **fields}
    )
    return answer["service_response"]


async def test_the_journal_is_one_on_both_sides(paired: Home) -> None:
    """What the phone writes Home Assistant reads, and the other way."""
    phone, today = paired.phone, datetime.now(TZ).date()
    before = (today - timedelta(days=1)).isoformat()
    body = {"date": today.isoformat(), "tags": ["Caffeine", " late meal "], "note": "coffee at 5"}
    answer = await phone.post("/journal", body)
    assert answer["ok"]
    assert answer["tags"] == ["caffeine", "late meal"]
    held = await call(paired.owner, "get_journal", paired.entry_id)
    assert "coffee at 5" in json.dumps(held)
    await call(paired.owner, "log_journal", paired.entry_id, date=before, tags=["sauna"])
    rows = await phone.get("/journal", range="30d")
    assert [row["date"] for row in rows] == [today.isoformat(), before]
    assert rows[1]["tags"] == ["sauna"]
    gone = await phone.post("/journal", {"date": before, "tags": [], "note": ""})
    assert gone == {"ok": True, "deleted": True}
    assert len(await phone.get("/journal")) == 1


async def test_a_workout_is_one_on_both_sides(paired: Home) -> None:
    """Begun on the phone, seen in Home Assistant, ended once, deleted for good."""
    phone, owner = paired.phone, paired.owner
    begun = await phone.post("/workout/start", {"type": "run"})
    assert (begun["type"], begun["status"]) == ("run", "live")
    entities = await owner.entity_ids(paired.entry_id)

    async def going() -> bool | None:
        state = await owner.state(entities["workout"])
        return True if state is not None and state["state"] == "on" else None

    await until(going, timeout=60)
    ended = await phone.post("/workout/end", {"workout_id": begun["workout_id"]})
    assert ended["end_ts"] >= begun["start_ts"]
    assert set(ended) >= {"durationMin", "avgHr", "maxHr", "strain", "calories", "zones"}
    again = await phone.post("/workout/end", {"workout_id": begun["workout_id"]})
    assert again["end_ts"] == ended["end_ts"]
    listed = await phone.get("/workouts", range="week")
    ids = [row["id"] for row in listed["workouts"]]
    assert begun["workout_id"] in ids
    assert set(listed["summary"]) >= {"count", "total_min", "total_calories", "by_type", "zone_min"}
    page = await phone.get(f"/workout/{begun['workout_id']}")
    assert page["id"] == begun["workout_id"]
    assert len(page["zone_bands"]) == 5
    assert (await phone.delete(f"/workout/{begun['workout_id']}"))["deleted"] == 1
    assert (await phone.delete(f"/workout/{begun['workout_id']}"))["deleted"] == 0
    with pytest.raises(Refused) as refused:
        await phone.get(f"/workout/{begun['workout_id']}")
    assert refused.value.status == 404


async def test_the_profile_is_one_on_both_sides(paired: Home) -> None:
    """The setup page's fields, the goal, and a value that cannot be."""
    phone = paired.phone
    answer = await phone.patch("/profile", {"age": 36, "height_cm": 170, "weight_kg": 64.5})
    assert (answer["age"], answer["height_cm"], answer["weight_kg"]) == (36, 170, 64.5)
    with pytest.raises(Refused) as refused:
        await phone.patch("/profile", {"age": -3})
    assert refused.value.status == 400
    assert (await phone.patch("/profile", {"step_goal": 9000}))["step_goal"] == 9000
    assert (await phone.get("/today"))["step_goal"] == 9000
    goal = (await paired.owner.entity_ids(paired.entry_id))["step_goal"]
    state = await paired.owner.state(goal)
    assert state is not None
    assert float(state["state"]) == 9000


async def test_notifications_are_read_once(paired: Home) -> None:
    """What is unread is counted, and all can be marked."""
    phone = paired.phone
    found = await phone.get("/notifications")
    for one in found["notifications"]:
        assert set(one) >= {
            "id", "date", "kind", "category", "priority", "title", "body", "window", "quiet_ok",
            "created_at", "read",
        }  # fmt: skip
    assert (await phone.post("/notifications/read", {}))["ok"]
    assert (await phone.get("/notifications"))["unread"] == 0


async def test_two_phones_and_one_that_is_signed_out(paired: Home, home: RealHomeAssistant) -> None:
    """Each has its own tokens; a spent one is worth nothing, and the queue outlives it."""
    async with aiohttp.ClientSession() as http:
        second = PhoneApp(f"{home.url}{BASE}", http, SERIAL)
        code = await open_pairing(paired.owner, paired.entry_id)
        await second.request_otp(EMAIL)
        assert (await second.verify_otp(EMAIL, code))[0] == 200
        assert (await paired.phone.get("/profile")) == (await second.get("/profile"))
        copy = PhoneApp(f"{home.url}{BASE}", http, SERIAL).with_tokens_of(second)
        second.access_jwt = "no.good.any more"
        await second.get("/profile")
        assert second.refreshes == 1
        copy.access_jwt = "no.good.either"
        copy.queue.add([bytes(20)])
        with pytest.raises(SignedOut):
            await copy.get("/profile")
        assert copy.access_jwt is None
        assert copy.queue.records
        await paired.phone.get("/profile")
