"""Twenty-four hours of intervals beside three libraries."""

import csv
import gzip
from pathlib import Path
from typing import Any

import pytest

from .evaluated import run

pytestmark = pytest.mark.full  # a person has a hundred thousand beats

SHARES = [
    f"{band}_{of}_share" for band in ("lf", "hf") for of in ("within_spread", "between_libraries")
]


def some_people(source: Path, target: Path, people: set[str]) -> None:
    """Copy the tables of some people, under other names."""
    for number, name in enumerate(
        ("rr.csv.gz", "hrv_reference_5min.csv", "hrv_reference_record.csv")
    ):
        file = source / name
        text = gzip.open(file, "rt") if name.endswith("gz") else file.open()
        with text, (target / f"{number}.csv").open("w", newline="") as copy:
            rows = csv.DictReader(text)
            out = csv.DictWriter(copy, rows.fieldnames or ())
            out.writeheader()
            out.writerows(row for row in rows if row["record"] in people)


@pytest.fixture(scope="module")
def three(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Evaluate three people."""
    folder = tmp_path_factory.mktemp("three")
    some_people(shared_data / "rr_24h", folder, {"013", "010", "nsr037"})
    status, (found,) = run(folder)
    assert status == 0
    return found


def test_slow_and_fast_waves_stand_among_the_libraries(three: dict[str, Any]) -> None:
    """They disagree by half and more, so no more than that is asked."""
    assert three["lf_within_spread_share"] > 0.8
    assert three["hf_within_spread_share"] > 0.8
    for band in ("lf", "hf"):
        assert 0.8 < three[f"{band}_ratio_median"] < 1.4
    assert all(0.0 <= three[key] <= 1.0 for key in SHARES)


def test_spread_of_the_bins(three: dict[str, Any]) -> None:
    """SDANN and the SDNN index are those of the reference, but for what was cleaned."""
    assert three["sdann_rel_err_median"] < 0.01
    assert three["sdnn_index_rel_err_median"] < 0.03


def test_intervals_and_people(three: dict[str, Any]) -> None:
    """Each person has a row; intervals hold the value and are of people."""
    assert {row["record"] for row in three["per_record"]} == {"013", "010", "nsr037"}
    assert sum(row["windows"] for row in three["per_record"]) == three["windows"]
    for key, (low, high) in three["intervals"].items():
        assert low <= three[key] <= high
    assert {"clean_rmssd_rel_err_median", "lf_ratio_median", *SHARES} <= set(three["intervals"])
    assert sum(group["n"] for group in three["confidence_table"]) == three["records"] == 3


def test_one_person_has_no_interval(shared_data: Path, tmp_path: Path) -> None:
    """And all else."""
    some_people(shared_data / "rr_24h", tmp_path, {"013"})
    status, (found,) = run(tmp_path)
    assert status == 0
    assert found["intervals"] == {}
    assert found["records"] == 1
    assert found["lf_within_spread_share"] is not None
