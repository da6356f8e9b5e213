"""What happened by the results of the last days, in order, and what is no news any more."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from custom_components.openstrap.engine.day import REACH
from custom_components.openstrap.engine.insight.nudges import QuietHours
from custom_components.openstrap.happening_search import Search, band_name, search
from custom_components.openstrap.happenings import HappeningKind
from custom_components.openstrap.ingest import ingest
from custom_components.openstrap.store import DayRow, WearerStore

from ..frames import inners, minute
from ..made_days import at, keep, made_day, night_of, workout

DAY = date(2026, 9, 17)
BEFORE = DAY - timedelta(days=1)
STEP_GOAL = 8000.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Give an empty store."""
    with closing(WearerStore.open(tmp_path / "wearer.db")) as opened:
        yield opened


def seen(store: WearerStore, until_ts: float) -> None:
    """Let records reach up to a time."""
    ingest(store, inners(minute(int(until_ts) - 60)), now=until_ts, tz=UTC)


def look(store: WearerStore, now: float, quiet: QuietHours | None = None, **given: float) -> Search:
    """Search at a time."""
    return search(store, now=now, zone=UTC, quiet=quiet, **given)


def kinds(found: Search) -> list[HappeningKind]:
    """Tell what was found, in order."""
    return [one.happening.kind for one in found.found]


def test_without_records_nothing_happened(store: WearerStore) -> None:
    """An import of results alone is no news."""
    keep(store, night_of(DAY))
    assert look(store, at(DAY, 9)) == Search((), None)


def test_a_night_in_its_own_order(store: WearerStore) -> None:
    """Fell asleep, woke up, then what follows from it; each with its own time and numbers."""
    keep(store, night_of(DAY))
    seen(store, at(DAY, 9))
    found = [
        one
        for one in look(store, at(DAY, 9)).found
        if one.happening.kind is not HappeningKind.NUDGE
    ]
    assert [(one.key, one.happening.ts) for one in found] == [
        ("2026-09-17:fell_asleep", at(BEFORE, 23)),
        ("2026-09-17:woke_up", at(DAY, 7)),
        ("2026-09-17:recovery_ready", at(DAY, 7)),
    ]
    assert [dict(one.happening.data) for one in found] == [
        {"day": "2026-09-17", "happened_at": "2026-09-16T23:00:00+00:00"},
        {
            "day": "2026-09-17",
            "happened_at": "2026-09-17T07:00:00+00:00",
            "sleep_min": 480.0,
            "recovery": 61,
            "recovery_band": "yellow",
            "provisional": True,
        },
        {"day": "2026-09-17", "recovery": 61, "band": "yellow", "confidence": 0.9},
    ]


@pytest.mark.parametrize(
    ("reach_min", "final", "live", "over"),
    [
        (10, False, False, False),
        (59, False, False, False),
        (61, False, False, True),
        (10, True, False, True),
        (10, False, True, True),
    ],
)
def test_a_night_is_over_when_it_is(
    store: WearerStore, reach_min: int, *, final: bool, live: bool, over: bool
) -> None:
    """A sweep in the middle of the night finds one that ends with the last record: no news yet."""
    keep(store, night_of(DAY, final=final))
    seen(store, at(DAY, 7) + 60 * reach_min)
    if live:
        store.claim_nudge(["2026-09-17:woke_up"], DAY)
    found = set(kinds(look(store, at(DAY, 7) + 60 * reach_min)))
    assert (HappeningKind.RECOVERY_READY in found) == over
    assert (HappeningKind.WOKE_UP in found) == (over and not live)
    assert HappeningKind.FELL_ASLEEP in found


@pytest.mark.parametrize(("seen_min", "over"), [(10, False), (61, True)])
def test_what_came_after_an_analysis_ends_no_night(
    store: WearerStore, seen_min: int, *, over: bool
) -> None:
    """What counts are the records that the result was made of, not those that came since."""
    keep(store, night_of(DAY, details={REACH: at(DAY, 7) + 60 * seen_min}))
    seen(store, at(DAY, 10))
    assert (HappeningKind.WOKE_UP in kinds(look(store, at(DAY, 10)))) == over


def test_what_was_told_is_not_found(store: WearerStore) -> None:
    """By whomever: the live watch uses the same keys."""
    keep(store, night_of(DAY))
    seen(store, at(DAY, 9))
    first = look(store, at(DAY, 9)).found
    for one in first:
        assert store.claim_nudge([one.key, *one.also], DAY)
    assert look(store, at(DAY, 9)).found == ()


