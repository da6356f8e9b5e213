"""Which reply belongs to which command."""

import asyncio
from typing import Final

from ..engine.protocol import Opcode, Response, Status

PENDING_IS_FINAL: Final = frozenset({Opcode.SEND_HISTORY, Opcode.REALTIME_HR, Opcode.RAW_STREAM})
"""Commands for which "pending" is all the answer that ever comes from gen4."""


class Request:
    """A command whose reply has not come."""

    def __init__(self, opcode: int, seq: int) -> None:
        """Wait for a reply to an opcode with a sequence number."""
        self.opcode = opcode
        self.seq = seq
        self.provisional: Response | None = None
        """A "pending" that came, and that another reply should follow."""
        self._reply: asyncio.Future[Response | None] = asyncio.get_running_loop().create_future()

    async def wait(self, timeout_s: float) -> Response | None:
        """Give the reply, the provisional one when time runs out, or None."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._reply
        except TimeoutError:
            return self.provisional

    def settle(self, response: Response | None) -> None:
        """End the wait."""
        if not self._reply.done():
            self._reply.set_result(response)


class Requests:
    """All commands whose replies are waited for."""

    def __init__(self) -> None:
        """Start without any."""
        self._open: list[Request] = []

    def open(self, opcode: int, seq: int) -> Request:
        """Begin to wait: before the command is written."""
        request = Request(opcode, seq)
        self._open.append(request)
        return request

    def close(self, request: Request) -> None:
        """Stop waiting."""
        if request in self._open:
            self._open.remove(request)

    def offer(self, response: Response) -> bool:
        """Hand a reply to the request that it belongs to; False when nobody waits for it."""
        request = self._find(response)
        if request is None:
            return False
        if response.status == Status.PENDING and response.opcode not in PENDING_IS_FINAL:
            request.provisional = response
            return True
        self.close(request)
        request.settle(response)
        return True

    def _find(self, response: Response) -> Request | None:
        same = [one for one in self._open if one.opcode == response.opcode]
        for request in same:
            if request.seq == response.request_seq:
                return request
        # Some replies echo 0 whatever was sent: good enough when there is no choice.
        return same[0] if response.request_seq == 0 and len(same) == 1 else None

    def abandon(self) -> None:
        """End all waits without a reply: the link is gone."""
        waiting, self._open = self._open, []
        for request in waiting:
            request.settle(None)
