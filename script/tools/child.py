"""Programs that are started here and end with whoever started them, however that one went."""

from contextlib import suppress
import os
from pathlib import Path
import signal
import subprocess
import sys
from typing import Final

# The child ends itself when its parent is gone (Linux only).
_LAUNCH: Final = """\
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG; survives exec
    if os.getppid() != int(sys.argv[1]):
        sys.exit("the parent is gone")
os.execv(sys.argv[2], sys.argv[2:])
"""


def launch(command: list[str], *, log: Path, cwd: Path) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own; what it prints is added to a file."""
    with log.open("ab") as console:
        return subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, str(os.getpid()), *command],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=cwd,
        )


def end(process: subprocess.Popen[bytes], timeout: float) -> int:
    """Ask it to end, and force it and its group when it does not; its exit code."""
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        pass
    finally:
        kill_group(process)
    return process.returncode


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it started, without warning."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
