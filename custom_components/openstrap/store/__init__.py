"""One SQLite file per wearer: every frame, what was summed and derived from it, what waits."""

from .days import DayRow, DirtyDay
from .errors import StoreDamaged, StoreError, StoreTooNew
from .events import StrapEvent
from .feed import Notice
from .frames import group_frames
from .imported import ImportedTaken
from .intake import Intake, Taken
from .latest import LatestReading
from .opening import Opened
from .outside import OutsideTaken
from .pruning import Retention
from .push import PushConflict, PushPart, PushRow, PushScope
from .told_rows import CHANGED_CURSOR
from .wearer_store import WearerStore

__all__ = [
    "CHANGED_CURSOR",
    "DayRow",
    "DirtyDay",
    "ImportedTaken",
    "Intake",
    "LatestReading",
    "Notice",
    "Opened",
    "OutsideTaken",
    "PushConflict",
    "PushPart",
    "PushRow",
    "PushScope",
    "Retention",
    "StoreDamaged",
    "StoreError",
    "StoreTooNew",
    "StrapEvent",
    "Taken",
    "WearerStore",
    "group_frames",
]
