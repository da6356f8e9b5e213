"""A session with a strap, from a connected client to its end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from ..engine.protocol import Response
from .attention import Attention, Stopped
from .collector import Inbox, Slice
from .commands import Buzz, Commands
from .connection import Connection
from .drain import Drain
from .errors import CommandFailed, FaultKind, StrapError
from .generation import Build
from .keeper import Keeper
from .link import GattClient, disconnect
from .listening import Listening, ask_battery, stream_live
from .opening import Opening
from .receiver import Receiver
from .state import (
    AlarmSetting,
    Commit,
    Phase,
    SessionConfig,
    StrapListener,
    StrapMemory,
    StrapState,
)

EARLY_DROP_S: Final = 8.0
"""A link that dies so soon after the bond, without a word, did so because the keys differ."""
EARLY_DROPS: Final = 2


class StrapSession:
    """One conversation with one strap over one connection.

    The client must be connected and belong to the session from then on, which always
    disconnects it, and turns off before what it turned on. ``disconnected`` must be
    called when the client reports the end of the link.
    """

    def __init__(
        self,
        client: GattClient,
        *,
        commit: Commit,
        listener: StrapListener,
        clock: Callable[[], float],
        config: SessionConfig | None = None,
        memory: StrapMemory | None = None,
    ) -> None:
        """Prepare; ``clock`` tells the host's time (Unix s). To be made inside the event loop."""
        self._client = client
        self._commit = commit
        self._config = config or SessionConfig()
        self._keeper = Keeper(memory or StrapMemory(), listener, clock)
        self._connection: Connection | None = None
        self._commands: Commands | None = None
        self._listening: Listening | None = None
        self._inbox = Inbox()
        self._started = False
        self._stop_asked = False
        self._ready = asyncio.Event()
        self._ended = asyncio.Event()

    @property
    def state(self) -> StrapState:
        """What is known now."""
        return self._keeper.state

    @property
    def memory(self) -> StrapMemory:
        """What the next session with this strap is to be given."""
        return self._keeper.memory

    def disconnected(self, _client: object = None) -> None:
        """Learn that the link is gone: the callback for the client."""
        if self._connection is not None:
            self._connection.link.lost.set()
            self._connection.conversation.requests.abandon()
        self._inbox.wake()

    # --- the session ----------------------------------------------------------

    async def run(self) -> None:
        """Open, drain, and hold the link when that is wanted.

        Returns after the drain or after ``stop``. Raises StrapError for every other end.
        Frames are on disk before the strap is told that it may erase them, however and
        whenever this is cancelled.
        """
        self._started = True
        try:
            await self._converse()
        except Stopped:
            pass
        finally:
            self._ready.set()
            ending = asyncio.ensure_future(self._end())
            # A second cancellation must not leave the strap with a link and streams on.
            await asyncio.shield(ending)

    async def _converse(self) -> None:
        connection = self._connection = Connection.over(self._client, self._keeper, self._inbox)
        attention, conversation = connection.attention, connection.conversation
        opening, drain = Opening(connection), Drain(connection, self._commit)
        if self._stop_asked:
            raise Stopped
        try:
            await opening.run()
            self._commands = Commands(connection)
            self._ready.set()
            await drain.catch_up(seq=len(connection.traits.startup))
            await ask_battery(conversation, self._keeper)
            if self._config.live:
                await stream_live(conversation, self._keeper, on=True)
            if self._config.live or self._config.hold:
                self._listening = Listening(connection, drain, self._config.refresh_s)
                await self._listening.run()
            await self._store_rest(drain, attention)
        except Stopped:
            await self._store_rest(drain, attention)
            raise
        except StrapError as err:
            if err.kind is not FaultKind.COMMIT_FAILED:
                await self._store_rest(drain, attention)
            raise self._explain(err, opening, connection.receiver) from err

    async def _store_rest(self, drain: Drain, attention: Attention) -> None:
        """Keep what came last, such as events; nothing of it is acknowledged any more."""
        with suppress(StrapError):
            for item in attention.rest():
                if isinstance(item, Slice):
                    await drain.store(item)

    def _explain(self, err: StrapError, opening: Opening, receiver: Receiver) -> StrapError:
        """Tell a link that was lost from keys that are."""
        if receiver.frames:
            self._keeper.remember(early_drops=0)
            return err
        now, bonded_at = asyncio.get_running_loop().time(), opening.bonded_at
        if err.kind is not FaultKind.LINK_LOST or bonded_at is None:
            return err
        if now - bonded_at > EARLY_DROP_S:
            return err
        drops = self._keeper.memory.early_drops + 1
        self._keeper.remember(early_drops=drops % EARLY_DROPS)
        return StrapError(FaultKind.KEYS_LOST) if drops >= EARLY_DROPS else err

    async def _end(self) -> None:
        self._keeper.update(phase=Phase.CLOSING)
        self._commands = self._listening = None
        try:
            if self._connection is not None:
                await self._connection.conversation.turn_all_off()
        finally:
            await disconnect(self._client)
            self.disconnected()
            self._keeper.update(phase=Phase.CLOSED, live=False)
            self._ended.set()

    async def stop(self) -> None:
        """End the session in good order, and wait until it has."""
        self._stop_asked = True
        if self._connection is not None:
            self._connection.attention.stop()
        if self._started:
            await self._ended.wait()

    # --- commands -------------------------------------------------------------

    async def _able(self) -> Commands:
        await self._ready.wait()
        if self._commands is None:
            raise CommandFailed(FaultKind.NOT_READY)
        return self._commands

    async def request(self, build: Build) -> Response:
        """Send a command of the allow-list and give its reply.

        Waits until the session has started. Raises CommandFailed when the strap does not
        do it, StrapError when the link is gone, CommandRefused for what must not be sent.
        """
        return await (await self._able()).request(build)

    async def buzz(self, pattern: Buzz = Buzz.QUICK) -> None:
        """Let the strap vibrate; raises as ``request``."""
        await (await self._able()).buzz(pattern)

    async def set_alarm(self, ts: float) -> AlarmSetting | None:
        """Set the alarm to a time (Unix s) and read it back; raises as ``request``."""
        return await (await self._able()).set_alarm(ts)

    async def get_alarm(self) -> AlarmSetting | None:
        """Read the alarm; raises as ``request``."""
        return await (await self._able()).get_alarm()

    async def disable_alarm(self) -> AlarmSetting | None:
        """Switch the alarm off and read it back; raises as ``request``."""
        return await (await self._able()).disable_alarm()

    async def set_live(self, on: bool) -> None:
        """Switch the live heart rate; raises as ``request``."""
        await self._able()
        if self._connection is not None:
            await stream_live(self._connection.conversation, self._keeper, on=on)

    def sync_now(self) -> None:
        """Drain now, on a connection that is held; while it drains there is nothing to do."""
        if self._listening is not None:
            self._listening.sync_now()
            self._inbox.wake()
