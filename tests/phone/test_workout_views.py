"""Workouts, over real HTTP and through Home Assistant's actions and entities."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.engine.protocol.encode import encode_live_hr
from custom_components.openstrap.store import WearerStore

from ..frames import hexed, record
from ..stored_days import local, made_day, made_days, store_days, workout
from .both_sides import NOON, NOON_TEXT, TODAY, BothSides, Clients, meet

pytestmark = pytest.mark.full

RUN = local(TODAY, 9), local(TODAY, 10)
HA_ID = f"detected/{RUN[0]:.0f}/{RUN[1]:.0f}"
PHONE_ID = HA_ID.replace("/", ":")
GOING = "binary_sensor.ada_workout"
DEEP: dict[str, Any] = {
    "max_bpm": 171.0,
    "min_bpm": 90.0,
    "time_to_peak_min": 42.5,
    "drift_pct": 3.1,
    "zone_s": [300, 600, 900, 1200, 480, 120],
    "zone_floors_bpm": [95.0, 114.0, 133.0, 152.0, 171.0],
    "zone_source": "observed",
    "hrr60_bpm": 31.0,
    "recovery_curve": [[60, 140.0, 31.0], [120, 120.0, 51.0]],
    "steps": 9000,
    "cadence_spm": 158.0,
    "coverage": 0.98,
}


@pytest.fixture(autouse=True)
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time before tokens are made, which are not valid earlier."""
    freezer.move_to(NOON_TEXT)


@pytest.fixture
async def sides(
    home: HomeAssistant,
    wearer: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    hass_client: Clients,
) -> BothSides:
    """Give both sides of a wearer, at noon in Berlin."""
    return await meet(home, wearer, freezer, hass_client)


@pytest.fixture
async def ran(sides: BothSides) -> BothSides:
    """Have a run on today's derived day, and a yoga hour on yesterday's."""
    yoga = workout(*(ts - 86400.0 for ts in RUN), kind="yoga", strain=3.0, kcal=None)
    days = [
        made_day(TODAY - timedelta(days=1), workouts=[yoga]),
        made_day(TODAY, workouts=[workout(*RUN, **DEEP)]),
    ]
    await sides.run(store_days, days, final=False)
    return sides


async def ids(sides: BothSides) -> list[str]:
    """Give the ids of the phone's list."""
    return [row["id"] for row in (await sides.get("workouts"))["workouts"]]


async def test_the_phone_begins_and_home_assistant_ends(sides: BothSides) -> None:
    """One workout on both sides; the sensor follows once the analysis ran."""
    begun = await sides.post("workout/start", {"type": "run", "title": "Lunch"})
    assert (begun["start_ts"], begun["type"], begun["status"]) == (int(NOON), "run", "live")
    going = (await sides.ask("get_workouts"))["going"]
    assert (going["workout_id"], going["kind"]) == (begun["workout_id"], "run")
    await sides.pass_time(120)
    state = sides.hass.states.get(GOING)
    assert state is not None
    assert state.state == "on"
    [row] = (await sides.get("workouts"))["workouts"]
    assert (row["id"], row["status"], row["duration_min"]) == (begun["workout_id"], "live", 2)
    await sides.pass_time(480)
    await sides.ask("end_workout", workout_id=begun["workout_id"])
    [row] = (await sides.get("workouts"))["workouts"]
    assert (row["status"], row["duration_min"], row["end_ts"]) == ("done", 10, int(NOON) + 600)
    await sides.pass_time(120)
    state = sides.hass.states.get(GOING)
    assert state is not None
    assert state.state != "on"


