"""Nudges that are read on one side and shown as read on the other."""

from datetime import timedelta
from typing import Any

from homeassistant.exceptions import Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.openstrap.store import Notice, WearerStore

from .both_sides import NOON, TODAY, BothSides

pytestmark = pytest.mark.full

YESTERDAY = TODAY - timedelta(days=1)
TOLD = (
    Notice(YESTERDAY, "low_recovery", 2, NOON - 86400.0, {"recovery": 9.0}),
    Notice(TODAY, "low_recovery", 2, NOON - 7200.0, {"recovery": 8.0}),
    Notice(TODAY, "recovery_ready", 1, NOON - 3600.0, {"recovery": 8.0}),
)


@pytest.fixture
async def told(sides: BothSides) -> BothSides:
    """Have three nudges told, and what a later version tells: it has no words here."""
    later = Notice(TODAY, "of_tomorrow", 1, NOON - 60.0), Notice(TODAY, "week_over", 9, NOON - 50.0)
    for one in (*TOLD, *later):
        key = f"{one.day}:{one.code}"
        assert await sides.run(WearerStore.claim_nudge, [key], TODAY, one)
    return sides


async def unread(sides: BothSides) -> list[tuple[str, str]]:
    """Give the day and kind of those which the phone shows as unread."""
    rows = (await sides.get("notifications"))["notifications"]
    return [(row["date"], row["kind"]) for row in rows if not row["read"] and row["kind"] != "week"]


async def read_here(sides: BothSides) -> dict[tuple[str, str], Any]:
    """Give when each was read, as Home Assistant answers it."""
    found = (await sides.ask("get_notifications"))["notifications"]
    return {(one["day"], one["code"]): one["read_ts"] for one in found}


async def test_what_was_told(told: BothSides) -> None:
    """Newest first, in the words of the event, with its times."""
    found = await told.ask("get_notifications")
    assert found["unread"] == 3
    assert [(one["day"], one["code"]) for one in found["notifications"]] == [
        ("2026-06-10", "recovery_ready"),
        ("2026-06-10", "low_recovery"),
        ("2026-06-09", "low_recovery"),
    ]
    assert found["notifications"][1] == {
        "code": "low_recovery",
        "severity": "warning",
        "day": "2026-06-10",
        "values": {"recovery": 8.0},
        "told": "2026-06-10T10:00:00+02:00",
        "told_ts": NOON - 7200.0,
        "read": None,
        "read_ts": None,
    }


async def test_read_on_the_phone(told: BothSides) -> None:
    """Home Assistant knows, and when."""
    await told.post("notifications/read", {"ids": ["2026-06-10:morning_readiness"]})
    read = await read_here(told)
    assert read == {
        ("2026-06-10", "recovery_ready"): NOON,
        ("2026-06-10", "low_recovery"): None,
        ("2026-06-09", "low_recovery"): None,
    }
    assert (await told.ask("get_notifications"))["unread"] == 2
    await told.post("notifications/read")
    assert (await told.ask("dismiss_notifications")) == {"unread": 0, "dismissed": []}
    assert None not in (await read_here(told)).values()


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ({}, []),
        ({"code": "low_recovery"}, [("2026-06-10", "morning_readiness")]),
        ({"date": "2026-06-10"}, [("2026-06-09", "low_recovery")]),
        (
            {"code": "low_recovery", "date": "2026-06-10"},
            [("2026-06-10", "morning_readiness"), ("2026-06-09", "low_recovery")],
        ),
        (
            {"code": "body_alert"},
            [
                ("2026-06-10", "low_recovery"),
                ("2026-06-09", "low_recovery"),
                ("2026-06-10", "morning_readiness"),
            ],
        ),
    ],
)
async def test_dismissed_in_home_assistant(
    told: BothSides, chosen: dict[str, str], left: list[tuple[str, str]]
) -> None:
    """It is read on the phone: all, those of a code, of a day, or one; what was read stays so."""
    answer = await told.ask("dismiss_notifications", **chosen)
    assert (answer["unread"], len(answer["dismissed"])) == (len(left), 3 - len(left))
    assert all(one["read_ts"] == NOON for one in answer["dismissed"])
    assert sorted(await unread(told)) == sorted(left)
    await told.pass_time(60)
    await told.ask("dismiss_notifications")
    read = await read_here(told)
    assert all(read[one["day"], one["code"]] == NOON for one in answer["dismissed"])
    assert await unread(told) == []


async def test_who_may(told: BothSides) -> None:
    """As for every other action; mistakes are told by name."""
    guest = MockUser(name="Guest").add_to_hass(told.hass)
    for action in ("get_notifications", "dismiss_notifications"):
        with pytest.raises(Unauthorized):
            await told.ask(action, user=guest.id)
    refused = await told.ask.refused("dismiss_notifications", date="today")
    assert refused == ("not_a_date", {"field": "date", "value": "today"})
    assert len(await unread(told)) == 3


async def test_none_were_told(sides: BothSides) -> None:
    """Nothing is nothing."""
    assert await sides.ask("get_notifications") == {"unread": 0, "notifications": []}
    assert await sides.ask("dismiss_notifications") == {"unread": 0, "dismissed": []}
