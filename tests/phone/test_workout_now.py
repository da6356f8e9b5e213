"""A workout that goes on, over real HTTP and through Home Assistant's actions and entities."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest

from custom_components.openstrap.engine.protocol.encode import encode_live_hr

from ..frames import hexed, record
from ..stored_days import made_days, store_days
from .both_sides import NOON, TODAY, BothSides, workout_ids

pytestmark = pytest.mark.full

GOING = "binary_sensor.ada_workout"


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
    assert await workout_ids(sides) == [other["workout_id"], first["workout_id"]]
    status, answer = await sides.request("DELETE", f"workout/{first['workout_id']}")
    assert (status, answer) == (HTTPStatus.OK, {"ok": True, "deleted": 1})
    assert await workout_ids(sides) == [other["workout_id"]]


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
    assert len(await workout_ids(sides)) == 1


async def test_the_kind_of_one_that_goes_on(sides: BothSides) -> None:
    """It goes on."""
    begun = await sides.post("workout/start", {"type": "run"})
    await sides.pass_time(90)
    await sides.post(f"workout/{begun['workout_id']}/type", {"type": "cycle"})
    going = (await sides.ask("get_workouts"))["going"]
    assert (going["kind"], going["start_ts"]) == ("cycle", NOON)
    path = f"workout/{begun['workout_id']}/type"
    assert await sides.refused("POST", path, {}) == HTTPStatus.BAD_REQUEST


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
