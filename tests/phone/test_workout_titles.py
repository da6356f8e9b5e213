"""What a workout is called, told on either side and shown on both."""

from http import HTTPStatus
import json
import logging
from typing import Any

import pytest

from custom_components.openstrap.diagnostics import async_get_config_entry_diagnostics
from custom_components.openstrap.store import WearerStore

from ..frames import hexed, record
from ..stored_days import local, made_day, made_days, store_days, workout
from .both_sides import NOON, TODAY, BothSides

pytestmark = pytest.mark.full

RUN = local(TODAY, 9), local(TODAY, 10)
HA_ID = f"detected/{RUN[0]:.0f}/{RUN[1]:.0f}"
PHONE_ID = HA_ID.replace("/", ":")


@pytest.fixture
async def ran(sides: BothSides) -> BothSides:
    """Have a run on today's derived day."""
    await sides.run(store_days, [made_day(TODAY, workouts=[workout(*RUN)])], final=False)
    return sides


async def in_home_assistant(sides: BothSides) -> list[str | None]:
    """Give the titles of today's workouts, as the action answers them."""
    found = await sides.ask("get_workouts", start_date=TODAY.isoformat())
    return [one["title"] for one in (*found["workouts"], found["going"]) if one is not None]


async def on_the_phone(sides: BothSides) -> list[list[Any]]:
    """Give the titles of today's workouts, in every list that has them."""
    day = TODAY.isoformat()
    start, end = int(local(TODAY, 0)), int(local(TODAY, 23))
    lists = [
        (await sides.get("workouts"))["workouts"],
        await sides.get("sessions", **{"from": str(start), "to": str(end)}),
        (await sides.get("day/strain", date=day))["sessions"],
        (await sides.get("day/timeline", date=day))["sessions"],
    ]
    return [[row["title"] for row in rows] for rows in lists]


async def in_the_calendar(sides: BothSides) -> list[str]:
    """Give the summaries of today's workouts."""
    answer = await sides.hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": "calendar.ada_calendar",
            "start_date_time": "2026-06-10 08:00:00",
            "end_date_time": "2026-06-10 13:00:00",
        },
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    events: Any = answer["calendar.ada_calendar"]
    return [event["summary"] for event in events["events"]]


async def test_the_phone_names_what_home_assistant_ends(sides: BothSides) -> None:
    """Trimmed, from the start through the analysis, and one row of it all the way."""
    await sides.run(store_days, made_days(TODAY, 5))
    begun = await sides.post("workout/start", {"type": "run", "title": "  Lunch loop "})
    assert begun["title"] == "Lunch loop"
    assert await sides.post("workout/start", {"type": "run"}) == begun, "a lost answer"
    assert await in_home_assistant(sides) == ["Lunch loop"]
    page = await sides.get(f"workout/{begun['workout_id']}")
    assert (page["title"], page["status"]) == ("Lunch loop", "live")
    await sides.pass_time(600)
    records = [record(int(NOON) - 600 + at, 150) for at in range(1200)]
    await sides.post("ingest/batch", {"device_id": "4A0123456", "records": hexed(records)})
    await sides.ask("end_workout")
    for _ in ("pending", "derived"):
        assert await on_the_phone(sides) == [["Lunch loop"]] * 4
        assert await in_home_assistant(sides) == ["Lunch loop"]
        [shown] = await in_the_calendar(sides)
        assert shown.startswith("Lunch loop (Run)")
        await sides.pass_time(60)
    assert shown.startswith("Lunch loop (Run), strain ")
    ended = await sides.post("workout/end", {"workout_id": begun["workout_id"]})
    assert (ended["title"], ended["pending"]) == ("Lunch loop", False)
    await sides.ask("recompute")
    await sides.pass_time(60)
    assert await on_the_phone(sides) == [["Lunch loop"]] * 4


async def test_home_assistant_names_what_the_phone_shows(sides: BothSides) -> None:
    """Also while it goes on, when the phone takes it over; an empty title removes it."""
    told = await sides.ask("start_workout", title="Commute")
    begun = await sides.post("workout/start", {"type": "cycle"})
    assert (begun["workout_id"], begun["title"]) == (told["workout_id"], "Commute")
    named = await sides.ask("edit_workout", workout_id=told["workout_id"], title="Way home")
    assert (named["title"], named["kind"], named["end"]) == ("Way home", "cycle", None)
    assert (await sides.get("workouts"))["workouts"][0]["title"] == "Way home"
    begun = await sides.post("workout/start", {"type": "cycle", "title": "Detour"})
    assert (begun["workout_id"], begun["title"]) == (told["workout_id"], "Detour")
    await sides.pass_time(600)
    await sides.post("workout/end", {"workout_id": told["workout_id"]})
    assert await in_home_assistant(sides) == ["Detour"]
    await sides.ask("edit_workout", workout_id=told["workout_id"], title="")
    assert await in_home_assistant(sides) == [None]
    assert (await in_the_calendar(sides))[0].startswith("Ride")


async def test_another_kind_is_another_workout(sides: BothSides) -> None:
    """Which is called as it was told, and the one before stays what it was called."""
    await sides.post("workout/start", {"type": "run", "title": "Warm-up"})
    await sides.pass_time(300)
    await sides.post("workout/start", {"type": "strength", "title": "Legs"})
    rows = (await sides.get("workouts"))["workouts"]
    assert [(row["type"], row["title"]) for row in rows] == [
        ("strength", "Legs"),
        ("run", "Warm-up"),
    ]


