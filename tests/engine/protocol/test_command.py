"""Commands: the exact bytes of the safe ones, and no way to the others."""

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.protocol import (
    ON_USER_ACTION,
    CommandRefused,
    Generation,
    Marker,
    Opcode,
    command,
    decode,
    encode,
    is_allowed,
    is_allowed_inner,
    is_supported,
)

from .material import EPOCH, GEN4, GEN5

DANGEROUS = {
    0x19, 0x21, 0x1D, 0x20, 0x0F,
    0x24, 0x25, 0x26, 0x2D, 0x53, 0x8E, 0x8F, 0x90,
    *range(0x27, 0x2D), 0x34, 0x35, 0x3D, 0x8A,
    0x63, 0x64, 0x77, 0x78, 0x99, 0x9A, 0x94, 0x95, 0x7C, 0x7D, 0x8B,
    0x4D, 0x8C, 0x0E, 0x92, 0x93,
}  # fmt: skip
"""Every opcode of the table of what must never be sent."""

BUILT: dict[str, tuple[bytes, str]] = {
    # name: (built, expected inner), for sequence number 0xA1
    "link_valid": (command.link_valid(0xA1), "23a10100"),
    "realtime_hr_on": (command.realtime_hr(0xA1, on=True), "23a10301"),
    "realtime_hr_off": (command.realtime_hr(0xA1, on=False), "23a10300"),
    "version": (command.get_version(GEN4, 0xA1), "23a107"),
    "set_clock": (command.set_clock(0xA1, 1_780_840_500_500), "23a10a3478256a00400000"),
    "get_clock": (command.get_clock(0xA1), "23a10b"),
    "buzz5": (command.buzz(GEN5, 0xA1, 3), "23a113012f98000000000000000003"),
    "buzz4": (command.buzz(GEN4, 0xA1), "23a14f0200000000"),
    "abort4": (command.abort_history(GEN4, 0xA1), "23a11400"),
    "abort5": (command.abort_history(GEN5, 0xA1), "23a114"),
    "send4": (command.send_history(GEN4, 0xA1), "23a11600"),
    "send5": (command.send_history(GEN5, 0xA1), "23a116"),
    "failed4": (command.history_failed(GEN4, 0xA1), "23a11700"),
    "failed5": (command.history_failed(GEN5, 0xA1), "23a1170000"),
    "battery": (command.get_battery(0xA1), "23a11a"),
    "range4": (command.get_data_range(GEN4, 0xA1), "23a12200"),
    "range5": (command.get_data_range(GEN5, 0xA1), "23a122"),
    "hello4": (command.get_hello(GEN4, 0xA1), "23a12300"),
    "hello5": (command.get_hello(GEN5, 0xA1), "23a19101"),
    "events": (command.event_packets(0xA1, on=True), "23a13001"),
    "raw_stream": (command.raw_stream(GEN4, 0xA1, on=False), "23a13f00"),
    "alarm4": (
        command.set_alarm(GEN4, 0xA1, 1_787_153_377_500),
        "23a1420400e1cb856a00402f980000000000000000071e",
    ),
    "alarm5": (
        command.set_alarm(GEN5, 0xA1, 1_787_153_377_000, slot=6),
        "23a1420406e1cb856a00002f980000000000000000071e00",
    ),
    "get_alarm4": (command.get_alarm(GEN4, 0xA1), "23a14301"),
    "get_alarm5": (command.get_alarm(GEN5, 0xA1, 2), "23a1430402"),
    "run4": (command.run_alarm(GEN4, 0xA1), "23a14401"),
    "run5": (command.run_alarm(GEN5, 0xA1, 2), "23a1440202"),
    "disable4": (command.disable_alarm(GEN4, 0xA1), "23a14501"),
    "disable5": (command.disable_alarm(GEN5, 0xA1), "23a14502ff"),
    "disable5_one": (command.disable_alarm(GEN5, 0xA1, 3), "23a1450203"),
    "name4": (command.get_name(GEN4, 0xA1), "23a14c00"),
    "name5": (command.get_name(GEN5, 0xA1), "23a18d01"),
    "raw_start": (command.raw_start(GEN5, 0xA1, 60_000), "23a1510260ea0000"),
    "raw_stop": (command.raw_stop(GEN5, 0xA1), "23a15201"),
    "location": (command.get_body_location(0xA1), "23a15401"),
    "high_freq": (command.high_freq_enter(0xA1, 180, 7200), "23a16002b400201c"),
    "high_freq_exit": (command.high_freq_exit(0xA1), "23a161"),
    "ext_battery": (command.get_ext_battery(GEN4, 0xA1), "23a16200"),
    "imu4": (command.imu_stream(GEN4, 0xA1, on=True), "23a16a01"),
    "imu5": (command.imu_stream(GEN5, 0xA1, on=False), "23a16a0100"),
    "stop_haptics": (command.stop_haptics(0xA1), "23a17a01"),
    "wrist": (command.select_wrist(0xA1, command.Wrist.LEFT), "23a17b0102"),
    "pack": (command.get_pack_info(GEN5, 0xA1), "23a19701"),
}
END = bytes.fromhex("317002b996e201582834000000867100001a000000000000")


