"""Adapter of WHOOP exports: every version of the files, and simulated people."""

import csv
from datetime import date, datetime, timedelta
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from script.tools.evaluate import whoop_csv, whoop_export
from tests.engine.recovery.people import FIRST, NEED_MIN, Nights, lively, told


def titles(line: str) -> list[str]:
    """Split a line of titles."""
    return line.split("|")


CYCLES = titles(
    "Cycle start time|Cycle end time|Cycle timezone|Recovery score %|"
    "Resting heart rate (bpm)|Heart rate variability (ms)|Skin temp (celsius)|Blood oxygen %|"
    "Day Strain|Energy burned (cal)|Max HR (bpm)|Average HR (bpm)|Sleep onset|Wake onset|"
    "Sleep performance %|Respiratory rate (rpm)|Asleep duration (min)|In bed duration (min)|"
    "Light sleep duration (min)|Deep (SWS) duration (min)|REM duration (min)|"
    "Awake duration (min)|Sleep need (min)|Sleep debt (min)|Sleep efficiency %|"
    "Sleep consistency %"
)
SLEEPS = [
    *CYCLES[:3],
    *CYCLES[12:],
    "Nap",
]
WORKOUTS = titles(
    "Cycle start time|Cycle end time|Cycle timezone|Workout start time|Workout end time|"
    "Duration (min)|Activity name|Activity Strain|Energy burned (cal)|Max HR (bpm)|"
    "Average HR (bpm)|HR Zone 1 %|HR Zone 2 %|HR Zone 3 %|HR Zone 4 %|HR Zone 5 %|"
    "GPS enabled|Distance (meters)|Altitude gain (meters)|Altitude change (meters)"
)
VERSIONS = {"new": (CYCLES, WORKOUTS), "old": (CYCLES[:-1], WORKOUTS[:-3])}
RECOVERY, RESTING, HRV = CYCLES[3:6]
BREATHING, ASLEEP, NEED = "Respiratory rate (rpm)", "Asleep duration (min)", "Sleep need (min)"
ZONES = WORKOUTS[11:16]
type Line = dict[str, Any]


def written(file: Path, header: list[str], lines: list[Line], *, bom: bool = True) -> Path:
    """Write a table with the columns of the header, empty where a line does not tell."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8-sig" if bom else "utf-8") as text:
        table = csv.writer(text)
        table.writerow(header)
        table.writerows([[line.get(title, "") for title in header] for line in lines])
    return file


def cycle(day: date, **more: Any) -> Line:
    """Tell a night that ends on a day at seven."""
    woke = datetime(day.year, day.month, day.day, 7)
    return {
        "Cycle start time": f"{woke - timedelta(hours=8)}",
        "Cycle end time": f"{woke + timedelta(hours=16)}",
        "Cycle timezone": "UTC+02:00",
        "Sleep onset": f"{woke - timedelta(hours=8)}",
        "Wake onset": f"{woke}",
        ASLEEP: 420,
        NEED: 500,
    } | more


def of_nights(nights: Nights, answers: dict[int, float]) -> list[Line]:
    """Tell nights as an export does."""
    lines = []
    for at in range(len(nights.rmssd_ms)):
        numbers = {
            HRV: nights.rmssd_ms[at],
            RESTING: nights.resting_hr_bpm[at],
            BREATHING: nights.breathing_brpm[at],
            ASLEEP: nights.performance[at] * NEED_MIN / 100.0,
            NEED: NEED_MIN,
            RECOVERY: answers.get(at, np.nan),
        }
        cells = {
            title: f"{value:.4f}" if np.isfinite(value) else "" for title, value in numbers.items()
        }
        lines.append(cycle(FIRST + timedelta(days=at), **cells))
    return lines


def workout(at: int, zones: list[float], strain: float, **more: Any) -> Line:
    """Tell an hour's workout."""
    start = datetime(2025, 1, 1, 18) + timedelta(days=at)
    return {
        "Cycle start time": f"{start - timedelta(hours=19)}",
        "Workout start time": f"{start}",
        "Workout end time": f"{start + timedelta(hours=1)}",
        "Duration (min)": 60,
        "Activity name": "Running",
        "Activity Strain": strain,
        **dict(zip(ZONES, zones, strict=True)),
    } | more


