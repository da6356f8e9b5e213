"""What a workout was made of."""

from dataclasses import replace
import json
from typing import Any

from hypothesis import example, given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.training.breakdown import (
    Breakdown,
    Scale,
    breakdown,
    heart_rate_drift,
    mean_share,
    moving_steps,
)
from custom_components.openstrap.engine.training.energy import Body
from custom_components.openstrap.engine.training.hr_max import HrMax
from custom_components.openstrap.engine.training.strain import reference_quiet_rate, session_strain

from .workout_days import ANCHORS, MIDNIGHT, day_track, times

SCALE = Scale(ANCHORS, None, Body(1650.0, 70.0, 48.0))
HALF_HOUR = 60.0 * np.floor(1e9 / 60.0) + times(0.0, 1800.0, 1.0)
SPAN = float(HALF_HOUR[0]), float(HALF_HOUR[0]) + 1800.0


def test_half_an_hour_at_one_rate() -> None:
    """30 min at 150 with 60 and 190, a man."""
    found = breakdown(HALF_HOUR, np.full(1800, 150.0), SPAN, Scale(ANCHORS))
    assert found.trimp == pytest.approx(50.2201, abs=1e-3)
    assert found.zone_s == (0.0, 0.0, 1800.0, 0.0, 0.0, 0.0)  # 69.2 % of the reserve is zone 2
    assert (found.avg_bpm, found.max_bpm, found.min_bpm) == (150.0, 150.0, 150.0)
    assert (found.duration_min, found.coverage) == (30.0, 1.0)
    assert found.drift_pct == 0.0
    assert found.drop is None and found.decay is None and found.curve == ()
    assert found.kcal is None and found.steps is None


def test_zones_of_the_maximum_where_rest_is_hardly_known() -> None:
    """What the zones are shares of is told beside them."""
    young = replace(ANCHORS, resting_nights=3)
    guessed = replace(ANCHORS, hr_max=HrMax(190.0, 10.0, "age"))
    for anchors, source in ((ANCHORS, "karvonen"), (young, "observed"), (guessed, "tanaka")):
        found = breakdown(HALF_HOUR, np.full(1800, 150.0), SPAN, Scale(anchors))
        assert found.zone_source == source
        assert found.zone_s is not None and sum(found.zone_s) == 1800.0


def test_an_ending_is_broken_down() -> None:
    """The recovery curve falls, and starts from the rate it ended at."""
    track = day_track([(36000.0, 38400.0, 150.0)])
    span = MIDNIGHT + 36000.0, MIDNIGHT + 38400.0
    found = breakdown(track.step_ts, track.hr_bpm, span, SCALE, moving=moving_steps(track))
    assert found.drop is not None and found.decay is not None
    assert found.drop.bpm == pytest.approx(80.0 * (1.0 - np.exp(-1.0)), abs=9.0)
    assert found.decay.tau_s == pytest.approx(60.0, abs=15.0)
    assert [at for at, _, _ in found.curve] == [60, 120, 180]
    rates = [hr for _, hr, _ in found.curve]
    assert rates == sorted(rates, reverse=True)
    assert found.kcal == pytest.approx(40.0 * 10.0, rel=0.25)


def test_a_calm_end_has_no_recovery() -> None:
    """A heart that was not up tells nothing by coming down."""
    track = day_track([(36000.0, 38400.0, 95.0)])
    span = MIDNIGHT + 36000.0, MIDNIGHT + 38400.0
    found = breakdown(track.step_ts, track.hr_bpm, span, SCALE)
    assert found.drop is None and found.curve == ()
    assert found.trimp is not None


def test_without_a_heart_rate_there_is_a_duration() -> None:
    """It never becomes load."""
    found = breakdown(HALF_HOUR, np.full(1800, np.nan), SPAN, SCALE)
    assert found == Breakdown(30.0, 0.0)


def test_without_anchors_there_is_the_heart_rate_alone() -> None:
    """Nothing is measured against a body that is not known."""
    found = breakdown(HALF_HOUR, np.full(1800, 150.0), SPAN, None)
    assert found.avg_bpm == 150.0
    assert found.trimp is None and found.strain is None and found.kcal is None
    assert found.zone_s is None and found.zone_source is None


def test_one_wrong_reading_is_no_peak() -> None:
    """At 1 Hz a median of five takes it out."""
    hr = np.full(1800, 140.0)
    hr[900] = 239.0
    hr[901] = 31.0
    found = breakdown(HALF_HOUR, hr, SPAN, SCALE)
    assert (found.max_bpm, found.min_bpm) == (140.0, 140.0)


def test_drift() -> None:
    """Of steady workouts alone."""
    assert heart_rate_drift(np.array([120.0, 130.0, 140.0, 145.0, 150.0, 152.0])) == pytest.approx(
        14.615, abs=1e-3
    )
    assert heart_rate_drift(np.full(5, 140.0)) is None
    assert heart_rate_drift(np.repeat([110.0, 160.0], 10)) is None


def test_share_of_the_reserve() -> None:
    """Of the mean heart rate."""
    assert mean_share(Breakdown(1.0, 1.0, avg_bpm=125.0), ANCHORS) == pytest.approx(0.5)
    assert mean_share(Breakdown(1.0, 0.0), ANCHORS) is None


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 400),
    st.integers(60, 700),
    st.sampled_from([(1, 0.3), (10, 0.3), (10, 0.7), (10, 0.9)]),
)
@example(2, 0, 700, (10, 0.9))
def test_a_workout_is_never_harder_than_its_day(
    seed: int, start: int, length: int, record: tuple[int, float]
) -> None:
    """Nor does it last longer than it did, and everything in it is plain JSON.

    Also where so many of a day's ten seconds are missing that minutes have no heart rate.
    """
    step, missing = record
    dice = np.random.Generator(np.random.PCG64(seed))
    ts = 1.2e9 + times(0.0, 1200.0, step)
    hr = np.floor(dice.uniform(60.0, 200.0, len(ts)))
    hr[dice.uniform(size=len(ts)) < missing] = np.nan
    span = ts[0] + float(start), ts[0] + float(start + length)
    found = breakdown(ts, hr, span, SCALE)
    minutes = np.array([_mean(row) for row in hr.reshape(20, -1)])
    whole = session_strain(minutes, 1.0, ANCHORS, reference_quiet_rate("m"))
    assert (found.strain or 0.0) <= (whole or 0.0) + 1e-9
    assert 0.0 <= found.coverage <= 1.0
    assert found.zone_s is None or sum(found.zone_s) <= 60.0 * found.duration_min + 1e-6
    plain: dict[str, Any] = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert list(plain) == list(Breakdown(1.0, 0.0).to_dict())


def _mean(row: Any) -> float:
    known = row[np.isfinite(row)]
    return float(np.floor(known.mean() + 0.5)) if len(known) * 60 / len(row) >= 15 else np.nan
