"""The curve of strain: never falls, ends at the day's strain."""

import json

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.training.curve import StrainCurve, strain_curve
from custom_components.openstrap.engine.training.loads import day_loads
from custom_components.openstrap.engine.training.strain import reference_quiet_rate
from custom_components.openstrap.engine.training.track import Track
from custom_components.openstrap.engine.training.training_metrics import MIN_WAKE_MIN

from .wearers import DAY, anchors_made, day_made, track_made

ANCHORS = anchors_made()
rates = st.lists(st.integers(40, 200).map(float) | st.just(float("nan")), min_size=1, max_size=600)


def drawn(track: Track) -> tuple[StrainCurve | None, float]:
    """Curve and strain of the day of a track."""
    loads = day_loads({DAY: day_made(DAY, dict(track.wake_hr()))}, DAY, ANCHORS)
    strain = loads[DAY].strain if DAY in loads else 0.0
    return strain_curve(track, ANCHORS, reference_quiet_rate("m"), strain), strain


@given(rates, st.integers(0, 100))
def test_it_never_falls_and_ends_at_the_strain(hr: list[float], resting: int) -> None:
    """From 0 at midnight, at most 120 points, each later than the one before."""
    curve, strain = drawn(track_made(hr, resting_min=resting))
    known = np.isfinite(hr[resting:])
    if curve is None:
        assert known.sum() < MIN_WAKE_MIN
        return
    assert known.sum() >= MIN_WAKE_MIN
    assert (curve.strain[0], curve.strain[-1]) == (0.0, round(strain, 6))
    assert all(np.diff(curve.strain) >= 0.0)
    assert all(np.diff(curve.ts) > 0.0)
    assert 2 <= len(curve.ts) == len(curve.strain) <= 120
    shown = json.loads(json.dumps(curve.to_dict(), allow_nan=False))["strain"]
    assert all(np.diff(shown) >= 0.0)
    assert shown[-1] == curve.strain[-1]


@given(rates)
def test_strain_never_falls_within_a_day(hr: list[float]) -> None:
    """What was reached at noon is never taken back in the evening."""
    track = track_made(hr)
    strains = [drawn(track_made(hr[:end]))[1] for end in range(1, len(hr), 97)]
    assert all(np.diff([*strains, drawn(track)[1]]) >= 0.0)


def test_when_it_rose() -> None:
    """A run at ten in the morning after a night, and nothing after."""
    hr = np.full(1440, 70.0)
    hr[600:645] = 150.0
    hr[100:130] = 150.0  # in the night: a fright is no training
    curve, strain = drawn(track_made(hr.tolist(), resting_min=420))
    assert curve is not None
    at = (np.array(curve.ts) - curve.ts[0]) / 60.0
    values = np.array(curve.strain)
    assert len(at) > 100
    assert (values[at <= 600] == 0.0).all()
    assert values[at >= 645] == pytest.approx(strain, abs=1e-5)
    assert 0.3 * strain < values[np.searchsorted(at, 620)] < strain


@pytest.mark.parametrize("strain", [5.0003, 5.0006, 5.0])
def test_what_is_shown_does_not_fall_at_its_end(strain: float) -> None:
    """An evening of rest: the points before the last are cut to thousandths, the last is not."""
    shown = StrainCurve((0.0, 60.0, 120.0), (0.0, strain, strain)).to_dict()["strain"]
    assert shown == sorted(shown)
    assert shown[-1] == strain


def test_a_day_of_few_minutes_has_no_curve() -> None:
    """Where too little was seen for a strain there is no curve that tells one."""
    assert drawn(track_made([150.0] * (MIN_WAKE_MIN - 1)))[0] is None
    assert drawn(track_made([150.0] * MIN_WAKE_MIN))[0] is not None


def test_a_night_alone_has_no_curve() -> None:
    """Without a waking minute there is nothing to draw."""
    assert drawn(track_made([60.0] * 300, resting_min=300))[0] is None
