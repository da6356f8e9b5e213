"""The simulated band: flash, clock, battery, wrist and motor, and whoever is connected to it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from custom_components.openstrap.engine.protocol import (
    EventId,
    Generation,
    check_frame,
    clock_is_set,
)
from custom_components.openstrap.engine.protocol.encode import encode_event
from custom_components.openstrap.engine.protocol.event import HapticsEnd

from .battery import Battery
from .bonding import Bonding
from .clock import StrapClock, Timekeeper, Timer, split
from .commands import Commands
from .faults import ACK, Fate, StrapFault
from .flash import PAGES, SUMMARIES_PER_PAGE, FlashRing
from .gatt import Channel, Characteristic, gatt_table
from .haptics import Haptics
from .history import Transfer
from .ledger import Ledger, Misconduct, Oracle
from .link import (
    AUTHENTICATION,
    UNLIKELY,
    Closer,
    ConnectRefused,
    GattError,
    Link,
    LinkLost,
    PairingRefused,
    Transport,
    Unanswered,
)
from .moments import Moment, Moments
from .recorder import Recorder
from .sources import Source
from .streams import Streams

LOG_EVENTS: Final = 200
"""Events that the strap keeps and sends again at every connection."""
BATTERY_REPORT_S: Final = 480.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapConfig:
    """What a strap is like from the factory and by its owner."""

    generation: Generation = Generation.GEN4
    address: str = "C4:5A:10:00:00:01"
    name: str = "WHOOP 4A0000001"
    serial: str = "4A0000001"
    firmware: tuple[int, int, int, int] = (41, 17, 6, 0)
    total_pages: int = PAGES
    records_per_page: int = SUMMARIES_PER_PAGE
    burst_pages: int = 4
    console_per_burst: int = 1
    first_page: int = 29_011
    wrap_count: int = 26
    bonded_elsewhere: bool = False
    """Whether it keeps its bond with a phone until it is put into pairing mode."""
    refuses_history_unset: bool = False
    """Whether it sends no history while its clock is not set."""


GEN5: Final = StrapConfig(
    generation=Generation.GEN5,
    address="C4:5A:10:00:00:05",
    name="WHOOP 5B0000005",
    serial="5B0000005MG",
    firmware=(50, 38, 1, 0),
)


class SimulatedStrap:
    """One band. Transports connect with ``connect``; tests move it, tap it and charge it."""

    def __init__(
        self,
        source: Source,
        time: Timekeeper,
        is_durable: Callable[[bytes], bool] | Oracle,
        *,
        config: StrapConfig | None = None,
        backlog_s: float = 0.0,
        clock_offset_s: float = 0.0,
        drift_ppm: float = 0.0,
    ) -> None:
        """Begin with the records of the last ``backlog_s`` seconds in its memory.

        ``is_durable`` tells whether a record is safe on the host's disk right now.
        """
        self.source, self.time, self.config = source, time, config or StrapConfig()
        self.generation = self.config.generation
        self.gatt = gatt_table(self.generation)
        self.ledger = Ledger(is_durable)
        self.moments = Moments()
        self.faults: list[StrapFault] = []
        born = time.now() - backlog_s
        self.clock = StrapClock(born, offset_s=clock_offset_s, drift_ppm=drift_ppm)
        self.flash = FlashRing(
            self.config.total_pages,
            self.config.records_per_page,
            first_page=self.config.first_page,
            wrap_count=self.config.wrap_count,
        )
        self.recorder = Recorder(self, born)
        self.battery = Battery(self)
        self.bonding = Bonding(self)
        self.haptics = Haptics(self)
        self.streams = Streams(self)
        self.link: Link | None = None
        self.firmware_words = self.config.firmware
        self.worn, self.sends_events = True, True
        self.in_range, self.held_by_phone = True, False
        self.stubborn_clock = 0
        """How many times a new time is acknowledged and not taken."""
        self.only_unpadded_clock = False
        """Whether the time is only taken from a frame without padding."""
        self._commands = Commands(self)
        self._transfer: Transfer | None = None
        self._log: deque[bytes] = deque(maxlen=LOG_EVENTS)
        self._for_history: list[bytes] = []
        self._sequence = 0
        self._timers: set[Timer] = set()

    # --- time -----------------------------------------------------------------

    def soon(self, action: Callable[[], object], delay_s: float = 0.0) -> Timer:
        """Do something in the next go of the event loop, or after a while."""
        if not delay_s:
            try:
                return asyncio.get_running_loop().call_soon(action)
            except RuntimeError:
                return self.time.call_later(0.0, action)

        def run() -> None:
            self._timers.discard(timer)
            action()

        timer = self.time.call_later(delay_s, run)
        self._timers.add(timer)
        return timer

    def stop(self) -> None:
        """End the link and all that was to come: for the end of a test."""
        self.drop()
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def stamp(self) -> tuple[int, int]:
        """Give what its clock shows: seconds and ticks."""
        return split(self.clock.at(self.time.now()))

    @property
    def clock_is_set(self) -> bool:
        """Whether its clock was ever told the time."""
        return clock_is_set(self.stamp()[0])

    def set_clock(self, strap_s: float) -> None:
        """Take a new time, as from the host."""
        if self.stubborn_clock:
            self.stubborn_clock -= 1
            return
        self.recorder.grow()
        self.clock.set(self.time.now(), strap_s)
        self.haptics.reschedule()
        self.event(EventId.SET_RTC)

    def jump_clock(self, seconds: float) -> None:
        """Let the clock jump by itself."""
        self.recorder.grow()
        now = self.time.now()
        self.clock.set(now, self.clock.at(now) + seconds)
        self.haptics.reschedule()

    def lose_clock(self) -> None:
        """Let it forget the time."""
        self.recorder.grow()
        self.clock.lose(self.time.now())
        self.haptics.reschedule()
        self.event(EventId.RTC_LOST)

    # --- what happens to it ---------------------------------------------------

    def event(self, event_id: int, body: bytes = b"") -> None:
        """Let something happen: it is kept, and told to whoever is connected."""
        inner = encode_event(event_id, *self.stamp(), body, sequence=self.sequence())
        self.ledger.events.append(inner)
        self._log.append(inner)
        self._for_history.append(inner)
        if self.link is not None and self.link.encrypted and self.sends_events:
            self.link.send(Channel.EVENT, inner)

    def set_worn(self, worn: bool) -> None:
        """Put it on or take it off."""
        if worn != self.worn:
            self.recorder.grow()
            self.worn = worn
            self.event(EventId.WRIST_ON if worn else EventId.WRIST_OFF)

    def double_tap(self) -> None:
        """Tap it twice; that also ends an alarm."""
        self.event(EventId.DOUBLE_TAP)
        self.haptics.stop(HapticsEnd.DOUBLE_TAP)

    def restart(self, *, counter_reset: bool = True, lose_clock: bool = False) -> None:
        """Crash and start again; what is in the flash stays."""
        self.recorder.grow()
        self.drop(Closer.STRAP)
        if counter_reset:
            self.recorder.reset_counter()
        self.streams.flags = dict.fromkeys(self.streams.flags, False)
        if lose_clock:
            self.lose_clock()
        self.event(EventId.BOOT)

    def update_firmware(self, words: tuple[int, int, int, int]) -> None:
        """Run another firmware from now on; takes a restart."""
        self.firmware_words = words
        self.restart(counter_reset=False)

    # --- who is connected -----------------------------------------------------

    @property
    def advertises(self) -> bool:
        """Whether it can be found."""
        return self.in_range and not self.held_by_phone and self.link is None

    def connect(self, transport: Transport) -> Link:
        """Open a link. Raises ConnectRefused."""
        if self.link is not None:
            self.ledger.accuse(Misconduct.SECOND_CONNECTION, self.time.now())
        if not self.advertises:
            raise ConnectRefused
        self.recorder.grow()
        self.ledger.connections += 1
        link = Link(self, transport, self.ledger.connections)
        self.link, self._transfer = link, Transfer(link)
        for fault in self.faults:
            fault.connected(link)
        self.moments.fire(Moment.CONNECT)
        if not link.alive:
            raise ConnectRefused
        self.event(EventId.BLE_CONNECTION_UP)
        self.streams.connected()
        self.soon(lambda: self._report(link), BATTERY_REPORT_S)
        return link

    def _report(self, link: Link) -> None:
        if link.alive:
            self.battery.report()
            self.soon(lambda: self._report(link), BATTERY_REPORT_S)

    def drop(self, closer: Closer = Closer.AIR) -> None:
        """Let the link drop."""
        if self.link is not None:
            self.link.close(closer)

    def on_closed(self, link: Link, closer: Closer) -> None:
        """Learn that a link is gone."""
        if link is not self.link:
            return
        self.link = self._transfer = None
        left = self.streams.disconnected()
        if left and closer is Closer.HOST:
            self.ledger.accuse(Misconduct.FLAG_LEFT_ON, self.time.now(), ", ".join(left))
        self.event(EventId.BLE_CONNECTION_DOWN)

    def walk_away(self, seconds: float) -> None:
        """Be out of range for a while."""
        self.in_range = False
        self.drop()
        self.soon(lambda: setattr(self, "in_range", True), seconds)

    def phone_takes(self, seconds: float) -> None:
        """Let a phone have it for a while; it reads nothing."""
        self.held_by_phone = True
        self.drop(Closer.STRAP)
        self.soon(lambda: setattr(self, "held_by_phone", False), seconds)

    def mute(self, seconds: float) -> None:
        """Send nothing at all for a while, though the link stays."""
        if self.link is not None:
            self.link.muted_until = self.time.now() + seconds

    def stall_history(self) -> None:
        """Send no more of the history until it is asked for again."""
        if self._transfer is not None:
            self._transfer.stall()

    def resend_burst(self) -> None:
        """Send the burst that waits for its acknowledgement once more."""
        if self._transfer is not None:
            self._transfer.resend()

    def repeat_end(self) -> None:
        """Send its END once more."""
        if self._transfer is not None:
            self._transfer.repeat_end()

    def add_fault(self, fault: StrapFault) -> None:
        """Let something go wrong from now on."""
        self.faults.append(fault)

    # --- what goes over the air -----------------------------------------------

    def sequence(self) -> int:
        """Give the number of the next packet."""
        self._sequence = (self._sequence + 1) & 0xFF
        return self._sequence

    def transfer(self, link: Link) -> Transfer:
        """Give the transfer of a link. Raises LinkLost for one that is gone."""
        if link is not self.link or self._transfer is None:
            raise LinkLost
        return self._transfer

    def abort_history(self) -> None:
        """Stop the transfer."""
        if self._transfer is not None:
            self._transfer.abort()

    def take_history_events(self) -> list[bytes]:
        """Hand over, once, events that go along with the next burst."""
        taken, self._for_history = self._for_history[:3], self._for_history[3:]
        return taken

    def on_subscribed(self, link: Link, characteristic: Characteristic) -> None:
        """Send the event log again to whoever listens for events."""
        if characteristic.channel is Channel.EVENT:
            for inner in list(self._log):
                link.send(Channel.EVENT, inner)

    def written(self, link: Link, data: bytes, *, response: bool) -> None:
        """Take what was written to the command characteristic."""
        if link.wedged:
            raise Unanswered
        if not link.encrypted:
            self._bond_on_write(link, response=response)
        found = check_frame(self.generation, data)
        inner = found.inner
        if not found.valid or found.size != len(data) or not inner or inner[0] != 0x23:
            self.ledger.accuse(Misconduct.BAD_FRAME, self.time.now(), data.hex())
            return
        fate = self._fate(link, inner)
        if fate is Fate.LOST:
            link.close(Closer.AIR)
            raise LinkLost
        if fate is Fate.IGNORED:
            return
        if fate is Fate.FAILED:
            raise GattError(UNLIKELY)
        self._obey(link, inner, response=response)
        if fate is Fate.DONE_BUT_LOST:
            link.close(Closer.AIR)
        if not link.alive:
            raise LinkLost
        if fate is Fate.DONE_BUT_FAILED:
            raise GattError(UNLIKELY)

    def _bond_on_write(self, link: Link, *, response: bool) -> None:
        if not response or not link.transport.host.bonds_on_write:
            raise GattError(AUTHENTICATION)
        try:
            self.bonding.pair(link)
        except PairingRefused:
            raise GattError(AUTHENTICATION) from None

    def _fate(self, link: Link, inner: bytes) -> Fate:
        for fault in self.faults:
            if (fate := fault.on_write(link, inner)) is not Fate.PASS:
                return fate
        return Fate.PASS

    def _obey(self, link: Link, inner: bytes, *, response: bool) -> None:
        now = self.time.now()
        self.ledger.commands.append((now, inner))
        if inner[2] == ACK and not response:
            self.ledger.accuse(Misconduct.ACK_WITHOUT_RESPONSE, now)
        self.moments.fire(Moment.COMMAND)
        if not link.alive:
            return
        replies, then = self._commands.run(link, inner)
        for fault in self.faults:
            replies = fault.on_reply(link, inner[2], replies)
        for reply in replies:
            link.send(Channel.RESPONSE, reply)
        if then is not None:
            then()
