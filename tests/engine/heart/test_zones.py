"""The zone of one heart rate."""

from datetime import date

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.heart.zones import (
    MaximumSource,
    Zone,
    live_zone,
    maximum_hr,
    zone_of,
)
from custom_components.openstrap.engine.profile import Profile

DAY = date(2026, 6, 1)


def test_a_known_maximum_goes_before_a_formula() -> None:
    """And without either there is none, whatever else is known of the body."""
    known = maximum_hr(Profile(birth_year=1986, hr_max_bpm=191), DAY)
    assert known is not None
    assert (known.bpm, known.source) == (191, MaximumSource.KNOWN)
    formula = maximum_hr(Profile(birth_year=1986), DAY)
    assert formula is not None
    assert formula.bpm == pytest.approx(208 - 0.7 * 40)
    assert formula.source is MaximumSource.TANAKA_2001
    assert known.confidence > formula.confidence
    assert maximum_hr(Profile(sex="f", height_cm=170, weight_kg=60), DAY) is None


@pytest.mark.parametrize(
    ("hr_bpm", "zone"),
    [(99, 0), (100, 1), (119, 1), (120, 2), (140, 3), (160, 4), (179, 4), (180, 5), (215, 5)],
)
def test_a_zone_begins_at_its_floor(hr_bpm: float, zone: int) -> None:
    """Shares of a maximum of 200."""
    assert zone_of(hr_bpm, 200) is Zone(zone)


@given(low=st.integers(25, 230), more=st.integers(0, 100), maximum=st.integers(100, 230))
def test_a_faster_heart_is_never_in_a_lower_zone(low: int, more: int, maximum: int) -> None:
    """Zones go up with the heart rate."""
    assert zone_of(low, maximum) <= zone_of(low + more, maximum)


def test_the_wrapping_names_the_maximum_or_what_is_missing() -> None:
    """Never a zone of a body that was guessed."""
    shown = live_zone(150, maximum_hr(Profile(birth_year=1986), DAY))
    assert (shown.value, shown.unit) == (4, "zone")
    assert shown.note == "maximum_heart_rate=208 - 0.7 * age (Tanaka 2001)"
    assert dict(shown.drivers) == {"heart_rate_bpm": 150, "maximum_bpm": 180}
    for absent in (
        live_zone(150, None),
        live_zone(None, maximum_hr(Profile(hr_max_bpm=180), DAY)),
    ):
        assert absent.value is None
        assert absent.confidence == 0
        assert absent.note is not None
        assert absent.note.startswith("need_input:name=")
