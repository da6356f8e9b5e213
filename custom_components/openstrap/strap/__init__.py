"""The conversation with a strap: asyncio and bleak, and nothing of Home Assistant."""

from .commands import Buzz
from .errors import CommandFailed, CommitFailed, FaultKind, StrapError
from .generation import TRAITS, Build
from .link import GattClient
from .policy.backoff import Backoff
from .session import StrapSession
from .state import (
    AlarmSetting,
    Commit,
    Committed,
    Phase,
    Progress,
    Reading,
    SessionConfig,
    StrapListener,
    StrapMemory,
    StrapState,
)

__all__ = [
    "TRAITS",
    "AlarmSetting",
    "Backoff",
    "Build",
    "Buzz",
    "CommandFailed",
    "Commit",
    "CommitFailed",
    "Committed",
    "FaultKind",
    "GattClient",
    "Phase",
    "Progress",
    "Reading",
    "SessionConfig",
    "StrapError",
    "StrapListener",
    "StrapMemory",
    "StrapSession",
    "StrapState",
]