async def test_home_assistant_begins_and_the_phone_ends(sides: BothSides) -> None:
    """Ending again, with a lost answer or from the other side, changes nothing."""
    told = await sides.ask("start_workout", kind="cycle")
    assert (await sides.get(f"workout/{told['workout_id']}"))["type"] == "cycle"
    await sides.pass_time(600)
    body = {"workout_id": told["workout_id"]}
    ended = await sides.post("workout/end", body)
    assert (ended["end_ts"], ended["durationMin"], ended["pending"]) == (int(NOON) + 600, 10, True)
    assert (ended["avgHr"], ended["strain"], ended["zones"]) == (None, None, None)
    await sides.pass_time(300)
    assert await sides.post("workout/end", body) == ended
    await sides.ask("end_workout", **body)
    assert await sides.post("workout/end", body) == ended
    [listed] = (await sides.ask("get_workouts", start_date="2026-06-10"))["workouts"]
    assert (listed["workout_id"], listed["duration_min"]) == (told["workout_id"], 10.0)


@pytest.mark.parametrize(
    ("asked", "told"), [("run", "run"), ("kayak", "other"), (5, "other"), (None, None)]
)
async def test_kinds(sides: BothSides, asked: object, told: str | None) -> None:
    """An unknown one is another; without one the records decide."""
    begun = await sides.post("workout/start", {"type": asked})
    assert begun["type"] == (told or "other")
    assert (await sides.ask("get_workouts"))["going"]["kind"] == told


async def test_starting_without_a_body(sides: BothSides) -> None:
    """Nothing has to be said."""
    assert (await sides.post("workout/start"))["status"] == "live"


async def test_starting_while_one_goes_on(sides: BothSides) -> None:
    """The same kind is the same workout; another kind ends the first, which is kept."""
    first = await sides.post("workout/start", {"type": "run"})
    await sides.pass_time(300)
    assert await sides.post("workout/start", {"type": "run"}) == first
    assert await sides.post("workout/start", {}) == first
    second = await sides.post("workout/start", {"type": "strength"})
    assert second["workout_id"] != first["workout_id"]
    assert second["start_ts"] == int(NOON) + 300
    await sides.pass_time(300)
    # The phone still thinks that the first goes on.
    ended = await sides.post("workout/end", {"workout_id": first["workout_id"]})
    assert (ended["end_ts"], ended["type"]) == (int(NOON) + 300, "run")
    await sides.post("workout/end", {"workout_id": second["workout_id"]})
    rows = (await sides.get("workouts"))["workouts"]
    assert [(row["type"], row["duration_min"]) for row in rows] == [("strength", 5), ("run", 5)]


async def test_one_of_less_than_a_minute(sides: BothSides) -> None:
    """Becomes the next while it goes on; once ended it is a minute, after which another begins."""
    first = await sides.post("workout/start", {"type": "run"})
    await sides.pass_time(20)
    again = await sides.post("workout/start", {"type": "walk"})
    assert again == first | {"type": "walk"}
    body = {"workout_id": first["workout_id"]}
    ended = await sides.post("workout/end", body)
    assert (ended["end_ts"], ended["durationMin"]) == (int(NOON) + 60, 1)
    assert await sides.post("workout/end", body) == ended
    assert (await sides.ask("get_workouts"))["going"] is None
    other = await sides.post("workout/start", {"type": "yoga"})
    assert other["start_ts"] == int(NOON) + 60
    await sides.pass_time(200)
    assert await ids(sides) == [other["workout_id"], first["workout_id"]]
    status, answer = await sides.request("DELETE", f"workout/{first['workout_id']}")
    assert (status, answer) == (HTTPStatus.OK, {"ok": True, "deleted": 1})
    assert await ids(sides) == [other["workout_id"]]


async def test_one_whose_kind_was_not_told_takes_the_one_that_is(sides: BothSides) -> None:
    """Home Assistant's switch does not know what it is; the phone does."""
    told = await sides.ask("start_workout")
    await sides.pass_time(300)
    begun = await sides.post("workout/start", {"type": "swim"})
    assert (begun["workout_id"], begun["type"]) == (told["workout_id"], "swim")


async def test_many_start_at_once(sides: BothSides) -> None:
    """One workout goes on, and every phone knows its id."""
    begun = await asyncio.gather(*(sides.post("workout/start", {"type": "run"}) for _ in range(10)))
    assert len({one["workout_id"] for one in begun}) == 1
    assert len(await ids(sides)) == 1


