"""Odd rows of the phone app's database."""

from datetime import date
import json
from pathlib import Path
import warnings

from custom_components.openstrap.imports import ImportedDay, OutsideSamples, Skipped

from .makers import database
from .reading import of, parts_of

T0 = 1_780_261_200
RESULTS = "day_id TEXT, algo_version, payload_json TEXT, rhr REAL"


def test_a_result_without_a_version(tmp_path: Path) -> None:
    """Is one; one whose version is damaged text is known by its day alone."""
    payload = json.dumps({"scalars": {"rmssd": 61}})
    rows = [["2026-05-03", None, payload, 52.0], ["2026-05-04", None, None, 50.0]]
    parts = parts_of(database(tmp_path / "x", {"day_result": (RESULTS, rows)}))[1]
    assert [(one.day, one.values) for one in of(ImportedDay, parts)] == [
        (date(2026, 5, 3), {"resting_hr_bpm": 52.0, "rmssd_ms": 61.0}),
        (date(2026, 5, 4), {"resting_hr_bpm": 50.0}),
    ]
    tables = {
        "day_result": (RESULTS, [["2026-05-05", "v", None, 50.0]]),
        "metric_series": ("date, key, value", [["2026-05-05", "strain", 9.0]]),
    }
    file = database(tmp_path / "y", tables)
    file.write_bytes(file.read_bytes().replace(b"2026-05-05v", b"2026-05-05\xff"))
    assert [one.values for one in of(ImportedDay, parts_of(file)[1])] == [{"strain": 9.0}]


def test_seconds_that_are_none(tmp_path: Path) -> None:
    """Come without a word of numpy's, for the store to refuse."""
    rows = [[1e300, 60], [-5.0, 60], [T0, 61]]
    file = database(tmp_path / "x", {"decoded_onehz": ("rec_ts REAL, hr REAL", rows)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (part,) = of(OutsideSamples, parts_of(file)[1])
    assert part.records.epoch.tolist() == [0, T0, 2**40]
    assert part.records.hr_bpm.tolist() == [60, 61, 60]


def test_days_on_which_nobody_wore_anything(tmp_path: Path) -> None:
    """Are counted and not kept, be they ever so many."""
    rows = [[day, "strain", 9] for day in ("0001-01-01", "2009-12-31", "2100-01-01", "2026-05-03")]
    tables = {"day_result": (RESULTS, []), "metric_series": ("date, key, value", rows)}
    parts = parts_of(database(tmp_path / "x", tables))[1]
    assert [one.day.year for one in of(ImportedDay, parts)] == [2026]
    assert of(Skipped, parts) == [Skipped("bad_time", 3)]
