"""script/develop as a person uses it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import json
import os
from pathlib import Path
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request

import aiohttp
import pytest

from script.tools.band import ADDRESS
from script.tools.develop import PORT_FILE
from script.tools.home_assistant_client import Client
from script.tools.real_home_assistant import free_port, port_is_free

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
DEVELOP = ROOT / "script" / "develop"
READY_WITHIN = 120  # s


def said(process: subprocess.Popen[str]) -> str:
    """Read what it prints until it says how to stop it, or ends."""
    assert process.stdout is not None
    late = threading.Timer(READY_WITHIN, process.kill)
    late.start()
    try:
        text = ""
        for line in process.stdout:
            text += line
            if "Ctrl-C stops it" in line:
                break
        return text
    finally:
        late.cancel()
        late.join()


@contextmanager
def develop(config: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Start it; the process and what it printed, by label."""
    process = subprocess.Popen(
        [DEVELOP, "--config", config, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",  # it must work from any folder
    )
    try:
        text = said(process)
        told = dict(re.findall(r"^  (\w+) +(\S+)$", text, re.MULTILINE))
        assert {"URL", "User", "Password", "Token", "Wearer"} <= set(told), text
        yield process, told
    finally:
        process.kill() if process.poll() is None else None
        process.communicate()


def processes_with(config: Path) -> list[str]:
    """Command lines of running processes that name a folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(config) in command:
            found.append(command)
    return found


def discovered(told: dict[str, str]) -> list[str]:
    """Wait for what Home Assistant discovers; the addresses of the bands."""

    async def look() -> list[str]:
        async with (
            aiohttp.ClientSession() as http,
            Client(told["URL"], http, told["Token"]) as client,
        ):
            flows = await client.discovered("openstrap")
            return [flow["context"]["unique_id"] for flow in flows]

    return asyncio.run(look())


def ask(told: dict[str, str], path: str) -> object:
    """Ask Home Assistant with the token that was printed."""
    request = urllib.request.Request(
        told["URL"] + path, headers={"Authorization": f"Bearer {told['Token']}"}
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)


def end(process: subprocess.Popen[str], number: signal.Signals, config: Path) -> None:
    """Send a signal; it must end with 0 and leave nothing behind."""
    process.send_signal(number)
    assert process.wait(60) == 0
    assert processes_with(config) == []
    assert port_is_free(port_of(config))


def port_of(config: Path) -> int:
    """Tell where the simulated proxy listened, 1 (where nobody does) when it never did."""
    file = config / PORT_FILE
    return int(file.read_text()) if file.exists() else 1


def _remains(config: Path) -> bool:
    return bool(processes_with(config)) or not port_is_free(port_of(config))


def test_it_starts_tells_stops_and_goes_on(tmp_path: Path) -> None:
    """First run, Ctrl-C, second run on the same folder and another port, SIGTERM."""
    config = tmp_path / "config"
    with develop(config, "--port", str(free_port()), "--no-strap") as (process, told):
        states = ask(told, "/api/states")
        assert isinstance(states, list)
        wearers = [state for state in states if state["entity_id"].startswith("sensor.demo_")]
        assert wearers
        assert "Proxy" not in told
        end(process, signal.SIGINT, config)
    port = str(free_port())
    with develop(config, "--port", port) as (process, again):
        assert again["URL"].endswith(port)
        assert {key: again[key] for key in ("User", "Password", "Token")} == {
            key: told[key] for key in ("User", "Password", "Token")
        }
        assert again["Wearer"].split("/")[-1] == told["Wearer"].split("/")[-1]
        assert discovered(again) == [ADDRESS]
        assert again["Proxy"].endswith(f":{port_of(config)}")
        assert not port_is_free(port_of(config))
        end(process, signal.SIGTERM, config)
    kept = config / "kept"
    kept.touch()
    with develop(config, "--port", port, "--fresh") as (process, fresh):
        assert not kept.exists()
        assert fresh["Token"] != told["Token"]
        assert discovered(fresh) == [ADDRESS]
        # A second one on the same folder must not share its files.
        second = subprocess.run(
            [DEVELOP, "--config", config, "--port", str(free_port())],
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert "already running" in second.stderr
        assert ask(fresh, "/api/")
        # Nor may its death leave Home Assistant or the band behind.
        process.kill()
        deadline = time.monotonic() + 30
        while _remains(config) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not _remains(config)


def test_a_port_in_use_is_said_clearly(tmp_path: Path) -> None:
    """And nothing is made."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = subprocess.run(
            [DEVELOP, "--config", tmp_path / "new", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert f"port {port} is taken" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "new").exists()


def test_fresh_deletes_only_its_own(tmp_path: Path) -> None:
    """A folder that it did not make stays."""
    precious = tmp_path / "precious.txt"
    precious.touch()
    run = subprocess.run(
        [DEVELOP, "--config", tmp_path, "--port", str(free_port()), "--fresh"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "not deleting it" in run.stderr
    assert precious.exists()


@pytest.mark.parametrize(
    "script", sorted(path.name for path in DEVELOP.parent.iterdir() if path.is_file())
)
def test_every_script_helps_from_anywhere(script: str, tmp_path: Path) -> None:
    """Its --help is quick and starts nothing; an unknown option is an error with the usage."""
    command = DEVELOP.parent / script
    assert os.access(command, os.X_OK)
    run = subprocess.run(
        [command, "--help"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert f"script/{script}" in run.stdout
