"""Which nudges were told."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
import sqlite3

import pytest

from custom_components.openstrap.store import StoreError, WearerStore, fired

TODAY = date(2026, 9, 6)
MEDICAL = ("2026-09-06:exception:medical", "2026-09-06:exception")


def opened(path: Path) -> closing[sqlite3.Connection]:
    """Connect to the file of a store, which is made if it is not there."""
    WearerStore.open(path).close()
    return closing(sqlite3.connect(path, isolation_level=None, timeout=0.0))


def test_claimed_once(path: Path) -> None:
    """The first has it, whoever comes later gets nothing, also after the file was closed."""
    with opened(path) as conn:
        assert fired.keys(conn) == frozenset()
        assert fired.claim(conn, ["2026-09-06:recovery"], TODAY) == ("2026-09-06:recovery",)
        assert fired.claim(conn, ["2026-09-06:recovery"], TODAY) == ()
    with opened(path) as conn:
        assert fired.claim(conn, ["2026-09-06:recovery"], TODAY) == ()
        assert fired.claim(conn, ["2026-09-06:bedtime"], TODAY) == ("2026-09-06:bedtime",)
        assert fired.claim(conn, [], TODAY) == ()
        assert fired.keys(conn) == {"2026-09-06:recovery", "2026-09-06:bedtime"}


def test_a_medical_one_takes_both_keys(path: Path) -> None:
    """Both keys go; given back are only those that were taken."""
    with opened(path) as conn:
        assert fired.claim(conn, MEDICAL, TODAY) == MEDICAL
        assert fired.claim(conn, MEDICAL[1:], TODAY) == ()
        fired.release(conn, MEDICAL)
        assert fired.claim(conn, MEDICAL[1:], TODAY) == MEDICAL[1:]
        taken = fired.claim(conn, MEDICAL, TODAY)
        assert taken == MEDICAL[:1]
        fired.release(conn, taken)
        assert fired.keys(conn) == {MEDICAL[1]}


def test_two_at_once_do_not_both_get_it(path: Path) -> None:
    """Within transactions that write, the second waits for the first and then finds it gone."""
    with opened(path) as one, opened(path) as other:
        one.execute("BEGIN IMMEDIATE")
        assert fired.claim(one, MEDICAL, TODAY) == MEDICAL
        try:
            other.execute("BEGIN IMMEDIATE")
            waited = False
        except sqlite3.OperationalError:
            waited = True
        assert waited
        one.execute("COMMIT")
        other.execute("BEGIN IMMEDIATE")
        assert fired.claim(other, MEDICAL, TODAY) == ()
        other.execute("COMMIT")


def test_what_was_rolled_back_is_free(path: Path) -> None:
    """A claim that was not committed is none."""
    with opened(path) as conn:
        conn.execute("BEGIN IMMEDIATE")
        fired.claim(conn, MEDICAL, TODAY)
        conn.execute("ROLLBACK")
        assert fired.claim(conn, MEDICAL, TODAY) == MEDICAL


def test_a_key_of_long_ago_is_never_given(path: Path) -> None:
    """It would be forgotten at once, and told again and again."""
    with opened(path) as conn:
        assert fired.claim(conn, ["2026-08-29:recovery"], TODAY) == ()
        assert fired.claim(conn, ["2026-08-30:recovery"], TODAY) == ("2026-08-30:recovery",)
        assert fired.keys(conn) == {"2026-08-30:recovery"}


def test_through_the_store(path: Path) -> None:
    """A claim is on the disk for whoever opens the file next; read only there is none."""
    with closing(WearerStore.open(path)) as store, closing(WearerStore.open(path)) as other:
        assert store.fired_nudges() == frozenset()
        assert store.claim_nudge(MEDICAL, TODAY) == MEDICAL
        assert other.claim_nudge(MEDICAL, TODAY) == ()
        assert other.fired_nudges() == set(MEDICAL)
        store.release_nudge(MEDICAL[:1])
    with closing(WearerStore.open(path, read_only=True)) as store:
        assert store.fired_nudges() == {MEDICAL[1]}
        with pytest.raises(StoreError):
            store.claim_nudge(["2026-09-06:recovery"], TODAY)
        with pytest.raises(StoreError):
            store.release_nudge(MEDICAL)
        assert store.fired_nudges() == {MEDICAL[1]}


def test_old_keys_are_forgotten(path: Path) -> None:
    """A year of nudges leaves a week of keys."""
    with opened(path) as conn:
        conn.execute("BEGIN IMMEDIATE")
        for back in range(365, -1, -1):
            day = TODAY - timedelta(days=back)
            assert fired.claim(conn, [f"{day.isoformat()}:recovery"], day)
        assert len(fired.keys(conn)) == 8
        assert "2026-08-30:recovery" in fired.keys(conn)


def test_stretches_that_overlap_are_one(path: Path) -> None:
    """Of one topic; a stretch that only touches another is a new one."""
    with opened(path) as conn:
        run = fired.span_key(TODAY, "workout", 1000.4, 2000.2)
        assert run == "2026-09-06:workout@1000-2001"
        assert fired.claim(conn, [run], TODAY) == (run,)
        for start, end in ((1000.4, 2000.2), (500.0, 1001.0), (1500.0, 1600.0), (2000.0, 3000.0)):
            other = fired.span_key(TODAY, "workout", start, end)
            assert fired.claim(conn, [other], TODAY) == ()
        moved = fired.span_key(TODAY - timedelta(days=1), "workout", 900.0, 1100.0)
        assert fired.claim(conn, [moved], TODAY) == (), "also when it is now of another day"
        touching = fired.span_key(TODAY, "workout", 2001.0, 3000.0)
        assert fired.claim(conn, [touching], TODAY) == (touching,)
        nap = fired.span_key(TODAY, "nap", 1000.0, 2000.0)
        assert fired.claim(conn, [nap], TODAY) == (nap,)
        assert fired.claim(conn, ["2026-09-06:workout"], TODAY) == ("2026-09-06:workout",)
        assert fired.keys(conn) == {run, touching, nap, "2026-09-06:workout"}


def test_a_stretch_that_has_only_begun(path: Path) -> None:
    """Is the same one later, when it has become longer."""
    with opened(path) as conn:
        begun = fired.span_key(TODAY, "workout_started", 1000.0, 1000.0)
        assert fired.claim(conn, [begun], TODAY) == (begun,)
        for start, end in ((1000.0, 1300.0), (940.0, 1600.0)):
            later = fired.span_key(TODAY, "workout_started", start, end)
            assert fired.claim(conn, [later], TODAY) == ()


def test_a_stretch_that_was_given_back_is_free(path: Path) -> None:
    """As any other key."""
    with opened(path) as conn:
        run = fired.span_key(TODAY, "workout", 1000.0, 2000.0)
        fired.release(conn, fired.claim(conn, [run], TODAY))
        other = fired.span_key(TODAY, "workout", 1500.0, 1600.0)
        assert fired.claim(conn, [other], TODAY) == (other,)


def test_a_stretch_of_long_ago_is_never_given(path: Path) -> None:
    """It would be forgotten at once."""
    with opened(path) as conn:
        old = fired.span_key(TODAY - timedelta(days=8), "workout", 1000.0, 2000.0)
        assert fired.claim(conn, [old], TODAY) == ()
        assert not fired.keys(conn)