def strain_told(zones: list[float], minutes: float = 60.0) -> float:
    """Say what the published fit makes of percents of the zones."""
    weights = np.array([0.00656, 0.00433, 0.01748, 0.03237, 0.07262])
    return float(21.0 * (1.0 - np.exp(-((float(weights @ zones) * minutes / 100.0) ** 0.597))))


def some_workouts(count: int, seed: int = 3) -> list[Line]:
    """Tell workouts of all kinds, with a little noise in the strain."""
    dice = np.random.default_rng(seed)
    lines = []
    for at in range(count):
        zones = [float(share) for share in dice.dirichlet(dice.uniform(0.2, 3.0, 5)) * 100.0]
        lines.append(workout(at, zones, strain_told(zones) + float(dice.normal(0.0, 0.4))))
    return lines


@pytest.fixture(name="nights", scope="module")
def nights_fixture() -> tuple[Nights, dict[int, float]]:
    """Three months of one person."""
    dice = np.random.default_rng(1)
    nights = lively(dice, 90)
    return nights, told(nights, dice)


@pytest.mark.parametrize("version", list(VERSIONS))
@pytest.mark.parametrize("name", ["physiological_cycles.csv", "physiologische_zyklen.csv"])
def test_every_version_by_its_columns(
    tmp_path: Path, nights: tuple[Nights, dict[int, float]], version: str, name: str
) -> None:
    """Newest row first or last, with a mark at the beginning or none, under any name."""
    header, efforts = VERSIONS[version]
    lines = of_nights(*nights)
    old = version == "old"
    written(tmp_path / name, header, lines if old else lines[::-1], bom=not old)
    written(tmp_path / "trainings.csv", efforts, some_workouts(30), bom=old)
    written(tmp_path / "journal_entries.csv", ["Cycle start time", "Notes"], [])
    assert whoop_export.knows(tmp_path)
    assert whoop_export.knows(tmp_path / name)
    found = whoop_export.evaluate(tmp_path)
    assert (found["people"], found["cycles"], found["strain_workouts"]) == (1, 90, 30)
    assert found["recovery_nights"] == len(nights[1])
    assert found["recovery_not_scored"] == 0
    assert found["recovery_mae"] < 9.0 < found["recovery_constant_mae"]
    assert found["recovery_r_median"] > 0.85
    assert found["strain_mae"] < 1.0 < found["strain_constant_mae"]
    assert found["strain_r"] > 0.95
    assert found["intervals"] == {}
    assert sum(found["recovery_shares"].values()) == pytest.approx(1.0)
    assert found["confidence_table"]


@pytest.mark.full  # a second or two of drawing people
def test_people_are_told_apart(tmp_path: Path, nights: tuple[Nights, dict[int, float]]) -> None:
    """A folder each, or several in one; a second export of one person is no other person."""
    lines = of_nights(*nights)
    later = [
        line | {"Cycle start time": f"{line['Cycle start time']}"[:-1] + "7"} for line in lines
    ]
    written(tmp_path / "a" / "x.csv", CYCLES, lines)
    written(tmp_path / "b" / "deep" / "y.csv", CYCLES[:-1], lines[:60])
    written(tmp_path / "c" / "1.csv", CYCLES, lines)
    written(tmp_path / "c" / "2.csv", CYCLES, later)
    written(tmp_path / "c" / "3.csv", CYCLES, lines[30:])
    written(tmp_path / "c" / "4.csv", WORKOUTS, [workout(at, [20.0] * 5, 10.0) for at in range(20)])
    written(tmp_path / "d" / "w.csv", WORKOUTS, some_workouts(20))
    found = whoop_export.evaluate(tmp_path)
    assert [(row["subject"], row["nights"], row["workouts"]) for row in found["per_subject"]] == [
        ("a", len(nights[1]), 0),
        ("b/deep", sum(at < 60 for at in nights[1]), 0),
        ("c#1", len(nights[1]), 20),
        ("c#2", len(nights[1]), 0),
        ("d", 0, 20),
    ]
    low, high = found["intervals"]["recovery_mae"]
    assert low <= found["recovery_mae"] <= high
    assert found["per_subject"][-1]["recovery_mae"] is None


