"""Strain of real days without exercise, and the adapter that tells it of weeks of minutes."""

import csv
from pathlib import Path

import numpy as np
import pytest

from custom_components.openstrap.engine.heart.resting import resting_hr
from custom_components.openstrap.engine.signal.wear import worn_records
from custom_components.openstrap.engine.sleep.window import find_night
from custom_components.openstrap.engine.training.anchors import Anchors
from custom_components.openstrap.engine.training.hr_max import posterior
from custom_components.openstrap.engine.training.strain import (
    HARDEST_QUIET,
    reference_quiet_rate,
    session_strain,
)
from custom_components.openstrap.engine.training.trimp import reserve
from script.tools.evaluate import fitabase, mmash
from script.tools.evaluate.tables import UnknownFormat, find_table, rows

pytestmark = pytest.mark.full  # whole recordings, and the packages of the analysis

TYPICAL_AGE = 27
"""Of the 21 young men, for the one whose age is not known."""
DAY_STRAIN = 4.0
"""What a day without exercise may have at most, in the middle."""
EXERCISE_MIN = 30
"""Minutes of at least moderate effort below which a day of theirs was one without exercise."""


def wrist(folder: Path, *, days: int = 20, run: bool = False, daily: bool = True) -> Path:
    """Write the minutes of someone at a desk from seven to eleven at night."""
    dice = np.random.default_rng(5)
    lines, told = [], []
    for day in range(1, days + 1):
        kcal = 2000 + 10 * day
        for minute in range(420, 1380):
            running = run and 720 <= minute < 720 + 2 * day
            hr = (150 if running else 66) + int(dice.integers(0, 15))
            steps = 160 if running else int(minute % 50 == 0) * 30
            at = f"2016-04-{day:02d} {minute // 60:02d}:{minute % 60:02d}:00"
            lines.append(["7", at, hr, 3 if running else 0, steps])
        told.append(["7", f"4/{day}/2016", kcal, 2 * day * run, 0])
    folder.mkdir(exist_ok=True)
    tables = [("any_name", ["user", "time", "hr", "intensity", "steps"], lines)]
    if daily:
        header = ["Id", "ActivityDate", "Calories", "VeryActiveMinutes", "FairlyActiveMinutes"]
        tables.append(("other", header, told))
    for name, header, content in tables:
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as text:
            csv.writer(text).writerows([header, *content])
    return folder


def test_a_desk(tmp_path: Path) -> None:
    """Told by its columns; a desk has no strain, and there is nothing to go along with."""
    folder = wrist(tmp_path / "made")
    assert fitabase.knows(folder)
    found = fitabase.evaluate(folder)
    assert (found["users"], found["days"], found["sedentary_days"]) == (1, 20, 20)
    assert found["sedentary_strain_median"] < 0.5
    assert found["active_min_r"] is None
    assert found["per_subject"][0]["user"] == "7"


def test_runs_that_grow(tmp_path: Path) -> None:
    """Longer runs: more strain, and less of it where there was none; none is sedentary later."""
    found = fitabase.evaluate(wrist(tmp_path / "made", run=True))
    assert found["sedentary_days"] == 4
    assert found["strain_p90"] > 10.0
    assert found["active_min_r"] > 0.9
    assert found["kcal_r"] > 0.7  # the quiet cost becomes the own one in between
    alone = fitabase.evaluate(wrist(tmp_path / "alone", run=True, daily=False))
    assert alone["kcal_r"] is None
    assert alone["strain_median"] == found["strain_median"]


def test_something_else(tmp_path: Path) -> None:
    """A folder without minutes is not known."""
    assert not fitabase.knows(tmp_path)
    with pytest.raises(UnknownFormat):
        fitabase.evaluate(tmp_path)


def test_wrists_without_exercise(shared_data: Path) -> None:
    """Days of people on their feet all day; those in training have more."""
    found = fitabase.evaluate(shared_data / "fitabase")
    assert found["sedentary_days"] >= 5
    assert found["sedentary_strain_median"] <= DAY_STRAIN
    assert found["sedentary_strain_p90"] <= DAY_STRAIN
    assert found["strain_p90"] > 2.0 * DAY_STRAIN
    assert found["active_min_r"] > 0.4


def test_chest_straps_without_exercise(shared_data: Path) -> None:
    """Office days by the engine's own night, rest and waking hours; half an hour of effort is none.

    All of them logged some exercise, so their days as a whole lie a little higher.
    """
    folder = shared_data / "mmash"
    tables = [find_table(folder, columns) for columns in (mmash.SECONDS, mmash.BEATS)]
    assert tables[0] is not None
    assert tables[1] is not None
    seconds = mmash._by_user(tables[0], ("t_s", "ax1", "ax2", "ax3", "hr"))
    beats = mmash._by_user(tables[1], ("t_s", "rr_ms"))
    age_of = {row["user"]: float(row["age"]) or TYPICAL_AGE for row in rows(folder / "users.csv")}
    strains, efforts = [], []
    for user, line in seconds.items():
        samples, motion = mmash.samples_of(line, beats.get(user))
        worn = worn_records(samples)
        span = mmash.SPAN
        first, last = np.searchsorted(samples.ts, (span.start, span.end))
        night = find_night(samples.between(span.start, span.end), worn[first:last], motion, span)
        if isinstance(night, str):
            continue
        asleep = samples.between(night.onset_ts, night.offset_ts)
        rest = resting_hr(asleep.ts, asleep.hr_bpm, night.onset_ts, night.offset_ts).bpm
        assert rest is not None
        waking = (samples.ts < night.bed_ts) | (samples.ts >= night.rise_ts)
        use = worn & (samples.hr_bpm > 0) & waking
        minute = (samples.ts[use] // 60.0).astype(int)
        count = np.bincount(minute)
        hr = np.bincount(minute, samples.hr_bpm[use])[count >= 15] / count[count >= 15]
        anchors = Anchors(rest, posterior(age_of[user], None), "m", 1, 0.3)
        strain = session_strain(hr, 1.0, anchors, reference_quiet_rate("m"))
        assert strain is not None
        strains.append(strain)
        share = reserve(hr, anchors.resting_bpm, anchors.hr_max.bpm)
        efforts.append(int((share >= HARDEST_QUIET).sum()))
    calm = [
        strain for strain, effort in zip(strains, efforts, strict=True) if effort < EXERCISE_MIN
    ]
    assert len(calm) >= 5
    assert np.median(calm) <= DAY_STRAIN
    assert np.median(strains) <= DAY_STRAIN + 1.0
