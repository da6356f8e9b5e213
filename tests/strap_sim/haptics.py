"""The motor and the alarm, which runs on the strap's own clock."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from custom_components.openstrap.engine.protocol import AlarmStatus, EventId, Generation
from custom_components.openstrap.engine.protocol.base import SUBSEC_PER_S
from custom_components.openstrap.engine.protocol.event import HapticsEnd

from .clock import Timer, split

if TYPE_CHECKING:
    from .strap import SimulatedStrap

RING_S: Final = 30.0
BUZZ_S: Final = 0.5
_FORM: Final = 4
_SIZE: Final = {Generation.GEN4: 20, Generation.GEN5: 21}
_SLOTS: Final = {Generation.GEN4: range(1), Generation.GEN5: range(1, 7)}


class Haptics:
    """Alarm and motor of one strap. An alarm rings once."""

    def __init__(self, strap: SimulatedStrap) -> None:
        """Begin without an alarm."""
        self._strap = strap
        self.alarm: tuple[int, float] | None = None
        """Slot and strap time (s) of the alarm that is set."""
        self.rings = self.buzzes = 0
        self.pulsing = False
        self._due: Timer | None = None
        self._end: Timer | None = None

    def set_alarm(self, payload: bytes) -> tuple[AlarmStatus, Callable[[], None] | None]:
        """Take the payload of SET_ALARM; give the outcome and what follows the reply."""
        strap = self._strap
        if payload[:1] != bytes((_FORM,)):
            return AlarmStatus.ACCEPTED, None  # the short form is accepted and never rings
        size = _SIZE[strap.generation]
        if len(payload) < size or payload[8] == 0:
            return AlarmStatus.BAD_EFFECT, None
        if payload[1] not in _SLOTS[strap.generation]:
            return AlarmStatus.BAD_SLOT, None
        at = int.from_bytes(payload[2:6], "little")
        strap_s = at + int.from_bytes(payload[6:8], "little") / SUBSEC_PER_S
        if strap_s <= strap.clock.at(strap.time.now()):
            return AlarmStatus.BAD_TIME, None
        self.alarm = (payload[1], strap_s)
        self.reschedule()
        return AlarmStatus.ACCEPTED, lambda: strap.event(EventId.ALARM_ARMED)

    def alarm_body(self) -> bytes:
        """Body of the reply to GET_ALARM."""
        seconds, subsec = split(self.alarm[1]) if self.alarm else (0, 0)
        armed = bytes((_FORM, self.alarm is not None))
        return armed + seconds.to_bytes(4, "little") + subsec.to_bytes(2, "little")

    def disarm(self) -> None:
        """Forget the alarm."""
        self.alarm = None
        self.reschedule()

    def reschedule(self) -> None:
        """Reckon anew when the alarm is due, for the clock was changed."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if self.alarm is not None:
            strap = self._strap
            wait = strap.clock.true_at(self.alarm[1]) - strap.time.now()
            self._due = strap.soon(self._on_due, max(wait, 0.001))

    def _on_due(self) -> None:
        self._due = self.alarm = None
        self.ring()

    def ring(self) -> None:
        """Let the alarm go off."""
        self.rings += 1
        self._strap.event(EventId.ALARM_FIRED)
        self._pulse(RING_S)

    def buzz(self) -> None:
        """Vibrate once."""
        self.buzzes += 1
        self._pulse(BUZZ_S)

    def stop(self, cause: HapticsEnd = HapticsEnd.RAN_OUT) -> None:
        """End what is felt."""
        if self._end is not None:
            self._end.cancel()
            self._end = None
        if self.pulsing:
            self.pulsing = False
            self._strap.event(EventId.HAPTICS_ENDED, bytes((1, cause)))

    def _pulse(self, seconds: float) -> None:
        self.stop()
        self.pulsing = True
        self._strap.event(EventId.HAPTICS_FIRED)
        self._end = self._strap.soon(self.stop, seconds)
