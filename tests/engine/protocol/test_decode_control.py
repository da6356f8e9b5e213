"""Events, markers, replies."""

import pytest

from custom_components.openstrap.engine.protocol import (
    AlarmStatus,
    Command,
    Console,
    Event,
    Generation,
    Marker,
    MarkerKind,
    Response,
    Status,
    Undecodable,
    clock_is_set,
    decode,
    encode,
)
from custom_components.openstrap.engine.protocol.event import (
    BatteryLevel,
    ConditionReport,
    FirmwareEvent,
    HapticsEnd,
    HapticsEnded,
    PackEvent,
)
from custom_components.openstrap.engine.protocol.response import (
    Alarm,
    AlarmOutcome,
    Battery,
    BodyLocation,
    Clock,
    DataRange,
    ExtBattery,
    Hello,
    Name,
    PackInfo,
    Version,
)

from . import material
from .material import CONTROL, EPOCH, GEN4, GEN5, SUBSEC

BY_NAME = {sample.name: sample for sample in CONTROL}


def event(inner: bytes, generation: Generation = GEN4) -> Event:
    """Decode an event."""
    packet = decode(inner, generation)
    assert isinstance(packet, Event)
    return packet


def reply(name: str) -> Response:
    """Decode one of the sample replies."""
    packet = decode(BY_NAME[name].inner, BY_NAME[name].generation)
    assert isinstance(packet, Response)
    return packet


def marker(inner: bytes) -> Marker:
    """Decode a marker."""
    packet = decode(inner, GEN4)
    assert isinstance(packet, Marker)
    return packet


EVENTS = {
    1: "ERROR", 3: "BATTERY_LEVEL", 5: "EXTERNAL_5V_ON", 6: "EXTERNAL_5V_OFF", 7: "CHARGING_ON",
    8: "CHARGING_OFF", 9: "WRIST_ON", 10: "WRIST_OFF", 11: "BLE_CONNECTION_UP",
    12: "BLE_CONNECTION_DOWN", 13: "RTC_LOST", 14: "DOUBLE_TAP", 15: "BOOT", 16: "SET_RTC",
    17: "TEMPERATURE_LEVEL", 18: "PAIRING_MODE", 21: "BATTERY_PACK_ON", 22: "BATTERY_PACK_OFF",
    23: "BLE_BONDED", 24: "BLE_HR_BROADCAST_ON", 25: "BLE_HR_BROADCAST_OFF", 26: "TRIM_ALL",
    27: "TRIM_ALL_ENDED", 28: "FLASH_INIT_COMPLETE", 29: "CONDITION_REPORT",
    32: "TOUCH_THRESHOLD", 33: "BLE_REALTIME_HR_ON", 34: "BLE_REALTIME_HR_OFF",
    37: "SHIP_MODE_ON", 38: "SHIP_MODE_OFF", 56: "ALARM_ARMED", 57: "ALARM_FIRED",
    60: "HAPTICS_FIRED", 63: "EXTENDED_BATTERY", 96: "HIGH_FREQ_PROMPT", 97: "HIGH_FREQ_ON",
    98: "HIGH_FREQ_OFF", 100: "HAPTICS_ENDED", 109: "PACK_INFO", 123: "FIRMWARE_EVENT",
}  # fmt: skip
"""The table of the specification."""


# --- events -------------------------------------------------------------------


@pytest.mark.parametrize("number", range(130))
def test_event_numbers(number: int) -> None:
    """Each event under its number, and no name for the others."""
    assert event(encode.encode_event(number, EPOCH)).name == EVENTS.get(number)


