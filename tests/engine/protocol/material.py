"""Packets of every kind, laid out by the tables of the specification and filled with plausible numbers."""

from struct import pack, pack_into
from typing import Final, NamedTuple

import numpy as np

from custom_components.openstrap.engine.protocol import Generation, encode

GEN4: Final = Generation.GEN4
GEN5: Final = Generation.GEN5

COUNTER: Final = 34_217_036
EPOCH: Final = 1_780_928_574
SUBSEC: Final = 14_160


class Sample(NamedTuple):
    """One packet and how it is to be read."""

    name: str
    generation: Generation
    inner: bytes


def record(version: int, size: int, *, kind: int = 0x2F, flags: int = 5) -> bytearray:
    """Begin a record: the common header, the rest zero."""
    data = bytearray(size)
    pack_into("<BBBIIH", data, 0, kind, version, flags, COUNTER, EPOCH, SUBSEC)
    return data


def r24(version: int = 24, size: int = 96) -> bytes:
    """Summary record, every field with a value of its own."""
    data = record(version, 96)
    data[13:17] = b"\x80\x54\x54\x01"
    data[17:19] = bytes((109, 2))
    pack_into("<2h", data, 19, 555, 564)
    pack_into("<HBf3ff", data, 29, 1899, 255, 0.0133, -0.4031, 0.4506, 0.8725, 4.0)
    data[52:64] = data[36:48]
    pack_into("<8H", data, 64, 592, 612, 861, 612, 297, 0x0B01, 0x0C01, 0x0C02)
    data[80:88] = bytes(range(8))
    data[88] = 7
    return bytes(data[:size])


def gated(version: int, hr_at: int) -> bytes:
    """Plausible record of a version without a layout of its own."""
    data = bytearray(r24(version))
    data[14:28] = bytes(14)
    data[hr_at] = 63
    return bytes(data)


def r10(*, live: bool = False) -> bytes:
    """Motion record with a movement in it."""
    phase = np.linspace(0, 6, 100)
    accel = np.stack([0.1 * np.sin(phase), 0.2 * np.cos(phase), 1 + 0.01 * phase])
    gyro = np.stack([20 * np.sin(phase), -30 * np.cos(phase), 5 * phase])
    return encode.encode_r10(
        COUNTER, EPOCH, SUBSEC, 62, (837, 901), accel_g=accel, gyro_dps=gyro, live=live
    )


def r11(*, kind: int = 0x2F) -> bytes:
    """Optical record: blocks 0 and 3 lit."""
    data = record(11, 1924, kind=kind, flags=0)
    for at, count, base in ((14, 50, 200_000), (439, 0, 0), (864, 51, 0), (1289, 50, -5_000)):
        data[at] = count
        pack_into("<BHBHBH", data, at + 1, 4, 2200, 5, 2200, 1, 2200)
        pack_into("<BIhBIh", data, at + 10, 4, 32, 800, 5, 32, -800)
        pack_into("<50i", data, at + 24, *range(base, base + 50))
        pack_into("<50i", data, at + 224, *range(base + 100, base + 150))
    return bytes(data)


def pulse(version: int, flags: int) -> bytes:
    """Pulse packet of either generation: samples 209219, 209229 and so on."""
    data = record(version, 76, flags=flags)
    pack_into("<Hi24hfH", data, 13, 9, 209_219, *[10] * 24, 0.0131, 912)
    data[73:75] = bytes((1, 1))
    return bytes(data)


def v18() -> bytes:
    """Gen5 summary record."""
    return encode.encode_v18(
        COUNTER, EPOCH, SUBSEC, 61, (942,), accel_g=(0.1647, 0.6295, 0.7786), dyn_accel_g=0.0068,
        steps=645, skin_temp_c=33.59, sleep_state=2,
    )  # fmt: skip


def v20() -> bytes:
    """Gen5 optical buffer: 25 samples in block 0, none believed in block 1."""
    data = record(20, 2128, flags=0x81)
    pack_into("<H", data, 15, 25)
    data[18], data[440] = 25, 51
    pack_into("<25I", data, 39, *((value & 0xFFFFF) | 0xA00000 for value in range(-10, 15)))
    pack_into("<25I", data, 239, *range(100, 125))
    return bytes(data)


def v21(*, kind: int = 0x2F, version: int = 21, accel: int = 100, gyro: int = 40) -> bytes:
    """Gen5 motion buffer."""
    data = record(version, 1232, kind=kind, flags=0x80)
    pack_into("<HHBB", data, 14, 100, accel, 3, 1)
    pack_into("<HHBB", data, 620, 100, gyro, 5, 1)
    for axis in range(3):
        pack_into("<100h", data, 20 + 200 * axis, *range(axis, 100 + axis))
        pack_into("<100h", data, 632 + 200 * axis, *range(-axis, 100 - axis))
    return bytes(data)


