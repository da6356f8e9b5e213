"""What a wearer may write down."""

from types import MappingProxyType

import pytest

from custom_components.openstrap.engine.insight.journal import (
    JournalDay,
    cleaned,
    field_lag,
    tag_lag,
)


def test_there_and_back() -> None:
    """Names are cleaned, and what is stored is what was meant."""
    entry = JournalDay(
        frozenset({" Alcohol", "alcohol", "", "Late Meal "}), {"Caffeine ": 200}, " a note "
    )
    assert entry.to_dict() == {
        "tags": ["alcohol", "late meal"],
        "numbers": {"caffeine": 200.0},
        "note": "a note",
    }
    assert JournalDay.from_dict(entry.to_dict()) == entry
    assert isinstance(entry.numbers, MappingProxyType)


def test_limits() -> None:
    """At most 24 tags and 1000 characters; numbers only as they can be."""
    assert len(cleaned(f"tag {number}" for number in range(40))) == 24
    assert len(JournalDay(note="x" * 2000).note) == 1000
    for name, value in (("mood", 6.0), ("mood", 0.0), ("water", -1.0), ("mine", float("nan"))):
        with pytest.raises(ValueError):
            JournalDay(numbers={name: value})
    assert JournalDay(numbers={"mine": -4}).numbers["mine"] == -4.0


def test_an_empty_entry_is_none() -> None:
    """A day without one is unknown, so an empty one must not count as a day without."""
    assert not JournalDay()
    assert not JournalDay(frozenset({" "}), {}, "  ")
    for entry in (JournalDay(frozenset({"x"})), JournalDay(numbers={"x": 0}), JournalDay(note="x")):
        assert entry


def test_which_morning() -> None:
    """What is done shows the next morning; how one is belongs to the day."""
    assert (tag_lag("alcohol"), tag_lag("sick"), tag_lag("my own")) == (1, 0, 1)
    assert (field_lag("alcohol"), field_lag("mood"), field_lag("my own")) == (1, 0, 0)
