"""Telling what happened, once."""

from datetime import timedelta
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.happenings import (
    LATE_S,
    TOLD_WITHIN_S,
    Happening,
    HappeningKind,
    moment,
)
from custom_components.openstrap.store import StoreError, WearerStore

KEY = "2026-01-15:woke_up"


@pytest.fixture(autouse=True)
def now(freezer: FrozenDateTimeFactory) -> float:
    """Hold the time; epoch s."""
    freezer.move_to("2026-01-15T08:00:00Z")
    return dt_util.utcnow().timestamp()


def woke_up(ts: float, **data: object) -> Happening:
    """Let somebody wake up."""
    return Happening(HappeningKind.WOKE_UP, ts, data=data)


def test_as_automations_see_it(now: float) -> None:
    """The data with the time and whether it is late, in plain types."""
    assert woke_up(now - 60.5, day="2026-01-15").to_dict() == {
        "day": "2026-01-15",
        "happened_at": "2026-01-15T07:58:59.500000+00:00",
        "late": False,
    }
    assert moment(now) == "2026-01-15T08:00:00+00:00"


async def test_whoever_listens_is_told(
    coordinator: OpenStrapCoordinator, heard: list[Happening], now: float
) -> None:
    """In order, until they stop; one who stops while told keeps no other from it."""
    others: list[Happening] = []
    stops: list[CALLBACK_TYPE] = []

    @callback
    def once(happening: Happening) -> None:
        others.append(happening)
        stops[0]()

    stops.append(coordinator.happenings.async_listen(once))
    last: list[Happening] = []
    coordinator.happenings.async_listen(last.append)
    coordinator.happenings.async_tell(woke_up(now))
    coordinator.happenings.async_tell(woke_up(now + 1))
    stops[0]()
    assert [one.ts for one in heard] == [one.ts for one in last] == [now, now + 1]
    assert [one.ts for one in others] == [now]


async def test_told_once_also_over_a_restart(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    now: float,
) -> None:
    """The first who has the key tells; whoever comes later, and however it is told, does not."""
    assert await coordinator.happenings.async_tell_once(KEY, woke_up(now))
    assert not await coordinator.happenings.async_tell_once(KEY, woke_up(now - 300))
    assert await coordinator.happenings.async_tell_once("2026-01-15:fell_asleep", woke_up(now))
    assert len(heard) == 2
    await home.config_entries.async_reload(loaded.entry_id)
    await home.async_block_till_done()
    again: list[Happening] = []
    loaded.runtime_data.happenings.async_listen(again.append)
    assert not await loaded.runtime_data.happenings.async_tell_once(KEY, woke_up(now))
    assert not again


async def test_keys_that_go_with_it_are_used_up(
    coordinator: OpenStrapCoordinator, heard: list[Happening], now: float
) -> None:
    """But do not decide."""
    tell = coordinator.happenings.async_tell_once
    assert await tell("2026-01-15:b", woke_up(now))
    assert await tell("2026-01-15:a", woke_up(now), also=["2026-01-15:b", "2026-01-15:c"])
    assert not await tell("2026-01-15:c", woke_up(now))
    assert len(heard) == 2


@pytest.mark.full
@pytest.mark.parametrize(
    ("age_s", "told", "late"),
    [
        (-60.0, True, False),
        (0.0, True, False),
        (LATE_S, True, False),
        (LATE_S + 1, True, True),
        (TOLD_WITHIN_S, True, True),
        (TOLD_WITHIN_S + 1, False, None),
    ],
)
async def test_late_and_too_late(
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    now: float,
    age_s: float,
    *,
    told: bool,
    late: bool | None,
) -> None:
    """What is too late is told to nobody, and never again."""
    assert await coordinator.happenings.async_tell_once(KEY, woke_up(now - age_s)) == told
    assert [one.late for one in heard] == ([late] if told else [])
    assert [one.ts for one in heard] == ([now - age_s] if told else [])
    assert KEY in await coordinator.worker.async_run(WearerStore.fired_nudges)


async def test_of_a_day_that_is_forgotten_nothing_is_told(
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    now: float,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A phone brings day -9 again and again, whatever time it gives."""
    assert await coordinator.happenings.async_tell_once(KEY, woke_up(now))
    freezer.tick(timedelta(days=9))
    late = woke_up(dt_util.utcnow().timestamp())
    assert not await coordinator.happenings.async_tell_once(KEY, late)
    assert len(heard) == 1


async def test_what_cannot_be_noted_is_not_told(
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    now: float,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It would be told again and again; once the disk has room it is told."""
    with patch.object(WearerStore, "claim_nudge", side_effect=StoreError("disk_full")):
        assert not await coordinator.happenings.async_tell_once(KEY, woke_up(now))
    assert "could not be noted" in caplog.text
    assert not heard
    assert await coordinator.happenings.async_tell_once(KEY, woke_up(now))
    assert len(heard) == 1


async def test_while_going_down_nothing_is_told(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    now: float,
) -> None:
    """It is told when the wearer comes up again."""
    await home.config_entries.async_unload(loaded.entry_id)
    assert not await coordinator.happenings.async_tell_once(KEY, woke_up(now))
    assert not heard