async def test_the_list(ran: BothSides) -> None:
    """Newest first, and their sum."""
    found = await ran.get("workouts", range="week")
    run, yoga = found["workouts"]
    assert run | {"confidence": None} == {
        "id": PHONE_ID,
        "start_ts": int(RUN[0]),
        "end_ts": int(RUN[1]),
        "type": "run",
        "title": None,
        "status": "done",
        "source": "auto",
        "duration_min": 60,
        "avg_hr": 140,
        "max_hr": 171,
        "strain": 9.5,
        "calories": 300,
        "hrr60": 31,
        "zones": {
            "zone1_min": 10.0,
            "zone2_min": 15.0,
            "zone3_min": 20.0,
            "zone4_min": 8.0,
            "zone5_min": 2.0,
        },
        "confidence": None,
        "pending": False,
    }
    assert (yoga["type"], yoga["calories"]) == ("yoga", None)
    assert found["range"] == "week"
    assert found["summary"] == {
        "count": 2,
        "total_min": 120,
        "total_calories": 300,
        "by_type": {"run": {"count": 1, "min": 60}, "yoga": {"count": 1, "min": 60}},
        "zone_min": [10.0, 25.0, 40.0, 8.0, 2.0],
        "hardest": {"id": PHONE_ID, "type": "run", "strain": 9.5},
    }


@pytest.mark.parametrize(("asked", "days"), [("week", 7), ("quarter", 91), ("eternity", 35)])
async def test_ranges(sides: BothSides, asked: str, days: int) -> None:
    """One that is not known is a month, and named as it was asked."""
    for back in (6, 7, 34, 35, 90, 91):
        day = TODAY - timedelta(days=back)
        span = local(day, 13), local(day, 14)
        await sides.run(store_days, [made_day(day, workouts=[workout(*span)])])
    found = await sides.get("workouts", range=asked)
    assert found["range"] == asked
    assert len(found["workouts"]) == {7: 2, 35: 4, 91: 6}[days]


async def test_an_imported_one(sides: BothSides) -> None:
    """Says where it came from; what the other system did not tell is null."""
    one = workout(*RUN, source="imported", imported_from="whoop", coverage=None, zone_s=None)
    await sides.run(store_days, [made_day(TODAY, workouts=[one])])
    [row] = (await sides.get("workouts"))["workouts"]
    assert (row["source"], row["imported"], row["imported_from"]) == ("auto", True, "whoop")
    page = await sides.get(f"workout/{row['id']}")
    assert (page["coverage_pct"], page["zones"], page["min_hr"]) == (None, None, None)
    assert [band["min"] for band in page["zone_bands"]] == [None] * 5


async def test_an_empty_list(sides: BothSides) -> None:
    """Nothing is nothing."""
    found = await sides.get("workouts")
    assert found["workouts"] == []
    assert found["summary"]["hardest"] is None


@pytest.mark.parametrize("name", [PHONE_ID, HA_ID, HA_ID.replace("/", "%2F")])
async def test_the_page(ran: BothSides, name: str) -> None:
    """All that the day knows; the id in the phone's form and in that of the actions."""
    answer = await ran.client.get(f"/api/openstrap/v1/workout/{name}")
    page = await answer.json()
    assert answer.status == HTTPStatus.OK
    assert page["id"] == PHONE_ID
    assert page["strain"] == (await ran.get("workouts"))["workouts"][0]["strain"]
    assert {
        name: page[name]
        for name in (
            "min_hr", "hr_drift_pct", "time_to_peak_min", "steps", "cadence_spm", "coverage_pct",
        )
    } == {
        "min_hr": 90,
        "hr_drift_pct": 3.1,
        "time_to_peak_min": 42.5,
        "steps": 9000,
        "cadence_spm": 158,
        "coverage_pct": 98,
    }  # fmt: skip
    assert page["recovery_curve"] == [
        {"sec": 60, "hr": 140, "drop": 31},
        {"sec": 120, "hr": 120, "drop": 51},
    ]
    assert page["zone_bands"][0] == {
        "zone": 1,
        "name": "Very light",
        "lo": 95,
        "hi": 114,
        "min": 10.0,
        "pct": 18,
    }
    assert page["zone_bands"][4]["hi"] == 190
    assert len(page["hr"]) == 360
    assert page["hr"][0]["t"] == int(RUN[0])
    assert all(55 <= point["v"] < 85 for point in page["hr"])


