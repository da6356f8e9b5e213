"""Known answers of the three checks."""

import pytest

from custom_components.openstrap.engine.protocol.checksum import crc8, crc16, crc32

TABLE = "00070e091c1b1215383f363124232a2d70777e796c6b626548 4f46415453 5a5d".replace(" ", "")


def test_standard_check_string() -> None:
    """The string that every description of a CRC gives."""
    text = b"123456789"
    assert (crc8(text), crc16(text), crc32(text)) == (0xF4, 0x4B37, 0xCBF43926)


@pytest.mark.parametrize(("value", "expected"), enumerate(bytes.fromhex(TABLE)))
def test_table_of_the_header_check(value: int, expected: int) -> None:
    """The first 32 entries as the specification lists them."""
    assert crc8(bytes((value,))) == expected


def test_of_nothing() -> None:
    """Initial values, seen from outside."""
    assert (crc8(b""), crc16(b""), crc32(b"")) == (0, 0xFFFF, 0)
