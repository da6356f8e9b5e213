"""Deleting for good what a wearer wants gone."""

from datetime import UTC, date, timedelta
from pathlib import Path

from custom_components.openstrap.engine.day_window import window_of
from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.ingest import ingest
from custom_components.openstrap.store import WearerStore

from ..frames import inners, minute
from ..stored_days import made_days, store_days

DAY = date(2026, 6, 10)
NOON_BEFORE = int(window_of(DAY, UTC)[0])
HOUR = 3600


def taken(store: WearerStore, start: int) -> int:
    """Take a minute of frames in; gives how many of them count anew."""
    now = NOON_BEFORE + 10 * 86400.0
    return ingest(store, inners(minute(start)), now=now, tz=UTC).new


def purged(store: WearerStore, before: date = DAY, *, everything: bool, limit: int = 2) -> int:
    """Purge to the end; gives how many slices that took."""
    slices = 1
    while store.purge(before, UTC, everything=everything, limit=limit):
        slices += 1
    return slices


def test_frames_go_up_to_the_noon_before(store: WearerStore) -> None:
    """An hour at a time, and those that are gone do not count again."""
    starts = [NOON_BEFORE - n * HOUR for n in range(1, 6)]
    for start in [*starts, NOON_BEFORE]:
        assert taken(store, start) == 60
    assert purged(store, everything=False) == 3
    assert store.stats()["frames"] == 60
    assert store.is_sealed(starts[0], starts[0] + HOUR)
    assert not store.is_sealed(NOON_BEFORE, NOON_BEFORE + HOUR)
    assert taken(store, starts[-1]) == 0
    assert taken(store, NOON_BEFORE) == 0
    assert len(store.minutes(starts[-1], NOON_BEFORE)) == 5, "sums are no frames"
    assert purged(store, everything=False) == 1, "twice is once"


def test_everything_goes(store: WearerStore) -> None:
    """Also days that wait, unreadable ones, frames without a time; what is told of later stays."""
    taken(store, NOON_BEFORE - HOUR)
    taken(store, NOON_BEFORE + HOUR)
    store_days(store, made_days(DAY, 3))
    for day in (DAY - timedelta(days=1), DAY):
        store.write_journal(day, JournalDay(note="x"))
        store.set_period(day, began=True)
    span = (NOON_BEFORE + HOUR, NOON_BEFORE + 2 * HOUR)
    now = NOON_BEFORE + 86400.0
    store.save_workout("before", span, "run", now=now, tz=UTC)
    later = (span[0] + 86400 / 2, span[1] + 86400 / 2)
    store.save_workout("after", later, "run", now=now, tz=UTC)
    purged(store, everything=True)
    assert store.known_days(date.min, date.max) == [DAY]
    assert list(store.journal(date.min, date.max)) == [DAY]
    told = store.told(NOON_BEFORE - 1, NOON_BEFORE + 2 * 86400)
    assert [one.id for one in told.workouts] == ["after"]
    assert told.period_starts == (DAY,)
    assert store.stats()["frames"] == 60
    assert len(store.minutes(0, 2**33)) == 1
    assert {dirty.day for dirty in store.dirty_days()} <= {DAY, DAY + timedelta(days=1)}
    told_of = {day for day, _ in store.unpublished(100)}
    assert {DAY - timedelta(days=2), DAY - timedelta(days=1)} <= told_of
    assert taken(store, NOON_BEFORE - HOUR) == 0


def test_frames_without_a_time_go_by_the_day_they_came(store: WearerStore) -> None:
    """They belong to no day."""
    store_days(store, made_days(DAY, 1))
    ahead = NOON_BEFORE + 400 * 86400
    for now in (NOON_BEFORE - 3 * 86400.0, NOON_BEFORE + 86400.0):
        ingest(store, inners(minute(ahead + int(now) % 1000 * 60)), now=now, tz=UTC)
    assert store.stats()["frames"] == 120
    purged(store, everything=True, limit=24)
    assert store.stats()["frames"] == 60


def test_nothing_of_it_is_left_on_the_disk(store: WearerStore, path: Path) -> None:
    """Neither in free pages nor in the log beside the file."""
    secret = "slept badly at the sea"
    for back in range(1, 40):
        note = secret if back == 20 else "x" * 900
        store.write_journal(DAY - timedelta(days=back), JournalDay(note=note))
    store.write_journal(DAY, JournalDay(note="kept"))

    def on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))

    assert secret.encode() in on_disk()
    purged(store, everything=True)
    assert secret.encode() not in on_disk()
    assert b"kept" in on_disk()
