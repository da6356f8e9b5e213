"""One SQLite file per wearer: every frame, what was summed and derived from it, what waits."""

from .days import DayRow, DirtyDay
from .errors import StoreDamaged, StoreError, StoreTooNew
from .events import StrapEvent
from .frames import group_frames
from .intake import Intake, Taken
from .latest import LatestReading
from .opening import Opened
from .pruning import Retention
from .told_rows import CHANGED_CURSOR
from .wearer_store import WearerStore

__all__ = [
    "CHANGED_CURSOR",
    "DayRow",
    "DirtyDay",
    "Intake",
    "LatestReading",
    "Opened",
    "Retention",
    "StoreDamaged",
    "StoreError",
    "StoreTooNew",
    "StrapEvent",
    "Taken",
    "WearerStore",
    "group_frames",
]
