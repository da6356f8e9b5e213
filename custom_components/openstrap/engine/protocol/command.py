"""Commands to the strap: a builder for each safe one, and no other.

What is not in ``Opcode`` must not be sent, whoever asks. Firmware, erase, reboot, trim,
calibration and persistent configuration are not here on purpose.

All builders return an inner payload; ``build_frame`` wraps and pads it. ``seq`` is the
sequence number 0..255 that the reply echoes.
"""

from enum import IntEnum
from typing import Final

from .base import SUBSEC_PER_S, Generation, PacketType
from .event import Marker, MarkerKind


class Opcode(IntEnum):
    """Everything that this project may ever send."""

    LINK_VALID = 0x01
    REALTIME_HR = 0x03
    VERSION = 0x07
    SET_CLOCK = 0x0A
    GET_CLOCK = 0x0B
    BUZZ_GEN5 = 0x13
    ABORT_HISTORY = 0x14
    SEND_HISTORY = 0x16
    HISTORY_RESULT = 0x17
    GET_BATTERY = 0x1A
    GET_DATA_RANGE = 0x22
    GET_HELLO_GEN4 = 0x23
    EVENT_PACKETS = 0x30
    RAW_STREAM = 0x3F
    SET_ALARM = 0x42
    GET_ALARM = 0x43
    RUN_ALARM = 0x44
    DISABLE_ALARM = 0x45
    GET_NAME_GEN4 = 0x4C
    BUZZ_GEN4 = 0x4F
    RAW_START = 0x51
    RAW_STOP = 0x52
    BODY_LOCATION = 0x54
    HIGH_FREQ_ENTER = 0x60
    HIGH_FREQ_EXIT = 0x61
    EXT_BATTERY = 0x62
    IMU_STREAM = 0x6A
    STOP_HAPTICS = 0x7A
    SELECT_WRIST = 0x7B
    GET_NAME_GEN5 = 0x8D
    GET_HELLO_GEN5 = 0x91
    PACK_INFO = 0x97


ON_USER_ACTION: Final = frozenset(
    {Opcode.RAW_STREAM, Opcode.RAW_START, Opcode.RAW_STOP, Opcode.IMU_STREAM, Opcode.SELECT_WRIST}
)
"""Safe, but they write lasting memory or drain the battery: never without being asked to."""

_GEN4_ONLY: Final = frozenset(
    {
        Opcode.VERSION,
        Opcode.GET_HELLO_GEN4,
        Opcode.RAW_STREAM,
        Opcode.GET_NAME_GEN4,
        Opcode.BUZZ_GEN4,
        Opcode.EXT_BATTERY,
    }
)
_GEN5_ONLY: Final = frozenset(
    {
        Opcode.BUZZ_GEN5,
        Opcode.RAW_START,
        Opcode.RAW_STOP,
        Opcode.GET_NAME_GEN5,
        Opcode.GET_HELLO_GEN5,
        Opcode.PACK_INFO,
    }
)

ALARM_SLOTS: Final = {Generation.GEN4: range(1), Generation.GEN5: range(1, 7)}
"""Places for alarms."""
RAW_MAX_MS: Final = 600_000
"""Longest raw recording (ms) that may be asked for: it empties the battery."""
HIGH_FREQ_MIN_INTERVAL_S: Final = 61
HIGH_FREQ_MAX_DURATION_S: Final = 28_799
"""Bounds that gen5 straps insist on."""

_EFFECTS: Final = bytes((0x2F, 0x98, 0, 0, 0, 0, 0, 0))
"""Waveform that is felt on the wrist."""
_ALARM_LOOPS: Final = 7
_ALARM_MAX_S: Final = 30


class CommandRefused(ValueError):
    """What was asked for must not or cannot be sent."""


class Wrist(IntEnum):
    """Arm on which the strap is worn."""

    RIGHT = 1
    LEFT = 2


def is_allowed(opcode: int) -> bool:
    """Tell whether an opcode may be sent at all. Ask this at the lowest write function."""
    return opcode in Opcode


def is_allowed_inner(inner: bytes) -> bool:
    """Tell whether an inner payload is a command that may be sent."""
    return len(inner) >= 3 and inner[0] == PacketType.COMMAND and is_allowed(inner[2])


def is_supported(opcode: Opcode, generation: Generation) -> bool:
    """Tell whether straps of a generation know a command."""
    return opcode not in (_GEN5_ONLY if generation is Generation.GEN4 else _GEN4_ONLY)


def _command(
    opcode: Opcode, seq: int, payload: bytes = b"", generation: Generation | None = None
) -> bytes:
    if not 0 <= seq <= 0xFF:
        raise CommandRefused(f"sequence number {seq} does not fit into a byte")
    if generation is not None and not is_supported(opcode, generation):
        raise CommandRefused(f"{generation} has no {opcode.name}")
    return bytes((PacketType.COMMAND, seq, opcode)) + payload


