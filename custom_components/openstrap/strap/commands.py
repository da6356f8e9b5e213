"""What people ask of a strap: vibrate, wake me, tell me."""

import asyncio
from enum import StrEnum
from typing import Final

from ..engine.protocol import (
    AlarmStatus,
    CommandRefused,
    Opcode,
    Response,
    Status,
    is_allowed_inner,
)
from ..engine.protocol.command import disable_alarm, get_alarm, set_alarm, stop_haptics
from ..engine.protocol.response import Alarm, AlarmOutcome
from .connection import Connection
from .conversation import Switch
from .errors import CommandFailed, FaultKind
from .generation import Build
from .policy.clock import RECHECK_FROM_S
from .state import AlarmSetting

PULSE_GAP_S: Final = 0.6
"""From one pulse to the next, where each takes a command of its own."""
UNTIL_TAPPED_S: Final = 30.0
UNTIL_TAPPED_GAP_S: Final = 1.5
"""How long, and how often, it vibrates for someone who does not tap it."""

_OF_THE_SESSION: Final = frozenset(
    {Opcode.SEND_HISTORY, Opcode.ABORT_HISTORY, Opcode.HISTORY_RESULT, Opcode.SET_CLOCK}
)
"""Commands that have an order, which the session alone keeps."""


class Buzz(StrEnum):
    """Ways to vibrate."""

    QUICK = "quick"
    DOUBLE = "double"
    LONG = "long"
    UNTIL_TAPPED = "until_tapped"


_PULSES: Final = {Buzz.QUICK: 1, Buzz.DOUBLE: 2, Buzz.LONG: 5}


def demand(response: Response | None) -> Response:
    """Give a reply that says yes. Raises CommandFailed for any other, and for none."""
    if response is None:
        raise CommandFailed(FaultKind.NO_REPLY)
    if response.status == Status.NOT_SUPPORTED:
        raise CommandFailed(FaultKind.NOT_SUPPORTED)
    if response.status == Status.FAILED:
        raise CommandFailed(FaultKind.REFUSED)
    return response


class Commands:
    """Commands on one connection, at any time after its start."""

    def __init__(self, connection: Connection) -> None:
        """Send over one connection."""
        self._conversation = connection.conversation
        self._traits = connection.traits
        self._receiver = connection.receiver
        self._keeper = connection.keeper
        self._clock = connection.clock

    async def request(self, build: Build) -> Response:
        """Send any other command of the allow-list. Raises CommandFailed, CommandRefused."""
        inner = build(0)
        if not is_allowed_inner(inner) or inner[2] in _OF_THE_SESSION:
            raise CommandRefused("this command is not for others to send")
        return demand(await self._conversation.ask(build))

    # --- haptics --------------------------------------------------------------

    async def buzz(self, pattern: Buzz) -> None:
        """Vibrate. Raises CommandFailed."""
        if pattern is Buzz.UNTIL_TAPPED:
            await self._buzz_until_tapped()
            return
        left = _PULSES[pattern]
        while left:
            now = min(left, self._traits.buzz_pulses)
            await self._pulses(now)
            left -= now
            if left:
                await asyncio.sleep(PULSE_GAP_S)

    async def _pulses(self, pulses: int) -> None:
        demand(await self._conversation.ask(lambda seq: self._traits.buzz(seq, pulses)))

    async def _buzz_until_tapped(self) -> None:
        tapped = self._receiver.tapped
        time = asyncio.get_running_loop().time
        end = time() + UNTIL_TAPPED_S
        self._conversation.will_turn_off(Switch.HAPTICS, stop_haptics)
        try:
            while time() < end and self._receiver.tapped == tapped:
                await self._pulses(1)
                await asyncio.sleep(UNTIL_TAPPED_GAP_S)
        finally:
            await self._conversation.turn_off(Switch.HAPTICS)

    # --- alarm ----------------------------------------------------------------

    async def set_alarm(self, ts: float) -> AlarmSetting | None:
        """Set the alarm to a time (Unix s); gives what the strap then says is set.

        It runs on the strap's clock, so that is put right first, and what is left of its
        drift is allowed for. Raises CommandFailed, StrapError.
        """
        await self._clock.check(set_from_s=RECHECK_FROM_S)
        generation = self._traits.generation
        strap_ms = round((ts + (self._keeper.state.clock_drift_s or 0.0)) * 1000)
        response = await self._conversation.ask(lambda seq: set_alarm(generation, seq, strap_ms))
        detail = response.detail if response else None
        if not isinstance(detail, AlarmOutcome):
            demand(response)
        elif detail.outcome is not AlarmStatus.ACCEPTED:
            raise CommandFailed(FaultKind.REFUSED, detail.outcome.name.lower())
        return await self.get_alarm()

    async def get_alarm(self) -> AlarmSetting | None:
        """Ask which alarm is set; None when the answer cannot be read."""
        generation = self._traits.generation
        response = await self._conversation.ask(lambda seq: get_alarm(generation, seq))
        detail = response.detail if response else None
        if not isinstance(detail, Alarm):
            return None
        self._keeper.alarm(detail)
        return self._keeper.state.alarm

    async def disable_alarm(self) -> AlarmSetting | None:
        """Switch the alarm off; gives what the strap then says is set. Raises CommandFailed."""
        generation = self._traits.generation
        demand(await self._conversation.ask(lambda seq: disable_alarm(generation, seq)))
        return await self.get_alarm()
