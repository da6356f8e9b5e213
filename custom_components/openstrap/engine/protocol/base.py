"""Terms that every part of the protocol shares: generations, reasons, trust marks, limits."""

from dataclasses import fields, is_dataclass
from enum import IntEnum, StrEnum
from typing import Any, Final, NamedTuple

SUBSEC_PER_S: Final = 32768
"""Ticks of the strap's clock in one second (the fraction has 15 bits)."""

CLOCK_SET_AFTER: Final = 1_700_000_000
"""Epoch seconds. A strap that shows an earlier time was never told the time."""

HR_MIN_BPM: Final = 25
HR_MAX_BPM: Final = 230
"""A heart rate outside these bounds is an artefact; 0 means "no reading"."""

RR_MIN_MS: Final = 200
RR_MAX_MS: Final = 2500
"""An interval outside these bounds is filler and is dropped, one by one."""

ACCEL_LIMIT_G: Final = 16.0
"""Full scale of the accelerometer per axis; a larger mean cannot have been measured."""

ACCEL_COUNTS_PER_G: Final = 4096
GYRO_DPS_PER_COUNT: Final = 2000 / 32768
"""Scales of the raw motion samples."""


class Generation(StrEnum):
    """Which family of straps, hence which envelope and which layouts."""

    GEN4 = "gen4"
    """WHOOP 4.0."""
    GEN5 = "gen5"
    """WHOOP 5.0 and MG, one wire format."""


class PacketType(IntEnum):
    """First byte of an inner payload."""

    COMMAND = 0x23
    RESPONSE = 0x24
    PACK_COMMAND = 0x25
    PACK_RESPONSE = 0x26
    REALTIME_HR = 0x28
    REALTIME_RAW = 0x2B
    HISTORICAL = 0x2F
    EVENT = 0x30
    METADATA = 0x31
    CONSOLE = 0x32
    REALTIME_IMU = 0x33
    HISTORICAL_IMU = 0x34
    PACK_EVENT = 0x35
    PACK_LOG = 0x36
    PACK_CONSOLE = 0x37
    PACK_METADATA = 0x38


KNOWN_TYPES: Final = frozenset(int(kind) for kind in PacketType)


class Reason(IntEnum):
    """Why there is nothing to read. The numbers are stored with raw frames: never renumber."""

    OK = 0
    EMPTY = 1
    UNKNOWN_TYPE = 2
    TOO_SHORT = 3
    WRONG_LENGTH = 4
    UNKNOWN_VERSION = 5
    NON_FINITE = 6
    IMPLAUSIBLE = 7
    BAD_COUNT = 8
    UNKNOWN_MARKER = 9
    NO_BEATS = 10
    """Decodable, but a kind that carries no heart beats (bulk decoding only)."""
    NOT_A_RECORD = 11
    """A packet of another type among records (bulk decoding only)."""

    @property
    def text(self) -> str:
        """The stable word, as ``Undecodable.reason`` has it."""
        return self.name.lower()

    @property
    def sentence(self) -> str:
        """The reason in plain words."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    Reason.OK: "decoded",
    Reason.EMPTY: "there are no bytes",
    Reason.UNKNOWN_TYPE: "the first byte is no known packet type",
    Reason.TOO_SHORT: "shorter than this kind of packet can be",
    Reason.WRONG_LENGTH: "this kind has one exact length, and this is not it",
    Reason.UNKNOWN_VERSION: "no layout is known for this record version",
    Reason.NON_FINITE: "the acceleration is not a finite number",
    Reason.IMPLAUSIBLE: "heart rate or gravity are impossible, so the guessed layout does not fit",
    Reason.BAD_COUNT: "the number of samples it declares is impossible",
    Reason.UNKNOWN_MARKER: "a history marker that is neither start, end nor complete",
    Reason.NO_BEATS: "decodable, but this kind carries no heart beats",
    Reason.NOT_A_RECORD: "not a record",
}


class Undecodable(ValueError):
    """These bytes cannot be read, which is no fault: keep them raw.

    ``reason`` is a stable snake_case word, ``code`` the same as a number.
    """

    def __init__(self, code: Reason) -> None:
        """Take the reason."""
        super().__init__(code.sentence)
        self.code = code
        self.reason = code.text


class Trust(StrEnum):
    """How well the meaning of a field is known."""

    VERIFIED = "V"
    EMPIRICAL = "E"
    DISPUTED = "D"
    REFUTED = "X"
    UNKNOWN = "?"

    @property
    def word(self) -> str:
        """The mark in one plain word."""
        return self.name.lower()


class FieldSpec(NamedTuple):
    """What is known of one field of a packet."""

    name: str
    unit: str
    trust: Trust
    at: int | None
    """Offset of its first byte, None where it is not at a fixed place."""


def field_specs(packet: object) -> tuple[FieldSpec, ...]:
    """Name, unit, trust and offset of every public field of a packet (class or instance)."""
    if not is_dataclass(packet):
        raise TypeError(f"{packet!r} is no packet")
    return tuple(
        FieldSpec(one.name, one.metadata["unit"], one.metadata["trust"], one.metadata["at"])
        for one in fields(packet)
    )


def V(at: int | None = None, unit: str = "") -> dict[str, Any]:
    """Metadata of a field that was verified."""
    return {"at": at, "unit": unit, "trust": Trust.VERIFIED}


def E(at: int | None = None, unit: str = "") -> dict[str, Any]:
    """Metadata of a field seen by one source: plausible, not proven."""
    return {"at": at, "unit": unit, "trust": Trust.EMPIRICAL}


def D(at: int | None = None, unit: str = "") -> dict[str, Any]:
    """Metadata of a field about which sources contradict each other."""
    return {"at": at, "unit": unit, "trust": Trust.DISPUTED}


def X(at: int | None = None, unit: str = "") -> dict[str, Any]:
    """Metadata of bytes whose usual name is refuted: derive nothing from them."""
    return {"at": at, "unit": unit, "trust": Trust.REFUTED}


def U(at: int | None = None, unit: str = "") -> dict[str, Any]:
    """Metadata of bytes of unknown meaning."""
    return {"at": at, "unit": unit, "trust": Trust.UNKNOWN}


def clock_is_set(epoch: int) -> bool:
    """Tell whether a strap time (s) can be a real one."""
    return epoch >= CLOCK_SET_AFTER


def usable_hr(hr_bpm: int) -> int | None:
    """Give the heart rate (bpm), or None when it is "no reading" or an artefact."""
    return hr_bpm if HR_MIN_BPM <= hr_bpm <= HR_MAX_BPM else None
