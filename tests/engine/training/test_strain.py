"""Strain: its scale, and that load never lowers it."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.training.strain import (
    FIT_MAX_BPM,
    FIT_RESTING_BPM,
    FULL_SHARE,
    LEAST_SHARE,
    ZONE_WEIGHTS,
    reference_quiet_rate,
    session_strain,
    strain_of_sum,
    strain_of_zone_minutes,
    weight_of_share,
    weighted_minutes,
)

from .wearers import anchors_made

QUIET_RATE = reference_quiet_rate("m")
PEOPLE = anchors_made(FIT_RESTING_BPM, FIT_MAX_BPM)
minutes_in_zones = st.lists(st.floats(0.0, 600.0), min_size=5, max_size=5)
shares = st.floats(0.0, 1.0)
quiet_rates = st.floats(0.0, 1.0)


def strain(hr: list[float], minutes: list[float] | None = None) -> float:
    """Strain of rates between 60 and 187."""
    long = 1.0 if minutes is None else np.array(minutes)
    found = session_strain(np.array(hr), long, anchors_made(), QUIET_RATE)
    assert found is not None
    return found


def test_known_workouts() -> None:
    """The published shape, by hand."""
    assert strain_of_zone_minutes([0, 0, 0, 0, 0]) == 0.0
    assert strain_of_zone_minutes([0, 0, 30, 0, 0]) == pytest.approx(
        21.0 * (1.0 - np.exp(-((30 * 0.01748) ** 0.597)))
    )
    assert strain_of_zone_minutes([5, 10, 15, 20, 5]) == pytest.approx(14.6667, rel=1e-4)


@pytest.mark.parametrize(
    "minutes", [[1, 2, 3, 4], [1, 2, 3, 4, -1], [1, 2, 3, 4, float("nan")], [0] * 6]
)
def test_no_workout(minutes: list[float]) -> None:
    """What is not five durations is refused, not repaired."""
    with pytest.raises(ValueError, match="five zones"):
        strain_of_zone_minutes(minutes)


@given(minutes_in_zones, st.integers(0, 4), st.floats(0.0, 100.0))
def test_more_minutes_never_lower_it(minutes: list[float], zone: int, more: float) -> None:
    """Nor do they reach beyond 21."""
    longer = [spent + more * (at == zone) for at, spent in enumerate(minutes)]
    assert 0.0 <= strain_of_zone_minutes(minutes) <= strain_of_zone_minutes(longer) <= 21.0


@given(minutes_in_zones, st.integers(0, 3))
def test_a_faster_minute_never_lowers_it(minutes: list[float], zone: int) -> None:
    """Minutes that move up a zone."""
    faster = list(minutes)
    faster[zone + 1] += faster[zone]
    faster[zone] = 0.0
    assert strain_of_zone_minutes(faster) >= strain_of_zone_minutes(minutes) - 1e-9


@given(st.floats(-5.0, 1e6), st.floats(0.0, 1e6))
def test_the_bend(weighted: float, more: float) -> None:
    """From 0, never falling, never beyond 21."""
    assert 0.0 <= strain_of_sum(weighted) <= strain_of_sum(weighted + more) <= 21.0


@given(shares, shares, quiet_rates)
def test_the_weight_grows_with_the_rate(one: float, other: float, quiet: float) -> None:
    """Never falls, is 0 at rest, and 0 below zone 1."""
    low, high = sorted((one, other))
    assert 0.0 <= weight_of_share(low, quiet, "m") <= weight_of_share(high, quiet, "m")
    assert weight_of_share(min(low, LEAST_SHARE), quiet, None) == 0.0


@given(shares, quiet_rates, quiet_rates, st.sampled_from(["m", "f", None]))
def test_a_dearer_quiet_never_raises_it(share: float, one: float, other: float, sex: None) -> None:
    """Who lives at a higher rate needs more for the same."""
    cheap, dear = sorted((one, other))
    assert weight_of_share(share, dear, sex) <= weight_of_share(share, cheap, sex)


def test_training_counts_in_full() -> None:
    """From zone 3 on the quiet cost takes nothing; the continuous weights are those of the zones."""
    assert weight_of_share(FULL_SHARE, 1.0, "m") == weight_of_share(FULL_SHARE, 0.0, "m")
    for zone, weight in list(enumerate(ZONE_WEIGHTS))[2:]:
        bpm = np.linspace(0.5 + 0.1 * zone, 0.6 + 0.1 * zone, 200, endpoint=False) * FIT_MAX_BPM
        weighted = weighted_minutes(bpm, 0.005, PEOPLE, QUIET_RATE).sum()
        assert weighted == pytest.approx(weight, rel=0.12)


@pytest.mark.parametrize(
    ("bout", "minutes", "low", "high"),
    [(85, 0, 0.0, 0.0), (105, 60, 0.2, 4.0), (145, 45, 10.0, 13.0), (165, 90, 16.5, 19.0)],
)
def test_reference_days(bout: float, minutes: int, low: float, high: float) -> None:
    """960 waking minutes at 85 with a bout: nothing, a walk, a run, a long hard one."""
    assert low <= strain([bout, 85.0], [float(minutes), 960.0 - minutes]) <= high


@given(st.lists(st.floats(40.0, 200.0), min_size=1, max_size=60), st.data())
def test_adding_load_never_lowers_strain(rates: list[float], data: st.DataObject) -> None:
    """One more minute, or one that was faster; and a day is never below a workout in it."""
    at = data.draw(st.integers(0, len(rates) - 1))
    faster = [rate + 10.0 * (place == at) for place, rate in enumerate(rates)]
    assert strain(faster) >= strain(rates)
    assert strain([*rates, data.draw(st.floats(40.0, 200.0))]) >= strain(rates)
    assert strain(rates) >= strain(rates[: at + 1])


@given(st.lists(st.floats(40.0, 200.0), min_size=1, max_size=60))
def test_the_order_of_minutes_does_not_matter(rates: list[float]) -> None:
    """To the bit."""
    assert strain(rates) == strain(rates[::-1]) == strain(sorted(rates))


def test_without_a_heart_rate() -> None:
    """A null never becomes a number; holes in between weigh nothing."""
    assert session_strain(np.full(30, np.nan), 1.0, anchors_made(), QUIET_RATE) is None
    assert session_strain(np.array([]), 1.0, anchors_made(), QUIET_RATE) is None
    assert strain([np.nan, 170.0]) == strain([170.0])
