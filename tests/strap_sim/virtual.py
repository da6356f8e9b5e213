"""An event loop whose time jumps: waiting costs nothing, so a minute of silence is over at once.

Whenever nothing is left to do but to wait for a timer, time moves to that timer. Work in
threads (``run_in_executor``) is waited for in real time first, so a commit to disk takes no
time in the simulation and the order of things stays the same at every run.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
import selectors
from typing import Any, Final, override

DEADLOCK_S: Final = 20.0
"""Real seconds without anything happening, after which a run is given up."""


class NothingWillHappen(RuntimeError):
    """Everybody waits for somebody else, and no timer is set."""


class _Selector(selectors.DefaultSelector):
    """Asks for what is ready, and lets time jump when there is nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.loop: JumpingLoop | None = None

    @override
    def select(self, timeout: float | None = None) -> list[Any]:
        loop = self.loop
        if (ready := super().select(0)) or loop is None or timeout == 0:
            return ready
        if loop.outside:
            if not (ready := super().select(DEADLOCK_S)):
                raise NothingWillHappen("a thread does not come back")
            return ready
        if timeout is None:
            raise NothingWillHappen("every task waits, and no timer is set")
        loop.jump(timeout)
        return []


class JumpingLoop(asyncio.SelectorEventLoop):
    """The loop; its time begins at 0."""

    def __init__(self) -> None:
        """Begin."""
        self._now = 0.0
        self.outside = 0
        """Jobs that threads are busy with."""
        selector = _Selector()
        super().__init__(selector)
        selector.loop = self

    @override
    def time(self) -> float:
        return self._now

    def jump(self, seconds: float) -> None:
        """Move time."""
        self._now += seconds

    @override
    def run_in_executor[T](  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        future: asyncio.Future[T] = super().run_in_executor(executor, func, *args)
        self.outside += 1
        future.add_done_callback(self._came_back)
        return future

    def _came_back(self, _future: asyncio.Future[Any]) -> None:
        self.outside -= 1

    @override
    def shutdown_default_executor(self, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        # It uses a thread of its own, which has to be waited for as well.
        self.outside += 1
        return super().shutdown_default_executor(timeout)


def run[T](main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a loop of its own."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main)
