"""Beats in their place."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.signal.beats import RECORD_LAG_S, place_beats

from ..series import GEN4_STEP_S, beats_of, clock, samples_of


def heart(
    n: int,
    rr_ms: float,
    *,
    step_s: float = GEN4_STEP_S,
    lost: slice | None = None,
) -> Samples:
    """Make records of a steady heart, each with the beats that ended before it; some beats lost."""
    end = np.arange(1, n + 1) * rr_ms / 1000.0
    if lost is not None:
        end = np.delete(end, np.arange(n)[lost])
    ts = clock(0.0, n * rr_ms / 1000.0 + 2.0, step_s)
    record = np.searchsorted(ts + RECORD_LAG_S, end)
    return samples_of(1.78e9 + ts, rr_ms=np.full(len(end), rr_ms), rr_index=record)


def test_clock_across_a_hole() -> None:
    """CLK1: three beats, the last a minute later."""
    samples = samples_of([1.0, 2.0, 62.0], rr_ms=[1000] * 3, rr_index=[0, 1, 2])
    beats = place_beats(samples)
    assert (beats.t_s - beats.t_s[0]).tolist() == pytest.approx([0, 1, 61])
    assert beats.joined.tolist() == [False, True, False]


def test_clock_of_an_hour() -> None:
    """CLK2: 3600 beats of 1000 ms in records of 1 s span 3599 s, in one run."""
    samples = samples_of(clock(0.0, 3600.0), rr_ms=np.full(3600, 1000), rr_index=np.arange(3600))
    beats = place_beats(samples)
    assert beats.t_s[-1] - beats.t_s[0] == pytest.approx(3599.0)
    assert beats.joined.sum() == 3599


@pytest.mark.parametrize("rr_ms", [400.0, 850.0, 1100.0, 1500.0])
def test_every_beat_of_a_steady_heart_is_joined(rr_ms: float) -> None:
    """Also of a slow one, with records that hold no beat."""
    beats = place_beats(heart(2000, rr_ms))
    assert beats.joined.sum() == 1999
    assert np.diff(beats.t_s) == pytest.approx(rr_ms / 1000.0, abs=1e-6)


def test_lost_beats_end_a_run() -> None:
    """The beats around them are no neighbours."""
    beats = place_beats(heart(600, 1000.0, lost=slice(300, 303)))
    assert not beats.joined[300]
    assert (~beats.joined).sum() <= 4
    assert beats.t_s[300] - beats.t_s[299] == pytest.approx(4.0, abs=1.0)


def test_order_within_a_record() -> None:
    """Oldest first, the last at the end."""
    beats = place_beats(samples_of([10.0], rr_ms=[700, 800, 900], rr_index=[0, 0, 0]))
    assert beats.t_s.tolist() == pytest.approx([8.6, 9.4, 10.3])


def test_heart_rate_around_a_beat() -> None:
    """The median of readings within 5 s, none of fewer than three."""
    hr = np.full(60, 60)
    hr[20:60] = 0
    hr[10:15] = 200
    samples = samples_of(
        clock(0.0, 60.0), hr_bpm=hr, rr_ms=[1000] * 5, rr_index=[5, 12, 22, 23, 50]
    )
    beats = place_beats(samples)
    assert beats.hr_bpm[:3].tolist() == [60.0, 60.0, 60.0]
    assert np.isnan(beats.hr_bpm[3:]).all()


def test_an_even_number_of_readings() -> None:
    """Their median lies between."""
    samples = samples_of(np.arange(4.0), hr_bpm=[50, 60, 64, 80], rr_ms=[900], rr_index=[1])
    assert place_beats(samples).hr_bpm.tolist() == [62.0]


def test_dropping_a_beat_parts_its_neighbours() -> None:
    """Never a difference across a drop."""
    beats = beats_of([1000.0] * 10)
    keep = np.ones(10, dtype=bool)
    keep[4] = False
    assert np.flatnonzero(~beats.only(keep).joined).tolist() == [0, 4]


def test_a_lost_record_ends_a_run() -> None:
    """It may have held a beat, though the clock would still fit."""
    samples = samples_of([0.0, 1.0, 2.6, 3.6], rr_ms=[1000] * 4, rr_index=range(4))
    assert place_beats(samples).joined.tolist() == [False, True, False, True]


def test_nothing() -> None:
    """Records without beats."""
    assert len(place_beats(samples_of(clock(0.0, 10.0)))) == 0


@given(st.integers(0, 2**32 - 1), st.integers(-(10**8), 10**8))
def test_shifting_time_shifts_the_beats(seed: int, shift: int) -> None:
    """Runs and heart rates stay."""
    chance = np.random.default_rng(seed)
    n = 200
    ts = 1.7e9 + np.cumsum(chance.choice([1.0, 0.5, 7.0], n))
    count = chance.integers(0, 3, n)
    args = {
        "hr_bpm": chance.integers(0, 90, n),
        "rr_ms": chance.integers(200, 2500, count.sum()),
        "rr_index": np.repeat(np.arange(n), count),
    }
    here = place_beats(samples_of(ts, **args))
    there = place_beats(samples_of(ts + shift, **args))
    assert np.array_equal(here.joined, there.joined)
    assert np.array_equal(here.hr_bpm, there.hr_bpm, equal_nan=True)
    assert there.t_s - here.t_s == pytest.approx(shift, abs=1e-6)


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.9))
def test_a_hole_never_makes_a_difference(seed: int, share: float) -> None:
    """Taking records away joins no beats that were not neighbours before."""
    chance = np.random.default_rng(seed)
    whole = heart(400, 1000.0)
    keep = chance.random(len(whole)) >= share
    number = np.cumsum(keep) - 1
    kept = keep[whole.rr_index]
    thinned = samples_of(
        whole.ts[keep], rr_ms=whole.rr_ms[kept], rr_index=number[whole.rr_index[kept]]
    )
    beats = place_beats(thinned)
    original = np.flatnonzero(kept)
    for place in np.flatnonzero(beats.joined):
        assert original[place] - original[place - 1] == 1
