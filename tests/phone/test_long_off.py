"""A wearer who has put the band away: nothing of then is told as of now, over real HTTP."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from custom_components.openstrap.engine.day_result import DayResult

from ..stored_days import made_day, made_days, values_of
from .both_sides import TODAY
from .reads import Get, Keep

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("noon")]

type Leave = Callable[[int], Awaitable[None]]


def standing_out(day: date) -> DayResult:
    """Make a day on which the body stood out, in the middle of streaks."""
    beside = {"body_alert": 2.0, "fitness_trend": 1.0, "sleep_streak_days": 5.0}
    return made_day(day, values_of(day) | beside)


@pytest.fixture
def leave(keep: Keep) -> Leave:
    """Keep a week of days that ended so many days ago."""

    async def store(ago: int) -> None:
        last = TODAY - timedelta(days=ago)
        await keep([*made_days(last - timedelta(days=1), 6), standing_out(last)])

    return store


async def streaks(get: Get) -> dict[str, Any]:
    """Give how long each has gone on."""
    found = (await get("/records"))["streaks"]
    return {name: streak["current"] for name, streak in found.items()}


@pytest.mark.parametrize("ago", [0, 1])
async def test_a_streak_goes_on_while_no_whole_day_is_missed(
    get: Get, leave: Leave, ago: int
) -> None:
    """Today may still come."""
    await leave(ago)
    assert await streaks(get) == {"wear": 3, "sleep": 5, "strain_target": 0}


@pytest.mark.parametrize("ago", [2, 40, 90])
async def test_a_streak_ends_with_a_day_that_is_missed(get: Get, leave: Leave, ago: int) -> None:
    """Though the newest day that there is was in the middle of one."""
    await leave(ago)
    assert await streaks(get) == {"wear": 0, "sleep": 0, "strain_target": 0}


async def test_without_any_day_there_is_no_streak(get: Get) -> None:
    """Of a length of 0, which an app can draw."""
    assert await streaks(get) == {"wear": 0, "sleep": 0, "strain_target": 0}


async def test_an_alert_of_the_last_days_is_told(get: Get, leave: Leave) -> None:
    """Also before today is worked out."""
    await leave(2)
    fresh = await get("/trends", days=90)
    assert fresh["anomaly"]["signal"] and fresh["fitness_direction"] == "improving"


async def test_an_alert_of_last_week_is_no_news(get: Get, leave: Leave) -> None:
    """The list of days has it still; what holds now is not known."""
    await leave(7)
    old = await get("/trends", days=90)
    assert old["anomaly"] == {"signal": False, "message": ""}
    assert old["fitness_direction"] is None
    assert old["baseline"] is not None
    assert old["daily"][-1]["anomaly"]["signal"] is True
