"""How the night's HRV runs."""

import numpy as np
import pytest

from custom_components.openstrap.engine.heart.shape import BIN_S, NightShape, night_shape

from ..series import beats_of, lcg


def of(rms_ms: list[float], *, empty: tuple[int, ...] = ()) -> NightShape | None:
    """Half hours of beats of one second whose differences have these sizes; some left out."""
    rr = np.concatenate([1000.0 + level * (lcg(1800) - 0.5) for level in rms_ms])
    beats = beats_of(rr)
    place = np.floor((beats.t_s - beats.t_s[0]) / BIN_S)
    kept = beats.only(~np.isin(place, empty))
    return night_shape(kept.rr_ms, kept.t_s, kept.joined)


def test_a_night_that_recovers() -> None:
    """Last third over first; the band holds each half hour's value."""
    found = of([50.0] * 4 + [75.0] * 4 + [100.0] * 4)
    assert found is not None
    assert found.ratio == pytest.approx(2.0, rel=0.03)
    assert found.present >= 12
    there = np.isfinite(found.rmssd_ms)
    assert (found.low_ms[there] < found.rmssd_ms[there]).all()
    assert (found.high_ms[there] > found.rmssd_ms[there]).all()
    half = found.high_ms[0] - found.rmssd_ms[0]
    assert half == pytest.approx(2.94 * found.rmssd_ms[0] / np.sqrt(2 * 1800), rel=0.01)


def test_a_third_needs_two_half_hours() -> None:
    """Otherwise there is no ratio."""
    assert (found := of([50.0] * 12, empty=(0, 1))) is not None
    assert found.ratio is not None
    assert (found := of([50.0] * 12, empty=(1, 2, 3))) is not None
    assert (found.first_ms, found.ratio) == (None, None)
    assert found.last_ms is not None
    assert np.isnan(found.rmssd_ms[1:4]).all()


def test_too_little() -> None:
    """No beats, one half hour, a heart like a clock (whose ratio is not defined)."""
    assert night_shape(np.empty(0), np.empty(0), np.empty(0, dtype=bool)) is None
    assert (found := of([50.0])) is not None
    assert (found.present, found.ratio) == (1, None)
    assert (found := of([0.0] * 9)) is not None
    assert (found.first_ms, found.ratio) == (0.0, None)