def _switch(on: bool) -> bytes:
    return b"\x01" if on else b"\x00"


def _clock(unix_ms: int, subsec_size: int) -> bytes:
    """Encode a host time (ms) in the strap's units."""
    seconds, millis = divmod(unix_ms, 1000)
    if not 0 <= seconds <= 0xFFFFFFFF:
        raise CommandRefused(f"{seconds} s is no time that a strap can hold")
    subsec = millis * SUBSEC_PER_S // 1000
    return seconds.to_bytes(4, "little") + subsec.to_bytes(subsec_size, "little")


# --- identity, state ----------------------------------------------------------


def link_valid(seq: int) -> bytes:
    """Keep the link alive."""
    return _command(Opcode.LINK_VALID, seq, b"\0")


def get_hello(generation: Generation, seq: int) -> bytes:
    """Ask for serial, battery, clock and firmware."""
    if generation is Generation.GEN4:
        return _command(Opcode.GET_HELLO_GEN4, seq, b"\0")
    return _command(Opcode.GET_HELLO_GEN5, seq, b"\1")


def get_name(generation: Generation, seq: int) -> bytes:
    """Ask for the name that the owner gave the strap."""
    if generation is Generation.GEN4:
        return _command(Opcode.GET_NAME_GEN4, seq, b"\0")
    return _command(Opcode.GET_NAME_GEN5, seq, b"\1")


def get_version(generation: Generation, seq: int) -> bytes:
    """Ask for firmware versions (gen4)."""
    return _command(Opcode.VERSION, seq, generation=generation)


def get_battery(seq: int) -> bytes:
    """Ask for the state of charge."""
    return _command(Opcode.GET_BATTERY, seq)


def get_ext_battery(generation: Generation, seq: int) -> bytes:
    """Ask for current and voltage (gen4)."""
    return _command(Opcode.EXT_BATTERY, seq, b"\0", generation)


def get_body_location(seq: int) -> bytes:
    """Ask where the strap is worn."""
    return _command(Opcode.BODY_LOCATION, seq, b"\1")


def get_pack_info(generation: Generation, seq: int) -> bytes:
    """Ask about the battery pack (gen5)."""
    return _command(Opcode.PACK_INFO, seq, b"\1", generation)


def select_wrist(seq: int, wrist: Wrist) -> bytes:
    """Tell the strap on which arm it is. Written to lasting memory: on user action only."""
    return _command(Opcode.SELECT_WRIST, seq, bytes((1, wrist)))


# --- clock --------------------------------------------------------------------


def get_clock(seq: int) -> bytes:
    """Ask for the strap's time."""
    return _command(Opcode.GET_CLOCK, seq)


def set_clock(seq: int, unix_ms: int) -> bytes:
    """Set the strap's time to a host time (ms)."""
    return _command(Opcode.SET_CLOCK, seq, _clock(unix_ms, 4))


# --- history ------------------------------------------------------------------


def get_data_range(generation: Generation, seq: int) -> bytes:
    """Ask what the strap holds."""
    payload = b"\0" if generation is Generation.GEN4 else b""
    return _command(Opcode.GET_DATA_RANGE, seq, payload)


def send_history(generation: Generation, seq: int) -> bytes:
    """Ask for what has not been acknowledged."""
    payload = b"\0" if generation is Generation.GEN4 else b""
    return _command(Opcode.SEND_HISTORY, seq, payload)


def abort_history(generation: Generation, seq: int) -> bytes:
    """Stop a transfer."""
    payload = b"\0" if generation is Generation.GEN4 else b""
    return _command(Opcode.ABORT_HISTORY, seq, payload)


def build_ack(end_marker: Marker, seq: int) -> bytes:
    """Acknowledge a burst, upon which the strap erases it.

    Only from the END marker that closed the burst, and only once the burst is on disk.
    Raises CommandRefused for any other marker and for an END without its token.
    """
    if end_marker.sub is not MarkerKind.END or end_marker.token is None:
        raise CommandRefused("only a complete END marker can be acknowledged")
    return _command(Opcode.HISTORY_RESULT, seq, b"\1" + end_marker.token)


def history_failed(generation: Generation, seq: int) -> bytes:
    """Ask for the burst again: it came incomplete."""
    payload = b"\0" if generation is Generation.GEN4 else b"\0\0"
    return _command(Opcode.HISTORY_RESULT, seq, payload)


