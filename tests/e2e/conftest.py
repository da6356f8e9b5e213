"""A real Home Assistant for the tests of this folder."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest
import pytest_socket

from script.tools.home_assistant_client import Client
from script.tools.real_home_assistant import RealHomeAssistant

from .figures import Figures
from .night import TZ, Night, make_night
from .radio import Radio

LOGIN = ("owner", "owner-password")


@pytest.fixture(autouse=True)
def sockets(socket_enabled: None) -> None:
    """Allow sockets, which the harness for unit tests forbids; still 127.0.0.1 only."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the loop as it is in use: its debug mode is for unit tests, and slow."""


@pytest.fixture(autouse=True)
def expected_lingering_timers() -> bool:
    """Let timers of the HTTP client run out after a test."""
    return True


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHomeAssistant]:
    """Start a Home Assistant for all tests of a file, and end it."""
    pytest_socket.enable_socket()
    with RealHomeAssistant(tmp_path_factory.mktemp("home") / "config") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        yield home_assistant


@pytest.fixture(scope="session")
def night() -> Night:
    """Make the night of the latest morning."""
    return make_night(datetime.now(TZ))


@asynccontextmanager
async def owner_of(home_assistant: RealHomeAssistant) -> AsyncIterator[Client]:
    """Be the first user, who is made when there is none yet."""
    async with (
        aiohttp.ClientSession() as http,
        Client(home_assistant.url, http) as client,
    ):
        if await client.is_new():
            await client.onboard("Owner", *LOGIN)
        else:
            await client.sign_in(*LOGIN)
        await client.wait_until_running()
        yield client


@pytest.fixture
async def owner(home: RealHomeAssistant) -> AsyncIterator[Client]:
    """Be the first user of the Home Assistant of this file."""
    async with owner_of(home) as client:
        yield client


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """Make the folder for pictures, which git ignores."""
    folder = Path(__file__).parents[2] / "artifacts"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def radio() -> Iterator[Radio]:
    """Put a proxy up for one test."""
    pytest_socket.enable_socket()
    with Radio(slots=3) as radio:
        yield radio


@pytest.fixture
def figures(artifacts: Path, request: pytest.FixtureRequest) -> Figures:
    """Give the place for what is measured."""
    return Figures(artifacts, request.path.stem.removeprefix("test_"))
