"""The lowest write function, and what the client's errors become."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any

from bleak.exc import BleakError
from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.protocol import (
    CommandRefused,
    Generation,
    Marker,
    Opcode,
    check_frame,
    decode,
)
from custom_components.openstrap.engine.protocol.command import get_clock, link_valid
from custom_components.openstrap.engine.protocol.encode import encode_marker
from custom_components.openstrap.strap import FaultKind, StrapError
from custom_components.openstrap.strap.link import Link, disconnect
from tests.strap_sim.virtual import run

GEN4 = "61080001-8d6d-82b8-614a-1c8cb0f8dcc6"
GEN5 = "fd4b0001-cce1-4033-93ce-002d5875f58a"


class Wire:
    """A client that writes down what it is given, and fails on demand."""

    def __init__(self, *services: str) -> None:
        """Show services."""
        self.shown = services
        self.is_connected = True
        self.written: list[tuple[str, bytes, bool]] = []
        self.failures: list[BaseException] = []
        self.subscribed: dict[str, Callable[[Any, bytearray], None]] = {}

    @property
    def services(self) -> Wire:
        """Services."""
        if not self.is_connected:
            raise BleakError("Service Discovery has not been performed yet")
        return self

    def get_service(self, specifier: str) -> object | None:
        """Find one."""
        return specifier if specifier in self.shown else None

    def _maybe_fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    async def pair(self) -> None:
        """Bond."""
        self._maybe_fail()

    async def disconnect(self) -> None:
        """End it."""
        self._maybe_fail()
        self.is_connected = False

    async def start_notify(self, char: str, callback: Callable[[Any, bytearray], None]) -> None:
        """Subscribe."""
        self._maybe_fail()
        self.subscribed[char] = callback

    async def write_gatt_char(self, char: str, data: bytes, response: bool) -> None:
        """Write."""
        self._maybe_fail()
        self.written.append((char, data, response))

    async def read_gatt_char(self, char: str) -> bytearray:
        """Read."""
        self._maybe_fail()
        return bytearray(b"4A01\0\0")


def kind_of(main: Callable[[], Any]) -> FaultKind:
    """Run something that fails, and tell as what."""
    with pytest.raises(StrapError) as failed:
        run(main())
    return failed.value.kind


def an_end(sub: int = 2) -> Marker:
    """Make an END."""
    inner = encode_marker(sub, 1_780_000_000, 0, expected_count=5, token=b"\x86q\0\0\x1a\0\0\0")
    packet = decode(inner, Generation.GEN4)
    assert isinstance(packet, Marker)
    return packet


@pytest.mark.parametrize(
    ("service", "generation"), [(GEN4, Generation.GEN4), (GEN5, Generation.GEN5)]
)
def test_the_service_decides_the_generation(service: str, generation: Generation) -> None:
    """Nothing else does."""

    async def main() -> None:
        assert Link(Wire("180d", service)).generation is generation

    run(main())


def test_no_strap_and_no_link() -> None:
    """Without a vendor service it is none; without a link there is no telling."""

    async def main(wire: Wire) -> None:
        Link(wire)

    assert kind_of(lambda: main(Wire("180d"))) is FaultKind.NOT_A_STRAP
    wire = Wire(GEN4)
    wire.is_connected = False
    assert kind_of(lambda: main(wire)) is FaultKind.LINK_LOST


@given(inner=st.binary(max_size=40), kind=st.sampled_from([0x23, None]))
def test_nothing_but_the_list_gets_out(inner: bytes, kind: int | None) -> None:
    """Whatever is asked for, and never an acknowledgement by this way."""
    data = inner if kind is None else bytes((kind,)) + inner

    async def main() -> list[tuple[str, bytes, bool]]:
        wire = Wire(GEN5)
        link = Link(wire)
        with suppress(CommandRefused):
            await link.write(data)
        return wire.written

    allowed = len(data) > 2 and data[0] == 0x23 and data[2] in Opcode
    is_ack = data[2:4] == b"\x17\x01"
    written = run(main())
    assert len(written) == (allowed and not is_ack)
    for char, frame, response in written:
        assert char == "fd4b0002-cce1-4033-93ce-002d5875f58a"
        assert response
        found = check_frame(Generation.GEN5, frame)
        assert found.valid
        assert found.inner == data + bytes(-len(data) % 4)


def test_every_opcode_of_the_deny_list_is_refused() -> None:
    """By its own number, in any disguise of payload."""

    async def main() -> None:
        link = Link(Wire(GEN4))
        for opcode in range(256):
            if opcode not in Opcode:
                with pytest.raises(CommandRefused):
                    await link.write(bytes((0x23, 0xA0, opcode, 0)))

    run(main())


def test_an_acknowledgement_carries_the_token_as_it_came() -> None:
    """Example 8 of the reference."""

    async def main() -> None:
        wire = Wire(GEN4)
        await Link(wire).acknowledge(an_end(), 5)
        ((_, frame, response),) = wire.written
        assert response
        assert frame.hex() == "aa10005723051701867100001a000000ce0dcb57"

    run(main())


def test_other_markers_are_never_acknowledged() -> None:
    """There is no command for that."""

    async def main() -> None:
        wire = Wire(GEN4)
        for sub in (1, 3):
            with pytest.raises(CommandRefused):
                await Link(wire).acknowledge(an_end(sub), 5)
        assert not wire.written

    run(main())


@pytest.mark.parametrize(
    ("failures", "ok", "at"), [(1, True, 0.2), (2, True, 0.6), (3, False, 0.6)]
)
def test_a_failed_acknowledgement_is_repeated_twice(failures: int, ok: bool, at: float) -> None:
    """After 200 and 400 ms, with the same bytes; then the link is to be dropped."""

    async def main() -> None:
        wire = Wire(GEN4)
        wire.failures = [BleakError("busy")] * failures
        with nullcontext() if ok else pytest.raises(StrapError, match="write_failed"):
            await Link(wire).acknowledge(an_end(), 5)
        assert len(wire.written) == ok
        assert asyncio.get_running_loop().time() == pytest.approx(at)

    run(main())


def test_it_is_not_repeated_on_a_dead_link() -> None:
    """And on no other connection."""

    async def main() -> None:
        wire = Wire(GEN4)
        link = Link(wire)
        link.lost.set()
        with pytest.raises(StrapError) as failed:
            await link.acknowledge(an_end(), 5)
        assert failed.value.kind is FaultKind.LINK_LOST
        assert not wire.written

    run(main())


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NotImplementedError(), FaultKind.PAIRING_UNSUPPORTED),
        (BleakError("refused"), FaultKind.BOND_REFUSED),
        (TimeoutError(), FaultKind.BOND_REFUSED),
    ],
)
def test_bonding(error: BaseException, kind: FaultKind) -> None:
    """What a proxy or the strap says to it."""

    async def main() -> None:
        wire = Wire(GEN4)
        wire.failures = [error]
        await Link(wire).pair()

    assert kind_of(main) is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (BleakError("Insufficient authentication"), FaultKind.BOND_REFUSED),
        (BleakError("Encryption is insufficient"), FaultKind.BOND_REFUSED),
        (BleakError("no such handle"), FaultKind.SUBSCRIBE_FAILED),
        (TimeoutError(), FaultKind.SUBSCRIBE_FAILED),
    ],
)
def test_subscribing(error: BaseException, kind: FaultKind) -> None:
    """A strap that wants a bond says so here at the latest."""

    async def main() -> None:
        wire = Wire(GEN5)
        wire.failures = [error]
        await Link(wire).subscribe(lambda *_: None)

    assert kind_of(main) is kind


def test_notifications_come_with_their_number() -> None:
    """Each characteristic by its own."""

    async def main() -> None:
        wire = Wire(GEN5)
        seen = []
        await Link(wire).subscribe(lambda number, data: seen.append((number, bytes(data))))
        for char, callback in wire.subscribed.items():
            callback(None, bytearray(char[7:8].encode()))
        assert seen == [(3, b"3"), (4, b"4"), (5, b"5")]

    run(main())


def test_reading_is_optional() -> None:
    """A text, or nothing."""

    async def main() -> None:
        wire = Wire(GEN5)
        link = Link(wire)
        assert await link.read_text("x") == "4A01"
        wire.failures = [BleakError("no")]
        assert await link.read_text("x") is None

    run(main())


def test_the_end_of_the_link_explains_every_failure() -> None:
    """Whatever the client says of it."""

    async def main() -> None:
        wire = Wire(GEN4)
        link = Link(wire)
        wire.is_connected = False
        await link.write(link_valid(1))

    assert kind_of(main) is FaultKind.LINK_LOST


def test_disconnecting_never_fails() -> None:
    """It is the last thing that is done."""

    async def main() -> None:
        for error in (BleakError("x"), TimeoutError(), OSError(), EOFError()):
            wire = Wire(GEN4)
            wire.failures = [error]
            await disconnect(wire)

    run(main())


def test_only_the_clock_may_go_unpadded() -> None:
    """When told so; otherwise everything is padded."""

    async def main() -> None:
        wire = Wire(GEN4)
        link = Link(wire)
        await link.write(get_clock(1))
        await link.write(get_clock(1), pad=False)
        assert [len(frame) for _, frame, _ in wire.written] == [12, 11]

    run(main())