def v22(tag: int) -> bytes:
    """Gen5 research record."""
    data = record(22, 176, flags=0x80)
    data[13] = tag
    if tag == 5:
        pack_into("<I4xi24h", data, 15, EPOCH - 39, 23_393, *range(24))
        pack_into("<fHB", data, 75, 0.526, 864, 1)
    elif tag == 6:
        for place, at in enumerate((18, 68, 118)):
            pack_into("<25h", data, at, *range(100 * place, 100 * place + 25))
    elif tag == 3:
        pack_into("<i24h", data, 15, 119_246, *range(24))
        pack_into("<i24h", data, 67, 524_287, *[0] * 24)
        data[120], data[145] = 0x80, 3
        pack_into("<f3fH", data, 123, 0.0065, 1.5, 2.5, 3.5, 592)
    else:
        pack_into("<i49h", data, 15, 1_000, *range(49))
        data[118], data[143] = 0x80, 3
        pack_into("<f3fH", data, 121, 0.0065, 1.5, 2.5, 3.5, 592)
    return bytes(data)


def live_motion() -> bytes:
    """Ten accelerometer samples."""
    data = bytearray(84)
    data[0] = 0x33
    pack_into("<I", data, 4, EPOCH)
    pack_into("<H", data, 14, 77)
    for axis in range(3):
        pack_into("<10h", data, 24 + 20 * axis, *range(4096 * axis, 4096 * axis + 10))
    return bytes(data)


def response(opcode: int, body: bytes, status: int = 1) -> bytes:
    """Reply of the strap."""
    return bytes((0x24, 0x66, opcode, 0x02, status)) + body


def hello_gen4(serial: bytes = b"4C0123456") -> bytes:
    """Body of a gen4 HELLO: 89.9 %, clock set."""
    words = (6, 2, 16, 41, 17, 6, 0, 1544)
    return (
        pack("<BIBII", 4, 899, 1, EPOCH, SUBSEC)
        + serial
        + b"\0"
        + b"0123456789abcdef" * 2
        + b"".join(word.to_bytes(4, "little") for word in words)
    )


def hello_gen5() -> bytes:
    """Body of a gen5 HELLO: 47.0 %, on the wrist."""
    body = bytearray(104)
    pack_into("<BIBII", body, 0, 1, 470, 0x81, EPOCH, SUBSEC)
    body[14:25] = b"5AG00000042"
    pack_into("<III", body, 79, 3, 52, 50)
    pack_into("<BBBI", body, 91, 50, 35, 3, 0)
    body[98:104] = bytes((11, 1, 2, 1, 1, 0xFE))
    return bytes(body)


DATA_RANGE: Final = bytes.fromhex(
    "0180670100627100004e670100537100001a000000000002008b07030032640a00"
    "54fdd069385e000087d6d269402b000095d6d269f06000007833fc6910480000"
)
"""The worked body of the specification."""