async def test_a_detected_one_is_named_in_home_assistant(ran: BothSides) -> None:
    """It keeps its numbers and its times, and is one row."""
    assert await in_home_assistant(ran) == [None]
    told = await ran.ask("edit_workout", workout_id=HA_ID, title="Hill repeats")
    [row] = (await ran.get("workouts"))["workouts"]
    assert (row["id"], row["title"], row["source"]) == (
        told["workout_id"],
        "Hill repeats",
        "manual",
    )
    assert (row["strain"], row["pending"], row["type"]) == (9.5, False, "run")
    assert await on_the_phone(ran) == [["Hill repeats"]] * 4
    assert (await ran.get(f"workout/{PHONE_ID}"))["title"] == "Hill repeats"


async def test_a_detected_one_is_named_on_the_phone(ran: BothSides) -> None:
    """Alone, with its kind, and not any more; the other of the two stays as it is."""
    named = await ran.post(f"workout/{PHONE_ID}/type", {"title": "Hill repeats"})
    assert (named["title"], named["type"]) == ("Hill repeats", "run")
    assert await in_home_assistant(ran) == ["Hill repeats"]
    [told] = (await ran.run(WearerStore.told, *RUN)).workouts
    assert (told.kind, told.replaces) == (None, RUN)
    path = f"workout/{named['workout_id']}/type"
    assert (await ran.post(path, {"type": "walk"}))["title"] == "Hill repeats"
    found = await ran.post(path, {"title": "Stroll"})
    assert (found["title"], found["type"]) == ("Stroll", "walk")
    [told] = (await ran.run(WearerStore.told, *RUN)).workouts
    assert told.kind == "walk", "what was told of it stands"
    assert (await ran.post(path, {"title": " "}))["title"] is None
    assert await in_home_assistant(ran) == [None]


async def test_what_another_system_called_it(sides: BothSides) -> None:
    """Is shown, and stays when something else is told of it."""
    one = workout(*RUN, source="imported", imported_from="openstrap_server", title="Sunday run")
    await sides.run(store_days, [made_day(TODAY, workouts=[one])])
    assert await on_the_phone(sides) == [["Sunday run"]] * 4
    named = await sides.post(f"workout/{PHONE_ID}/type", {"type": "walk"})
    assert (named["type"], named["title"]) == ("walk", "Sunday run")
    assert await in_home_assistant(sides) == ["Sunday run"]
    [row] = (await sides.get("workouts"))["workouts"]
    assert (row["imported"], row["strain"], row["type"]) == (True, 9.5, "walk")


async def test_it_is_exported(ran: BothSides, tmp_path: Any) -> None:
    """With the workouts of a day."""
    await ran.ask("edit_workout", workout_id=HA_ID, title="Hügel")
    ran.hass.config.allowlist_external_dirs = {str(tmp_path)}
    path = tmp_path / "days.json"
    await ran.ask("export", path=str(path), start_date=TODAY.isoformat())
    [day] = json.loads(path.read_text())["days"]
    assert [one["title"] for one in day["workouts"]] == ["Hügel"]


async def test_it_stays_private(ran: BothSides, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in a bug report nor in the log, however much is logged."""
    caplog.set_level(logging.DEBUG, "custom_components.openstrap")
    secret = "Physio with Bea"
    await ran.post("workout/start", {"type": "run", "title": secret})
    await ran.ask("edit_workout", workout_id=HA_ID, title=secret)
    await ran.refused("POST", f"workout/{PHONE_ID}/type", {"title": f"{secret}\x00"})
    await ran.pass_time(60)
    told = await async_get_config_entry_diagnostics(ran.hass, ran.entry)
    assert secret not in json.dumps(told)
    own = [one for one in caplog.records if one.name.startswith("custom_components.openstrap")]
    assert all(secret not in one.getMessage() for one in own)


@pytest.mark.parametrize("title", ["x" * 81, "a\nb", "a\x07", "\ud83c", 5, ["x"]])
async def test_what_is_no_title(ran: BothSides, title: object) -> None:
    """Is refused in words by each route, and nothing begins."""
    for path in ("workout/start", f"workout/{PHONE_ID}/type"):
        body = {"type": "run", "title": title}
        assert await ran.refused("POST", path, body) == HTTPStatus.BAD_REQUEST
    assert (await ran.ask("get_workouts"))["going"] is None
    assert await in_home_assistant(ran) == [None]


async def test_no_title_told(sides: BothSides) -> None:
    """Null and blanks are none."""
    for title in (None, "", "   "):
        begun = await sides.post("workout/start", {"type": "run", "title": title})
        assert begun["title"] is None


async def test_refusals_in_home_assistant(ran: BothSides) -> None:
    """In the user's language."""
    for title, key in (("x" * 81, "too_long"), ("a\tb", "not_plain")):
        for action, data in (("start_workout", {}), ("edit_workout", {"workout_id": HA_ID})):
            refused = await ran.ask.refused(action, title=title, **data)
            assert refused == (f"workout_title_{key}", {})
    assert (await ran.ask("get_workouts"))["going"] is None
