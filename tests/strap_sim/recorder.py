"""What writes the flash: the source's records, stamped by the strap's own clock and counter."""

from typing import TYPE_CHECKING, Final

from custom_components.openstrap.engine.protocol import Generation

from .clock import split
from .sources import time_of

if TYPE_CHECKING:
    from .strap import SimulatedStrap

_PULSE_AT: Final = {Generation.GEN4: 17, Generation.GEN5: 14}
"""Offset in a summary of heart rate, number of intervals, intervals."""
_PULSE_SIZE: Final = 10
_WITH_PULSE: Final = {Generation.GEN4: (24, 10), Generation.GEN5: (18,)}
"""Record versions that have it there."""


class Recorder:
    """Records lazily: whoever looks at the flash lets it ``grow`` first."""

    def __init__(self, strap: SimulatedStrap, since_ts: float) -> None:
        """Begin with the records since a true time (epoch s)."""
        self._strap = strap
        self._grown = since_ts
        self._counter_offset: int | None = 0
        self._at = _PULSE_AT[strap.generation]

    def grow(self) -> None:
        """Record what has happened until now."""
        strap, now = self._strap, self._strap.time.now()
        if now <= self._grown:
            return
        inners = strap.source(self._grown, now)
        self._grown = now
        if self._counter_offset != 0 or not strap.clock.is_true:
            inners = [self._stamped(inner) for inner in inners]
        if not strap.worn:
            inners = [self._without_pulse(inner) for inner in inners]
        first = strap.ledger.add(inners)
        strap.ledger.overwritten += strap.flash.append(inners, first)

    def reset_counter(self) -> None:
        """Count from 0 again with the next record."""
        self._counter_offset = None

    def _stamped(self, inner: bytes) -> bytes:
        counter = int.from_bytes(inner[3:7], "little")
        if self._counter_offset is None:
            self._counter_offset = -counter
        epoch, subsec = split(self._strap.clock.at(time_of(inner)))
        return (
            inner[:3]
            + (counter + self._counter_offset & 0xFFFFFFFF).to_bytes(4, "little")
            + epoch.to_bytes(4, "little")
            + subsec.to_bytes(2, "little")
            + inner[13:]
        )

    def _without_pulse(self, inner: bytes) -> bytes:
        if inner[1] not in _WITH_PULSE[self._strap.generation]:
            return inner
        return inner[: self._at] + bytes(_PULSE_SIZE) + inner[self._at + _PULSE_SIZE :]

    def pulse_now(self) -> tuple[int, list[int]]:
        """Give heart rate (bpm) and intervals (ms) of the newest summary."""
        now, at = self._strap.time.now(), self._at
        for inner in reversed(self._strap.source(now - 3.0, now)):
            if inner[1] in _WITH_PULSE[self._strap.generation]:
                count = min(inner[at + 1], 4)
                places = range(at + 2, at + 2 + 2 * count, 2)
                return inner[at], [int.from_bytes(inner[i : i + 2], "little") for i in places]
        return 0, []
