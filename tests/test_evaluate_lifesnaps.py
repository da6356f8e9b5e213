"""Adapter of months of a watch's daily figures."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from script.tools.evaluate import lifesnaps_daily
from script.tools.evaluate.tables import UnknownFormat

HEADER = [
    "id", "date", "rmssd", "nremhr", "resting_hr", "full_sleep_breathing_rate",
    "nightly_temperature", "minutesAsleep", "stress_score", "TIRED", "RESTED/RELAXED",
    "TENSE/ANXIOUS",
]  # fmt: skip
DAYS = 90
ILL = slice(70, 74)


def person(name: str, seed: int, *, ill: bool = False) -> list[list[Any]]:
    """Make a person whose HRV is what the watch takes for calm, and who is tired when it is low."""
    dice = np.random.default_rng(seed)
    calm = dice.standard_normal(DAYS)
    hr = 58.0 + 1.5 * dice.standard_normal(DAYS)
    rmssd = np.exp(3.8 + 0.2 * calm)
    breaths = 15.0 + 0.5 * dice.standard_normal(DAYS)
    if ill:
        hr[ILL] += 8.0
        rmssd[ILL] *= 0.6
        breaths[ILL] += 2.0
    return [
        [
            name, date(2021, 5, 1) + timedelta(days=at), rmssd[at], hr[at], hr[at] + 3.0,
            breaths[at], "", 420 + at % 7, 70.0 + 10.0 * calm[at], float(calm[at] < 0.0), "", "",
        ]
        for at in range(DAYS)
    ]  # fmt: skip


def written(folder: Path, lines: list[list[Any]], header: list[str] = HEADER) -> Path:
    """Write a table of any name."""
    with (folder / "whatever.csv").open("w", newline="", encoding="utf-8") as text:
        csv.writer(text).writerows([header, *lines])
    return folder


def test_told_by_its_columns(tmp_path: Path) -> None:
    """Whatever it is called; other tables are not."""
    assert not lifesnaps_daily.knows(tmp_path)
    assert lifesnaps_daily.knows(written(tmp_path, []))
    assert not lifesnaps_daily.knows(written(tmp_path, [], ["id", "date", "rmssd"]))
    with pytest.raises(UnknownFormat):
        lifesnaps_daily.evaluate(tmp_path)


@pytest.mark.full
def test_steady_people_and_an_ill_one(tmp_path: Path) -> None:
    """Alerts are counted a person; what goes with HRV is seen to go with it."""
    lines = person("a", 1) + person("b", 2) + person("c", 3, ill=True)
    found = lifesnaps_daily.evaluate(written(tmp_path, lines))
    assert (found["people"], found["days"], found["nights"]) == (3, 3 * DAYS, 3 * DAYS)
    assert found["judged_share"] == pytest.approx(1.0 - 14 / DAYS)
    alerts = [row["body_alert"] for row in found["per_subject"]]
    assert alerts[:2] == [0, 0] and 2 <= alerts[2] <= 4
    assert found["body_alert_per_year"] == 0.0
    assert found["body_alert_per_year_all"] == pytest.approx(
        365.25 * alerts[2] / (3 * (DAYS - 14)), rel=1e-6
    )
    assert found["hrv_z_calm_r_median"] > 0.8
    assert found["hrv_z_tired_difference_median"] < -1.0
    assert abs(found["resting_hr_z_calm_r_median"]) < 0.4
    assert found["hrv_z_tired_difference_people"] == 3.0
    assert found["hrv_z_rested_difference_median"] is None
    assert set(found["intervals"]) >= {"body_alert_per_year_all", "hrv_z_calm_r_median"}


def test_holes_and_zeros_are_no_numbers(tmp_path: Path) -> None:
    """What the watch did not measure is missing, not 0."""
    lines = person("a", 1)
    for at, line in enumerate(lines):
        line[2:6] = ["", "0.0", "", "nan"] if at % 3 else line[2:6]
    found = lifesnaps_daily.evaluate(written(tmp_path, lines))
    assert found["nights"] == DAYS / 3
    assert 0.0 < found["judged_share"] < 1.0
    assert found["body_alert_per_year"] is None


def test_nothing_measured(tmp_path: Path) -> None:
    """No rates, no shares, no intervals."""
    found = lifesnaps_daily.evaluate(
        written(tmp_path, [["a", "2021-05-24", *[""] * (len(HEADER) - 2)]])
    )
    assert (found["people"], found["nights"], found["judged_share"]) == (1, 0.0, None)
    assert found["body_alert_per_year"] is None and found["anomaly_p05_share"] is None
    assert found["intervals"] == {}


@pytest.mark.full
def test_people_of_four_months(shared_data: Path) -> None:
    """Few alerts in real lives, far fewer than either older watch; HRV goes with calm."""
    folder = shared_data / "lifesnaps_daily"
    assert lifesnaps_daily.knows(folder)
    found = lifesnaps_daily.evaluate(folder)
    assert found["body_alert_per_year"] <= 6.0
    assert found["body_alert_per_year_all"] < 0.5 * found["night_signal_per_year_all"]
    assert found["body_alert_per_year_all"] < 0.2 * found["illness_level_per_year_all"]
    assert 0.02 < found["anomaly_p05_share"] < 0.12
    assert found["hrv_z_calm_r_median"] > 0.15
