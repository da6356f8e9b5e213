"""The nudges that were told, on disk."""

from datetime import date, timedelta
from pathlib import Path
import sqlite3
from zoneinfo import ZoneInfo

import pytest

from custom_components.openstrap.store import Notice, StoreError, WearerStore

TODAY = date(2026, 9, 6)
NOW = 1788700000.0
RECOVERY = Notice(TODAY, "recovery_ready", 1, NOW, {"recovery": 61.5}, quiet_ok=True)


def told(store: WearerStore, *notices: Notice) -> None:
    """Tell nudges, each under a key of its own."""
    for one in notices:
        assert store.claim_nudge([f"{one.day}:{one.code}"], TODAY, one)


def codes(store: WearerStore, now: float = NOW) -> list[str]:
    """Name what is in the feed."""
    return [one.code for one in store.notices(now)]


def test_it_is_kept_with_its_key(store: WearerStore, path: Path) -> None:
    """Also when the file is opened again; a key that is used up brings nothing."""
    told(store, RECOVERY)
    assert not store.claim_nudge(["2026-09-06:recovery_ready"], TODAY, RECOVERY)
    assert not store.claim_nudge([], TODAY, RECOVERY)
    assert store.notices(NOW) == [RECOVERY]
    store.close()
    again = WearerStore.open(path)
    assert again.notices(NOW) == [RECOVERY]
    again.close()


def test_nothing_is_kept_without_the_key(
    store: WearerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong in between leaves neither."""
    monkeypatch.setattr("custom_components.openstrap.store.feed.MAX_A_DAY", "six")
    with pytest.raises(TypeError):
        store.claim_nudge(["2026-09-06:recovery_ready"], TODAY, RECOVERY)
    assert store.fired_nudges() == frozenset()
    assert store.notices(NOW) == []


def test_reading(store: WearerStore) -> None:
    """Some or all, once."""
    low = Notice(TODAY, "low_recovery", 2, NOW + 1)
    told(store, RECOVERY, low)
    store.read_notices([(TODAY, "low_recovery"), (TODAY, "nothing")], NOW + 5)
    assert [one.read_ts for one in store.notices(NOW)] == [None, NOW + 5]
    store.read_notices(None, NOW + 9)
    assert [one.read_ts for one in store.notices(NOW)] == [NOW + 9, NOW + 5]
    store.read_notices([(TODAY, "low_recovery")], NOW + 10)
    assert [one.read_ts for one in store.notices(NOW)] == [NOW + 9, NOW + 5]


def test_what_holds_no_more(store: WearerStore) -> None:
    """Unread ones of a day that was judged go; of other days nothing is known."""
    yesterday = TODAY - timedelta(days=1)
    low = Notice(TODAY, "low_recovery", 2, NOW)
    before = Notice(yesterday, "low_recovery", 2, NOW - 86400)
    told(store, before, RECOVERY, low)
    store.read_notices([(TODAY, "recovery_ready")], NOW)
    store.retract_notices({TODAY: {"low_recovery"}})
    assert len(codes(store)) == 3
    store.retract_notices({TODAY: frozenset()})
    assert [(one.day, one.code) for one in store.notices(NOW)] == [
        (yesterday, "low_recovery"),
        (TODAY, "recovery_ready"),
    ]


def test_seven_days(store: WearerStore) -> None:
    """Older ones are not given, and forgotten with the next."""
    told(store, RECOVERY)
    week = 7 * 86400.0
    assert codes(store, NOW + week) == ["recovery_ready"]
    assert codes(store, NOW + week + 1) == []
    later = TODAY + timedelta(days=8)
    told(store, Notice(later, "week_over", 1, NOW + week + 1))
    assert codes(store, NOW) == ["week_over"]


def test_six_a_day(store: WearerStore) -> None:
    """The least severe give way, of these the oldest; other days do not count."""
    other = Notice(TODAY - timedelta(days=1), "other", 1, NOW - 50)
    told(store, other)
    told(store, *(Notice(TODAY, f"note {at}", 1, NOW + at) for at in range(5)))
    told(store, Notice(TODAY, "warning", 2, NOW - 10), Notice(TODAY, "alert", 3, NOW - 20))
    assert codes(store) == ["other", "alert", "warning", "note 1", "note 2", "note 3", "note 4"]


def test_rows_of_another_version(store: WearerStore, path: Path) -> None:
    """What makes no sense is left alone."""
    told(store, RECOVERY)
    with sqlite3.connect(path) as conn:
        conn.execute("INSERT INTO feed VALUES ('2026-09-06', 'x', ?, NULL, '{}')", (NOW,))
        conn.execute("INSERT INTO feed VALUES ('2026-09-06', 'y', ?, NULL, 'no')", (NOW,))
    conn.close()
    assert codes(store) == ["recovery_ready"]


def test_purging(store: WearerStore) -> None:
    """It goes with everything else of its day, not with the frames alone."""
    before = Notice(TODAY - timedelta(days=1), "low_recovery", 2, NOW - 86400)
    told(store, before, RECOVERY)
    zone = ZoneInfo("Europe/Berlin")
    while store.purge(TODAY, zone, everything=False):
        pass
    assert len(codes(store)) == 2
    while store.purge(TODAY, zone, everything=True):
        pass
    assert codes(store) == ["recovery_ready"]


def test_it_is_in_the_dump(store: WearerStore) -> None:
    """So that two stores can be compared."""
    told(store, RECOVERY)
    [row] = store.dump()["feed"]
    assert row[:4] == ("2026-09-06", "recovery_ready", NOW, None)


def test_a_file_that_is_only_read(store: WearerStore, path: Path) -> None:
    """Shows what it has, and takes nothing."""
    told(store, RECOVERY)
    reader = WearerStore.open(path, read_only=True)
    assert reader.notices(NOW) == [RECOVERY]
    with pytest.raises(StoreError):
        reader.read_notices(None, NOW)
    reader.close()
