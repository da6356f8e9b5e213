"""The night's HRV from its five-minute windows."""

import numpy as np
from numpy.typing import ArrayLike
import pytest

from custom_components.openstrap.engine.heart.hrv import time_domain
from custom_components.openstrap.engine.heart.nightly import WindowedRmssd, windowed_rmssd
from custom_components.openstrap.engine.signal.beats import Beats

from ..series import beats_of, tone_a


def session(stamps: ArrayLike, rr_ms: ArrayLike, *, hr_bpm: float = np.nan) -> Beats:
    """Beats by the second of their record; a second without one is a hole."""
    stamp = np.asarray(stamps, dtype=np.float64)
    joined = np.diff(stamp, prepend=-10.0) <= 1.0
    rr = np.asarray(rr_ms, dtype=np.float64)
    return Beats(stamp + 0.3, rr, joined, stamp, np.full(len(rr), hr_bpm))


def test_two_windows() -> None:
    """HRV4: each by itself."""
    beats = session([1, 2, 3, 301, 302, 303], [1000, 1010, 990, 1000, 1050, 950])
    found = windowed_rmssd(beats, 1.0)
    assert found.rmssd_ms.tolist() == pytest.approx([15.811388, 79.056942])
    assert found.enough(1).mean() == pytest.approx(47.434165)
    assert found.enough().tolist() == []


def test_a_rejected_beat_ends_the_run() -> None:
    """HRV5: no difference to it, none across it."""
    found = windowed_rmssd(session(range(1, 6), [1000, 1000, 200, 1000, 1000]), 1.0)
    assert found.rmssd_ms.tolist() == [0.0]
    assert found.count.tolist() == [2]


@pytest.mark.parametrize(("beat", "kept"), [(1200.0, True), (1201.0, False), (799.0, False)])
def test_a_fifth_off_the_neighbours(beat: float, kept: bool) -> None:
    """Is the limit."""
    found = windowed_rmssd(session(range(9), [1000.0] * 4 + [beat] + [1000.0] * 4), 0.0)
    assert found.count.tolist() == [8 if kept else 6]


def test_two_beats_have_no_neighbours_to_differ_from() -> None:
    """Both stay."""
    found = windowed_rmssd(session([1, 2], [1000, 1500]), 0.0)
    assert found.rmssd_ms.tolist() == [500.0]


def test_the_gate_stands_first() -> None:
    """A burst of half beats is no window of even rhythm."""
    beats = session(range(200), [500.0] * 100 + [1000.0] * 100, hr_bpm=60.0)
    found = windowed_rmssd(beats, 0.0)
    assert found.count.tolist() == [99]
    assert found.rmssd_ms.tolist() == [0.0]


def test_no_difference_from_window_to_window() -> None:
    """The first beat of a window has no predecessor in it."""
    found = windowed_rmssd(session(range(600), [1000.0] * 600), 0.0)
    assert found.count.tolist() == [299, 299]


def test_windows_agree_with_the_whole() -> None:
    """On clean beats a window's value is the RMSSD of its beats."""
    beats = beats_of(tone_a(), hr_bpm=60.0)
    found: WindowedRmssd = windowed_rmssd(beats, 0.0)
    first = beats.record_ts < 300.0
    assert found.rmssd_ms[0] == pytest.approx(
        time_domain(beats.rr_ms[first], beats.t_s[first], beats.joined[first]).rmssd
    )
    assert len(found.enough()) == 6


def test_windows_keep_their_times() -> None:
    """A hole of a window leaves the others where they are."""
    beats = session([*range(100), *range(700, 800)], [1000.0] * 200)
    assert windowed_rmssd(beats, 0.0).start_ts.tolist() == [0.0, 600.0]


def test_a_choice_of_beats() -> None:
    """Deep sleep alone: only its differences, in the same windows; all of them change nothing."""
    beats = beats_of(tone_a(), hr_bpm=60.0)
    whole = windowed_rmssd(beats, 0.0)
    same = whole.within(np.ones(len(whole.ts), dtype=bool))
    assert same.rmssd_ms.tolist() == whole.rmssd_ms.tolist()
    part = whole.within((whole.ts >= 600.0) & (whole.ts < 1000.0))
    assert part.start_ts.tolist() == [600.0, 900.0]
    assert part.rmssd_ms[0] == whole.rmssd_ms[2]
    assert part.count[1] < whole.count[3]
    assert len(whole.within(np.zeros(len(whole.ts), dtype=bool)).rmssd_ms) == 0


def test_nothing() -> None:
    """No beats, and beats that all are rejected."""
    for beats in (session([], []), session(range(5), [2100.0] * 5)):
        found = windowed_rmssd(beats, 0.0)
        assert len(found.rmssd_ms) == len(found.enough()) == 0
