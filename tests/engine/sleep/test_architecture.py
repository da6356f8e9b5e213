"""Measures of a hypnogram."""

from dataclasses import astuple

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.openstrap.engine.sleep.architecture import (
    Architecture,
    sleep_architecture,
    sleep_spans,
)
from custom_components.openstrap.engine.sleep.hypnogram import Segment, Stage

W, L, D, R, U = Stage.WAKE, Stage.LIGHT, Stage.DEEP, Stage.REM, Stage.UNOBSERVED


def laid(*parts: tuple[float, Stage], start: float = 0.0) -> list[Segment]:
    """Lay stretches of (seconds, stage) end to end."""
    found, at = [], start
    for length, stage in parts:
        found.append((at, at + length, stage))
        at += length
    return found


def of(*parts: tuple[float, Stage], lights_out_ts: float | None = None) -> Architecture:
    """Measure the stretches as a night in bed."""
    segments = laid(*parts)
    found = sleep_architecture(segments, 0.0, segments[-1][1], lights_out_ts=lights_out_ts)
    assert isinstance(found, Architecture)
    return found


def test_known_night() -> None:
    """Known night."""
    night = of((100, W), (300, L), (200, D), (200, R), (50, W), (150, L), lights_out_ts=0.0)
    assert (night.tib_s, night.tst_s, night.sol_s, night.spt_s, night.waso_s) == (
        1000,
        850,
        100,
        900,
        50,
    )
    assert (night.awakenings, night.sustained_awakenings) == (1, 0)
    assert night.rem_latency_s == 500
    assert night.efficiency == pytest.approx(0.85)
    assert (night.light_s, night.deep_s, night.rem_s) == (450, 200, 200)
    assert night.longest_sleep_s == 700
    assert night.shifts_per_h == pytest.approx(4 / (850 / 3600))
    assert (night.onset_ts, night.offset_ts, night.unobserved_s) == (100, 1000, 0)
    assert night.share(D) == pytest.approx(200 / 850)


def test_latency_only_with_lights_out() -> None:
    """Latency only with lights out."""
    assert of((100, W), (900, L)).sol_s is None
    assert of((100, W), (900, L), lights_out_ts=40.0).sol_s == 60
    assert of((100, W), (900, L), lights_out_ts=400.0).sol_s is None


@pytest.mark.parametrize("segments", [[], laid((3600, W)), laid((3600, U)), laid((9, W), (9, U))])
def test_no_sleep_is_absence(segments: list[Segment]) -> None:
    """No sleep is absence."""
    assert sleep_architecture(segments, 0.0, 3600.0) == "no_sleep"


def test_less_than_half_observed_is_refused() -> None:
    """Less than half observed is refused."""
    assert sleep_architecture(laid((490, L), (510, U)), 0, 1000) == "not_observed:fraction=0.51"
    assert isinstance(sleep_architecture(laid((500, L), (500, U)), 0, 1000), Architecture)
    # A window that no segment covers was not observed either.
    assert sleep_architecture(laid((490, L)), 0, 1000) == "not_observed:fraction=0.51"


def test_unobserved_is_neither_wake_nor_sleep() -> None:
    """Unobserved is neither wake nor sleep."""
    night = of((600, L), (200, U), (100, W), (100, L))
    assert (night.tst_s, night.waso_s, night.observed_s, night.unobserved_s) == (700, 100, 800, 200)
    assert night.efficiency == pytest.approx(700 / 800)
    assert night.longest_sleep_s == 600
    # Light before the hole and wake after it are no observed change of stage.
    assert night.shifts_per_h == pytest.approx(1 / (700 / 3600))


def test_a_hole_makes_no_awakening_longer_or_another() -> None:
    """A hole makes no awakening longer or another."""
    night = of((600, L), (200, W), (100, U), (200, W), (600, L))
    assert (night.awakenings, night.sustained_awakenings) == (1, 0)
    assert of((600, L), (300, W), (600, L)).sustained_awakenings == 1
    assert of((600, L), (299, W), (600, L)).sustained_awakenings == 0
    assert of((600, L), (100, U), (600, L)).awakenings == 0
    apart = of((600, L), (100, U), (200, W), (600, L), (310, W), (60, L))
    assert (apart.awakenings, apart.sustained_awakenings) == (2, 1)


def test_wake_before_and_after_sleep_is_no_waking_in_the_night() -> None:
    """Wake before and after sleep is no waking in the night."""
    night = of((900, W), (3600, L), (900, W))
    assert (night.waso_s, night.awakenings, night.spt_s) == (0, 0, 3600)


def test_rem_latency() -> None:
    """REM latency."""
    assert of((900, L)).rem_latency_s is None
    assert of((900, L), (300, U), (900, R)).rem_latency_s == 1200
    assert of((900, L), (301, U), (900, R)).rem_latency_s is None


def test_the_night_begins_with_sleep_before_the_window() -> None:
    """The night begins with sleep before the window."""
    found = sleep_architecture(laid((600, W), (3600, L)), 900.0, 4000.0)
    assert isinstance(found, Architecture)
    assert (found.tib_s, found.onset_ts, found.offset_ts) == (3600, 600, 4200)


def test_spans_of_sleep() -> None:
    """Spans of sleep."""
    segments = laid((60, W), (60, L), (60, D), (30, U), (30, R), (60, W))
    assert sleep_spans(segments) == [(60, 180), (210, 240)]


parts = st.lists(
    st.tuples(st.integers(1, 200).map(lambda n: 30.0 * n), st.sampled_from([W, L, D, R, U])),
    min_size=1,
    max_size=40,
)


@settings(max_examples=100, deadline=None)
@given(parts, st.integers(0, 10**9))
def test_properties(night: list[tuple[float, Stage]], shift: int) -> None:
    """Properties."""
    segments = laid(*night)
    found = sleep_architecture(segments, 0.0, segments[-1][1])
    moved = [(a + shift, b + shift, stage) for a, b, stage in segments]
    later = sleep_architecture(moved, float(shift), moved[-1][1])
    if isinstance(found, str):
        assert later == found
        return
    assert isinstance(later, Architecture)
    assert astuple(later)[2:] == pytest.approx(astuple(found)[2:])
    assert found.light_s + found.deep_s + found.rem_s == found.tst_s
    assert found.observed_s + found.unobserved_s == pytest.approx(found.tib_s)
    assert found.tst_s + found.waso_s <= min(found.spt_s, found.observed_s)
    assert 0 < found.efficiency <= 1
    assert found.sustained_awakenings <= found.awakenings
    assert found.longest_sleep_s <= found.tst_s
