"""Breathing in steps of three minutes, only where the wearer lay still."""

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.breathing.tachogram import Tachogram, tachogram
from custom_components.openstrap.engine.breathing.timeline import breath_timeline
from custom_components.openstrap.engine.signal.motion import Motion

from .hearts import breath, cleaned, heart


def line_of(rr: NDArray[np.float64], start: float, end: float) -> Tachogram:
    """Draw a line that there must be."""
    line = tachogram(cleaned(rr, start=start), start, end)
    assert line is not None
    return line


def motion(start: float, end: float, moved: tuple[float, float] = (0.0, 0.0)) -> Motion:
    """Lie still but for one stretch."""
    ts = np.arange(start, end, dtype=np.float64)
    amount = np.where((ts >= moved[0]) & (ts < moved[1]), 0.5, 0.0)
    return Motion(ts, amount, 1.0)


def test_a_step_is_seen_where_it_is() -> None:
    """From 12 to 18 a minute after half an hour."""
    rr = heart(3600.0, 950.0, lambda t: 40 * np.sin(2 * np.pi * (0.2 if t < 1800 else 0.3) * t))
    found = breath_timeline(line_of(rr, 1000.0, 4600.0), motion(1000.0, 4600.0))
    assert found.start_ts.tolist() == [1000.0 + 180.0 * at for at in range(20)]
    assert found.brpm[:9] == pytest.approx(12.0, abs=0.2)
    assert found.brpm[11:] == pytest.approx(18.0, abs=0.2)


def test_moving_and_unseen_windows_are_silent() -> None:
    """A tenth of the window is the limit, and no motion at all is not stillness."""
    line = line_of(breath(1800.0, 15, bpm=60), 0.0, 1800.0)
    some = breath_timeline(line, motion(0.0, 1800.0, (180.0, 190.0))).brpm
    much = breath_timeline(line, motion(0.0, 1800.0, (180.0, 200.0))).brpm
    assert np.isfinite(some).all()
    assert np.flatnonzero(np.isnan(much)).tolist() == [1]
    assert np.isnan(breath_timeline(line, motion(0.0, 0.0)).brpm).all()
    unseen = motion(0.0, 1800.0)
    unseen.amount[:] = np.nan
    assert np.isnan(breath_timeline(line, unseen).brpm).all()


def test_missing_beats_are_silent() -> None:
    """What comes after them is told again."""
    rr = breath(3600.0, 15, bpm=60)
    t_s = np.cumsum(rr) / 1000.0
    kept = (t_s < 900.0) | (t_s > 1800.0)
    first = int((t_s < 900.0).sum())
    lost = float(rr[~kept].sum() / 1000.0)
    line = tachogram(cleaned(rr[kept], {first: lost}), 0.0, 3600.0)
    assert line is not None
    found = breath_timeline(line, motion(0.0, 3600.0)).brpm
    assert np.isnan(found[5:10]).all()
    assert np.isfinite(found[:4]).all()
    assert np.isfinite(found[11:]).all()


@pytest.mark.parametrize("end", [45.0, 100.0, 179.0])
def test_too_short(end: float) -> None:
    """No window at all."""
    found = breath_timeline(line_of(breath(end, 15, bpm=80), 0.0, end), motion(0.0, end))
    assert len(found.start_ts) == len(found.brpm) == 0
