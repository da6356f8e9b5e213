"""What each command does, and how the strap answers it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from custom_components.openstrap.engine.protocol import (
    AlarmStatus,
    Generation,
    Opcode,
    Status,
    is_supported,
)
from custom_components.openstrap.engine.protocol.base import SUBSEC_PER_S

from . import bodies
from .ledger import Misconduct
from .moments import Moment

if TYPE_CHECKING:
    from .link import Link
    from .strap import SimulatedStrap

DANGEROUS: Final = frozenset(
    {
        0x0E, 0x0F, 0x19, 0x1D, 0x20, 0x21, *range(0x24, 0x2E), 0x34, 0x35, 0x3D, 0x4D, 0x53, 0x63,
        0x64, 0x77, 0x78, 0x7C, 0x7D, 0x8A, 0x8B, 0x8C, *range(0x8E, 0x91), *range(0x92, 0x96),
        0x99, 0x9A,
    }
)  # fmt: skip
"""Commands that erase, reboot, reconfigure, or must not be sent for another reason."""

_PENDING_ONLY: Final = frozenset({Opcode.SEND_HISTORY, Opcode.REALTIME_HR, Opcode.RAW_STREAM})
"""On gen4, "pending" is all the answer there is to these."""
_PENDING_FIRST: Final = frozenset({Opcode.GET_HELLO_GEN5, Opcode.GET_DATA_RANGE})
"""To these it comes first, and the answer after it."""


class Answer(NamedTuple):
    """A reply, and what is done once it is on its way."""

    status: Status = Status.OK
    body: bytes = b""
    then: Callable[[], None] | None = None


_OK: Final = Answer()
_FAILED: Final = Answer(Status.FAILED)

type _Handler = Callable[[Link, bytes], Answer]


class Commands:
    """The strap's side of the command characteristic; knows opcode and payload, no frames."""

    def __init__(self, strap: SimulatedStrap) -> None:
        """Belong to a strap."""
        self._strap = strap
        tell = self._tell
        self._handlers: dict[int, _Handler] = {
            Opcode.LINK_VALID: lambda *_: _OK,
            Opcode.REALTIME_HR: lambda _, payload: self._flag("live", payload[:1]),
            Opcode.VERSION: tell(bodies.version),
            Opcode.SET_CLOCK: self._set_clock,
            Opcode.GET_CLOCK: tell(lambda strap: bodies.u32s(*strap.stamp())),
            Opcode.BUZZ_GEN5: lambda *_: self._buzz(),
            Opcode.ABORT_HISTORY: lambda link, _: self._after(_OK, link.strap.abort_history),
            Opcode.SEND_HISTORY: self._send_history,
            Opcode.HISTORY_RESULT: self._history_result,
            Opcode.GET_BATTERY: tell(bodies.battery),
            Opcode.GET_DATA_RANGE: lambda link, _: Answer(
                body=bodies.data_range(self._strap, link.strap.transfer(link).read_page)
            ),
            Opcode.GET_HELLO_GEN4: tell(bodies.hello),
            Opcode.EVENT_PACKETS: self._event_packets,
            Opcode.RAW_STREAM: lambda _, payload: self._flag("raw", payload[:1]),
            Opcode.SET_ALARM: self._set_alarm,
            Opcode.GET_ALARM: lambda *_: Answer(body=self._strap.haptics.alarm_body()),
            Opcode.RUN_ALARM: self._run_alarm,
            Opcode.DISABLE_ALARM: self._disable_alarm,
            Opcode.GET_NAME_GEN4: tell(bodies.name),
            Opcode.BUZZ_GEN4: lambda *_: self._buzz(),
            Opcode.RAW_START: self._raw_start,
            Opcode.RAW_STOP: lambda *_: self._flag("raw", b"\0"),
            Opcode.BODY_LOCATION: tell(bodies.location),
            Opcode.HIGH_FREQ_ENTER: self._high_freq,
            Opcode.HIGH_FREQ_EXIT: self._high_freq,
            Opcode.EXT_BATTERY: tell(bodies.ext_battery),
            Opcode.IMU_STREAM: self._imu_stream,
            Opcode.STOP_HAPTICS: self._stop_haptics,
            Opcode.SELECT_WRIST: lambda *_: _OK,
            Opcode.GET_NAME_GEN5: tell(bodies.name),
            Opcode.GET_HELLO_GEN5: tell(bodies.hello),
            Opcode.PACK_INFO: tell(bodies.pack_info),
        }

    def run(self, link: Link, inner: bytes) -> tuple[list[bytes], Callable[[], None] | None]:
        """Carry a command out; give the replies (inner payloads) and what is to follow them."""
        strap = self._strap
        seq, opcode, payload = inner[1], inner[2], inner[3:]
        if opcode in DANGEROUS:
            strap.ledger.accuse(
                Misconduct.DANGEROUS_OPCODE, strap.time.now(), f"opcode 0x{opcode:02x}"
            )
        handler = self._handlers.get(opcode)
        if handler is None or not is_supported(Opcode(opcode), strap.generation):
            return [self._reply(seq, opcode, Status.NOT_SUPPORTED)], None
        if opcode == Opcode.SET_CLOCK and (len(inner) % 4 > 0) is not strap.only_unpadded_clock:
            return [self._reply(seq, opcode, Status.OK)], None  # the other form is no fault
        if len(inner) % 4 and opcode != Opcode.SET_CLOCK:
            # It says yes and does nothing, as real ones do.
            strap.ledger.accuse(Misconduct.UNPADDED, strap.time.now(), f"opcode 0x{opcode:02x}")
            return [self._reply(seq, opcode, Status.OK)], None
        answer = handler(link, payload)
        status = answer.status
        gen4 = strap.generation is Generation.GEN4
        if gen4 and opcode in _PENDING_ONLY and status is Status.OK:
            status = Status.PENDING
        replies = [self._reply(seq, opcode, status, answer.body)]
        if opcode in _PENDING_FIRST:
            replies.insert(0, self._reply(seq, opcode, Status.PENDING))
        return replies, answer.then

    def _reply(self, seq: int, opcode: int, status: Status, body: bytes = b"") -> bytes:
        echo = 0 if opcode == Opcode.HISTORY_RESULT else seq
        return bytes((0x24, self._strap.sequence(), opcode, echo, status)) + body

    def _tell(self, body: Callable[[SimulatedStrap], bytes]) -> _Handler:
        return lambda *_: Answer(body=body(self._strap))

    @staticmethod
    def _after(answer: Answer, then: Callable[[], None]) -> Answer:
        return answer._replace(then=then)

    # --- clock, history -------------------------------------------------------

    def _set_clock(self, _link: Link, payload: bytes) -> Answer:
        if len(payload) < 8:
            return _FAILED
        seconds = int.from_bytes(payload[:4], "little")
        subsec = int.from_bytes(payload[4:8], "little")
        self._strap.set_clock(seconds + subsec / SUBSEC_PER_S)
        return _OK

    def _send_history(self, link: Link, _payload: bytes) -> Answer:
        strap = self._strap
        if strap.config.refuses_history_unset and not strap.clock_is_set:
            return _FAILED
        return self._after(_OK, strap.transfer(link).start)

    def _history_result(self, link: Link, payload: bytes) -> Answer:
        # A plain payload has the token and the padding of the frame behind it.
        if payload[:1] == b"\1":
            self._strap.moments.fire(Moment.ACK)
        return _OK if self._strap.transfer(link).result(payload) else _FAILED

    def _high_freq(self, _link: Link, payload: bytes) -> Answer:
        if not payload.strip(b"\0"):
            self._strap.streams.stop_prompts()
            return _OK
        interval, duration = (int.from_bytes(payload[at : at + 2], "little") for at in (1, 3))
        if payload[0] != 2 or interval <= 60 or duration >= 28_800:
            return _FAILED
        self._strap.streams.start_prompts(interval, duration)
        return _OK

    # --- switches -------------------------------------------------------------

    def _flag(self, name: str, value: bytes) -> Answer:
        if value not in (b"\0", b"\1"):
            return _FAILED
        return self._after(_OK, lambda: self._strap.streams.switch(name, on=value == b"\1"))

    def _imu_stream(self, _link: Link, payload: bytes) -> Answer:
        gen4 = self._strap.generation is Generation.GEN4
        if not gen4 and payload[:1] != b"\1":
            return _FAILED
        return self._flag("imu", payload[:1] if gen4 else payload[1:2])

    def _raw_start(self, _link: Link, payload: bytes) -> Answer:
        if payload[:1] not in (b"\1", b"\2"):
            return _FAILED
        if payload[0] == 2:
            # Revision 1 knows no end and runs for a day.
            seconds = int.from_bytes(payload[1:5], "little") / 1000
            self._strap.soon(lambda: self._strap.streams.switch("raw", on=False), seconds)
        return self._flag("raw", b"\1")

    def _event_packets(self, _link: Link, payload: bytes) -> Answer:
        self._strap.sends_events = payload[:1] == b"\1"
        return _OK

    # --- haptics --------------------------------------------------------------

    def _buzz(self) -> Answer:
        return self._after(_OK, self._strap.haptics.buzz)

    def _stop_haptics(self, _link: Link, _payload: bytes) -> Answer:
        return self._after(_OK, self._strap.haptics.stop)

    def _set_alarm(self, _link: Link, payload: bytes) -> Answer:
        outcome, then = self._strap.haptics.set_alarm(payload)
        status = Status.OK if outcome is AlarmStatus.ACCEPTED else Status.FAILED
        return Answer(status, bytes((4, outcome)), then)

    def _run_alarm(self, _link: Link, _payload: bytes) -> Answer:
        return Answer(body=bytes((2, AlarmStatus.ACCEPTED)), then=self._strap.haptics.ring)

    def _disable_alarm(self, _link: Link, _payload: bytes) -> Answer:
        self._strap.haptics.disarm()
        return _OK
