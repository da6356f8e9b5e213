"""Workouts that are over, over real HTTP and through Home Assistant's actions."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest

from custom_components.openstrap.store import WearerStore

from ..stored_days import local, made_day, store_days, workout
from .both_sides import TODAY, BothSides, workout_ids

pytestmark = pytest.mark.full

RUN = local(TODAY, 9), local(TODAY, 10)
HA_ID = f"detected/{RUN[0]:.0f}/{RUN[1]:.0f}"
PHONE_ID = HA_ID.replace("/", ":")
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
    assert PHONE_ID not in await workout_ids(ran)


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
    assert len(await workout_ids(ran)) == 1


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