SUMMARIES: Final = (
    Sample("r24", GEN4, r24()),
    Sample("r12", GEN4, r24(12, 88)),
    Sample("r24_floor", GEN4, r24(24, 72)),
    Sample("v7", GEN4, gated(7, 27)),
    Sample("v9", GEN4, gated(9, 17)),
    Sample("v18_gen4", GEN4, gated(18, 14)),
    Sample("v31", GEN4, gated(31, 17)),
    Sample("v18", GEN5, v18()),
)
BUFFERS: Final = (
    Sample("r10", GEN4, r10()),
    Sample("r10_live", GEN4, r10(live=True)),
    Sample("r11", GEN4, r11()),
    Sample("r11_live", GEN4, r11(kind=0x2B)),
    Sample("v25", GEN4, pulse(25, 0)),
    Sample("v26", GEN5, pulse(26, 0x80)),
    Sample("v20", GEN5, v20()),
    Sample("v21", GEN5, v21()),
    Sample("v21_live", GEN5, v21(kind=0x2B)),
    *(Sample(f"v22_{tag}", GEN5, v22(tag)) for tag in (1, 3, 5, 6, 9)),
)
LIVE: Final = (
    Sample("live_hr", GEN4, encode.encode_live_hr(EPOCH, SUBSEC, 98, (603, 587))),
    Sample("live_hr_gen5", GEN5, encode.encode_live_hr(EPOCH, SUBSEC, 0, (), on_body=False)),
)
CONTROL: Final = (
    Sample("live_motion", GEN4, live_motion()),
    Sample("event", GEN4, encode.encode_event(14, EPOCH, SUBSEC)),
    Sample(
        "battery_event",
        GEN4,
        encode.encode_event(
            3, EPOCH, SUBSEC, encode.battery_body(87.3, 4011, charging=True), sequence=0x21
        ),
    ),
    Sample(
        "condition", GEN5, encode.encode_event(29, EPOCH, 0, pack("<IHHBBB", 9, 15, 473, 1, 1, 2))
    ),
    Sample("haptics", GEN4, encode.encode_event(100, EPOCH, 0, b"\x01\x02")),
    Sample("pack_event", GEN5, encode.encode_event(109, EPOCH, 0, bytes(7) + b"PACK" + bytes(20))),
    Sample("firmware_event", GEN5, encode.encode_event(123, EPOCH, 0, b"\x01\x02\x03\x04")),
    Sample("console", GEN4, encode.encode_console(EPOCH, "sensor: on", sequence=24)),
    Sample("start", GEN4, encode.encode_marker(1, EPOCH, SUBSEC)),
    Sample("end", GEN5, encode.encode_marker(2, EPOCH, expected_count=59, token=bytes(range(8)))),
    Sample("complete", GEN4, encode.encode_marker(3, EPOCH)),
    Sample("command", GEN4, bytes.fromhex("23041600")),
    Sample("hello_gen4", GEN4, response(0x23, hello_gen4())),
    Sample("hello_gen5", GEN5, response(0x91, hello_gen5())),
    Sample("data_range", GEN4, response(0x22, DATA_RANGE)),
    Sample("battery_gen4", GEN4, response(0x1A, pack("<H", 899))),
    Sample("battery_gen5", GEN5, response(0x1A, b"\x2f")),
    Sample("version", GEN4, response(0x07, pack("<B8I", 1, 41, 17, 2, 0, 17, 2, 2, 0))),
    Sample("clock", GEN4, response(0x0B, pack("<II", EPOCH, SUBSEC))),
    Sample("name", GEN4, response(0x4C, b"\x01\x01\x06Tester")),
    Sample("alarm", GEN5, response(0x43, pack("<BBIH", 4, 1, EPOCH, SUBSEC))),
    Sample("alarm_outcome", GEN4, response(0x42, b"\x04\x0a", status=0)),
    Sample("location", GEN4, response(0x54, b"\x01\x00\xff\x02")),
    Sample("ext_battery", GEN4, response(0x62, pack("<BhHHHHH", 1, -42, 0, 4011, 0, 0, 300))),
    Sample("pack_info", GEN5, response(0x97, b"\x01\x01ABCDEFPACK" + bytes(12) + bytes(4))),
    Sample("opaque", GEN5, bytes.fromhex("36010203")),
)
RECORDS: Final = (*SUMMARIES, *BUFFERS, *LIVE)
ALL: Final = (*RECORDS, *CONTROL)

WORKED_FRAMES: Final = (
    # the numbered examples of section 2.4: generation, frame, inner
    (GEN4, "aa0800a823002300ada86a2d", "23002300"),
    (GEN4, "aa0800a823014c00f2b5cdce", "23014c00"),
    (GEN4, "aa0800a823022200824df537", "23022200"),
    (GEN4, "aa0800a823034301c54dd63d", "23034301"),
    (GEN4, "aa0800a823041600c7c25288", "23041600"),
    (GEN4, "aa0800a823a20b00098fcbaa", "23a20b00"),
    (GEN4, "aa10005723a00a3478256a0040000000279cb351", "23a00a3478256a0040000000"),
    (GEN4, "aa10005723051701867100001a000000ce0dcb57", "23051701867100001a000000"),
    (GEN5, "aa0108000001e67123019101363e5c8d", "23019101"),
    (GEN5, "aa0108000001e67123012200dbf3b335", "23012200"),
    (GEN5, "aa0110000001e0d123a00a3478256a0040000000279cb351", "23a00a3478256a0040000000"),
    (GEN4, "aa0c00fc24b7170001000000ad97a35b", "24b7170001000000"),
    (GEN5, "aa0110000100208130340e008089266a3d2a000030b8df92", "30340e008089266a3d2a0000"),
    (
        GEN5,
        "aa011c00010023d13145024a6eaa6933533b000000ee18000000000000000000bdec1f16",
        "3145024a6eaa6933533b000000ee18000000000000000000",
    ),
    (
        GEN5,
        "aa011800010022e128029ea0266aae4762025b024b020000000001005ed515dc",
        "28029ea0266aae4762025b024b02000000000100",
    ),
)  # fmt: skip
