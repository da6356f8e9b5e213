"""The pictures of a wearer in Home Assistant."""

from collections.abc import Mapping
from datetime import date, timedelta
from http import HTTPStatus
import threading
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.image import async_get_image
from homeassistant.components.image.const import DATA_COMPONENT
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.restore_state import STORAGE_KEY
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_restore_state_shutdown_restart,
    mock_restore_cache_with_extra_data,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.openstrap.image import DRAWINGS, IMAGES, OpenStrapImage
from custom_components.openstrap.store import DayRow, StoreError, WearerStore
from custom_components.openstrap.store.days import Stamp

from .frames import inners, minute, night
from .pictures.made import metrics_of, sound, usual_night

pytestmark = pytest.mark.full

THURSDAY = date(2026, 1, 15)
SLEEP = "image.ada_sleep_picture"
MONTH = "image.ada_month_picture"


@pytest.fixture(autouse=True)
async def afternoon(home: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Hold the time on the day whose night is used."""
    freezer.move_to("2026-01-15T15:00:00Z")
    await home.config.async_update(time_zone="UTC")


@pytest.fixture
async def slept(home: HomeAssistant, loaded: MockConfigEntry) -> MockConfigEntry:
    """Give a wearer whose night was computed."""
    await loaded.runtime_data.async_ingest(night(THURSDAY))
    await loaded.runtime_data.sweeper.async_sweep()
    await home.async_block_till_done()
    return loaded


async def content(home: HomeAssistant, entity_id: str) -> str:
    """Give a picture's text."""
    found = await async_get_image(home, entity_id)
    assert found.content_type == "image/svg+xml"
    return found.content.decode()


def state_of(home: HomeAssistant, entity_id: str) -> State:
    """Give the state of a picture."""
    state = home.states.get(entity_id)
    assert state is not None
    return state


def entity_of(home: HomeAssistant, entity_id: str) -> OpenStrapImage:
    """Give the entity itself."""
    entity = home.data[DATA_COMPONENT].get_entity(entity_id)
    assert isinstance(entity, OpenStrapImage)
    return entity


def day_row(day: date, **values: float) -> DayRow:
    """Make a stored result with these values."""
    made = usual_night()
    result = type(made)(day, "UTC", 1, metrics_of(values))
    return DayRow(day, "UTC", 1, final=True, records=1, result=result.to_dict())


async def test_four_pictures_and_others_that_are_off(
    home: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Each with an id of the wearer's own."""
    entries = [
        entry
        for entry in er.async_entries_for_config_entry(entity_registry, loaded.entry_id)
        if entry.domain == "image"
    ]
    keys = [*DRAWINGS, *(f"{key}_{kind}" for kind in ("dark", "png") for key in DRAWINGS)]
    assert {entry.unique_id for entry in entries} == {f"0123456789abcdef_{key}" for key in keys}
    off = {entry.translation_key for entry in entries if entry.disabled_by is not None}
    assert off == set(keys) - set(DRAWINGS)
    assert len(home.states.async_all("image")) == 4


async def test_before_anything_came_each_says_why(
    home: HomeAssistant, all_enabled: None, loaded: MockConfigEntry
) -> None:
    """A picture, not an error; the light and the dark one say the same."""
    assert len(home.states.async_all("image")) == len(IMAGES)
    for state in home.states.async_all("image"):
        assert dt_util.parse_datetime(state.state) is not None, state
        if state.entity_id.endswith("_png"):
            continue
        drawn = sound(await content(home, state.entity_id))
        assert any("Ada" in text for text in drawn.texts)
    assert "No night has been recorded yet." in await content(home, SLEEP)
    assert "#1c1c1e" in await content(home, f"{SLEEP}_dark")


@pytest.mark.full
async def test_a_night_is_drawn_when_it_was_computed(
    home: HomeAssistant, slept: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """With the numbers of the sensors, and it may still change."""
    drawn = sound(await content(home, SLEEP))
    assert "Ada · Thu 15 Jan" in drawn.texts
    result = slept.runtime_data.data.nights.night.result
    minutes = round(result.metrics["sleep_min"].value)
    assert f"{minutes // 60} h {minutes % 60:02d} min" in drawn.texts
    assert "Provisional" in " ".join(drawn.texts)
    assert "Calibrating" in await content(home, "image.ada_recovery_picture")
    assert "Thu 15 Jan" in await content(home, "image.ada_strain_picture")


async def test_the_picture_is_served_by_its_token(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """As dashboards and notifications fetch it; not without the token."""
    path = state_of(home, SLEEP).attributes["entity_picture"]
    assert path.startswith(f"/api/image_proxy/{SLEEP}?token=")
    stranger = await hass_client_no_auth()
    answer = await stranger.get(path)
    assert answer.status == HTTPStatus.OK
    assert answer.content_type == "image/svg+xml"
    assert sound(await answer.text()).texts[0] == "Sleep"
    refused = await stranger.get(f"/api/image_proxy/{SLEEP}?token=0123")
    assert refused.status == HTTPStatus.FORBIDDEN
    signed_in = await hass_client()
    assert (await signed_in.get(f"/api/image_proxy/{SLEEP}")).status == HTTPStatus.OK


async def test_its_time_moves_only_with_the_picture(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Readings and sweeps that change nothing in it leave it."""
    coordinator = loaded.runtime_data
    await coordinator.async_ingest(inners(minute(int(dt_util.utcnow().timestamp()) - 120)))
    await coordinator.sweeper.async_sweep()
    await home.async_block_till_done()
    before = {state.entity_id: state.state for state in home.states.async_all("image")}
    freezer.tick(60)
    await coordinator.async_results_changed()
    await home.async_block_till_done()
    assert {state.entity_id: state.state for state in home.states.async_all("image")} == before
    await coordinator.worker.async_run(
        lambda store: store.save_day(day_row(THURSDAY - timedelta(days=1), recovery=61.0, strain=9))
    )
    await coordinator.async_results_changed()
    await home.async_block_till_done()
    after = {state.entity_id: state.state for state in home.states.async_all("image")}
    assert after[MONTH] == dt_util.utcnow().isoformat()
    assert "61" in sound(await content(home, MONTH)).texts
    assert after[SLEEP] == before[SLEEP]


async def test_a_png_for_notifications(
    home: HomeAssistant,
    all_enabled: None,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What an app fetches when it is told to show it; made anew only when it is another one."""
    path = f"/api/image_proxy/{MONTH}_png"
    client = await hass_client()
    answer = await client.get(path)
    assert (answer.status, answer.content_type) == (HTTPStatus.OK, "image/png")
    before = await answer.read()
    assert before.startswith(b"\x89PNG")
    assert state_of(home, f"{MONTH}_png").state == state_of(home, MONTH).state
    entity = entity_of(home, f"{MONTH}_png")
    with patch("custom_components.openstrap.pictures.png_of") as made:
        entity._async_redraw()
        await home.async_block_till_done()
        assert not made.called
    freezer.tick(60)
    await loaded.runtime_data.worker.async_run(
        lambda store: store.save_day(day_row(THURSDAY, recovery=61.0))
    )
    await loaded.runtime_data.async_results_changed()
    await home.async_block_till_done()
    assert await (await client.get(path)).read() != before
    assert state_of(home, f"{MONTH}_png").state == dt_util.utcnow().isoformat()


async def test_readings_draw_nothing(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """A live band publishes every few seconds."""
    coordinator = loaded.runtime_data
    with patch.object(OpenStrapImage, "_async_draw", autospec=True) as draw:
        coordinator.async_show_live(coordinator.data.live)
        coordinator.async_update_listeners()
        await home.async_block_till_done()
        assert not draw.called


async def test_midnight_adds_a_day_to_the_month(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Without anything that came in."""
    assert "15 Dec – 15 Jan" in await content(home, MONTH)
    freezer.move_to("2026-01-16T00:00:02Z")
    async_fire_time_changed(home)
    await home.async_block_till_done()
    assert "15 Dec – 16 Jan" in await content(home, MONTH)
    assert state_of(home, MONTH).state == "2026-01-16T00:00:02+00:00"


async def test_a_day_that_cannot_be_read_is_an_empty_place(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The others of the month are shown."""
    bad = DayRow(date(2026, 1, 13), "UTC", 1, final=True, records=1, result={"day": "never"})

    def keep(store: WearerStore) -> None:
        store.save_day(bad)
        store.save_day(day_row(date(2026, 1, 12), recovery=88.0, strain=3.0))

    await loaded.runtime_data.worker.async_run(keep)
    await loaded.runtime_data.async_results_changed()
    await home.async_block_till_done()
    drawn = sound(await content(home, MONTH))
    assert [text for text in drawn.texts if text.isdigit()] == ["88"]


async def test_a_month_is_read_day_by_day_and_once(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Five weeks of results at once are so many objects that the interpreter looks at all it has."""
    run = loaded.runtime_data.worker.async_run
    stored = [date(2026, 1, day) for day in range(5, 15)]
    for day in stored:
        await run(WearerStore.save_day, day_row(day, recovery=88.0, strain=3.0))
    read: list[tuple[date, date]] = []
    days = WearerStore.days

    def looked(store: WearerStore, start: date, end: date) -> list[DayRow]:
        read.append((start, end))
        return days(store, start, end)

    with patch.object(WearerStore, "days", looked):
        entity_of(home, MONTH)._async_redraw()
        await home.async_block_till_done()
        assert sorted(read) == [(day, day) for day in stored]
        read.clear()
        await run(WearerStore.save_day, day_row(stored[3], recovery=12.0, strain=3.0))
        entity_of(home, MONTH)._async_redraw()
        await home.async_block_till_done()
        assert read == [(stored[3], stored[3])]
    assert "12" in sound(await content(home, MONTH)).texts


async def test_drawn_in_the_workers_thread(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Never in the event loop."""
    seen: list[str] = []
    stamps = WearerStore.day_stamps

    def looked(store: WearerStore) -> Mapping[date, Stamp]:
        seen.append(threading.current_thread().name)
        return stamps(store)

    with patch.object(WearerStore, "day_stamps", looked):
        entity_of(home, MONTH)._async_redraw()
        await home.async_block_till_done()
    assert [name.rstrip("_0123456789") for name in seen] == ["openstrap"]


async def test_what_is_asked_while_it_is_drawn_comes_after(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Three times asked is drawn twice: once at once, once for what came meanwhile."""
    entity = entity_of(home, SLEEP)
    drawn = 0
    real = entity._async_draw

    async def draw() -> bool:
        nonlocal drawn
        drawn += 1
        if drawn == 1:
            entity._async_redraw()
            entity._async_redraw()
        return bool(await real())

    with patch.object(entity, "_async_draw", draw):
        entity._async_redraw()
        await home.async_block_till_done()
    assert drawn == 2


async def test_a_store_that_fails_leaves_the_picture(
    home: HomeAssistant, loaded: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """It is drawn with the next result."""
    before = await content(home, MONTH), state_of(home, MONTH).state
    with patch.object(WearerStore, "day_stamps", side_effect=StoreError("read", "disk")) as tried:
        await loaded.runtime_data.async_results_changed()
        await home.async_block_till_done()
    assert tried.called
    assert (await content(home, MONTH), state_of(home, MONTH).state) == before
    assert "ERROR" not in caplog.text


async def test_asked_before_it_was_drawn(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Then it is drawn at once; one that cannot be is an error of the request."""
    entity = entity_of(home, MONTH)
    entity._picture = None
    assert "Five weeks" in await content(home, MONTH)
    entity._picture = None
    with (
        patch.object(WearerStore, "day_stamps", side_effect=StoreError("read", "disk")),
        pytest.raises(HomeAssistantError),
    ):
        await async_get_image(home, MONTH)


async def test_the_same_picture_keeps_its_time_over_a_restart(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    """Another one has the time at which it was found to be another."""
    before = state_of(home, SLEEP).state
    await async_mock_restore_state_shutdown_restart(home)
    kept = {
        one["state"]["entity_id"]: one["extra_data"]
        for one in hass_storage[STORAGE_KEY]["data"]
        if one["state"]["entity_id"].startswith("image.")
    }
    assert set(kept) == {state.entity_id for state in home.states.async_all("image")}
    assert all(extra["updated"] == before for extra in kept.values())
    freezer.tick(3600)
    assert await home.config_entries.async_unload(loaded.entry_id)
    kept[MONTH] = {"digest": "of another", "updated": before}
    kept["image.ada_strain_picture"] = {"digest": 3}
    mock_restore_cache_with_extra_data(home, [(State(key, before), kept[key]) for key in kept])
    assert await home.config_entries.async_setup(loaded.entry_id)
    await home.async_block_till_done()
    assert state_of(home, SLEEP).state == before
    assert state_of(home, MONTH).state == dt_util.utcnow().isoformat()
    assert state_of(home, "image.ada_strain_picture").state == dt_util.utcnow().isoformat()