def test_an_evening_belongs_to_the_next_noon(store: WearerStore) -> None:
    """A sleep by day has the key that the live watch gave it, though it ends on an earlier day."""
    row = made_day(DAY, {}, onset_ts=at(DAY, 13), offset_ts=at(DAY, 19))
    keep(store, row)
    seen(store, at(DAY, 21))
    keys = [one.key for one in look(store, at(DAY, 21)).found]
    assert keys == ["2026-09-18:fell_asleep", "2026-09-17:woke_up"]


def test_of_two_nights_the_newer_is_news(store: WearerStore) -> None:
    """A phone that brings both tells of one; of the day between, its training still counts."""
    listed = {"workouts": [workout(at(BEFORE, 17), at(BEFORE, 18))]}
    keep(store, night_of(BEFORE, details={"trends": listed}, final=True))
    keep(store, night_of(DAY))
    seen(store, at(DAY, 9))
    found = look(store, at(DAY, 9)).found
    keys = [one.key for one in found if one.happening.kind is not HappeningKind.NUDGE]
    assert keys[0].startswith("2026-09-16:workout_ended@")
    assert keys[1:] == [
        "2026-09-17:fell_asleep",
        "2026-09-17:woke_up",
        "2026-09-17:recovery_ready",
    ]


def test_days_of_long_ago_are_not_looked_at(store: WearerStore) -> None:
    """A phone that brings day -9 tells nothing of it."""
    for back in (2, 3, 9):
        keep(store, night_of(DAY - timedelta(days=back)))
    seen(store, at(DAY, 9))
    assert look(store, at(DAY, 9)).found == ()


def test_a_result_that_cannot_be_read_is_left_out(store: WearerStore) -> None:
    """The others are found all the same."""
    keep(store, replace(night_of(BEFORE), result={"day": "2026-09-16"}))
    keep(store, night_of(DAY))
    seen(store, at(DAY, 9))
    assert HappeningKind.WOKE_UP in kinds(look(store, at(DAY, 9)))


def with_workouts(*spans: tuple[float, float], naps: list[list[float]] | None = None) -> DayRow:
    """Make a day with workouts and naps."""
    listed = {"workouts": [workout(*span) for span in spans]}
    return night_of(DAY, {}, details={"trends": listed, "naps": naps or []})


def test_naps_and_workouts(store: WearerStore) -> None:
    """In the order of their ends, with what is known of them."""
    nap = [at(DAY, 13), at(DAY, 13, 40), 1830.0, 0.7]
    keep(store, with_workouts((at(DAY, 8), at(DAY, 9)), (at(DAY, 17), at(DAY, 18)), naps=[nap]))
    seen(store, at(DAY, 20))
    found = look(store, at(DAY, 20)).found[2:]
    assert [one.happening.kind.value for one in found] == ["workout_ended", "nap", "workout_ended"]
    assert dict(found[0].happening.data) == {
        "start": "2026-09-17T08:00:00+00:00",
        "end": "2026-09-17T09:00:00+00:00",
        "kind": "run",
        "strain": 9.25,
        "duration_min": 60.0,
    }
    assert dict(found[1].happening.data) == {
        "start": "2026-09-17T13:00:00+00:00",
        "end": "2026-09-17T13:40:00+00:00",
        "asleep_min": 30.5,
    }


def test_a_workout_whose_edges_move_stays_the_same(store: WearerStore) -> None:
    """Derived again it may begin earlier, end later, or be cut in two; a third one is new."""
    keep(store, with_workouts((at(DAY, 8), at(DAY, 9))))
    seen(store, at(DAY, 20))
    for one in look(store, at(DAY, 20)).found:
        assert store.claim_nudge([one.key], DAY)
    keep(store, with_workouts((at(DAY, 7, 40), at(DAY, 8, 20)), (at(DAY, 8, 30), at(DAY, 9, 10))))
    assert look(store, at(DAY, 20)).found == ()
    keep(store, with_workouts((at(DAY, 8), at(DAY, 9)), (at(DAY, 17), at(DAY, 18))))
    [new] = look(store, at(DAY, 20)).found
    assert new.happening.ts == at(DAY, 18)


