"""Which reply belongs to which command."""

import pytest

from custom_components.openstrap.engine.protocol import Generation, Opcode, Response, decode
from custom_components.openstrap.strap.requests import Requests
from tests.strap_sim.virtual import run


def reply(opcode: int, seq: int, status: int = 1) -> Response:
    """Make a reply."""
    packet = decode(bytes((0x24, 7, opcode, seq, status)), Generation.GEN4)
    assert isinstance(packet, Response)
    return packet


@pytest.mark.parametrize(
    ("opcode", "seq", "status", "matches"),
    [
        (Opcode.GET_CLOCK, 0xA1, 1, True),
        (Opcode.GET_CLOCK, 0xA1, 0, True),
        (Opcode.GET_CLOCK, 0xA1, 3, True),
        (Opcode.GET_CLOCK, 0xA2, 1, False),
        (Opcode.GET_BATTERY, 0xA1, 1, False),
        (Opcode.GET_CLOCK, 0, 1, True),
        (Opcode.GET_BATTERY, 0, 1, False),
    ],
)
def test_matching(opcode: int, seq: int, status: int, matches: bool) -> None:
    """By opcode and sequence number, or by opcode alone when it echoes 0."""

    async def main() -> None:
        requests = Requests()
        request = requests.open(Opcode.GET_CLOCK, 0xA1)
        found = reply(opcode, seq, status)
        assert requests.offer(found) is matches
        assert await request.wait(1.0) is (found if matches else None)

    run(main())


def test_an_echo_of_0_needs_a_single_candidate() -> None:
    """With two, there is no telling which is meant."""

    async def main() -> None:
        requests = Requests()
        first = requests.open(Opcode.HISTORY_RESULT, 5)
        second = requests.open(Opcode.HISTORY_RESULT, 6)
        assert not requests.offer(reply(Opcode.HISTORY_RESULT, 0))
        assert requests.offer(reply(Opcode.HISTORY_RESULT, 6))
        assert requests.offer(reply(Opcode.HISTORY_RESULT, 0))
        assert await first.wait(1.0) is not None
        assert await second.wait(1.0) is not None

    run(main())


@pytest.mark.parametrize(
    ("opcode", "final"),
    [
        (Opcode.SEND_HISTORY, True),
        (Opcode.REALTIME_HR, True),
        (Opcode.RAW_STREAM, True),
        (Opcode.GET_HELLO_GEN5, False),
        (Opcode.GET_DATA_RANGE, False),
    ],
)
def test_pending(opcode: int, final: bool) -> None:
    """For some it is all there is; for the others the answer follows."""

    async def main() -> None:
        requests = Requests()
        request = requests.open(opcode, 9)
        pending, done = reply(opcode, 9, 2), reply(opcode, 9, 1)
        assert requests.offer(pending)
        assert requests.offer(done) is not final
        assert await request.wait(1.0) is (pending if final else done)

    run(main())


def test_a_pending_without_more_is_better_than_nothing() -> None:
    """When time runs out."""

    async def main() -> None:
        requests = Requests()
        request = requests.open(Opcode.GET_DATA_RANGE, 9)
        pending = reply(Opcode.GET_DATA_RANGE, 9, 2)
        requests.offer(pending)
        assert await request.wait(1.0) is pending

    run(main())


def test_nobody_waits() -> None:
    """For a late reply, a second one, or after the end of the link."""

    async def main() -> None:
        requests = Requests()
        assert not requests.offer(reply(Opcode.GET_CLOCK, 1))
        late = requests.open(Opcode.GET_CLOCK, 1)
        assert await late.wait(1.0) is None
        requests.close(late)
        requests.close(late)
        assert not requests.offer(reply(Opcode.GET_CLOCK, 1))
        gone = requests.open(Opcode.GET_CLOCK, 2)
        requests.abandon()
        assert await gone.wait(1.0) is None
        assert not requests.offer(reply(Opcode.GET_CLOCK, 2))

    run(main())
