"""How far a file reaches, and what is counted of it."""

import pytest

from custom_components.openstrap.engine.imported import SourceName
from custom_components.openstrap.imports import Frames, ImportRefused, Refusal, Skipped
from custom_components.openstrap.imports.report import ImportReport, Survey

from ..frames import hexed, minute, record
from .reading import BERLIN

T0 = 1_780_261_200
DAY_S = 86_400


def surveyed(*texts: str) -> Survey:
    """Count frames, an hour after the first of them was recorded."""
    survey = Survey(BERLIN, T0 + 3600.0, SourceName.OPENSTRAP_APP)
    survey.add(Frames(texts))
    return survey


def test_the_span_of_frames() -> None:
    """From the earliest to the latest, in whatever order and spelling they come."""
    texts = [text.upper() for text in reversed(hexed(minute(T0)))]
    survey = surveyed(*texts)
    assert (survey.frames, survey.first_ts, survey.last_ts) == (60, T0, T0 + 59)
    assert survey.as_of == T0 + 59


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zz" + record(T0 + 9).hex()[2:],
        record(T0 + 9).hex()[:13],
        record(T0 + 9).hex()[:20],
        "AA" + record(T0 + 9).hex(),
        "ff" + record(T0 + 9).hex()[2:],
    ],
    ids=["empty", "no hexadecimal", "half a byte", "cut short", "in its envelope", "no type"],
)
def test_frames_without_a_time(text: str) -> None:
    """They count, and those around them tell the span."""
    survey = surveyed(record(T0).hex(), text, record(T0 + 5).hex())
    assert (survey.frames, survey.first_ts, survey.last_ts) == (3, T0, T0 + 5)
    alone = surveyed(text)
    assert (alone.frames, alone.first_ts, alone.as_of) == (1, None, 0)
    alone.check()
    found = ImportReport("openstrap", alone, frozenset(), frozenset()).to_dict()
    assert (found["frames"], found["first"], found["last"]) == (1, None, None)


def test_a_clock_that_was_wrong() -> None:
    """A time that has not come yet stretches nothing, nor does the epoch itself."""
    survey = surveyed(*hexed([record(0), record(T0), record(T0 + 2 * DAY_S)]))
    assert (survey.frames, survey.first_ts, survey.last_ts) == (3, T0, T0)


def test_nothing_of_use() -> None:
    """What was only left out is no import."""
    survey = surveyed()
    survey.add(Skipped("other_device", 3))
    survey.add(Skipped("other_device"))
    assert survey.skipped == {"other_device": 4}
    with pytest.raises(ImportRefused) as caught:
        survey.check()
    assert caught.value.code is Refusal.EMPTY
