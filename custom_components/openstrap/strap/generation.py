"""All differences between the generations that the conversation has to know."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from ..engine.protocol import Generation
from ..engine.protocol.command import (
    buzz,
    get_alarm,
    get_data_range,
    get_hello,
    get_name,
    imu_stream,
    raw_stop,
    raw_stream,
)

type Build = Callable[[int], bytes]
"""Makes a command from the sequence number that its reply will echo."""

COMMAND: Final = 2
RESPONSES: Final = 3
EVENTS: Final = 4
DATA: Final = 5
"""Characteristics of the vendor service."""
SUBSCRIBED: Final = (RESPONSES, EVENTS, DATA)


@dataclass(frozen=True, slots=True)
class Traits:
    """One generation."""

    generation: Generation
    uuid: str
    """Of the service and its characteristics, with a place for their number."""
    bond_settle_s: float
    """Rest between the bond and the first subscription."""
    subscribed_settle_s: float
    """Rest between the last subscription and the first command."""
    clock_in_hello: bool
    """HELLO comes first and tells the time, so the clock needs no command of its own."""
    set_clock_from_s: float
    """Drift from which the clock is set at a connection; 0 sets it every time."""
    startup: tuple[Build, ...]
    """Questions at the start, in this order, before history is asked for."""
    quiet: tuple[Build, ...]
    """Commands that end raw streams which an earlier connection may have left on."""
    count_binds: bool
    """The packet count of an END can be insisted on; otherwise it is a hint."""
    buzz: Callable[[int, int], bytes]
    """Command for a number of pulses: (sequence number, pulses)."""
    buzz_pulses: int
    """Pulses that one command can make."""

    def characteristic(self, number: int) -> str:
        """UUID of the service (1) or of one of its characteristics."""
        return self.uuid.format(number)


_GEN4: Final = Traits(
    generation=Generation.GEN4,
    uuid="6108000{}-8d6d-82b8-614a-1c8cb0f8dcc6",
    bond_settle_s=0.0,
    subscribed_settle_s=0.0,
    clock_in_hello=False,
    set_clock_from_s=0.0,
    startup=(
        partial(get_hello, Generation.GEN4),
        partial(get_name, Generation.GEN4),
        partial(get_data_range, Generation.GEN4),
        partial(get_alarm, Generation.GEN4),
    ),
    quiet=(partial(raw_stream, Generation.GEN4, on=False),),
    count_binds=False,
    buzz=lambda seq, _: buzz(Generation.GEN4, seq),
    buzz_pulses=1,
)
_GEN5: Final = Traits(
    generation=Generation.GEN5,
    uuid="fd4b000{}-cce1-4033-93ce-002d5875f58a",
    bond_settle_s=0.6,
    subscribed_settle_s=0.5,
    clock_in_hello=True,
    set_clock_from_s=2.0,
    startup=(
        partial(get_name, Generation.GEN5),
        partial(get_data_range, Generation.GEN5),
    ),
    quiet=(
        partial(raw_stop, Generation.GEN5),
        partial(imu_stream, Generation.GEN5, on=False),
    ),
    count_binds=True,
    buzz=partial(buzz, Generation.GEN5),
    buzz_pulses=10,
)

TRAITS: Final = {one.generation: one for one in (_GEN4, _GEN5)}
