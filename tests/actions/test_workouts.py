"""Workouts that somebody begins, ends, corrects and deletes."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap.const import QUIET_SECONDS
from custom_components.openstrap.store import WearerStore

from ..frames import night
from ..stored_days import BERLIN, local, made_day, store_days, workout
from . import TODAY, Ask, Store

pytestmark = pytest.mark.full

RUN = (local(TODAY, 9), local(TODAY, 10))
NAME = f"detected/{RUN[0]:.0f}/{RUN[1]:.0f}"


@pytest.fixture
async def ran(stored: Store) -> Store:
    """Give the store of a wearer who was found to have run this morning."""
    await stored(store_days, [made_day(TODAY, workouts=[workout(*RUN)])])
    return stored


async def listed(ask: Ask) -> list[dict[str, Any]]:
    """Give today's workouts."""
    found: list[dict[str, Any]] = (await ask("get_workouts", start_date="2026-06-10"))["workouts"]
    return found


async def test_from_start_to_end(
    ask: Ask, stored: Store, freezer: FrozenDateTimeFactory, wearer: MockConfigEntry
) -> None:
    """Now, unless a time is told; what goes on is ended without its id."""
    sweeper = wearer.runtime_data.sweeper
    with patch.object(sweeper, "async_frames_came", wraps=sweeper.async_frames_came) as soon:
        begun = await ask("start_workout", kind="cycle")
        assert begun["start"] == "2026-06-10T12:00:00+02:00"
        assert (begun["end"], begun["kind"], begun["pending"]) == (None, "cycle", True)
        going = (await ask("get_workouts"))["going"]
        assert going == begun
        assert (await ask.refused("start_workout"))[0] == "workout_already_going"
        freezer.tick(timedelta(minutes=40))
        ended = await ask("end_workout")
        assert ended["workout_id"] == begun["workout_id"]
        assert ended["duration_min"] == 40.0
        again = await ask("end_workout", workout_id=ended["workout_id"], end="2026-06-10 12:30:00")
        assert again == ended, "one that has ended stays as it is"
        assert soon.call_count == 3
    assert (await ask.refused("end_workout"))[0] == "workout_unknown_workout"
    assert await listed(ask) == [ended]
    assert await stored(WearerStore.told_workout, ended["workout_id"]) is not None


async def test_a_start_that_is_told_late(ask: Ask, stored: Store) -> None:
    """Local time, or with an offset of its own; no response is needed."""
    await ask.hass.services.async_call(
        "openstrap",
        "start_workout",
        {"entity_id": "sensor.ada_recovery", "start": "2026-06-10T09:30:00+00:00"},
        blocking=True,
    )
    ended = await ask("end_workout", end="2026-06-10 11:45:00")
    assert (ended["start"][11:16], ended["end"][11:16]) == ("11:30", "11:45")


async def test_a_detected_one_is_corrected(ask: Ask, ran: Store) -> None:
    """It is told in its place from then on, and can be corrected again; what is left out stays."""
    fixed = await ask("edit_workout", workout_id=NAME, end="2026-06-10 10:30:00", kind="walk")
    assert fixed["source"] == "edited"
    assert (fixed["start_ts"], fixed["end_ts"]) == (RUN[0], RUN[1] + 1800)
    assert await listed(ask) == [fixed]
    again = await ask("edit_workout", workout_id=fixed["workout_id"], start="2026-06-10 08:45:00")
    assert again["workout_id"] == fixed["workout_id"]
    assert (again["kind"], again["end"]) == ("walk", fixed["end"])
    told = (await ran(WearerStore.told, RUN[0], RUN[1])).workouts
    assert [one.replaces for one in told] == [RUN]


async def test_deleting(ask: Ask, ran: Store) -> None:
    """A detected one for ever, and one that was told."""
    assert await ask("delete_workout", workout_id=NAME) == {"workout_id": NAME}
    assert await listed(ask) == []
    assert (await ran(WearerStore.told, RUN[0], RUN[1])).tombstones == (RUN,)
    assert (await ask.refused("delete_workout", workout_id=NAME))[0] == "workout_unknown_workout"
    await ran(lambda store: store.save_workout("mine", RUN, "yoga", now=RUN[1] + 60, tz=BERLIN))
    await ask("delete_workout", workout_id="mine")
    assert await listed(ask) == []


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("start_workout", {"start": "2026-06-10 13:00:00"}, "workout_in_future"),
    ("start_workout", {"start": "2026-06-10 01:00:00"}, "workout_too_long"),
    ("start_workout", {"start": "noon"}, "not_a_time"),
    ("end_workout", {"workout_id": "nobody"}, "workout_unknown_workout"),
    ("edit_workout", {"workout_id": "nobody"}, "workout_unknown_workout"),
    ("edit_workout", {"workout_id": "detected/100/200"}, "workout_unknown_workout"),
    ("edit_workout", {"workout_id": "detected/1e99/2e99"}, "workout_not_a_time"),
    ("edit_workout", {"workout_id": "detected/1/253402297199"}, "workout_not_a_time"),
    ("edit_workout", {"workout_id": NAME, "end": "2026-06-10 08:00:00"}, "workout_end_before_start"),
    ("delete_workout", {"workout_id": "nobody"}, "workout_unknown_workout"),
]  # fmt: skip


async def test_mistakes(ask: Ask, ran: Store) -> None:
    """Each told by its name."""
    for action, data, key in MISTAKES:
        assert (await ask.refused(action, **data))[0] == key, data


async def test_two_at_a_time(ask: Ask, ran: Store) -> None:
    """Told ones do not overlap; one that goes on is ended before it is corrected."""
    await ran(lambda store: store.save_workout("mine", RUN, None, now=RUN[1], tz=BERLIN))
    begun = await ask("start_workout")
    data = {"workout_id": begun["workout_id"], "start": "2026-06-10 11:50:00"}
    assert await ask.refused("edit_workout", **data) == ("field_missing", {"field": "end"})
    data |= {"start": "2026-06-10 09:30:00", "end": "2026-06-10 11:55:00"}
    assert (await ask.refused("edit_workout", **data))[0] == "workout_overlap"


@pytest.mark.full
async def test_it_is_measured_soon(
    ask: Ask, wearer: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Half a minute after it was told, from the frames that are there."""
    await wearer.runtime_data.async_ingest(night(TODAY))
    begun = await ask("start_workout", kind="yoga", start="2026-06-10 10:00:00")
    ended = await ask("end_workout", end="2026-06-10 10:30:00")
    assert ended["workout_id"] == begun["workout_id"]
    for _ in range(2):
        freezer.tick(timedelta(seconds=QUIET_SECONDS + 1))
        async_fire_time_changed(ask.hass)
        await ask.hass.async_block_till_done(wait_background_tasks=True)
    [one] = await listed(ask)
    assert (one["workout_id"], one["pending"], one["kind"]) == (ended["workout_id"], False, "yoga")
    assert one["avg_bpm"] > 40
    assert one["coverage"] > 0.9
    answer = await ask("get_day", metrics=["workouts"])
    assert answer["metrics"]["workouts"]["value"] == 1.0
    assert [told["workout_id"] for told in answer["workouts"]] == [one["workout_id"]]
