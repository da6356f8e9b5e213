"""What the night makes up for, closes and tidies."""

from datetime import datetime, timedelta
from unittest.mock import MagicMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.openstrap import analysis
from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.store import WearerStore

from ..frames import inners, minute, night
from .sweeps import BERLIN, THURSDAY, WEDNESDAY, days_of, pass_time, rows


@pytest.mark.full
async def test_the_backstop_closes_yesterday_and_tidies(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    computed: MagicMock,
) -> None:
    """At 03:30 local a finished day becomes final; old frames go once their days are final."""
    await coordinator.async_ingest(night(THURSDAY))
    await coordinator.sweeper.async_sweep()
    computed.reset_mock()
    freezer.move_to("2026-01-16T03:29:50Z")
    await home.async_block_till_done()
    await pass_time(home, freezer, seconds=11)
    assert {row.final for row in (await rows(coordinator)).values()} == {True}
    assert not computed.called, "closing a day needs no computing"
    hrv = home.states.get("sensor.ada_nightly_hrv")
    assert hrv is not None
    assert hrv.attributes["final"]

    before = await coordinator.worker.async_run(WearerStore.stats)
    assert before["frames"] == len(night(THURSDAY))
    freezer.tick(timedelta(days=40))
    # A newer record, for nothing of the hour of the newest reading is let go.
    now = int(dt_util.utcnow().timestamp())
    await coordinator.async_ingest(inners(minute(now - 60)))
    await coordinator.sweeper.async_backstop()
    after = await coordinator.worker.async_run(WearerStore.stats)
    assert after["frames"] == 60
    assert home.states.get("sensor.ada_nightly_hrv").state == hrv.state  # type: ignore[union-attr]


@pytest.mark.full
async def test_a_missed_backstop_is_made_up_for(
    home: HomeAssistant, coordinator: OpenStrapCoordinator, freezer: FrozenDateTimeFactory
) -> None:
    """A machine that sleeps at night closes its days at the next half hour."""
    await coordinator.async_ingest(night(THURSDAY))
    await coordinator.sweeper.async_sweep()
    freezer.move_to("2026-01-17T12:00:00Z")
    await pass_time(home, freezer, minutes=31)
    assert {row.final for row in (await rows(coordinator)).values()} == {True}


async def test_the_backstop_follows_the_time_zone(
    home: HomeAssistant, coordinator: OpenStrapCoordinator, freezer: FrozenDateTimeFactory
) -> None:
    """After a move 03:30 is elsewhere; it fires there and not at the old place."""
    await home.config.async_update(time_zone="America/New_York")
    await home.async_block_till_done(wait_background_tasks=True)
    await home.config.async_update(time_zone=BERLIN)
    await home.async_block_till_done(wait_background_tasks=True)
    with patch.object(coordinator.sweeper, "async_backstop") as backstop:
        freezer.move_to("2026-01-16T02:29:59Z")
        async_fire_time_changed(home)
        await home.async_block_till_done(wait_background_tasks=True)
        before = backstop.call_count
        await pass_time(home, freezer, seconds=2)  # 03:30 in Berlin
        assert backstop.call_count == before + 1
        freezer.move_to("2026-01-16T08:29:59Z")
        async_fire_time_changed(home)
        await home.async_block_till_done(wait_background_tasks=True)
        at_half_past_eight = backstop.call_count
        await pass_time(home, freezer, seconds=2)  # 03:30 in New York
        assert backstop.call_count == at_half_past_eight


@pytest.mark.full
async def test_a_new_algorithm_computes_old_days_again_once(
    coordinator: OpenStrapCoordinator, freezer: FrozenDateTimeFactory, computed: MagicMock
) -> None:
    """As far as the frames go back; a day whose frames were let go stays as it is."""
    await coordinator.async_ingest(night(THURSDAY))
    await coordinator.sweeper.async_sweep()
    await coordinator.sweeper.async_backstop()
    computed.reset_mock()
    with (
        patch.object(analysis, "ALGORITHM_VERSION", 99),
        patch("custom_components.openstrap.engine.day.ALGORITHM_VERSION", 99),
    ):
        await coordinator.sweeper.async_backstop()
        assert days_of(computed) == [THURSDAY, WEDNESDAY]
        assert {row.algorithm for row in (await rows(coordinator)).values()} == {99}
        await coordinator.sweeper.async_backstop()
        assert len(days_of(computed)) == 2
        freezer.tick(timedelta(days=40))
        await coordinator.async_ingest(inners(minute(int(dt_util.utcnow().timestamp()) - 60)))
        await coordinator.sweeper.async_backstop()
    computed.reset_mock()
    with patch.object(analysis, "ALGORITHM_VERSION", 100):
        await coordinator.sweeper.async_backstop()
    assert THURSDAY not in days_of(computed)
    assert (await rows(coordinator))[THURSDAY].algorithm == 99


@pytest.mark.full
@pytest.mark.parametrize(
    ("zone", "due"),
    [
        # Clocks go forward at two and at one: the backstop comes by the new time.
        (BERLIN, "2026-03-29T01:30:01Z"),
        # They go back at three: half past three comes once.
        (BERLIN, "2026-10-25T02:30:01Z"),
        ("Australia/Lord_Howe", "2026-04-04T17:00:01Z"),
    ],
)
async def test_the_backstop_comes_once_on_days_of_other_lengths(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    zone: str,
    due: str,
) -> None:
    """At 03:30 by the clock on the wall."""
    at = datetime.fromisoformat(due)
    freezer.move_to(at - timedelta(seconds=11))
    await home.config.async_update(time_zone=zone)
    await home.async_block_till_done(wait_background_tasks=True)
    with patch.object(coordinator.sweeper, "async_backstop") as backstop:
        async_fire_time_changed(home)
        await home.async_block_till_done(wait_background_tasks=True)
        called = backstop.call_count
        freezer.move_to(at)
        async_fire_time_changed(home)
        await home.async_block_till_done(wait_background_tasks=True)
        assert backstop.call_count == called + 1
