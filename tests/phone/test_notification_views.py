"""The notifications, over real HTTP: what Home Assistant told, the phone shows."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest

from custom_components.openstrap.engine.insight.nudge_candidates import CODES
from custom_components.openstrap.phone.notice_words import CODE_OF_KIND, WORDINGS, body_of
from custom_components.openstrap.store import Notice, WearerStore

from ..frames import inners, minute
from ..made_days import keep, night_of
from ..stored_days import BERLIN
from .both_sides import NOON, TODAY, BothSides
from .clients import Clients

pytestmark = pytest.mark.full

EVENT = "event.ada_nudge"
LOW = {
    "code": "low_recovery",
    "severity": 2,
    "day": TODAY.isoformat(),
    "values": {"recovery": 8.0},
}


async def derive(sides: BothSides, recovery: float | None, *findings: Mapping[str, Any]) -> None:
    """Have a night's result on disk, as after an analysis, and let what follows be told."""
    coordinator = sides.entry.runtime_data
    await coordinator.async_ingest(inners(minute(int(NOON) - 60)))
    row = night_of(
        TODAY,
        {} if recovery is None else {"recovery": recovery},
        zone=BERLIN,
        details={"trends": {"health": {"findings": list(findings)}}},
    )
    await sides.run(keep, row)
    await coordinator.async_results_changed()
    await sides.hass.async_block_till_done(wait_background_tasks=True)


async def test_what_is_told_is_shown(sides: BothSides) -> None:
    """The event entity and the feed have the same; read on the phone it stays read."""
    assert await sides.get("notifications") == {"unread": 0, "notifications": []}
    await derive(sides, 61.4)
    state = sides.hass.states.get(EVENT)
    assert state is not None
    assert state.attributes["code"] == "recovery_ready"
    found = await sides.get("notifications")
    assert found == {
        "unread": 1,
        "notifications": [
            {
                "id": "2026-06-10:morning_readiness",
                "date": "2026-06-10",
                "kind": "morning_readiness",
                "category": "recovery",
                "priority": 1,
                "title": "Recovery ready",
                "body": "Recovery is 61 % this morning.",
                "window": "morning",
                "quiet_ok": False,
                "created_at": int(NOON),
                "read": False,
                "read_at": None,
            }
        ],
    }
    assert await sides.post("notifications/read") == {"ok": True}
    await derive(sides, 61.4)
    [one] = (await sides.get("notifications"))["notifications"]
    assert (one["read"], one["read_at"]) == (True, int(NOON))


async def test_some_are_read(sides: BothSides) -> None:
    """By id; what is no id does nothing. Unread ones come first, then what matters more."""
    await derive(sides, 8.0, LOW)
    rows = (await sides.get("notifications"))["notifications"]
    assert [one["kind"] for one in rows] == ["low_recovery", "morning_readiness"]
    read = {"ids": [rows[0]["id"], "2026-06-10:nothing", "x", "9999-99-99:low_recovery"]}
    assert await sides.post("notifications/read", read) == {"ok": True}
    found = await sides.get("notifications")
    assert found["unread"] == 1
    assert [one["kind"] for one in found["notifications"]] == ["morning_readiness", "low_recovery"]
    await sides.post("notifications/read", {"ids": []})
    assert (await sides.get("notifications"))["unread"] == 0


async def test_what_does_not_hold_any_more_is_gone(sides: BothSides) -> None:
    """Unless it was read: then it was seen, and stays."""
    await derive(sides, 8.0, LOW)
    await sides.post("notifications/read", {"ids": ["2026-06-10:low_recovery"]})
    await derive(sides, None)
    rows = (await sides.get("notifications"))["notifications"]
    assert [one["kind"] for one in rows] == ["low_recovery"]
    # What was told once is not told again, on neither side.
    await derive(sides, 8.0, LOW)
    assert len((await sides.get("notifications"))["notifications"]) == 1


async def test_it_survives_a_restart(sides: BothSides, hass_client: Clients) -> None:
    """It is in the wearer's file."""
    await derive(sides, 61.4)
    before = await sides.get("notifications")
    assert await sides.hass.config_entries.async_reload(sides.entry.entry_id)
    await sides.hass.async_block_till_done(wait_background_tasks=True)
    assert await sides.get("notifications") == before


async def test_seven_days(sides: BothSides) -> None:
    """Older ones are not shown, and neither is what only a later version has words for."""
    for age, code in ((8, "recovery_ready"), (6, "recovery_ready"), (0, "of_tomorrow")):
        day, told = TODAY - timedelta(days=age), NOON - 86400.0 * age
        await sides.run(
            WearerStore.claim_nudge, [f"{TODAY}:{age}"], TODAY, Notice(day, code, 1, told)
        )
    found = await sides.get("notifications")
    assert [one["date"] for one in found["notifications"]] == ["2026-06-04"]
    assert found["unread"] == 1


@pytest.mark.parametrize("ids", ["x", {}, [1], [None], ["x"] * 101])
async def test_bad_ids_are_refused(sides: BothSides, ids: object) -> None:
    """In words."""
    status = await sides.refused("POST", "notifications/read", {"ids": ids})
    assert status == HTTPStatus.BAD_REQUEST


def test_every_nudge_has_words() -> None:
    """And one kind of its own, and within what the contract allows."""
    assert set(WORDINGS) == set(CODES)
    assert len(CODE_OF_KIND) == len(WORDINGS)
    for wording in WORDINGS.values():
        assert wording.category in {"health", "recovery", "sleep", "activity"}
        assert 0 <= wording.priority <= 3
        assert wording.window in {"morning", "midday", "evening", "any"}


BODIES: list[tuple[str, dict[str, float], str]] = [
    (
        "body_alert",
        {"anomaly_d": 4.2, "resting_hr_bpm": 61.4, "body_alert": 3.0},
        (
            "Two nights in a row differed clearly from your usual nights. "
            "Resting heart rate 61 bpm. This is no diagnosis."
        ),
    ),
    ("low_recovery", {"recovery": 8.4}, "Recovery is 8 % this morning."),
    ("steps_goal_reached", {"steps": 8123.0, "goal": 8000.0}, "8123 steps, with a goal of 8000."),
    (
        "strain_goal_reached",
        {"strain": 12.34, "goal": 12.0},
        "Strain 12.3, with a target from 12.0 on.",
    ),
    (
        "workout_ended",
        {"duration_min": 65.2, "strain": 9.51, "avg_bpm": 140.4},
        "A workout of 1 h 5 min was found. Strain 9.5. Heart rate 140 bpm on average.",
    ),
    (
        "bedtime_near",
        {"bedtime": NOON + 10.5 * 3600, "sleep_need_min": 480.0, "sleep_debt_min": 4.0},
        "Bedtime is at 22:30. You need 8 h 0 min of sleep.",
    ),
    (
        "bedtime_near",
        {"bedtime": NOON + 10.5 * 3600, "sleep_debt_min": 75.0},
        "Bedtime is at 22:30. 1 h 15 min are missing from the last nights.",
    ),
    (
        "week_over",
        {"recovery": 60.2, "recovery_change": 3.0, "workouts": 2.0},
        "Recovery 60 % on average. Workouts: 2.",
    ),
]


@pytest.mark.parametrize(("code", "values", "body"), BODIES)
def test_words(code: str, values: dict[str, float], body: str) -> None:
    """What is not known is left out."""
    assert body_of(WORDINGS[code], values, BERLIN) == body
