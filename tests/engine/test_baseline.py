"""Baselines: known answers, what counts, what is refused."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.baseline import (
    DEGENERATE_BASELINE,
    HRV_MS,
    RESPIRATION_BRPM,
    RESTING_HR_BPM,
    SKIN_TEMPERATURE_C,
    MedianMad,
    Status,
    Usual,
    WinsorisedEwma,
    calendar_values,
    detectable_change,
    fold_all,
    inverse_variance,
    known_values,
    median_mad,
)

DAY = date(2026, 7, 2)
NIGHTS = st.lists(st.one_of(st.none(), st.floats(30.0, 120.0)), max_size=60)


def test_resting_heart_rate() -> None:
    """Ten nights, one of which pulls only as far as the band."""
    state = fold_all(RESTING_HR_BPM, [60, 58, 62, 61, 75, 59, 60, 61, 60, 62])
    assert state.centre == pytest.approx(61.665564, rel=1e-6)
    assert state.spread == pytest.approx(2.333846, rel=1e-6)
    assert state.count == 10
    found = state.deviation(68)
    assert found is not None
    assert found.z == pytest.approx(2.166131, rel=1e-6)
    assert found.delta == pytest.approx(68 - state.centre)
    assert found.ratio == pytest.approx(68 / state.centre)
    assert not found.usual


def test_hrv_outlier_is_rejected() -> None:
    """An HRV of 120 among fifties does not count."""
    state = fold_all(HRV_MS, [45, 52, 48, 50, 41, 47, 55, 49, 46, 120, 51, 50])
    assert state.centre == pytest.approx(48.384267, rel=1e-6)
    assert (state.spread, state.count, state.held) == (5.0, 11, 0)


def test_one_standard_deviation() -> None:
    """The spread is a mean deviation; 1.253 of it are a standard deviation."""
    state = fold_all(HRV_MS, [60.0] * 20)
    found = state.deviation(60.0 + 1.253 * 5.0)
    assert found is not None
    assert found.z == pytest.approx(1.0)
    beside = [state.deviation(60.0 + off) for off in (-6.2, 6.2, 6.3, -6.3)]
    assert [near.usual for near in beside if near] == [True, True, False, False]


def test_status() -> None:
    """Calibrating, provisional, trusted; stale when nothing came for two weeks."""
    for count, status in ((0, Status.CALIBRATING), (3, Status.CALIBRATING)):
        state = fold_all(RESTING_HR_BPM, [60.0] * count)
        assert state.status is status
        assert state.deviation(60.0) is None
    assert fold_all(RESTING_HR_BPM, [60.0] * 4).status is Status.PROVISIONAL
    assert fold_all(RESTING_HR_BPM, [60.0] * 13).status is Status.PROVISIONAL
    assert fold_all(RESTING_HR_BPM, [60.0] * 14).status is Status.TRUSTED
    missing: list[float | None] = [None] * 14
    assert fold_all(RESTING_HR_BPM, [60.0] * 14 + missing).status is Status.TRUSTED
    stale = fold_all(RESTING_HR_BPM, [60.0] * 14 + missing + [None])
    assert stale.status is Status.STALE
    assert stale.deviation(60.0) is None
    assert stale.fold(61.0).status is Status.TRUSTED
    assert fold_all(RESTING_HR_BPM, [60.0] * 3 + missing + [None]).status is Status.CALIBRATING


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), 29.9, 120.1])
def test_no_value(value: float | None) -> None:
    """Nothing, no number and nobody's heart rate only pass the time."""
    state = fold_all(RESTING_HR_BPM, [60.0] * 5)
    after = state.fold(value)
    assert (after.centre, after.spread, after.count) == (state.centre, state.spread, 5)
    assert after.held == 1
    assert state.held == 0
    assert WinsorisedEwma(RESTING_HR_BPM).fold(value).count == 0


def test_not_a_number_deviates_from_nothing() -> None:
    """Neither does anything divide by a centre of 0."""
    state = fold_all(Usual(-5.0, 5.0, 0.5), [0.0] * 5)
    assert state.deviation(float("nan")) is None
    found = state.deviation(1.0)
    assert found is not None
    assert found.ratio is None


