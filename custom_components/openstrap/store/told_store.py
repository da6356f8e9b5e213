"""What may be done with what a wearer told, and the nudges they were shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
import sqlite3
from zoneinfo import ZoneInfo

from ..engine.day_window import window_of
from ..engine.imported import IMPORTED_ALGORITHM
from ..engine.insight.journal import JournalDay
from ..engine.told import SleepEdit, Span, Told, ToldWorkout
from ..engine.told_rules import ToldError, checked_nap
from . import days, feed, fired, told, told_rest, told_rows
from .errors import translated
from .examine import SECONDS_PER_HOUR
from .feed import Notice
from .open_store import OpenStore


class ToldStore(OpenStore):
    """The wearer's own word. One that is refused raises WorkoutError or ToldError."""

    def start_workout(
        self,
        workout_id: str,
        start_ts: float,
        kind: str | None,
        *,
        title: str | None = None,
        now: float,
        tz: tzinfo,
    ) -> ToldWorkout:
        """Begin a workout by hand; its id again is the same workout."""
        with self._writing() as conn:
            return told.start(conn, workout_id, start_ts, kind, title=title, now=now, tz=tz)

    def end_workout(self, workout_id: str, end_ts: float, *, now: float, tz: tzinfo) -> ToldWorkout:
        """End a workout; one that ended stays as it is."""
        with self._writing() as conn:
            return told.end(conn, workout_id, end_ts, now=now, tz=tz)

    def save_workout(
        self,
        workout_id: str,
        span: Span,
        kind: str | None,
        *,
        replaces: Span | None = None,
        title: str | None = None,
        now: float,
        tz: tzinfo,
    ) -> ToldWorkout:
        """Keep a workout that is over, new or changed; ``replaces`` is a detected one's span.

        A ``title`` of None leaves that which it had, an empty one removes it.
        """
        with self._writing() as conn:
            return told.save(
                conn, workout_id, span, kind, replaces=replaces, title=title, now=now, tz=tz
            )

    def describe_workout(
        self,
        workout_id: str,
        *,
        kind: str | None = None,
        title: str | None = None,
        now: float,
        tz: tzinfo,
    ) -> ToldWorkout:
        """Say of what kind a told workout is and what it is called, also while it goes on.

        What is None stays; an empty title removes it.
        """
        with self._writing() as conn:
            return told.describe(conn, workout_id, kind=kind, title=title, now=now, tz=tz)

    def delete_workout(self, workout_id: str, tz: tzinfo) -> bool:
        """Delete a told workout, and for ever the one it replaced; False when there is none."""
        with self._writing() as conn:
            return told.delete(conn, workout_id, tz)

    def delete_detected(self, span: Span, tz: tzinfo) -> None:
        """Delete a detected workout; none is found again where it was."""
        with self._writing() as conn:
            told.delete_detected(conn, span, tz)

    def set_period(self, day: date, *, began: bool) -> None:
        """Note that a period began on a day, or that it did not."""
        with self._writing() as conn:
            told.set_period(conn, day, began=began)

    def set_cycle_tracking(self, day: date, *, on: bool) -> None:
        """Begin or end the tracking of cycles, from a day on."""
        with self._writing() as conn:
            told.set_cycle_tracking(conn, day, on=on)

    def edit_sleep(
        self, day: date, span: Span | None, *, tz: tzinfo, now: float | None = None
    ) -> SleepEdit | None:
        """Keep when the night that ends on a day began and ended, or take that back (None).

        Raises ToldError: for times that cannot be those of this night (``now`` None leaves out
        whether it is over), and "frames_gone" when the day cannot be derived anew.
        """
        with self._writing() as conn:
            zone = self._zone_of(conn, day, tz)
            self._need_frames(conn, day, zone)
            if span is None:
                told_rest.restore_sleep(conn, day, zone)
                return None
            return told_rest.edit_sleep(conn, day, span, tz=zone, now_ts=now)

    def reject_nap(self, span: Span, tz: tzinfo) -> None:
        """Note that what was found to be a nap was none. Raises ToldError as ``edit_sleep``."""
        first, last = checked_nap(span)
        with self._writing() as conn:
            day = datetime.fromtimestamp(last, tz).date()
            self._need_frames(conn, day, self._zone_of(conn, day, tz))
            told_rest.reject_nap(conn, (first, last), tz)

    def restore_naps(self, day: date, tz: tzinfo) -> int:
        """Take back all rejections of a day's naps; gives how many. Raises ToldError."""
        with self._writing() as conn:
            zone = self._zone_of(conn, day, tz)
            self._need_frames(conn, day, zone)
            return told_rest.restore_naps(conn, day, zone)

    def write_journal(self, day: date, entry: JournalDay | None) -> None:
        """Keep the journal's entry of a day; an empty one, or None, deletes it."""
        with self._writing() as conn:
            told_rest.write_journal(conn, day, entry)

    def journal(self, start: date, end: date) -> dict[date, JournalDay]:
        """Give the journal's entries from start to end (both included), oldest first."""
        with translated():
            return told_rest.journal(self._conn, start, end)

    def recompute(self, wanted: Iterable[date] | None = None) -> list[date]:
        """Let days be derived anew, all of them or some; gives those that will be, newest first.

        A day that has no result or an imported one, or of which frames are gone, is left as it is.
        """
        chosen = None if wanted is None else set(wanted)
        with self._writing() as conn:
            stored = [
                (date.fromisoformat(day), zone)
                for day, zone in conn.execute(
                    "SELECT day, timezone FROM days WHERE algorithm != ? ORDER BY day DESC",
                    (IMPORTED_ALGORITHM,),
                )
            ]
            again = [
                day
                for day, zone in stored
                if (chosen is None or day in chosen)
                and not self._frames_gone(conn, day, ZoneInfo(zone))
            ]
            days.mark_dirty(conn, again)
            return again

    def review(self, since: date) -> None:
        """Let what results from a day on say of the days before them be looked at anew."""
        with self._writing() as conn:
            told_rows.note(conn, [since])

    def fired_nudges(self) -> frozenset[str]:
        """Give the keys of the nudges that were shown in the last days."""
        with translated():
            return fired.keys(self._conn)

    def claim_nudge(
        self, wanted: Sequence[str], today: date, notice: Notice | None = None
    ) -> tuple[str, ...]:
        """Use up keys before a nudge is shown, for one caller alone; see ``fired.claim``.

        ``notice`` is kept with them, if they are the caller's.
        """
        with self._writing() as conn:
            taken = fired.claim(conn, wanted, today)
            if taken and notice is not None:
                feed.add(conn, notice)
            return taken

    def notices(self, now: float) -> list[Notice]:
        """Give the nudges that were told in the last seven days, in that order."""
        with translated():
            return feed.read(self._conn, now)

    def read_notices(self, wanted: Iterable[tuple[date, str]] | None, now: float) -> None:
        """Note that notices (day and code; None: all) were read at ``now`` (epoch s)."""
        with self._writing() as conn:
            feed.mark_read(conn, wanted, now)

    def retract_notices(self, holding: Mapping[date, Collection[str]]) -> None:
        """Forget unread notices of days whose code is none of those that still hold of the day."""
        with translated():
            stale = feed.stale(self._conn, holding)
        if stale:
            with self._writing() as conn:
                feed.retract(conn, holding)

    def release_nudge(self, taken: Iterable[str]) -> None:
        """Give claimed keys back, when nothing was shown."""
        with self._writing() as conn:
            fired.release(conn, taken)

    def told(self, start_ts: float, end_ts: float) -> Told:
        """Give what was told of a stretch, end excluded, and every start of a period."""
        with translated():
            return told.read(self._conn, start_ts, end_ts)

    def told_workout(self, workout_id: str) -> ToldWorkout | None:
        """Give a told workout."""
        with translated():
            return told.workout(self._conn, workout_id)

    @staticmethod
    def _zone_of(conn: sqlite3.Connection, day: date, tz: tzinfo) -> tzinfo:
        """Give the time zone that a day keeps once it is over, ``tz`` before."""
        row = conn.execute(
            "SELECT timezone FROM days WHERE day = ? AND final = 1", (day.isoformat(),)
        ).fetchone()
        return tz if row is None else ZoneInfo(row[0])

    def _need_frames(self, conn: sqlite3.Connection, day: date, tz: tzinfo) -> None:
        if self._frames_gone(conn, day, tz):
            raise ToldError("frames_gone")

    def _frames_gone(self, conn: sqlite3.Connection, day: date, tz: tzinfo) -> bool:
        start_ts, end_ts = window_of(day, tz)
        first, last = int(start_ts // SECONDS_PER_HOUR), int(-(-end_ts // SECONDS_PER_HOUR))
        return self._sealed.touches(conn, first, last)