def high_freq_enter(seq: int, interval_s: int, duration_s: int) -> bytes:
    """Have the strap offer its history every so often for a while (s)."""
    if not HIGH_FREQ_MIN_INTERVAL_S <= interval_s <= 0xFFFF:
        raise CommandRefused(f"interval {interval_s} s")
    if not 0 < duration_s <= HIGH_FREQ_MAX_DURATION_S:
        raise CommandRefused(f"duration {duration_s} s")
    payload = b"\2" + interval_s.to_bytes(2, "little") + duration_s.to_bytes(2, "little")
    return _command(Opcode.HIGH_FREQ_ENTER, seq, payload)


def high_freq_exit(seq: int) -> bytes:
    """End that mode."""
    return _command(Opcode.HIGH_FREQ_EXIT, seq)


# --- live streams -------------------------------------------------------------


def realtime_hr(seq: int, *, on: bool) -> bytes:
    """Switch the live heart rate."""
    return _command(Opcode.REALTIME_HR, seq, _switch(on))


def event_packets(seq: int, *, on: bool) -> bytes:
    """Switch events. Leave them on."""
    return _command(Opcode.EVENT_PACKETS, seq, _switch(on))


def raw_stream(generation: Generation, seq: int, *, on: bool) -> bytes:
    """Switch the raw streams (gen4). On empties the battery; off ends a stuck flood."""
    return _command(Opcode.RAW_STREAM, seq, _switch(on), generation)


def imu_stream(generation: Generation, seq: int, *, on: bool) -> bytes:
    """Switch the live motion stream. On empties the battery."""
    revision = b"" if generation is Generation.GEN4 else b"\1"
    return _command(Opcode.IMU_STREAM, seq, revision + _switch(on))


def raw_start(generation: Generation, seq: int, duration_ms: int) -> bytes:
    """Record raw for a while (gen5, ms): always bounded, for the unbounded form runs all day."""
    if not 0 < duration_ms <= RAW_MAX_MS:
        raise CommandRefused(f"raw recording of {duration_ms} ms")
    return _command(Opcode.RAW_START, seq, b"\2" + duration_ms.to_bytes(4, "little"), generation)


def raw_stop(generation: Generation, seq: int) -> bytes:
    """End a raw recording (gen5)."""
    return _command(Opcode.RAW_STOP, seq, b"\1", generation)


# --- alarm and haptics --------------------------------------------------------


def _slot(generation: Generation, slot: int) -> int:
    if slot not in ALARM_SLOTS[generation]:
        raise CommandRefused(f"{generation} has no alarm slot {slot}")
    return slot


def set_alarm(generation: Generation, seq: int, unix_ms: int, slot: int | None = None) -> bytes:
    """Set the alarm to a host time (ms), in the only form that is felt.

    It runs on the strap's own clock, once. ``slot`` is 0 on gen4 and 1..6 on gen5; the
    first one when not given.
    """
    place = _slot(generation, ALARM_SLOTS[generation][0] if slot is None else slot)
    payload = bytes((4, place)) + _clock(unix_ms, 2) + _EFFECTS
    payload += bytes((0, 0, _ALARM_LOOPS, _ALARM_MAX_S))
    if generation is Generation.GEN5:
        payload += b"\0"
    return _command(Opcode.SET_ALARM, seq, payload)


def get_alarm(generation: Generation, seq: int, slot: int = 1) -> bytes:
    """Ask for the alarm (gen5: of a slot)."""
    gen4 = generation is Generation.GEN4
    payload = b"\1" if gen4 else bytes((4, _slot(generation, slot)))
    return _command(Opcode.GET_ALARM, seq, payload)


def run_alarm(generation: Generation, seq: int, slot: int = 1) -> bytes:
    """Let the alarm go off now (gen5: that of a slot)."""
    gen4 = generation is Generation.GEN4
    payload = b"\1" if gen4 else bytes((2, _slot(generation, slot)))
    return _command(Opcode.RUN_ALARM, seq, payload)


def disable_alarm(generation: Generation, seq: int, slot: int | None = None) -> bytes:
    """Switch off all alarms (gen5: or the one of a slot)."""
    if generation is Generation.GEN4:
        return _command(Opcode.DISABLE_ALARM, seq, b"\1")
    place = 0xFF if slot is None else _slot(generation, slot)
    return _command(Opcode.DISABLE_ALARM, seq, bytes((2, place)))


def buzz(generation: Generation, seq: int, times: int = 1) -> bytes:
    """Let the strap vibrate: one short pulse (gen4), or 1..10 of them (gen5)."""
    if not 1 <= times <= (1 if generation is Generation.GEN4 else 10):
        raise CommandRefused(f"{times} pulses")
    if generation is Generation.GEN4:
        return _command(Opcode.BUZZ_GEN4, seq, b"\2\0\0\0\0")
    return _command(Opcode.BUZZ_GEN5, seq, b"\1" + _EFFECTS + bytes((0, 0, times)))


def stop_haptics(seq: int) -> bytes:
    """Stop vibrating."""
    return _command(Opcode.STOP_HAPTICS, seq, b"\1")