def test_the_engine_decides(tmp_path: Path, nights: tuple[Nights, dict[int, float]]) -> None:
    """Answers that have nothing to do with the nights show as such."""
    lines = of_nights(*nights)
    dice = np.random.default_rng(9)
    for line in lines:
        line[RECOVERY] = int(dice.integers(1, 100))
    written(tmp_path / "x.csv", CYCLES, lines)
    found = whoop_export.evaluate(tmp_path)
    assert found["recovery_mae"] > 20.0
    assert abs(found["recovery_r_median"]) < 0.4
    assert found["recovery_band_agreement"] < 0.6
    assert found["strain_mae"] is None
    assert found["strain_r"] is None


def test_a_night_alone_is_not_scored(tmp_path: Path) -> None:
    """Four nights are needed before, and HRV of the night itself."""
    days = [FIRST + timedelta(days=at) for at in range(8)]
    lines = [cycle(day, **{RECOVERY: 50, HRV: 60, RESTING: 50}) for day in days]
    lines[6][HRV] = ""
    written(tmp_path / "x.csv", CYCLES, lines)
    found = whoop_export.evaluate(tmp_path)
    assert (found["recovery_nights"], found["recovery_not_scored"]) == (3, 5)
    assert found["recovery_mae"] == pytest.approx(12.0, abs=3.0)
    assert found["recovery_r_median"] is None


def test_cells_that_are_missing_or_odd(tmp_path: Path) -> None:
    """Empty, words, a decimal comma, short rows: what is known is kept, a null is no zero."""
    file = tmp_path / "x.csv"
    header = [
        "Cycle start time",
        "Recovery score %",
        "Heart rate variability (rmssd)",
        "Wake onset",
    ]
    lines = [
        "2025-01-01 23:10:00;;61,5;2025-01-02 07:00:00",
        "2025-01-02 23:10:00;50;abc",
        "2025-01-04 00:30:00;nan;0;",
        "soon;40;60;",
        ";;;",
    ]
    file.write_text("\n".join([";".join(header), *lines]))
    assert whoop_csv.kind_of(file) is whoop_csv.Kind.CYCLES
    found = whoop_csv.cycles(whoop_csv.rows(file))
    assert [(day, one.recovery, one.rmssd_ms) for day, one in found.items()] == [
        (date(2025, 1, 2), None, 61.5),
        (date(2025, 1, 3), 50.0, None),
        (date(2025, 1, 4), None, None),
    ]
    assert {one.need_min for one in found.values()} == {None}


def test_a_day_has_one_cycle(tmp_path: Path) -> None:
    """The one that is scored, then the longer sleep; a repeated row changes nothing."""
    day = date(2025, 3, 1)
    table = [
        cycle(day, **{RECOVERY: 50, HRV: 60, ASLEEP: 300}),
        cycle(day, **{RECOVERY: 50, HRV: 60, ASLEEP: 400}),
        cycle(day, **{ASLEEP: 500}),
    ]
    for order in (table, table[::-1], table * 2):
        file = written(tmp_path / "x.csv", CYCLES, order)
        assert whoop_csv.cycles(whoop_csv.rows(file))[day].asleep_min == 400.0


def test_sleep_comes_from_the_other_table_but_never_from_a_nap(tmp_path: Path) -> None:
    """Where the cycle does not tell it."""
    day = date(2025, 3, 1)
    night = cycle(day, **{HRV: 60, RECOVERY: 50, ASLEEP: "", NEED: ""})
    nap = cycle(day, **{ASLEEP: 600, NEED: 1, "Nap": "true"})
    main = cycle(day, **{ASLEEP: 410, NEED: 490, BREATHING: 14.5, "Nap": "false"})
    files = [
        written(tmp_path / "c.csv", CYCLES, [night]),
        written(tmp_path / "s.csv", SLEEPS, [nap, main]),
    ]
    assert list(map(whoop_csv.kind_of, files)) == [whoop_csv.Kind.CYCLES, whoop_csv.Kind.SLEEPS]
    found = whoop_csv.cycles(*map(whoop_csv.rows, files))[day]
    assert (found.asleep_min, found.need_min, found.breathing_rate_brpm) == (410.0, 490.0, 14.5)
    (person,) = whoop_export.read(tmp_path)
    assert person.cycles == {day: found}
    assert whoop_export.facts_of(found).values == {
        "rmssd_ms": 60.0,
        "breathing_rate_brpm": 14.5,
        "sleep_min": 410.0,
    }


