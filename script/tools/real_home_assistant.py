"""A real Home Assistant of one's own: a config folder, a process, and a way to end it.

Tests, ``script/develop`` and ``script/benchmark`` start the same program that a
user runs. Nothing here knows what it is used for; talking to it is the business
of ``home_assistant_client``.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
import json
from pathlib import Path
import shutil
import socket
import subprocess
import sys
import time
from typing import Final, Self
import urllib.error
import urllib.request

from .child import end, kill_group, launch

ROOT: Final = Path(__file__).resolve().parents[2]
HOST: Final = "127.0.0.1"
MARKER: Final = ".openstrap-develop"  # a folder with this file was made here and may be removed
CONSOLE: Final = "console.log"
TIME_ZONE: Final = "Europe/Berlin"

# `default_config` would add two dozen integrations that reach for the internet.
CONFIGURATION: Final = f"""\
# Written once by script/develop; change it as you like, --fresh starts anew.
homeassistant:
  name: OpenStrap development
  latitude: 52.5
  longitude: 13.4
  elevation: 34
  unit_system: metric
  time_zone: {TIME_ZONE}
  country: DE
  language: en
  currency: EUR
frontend:
config:
history:
logbook:
recorder:
system_health:
logger:
  default: warning
  logs:
    custom_components.openstrap: info
"""


class StartError(RuntimeError):
    """Home Assistant did not come up; the message says what its log said."""


def free_port() -> int:
    """Find a port of the loopback interface that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind((HOST, port))
            return True
    return False


class RealHomeAssistant:
    """One config folder and at most one process that runs on it.

    As a context manager it starts nothing, but leaves nothing running.
    """

    def __init__(
        self,
        config: Path,
        *,
        port: int | None = None,
        may_install: bool = False,
        program: Sequence[str] = (),
    ) -> None:
        """Take a folder (made when missing) and a port (any free one when None).

        ``may_install`` lets Home Assistant fetch packages of integrations that
        are added by hand; without it nothing is ever fetched. ``program`` is what to start in
        place of ``hass``, with the same arguments.
        """
        self.config = config.resolve()
        self.port = port or free_port()
        self._may_install = may_install
        self._program = tuple(program)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    @property
    def storage(self) -> Path:
        """Home Assistant's own store; the integration keeps its files below it."""
        return self.config / ".storage"

    @property
    def log(self) -> Path:
        """The file that what it prints goes to."""
        return self.config / CONSOLE

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, by force when it does not go."""
        self.stop()

    # --- the folder -----------------------------------------------------------

    def prepare(self) -> None:
        """Write what is missing, so that a second call changes nothing but the port.

        Raises StartError for a folder with something else in it.
        """
        self._check_own("touching")
        self.storage.mkdir(parents=True, exist_ok=True)
        (self.config / MARKER).touch()
        if not (yaml := self.config / "configuration.yaml").exists():
            yaml.write_text(CONFIGURATION)
        link = self.config / "custom_components"
        if link.is_symlink():
            link.unlink()
        link.symlink_to(ROOT / "custom_components", target_is_directory=True)
        self._write_http_settings()
        # Only the first user is left to make. The step core_config would add a weather
        # service, a radio directory and a voice, and fetch what they need.
        if not (onboarding := self.storage / "onboarding").exists():
            _write_store(onboarding, 4, 1, {"done": ["core_config", "analytics", "integration"]})

    def _write_http_settings(self) -> None:
        """Store host and port as confirmed.

        Given in YAML they would be on trial: undone by a restart after five
        minutes, with a dialog over every page until someone confirms them.
        """
        stable = {
            "server_host": [HOST],
            "server_port": self.port,
            "cors_allowed_origins": [],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": True,
            "ssl_profile": "modern",
            "use_x_frame_options": True,
            "created_at": "2026-01-01T00:00:00+00:00",
            "error": None,
            "error_message": None,
        }
        _write_store(
            self.storage / "http",
            2,
            2,
            {"stable": stable, "pending": None, "yaml_migration_done": True},
        )

    def remove(self) -> None:
        """Delete the folder; raises StartError for one with something else in it."""
        self._check_own("deleting")
        if self.config.exists():
            shutil.rmtree(self.config)

    def _check_own(self, doing: str) -> None:
        """Let a folder pass that was made here, or holds nothing: others are precious."""
        if (self.config / MARKER).exists() or not self.config.exists():
            return
        if any(self.config.iterdir()):
            raise StartError(
                f"{self.config} was not made by this script (no {MARKER} in it): not {doing} it"
            )

    # --- the process ----------------------------------------------------------

    def start(self, timeout: float = 90) -> None:
        """Start, and return when it answers over HTTP.

        Raises StartError with the end of its log when it ends or stays silent.
        """
        if self.pid is not None:
            raise StartError("already running")
        if not port_is_free(self.port):
            raise StartError(f"port {self.port} is taken by another program")
        hass = Path(sys.executable).with_name("hass")
        command = [*(self._program or (str(hass),)), "--config", str(self.config)]
        if not self._may_install:
            command.append("--skip-pip")
        self._process = launch(command, log=self.log, cwd=self.config)
        try:
            self._wait_until(self._answers, timeout)
        except BaseException:
            self.kill()
            raise

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/manifest.json", timeout=2) as reply:  # noqa: S310  our own server
                return bool(reply.status == 200)
        except urllib.error.URLError, ConnectionError, TimeoutError:
            return False

    def _wait_until(self, done: Callable[[], bool], timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while not done():
            process = self._process
            if process is None or (code := process.poll()) is not None:
                raise StartError(f"Home Assistant ended with exit code {code}\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise StartError(
                    f"Home Assistant did not answer within {timeout:.0f} s\n{self.log_tail()}"
                )
            time.sleep(0.1)

    def wait(self) -> int:
        """Wait until it ends by itself; its exit code."""
        return self._process.wait() if self._process is not None else 0

    def stop(self, timeout: float = 45) -> int | None:
        """Ask it to end, force it when it does not; its exit code, None when it was not running."""
        process, self._process = self._process, None
        return None if process is None else end(process, timeout)

    def kill(self) -> None:
        """End it as a power cut would: no warning, nothing flushed."""
        process, self._process = self._process, None
        if process is not None:
            kill_group(process)

    def restart(self) -> None:
        """Stop properly and start again on the same folder."""
        self.stop()
        self.start()

    def has_loaded(self, package: str) -> bool:
        """Whether the process has a compiled part of a package in its memory (Linux only)."""
        return f"/{package}/" in Path(f"/proc/{self.pid}/maps").read_text()

    def log_tail(self, lines: int = 40) -> str:
        """Return the end of what it printed."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def _write_store(path: Path, version: int, minor: int, data: dict[str, object]) -> None:
    """Write a file as Home Assistant's Store writes it."""
    path.write_text(
        json.dumps({"version": version, "minor_version": minor, "key": path.name, "data": data})
    )
