"""The one place where a session waits for what comes."""

import asyncio
from collections.abc import Callable

from .collector import Collector, Inbox, Item
from .link import Link


class Stopped(Exception):
    """The session was asked to end."""


class Attention:
    """Waits for items, deadlines, the end of the link and the wish to stop."""

    def __init__(self, link: Link, inbox: Inbox, collector: Collector) -> None:
        """Attend to one connection."""
        self._link = link
        self._inbox = inbox
        self._collector = collector
        self._time = asyncio.get_running_loop().time
        self._stopping = False

    def stop(self) -> None:
        """Let the session end at its next wait."""
        self._stopping = True
        self._inbox.wake()

    def check(self) -> None:
        """Raise Stopped or StrapError when the session is to end."""
        self._link.check()
        if self._stopping:
            raise Stopped

    async def next(self, deadline: Callable[[], float]) -> Item | None:
        """Give what is to be done next, or None at a deadline (loop time), which may move.

        Raises Stopped, and StrapError when the link is gone: what came from it and is
        not yet done must not be answered any more.
        """
        while True:
            self.check()
            now = self._time()
            if self._collector.loose_due_at <= now:
                self._collector.cut()
            if (item := self._inbox.take()) is not None:
                return item
            if now >= deadline():
                return None
            await self._inbox.wait(min(deadline(), self._collector.loose_due_at))

    def rest(self) -> list[Item]:
        """Hand over what has come and is not done, at the end of a session."""
        self._collector.cut()
        items = []
        while (item := self._inbox.take()) is not None:
            items.append(item)
        return items