async def test_deleting_on_the_phone(ran: BothSides) -> None:
    """A detected one is gone on both sides, and is not found again."""
    path = f"workout/{PHONE_ID}"
    assert (await ran.request("DELETE", path))[1] == {"ok": True, "deleted": 1}
    assert (await ran.request("DELETE", path))[1] == {"ok": True, "deleted": 0}
    assert await ran.refused("GET", path) == HTTPStatus.NOT_FOUND
    listed = (await ran.ask("get_workouts", start_date="2026-06-10"))["workouts"]
    assert listed == []
    told = await ran.run(WearerStore.told, *RUN)
    assert told.tombstones == (RUN,)


async def test_deleting_in_home_assistant(ran: BothSides) -> None:
    """It is gone on the phone."""
    await ran.ask("delete_workout", workout_id=HA_ID)
    assert PHONE_ID not in await ids(ran)


async def test_the_kind_of_a_detected_one(ran: BothSides) -> None:
    """It is told from then on, and found by its old name too; deleted it does not come back."""
    renamed = await ran.post(f"workout/{PHONE_ID}/type", {"type": "walk"})
    assert (renamed["ok"], renamed["type"]) == (True, "walk")
    page = await ran.get(f"workout/{renamed['workout_id']}")
    assert (page["type"], page["source"], page["start_ts"]) == ("walk", "manual", int(RUN[0]))
    # Its day is not derived anew yet, but its heart rate is there.
    assert (page["pending"], page["min_hr"], len(page["hr"])) == (True, 55, 360)
    assert (await ran.get(f"workout/{PHONE_ID}"))["id"] == renamed["workout_id"]
    again = await ran.post(f"workout/{renamed['workout_id']}/type", {"type": "yoga"})
    assert again == renamed | {"type": "yoga"}
    listed = (await ran.ask("get_workouts", start_date="2026-06-10"))["workouts"]
    assert [(one["kind"], one["source"]) for one in listed] == [("yoga", "edited")]
    assert (await ran.request("DELETE", f"workout/{PHONE_ID}"))[1]["deleted"] == 1
    assert len(await ids(ran)) == 1


async def test_the_kind_of_one_that_goes_on(sides: BothSides) -> None:
    """It goes on."""
    begun = await sides.post("workout/start", {"type": "run"})
    await sides.pass_time(90)
    await sides.post(f"workout/{begun['workout_id']}/type", {"type": "cycle"})
    going = (await sides.ask("get_workouts"))["going"]
    assert (going["kind"], going["start_ts"]) == ("cycle", NOON)
    path = f"workout/{begun['workout_id']}/type"
    assert await sides.refused("POST", path, {}) == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "workout/end", {}, 400),
        ("POST", "workout/end", {"workout_id": 5}, 400),
        ("POST", "workout/end", {"workout_id": "nobody"}, 404),
        ("POST", "workout/end", {"workout_id": "detected/1e99/2e99"}, 404),
        ("POST", "workout/start", [], 400),
        ("GET", "workout/nobody", None, 404),
        ("GET", "workout/start", None, 404),
        ("GET", "workout/detected:1:2", None, 404),
        ("GET", "workout/detected:nan:inf", None, 404),
        ("GET", "workout/detected/1/2", None, 404),
        ("GET", f"workout/{'x' * 200}", None, 404),
        ("POST", "workout/nobody/type", {"type": "run"}, 404),
        ("POST", "workout/detected/1/2/type", {"type": "run"}, 404),
    ],
)
async def test_mistakes(
    sides: BothSides, method: str, path: str, body: object, status: int
) -> None:
    """Each refused in words."""
    assert await sides.refused(method, path, body) == status


