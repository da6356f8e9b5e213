"""A connection that is held after the drain: keep it alive, keep it fresh."""

import asyncio

from ..engine.protocol.command import get_battery, link_valid, realtime_hr
from ..engine.protocol.response import Battery
from .connection import Connection
from .conversation import Conversation, Switch
from .drain import Drain
from .errors import FaultKind, StrapError
from .keeper import Keeper
from .policy.clock import RECHECK_FROM_S
from .policy.refresh import RefreshPolicy
from .policy.timetable import Due, Timetable
from .state import Phase


class Listening:
    """Chores between drains. Nothing of this runs while history is coming."""

    def __init__(self, connection: Connection, drain: Drain, refresh_s: float) -> None:
        """Start after the first drain."""
        self._conversation = connection.conversation
        self._receiver = connection.receiver
        self._keeper = connection.keeper
        self._clock = connection.clock
        self._attention = connection.attention
        self._drain = drain
        self._time = asyncio.get_running_loop().time
        self._timetable = Timetable(self._time())
        self._refresh = RefreshPolicy(self._time(), refresh_s)

    def sync_now(self) -> None:
        """Drain at the next opportunity."""
        self._refresh.ask()

    async def run(self) -> None:
        """Listen for ever. Raises StrapError, Stopped."""
        self._keeper.update(phase=Phase.LISTENING)
        while True:
            self._look_at_wishes()
            item = await self._attention.next(self._next_at)
            if item is not None:
                await self._drain.handle(item)
                continue
            for due in self._timetable.take_due(
                self._time(), self._receiver.heard_at, live=self._live
            ):
                await self._do(due)
            if self._refresh.due_at <= self._time():
                await self._drain_again()

    @property
    def _live(self) -> bool:
        return self._conversation.is_on(Switch.LIVE_HR)

    def _look_at_wishes(self) -> None:
        if self._receiver.prompted:
            self._receiver.prompted = False
            self._refresh.prompt()
        if self._receiver.clock_lost:
            self._receiver.clock_lost = False
            self._timetable.bring_forward(Due.CLOCK, self._time())

    def _next_at(self) -> float:
        chore = self._timetable.next_at(self._receiver.heard_at, live=self._live)
        return min(chore, self._refresh.due_at)

    async def _do(self, due: Due) -> None:
        if due is Due.KEEP_ALIVE:
            await self._conversation.tell(link_valid)
        elif due is Due.CLOCK:
            await self._clock.check(set_from_s=RECHECK_FROM_S)
        elif due is Due.BOUNCE:
            raise StrapError(FaultKind.LINK_SILENT)
        else:
            await ask_battery(self._conversation, self._keeper)

    async def _drain_again(self) -> None:
        new = await self._drain.catch_up()
        await ask_battery(self._conversation, self._keeper)
        now = self._time()
        self._timetable.restart(Due.BATTERY, now)
        self._timetable.restart(Due.KEEP_ALIVE, now)
        self._refresh.done(now, empty=not new)
        self._keeper.update(phase=Phase.LISTENING)


async def ask_battery(conversation: Conversation, keeper: Keeper) -> None:
    """Ask for the state of charge."""
    response = await conversation.ask(get_battery)
    if response is not None and isinstance(response.detail, Battery):
        keeper.battery(response.detail.percent, keeper.clock())


async def stream_live(conversation: Conversation, keeper: Keeper, *, on: bool) -> None:
    """Switch the live heart rate. Raises StrapError."""
    if on:
        conversation.will_turn_off(Switch.LIVE_HR, lambda seq: realtime_hr(seq, on=False))
        await conversation.tell(lambda seq: realtime_hr(seq, on=True))
    else:
        await conversation.turn_off(Switch.LIVE_HR)
    keeper.update(live=on)
