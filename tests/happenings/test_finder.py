"""Finding what happened after each analysis, and telling it once."""

from datetime import date, timedelta
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service
import yaml

from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.happening_finder import HappeningFinder
from custom_components.openstrap.happenings import Happening, HappeningKind
from custom_components.openstrap.store import DayRow, WearerStore

from ..conftest import ROOT
from ..frames import inners, minute, night
from ..made_days import at, made_day, night_of, workout
from .looks import DAY, keep, kinds, look, pass_time, settle

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("morning")]


async def test_a_night_from_a_phone_in_the_morning(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody watched it live: after the sweep it is told in order, with its own times, as late.

    The same frames again, a sweep over late ones, a restart and the backstop tell nothing more.
    """
    await coordinator.async_ingest(night(DAY))
    await pass_time(home, freezer, seconds=31)
    assert kinds(heard)[:2] == ["fell_asleep", "woke_up"]
    slept, woke = heard[:2]
    shown = {
        key: home.states.get(f"sensor.ada_{key}").state  # type: ignore[union-attr]
        for key in ("fell_asleep", "woke_up")
    }
    assert abs(slept.ts - dt_util.parse_datetime(shown["fell_asleep"]).timestamp()) < 1  # type: ignore[union-attr]
    assert abs(woke.ts - dt_util.parse_datetime(shown["woke_up"]).timestamp()) < 1  # type: ignore[union-attr]
    assert slept.late
    assert woke.late
    assert woke.data["provisional"] is True
    assert woke.data["sleep_min"] > 200
    assert woke.data["recovery"] is None, "one night is no baseline"
    event = home.states.get("event.ada_sleep")
    assert event is not None
    assert event.attributes["event_type"] == "woke_up"
    told = len(heard)

    await coordinator.async_ingest(night(DAY))
    await coordinator.async_ingest(inners(minute(int(at(DAY, 8, 58)))))
    await pass_time(home, freezer, seconds=31)
    assert len(heard) == told
    await home.config_entries.async_reload(loaded.entry_id)
    again: list[Happening] = []
    loaded.runtime_data.happenings.async_listen(again.append)
    await settle(home)
    freezer.move_to("2026-01-16T03:29:50Z")
    await pass_time(home, freezer, seconds=11)
    assert again == []


async def test_a_phone_that_brings_an_old_night(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Day -9 is computed, and told nothing of."""
    await coordinator.async_ingest(inners(minute(int(at(DAY, 8)))))
    await coordinator.async_ingest(night(DAY - timedelta(days=9)))
    await pass_time(home, freezer, seconds=31)
    rows = await coordinator.worker.async_run(WearerStore.latest_days, 100)
    assert DAY - timedelta(days=9) in {row.day for row in rows}
    assert heard == []


@pytest.mark.usefixtures("still")
async def test_all_of_a_day_in_order(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Of whatever kind: by its own time. Once."""
    freezer.move_to("2026-01-15T20:00:00Z")
    curve = {"start_ts": at(DAY, 0), "after_s": [0, 43200, 61200], "strain": [0.0, 8.0, 12.0]}
    row = night_of(
        DAY,
        {"recovery": 70.0, "strain": 12.0, "strain_target": 12.0},
        drivers={"strain_target": (("low", 10.0), ("high", 14.0))},
        details={
            "naps": [[at(DAY, 13), at(DAY, 13, 30), 1200.0, 0.6]],
            "trends": {
                "curve": curve,
                "records": [{"metric": "rmssd_ms", "day": DAY.isoformat(), "value": 91.0}],
                "workouts": [workout(at(DAY, 16), at(DAY, 17, 10))],
            },
        },
    )
    await keep(coordinator, row, reach_ts=at(DAY, 19, 59))
    await look(home, coordinator)
    assert kinds(heard) == [
        "fell_asleep",
        "woke_up",
        "recovery_ready",
        "new_record",
        "nap",
        "strain_target_reached",
        "workout_ended",
        "recovery_ready",
        "strain_goal_reached",
    ]
    assert [one.ts for one in heard] == sorted(one.ts for one in heard)
    await look(home, coordinator)
    assert len(heard) == 9


async def test_the_second_half_of_a_night_is_no_waking(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A band that was out of reach brings it, and Home Assistant restarts before it is analysed."""
    heard: list[Happening] = []
    coordinator: OpenStrapCoordinator = loaded.runtime_data
    coordinator.happenings.async_listen(heard.append)
    frames = night(DAY)
    half = len(frames) // 2
    await coordinator.async_ingest(frames[:half])
    await coordinator.sweeper.async_sweep()
    await settle(home)
    assert kinds(heard) == ["fell_asleep"]
    await coordinator.async_ingest(frames[half:])
    await home.config_entries.async_reload(loaded.entry_id)
    loaded.runtime_data.happenings.async_listen(heard.append)
    await settle(home)
    assert kinds(heard) == ["fell_asleep"]
    await pass_time(home, freezer, seconds=31)
    assert kinds(heard)[:2] == ["fell_asleep", "woke_up"]
    assert at(DAY, 6) < heard[1].ts < at(DAY, 7)


@pytest.mark.usefixtures("still")
async def test_a_week_is_told_once_and_an_automation_hears_it(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
    freezer: FrozenDateTimeFactory,
) -> None:
    """On Monday, not again after a restart; the page's example makes a message of it."""
    page = (ROOT / "docs" / "automations.md").read_text(encoding="utf-8")
    chapter = page.partition("\n## Nudges\n")[2].partition("\n## ")[0]
    example = chapter.partition("```yaml\n")[2].partition("```")[0].replace(".anna_", ".ada_")
    messages = async_mock_service(home, "notify", "send_message")
    automation = {"alias": "week", **yaml.safe_load(example)}
    assert await async_setup_component(home, "automation", {"automation": [automation]})
    monday = date(2026, 1, 19)
    days = [monday - timedelta(days=ago) for ago in range(1, 15)]
    rows = [made_day(day, {"recovery": 61.4, "sleep_min": 455.0}, final=True) for day in days]
    freezer.move_to("2026-01-19T09:00:00Z")
    await keep(coordinator, *rows, reach_ts=at(monday, 8))
    await look(home, coordinator)
    assert kinds(heard) == ["week_over"]
    await settle(home)
    [message] = messages
    assert message.data["message"] == "Your week: recovery 61.4, sleep 455.0 minutes a night"
    event = home.states.get("event.ada_nudge")
    assert event is not None
    assert event.attributes["values"] == {
        "recovery": 61.4,
        "recovery_change": 0.0,
        "sleep_min": 455.0,
        "sleep_min_change": 0.0,
    }
    await home.config_entries.async_reload(loaded.entry_id)
    await settle(home)
    await look(home, loaded.runtime_data)
    assert len(messages) == len(heard) == 1


@pytest.mark.usefixtures("still")
async def test_what_was_told_live_is_not_told_again(
    home: HomeAssistant, coordinator: OpenStrapCoordinator, heard: list[Happening]
) -> None:
    """And that somebody woke up makes their recovery ready, before an hour has passed."""
    await keep(coordinator, night_of(DAY), reach_ts=at(DAY, 7, 10))
    tell = coordinator.happenings.async_tell_once
    onset = Happening(HappeningKind.FELL_ASLEEP, at(DAY, 7) - 8 * 3600)
    assert await tell("2026-01-15:fell_asleep", onset)
    await look(home, coordinator)
    assert kinds(heard) == ["fell_asleep"]
    finder = HappeningFinder(home, coordinator)
    stop = finder.async_start()
    await settle(home)
    assert await tell("2026-01-15:woke_up", Happening(HappeningKind.WOKE_UP, at(DAY, 7)))
    await settle(home)
    stop()
    assert kinds(heard) == ["fell_asleep", "woke_up", "recovery_ready", "recovery_ready"]


@pytest.mark.usefixtures("still")
async def test_a_workout_that_moved(
    home: HomeAssistant, coordinator: OpenStrapCoordinator, heard: list[Happening]
) -> None:
    """Is the same one, also after the wearer comes up again."""

    def of(*spans: tuple[float, float]) -> DayRow:
        return night_of(DAY, {}, details={"trends": {"workouts": [workout(*one) for one in spans]}})

    await keep(coordinator, of((at(DAY, 8), at(DAY, 8, 40))), reach_ts=at(DAY, 8, 59))
    await look(home, coordinator)
    assert kinds(heard)[-1] == "workout_ended"
    told = len(heard)
    await keep(coordinator, of((at(DAY, 7, 55), at(DAY, 8, 44))), reach_ts=at(DAY, 9))
    await look(home, coordinator)
    assert len(heard) == told


@pytest.mark.usefixtures("still")
async def test_the_step_goal_is_the_wearers(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    heard: list[Happening],
) -> None:
    """It may change at any time."""
    await keep(coordinator, night_of(DAY, {"steps": 8000.0}), reach_ts=at(DAY, 9))
    await look(home, coordinator)
    assert "steps_goal_reached" not in kinds(heard)
    with patch("homeassistant.config_entries.ConfigEntries.async_schedule_reload"):
        home.config_entries.async_update_entry(
            loaded, options=dict(loaded.options) | {"step_goal": 8000}
        )
        await look(home, coordinator)
    assert "steps_goal_reached" in kinds(heard)
