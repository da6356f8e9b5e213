"""Triggers on what changes, in automations that run."""

from datetime import date, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.happenings import Happening, HappeningKind
from custom_components.openstrap.strap_view import LinkPhase

from .automations import trigger_on
from .fake_link import FakeLink
from .frames import inners, minute
from .made_days import at, night_of

pytestmark = pytest.mark.full

DAY = date(2026, 1, 15)


@pytest.fixture(autouse=True)
async def morning(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Hold the time, and live by UTC."""
    await hass.config.async_update(time_zone="UTC")
    freezer.move_to("2026-01-15T08:00:00Z")


def now() -> float:
    """Tell the time, epoch s."""
    return dt_util.utcnow().timestamp()


def tell(entry: MockConfigEntry, kind: HappeningKind, age_min: float = 0.0, **data: Any) -> None:
    """Let something happen to a wearer."""
    entry.runtime_data.happenings.async_tell(Happening(kind, now() - 60 * age_min, data=data))


async def show(entry: MockConfigEntry, recovery: float | None, **values: float) -> None:
    """Let the wearer's day be worked out: today's recovery stands there, without being told."""
    row = night_of(DAY, values if recovery is None else values | {"recovery": recovery})
    coordinator: OpenStrapCoordinator = entry.runtime_data
    await coordinator.worker.async_run(lambda store: store.save_day(row))
    await coordinator.async_load()


async def ready(entry: MockConfigEntry, recovery: int, band: str, age_min: float = 30) -> None:
    """Let the recovery of today be worked out, and told."""
    await show(entry, recovery)
    tell(
        entry,
        HappeningKind.RECOVERY_READY,
        age_min,
        day=DAY.isoformat(),
        recovery=recovery,
        band=band,
        confidence=0.9,
    )


@pytest.mark.parametrize(
    ("name", "options", "met", "not_met"),
    [
        ("recovery_below", {"percent": 34}, (33, "red"), (34, "yellow")),
        ("recovery_above", {"percent": 66}, (67, "green"), (66, "yellow")),
        ("recovery_band", {"band": "yellow"}, (34, "yellow"), (33, "red")),
    ],
)
async def test_the_side_of_a_recovery(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    name: str,
    *,
    options: dict[str, Any],
    met: tuple[int, str],
    not_met: tuple[int, str],
) -> None:
    """When it is ready; once a day, whatever becomes of it."""
    runs = await trigger_on(home, loaded, name, **options)
    await ready(loaded, *met)
    [run] = await runs.told()
    assert (run["recovery"], run["band"], run["corrected"]) == (*met, False)
    assert run["day"] == "2026-01-15"
    await show(loaded, not_met[0])
    await show(loaded, met[0])
    await ready(loaded, *met)
    assert await runs.told() == []


async def test_the_other_side_is_no_reason(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Until it is corrected on the same day: then once."""
    runs = await trigger_on(home, loaded, "recovery_below", percent=34)
    await ready(loaded, 34, "yellow")
    await show(loaded, 40.0)
    assert await runs.told() == []
    await show(loaded, 31.2)
    [run] = await runs.told()
    assert (run["recovery"], run["band"], run["corrected"]) == (31, "red", True)
    assert run["confidence"] == 0.9
    await show(loaded, 40.0)
    await show(loaded, 31.2)
    assert await runs.told() == []


async def test_a_recovery_that_is_not_ready_is_no_reason(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A sweep in the middle of the night already has one, which changes with every record."""
    runs = await trigger_on(home, loaded, "recovery_below", percent=34)
    await show(loaded, 40.0)
    await show(loaded, 20.0)
    assert await runs.told() == []
    await ready(loaded, 25, "red")
    assert len(await runs.told()) == 1


async def test_a_restart_in_the_night_loses_no_morning(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """What stood there then was not ready."""
    await show(loaded, 20.0)
    runs = await trigger_on(home, loaded, "recovery_below", percent=34)
    await show(loaded, 25.0)
    assert await runs.told() == []
    await ready(loaded, 25, "red")
    assert len(await runs.told()) == 1


async def test_a_recovery_that_came_too_late(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """It says nothing of what is left of the day."""
    runs = await trigger_on(home, loaded, "recovery_below", percent=34, max_age=60)
    await ready(loaded, 20, "red", age_min=61)
    assert await runs.told() == []


async def test_what_is_so_already_triggers_nothing(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Neither a new automation nor a restart tells the morning's recovery again."""
    await ready(loaded, 20, "red")
    runs = await trigger_on(home, loaded, "recovery_below", percent=34)
    await home.config_entries.async_reload(loaded.entry_id)
    await home.async_block_till_done()
    await show(loaded, 40.0)
    await show(loaded, 20.0)
    assert await runs.told() == []
    freezer.move_to("2026-01-16T08:00:00Z")
    tell(
        loaded,
        HappeningKind.RECOVERY_READY,
        day="2026-01-16",
        recovery=20,
        band="red",
        confidence=1,
    )
    assert len(await runs.told()) == 1, "the next day is another"


async def test_worn_and_not_worn(
    home: HomeAssistant, banded: MockConfigEntry, link: FakeLink
) -> None:
    """By the band; what it tells first is taken as given, and out of reach nothing changes."""
    runs = await trigger_on(home, banded, "not_worn")
    link.show(phase=LinkPhase.LISTENING, worn=True)
    link.show(worn=False)
    [run] = await runs.told()
    assert run["worn"] is False
    assert run["wearer"] == "Ada"
    link.show(battery_percent=50.0)
    link.show(worn=True)
    assert await runs.told() == []
    link.show(phase=LinkPhase.AWAY)
    link.show(worn=False)
    assert await runs.told() == []
    link.show(phase=LinkPhase.WAITING)
    assert len(await runs.told()) == 1, "it was taken off while it was out of reach"


async def test_the_band_of_another(
    home: HomeAssistant, banded: MockConfigEntry, link: FakeLink, loaded: MockConfigEntry
) -> None:
    """Who has none puts none on; and another's is another's."""
    runs = await trigger_on(home, loaded, "worn")
    link.show(phase=LinkPhase.LISTENING, worn=False)
    link.show(worn=True)
    assert await runs.told() == []


async def test_put_on(home: HomeAssistant, banded: MockConfigEntry, link: FakeLink) -> None:
    """The other way."""
    link.show(phase=LinkPhase.LISTENING, worn=False)
    runs = await trigger_on(home, banded, "worn")
    link.show(worn=True)
    [run] = await runs.told()
    assert run["worn"] is True
    link.show(worn=False)
    assert await runs.told() == []


async def pass_time(home: HomeAssistant, freezer: FrozenDateTimeFactory, **time: float) -> None:
    """Let time go by."""
    freezer.tick(timedelta(**time))
    async_fire_time_changed(home)
    await home.async_block_till_done()


async def test_data_stale(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Once, at its time, until something newer comes."""
    runs = await trigger_on(home, loaded, "data_stale", hours=3)
    await pass_time(home, freezer, hours=4)
    assert await runs.told() == [], "nothing ever came, nothing is out of date"
    await coordinator.async_ingest(inners(minute(int(now()) - 60)))
    await pass_time(home, freezer, seconds=10)
    newest = coordinator.data.latest.record_ts
    assert newest is not None
    await pass_time(home, freezer, hours=2, minutes=58)
    assert await runs.told() == []
    await pass_time(home, freezer, minutes=3)
    [run] = await runs.told()
    assert run["hours"] == 3.0
    assert run["last_record"] == dt_util.utc_from_timestamp(newest).isoformat()
    await pass_time(home, freezer, hours=9)
    assert await runs.told() == []
    await coordinator.async_ingest(inners(minute(int(now()) - 60)))
    await pass_time(home, freezer, seconds=10)
    assert await runs.told() == []
    await pass_time(home, freezer, hours=3, minutes=1)
    assert len(await runs.told()) == 1


async def test_an_automation_that_is_off_watches_nothing(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Its clock stands still, too."""
    await coordinator.async_ingest(inners(minute(int(now()) - 60)))
    await pass_time(home, freezer, seconds=10)
    runs = await trigger_on(home, loaded, "data_stale", hours=3)
    await home.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.test"}, blocking=True
    )
    await pass_time(home, freezer, hours=4)
    assert await runs.told() == []


async def test_data_that_are_stale_already(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A restart tells nothing of it."""
    await coordinator.async_ingest(inners(minute(int(now()) - 60)))
    await pass_time(home, freezer, seconds=10)
    await pass_time(home, freezer, hours=13)
    runs = await trigger_on(home, loaded, "data_stale")
    await home.config_entries.async_reload(loaded.entry_id)
    await pass_time(home, freezer, hours=1)
    assert await runs.told() == []


async def test_battery_low_before_bed(
    home: HomeAssistant, banded: MockConfigEntry, link: FakeLink, freezer: FrozenDateTimeFactory
) -> None:
    """At its time before bed, and only of a band that is low and not on its charger."""
    await show(banded, 60.0, bedtime=at(DAY, 22, 30))
    link.show(phase=LinkPhase.WAITING, battery_percent=29.0, charging=False)
    runs = await trigger_on(home, banded, "battery_low_before_bed")
    freezer.move_to("2026-01-15T21:29:00Z")
    await pass_time(home, freezer, seconds=1)
    assert await runs.told() == []
    await pass_time(home, freezer, minutes=1)
    [run] = await runs.told()
    assert run["battery"] == 29.0
    assert run["bedtime"] == "2026-01-15T22:30:00+00:00"
    link.show(charging=True)
    link.show(charging=False)
    assert await runs.told() == [], "once an evening"


@pytest.mark.parametrize(
    ("shown", "then", "fires"),
    [
        ({"battery_percent": 29.0, "charging": True}, {}, 0),
        ({"battery_percent": 30.0, "charging": False}, {}, 0),
        ({"charging": False}, {}, 0),
        ({"battery_percent": 31.0, "charging": False}, {"battery_percent": 29.0}, 1),
        ({"battery_percent": 29.0, "charging": True}, {"charging": False}, 1),
    ],
)
async def test_battery_within_the_hour_before_bed(
    home: HomeAssistant,
    banded: MockConfigEntry,
    link: FakeLink,
    freezer: FrozenDateTimeFactory,
    *,
    shown: dict[str, Any],
    then: dict[str, Any],
    fires: int,
) -> None:
    """It may become low, or leave its charger, only then."""
    await show(banded, 60.0, bedtime=at(DAY + timedelta(days=1), 0, 30))
    link.show(phase=LinkPhase.WAITING, **shown)
    runs = await trigger_on(home, banded, "battery_low_before_bed", before={"minutes": 45})
    freezer.move_to("2026-01-15T23:50:00Z")
    await pass_time(home, freezer, seconds=1)
    link.show(**then)
    assert len(await runs.told()) == fires
    freezer.move_to("2026-01-16T00:31:00Z")
    await pass_time(home, freezer, seconds=1)
    link.show(battery_percent=5.0, charging=False)
    assert await runs.told() == [], "the night has begun"


async def test_without_a_bedtime_there_is_no_evening(
    home: HomeAssistant, banded: MockConfigEntry, link: FakeLink, freezer: FrozenDateTimeFactory
) -> None:
    """It becomes known with the days."""
    link.show(phase=LinkPhase.WAITING, battery_percent=5.0, charging=False)
    runs = await trigger_on(home, banded, "battery_low_before_bed", percent=10)
    freezer.move_to("2026-01-15T22:00:00Z")
    await pass_time(home, freezer, seconds=1)
    assert await runs.told() == []
    await show(banded, 60.0, bedtime=at(DAY, 22, 30))
    assert len(await runs.told()) == 1
