"""Every statement and every await of the host's side, as places where it can die.

Python's own monitoring tells of each statement before it runs, and of each coroutine as it
is suspended and as it goes on: in whichever thread, and at full speed everywhere else.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
import sys
from types import CodeType, TracebackType
from typing import Any, Final, NamedTuple, Self

import custom_components.openstrap

_TOOL: Final = 4
_ROOT: Final = str(Path(custom_components.openstrap.__file__).parent) + "/"
_ROOMS: Final = ("strap/", "store/", "ingest.py")
"""What handles a frame on its way from the radio to the disk, and the acknowledgement back."""
_E: Final = sys.monitoring.events


class Place(NamedTuple):
    """One statement, or one end of an await."""

    file: str
    """Below the integration's folder."""
    kind: str
    """``before`` a statement, at ``await``, or as it goes on ``after`` it."""
    at: int
    """Line, for an await the offset in its function's code."""
    function: str


class Visit(NamedTuple):
    """The so-many-th time (from 1) that a place is come to."""

    place: Place
    number: int


class Watch:
    """Calls back at every visit while it is entered and ``on``; whatever that raises is raised there."""

    def __init__(self, on_visit: Callable[[Visit], None], *, on: bool = True) -> None:
        """Take what to call."""
        self._on_visit = on_visit
        self._seen: Counter[Place] = Counter()
        self.on = on

    def __enter__(self) -> Self:
        """Begin."""
        monitoring = sys.monitoring
        monitoring.use_tool_id(_TOOL, "openstrap crash matrix")
        monitoring.register_callback(_TOOL, _E.LINE, self._at_line)
        monitoring.register_callback(_TOOL, _E.PY_YIELD, self._at_yield)
        monitoring.register_callback(_TOOL, _E.PY_RESUME, self._at_resume)
        monitoring.set_events(_TOOL, _E.LINE | _E.PY_YIELD | _E.PY_RESUME)
        monitoring.restart_events()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        monitoring = sys.monitoring
        monitoring.set_events(_TOOL, _E.NO_EVENTS)
        for event in (_E.LINE, _E.PY_YIELD, _E.PY_RESUME):
            monitoring.register_callback(_TOOL, event, None)
        monitoring.free_tool_id(_TOOL)

    def _at_line(self, code: CodeType, line: int) -> Any:
        return self._visit(code, "before", line)

    def _at_yield(self, code: CodeType, offset: int, _value: object) -> Any:
        return self._visit(code, "await", offset)

    def _at_resume(self, code: CodeType, offset: int) -> Any:
        return self._visit(code, "after", offset)

    def _visit(self, code: CodeType, kind: str, at: int) -> Any:
        name = code.co_filename.removeprefix(_ROOT)
        if not name.startswith(_ROOMS):
            return sys.monitoring.DISABLE
        if self.on:
            place = Place(name, kind, at, code.co_qualname)
            self._seen[place] += 1
            self._on_visit(Visit(place, self._seen[place]))
        return None
