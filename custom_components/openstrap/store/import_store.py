"""What may be done with what was imported from other systems."""

from collections.abc import Iterable
from datetime import date, tzinfo

from ..engine.imported import Fields, SourceName
from ..engine.protocol import BeatRecords
from . import imported, outside
from .errors import translated
from .imported import ImportedTaken
from .open_store import OpenStore
from .outside import OutsideTaken


class ImportStore(OpenStore):
    """Days, readings and journals of other systems; none of it stands above what was measured."""

    def take_outside(self, records: BeatRecords, *, now: float, tz: tzinfo) -> OutsideTaken:
        """Keep readings that were decoded elsewhere, of which there are no frames."""
        with self._writing() as conn:
            taken = outside.take(conn, self._sealed, records, now=now, tz=tz)
        if taken.days:
            self._latest = None
        return taken

    def take_imported(self, told: Iterable[tuple[date, SourceName, Fields]]) -> ImportedTaken:
        """Keep what other systems tell of days, and let it stand where nothing was measured.

        An entry of a journal stands where the wearer wrote none.
        """
        with self._writing() as conn:
            return imported.take(conn, told)

    def measured_days(self, start: date, end: date) -> list[date]:
        """Give the days from start to end (both included) whose result was computed here."""
        with translated():
            return imported.measured(self._conn, start, end)

    def imported_days(self, start: date, end: date) -> list[date]:
        """Give the days from start to end (both included) of which something was imported."""
        with translated():
            return imported.names(self._conn, start, end)

    @property
    def imported_in_baselines(self) -> bool:
        """Whether later days look back on imported ones."""
        with translated():
            return imported.in_baselines(self._conn)

    def set_imported_in_baselines(self, *, on: bool) -> bool:
        """Let later days look back on imported ones, or not; True when that is a change."""
        with self._writing() as conn:
            return imported.set_in_baselines(conn, on=on)
