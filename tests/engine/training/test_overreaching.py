"""Two facts together: known answer, each alone, refusals."""

import pytest

from custom_components.openstrap.engine.training.overreaching import (
    RaisedNights,
    coincides,
    raised_nights,
)

from ..heart.made import day_at, series

BASE = [52.0, 53.0, 51.0, 54.0, 52.0, 53.0, 52.0, 51.0, 53.0, 52.0, 54.0, 53.0, 52.0, 51.0]
RECENT = [53.0, 54.0, 53.0, 52.0, 55.0]


def of(nights: list[float]) -> RaisedNights:
    """Count on the last of the nights."""
    found = raised_nights(series(nights), day_at(len(nights) - 1))
    assert isinstance(found, RaisedNights)
    return found


def test_known_answer() -> None:
    """Four of five nights above by half a deviation."""
    found = of(BASE + RECENT)
    assert (found.raised, found.nights, found.usual_bpm) == (4, 5, 52.0)
    assert found.step_bpm == pytest.approx(0.7413)


def test_both_are_needed() -> None:
    """Neither load alone nor nights alone."""
    four, three = of(BASE + RECENT), of([*BASE, 53.0, 54.0, 52.0, 52.0, 55.0])
    assert three.raised == 3
    assert coincides(1.5, four)
    assert not coincides(1.49, four)
    assert not coincides(3.0, three)


def test_refusals() -> None:
    """Recent nights, earlier nights, spread."""
    known = series(BASE + RECENT)
    thin = {on: bpm for on, bpm in known.items() if on not in (day_at(15), day_at(16))}
    found = raised_nights(thin, day_at(18))
    assert found == "need_input:name=resting_heart_rate,have=3,need=4"
    short = raised_nights(series(BASE[1:] + RECENT), day_at(17))
    assert short == "need_baseline:have=13,need=14"
    flat = raised_nights(series([52.0] * 14 + RECENT), day_at(18))
    assert flat == "degenerate_baseline:scale=0"


def test_the_recent_nights_are_not_in_their_own_baseline() -> None:
    """Nor is what lies more than four weeks before them."""
    found = of([*[90.0] * 5, *BASE, *BASE, *RECENT])
    assert found.usual_bpm == 52.0
    assert found.raised == 4
