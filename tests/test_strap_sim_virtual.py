"""Time in the simulation: by hand, by the loop, and by a loop whose time jumps."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
import time

import pytest

from tests.strap_sim import LoopTime, ManualTime
from tests.strap_sim.virtual import NothingWillHappen, run

pytestmark = pytest.mark.full  # of the simulator itself, which changes rarely


def test_waiting_costs_nothing_and_keeps_its_order() -> None:
    """An hour passes at once, and what is due first happens first."""

    async def main() -> list[tuple[str, float]]:
        loop = asyncio.get_running_loop()
        seen: list[tuple[str, float]] = []

        async def after(name: str, seconds: float) -> None:
            await asyncio.sleep(seconds)
            seen.append((name, loop.time()))

        await asyncio.gather(after("late", 3600.0), after("early", 0.5), after("next", 60.0))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1000.0):
                await asyncio.sleep(5000.0)
        assert loop.time() == pytest.approx(4600.0)
        return seen

    begun = time.monotonic()
    assert [name for name, _ in run(main())] == ["early", "next", "late"]
    assert time.monotonic() - begun < 60.0  # of 4,600


def test_threads_are_waited_for_and_take_no_time() -> None:
    """However long a commit takes, no timer goes off meanwhile."""

    async def main() -> float:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as executor:
            async with asyncio.timeout(0.01):
                await loop.run_in_executor(executor, time.sleep, 0.05)
        await asyncio.to_thread(time.sleep, 0.02)
        return loop.time()

    assert run(main()) == 0.0


def test_a_deadlock_is_told() -> None:
    """Instead of hanging for ever."""

    async def main() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(NothingWillHappen):
        run(main())


def test_time_by_hand() -> None:
    """What is due is done on the way, in order, and at its own moment."""
    time_ = ManualTime(1000.0)
    seen: list[float] = []
    time_.call_later(5.0, lambda: seen.append(time_.now()))
    time_.call_later(2.0, lambda: time_.call_later(1.0, lambda: seen.append(time_.now())))
    time_.call_later(4.0, lambda: seen.append(0.0)).cancel()
    time_.advance(4.5)
    assert (seen, time_.now()) == ([1003.0], 1004.5)
    time_.advance(10.0)
    assert (seen, time_.now()) == ([1003.0, 1005.0], 1014.5)


def test_time_by_loops() -> None:
    """It goes faster than the loop when told to, and stands still between two loops."""
    time_ = LoopTime(1000.0, speed=60.0)

    async def main() -> float:
        fired: list[float] = []
        time_.now()
        time_.call_later(30.0, lambda: fired.append(time_.now()))
        await asyncio.sleep(1.0)
        assert fired == [fired[0]] and fired[0] - 1000.0 in (30.0, 90.0)
        return time_.now()

    assert time_.now() == 1000.0
    assert run(main()) == 1060.0 == time_.now()
    assert run(main()) == 1120.0