def strained(strain: float, **beside: object) -> DayRow:
    """Make a day of a strain whose target is 10 to 14."""
    curve = {"start_ts": at(DAY, 0), "after_s": [0, 43200, 57600], "strain": [0.0, 8.0, strain]}
    return night_of(
        DAY,
        {"strain": strain, "strain_target": 12.0},
        drivers={"strain_target": (("low", 10.0), ("high", 14.0))},
        details={"trends": {"curve": curve} | beside},
    )


def test_the_strain_target_has_the_time_at_which_it_was_reached(store: WearerStore) -> None:
    """Its lower end, by the curve of the day; below it nothing is reached."""
    keep(store, strained(9.9))
    seen(store, at(DAY, 20))
    assert HappeningKind.STRAIN_TARGET_REACHED not in kinds(look(store, at(DAY, 20)))
    keep(store, strained(11.25))
    [one] = [
        one.happening
        for one in look(store, at(DAY, 20)).found
        if one.happening.kind is HappeningKind.STRAIN_TARGET_REACHED
    ]
    assert one.ts == at(DAY, 16)
    assert dict(one.data) == {"day": "2026-09-17", "strain": 11.2, "target": 10.0}
    keep(store, strained(11.25, curve=None))
    [one] = [
        one.happening
        for one in look(store, at(DAY, 20)).found
        if one.happening.kind is HappeningKind.STRAIN_TARGET_REACHED
    ]
    assert at(DAY, 19, 59) < one.ts <= at(DAY, 20), "without a curve, the newest record"


def test_records_of_the_night_wait_for_its_end(store: WearerStore) -> None:
    """One of the day is told as soon as it is set."""
    listed = [{"metric": "rmssd_ms", "value": 91.0}, {"metric": "steps", "value": 31000.0}]
    keep(store, night_of(DAY, {}, details={"trends": {"records": listed}}))
    seen(store, at(DAY, 7, 10))
    found = [one for one in look(store, at(DAY, 7, 10)).found if "record" in one.key]
    assert [one.key for one in found] == ["2026-09-17:record:steps"]
    seen(store, at(DAY, 22))
    found = [one for one in look(store, at(DAY, 22)).found if "record" in one.key]
    assert [one.key for one in found] == ["2026-09-17:record:rmssd_ms", "2026-09-17:record:steps"]
    assert found[0].happening.ts == at(DAY, 7)
    assert dict(found[0].happening.data) == listed[0]


def nudges(found: Search) -> dict[str, dict[str, object]]:
    """Give the nudges by their codes."""
    return {
        one.happening.data["code"]: dict(one.happening.data)
        for one in found.found
        if one.happening.kind is HappeningKind.NUDGE
    }


def test_nudges_come_due(store: WearerStore) -> None:
    """Recovery, a goal, and bedtime in its hour; each with its key."""
    row = night_of(DAY, {"recovery": 61.4, "steps": 8001.0, "bedtime": at(DAY, 23)})
    keep(store, row)
    seen(store, at(DAY, 20))
    found = look(store, at(DAY, 20), step_goal=STEP_GOAL)
    assert set(nudges(found)) == {"recovery_ready", "steps_goal_reached"}
    assert nudges(found)["steps_goal_reached"] == {
        "code": "steps_goal_reached",
        "severity": "note",
        "values": {"steps": 8001.0, "goal": 8000.0},
        "day": "2026-09-17",
    }
    assert set(nudges(look(store, at(DAY, 20)))) == {"recovery_ready"}, "no goal, none reached"
    assert found.look_again_ts == at(DAY, 22, 30)
    for one in found.found:
        store.claim_nudge([one.key, *one.also], DAY)
    later = look(store, at(DAY, 22, 30), step_goal=STEP_GOAL)
    assert set(nudges(later)) == {"bedtime_near"}
    assert later.look_again_ts is None, "the next time is that of the results of tomorrow"


def test_quiet_hours_put_nudges_off(store: WearerStore) -> None:
    """Till they end; bedtime may be told within."""
    keep(store, night_of(DAY, {"recovery": 61.4, "bedtime": at(DAY, 23)}))
    seen(store, at(DAY, 8, 5))
    quiet = QuietHours()
    early = look(store, at(DAY, 6, 59), quiet)
    assert nudges(early) == {}
    assert early.look_again_ts == at(DAY, 7)
    assert "recovery_ready" in nudges(look(store, at(DAY, 7), quiet))
    assert set(nudges(look(store, at(DAY, 22, 45), quiet))) == {"bedtime_near"}


