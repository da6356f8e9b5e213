"""Fixtures that every test may use."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
import gc
import os
from pathlib import Path
from unittest.mock import PropertyMock, patch

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from hypothesis import HealthCheck, settings
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components.openstrap  # noqa: F401  first: the test plugin brings a package of the same name
from custom_components.openstrap.coordinator import OpenStrapCoordinator

from .bands import Room
from .fake_link import ADDRESS, FakeLink

ROOT = Path(__file__).parents[1]
RECORDINGS = Path(os.environ.get("OPENSTRAP_DATA", ROOT.parent / "shared" / "data"))
"""Real recordings, which are not part of the project."""
UNDER_CI = os.environ.get("CI") == "true"
LONGEST = {
    "test_unplugged",
    "test_a_night_as_it_happens",
    "test_the_laboratory_nights_without_themselves",
    "test_the_shipped_numbers_come_out_again",
}
"""Tests of a minute and more: begun first, so that nobody waits for the last of them alone."""

settings.register_profile(
    "fast", max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "full", max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


# Thousands of tests and all that they import live as long as the run does: looking through them
# for rubbish again and again takes a tenth of it.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for rubbish again, but only in what the tests themselves make."""
    gc.freeze()
    gc.enable()


def pytest_report_header() -> str:
    """Say whether the recordings are there, for tests that need them are left out otherwise."""
    return f"recordings: {RECORDINGS if RECORDINGS.is_dir() else f'none at {RECORDINGS}'}"


@pytest.hookimpl(tryfirst=True)  # before -m picks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what runs inside Home Assistant's test harness, and there with a simulated band.

    Such a band takes its time, as a real one does, so the inner loop does without.
    Under CI nothing may be skipped, so on a machine without the recordings the tests that
    hold the code against them are not part of the run; every other test makes its own data.
    """
    absent = []
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "hass" in names:
            item.add_marker("ha")
        if "room" in names:
            item.add_marker("full")
        if "shared_data" in names and UNDER_CI and not RECORDINGS.is_dir():
            absent.append(item)
    if absent:
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]
    items.sort(key=lambda item: item.name not in LONGEST)


def _must_not_skip[R: (pytest.TestReport, pytest.CollectReport)](report: R) -> R:
    """Turn a skip into a failure where everything must run; an expected failure is none."""
    if UNDER_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} must not be skipped under CI: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Look at every outcome of a test."""
    return _must_not_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Look at every outcome of collecting a file."""
    return _must_not_skip((yield))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real recordings."""
    if not RECORDINGS.is_dir():
        pytest.skip(
            f"the recordings are not here ({RECORDINGS}); set OPENSTRAP_DATA to run this test"
        )
    return RECORDINGS


@pytest.fixture(autouse=True)
async def enable_event_loop_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail whatever plans work on the loop from another thread, as asyncio's debug mode does.

    This is here instead of the test plugin's, which turns the whole mode on: it also notes for
    each future where it was made, which takes two fifths of a test inside Home Assistant and
    shows in messages alone. ``PYTHONASYNCIODEBUG=1`` brings all of it back.
    """
    loop = asyncio.get_running_loop()
    assert isinstance(loop, asyncio.BaseEventLoop)
    for name in ("call_soon", "call_at"):
        monkeypatch.setattr(loop, name, _in_its_thread(loop, getattr(loop, name)))


def _in_its_thread[**P, T](loop: asyncio.BaseEventLoop, plan: Callable[P, T]) -> Callable[P, T]:
    def watched(*args: P.args, **kwargs: P.kwargs) -> T:
        loop._check_thread()  # type: ignore[attr-defined]  # of BaseEventLoop
        return plan(*args, **kwargs)

    return watched


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give each Home Assistant a folder of its own: wearers have files."""
    return hass_tmp_config_dir


@pytest.fixture
def home(
    hass: HomeAssistant, enable_custom_integrations: None, mock_bluetooth: None
) -> HomeAssistant:
    """Give a Home Assistant that finds the integration, without a Bluetooth adapter."""
    return hass


@pytest.fixture
def wearer(home: HomeAssistant, hass_admin_user: User) -> MockConfigEntry:
    """Give a wearer without a band, whom the admin may read and push to; not yet set up."""
    entry = MockConfigEntry(
        domain="openstrap",
        title="Ada",
        unique_id="0123456789abcdef",
        data={"kind": "phone", "users": [hass_admin_user.id], "devices": []},
        options={"birth_year": 1990},
    )
    entry.add_to_hass(home)
    return entry


@pytest.fixture
async def loaded(home: HomeAssistant, wearer: MockConfigEntry) -> MockConfigEntry:
    """Give the wearer, set up."""
    assert await home.config_entries.async_setup(wearer.entry_id)
    # The first looks at what is there as well: they would come between a test and what it shows.
    await home.async_block_till_done(wait_background_tasks=True)
    return wearer


@pytest.fixture
def all_enabled() -> Generator[None]:
    """Switch on the entities that are off by default."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        new_callable=PropertyMock(return_value=True),
    ):
        yield


@pytest.fixture
def coordinator(loaded: MockConfigEntry) -> OpenStrapCoordinator:
    """Give the wearer at run time."""
    wearer: OpenStrapCoordinator = loaded.runtime_data
    return wearer


@pytest.fixture
def banded(home: HomeAssistant, hass_admin_user: User) -> MockConfigEntry:
    """Give a wearer with a band; not yet set up."""
    entry = MockConfigEntry(
        domain="openstrap",
        title="Ada",
        unique_id=ADDRESS,
        data={
            "kind": "band",
            "address": ADDRESS,
            "users": [hass_admin_user.id],
            "devices": [],
        },
        options={"birth_year": 1990},
    )
    entry.add_to_hass(home)
    return entry


@pytest.fixture
async def link(home: HomeAssistant, banded: MockConfigEntry) -> AsyncGenerator[FakeLink]:
    """Give the link of a wearer with a band, set up; there is no radio behind it."""
    with patch("custom_components.openstrap.StrapLink", FakeLink):
        assert await home.config_entries.async_setup(banded.entry_id)
        await home.async_block_till_done()
        found = banded.runtime_data.strap
        assert isinstance(found, FakeLink)
        yield found


@pytest.fixture
async def room(
    hass: HomeAssistant, enable_custom_integrations: None, enable_bluetooth: None
) -> AsyncGenerator[Room]:
    """Give a room with a proxy, where simulated bands come and go."""
    room = Room(hass)
    room.open()
    with (
        # Waits between what is said to a band, which tests/strap holds on a clock of its own.
        patch("custom_components.openstrap.strap.opening.GAP_S", 0.01),
        patch("custom_components.openstrap.strap.drain.ROUND_GAP_S", 0.05),
        patch("bleak_retry_connector.BLEAK_BACKOFF_TIME", 0.01),
        patch("bleak_retry_connector.BLEAK_OUT_OF_SLOTS_BACKOFF_TIME", 0.01),
    ):
        yield room
        for entry in hass.config_entries.async_entries("openstrap"):
            await hass.config_entries.async_unload(entry.entry_id)
    for strap in room.straps:
        strap.stop()
    room.close()
    await hass.async_block_till_done()