def test_zone_minutes_of_workouts(tmp_path: Path) -> None:
    """Percents of the duration; without strain or zones there is nothing to compare."""
    lines = [
        workout(1, [10.0, 20.0, 30.0, 25.0, 5.0], 12.5),
        workout(1, [10.0, 20.0, 30.0, 25.0, 5.0], 12.5),
        workout(0, [50.0, 0.0, 0.0, 0.0, 0.0], 4.0) | {"Duration (min)": "", ZONES[4]: ""},
        workout(2, [1.0] * 5, 3.0) | {"Activity Strain": ""},
        workout(3, [1.0] * 5, 3.0) | dict.fromkeys(ZONES, ""),
        workout(4, [1.0] * 5, 3.0) | {"Duration (min)": 0},
    ]
    found = whoop_csv.workouts(whoop_csv.rows(written(tmp_path / "x.csv", WORKOUTS, lines)))
    assert [one.zone_min for one in found] == [
        (30.0, 0.0, 0.0, 0.0, 0.0),
        pytest.approx((6.0, 12.0, 18.0, 15.0, 3.0)),
    ]
    assert [one.strain for one in found] == [4.0, 12.5]


def test_what_is_no_export_is_not_known(tmp_path: Path) -> None:
    """Tables of other kinds, and folders without any."""
    assert not whoop_export.knows(tmp_path)
    written(tmp_path / "x.csv", ["record", "rr_ms"], [])
    (tmp_path / "empty.csv").touch()
    assert not whoop_export.knows(tmp_path)
    with pytest.raises(ValueError, match="no table"):
        whoop_export.evaluate(tmp_path)
    with gzip.open(tmp_path / "deep.csv.gz", "wt", encoding="utf-8") as text:
        text.write(",".join(CYCLES))
    assert whoop_export.knows(tmp_path)


def test_described_titles_are_known(shared_data: Path, tmp_path: Path) -> None:
    """Every version of the titles that was seen."""
    kinds = {
        "physiological_cycles.csv": whoop_csv.Kind.CYCLES,
        "sleeps.csv": whoop_csv.Kind.SLEEPS,
        "workouts.csv": whoop_csv.Kind.WORKOUTS,
    }
    with (shared_data / "whoop_export_stats" / "headers.csv").open(encoding="utf-8") as text:
        seen = list(csv.DictReader(text))
    assert len(seen) >= 5
    for row in seen:
        file = written(tmp_path / "x.csv", titles(row["header"]), [])
        assert whoop_csv.kind_of(file) is kinds[row["file"]]


@pytest.mark.full  # twelve people of a year
def test_a_population_as_described(tmp_path: Path) -> None:
    """Scores on people whose nights and answers have the statistics that were published."""
    for who in range(12):
        dice = np.random.default_rng([21, who])
        nights = lively(dice, 350)
        written(tmp_path / f"{who:02}" / "x.csv", CYCLES, of_nights(nights, told(nights, dice)))
    found = whoop_export.evaluate(tmp_path)
    assert found["people"] == 12
    # The answers are as hard to tell as the real ones: a straight line leaves 7.5 to 7.9 there.
    assert 16.0 < found["recovery_constant_mae"] < 21.0
    assert found["recovery_shares_told"]["red"] == pytest.approx(0.13, abs=0.04)
    assert found["recovery_mae"] <= 8.0
    assert found["recovery_band_agreement"] >= 0.80
    assert found["recovery_r_median"] >= 0.88
    assert abs(found["recovery_bias"]) < 3.0
    assert found["recovery_shares"]["red"] == pytest.approx(0.12, abs=0.05)
