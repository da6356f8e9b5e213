"""The three checks of the envelope."""

from typing import Final
import zlib


def _crc8_entry(value: int) -> int:
    for _ in range(8):
        value = (value << 1 ^ 0x07) & 0xFF if value & 0x80 else value << 1
    return value


def _crc16_entry(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value


_CRC8: Final = bytes(_crc8_entry(value) for value in range(256))
_CRC16: Final = tuple(_crc16_entry(value) for value in range(256))


def crc8(data: bytes) -> int:
    """Check the length of a gen4 header: polynomial 0x07, initial value 0, not reflected."""
    value = 0
    for byte in data:
        value = _CRC8[value ^ byte]
    return value


def crc16(data: bytes) -> int:
    """Check a gen5 header: MODBUS, polynomial 0x8005 reflected, initial value 0xFFFF."""
    value = 0xFFFF
    for byte in data:
        value = value >> 8 ^ _CRC16[(value ^ byte) & 0xFF]
    return value


def crc32(data: bytes) -> int:
    """Check an inner payload: the CRC of Ethernet and zlib."""
    return zlib.crc32(data)