def test_numbers_of_outcomes() -> None:
    """As the specification counts them."""
    assert [one.name for one in sorted(Status)] == ["FAILED", "OK", "PENDING", "NOT_SUPPORTED"]
    assert sorted(Status) == [0, 1, 2, 3]
    assert [one.name for one in sorted(AlarmStatus)] == [
        "UNKNOWN", "ACCEPTED", "BAD_EFFECT", "BAD_LOOP", "BAD_DURATION", "PLAYED",
        "HAPTICS_FAILED", "TIMED_OUT", "BUSY", "STOPPED", "BAD_TIME", "BAD_SLOT",
    ]  # fmt: skip
    assert sorted(AlarmStatus) == list(range(12))


def test_battery_event_of_the_specification() -> None:
    """87.3 %, 4011 mV, charging."""
    inner = bytes.fromhex("302103003478256a004014000269030000ab0f00000101" + "00" * 9)
    packet = event(inner)
    assert (packet.sequence, packet.event_id, packet.name) == (0x21, 3, "BATTERY_LEVEL")
    assert (packet.epoch, packet.subsec) == (1780840500, 16384)
    assert packet.detail == BatteryLevel(87.3, 4011, charging=True)


def test_event_with_padding_and_without_body() -> None:
    """What lies behind the declared length is padding."""
    packet = event(bytes.fromhex("301e0c0095d6d26920000000414141"))
    assert (packet.name, packet.body, packet.detail) == ("BLE_CONNECTION_DOWN", b"", None)


def test_unknown_event_is_kept() -> None:
    """With its number and its body."""
    packet = event(encode.encode_event(102, EPOCH, 5, b"\x01\x01\0\0"))
    assert (packet.event_id, packet.name, packet.body) == (102, None, b"\x01\x01\0\0")


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("condition", ConditionReport(9, 1.5, 47.3, 1, charging=True, wrist_state=2)),
        ("haptics", HapticsEnded(HapticsEnd.DOUBLE_TAP)),
        ("pack_event", PackEvent(bytes(6), "PACK", 0, 0, 0)),
        ("firmware_event", FirmwareEvent(0x0302)),
    ],
)
def test_event_bodies(name: str, detail: object) -> None:
    """The bodies that are understood."""
    assert event(BY_NAME[name].inner, BY_NAME[name].generation).detail == detail


@pytest.mark.parametrize(
    "inner",
    [
        encode.encode_event(3, EPOCH, 0, b"\x02\x01"),
        encode.encode_event(3, EPOCH, 0, b"\x09" + bytes(19)),
        encode.encode_event(100, EPOCH, 0, b"\x01\x09"),
    ],
)
def test_bodies_that_do_not_fit_are_left_alone(inner: bytes) -> None:
    """Too short, of another revision, with a cause nobody knows: the event stays, bare."""
    packet = event(inner)
    assert packet.detail is None
    assert packet.body


def test_impossible_charge_is_absent() -> None:
    """More than 100 % is no reading."""
    packet = event(
        encode.encode_event(3, EPOCH, 0, encode.battery_body(100.1, 4000, charging=False))
    )
    assert packet.detail == BatteryLevel(None, 4000, charging=False)


def test_event_shorter_than_it_says() -> None:
    """A body that is not there is not guessed."""
    whole = encode.encode_event(3, EPOCH, 0, encode.battery_body(50, 4000, charging=False))
    with pytest.raises(Undecodable, match="shorter"):
        decode(whole[:-1], GEN4)
    with pytest.raises(Undecodable, match="shorter"):
        decode(whole[:11], GEN4)


def test_console() -> None:
    """Latin-1, whatever the sequence number."""
    packet = decode(encode.encode_console(EPOCH, "température 24", 7, sequence=24), GEN4)
    assert packet == Console(24, EPOCH, 7, "température 24")


# --- markers ------------------------------------------------------------------


def test_history_end() -> None:
    """The token comes out as it came in."""
    packet = marker(bytes.fromhex("317002b996e201582834000000867100001a000000000000"))
    assert (packet.sub, packet.epoch, packet.subsec) == (MarkerKind.END, 31626937, 10328)
    assert packet.expected_count == 52
    assert packet.token == bytes.fromhex("867100001a000000")
    assert (packet.token_page, packet.token_wrap) == (29062, 26)
    assert not clock_is_set(packet.epoch)


