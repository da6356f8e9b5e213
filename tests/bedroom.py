"""A wearer whose records come in as an evening and a night go by."""

from datetime import UTC, date, datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.engine.demo import demo_frames
from custom_components.openstrap.engine.demo_story import day_story
from custom_components.openstrap.engine.protocol import Generation, Inner
from custom_components.openstrap.happenings import Happening, HappeningKind

from .frames import SEED, inners

DAY = date(2026, 1, 15)
STORY = day_story(SEED, DAY, UTC)
ONSET, OFFSET = STORY.night
MIN = 60.0


class Bedroom:
    """A wearer whose records come in as time goes by."""

    def __init__(
        self, home: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
    ) -> None:
        """Listen to what happens; no record is there yet."""
        self.home, self.entry, self.freezer = home, entry, freezer
        self.until: float | None = None
        self.happened: list[Happening] = []
        self.coordinator.happenings.async_listen(self.happened.append)

    @property
    def coordinator(self) -> OpenStrapCoordinator:
        """The wearer at run time, also after a reload."""
        found: OpenStrapCoordinator = self.entry.runtime_data
        return found

    async def at(self, ts: float) -> None:
        """Let time go by, and what is due be done."""
        self.freezer.move_to(datetime.fromtimestamp(ts, UTC))
        async_fire_time_changed(self.home)
        await self.home.async_block_till_done(wait_background_tasks=True)

    async def bring(self, start: float, end: float) -> None:
        """Take in the records of a while, and let it be seen."""
        await self.ingest(start, end)
        # Published within five seconds, looked at within a minute.
        now = dt_util.utcnow().timestamp()
        await self.at(now + 6)
        await self.at(now + 67)

    async def ingest(self, start: float, end: float) -> None:
        """Take in the records of a while."""
        frames = demo_frames(SEED, start, end, UTC)
        await self.coordinator.async_ingest(
            [Inner(frame, Generation.GEN4, proven=True) for frame in frames]
        )
        await self.home.async_block_till_done(wait_background_tasks=True)
        self.until = end

    async def events(self, *frames: bytes) -> None:
        """Take in what the band says happened to it."""
        await self.coordinator.async_ingest(inners([*frames]))
        await self.home.async_block_till_done(wait_background_tasks=True)

    async def live(self, until: float, step: float = 5 * MIN) -> None:
        """Bring what a band brings every few minutes."""
        assert self.until is not None
        while self.until < until:
            end = min(self.until + step, until)
            await self.at(end)
            await self.bring(self.until, end)

    def shown(self, name: str) -> tuple[str, dict[str, Any]]:
        """Give state and attributes of an entity."""
        state = self.home.states.get(f"{name.replace('.', '.ada_', 1)}")
        assert state is not None, name
        return state.state, dict(state.attributes)

    def told(self, kind: HappeningKind) -> list[Happening]:
        """Give what was told of a kind."""
        return [one for one in self.happened if one.kind is kind]


async def evening(
    home: HomeAssistant, wearer: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> Bedroom:
    """Set a wearer up an hour before they fall asleep, with the records of the two hours before."""
    freezer.move_to(datetime.fromtimestamp(ONSET - 60 * MIN, UTC))
    await home.config.async_update(time_zone="UTC")
    assert await home.config_entries.async_setup(wearer.entry_id)
    await home.async_block_till_done(wait_background_tasks=True)
    room = Bedroom(home, wearer, freezer)
    await room.at(ONSET - 58 * MIN)
    await room.bring(ONSET - 180 * MIN, ONSET - 58 * MIN)
    return room
