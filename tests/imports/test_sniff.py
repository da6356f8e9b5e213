"""Which format a file is, by what is in it, and what an import makes of made files of each."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from custom_components.openstrap.engine.imported import SourceName
from custom_components.openstrap.imports import ImportRefused, Refusal
from custom_components.openstrap.imports.report import Survey
from custom_components.openstrap.imports.sniff import FORMATS

from .every_format import NOW, made
from .makers import zipped
from .reading import BERLIN, parts_of


@pytest.mark.parametrize(
    "name", ["noop", "noop_csv", "openwhoop", "openstrap_server", "apple_health", "whoop_export"]
)
def test_the_name_says_nothing(tmp_path: Path, name: str) -> None:
    """Each is known under a name of another, nobody else knows it, and twice it reads the same."""
    file = made(tmp_path / "export.xml.csv.zip", name)
    format_name, parts = parts_of(file)
    assert format_name == name.removesuffix("_csv")
    again = parts_of(file)[1]
    assert [repr(part) for part in parts] == [repr(part) for part in again]
    source = next(one.source for one in FORMATS if one.name == format_name)
    survey = Survey(BERLIN, NOW, source)
    for part in parts:
        survey.add(part)
    survey.check()
    counted: Counter[str] = survey.skipped
    assert not counted.keys() & {"unknown_metric", "out_of_range", "bad_time"}
    if name != "noop_csv":
        assert len(survey.nights) == 1
        assert survey.sources == {source}


@pytest.mark.parametrize(
    "data", [b"hello", b"<html/>", b"{}", b"%PDF-1.7", bytes(range(256)), b"a;b\n1;2\n", b"\n\n\n"]
)
def test_what_nobody_knows(tmp_path: Path, data: bytes) -> None:
    """Is refused as such, alone and in an archive."""
    alone = tmp_path / "physiological_cycles.csv"
    alone.write_bytes(data)
    for file in (alone, zipped(tmp_path / "x.zip", {"export.xml": data, "sleeps.csv": data})):
        with pytest.raises(ImportRefused) as caught:
            parts_of(file)
        assert caught.value.code is Refusal.UNKNOWN_FORMAT


def test_every_format_is_of_one_source() -> None:
    """The push alone has no file."""
    found: set[Any] = {one.source for one in FORMATS}
    assert found == set(SourceName) - {SourceName.NOOP_PUSH}
    assert len({one.name for one in FORMATS}) == len(FORMATS)
