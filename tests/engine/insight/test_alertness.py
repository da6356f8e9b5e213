"""The three-process model of a waking day."""

import json
import math

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.insight.alertness import (
    LOWER,
    UPPER,
    Alertness,
    alertness,
    pressure,
    raw_alertness,
)

HOUR = 3600.0
WAKE_TS = 1_800_000_000.0


def after(wake_h: float, slept_h: float) -> Alertness:
    """Tell the day after one sleep of so many hours."""
    return alertness([(WAKE_TS - slept_h * HOUR, WAKE_TS)], WAKE_TS, wake_h, slept_h)


def low_h(wake_h: float, slept_h: float) -> float:
    """Hour of the clock at which the low begins."""
    return (wake_h + (after(wake_h, slept_h).low[0] - WAKE_TS) / HOUR) % 24


def test_known_values() -> None:
    """The published parameters, after a night of eight hours and one of five."""
    asleep = [(WAKE_TS - 8 * HOUR, WAKE_TS)]
    assert pressure(asleep, WAKE_TS) == pytest.approx(13.7367, abs=1e-4)
    raw = raw_alertness(asleep, WAKE_TS, 7.0, 8.0)
    assert len(raw) == 65
    assert raw[[0, 4, 16]] == pytest.approx([5.6233, 9.8325, 11.3628], abs=1e-4)
    short = [(WAKE_TS - 5 * HOUR, WAKE_TS)]
    assert pressure(short, WAKE_TS) == pytest.approx(12.5317, abs=1e-4)
    assert len(raw_alertness(short, WAKE_TS, 7.0, 5.0)) == 73


@pytest.mark.parametrize(
    ("wake_h", "slept_h", "expected"),
    [(7.0, 8.0, 21.25), (7.0, 5.0, 23.25), (5.0, 8.5, 6.0), (9.0, 6.0, 1.25)],
)
def test_known_lows(wake_h: float, slept_h: float, expected: float) -> None:
    """Where the two hours with the least of it begin."""
    assert low_h(wake_h, slept_h) == expected


def test_the_high_lies_in_the_afternoon_and_excludes_the_low() -> None:
    """The high lies in the afternoon and excludes the low."""
    found = after(7.0, 8.0)
    high_h = 7.0 + (found.high[0] - WAKE_TS) / HOUR
    assert 13.0 < high_h < 17.0
    assert found.high[1] - found.high[0] == found.low[1] - found.low[0] == 2 * HOUR
    assert found.high[1] <= found.low[0]
    assert (min(found.level), max(found.level)) == (0.0, 1.0)


def test_a_nap_lifts_what_follows_and_nothing_before() -> None:
    """An hour at two in the afternoon."""
    night = (WAKE_TS - 6 * HOUR, WAKE_TS)
    nap = (WAKE_TS + 7 * HOUR, WAKE_TS + 8 * HOUR)
    without = raw_alertness([night], WAKE_TS, 7.0, 6.0)
    napped = raw_alertness([night, nap], WAKE_TS, 7.0, 6.0)
    assert napped[:29] == pytest.approx(without[:29])
    assert (napped[29:] > without[29:] + 0.1).all()
    assert napped[32] - without[32] == pytest.approx(
        pressure([night, nap], nap[1]) - pressure([night], nap[1])
    )


def test_a_short_week_is_carried_over() -> None:
    """Three short nights leave less than one short night after two long ones."""

    def nights(*hours: float) -> list[tuple[float, float]]:
        ends = [WAKE_TS - 86400.0 * back for back in range(len(hours) - 1, -1, -1)]
        return [(end - long * HOUR, end) for long, end in zip(hours, ends, strict=True)]

    assert pressure(nights(4, 4, 4), WAKE_TS) < pressure(nights(9, 9, 4), WAKE_TS)
    # Without a night before it, as tired as can be.
    assert pressure(nights(4), WAKE_TS) < pressure(nights(4, 4, 4), WAKE_TS)


def test_before_any_sleep() -> None:
    """No sleep, or none yet: as tired as one gets."""
    assert pressure([], WAKE_TS) == LOWER
    assert pressure([(WAKE_TS + 1.0, WAKE_TS + HOUR)], WAKE_TS) == LOWER


def test_plain_json() -> None:
    """Plain JSON."""
    told = json.loads(json.dumps(after(7.0, 8.0).to_dict()))
    assert (told["start_ts"], told["step_s"], len(told["level"])) == (WAKE_TS, 900.0, 65)
    assert told["low"] == [WAKE_TS + 14.25 * HOUR, WAKE_TS + 16.25 * HOUR]


@given(
    lengths=st.lists(st.tuples(st.floats(1, 1e5), st.floats(1, 5e4)), max_size=6),
    wake_h=st.floats(0, 23.99),
    slept_h=st.floats(0.5, 20),
)
def test_bounded_whatever_was_slept(
    lengths: list[tuple[float, float]], wake_h: float, slept_h: float
) -> None:
    """The process stays between its ends, and a cut of a sleep in two changes nothing."""
    spans, at = [], WAKE_TS - sum(map(sum, lengths))
    for awake, asleep in lengths:
        spans.append((at + awake, at + awake + asleep))
        at = spans[-1][1]
    state = pressure(spans, WAKE_TS)
    assert LOWER <= state <= UPPER
    cut = [part for a, b in spans for part in ((a, (a + b) / 2), ((a + b) / 2, b))]
    assert math.isclose(pressure(cut, WAKE_TS), state, rel_tol=1e-9)
    found = alertness(spans, WAKE_TS, wake_h, slept_h)
    assert all(0.0 <= one <= 1.0 for one in found.level)
    assert found.low[0] >= WAKE_TS + HOUR
    assert found.low[1] <= WAKE_TS + 900.0 * len(found.level)
