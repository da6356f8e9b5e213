"""What may be done with what a wearer told: workouts, periods, and the nudges they were shown."""

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo

from ..engine.told import Span, Told, ToldWorkout
from . import fired, told
from .errors import translated
from .open_store import OpenStore


class ToldStore(OpenStore):
    """The wearer's own word. One that is refused raises WorkoutError."""

    def start_workout(
        self, workout_id: str, start_ts: float, kind: str | None, *, now: float, tz: tzinfo
    ) -> ToldWorkout:
        """Begin a workout by hand; its id again is the same workout."""
        with self._writing() as conn:
            return told.start(conn, workout_id, start_ts, kind, now=now, tz=tz)

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
        now: float,
        tz: tzinfo,
    ) -> ToldWorkout:
        """Keep a workout that is over, new or changed; ``replaces`` is a detected one's span."""
        with self._writing() as conn:
            return told.save(conn, workout_id, span, kind, replaces=replaces, now=now, tz=tz)

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

    def fired_nudges(self) -> frozenset[str]:
        """Give the keys of the nudges that were shown in the last days."""
        with translated():
            return fired.keys(self._conn)

    def claim_nudge(self, wanted: Sequence[str], today: date) -> tuple[str, ...]:
        """Use up keys before a nudge is shown, for one caller alone; see ``fired.claim``."""
        with self._writing() as conn:
            return fired.claim(conn, wanted, today)

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