def marker(inner: bytes) -> Marker:
    """Decode a marker."""
    packet = decode(inner, GEN4)
    assert isinstance(packet, Marker)
    return packet


@pytest.mark.parametrize("name", BUILT)
def test_exact_bytes(name: str) -> None:
    """As the table of commands has them."""
    built, expected = BUILT[name]
    assert built.hex() == expected
    assert is_allowed_inner(built)


def test_every_allowed_opcode_has_a_builder() -> None:
    """And every builder an allowed opcode."""
    ack = command.build_ack(marker(END), 5)
    assert {built[2] for built, _ in BUILT.values()} | {ack[2]} == {int(one) for one in Opcode}
    assert set(Opcode) >= ON_USER_ACTION


def test_nothing_dangerous_is_allowed() -> None:
    """No opcode of that table is in the enumeration, passes the check, or is built by anything."""
    assert not DANGEROUS & {int(one) for one in Opcode}
    for opcode in DANGEROUS:
        assert not is_allowed(opcode)
        assert not is_allowed_inner(bytes((0x23, 1, opcode, 0)))
    assert not DANGEROUS & {built[2] for built, _ in BUILT.values()}


def test_the_list_is_an_allow_list() -> None:
    """What nobody has heard of is refused as well."""
    allowed = {opcode for opcode in range(256) if is_allowed(opcode)}
    assert allowed == {int(one) for one in Opcode}
    assert len(allowed) == 32
    assert not is_allowed(0x123)
    assert not is_allowed(-1)


@pytest.mark.parametrize(
    "inner", [b"", b"\x23\x01", bytes((0x24, 1, 0x16)), bytes((0x2F, 24, 0x16))]
)
def test_only_commands_are_sent(inner: bytes) -> None:
    """Anything else has no business in the outgoing direction."""
    assert not is_allowed_inner(inner)


@given(st.binary(min_size=8, max_size=8), st.integers(0, 255))
def test_token_goes_back_verbatim(token: bytes, seq: int) -> None:
    """Byte for byte, never rebuilt."""
    end = marker(encode.encode_marker(2, EPOCH, expected_count=3, token=token))
    assert command.build_ack(end, seq) == bytes((0x23, seq, 0x17, 0x01)) + token


@pytest.mark.parametrize(
    "inner",
    [END[:20], encode.encode_marker(1, EPOCH), encode.encode_marker(3, EPOCH, token=bytes(8))],
)
def test_what_must_not_be_acknowledged(inner: bytes) -> None:
    """No token, no END: no acknowledgement."""
    with pytest.raises(CommandRefused):
        command.build_ack(marker(inner), 5)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: command.get_clock(256),
        lambda: command.get_clock(-1),
        lambda: command.set_clock(1, -1),
        lambda: command.set_clock(1, 2**32 * 1000),
        lambda: command.set_alarm(GEN4, 1, EPOCH * 1000, slot=1),
        lambda: command.set_alarm(GEN5, 1, EPOCH * 1000, slot=0),
        lambda: command.get_alarm(GEN5, 1, 7),
        lambda: command.run_alarm(GEN5, 1, 0),
        lambda: command.disable_alarm(GEN5, 1, 7),
        lambda: command.buzz(GEN4, 1, 2),
        lambda: command.buzz(GEN5, 1, 0),
        lambda: command.buzz(GEN5, 1, 11),
        lambda: command.raw_start(GEN5, 1, 0),
        lambda: command.raw_start(GEN5, 1, 86_400_000),
        lambda: command.raw_start(GEN4, 1, 1000),
        lambda: command.raw_stop(GEN4, 1),
        lambda: command.high_freq_enter(1, 60, 7200),
        lambda: command.high_freq_enter(1, 70_000, 7200),
        lambda: command.high_freq_enter(1, 180, 28_800),
        lambda: command.high_freq_enter(1, 180, 0),
        lambda: command.get_version(GEN5, 1),
        lambda: command.raw_stream(GEN5, 1, on=True),
        lambda: command.get_ext_battery(GEN5, 1),
        lambda: command.get_pack_info(GEN4, 1),
    ],
)
def test_refused(refused: object) -> None:
    """Out of bounds, or not known to that generation."""
    assert callable(refused)
    with pytest.raises(CommandRefused):
        refused()


def test_supported() -> None:
    """Each generation has commands of its own."""
    assert is_supported(Opcode.GET_HELLO_GEN4, GEN4)
    assert not is_supported(Opcode.GET_HELLO_GEN4, GEN5)
    assert not is_supported(Opcode.GET_HELLO_GEN5, GEN4)
    assert all(is_supported(Opcode.GET_CLOCK, generation) for generation in Generation)
