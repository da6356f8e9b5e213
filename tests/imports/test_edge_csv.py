"""The phone app's tables after a spreadsheet had them."""

from datetime import date
from pathlib import Path

import pytest

from custom_components.openstrap.imports import ImportedDay, ImportedJournal, ImportRefused, Refusal

from .reading import of, parts_of

DAILY = (
    "date,readiness,resting_hr,hrv,sdnn,sleep_min,sleep_efficiency,source,algo_version\r\n"
    "2026-05-03,70,52,61.5,,400,0.91,band,46\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("comma", [False, True])
def test_every_spelling(tmp_path: Path, encoding: str, comma: bool) -> None:
    """Semicolons with decimal commas as well, in the letters of any computer."""
    text = DAILY.replace(",", ";").replace(".", ",") if comma else DAILY
    file = tmp_path / "daily.csv"
    file.write_bytes(text.encode(encoding))
    name, parts = parts_of(file)
    assert name == "openstrap_app"
    (day,) = of(ImportedDay, parts)
    assert day.day == date(2026, 5, 3)
    assert day.values == {
        "readiness": 70.0, "resting_hr_bpm": 52.0, "rmssd_ms": 61.5, "sleep_min": 400.0,
        "sleep_efficiency": 91.0,
    }  # fmt: skip


def test_the_journal(tmp_path: Path) -> None:
    """Its tags without blanks, its note as it was written."""
    file = tmp_path / "journal.csv"
    file.write_bytes('date,tags,note\n2026-05-03,"wine; ;caf\u00e9","a;\nb"\n'.encode("cp1252"))
    assert of(ImportedJournal, parts_of(file)[1]) == [
        ImportedJournal(date(2026, 5, 3), ("wine", "caf\u00e9"), note="a;\nb")
    ]


@pytest.mark.parametrize("rest", ["2026-05-04,80,5", "a" * 2_000_000])
def test_a_damaged_table_is_refused_whole(tmp_path: Path, rest: str) -> None:
    """Cut off within a row, or with a line that has no end."""
    file = tmp_path / "daily.csv"
    file.write_text(DAILY + rest)
    with pytest.raises(ImportRefused) as caught:
        parts_of(file)
    assert caught.value.code is Refusal.DAMAGED
