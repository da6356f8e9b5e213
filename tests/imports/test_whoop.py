"""Exports of the maker's app: every language, version, spelling and offset."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.openstrap.imports import (
    ImportedDay,
    ImportedJournal,
    ImportedWorkout,
    ImportRefused,
    Refusal,
    Skipped,
)

from .makers import (
    CYCLES,
    LANGUAGES,
    SLEEPS,
    WORKOUTS,
    Line,
    cycle,
    sleep,
    table,
    whoop_zip,
    workout,
    zipped,
)
from .reading import BERLIN, of, parts_of
from .whoop_files import WOKE, one_day, written

pytestmark = pytest.mark.full


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "how", [{}, {"delimiter": ";", "comma": True}, {"encoding": "utf-16"}, {"encoding": "cp1252"}]
)
def test_a_whole_export(tmp_path: Path, language: str, how: dict[str, object]) -> None:
    """The same in each language, with either decimals, in every encoding that was seen."""
    nights = [WOKE + timedelta(days=at) for at in range(3)]
    name, parts = parts_of(whoop_zip(tmp_path / "x", nights, language, **how))
    assert name == "whoop_export"
    days = of(ImportedDay, parts)
    assert [day.day for day in days] == [night.date() for night in nights]
    first = days[0]
    assert first.values == {
        "recovery": 61, "resting_hr_bpm": 52, "rmssd_ms": 63.5, "skin_temp_c": 34.1, "strain": 11.3,
        "total_kcal": 2345, "day_hr_max_bpm": 161, "sleep_performance": 83,
        "breathing_rate_brpm": 14.6, "sleep_min": 432, "light_min": 230, "deep_min": 90,
        "rem_min": 112, "waso_min": 48, "sleep_efficiency": 90, "sleep_need_min": 510,
        "sleep_debt_min": 21,
    }  # fmt: skip
    woke = WOKE.replace(tzinfo=BERLIN).timestamp()
    assert first.sleep == (woke - 8 * 3600, woke)
    assert first.timezone == "Europe/Berlin"
    (nap,) = first.naps
    assert (nap.start_ts, nap.end_ts, nap.asleep_min) == (woke + 7.5 * 3600, woke + 8 * 3600, 25)
    # The need that was told with a night is its evening's; of the last night nobody knows it yet.
    assert "sleep_need_min" not in days[-1].values
    (run,) = of(ImportedWorkout, parts)
    assert (run.kind, run.strain, run.kcal, run.avg_hr_bpm) == ("run", 12.4, 600, 150)
    assert run.zone_s == pytest.approx((360, 720, 1080, 1080, 180))
    assert run.end_ts - run.start_ts == 3600
    assert of(ImportedJournal, parts) == [
        ImportedJournal(WOKE.date(), ("Have any alcoholic drinks",), note="two")
    ]
    assert not of(Skipped, parts)


@pytest.mark.parametrize(
    ("woke", "told", "zone", "utc_hour"),
    [
        # Both nights on which the clocks change, by the offset of the row.
        (datetime(2026, 3, 29, 7), "UTC+02:00", "Europe/Berlin", 5),
        (datetime(2026, 3, 28, 7), "UTC+01:00", "Europe/Berlin", 6),
        (datetime(2026, 10, 25, 7), "UTC+01:00", "Europe/Berlin", 6),
        (datetime(2026, 10, 24, 7), "UTC+02:00", "Europe/Berlin", 5),
        (datetime(2026, 7, 1, 7), "UTC", "Europe/Berlin", 7),
        (datetime(2026, 7, 1, 7), "UTC-03:30", "Europe/Berlin", 10.5),
        (datetime(2026, 7, 1, 7), "UTC+05:45", "Asia/Kathmandu", 1.25),
        (datetime(2026, 7, 1, 7), "UTC\u221204:00", "America/New_York", 11),
        (datetime(2026, 7, 1, 7), "Z", "Europe/Berlin", 7),
        # Nobody told: the wearer's own.
        (datetime(2026, 3, 29, 7), "", "Europe/Berlin", 5),
        (datetime(2026, 10, 25, 7), "", "Europe/Berlin", 6),
        # A journey: the day is that of the clock on the wall.
        (datetime(2026, 7, 1, 7), "UTC+09:00", "America/New_York", -2),
    ],
)
def test_the_offset_of_the_row(
    tmp_path: Path, woke: datetime, told: str, zone: str, utc_hour: float
) -> None:
    """The night belongs to the date on which it ends there."""
    found = one_day(written(tmp_path / "x", CYCLES, [cycle(woke, told)]), ZoneInfo(zone))
    assert found.day == woke.date()
    assert found.sleep is not None
    midnight = datetime(woke.year, woke.month, woke.day, tzinfo=ZoneInfo("UTC")).timestamp()
    assert found.sleep[1] - midnight == utc_hour * 3600
    if told:
        assert found.sleep[1] - found.sleep[0] == 8 * 3600


def test_an_offset_that_nobody_knows(tmp_path: Path) -> None:
    """Such a row is left out and counted: guessing could move it to another day."""
    lines = [cycle(WOKE), cycle(WOKE + timedelta(days=1), "Mars/Noon")]
    parts = parts_of(written(tmp_path / "x", CYCLES, lines))[1]
    assert [day.day for day in of(ImportedDay, parts)] == [WOKE.date()]
    assert of(Skipped, parts) == [Skipped("unknown_time_zone", 1)]


def test_naps_are_never_the_night(tmp_path: Path) -> None:
    """Also where there is nothing else, where it is the longest, and where the word is unknown."""
    long_nap = sleep(WOKE + timedelta(hours=12), nap=True, asleep=470)
    for lines in ([long_nap, sleep(WOKE)], [sleep(WOKE), long_nap]):
        found = one_day(written(tmp_path / "x", SLEEPS, lines))
        assert found.values["sleep_min"] == 432
        assert len(found.naps) == 1
    alone = one_day(written(tmp_path / "x", SLEEPS, [long_nap]))
    assert (alone.values, alone.sleep, len(alone.naps)) == ({}, None, 1)
    parts = parts_of(
        written(tmp_path / "x", SLEEPS, [sleep(WOKE), sleep(WOKE, nap=True) | {"nap": "kenties"}])
    )[1]
    assert of(Skipped, parts) == [Skipped("unknown_word", 1)]


def test_sleeps_fill_a_cycle_that_does_not_tell(tmp_path: Path) -> None:
    """Of the same cycle only."""
    bare = cycle(WOKE, asleep="", breathing="", onset="", wake="")
    other = sleep(WOKE + timedelta(days=1), asleep=400)
    files = {
        "a.csv": table(CYCLES, [bare]),
        "b.csv": table(SLEEPS, [sleep(WOKE, asleep=401), other]),
        "route.gpx": b"<gpx/>",
    }
    days = of(ImportedDay, parts_of(zipped(tmp_path / "x", files))[1])
    assert [(day.day, day.values["sleep_min"]) for day in days] == [
        (WOKE.date(), 401),
        (WOKE.date() + timedelta(days=1), 400),
    ]
    assert days[0].sleep is not None
    assert days[0].values["strain"] == 11.3
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    assert of(ImportedDay, parts_of(folder)[1]) == days


def test_two_cycles_of_a_day(tmp_path: Path) -> None:
    """The one with more that is known, in any order, and the other is counted."""
    better = cycle(WOKE)
    worse = cycle(WOKE + timedelta(hours=6), recovery="", asleep=500)
    for lines in ([better, worse], [worse, better], [better, worse, better]):
        parts = parts_of(written(tmp_path / "x", CYCLES, lines))[1]
        (day,) = of(ImportedDay, parts)
        assert day.values["sleep_min"] == 432
        assert of(Skipped, parts)[0].reason == "second_cycle_of_day"


def test_a_cycle_without_sleep(tmp_path: Path) -> None:
    """Begins at midnight or after noon: strain still has its day, and there is no night."""
    for start, day in ((datetime(2026, 2, 9, 23), 10), (datetime(2026, 2, 10, 0, 30), 10)):
        line = cycle(WOKE, cycle_start=start, onset="", wake="", asleep="")
        found = one_day(written(tmp_path / "x", CYCLES, [line]))
        assert (found.day, found.sleep) == (date(2026, 2, day), None)


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ({"workout_end": ""}, True),
        ({"workout_end": "", "duration": ""}, False),
        ({"workout_start": ""}, False),
        ({"workout_end": "2026-01-01 00:00:00"}, False),
        ({"zone_1": 90}, True),
        ({"zone_1": "", "zone_2": "", "zone_3": "", "zone_4": "", "zone_5": ""}, True),
    ],
)
def test_workouts_that_lack_something(tmp_path: Path, line: Line, known: bool) -> None:
    """One without times is counted; zones that make more than the whole are left out."""
    parts = parts_of(written(tmp_path / "x", WORKOUTS, [workout(WOKE, **line)]))[1]
    found = of(ImportedWorkout, parts)
    assert bool(found) is known
    assert bool(of(Skipped, parts)) is not known
    if "zone_1" in line:
        assert found[0].zone_s is None


GOOD = table(CYCLES, [cycle(WOKE)])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Refusal.EMPTY),
        (b"Cycle start time\n", Refusal.UNKNOWN_FORMAT),
        (b"a,b\n1,2\n", Refusal.UNKNOWN_FORMAT),
        (b"\x00\x01\x02\x03" * 40, Refusal.UNKNOWN_FORMAT),
        (table(CYCLES, [cycle(WOKE)] * 2000) + b"2026-02-11 07:00:00,\x00,UTC", Refusal.DAMAGED),
        (GOOD + b'"' + b"x" * 200_000, Refusal.DAMAGED),
        (GOOD + b'"\n",' * 400_000, Refusal.DAMAGED),
        (GOOD + b"," * 1_000_000, Refusal.DAMAGED),
        (b",".join([b"x"] * 1_000_000), Refusal.UNKNOWN_FORMAT),
        (table(CYCLES, [cycle(WOKE)] * 2000) + b"\xff\xfe\xfd", Refusal.DAMAGED),
        ((GOOD.decode("utf-8-sig") * 20).encode("utf-16")[:-1], Refusal.DAMAGED),
    ],
    ids=[
        "empty",
        "one column",
        "another table",
        "binary",
        "nul",
        "long field",
        "long row",
        "wide row",
        "wide head",
        "not utf-8",
        "half a letter",
    ],
)
def test_damaged_tables_are_refused_whole(tmp_path: Path, data: bytes, code: Refusal) -> None:
    """With a reason, and quickly."""
    file = tmp_path / "x"
    file.write_bytes(data)
    with pytest.raises(ImportRefused) as caught:
        parts_of(file)
    assert caught.value.code is code


def test_damaged_archives_are_refused_whole(tmp_path: Path) -> None:
    """Cut off, of a million to one, and with names that lead elsewhere."""
    good = whoop_zip(tmp_path / "x", [WOKE]).read_bytes()
    cases = {
        "cut": good[:-40],
        "cut in a table": good[:200],
        "name": good.replace(b"sleeps.csv", b"../eps.csv"),
    }
    for name, data in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ImportRefused) as caught:
            parts_of(tmp_path / name)
        expected = Refusal.SUSPICIOUS if name == "name" else Refusal.DAMAGED
        assert caught.value.code is expected
    rows = table(CYCLES, [cycle(WOKE)])
    bomb = zipped(tmp_path / "bomb", {"a.csv": rows + (b" " * 100_000 + b"\n") * 400})
    with pytest.raises(ImportRefused) as caught:
        parts_of(bomb)
    assert caught.value.code in (Refusal.SUSPICIOUS, Refusal.DAMAGED)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
        min_size=26,
        max_size=30,
    )
)
def test_any_cells_are_read_or_left_out(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    """Whatever stands in a row, the other rows are read, and nothing but finite numbers comes out."""
    file = tmp_path_factory.mktemp("any") / "x"
    odd = dict(zip(CYCLES, cells, strict=False))
    file.write_bytes(table(CYCLES, [cycle(WOKE), odd | {"timezone": "UTC"}]))
    days = of(ImportedDay, parts_of(file)[1])
    assert WOKE.date() in {day.day for day in days}
    assert all(abs(value) < 1e300 for day in days for value in day.values.values())
