"""Serve one band, worn by the demo wearer, behind the proxy emulator until interrupted.

python -m tests.strap_sim --port 6053 --backlog-hours 24
"""

import argparse
import asyncio
from contextlib import suppress
from dataclasses import replace
import signal
import sys
import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from custom_components.openstrap.engine.protocol import Generation

from . import GEN5, LoopTime, ProxyEmulator, SimulatedStrap, StrapConfig, demo_source
from .faults import SlowLink


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.strap_sim", description=__doc__)
    parser.add_argument("--port", type=int, default=6053, help="where the proxy listens (6053)")
    parser.add_argument("--backlog-hours", type=float, default=24.0)
    parser.add_argument("--generation", type=Generation, choices=list(Generation), default="gen4")
    parser.add_argument("--seed", type=int, default=7, help="of the demo wearer")
    parser.add_argument("--time-zone", default="UTC", help="where the demo wearer sleeps")
    parser.add_argument("--slots", type=int, default=3, help="connections that the proxy can hold")
    parser.add_argument(
        "--records-per-s", type=float, help="speed of the radio (default: as fast as it goes)"
    )
    parser.add_argument(
        "--bonded-elsewhere", action="store_true", help="a phone has it: it refuses to pair"
    )
    options = parser.parse_args(words)
    try:
        options.time_zone = ZoneInfo(options.time_zone)
    except ZoneInfoNotFoundError, ValueError:
        parser.error(f"{options.time_zone} is no time zone")
    return options


def make_strap(options: argparse.Namespace) -> SimulatedStrap:
    """Make the band; it believes that all it is asked to erase is safe."""
    generation: Generation = options.generation
    strap = SimulatedStrap(
        demo_source(options.seed, options.time_zone, generation),
        LoopTime(time.time()),
        lambda _: True,
        config=replace(
            StrapConfig() if generation is Generation.GEN4 else GEN5,
            bonded_elsewhere=options.bonded_elsewhere,
        ),
        backlog_s=options.backlog_hours * 3600,
    )
    if options.records_per_s:
        strap.add_fault(SlowLink(options.records_per_s))
    return strap


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM."""
    strap = make_strap(options)
    proxy = ProxyEmulator([strap], slots=options.slots)
    port = await proxy.start(options.port)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)
    # Only who can be ended says that they are there.
    print(f"{strap.config.name} behind {proxy.name} on port {port}", flush=True)  # noqa: T201  # for people
    await ended.wait()
    await proxy.stop()
    strap.stop()


def main() -> int:
    """Run; the exit code."""
    options = arguments()
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(serve(options))
    except OSError as err:
        print(f"cannot listen on port {options.port}: {err}", file=sys.stderr)  # noqa: T201  # for people
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
