"""When the finder looks: at planned times, one look at a time, again after a failure, and no more once it is stopped."""

from collections.abc import Callable
import threading
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import happening_finder
from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.happening_finder import HappeningFinder
from custom_components.openstrap.happening_search import Search, search
from custom_components.openstrap.happenings import Happening
from custom_components.openstrap.store import StoreError, WearerStore

from ..made_days import at, night_of
from .looks import DAY, keep, kinds, look, pass_time, settle

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("morning")]


@pytest.mark.usefixtures("still")
async def test_a_bedtime_nudge_comes_at_its_time(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Without any new data; and no more after the wearer was stopped."""
    await keep(coordinator, night_of(DAY, {"bedtime": at(DAY, 23)}), reach_ts=at(DAY, 9))
    stop = HappeningFinder(home, coordinator).async_start()
    await settle(home)
    heard.clear()
    freezer.move_to("2026-01-15T22:29:00Z")
    await pass_time(home, freezer, seconds=1)
    assert heard == []
    await pass_time(home, freezer, minutes=1)
    assert kinds(heard) == ["bedtime_near"]
    assert not heard[0].late
    stop()


@pytest.mark.usefixtures("still")
async def test_a_stopped_finder_plans_nothing(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nor does it look again."""
    await keep(coordinator, night_of(DAY, {"bedtime": at(DAY, 23)}), reach_ts=at(DAY, 9))
    finder = HappeningFinder(home, coordinator)
    stop = finder.async_start()
    await settle(home)
    stop()
    # Also of the one that belongs to the wearer: it heard that somebody woke up.
    await home.config_entries.async_unload(loaded.entry_id)
    heard.clear()
    freezer.move_to("2026-01-15T22:29:59Z")
    with patch.object(happening_finder, "search", wraps=search) as searched:
        finder.async_look()
        await pass_time(home, freezer, seconds=2)
    assert not searched.called
    assert heard == []


@pytest.mark.usefixtures("still")
async def test_looks_do_not_overlap(home: HomeAssistant, coordinator: OpenStrapCoordinator) -> None:
    """However often one is asked for while one runs, there is one more."""
    go_on, searches = threading.Event(), []

    def slow(store: WearerStore, **given: Any) -> Search:
        searches.append(given["now"])
        assert go_on.wait(5)
        return search(store, **given)

    with patch.object(happening_finder, "search", slow):
        finder = HappeningFinder(home, coordinator)
        stop = finder.async_start()
        for _ in range(5):
            finder.async_look()
        go_on.set()
        await settle(home)
        assert len(searches) == 2
        finder.async_look()
        await settle(home)
        assert len(searches) == 3
    stop()


@pytest.mark.usefixtures("still")
async def test_a_failure_is_told_and_made_up_for(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The next analysis looks again."""
    await keep(coordinator, night_of(DAY), reach_ts=at(DAY, 9))

    def fail(*_: object, **__: object) -> None:
        raise StoreError("disk_full")

    with patch.object(happening_finder, "search", fail):
        await look(home, coordinator)
    assert "could not be found" in caplog.text
    assert heard == []
    await look(home, coordinator)
    assert "woke_up" in kinds(heard)


async def test_going_down_is_no_failure(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What was not told yet is told when the wearer comes up."""
    finder = HappeningFinder(home, coordinator)
    stop: Callable[[], None] = finder.async_start()
    await home.config_entries.async_unload(loaded.entry_id)
    finder.async_look()
    await settle(home)
    stop()
    assert "could not be found" not in caplog.text