async def test_an_unfinished_one_that_is_forgotten(sides: BothSides) -> None:
    """It blocks nothing, and its kind cannot be told before its records say when it ended."""
    begun = await sides.ask("start_workout", start="2026-06-10 06:02:00")
    await sides.pass_time(60)
    path = f"workout/{begun['workout_id']}/type"
    await sides.post(path, {"type": "run"})
    await sides.pass_time(60)
    assert await sides.refused("POST", path, {"type": "walk"}) == HTTPStatus.BAD_REQUEST
    assert (await sides.post("workout/start", {"type": "run"}))["workout_id"] != begun["workout_id"]


async def push(sides: BothSides, first: float, seconds: int, hr_bpm: int) -> None:
    """Send records of a steady heart rate."""
    records = [record(int(first) + at, hr_bpm) for at in range(seconds)]
    await sides.post("ingest/batch", {"device_id": "4A0123456", "records": hexed(records)})


async def test_what_is_known_at_the_end(sides: BothSides) -> None:
    """Heart rates and zones by the records so far; what needs the whole day waits for it."""
    await sides.run(store_days, made_days(TODAY - timedelta(days=3), 5))
    begun = await sides.post("workout/start", {"type": "run"})
    await sides.pass_time(600)
    await push(sides, NOON, 300, 120)
    await push(sides, NOON + 300, 300, 150)
    page = await sides.get(f"workout/{begun['workout_id']}")
    assert (page["status"], page["duration_min"], page["avg_hr"]) == ("live", 10, 135)
    assert [page["hr"][at]["v"] for at in (0, -1)] == [120, 150]
    ended = await sides.post("workout/end", {"workout_id": begun["workout_id"]})
    assert (ended["avgHr"], ended["maxHr"], ended["pending"]) == (135, 150, True)
    assert (ended["strain"], ended["calories"]) == (None, None)
    assert sum(ended["zones"].values()) == pytest.approx(10.0, abs=0.2)
    page = await sides.get(f"workout/{begun['workout_id']}")
    assert (page["min_hr"], page["coverage_pct"]) == (120, 100)
    assert page["time_to_peak_min"] == pytest.approx(5.0, abs=0.3)
    assert sum(band["pct"] for band in page["zone_bands"]) == pytest.approx(100, abs=2)


@pytest.mark.full
async def test_what_is_known_stays_once_the_day_is_derived(sides: BothSides) -> None:
    """The analysis runs soon, and finds the heart rates that were told before."""
    await sides.run(store_days, made_days(TODAY - timedelta(days=3), 5))
    begun = await sides.post("workout/start", {"type": "run"})
    await sides.pass_time(600)
    await push(sides, NOON - 600, 900, 120)
    await push(sides, NOON + 300, 300, 150)
    before = await sides.post("workout/end", {"workout_id": begun["workout_id"]})
    await sides.pass_time(40)
    after = await sides.post("workout/end", {"workout_id": begun["workout_id"]})
    assert (before["pending"], after["pending"]) == (True, False)
    assert after["zones"]
    assert after["strain"] > 0
    same: tuple[Any, ...] = ("avgHr", "maxHr", "zones", "hrr60", "end_ts", "durationMin", "type")
    assert {name: before[name] for name in same} == {name: after[name] for name in same}
    events = await sides.hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": "calendar.ada_calendar",
            "start_date_time": "2026-06-10 00:00:00",
            "end_date_time": "2026-06-11 00:00:00",
        },
        blocking=True,
        return_response=True,
    )
    assert "Run" in str(events)


async def test_live_readings_alone(sides: BothSides) -> None:
    """Minutes know them before the band's history comes."""
    begun = await sides.post("workout/start", {"type": "run"})
    await sides.pass_time(120)
    frames = [encode_live_hr(int(NOON) + at, 0, 130) for at in range(120)]
    await sides.post("ingest/batch", {"device_id": "4A0123456", "records": hexed(frames)})
    ended = await sides.post("workout/end", {"workout_id": begun["workout_id"]})
    assert (ended["avgHr"], ended["maxHr"], ended["zones"]) == (130, 130, None)
