"""The look back on a week: when it is told, of what, and once."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest

from custom_components.openstrap.engine.insight.nudges import QuietHours
from custom_components.openstrap.happening_search import Search, search
from custom_components.openstrap.happenings import HappeningKind
from custom_components.openstrap.ingest import ingest
from custom_components.openstrap.store import WearerStore

from ..frames import inners, minute
from ..made_days import at, keep, made_day

MONDAY = date(2026, 9, 21)
SUNDAY = MONDAY - timedelta(days=1)
KEY = "2026-09-20:week"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Give a store of two weeks, the second with more strain than the first."""
    with closing(WearerStore.open(tmp_path / "wearer.db")) as opened:
        for ago in range(14):
            day = SUNDAY - timedelta(days=ago)
            values = {"strain": 12.0 if ago < 7 else 9.5, "workouts": float(ago in {1, 3})}
            keep(opened, made_day(day, values, confidence=0.6, final=True))
        yield opened


def seen(store: WearerStore, until_ts: float) -> None:
    """Let records reach up to a time."""
    ingest(store, inners(minute(int(until_ts) - 60)), now=until_ts, tz=UTC)


def look(store: WearerStore, now: float) -> Search:
    """Search at a time, in a house that wants its quiet."""
    return search(store, now=now, zone=UTC, quiet=QuietHours())


def weeks(found: Search) -> list[dict[str, object]]:
    """Give what is told of a week."""
    return [
        dict(one.happening.data)
        for one in found.found
        if one.happening.kind is HappeningKind.NUDGE and one.happening.data["code"] == "week_over"
    ]


def test_it_is_told_on_monday_morning(store: WearerStore) -> None:
    """Not while others sleep; then once."""
    seen(store, at(MONDAY, 3))
    early = look(store, at(MONDAY, 3))
    assert early.found == ()
    assert early.look_again_ts == at(MONDAY, 7)
    found = look(store, at(MONDAY, 7))
    assert weeks(found) == [
        {
            "code": "week_over",
            "severity": "note",
            "values": {"strain": 12.0, "strain_change": 2.5, "workouts": 2.0},
            "day": "2026-09-20",
        }
    ]
    [one] = found.found
    assert (one.key, one.happening.ts) == (KEY, at(MONDAY, 7))
    assert store.claim_nudge([one.key, *one.also], MONDAY)
    again = look(store, at(MONDAY, 9))
    assert (again.found, again.look_again_ts) == ((), None)


def test_no_other_day_looks_back(store: WearerStore) -> None:
    """On Sunday the week goes on, on Tuesday it is no news any more."""
    seen(store, at(MONDAY + timedelta(days=1), 9))
    for day in (SUNDAY, MONDAY + timedelta(days=1)):
        assert weeks(look(store, at(day, 9))) == []
    assert weeks(look(store, at(MONDAY, 9)))


def test_it_waits_for_the_rest_of_sunday(store: WearerStore) -> None:
    """A band that was last read on Sunday evening may still bring a workout."""
    seen(store, at(SUNDAY, 21))
    assert weeks(look(store, at(MONDAY, 9))) == []
    seen(store, at(MONDAY, 8))
    assert weeks(look(store, at(MONDAY, 9))) == [], "it came, but nobody worked it out yet"
    [mark] = [waiting.mark for waiting in store.dirty_days() if waiting.day == SUNDAY]
    assert store.clear_dirty(SUNDAY, mark)
    assert weeks(look(store, at(MONDAY, 9)))


def test_a_sunday_without_the_band_is_no_end(store: WearerStore) -> None:
    """The other days are looked back on."""
    [row] = store.days(SUNDAY, SUNDAY)
    store.drop_day(row)
    seen(store, at(MONDAY, 9))
    assert weeks(look(store, at(MONDAY, 9)))[0]["values"] == {
        "strain": 12.0,
        "strain_change": 2.5,
        "workouts": 2.0,
    }


def test_what_is_unsure_or_of_another_kind_is_left_out(store: WearerStore) -> None:
    """Of four such days less than half a week is left: there is nothing to say."""
    for ago in range(2):
        day = SUNDAY - timedelta(days=ago)
        keep(store, made_day(day, {"strain": 21.0}, confidence=0.39))
    for ago in (2, 3):
        day = SUNDAY - timedelta(days=ago)
        row = made_day(day, {"strain": 21.0})
        keep(store, replace(row, algorithm=2, result=dict(row.result) | {"algorithm": 2}))
    seen(store, at(MONDAY, 9))
    assert weeks(look(store, at(MONDAY, 9))) == []
    keep(store, made_day(SUNDAY, {"strain": 12.0}))
    assert weeks(look(store, at(MONDAY, 9)))[0]["values"] == {"strain": 12.0, "strain_change": 2.5}
