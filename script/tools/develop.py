"""What ``script/develop`` runs; its options are explained there."""

import argparse
import asyncio
from dataclasses import dataclass
from importlib.metadata import version
import os
from pathlib import Path
import signal
import sys
import time
from typing import Final

import aiohttp

from . import ROOT
from .band import ADDRESS, BACKLOG_HOURS, NAME, SimulatedBand, add_proxy
from .home_assistant_client import ApiError, Client
from .real_home_assistant import (
    HOST,
    TIME_ZONE,
    RealHomeAssistant,
    StartError,
    free_port,
    port_is_free,
)

USER: Final = "dev"
PASSWORD: Final = "openstrap"  # noqa: S105  of a server that only this machine can reach
DEMO_TITLE: Final = "Demo"  # what the config flow calls it
TOKEN_NAME: Final = "script/develop"  # noqa: S105  a name
TOKEN_FILE: Final = "develop-token.txt"  # noqa: S105  a file
PORT_FILE: Final = "develop-proxy-port.txt"  # where Home Assistant expects the proxy
BAND_LOG: Final = "band.log"


BAND_HINT: Final = f"""
A simulated band, {NAME}, is within reach of a simulated proxy. Home Assistant finds it as it
would find yours: open {{url}}/config/integrations/dashboard, and under "Discovered"
choose "Add" on it (it may go by the end of its address, {ADDRESS}). It then hands over {BACKLOG_HOURS} hours of records. For the heart rate of the
moment, set "Live mode" on the new wearer's page to "Always".
"""


@dataclass(frozen=True, slots=True)
class Ready:
    """What a person needs to know once it runs."""

    token: str
    device_path: str


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; exits with 2 when it is wrong."""
    parser = argparse.ArgumentParser(prog="script/develop", add_help=False)
    parser.add_argument("--port", type=_port, default=8123)
    parser.add_argument("--config", type=Path, default=ROOT / "dev-config")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--no-strap", action="store_true")
    options = parser.parse_args(words)
    # The wrapper changes folder; a relative path means where the person stands.
    options.config = Path(os.environ.get("OPENSTRAP_CALLED_FROM", "."), options.config)
    return options


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < (port := int(text)) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is no port (1 to 65535)")
    return port


async def furnish(home_assistant: RealHomeAssistant, token: str | None) -> Ready:
    """See to the user, the token and the demo wearer; what exists stays as it is."""
    async with (
        aiohttp.ClientSession() as http,
        Client(home_assistant.url, http) as client,
    ):
        if await client.is_new():
            await client.onboard("Developer", USER, PASSWORD)
        else:
            await client.sign_in(USER, PASSWORD)
        await client.wait_until_running()
        token = await _good_token(client, token)
        entries = await client.entries("openstrap")
        demo = next((entry for entry in entries if entry["title"] == DEMO_TITLE), None)
        if demo is None:
            demo = await client.add_entry("openstrap", {"next_step_id": "demo"}, {})
        device = await client.device_id(demo["entry_id"])
    return Ready(token, f"/config/devices/device/{device}")


def wear_band(home_assistant: RealHomeAssistant, band: SimulatedBand, token: str) -> int:
    """Start the band, on the port of an earlier run while that is free; the port."""
    port_file = home_assistant.config / PORT_FILE
    port = int(port_file.read_text()) if port_file.exists() else 0
    if not (known := bool(port) and port_is_free(port)):
        port = free_port()
    band.start(port)
    asyncio.run(add_proxy(home_assistant, token, port, known))
    port_file.write_text(str(port))
    return port


async def _good_token(client: Client, token: str | None) -> str:
    """Return the token of an earlier run while it is good, else a new one."""
    if token is not None:
        async with aiohttp.ClientSession() as http:
            if (await Client(client.url, http, token).request("GET", "/api/"))[0] == 200:
                return token
    # Home Assistant allows one token of a name; the earlier one is of no use any more.
    for row in await client.command("auth/refresh_tokens"):
        if row["client_name"] == TOKEN_NAME:
            await client.command("auth/delete_refresh_token", refresh_token_id=row["id"])
    return await client.long_lived_token(TOKEN_NAME)


def report(
    home_assistant: RealHomeAssistant, ready: Ready, proxy_port: int | None, seconds: float
) -> str:
    """Write what to open and how to get in."""
    proxy = "" if proxy_port is None else f"\n  Proxy     {HOST}:{proxy_port}"
    hint = "" if proxy_port is None else BAND_HINT.format(url=home_assistant.url)
    return f"""
Home Assistant {version("homeassistant")} with OpenStrap runs ({seconds:.1f} s).

  URL       {home_assistant.url}
  User      {USER}
  Password  {PASSWORD}
  Token     {ready.token}
  Wearer    {home_assistant.url}{ready.device_path}
  Config    {home_assistant.config}
  Log       {home_assistant.log}{proxy}
{hint}
Ctrl-C stops it; the next run goes on with the same data (--fresh starts anew).
"""


def run(options: argparse.Namespace) -> int:
    """Start, tell, and stay until told to end; the exit code."""
    begun = time.monotonic()
    if not port_is_free(options.port):
        print(
            f"develop: port {options.port} is taken by another program; "
            f"end it, or choose another: script/develop --port {options.port + 1}",
            file=sys.stderr,
        )
        return 1
    home_assistant = RealHomeAssistant(options.config, port=options.port, may_install=True)
    with home_assistant, SimulatedBand(home_assistant.config / BAND_LOG, TIME_ZONE) as band:
        try:
            if options.fresh:
                home_assistant.remove()
            home_assistant.prepare()
            print("Starting Home Assistant …", file=sys.stderr, flush=True)
            home_assistant.start()
            token_file = home_assistant.config / TOKEN_FILE
            token = token_file.read_text() if token_file.exists() else None
            ready = asyncio.run(furnish(home_assistant, token))
            token_file.touch(mode=0o600)
            token_file.write_text(ready.token)
            wears = not options.no_strap
            proxy_port = wear_band(home_assistant, band, ready.token) if wears else None
        except (StartError, ApiError, TimeoutError, aiohttp.ClientError) as err:
            print(f"develop: {err}", file=sys.stderr)
            return 1
        print(report(home_assistant, ready, proxy_port, time.monotonic() - begun), flush=True)
        code = home_assistant.wait()
        print(f"Home Assistant ended by itself with {code}; see {home_assistant.log}")
        return 1


def main() -> int:
    """Run until Ctrl-C, SIGTERM or the terminal's end, all of which are a success."""

    def leave(*_: object) -> None:
        # From now on a second Ctrl-C must not interrupt the orderly end.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    # Also where SIGINT was ignored, as in the background of a script.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    options = arguments()
    try:
        return run(options)
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
        return 0


if __name__ == "__main__":
    sys.exit(main())
