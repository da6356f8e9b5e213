"""What may be done with what a sender pushes, each in one transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from ..engine.imported import Fields, SourceName
from . import imported, push
from .open_store import OpenStore
from .push import PushPart, PushScope

SOURCE: Final = SourceName.NOOP_PUSH

type Row = tuple[str, str, str, str, str]
"""Day (ISO), stream, device, key and data (JSON)."""
type Follow = Callable[[Iterable[str], Sequence[Row]], Mapping[date, Fields | None]]


class PushStore(OpenStore):
    """Batches, windows and their rows; days follow them, also where rows went away."""

    def push_state_id(self, fresh: str) -> str:
        """Give the name of what was received so far; ``fresh`` becomes it if there is none."""
        with self._writing() as conn:
            return push.state_id(conn, fresh)

    def push_is_known(self, scope: PushScope, batch: str, digest: bytes) -> bool:
        """Tell whether a batch was taken; raises PushConflict for another one of its name."""
        with self._writing() as conn:
            return push.is_known(conn, scope, batch, digest)

    def push_note(self, scope: PushScope, batch: str, digest: bytes, now: float) -> None:
        """Remember that a batch was taken."""
        with self._writing() as conn:
            push.note(conn, scope, batch, digest, now)

    def push_part(
        self, scope: PushScope, part: PushPart, digest: bytes, now: float, follow: Follow
    ) -> frozenset[date]:
        """Take a part of a window, and let the window stand when it is whole.

        ``follow`` makes the fields of each day out of its rows, None where nothing is left. Gives
        the days that say something else now. Raises PushConflict; then nothing was taken.
        """
        with self._writing() as conn:
            changed: frozenset[date] = frozenset()
            if push.stage(conn, scope, part):
                days = push.replace(conn, scope, part)
                told = follow(days, push.rows_of(conn, days))
                changed = imported.replace(conn, SOURCE, told)
            push.note(conn, scope, part.batch, digest, now)
            return changed
