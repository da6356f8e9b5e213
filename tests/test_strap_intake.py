"""What comes between sessions, or makes no sense, does no harm."""

from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.const import DOMAIN, ISSUE_RADIO
from custom_components.openstrap.engine.protocol import Event, EventId, LiveHeartRate
from custom_components.openstrap.issues import issue_id
from custom_components.openstrap.store import StoreError, WearerStore
from custom_components.openstrap.strap import Phase, Progress, StrapMemory, StrapState
from custom_components.openstrap.strap_alarm import AlarmWish, StrapAlarm
from custom_components.openstrap.strap_board import Board
from custom_components.openstrap.strap_intake import StrapIntake
from custom_components.openstrap.strap_issues import StrapIssues
from custom_components.openstrap.strap_view import LinkEvent

TS = 1_768_480_020


@dataclass
class Session:
    """As much of a session as is looked at."""

    state: StrapState = field(default_factory=StrapState)
    memory: StrapMemory = field(default_factory=StrapMemory)


class Intake(StrapIntake):
    """The intake of a wearer, with what it shows and which phases it told of."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        """Begin without a session."""
        self.board = Board(hass)
        self.phases: list[Phase] = []
        super().__init__(
            hass,
            entry,
            entry.runtime_data,
            board=self.board,
            issues=StrapIssues(hass, entry),
            alarm=StrapAlarm(AlarmWish()),
            on_phase=self.phases.append,
        )

    def begin(self, session: Any) -> None:
        """Listen to a session through a proxy."""
        self.attach(session, "Kitchen")


@pytest.fixture
def intake(home: HomeAssistant, loaded: MockConfigEntry) -> Intake:
    """Give what listens."""
    return Intake(home, loaded)


def event(event_id: EventId) -> Event:
    """Make an event of now."""
    return Event(0, event_id, event_id.name, TS, 0, b"", None)


async def test_states_before_any_session_are_nobodys(intake: Intake) -> None:
    """The last words of a session that was let go."""
    intake.on_state(StrapState(battery_percent=50.0))
    assert intake.board.snapshot.state.battery_percent is None
    assert intake.phases == []


async def test_a_poor_radio_is_told_with_its_proxy(
    home: HomeAssistant, intake: Intake, loaded: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    """Once it begins to be poor."""
    intake.begin(Session())
    intake.on_state(StrapState(marginal_radio=True))
    found = issue_registry.async_get_issue(DOMAIN, issue_id(ISSUE_RADIO, loaded))
    assert found is not None
    assert found.translation_placeholders == {"name": "Ada", "scanner": "Kitchen"}


def progress(pages: int | None) -> Progress:
    """Make what a drain tells of itself."""
    return Progress(bursts=1, frames=1, new=1, backlog_pages=pages, last_record_ts=None)


async def test_how_long_a_drain_takes(home: HomeAssistant, intake: Intake) -> None:
    """Reckoned from where it began; unknown backlogs, and ones that grow, say nothing."""
    intake.begin(Session())
    clock = home.loop.time()
    with patch.object(home.loop, "time", side_effect=lambda: clock):
        for pages in (None, 100, 120):
            intake.on_progress(progress(pages))
            assert intake.board.snapshot.backlog_eta_s is None
        clock += 10.0
        intake.on_progress(progress(100))
    assert intake.board.snapshot.backlog_eta_s == pytest.approx(50.0)


async def test_events_without_a_session(home: HomeAssistant, intake: Intake) -> None:
    """They are told all the same, fresh ones only; there is no phase to look at."""
    heard: list[LinkEvent] = []
    stop = intake.async_listen_events(lambda kind, _ts, _data: heard.append(kind))
    intake.on_event(event(EventId.DOUBLE_TAP), fresh=False)
    intake.on_event(event(EventId.BOOT), fresh=True)
    intake.on_event(event(EventId.DOUBLE_TAP), fresh=True)
    stop()
    await home.async_block_till_done(wait_background_tasks=True)
    assert heard == [LinkEvent.DOUBLE_TAP]
    assert intake.phases == []
    intake.begin(Session())
    intake.on_event(event(EventId.BOOT), fresh=True)
    assert intake.phases == [Phase.BONDING]


async def test_a_heart_rate_after_the_stream_has_ended(intake: Intake) -> None:
    """It is of no moment that is shown."""
    late = LiveHeartRate(1, TS, 0, 60, None, (), True, None)
    intake.on_live(late)
    intake.begin(Session())
    intake.on_live(late)
    assert intake.board.snapshot.live is None


async def test_what_cannot_be_remembered_stops_nothing(
    intake: Intake, loaded: MockConfigEntry
) -> None:
    """A full disk, or a wearer who is going down: it is read from the band again."""
    with patch.object(WearerStore, "set_cursor", side_effect=StoreError("disk_full")) as tried:
        await intake.async_remember()
    assert tried.called
    await loaded.runtime_data.worker.async_close()
    await intake.async_remember()