def test_history_start() -> None:
    """Firmware of both processors."""
    packet = marker(
        bytes.fromhex(
            "316901b296e201e82306000000100000000200000029000000110000000600000000000000080600"
        )
    )
    assert (packet.sub, packet.firmware, packet.signal_processor) == (1, "41.17.6.0", "8.6")
    assert (packet.token, packet.token_page, packet.token_wrap) == (None, None, None)


def test_short_markers() -> None:
    """An END without its token has none; a START without firmware too; less is no marker."""
    end = encode.encode_marker(2, EPOCH, expected_count=9, token=bytes(8))
    assert (marker(end[:20]).token, marker(end[:20]).expected_count) == (None, None)
    assert marker(end[:21]).token == bytes(8)
    start = encode.encode_marker(1, EPOCH)
    assert marker(start[:38]).firmware is None
    assert marker(encode.encode_marker(3, EPOCH)).sub is MarkerKind.COMPLETE
    with pytest.raises(Undecodable):
        marker(end[:8])


def test_unknown_marker() -> None:
    """Nothing is acknowledged by guess."""
    with pytest.raises(Undecodable) as error:
        marker(encode.encode_marker(4, EPOCH))
    assert error.value.reason == "unknown_marker"


# --- replies ------------------------------------------------------------------


def test_hello_of_gen4() -> None:
    """Battery, clock, serial, firmware; no wrist flag, for there is none."""
    packet = reply("hello_gen4")
    assert (packet.opcode, packet.name, packet.request_seq, packet.status) == (
        0x23, "GET_HELLO_GEN4", 2, 1,
    )  # fmt: skip
    hello = packet.detail
    assert isinstance(hello, Hello)
    assert (hello.battery_percent, hello.charging) == (89.9, True)
    assert (hello.clock_epoch, hello.clock_subsec) == (EPOCH, SUBSEC)
    assert (hello.serial, hello.firmware, hello.on_wrist) == ("4C0123456", "41.17.6.0", None)


@pytest.mark.parametrize("serial", [b"short", b"much2long4a5serial", b"with space", b"\xff" * 8])
def test_hello_of_gen4_with_an_odd_serial(serial: bytes) -> None:
    """What does not look like a serial is none."""
    packet = decode(material.response(0x23, material.hello_gen4(serial)), GEN4)
    assert isinstance(packet, Response)
    assert isinstance(packet.detail, Hello)
    assert packet.detail.serial is None


def test_hello_of_gen4_cut_off() -> None:
    """Without its tail there is no firmware."""
    packet = decode(material.response(0x23, material.hello_gen4()[:40]), GEN4)
    assert isinstance(packet, Response)
    assert isinstance(packet.detail, Hello)
    assert packet.detail.firmware is None


def test_hello_of_gen5() -> None:
    """The fixed map."""
    hello = reply("hello_gen5").detail
    assert isinstance(hello, Hello)
    assert (hello.battery_percent, hello.charging, hello.serial) == (47.0, True, "5AG00000042")
    assert (hello.firmware, hello.signal_processor) == ("50.35.3.0", "11.1.2")
    assert (hello.on_wrist, hello.hr_broadcast, hello.error_code) == (True, True, -2)
    assert hello.hardware == (3, 52, 50)


@pytest.mark.parametrize(
    "body",
    [
        material.hello_gen5()[:103],
        b"\x02" + material.hello_gen5()[1:],
    ],
)
def test_hello_of_gen5_that_does_not_fit(body: bytes) -> None:
    """Shorter or of another revision: rejected as a whole."""
    packet = decode(material.response(0x91, body), GEN5)
    assert isinstance(packet, Response)
    assert packet.detail is None


