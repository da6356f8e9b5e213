"""HRV minute by minute."""

import numpy as np
import pytest

from custom_components.openstrap.engine.heart.hrv import time_domain
from custom_components.openstrap.engine.heart.timeline import hrv_timeline

from ..series import beats_of, tone_a


def test_each_point_looks_back_five_minutes() -> None:
    """And agrees with the RMSSD of those beats."""
    beats = beats_of(tone_a())
    found = hrv_timeline(beats.rr_ms, beats.t_s, beats.joined, 0.0, 1790.0)
    assert found.ts.tolist() == [300.0 + 60.0 * minute for minute in range(25)]
    part = (beats.t_s >= 600.0) & (beats.t_s < 900.0)
    whole = time_domain(beats.rr_ms[part], beats.t_s[part], beats.joined[part]).rmssd
    assert found.rmssd_ms[10] == pytest.approx(whole, rel=0.01)


def test_leaps_are_left_out() -> None:
    """Of a fifth and of 200 ms; and what is left above 220 ms is not shown."""
    rr = np.where(np.arange(600) % 10 == 0, 1300.0, 1000.0)
    beats = beats_of(rr)
    assert not np.nan_to_num(hrv_timeline(rr, beats.t_s, beats.joined, 0.0, 600.0).rmssd_ms).any()


def test_a_hole_has_no_points() -> None:
    """Eight differences at least."""
    beats = beats_of(tone_a())
    kept = beats.only((beats.t_s < 600.0) | (beats.t_s > 1200.0))
    found = hrv_timeline(kept.rr_ms, kept.t_s, kept.joined, 0.0, 1790.0)
    assert np.isnan(found.rmssd_ms[(found.ts >= 900.0) & (found.ts <= 1200.0)]).all()
    assert np.isfinite(found.rmssd_ms[found.ts < 890.0]).all()


def test_too_little() -> None:
    """A window under five minutes, and no beats in a long one."""
    beats = beats_of(tone_a()[:200])
    assert len(hrv_timeline(beats.rr_ms, beats.t_s, beats.joined, 0.0, 299.0).ts) == 0
    nothing = np.empty(0)
    found = hrv_timeline(nothing, nothing, np.empty(0, dtype=bool), 0.0, 600.0)
    assert len(found.ts) == 6
    assert np.isnan(found.rmssd_ms).all()