def test_a_medical_nudge_takes_the_other_key_with_it(store: WearerStore) -> None:
    """After it nothing else out of the ordinary is told of the day."""
    alert = {"code": "irregular_rhythm", "severity": 3, "day": "2026-09-17", "values": {}}
    row = night_of(
        DAY,
        {"irregular_rhythm": 1.0},
        details={"trends": {"health": {"findings": [alert]}}},
    )
    keep(store, row)
    seen(store, at(DAY, 9))
    [one] = [one for one in look(store, at(DAY, 9)).found if one.also]
    assert (one.key, one.also) == ("2026-09-17:exception:medical", ("2026-09-17:exception",))
    assert one.happening.data["severity"] == "alert"


def test_a_twice_low_recovery_needs_the_day_before(store: WearerStore) -> None:
    """The day before yesterday is read for yesterday's sake, and told nothing of."""
    low = {"code": "low_recovery", "severity": 2, "values": {"recovery": 15.0}}
    for day in (BEFORE - timedelta(days=1), BEFORE):
        found = [low | {"day": day.isoformat()}]
        details = {"trends": {"health": {"findings": found}}}
        keep(store, night_of(day, {"recovery": 15.0}, details=details, final=True))
    seen(store, at(DAY, 9))
    found_codes = nudges(look(store, at(DAY, 9)))
    assert found_codes["low_recovery"]["day"] == BEFORE.isoformat()


def test_a_workout_that_was_found_is_worth_a_word(store: WearerStore) -> None:
    """With its numbers, for two hours, once a day; not one that the wearer told of themselves."""
    hour = (at(DAY, 17), at(DAY, 18))
    listed = [workout(at(DAY, 8), at(DAY, 9)), workout(*hour)]
    keep(store, night_of(DAY, {}, details={"trends": {"workouts": listed}}))
    seen(store, at(DAY, 19))
    found = look(store, at(DAY, 19))
    assert nudges(found) == {
        "workout_ended": {
            "code": "workout_ended",
            "severity": "note",
            "values": {"duration_min": 60.0, "strain": 9.25, "avg_bpm": 141.5},
            "day": "2026-09-17",
        }
    }
    assert nudges(look(store, at(DAY, 20))) == {}, "two hours later it is none"
    [one] = [one for one in found.found if one.happening.kind is HappeningKind.NUDGE]
    assert store.claim_nudge([one.key], DAY)
    assert nudges(look(store, at(DAY, 19))) == {}
    for changes in ({"source": "told"}, {"source": "edited"}, {"confidence": 0.39}):
        listed = [workout(*hour, **changes)]
        keep(store, night_of(BEFORE, {}, details={"trends": {"workouts": listed}}))
        assert nudges(look(store, at(DAY, 19))) == {}


def test_a_day_without_facts_has_no_nudges(store: WearerStore) -> None:
    """Results of an older algorithm: everything else is told."""
    row = night_of(DAY)
    keep(store, replace(row, result=dict(row.result) | {"facts": None}))
    seen(store, at(DAY, 9))
    assert HappeningKind.NUDGE not in kinds(look(store, at(DAY, 9)))


def test_a_day_without_a_night(store: WearerStore) -> None:
    """Nobody woke up, and no number of a night is told."""
    keep(store, made_day(DAY, {"recovery": 61.4, "strain": 15.0}))
    seen(store, at(DAY, 20))
    assert look(store, at(DAY, 20)).found == ()


def test_noon_is_that_of_the_days_own_zone(store: WearerStore) -> None:
    """Eleven in the evening in Tokyo is early afternoon elsewhere."""
    tokyo = ZoneInfo("Asia/Tokyo")
    onset = datetime(2026, 9, 16, 23, tzinfo=tokyo).timestamp()
    offset = datetime(2026, 9, 17, 7, tzinfo=tokyo).timestamp()
    keep(store, made_day(DAY, {}, onset_ts=onset, offset_ts=offset, zone=tokyo))
    seen(store, offset + 7200)
    keys = [one.key for one in search(store, now=offset + 7200, zone=tokyo).found]
    assert keys == ["2026-09-17:fell_asleep", "2026-09-17:woke_up"]


def test_colours() -> None:
    """Of the rounded score, as the band's wearers know them."""
    assert [band_name(score) for score in (33.4, 33.5, 66.4, 66.5)] == [
        "red",
        "yellow",
        "yellow",
        "green",
    ]
