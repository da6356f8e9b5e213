"""What a strap sends by itself while a flag is on: live heart rate, motion, prompts."""

from typing import TYPE_CHECKING, Final

import numpy as np

from custom_components.openstrap.engine.protocol import EventId, Generation
from custom_components.openstrap.engine.protocol.encode import encode_live_hr, encode_r10

from .clock import Timer, split
from .gatt import Channel

if TYPE_CHECKING:
    from .strap import SimulatedStrap

LIVE_S: Final = 1.0
MOTION_S: Final = 25 / 26
IMU_S: Final = 10 / 104
_WAVE: Final = np.sin(np.arange(300).reshape(3, 100) / 9.0) * 0.05
_V21_SIZE: Final = 1232
_IMU_SIZE: Final = 84


class Streams:
    """The flags and what follows from them."""

    def __init__(self, strap: SimulatedStrap) -> None:
        """Begin with everything off."""
        self._strap = strap
        self.flags = {"live": False, "raw": False, "imu": False}
        self._timers: dict[str, Timer] = {}
        self._index = 0

    def switch(self, name: str, *, on: bool) -> None:
        """Switch one flag."""
        self.flags[name] = on
        if name == "live":
            self._strap.event(EventId.BLE_REALTIME_HR_ON if on else EventId.BLE_REALTIME_HR_OFF)
        if on and name not in self._timers:
            self._tick(name)
        elif not on and (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()

    def connected(self) -> None:
        """Go on with what was left on."""
        for name, on in self.flags.items():
            if on and name not in self._timers:
                self._tick(name)

    def disconnected(self) -> list[str]:
        """Stop sending; give the flags that were left on. The live one does not outlive the link."""
        left = [name for name, on in self.flags.items() if on]
        for name in self.flags:
            if (timer := self._timers.pop(name, None)) is not None:
                timer.cancel()
        self.flags["live"] = False
        return left

    def _tick(self, name: str) -> None:
        strap = self._strap
        link = strap.link
        if link is None or not self.flags[name]:
            self._timers.pop(name, None)
            return
        packet, pause = {"live": self._live, "raw": self._raw, "imu": self._imu}[name]()
        self._timers[name] = strap.soon(lambda: self._tick(name), pause)
        if packet is not None and link.encrypted:
            link.send(Channel.DATA, packet)

    def _live(self) -> tuple[bytes | None, float]:
        strap = self._strap
        epoch, subsec = split(strap.clock.at(strap.time.now()))
        gen4 = strap.generation is Generation.GEN4
        hr, rr = strap.recorder.pulse_now()
        if not strap.worn:
            return (encode_live_hr(epoch, subsec, 0, on_body=False) if gen4 else None), LIVE_S
        return encode_live_hr(epoch, subsec, hr, rr), LIVE_S

    def _raw(self) -> tuple[bytes, float]:
        strap = self._strap
        epoch, subsec = split(strap.clock.at(strap.time.now()))
        if strap.generation is Generation.GEN5:
            return _motion_gen5(epoch, subsec), 1.0
        self._index += 1
        hr, rr = strap.recorder.pulse_now()
        packet = encode_r10(
            self._index, epoch, subsec, hr, rr, accel_g=_WAVE, gyro_dps=_WAVE, live=True
        )
        return packet, MOTION_S

    def _imu(self) -> tuple[bytes, float]:
        strap = self._strap
        epoch, subsec = split(strap.clock.at(strap.time.now()))
        if strap.generation is Generation.GEN5:
            return _motion_gen5(epoch, subsec), 1.0
        self._index += 1
        packet = bytearray(_IMU_SIZE)
        packet[:2] = bytes((0x33, strap.sequence()))
        packet[4:8] = epoch.to_bytes(4, "little")
        packet[14:16] = (self._index & 0xFFFF).to_bytes(2, "little")
        packet[64:84] = (4096).to_bytes(2, "little") * 10
        return bytes(packet), IMU_S

    # --- prompts --------------------------------------------------------------

    def start_prompts(self, interval_s: float, duration_s: float) -> None:
        """Ask the host for a refresh every so often, for a while."""
        self.stop_prompts(tell=False)
        strap = self._strap
        strap.event(EventId.HIGH_FREQ_ON)
        end = strap.time.now() + duration_s

        def prompt() -> None:
            if strap.time.now() >= end:
                self.stop_prompts()
                return
            strap.event(EventId.HIGH_FREQ_PROMPT)
            self._timers["prompt"] = strap.soon(prompt, interval_s)

        self._timers["prompt"] = strap.soon(prompt, interval_s)

    def stop_prompts(self, *, tell: bool = True) -> None:
        """End that."""
        if (timer := self._timers.pop("prompt", None)) is not None:
            timer.cancel()
            if tell:
                self._strap.event(EventId.HIGH_FREQ_OFF)


def _motion_gen5(epoch: int, subsec: int) -> bytes:
    """Make a gen5 motion buffer of a still arm."""
    packet = bytearray(_V21_SIZE)
    packet[:3] = bytes((0x2B, 21, 0x80))
    packet[7:11] = epoch.to_bytes(4, "little")
    packet[11:13] = subsec.to_bytes(2, "little")
    for at, size in ((14, 100), (16, 100), (620, 100), (622, 100)):
        packet[at : at + 2] = size.to_bytes(2, "little")
    packet[18], packet[624] = 3, 5
    packet[420:620] = (4096).to_bytes(2, "little") * 100
    return bytes(packet)
