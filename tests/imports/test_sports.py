"""What other systems call an activity."""

import pytest

from custom_components.openstrap.imports.sports import kind_of_activity


@pytest.mark.parametrize("name", [None, "", "  ", "-!-"])
def test_nobody_said(name: str | None) -> None:
    """Without a word there is no kind, not even another one."""
    assert kind_of_activity(name) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Running", "run"),
        ("Course à pied", "run"),
        ("RAD FAHREN", "cycle"),
        ("Natación", "swim"),
        ("Jump-rope", "cardio"),
        ("Swim run", "swim"),
        ("Powerlifting", "strength"),
        ("Trunk work", "other"),
        ("Chess", "other"),
    ],
)
def test_words(name: str, kind: str) -> None:
    """By the beginning of a word, whatever its accents, case and punctuation."""
    assert kind_of_activity(name) == kind
