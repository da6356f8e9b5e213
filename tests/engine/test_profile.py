"""Bounds of what a wearer tells about their body and its sleep."""

from datetime import date
import math
from typing import Any

import pytest

from custom_components.openstrap.engine.profile import Profile, ProfileError


def test_nothing_needs_to_be_told() -> None:
    """An empty profile is one, and knows no age."""
    profile = Profile()
    profile.check_age(date(2026, 1, 1))
    assert profile.age_on(date(2026, 1, 1)) is None


def test_a_whole_profile() -> None:
    """Bounds belong to the allowed."""
    profile = Profile(
        birth_year=1990,
        sex="f",
        height_cm=50,
        weight_kg=400.0,
        hr_max_bpm=195,
        sleep_need_min=240,
    )
    assert profile.age_on(date(2026, 5, 1)) == 36
    profile.check_age(date(2026, 5, 1))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_year", 1800),
        ("birth_year", 1990.5),
        ("birth_year", "1990"),
        ("sex", "x"),
        ("height_cm", 49.9),
        ("height_cm", True),
        ("weight_kg", 401),
        ("weight_kg", math.nan),
        ("hr_max_bpm", 99),
        ("hr_max_bpm", math.inf),
        ("sleep_need_min", 239.9),
        ("sleep_need_min", 721),
    ],
)
def test_what_no_body_has_is_named(field: str, value: Any) -> None:
    """The error says which field."""
    with pytest.raises(ProfileError) as caught:
        Profile(**{field: value})
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("born", "fits"), [(2021, True), (2022, False), (1906, True), (1905, False)]
)
def test_the_age_depends_on_the_day(born: int, fits: bool) -> None:
    """From 5 to 120 years."""
    profile = Profile(birth_year=born)
    if fits:
        profile.check_age(date(2026, 6, 1))
        assert profile.age_on(date(2026, 6, 1)) == 2026 - born
        return
    # A clock that is wrong makes no one unborn, nor two hundred years old.
    assert profile.age_on(date(2026, 6, 1)) is None
    with pytest.raises(ProfileError, match="birth_year"):
        profile.check_age(date(2026, 6, 1))