def test_data_range_of_the_specification() -> None:
    """The worked body: 62971 pages behind."""
    found = reply("data_range").detail
    assert isinstance(found, DataRange)
    assert (found.write_page, found.trim_page, found.backlog_pages) == (91982, 29011, 62971)
    assert (found.oldest_epoch, found.newest_epoch) == (1775304020, 1778135928)
    assert (found.wrap_count, found.total_pages) == (26, 131072)


def test_data_range_wraps_and_survives_nonsense() -> None:
    """The ring goes round; a ring without pages has no backlog; revision 2 is not read."""
    body = bytearray(material.DATA_RANGE)
    body[9:13] = (5).to_bytes(4, "little")
    packet = decode(material.response(0x22, bytes(body)), GEN5)
    assert isinstance(packet, Response)
    assert isinstance(packet.detail, DataRange)
    assert packet.detail.backlog_pages == 131072 - 29011 + 5
    body[21:25] = bytes(4)
    packet = decode(material.response(0x22, bytes(body)), GEN5)
    assert isinstance(packet, Response)
    assert isinstance(packet.detail, DataRange)
    assert packet.detail.backlog_pages is None
    body[0] = 2
    packet = decode(material.response(0x22, bytes(body)), GEN5)
    assert isinstance(packet, Response)
    assert packet.detail is None


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("battery_gen4", Battery(89.9)),
        ("battery_gen5", Battery(47.0)),
        ("version", Version("41.17.2.0", "17.2.2.0")),
        ("clock", Clock(EPOCH, SUBSEC)),
        ("name", Name("Tester")),
        ("alarm", Alarm(True, EPOCH, SUBSEC)),
        ("alarm_outcome", AlarmOutcome(AlarmStatus.BAD_TIME)),
        ("location", BodyLocation(2)),
        ("ext_battery", ExtBattery(-42, 4011, 300)),
        ("pack_info", PackInfo(True, b"ABCDEF", "PACK", 0, 0, 0)),
    ],
)
def test_reply_bodies(name: str, detail: object) -> None:
    """The bodies that are understood."""
    assert reply(name).detail == detail


@pytest.mark.parametrize(
    ("opcode", "body", "status"),
    [
        (0x1A, b"\x83\x03", 0),
        (0x1A, b"\x83\x03", 2),
        (0x1A, b"\x83", 1),
        (0x07, b"\x02" + bytes(32), 1),
        (0x43, b"\x01" + bytes(9), 1),
        (0x44, b"\x02\x63", 1),
        (0x6B, b"\x01\x02\x03", 1),
    ],
)
def test_bodies_without_meaning(opcode: int, body: bytes, status: int) -> None:
    """Failed, pending, too short, of another form, of an unknown command: not read."""
    packet = decode(material.response(opcode, body, status), GEN4)
    assert isinstance(packet, Response)
    assert (packet.detail, packet.body, packet.status) == (None, body, status)


def test_names() -> None:
    """Only what can be printed is a name."""
    for body, expected in (
        (b"\0\0\x0eTester1 WHOOP\0", "Tester1 WHOOP"),
        (b"\0\0\x03\xff\xfe\xfd", None),
        (b"\0\0\0", None),
    ):
        packet = decode(material.response(0x4C, body), GEN4)
        assert isinstance(packet, Response)
        assert packet.detail == Name(expected)


def test_reply_of_four_bytes_is_none() -> None:
    """Without a status there is no reply."""
    with pytest.raises(Undecodable):
        decode(b"\x24\x01\x17\x00", GEN4)


def test_commands_seen_on_the_air() -> None:
    """Also those that are never sent from here."""
    assert decode(bytes.fromhex("23041600"), GEN4) == Command(4, 0x16, "SEND_HISTORY", b"\0")
    assert decode(bytes.fromhex("23a7990100000000"), GEN4) == Command(
        0xA7, 0x99, None, b"\x01\0\0\0\0"
    )
