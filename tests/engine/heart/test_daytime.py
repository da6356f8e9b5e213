"""HRV of still, waking moments."""

import numpy as np
import pytest

from custom_components.openstrap.engine.heart.daytime import daytime_rmssd, still_at
from custom_components.openstrap.engine.heart.hrv import time_domain
from custom_components.openstrap.engine.signal.motion import Motion

from ..series import beats_of, clock, tone_a


def test_the_median_of_bins() -> None:
    """Six bins of a quiet half hour, near the whole's value."""
    beats = beats_of(tone_a(), hr_bpm=60.0)
    found = daytime_rmssd(beats, np.ones(len(beats), dtype=bool), 0.0)
    whole = time_domain(beats.rr_ms, beats.t_s, beats.joined).rmssd
    assert found.bins == 6
    assert found.rmssd_ms == pytest.approx(whole, rel=0.01)


def test_what_moved_and_what_slept_is_left_out() -> None:
    """Bins that lose their beats do not count, and three it takes."""
    beats = beats_of(tone_a(), hr_bpm=60.0)
    still = beats.t_s >= 600.0
    assert daytime_rmssd(beats, still, 0.0).bins == 4
    assert daytime_rmssd(beats, still, 0.0, [(600.0, 900.0)]).bins == 3
    few = daytime_rmssd(beats, still, 0.0, [(600.0, 1200.0)])
    assert (few.rmssd_ms, few.bins) == (None, 2)


def test_leaps_and_contradicted_beats_do_not_enter() -> None:
    """Over 200 ms, and what the heart rate does not bear out."""
    rr = tone_a()
    rr[::20] = 1240.0
    beats = beats_of(rr, hr_bpm=60.0)
    clean = daytime_rmssd(beats_of(tone_a(), hr_bpm=60.0), np.ones(1800, dtype=bool), 0.0)
    found = daytime_rmssd(beats, np.ones(len(beats), dtype=bool), 0.0)
    assert np.nanmax(np.abs(found.step)) <= 200.0
    assert found.rmssd_ms == pytest.approx(clean.rmssd_ms, rel=0.6)
    halved = beats_of(np.full(1800, 500.0), hr_bpm=60.0)
    assert daytime_rmssd(halved, np.ones(1800, dtype=bool), 0.0).bins == 0


def test_still_is_seen_and_unmoved() -> None:
    """For some seconds before and after; what was not observed is not still."""
    ts = clock(0.0, 100.0)
    amount = np.zeros(100)
    amount[50] = 0.2
    amount[80:] = np.nan
    motion = Motion(ts, amount, 1.0)
    moments = np.array([10.0, 44.0, 46.0, 50.5, 55.5, 57.0, 90.0, 500.0])
    expected = [True, True, False, False, False, True, False, False]
    assert still_at(motion, moments).tolist() == expected


def test_nothing() -> None:
    """No beats, no motion."""
    nothing = beats_of([])
    found = daytime_rmssd(nothing, np.zeros(0, dtype=bool), 0.0)
    assert (found.rmssd_ms, found.bins, len(found.step)) == (None, 0, 0)
    assert still_at(Motion(np.empty(0), np.empty(0), 1.0), np.array([5.0])).tolist() == [False]