@pytest.mark.parametrize("config", [HRV_MS, RESTING_HR_BPM, RESPIRATION_BRPM, SKIN_TEMPERATURE_C])
def test_spread_never_falls_below_its_floor(config: Usual) -> None:
    """Whoever is the same every night still has the spread of a person."""
    middle = (config.low + config.high) / 2.0
    state = fold_all(config, [middle] * 100)
    assert state.centre == pytest.approx(middle)
    assert state.spread == config.floor


@given(NIGHTS)
def test_centre_stays_among_the_values(nights: list[float | None]) -> None:
    """Whatever comes, the centre lies between the extremes, and folding on is folding all."""
    state = fold_all(RESTING_HR_BPM, nights)
    known = [value for value in nights if value is not None]
    assert state.count <= len(known)
    assert state.spread >= (RESTING_HR_BPM.floor if known else 0.0)
    if known:
        assert min(known) - 1e-9 <= state.centre <= max(known) + 1e-9
    half = len(nights) // 2
    folded = fold_all(RESTING_HR_BPM, nights[:half])
    for value in nights[half:]:
        folded = folded.fold(value)
    assert folded == state


def test_calendar_windows() -> None:
    """A missing night pulls no older one in, and today is not in its own baseline."""
    history: dict[date, float | None] = {DAY - timedelta(days=back): back for back in range(6)}
    del history[DAY - timedelta(days=2)]
    history[DAY - timedelta(days=1)] = float("nan")
    assert calendar_values(history, DAY, 4)[:3] == [4, 3, None]
    assert known_values(history, DAY, 4) == [4, 3]
    assert known_values({}, DAY, 28) == []


def test_median_mad() -> None:
    """Median and scaled deviation; the plain one where the half are equal."""
    found = median_mad([1, 2, 3, 4, 5], 5)
    assert isinstance(found, MedianMad)
    assert (found.centre, found.count) == (3.0, 5)
    assert found.scale == pytest.approx(1.4826)
    assert found.z(7.0) == pytest.approx(2.697963, rel=1e-6)
    flat = median_mad([5, 5, 5, 5, 9], 5)
    assert isinstance(flat, MedianMad)
    assert flat.scale == pytest.approx(np.std([5, 5, 5, 5, 9], ddof=1))


def test_median_mad_refuses() -> None:
    """Too few, all equal, none."""
    assert median_mad([1.0, 2.0], 3) == "need_baseline:have=2,need=3"
    assert median_mad([], 0) == "need_baseline:have=0,need=1"
    assert median_mad([5.0] * 9, 3) == DEGENERATE_BASELINE
    assert median_mad([5.0], 1) == DEGENERATE_BASELINE


def test_detectable_change() -> None:
    """1.96 sqrt 2 typical errors, from neighbouring nights alone."""
    values: list[float | None] = [60, 62, 59, None, 90, 91, 89]
    steps = [2, -3, 1, -2]
    typical = np.std(steps, ddof=1) / np.sqrt(2.0)
    assert detectable_change(values) == pytest.approx(1.96 * np.sqrt(2.0) * typical)
    assert detectable_change(values, need=5) is None
    assert detectable_change([60.0, None, 61.0, None]) is None
    assert detectable_change([]) is None
    assert detectable_change([60.0, float("nan"), 61.0]) is None


def test_fusion() -> None:
    """By precision; those without one are left out."""
    found = inverse_variance([(100, 4), (110, 4)])
    assert found is not None
    assert (found.value, found.variance) == (105, 2)
    assert inverse_variance([(100, 4), (5, 0), (float("nan"), 1), (7, float("inf"))]) == (
        inverse_variance([(100, 4)])
    )
    assert inverse_variance([]) is None
    assert inverse_variance([(1, -1)]) is None


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3)), min_size=1, max_size=8))
def test_fusion_lies_between_and_is_surer(parts: list[tuple[float, float]]) -> None:
    """The order does not matter."""
    found = inverse_variance(parts)
    assert found is not None
    values = [value for value, _ in parts]
    assert min(values) - 1e-6 <= found.value <= max(values) + 1e-6
    assert found.variance <= min(variance for _, variance in parts) * (1.0 + 1e-9)
    assert inverse_variance(reversed(parts)) == found
