"""The wearer who does not exist, as a function of seed and time."""

from datetime import date, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.day_window import window_of
from custom_components.openstrap.engine.demo import demo_beats, demo_frames, demo_night
from custom_components.openstrap.engine.rollup import Source, best_minutes, sum_minutes
from custom_components.openstrap.engine.samples import build_samples
from custom_components.openstrap.engine.signal.beats import place_beats
from custom_components.openstrap.engine.signal.wear import worn_records, worn_seconds

from .series import BERLIN, at, decoded, demo_samples

pytestmark = pytest.mark.full

DAY = date(2026, 6, 10)
ZONES: tuple[tzinfo, ...] = (
    BERLIN,
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("Australia/Lord_Howe"),
    timezone(timedelta(hours=-11)),
)


@settings(max_examples=15)
@given(
    st.integers(0, 2**63 - 1),
    st.floats(1.5e9, 2.4e9),
    st.lists(st.floats(0.0, 1.0), max_size=4),
    st.sampled_from(ZONES),
)
def test_cutting_does_not_show(seed: int, start: float, cuts: list[float], tz: tzinfo) -> None:
    """Any stretch, asked for in any pieces, is the same frames."""
    end = start + 9000.0
    edges = [start, *sorted(start + 9000.0 * cut for cut in cuts), end]
    pieces = [demo_frames(seed, *pair, tz) for pair in pairwise(edges)]
    assert [frame for piece in pieces for frame in piece] == demo_frames(seed, start, end, tz)


def test_time_runs_as_on_a_gen4() -> None:
    """25/26 s from record to record, counters by one, within the stretch that was asked for."""
    start, end = at(DAY, 2), at(DAY, 4)
    records = decoded(demo_frames(1, start, end, BERLIN))
    assert not records.reason.any()
    assert np.diff(records.ts) == pytest.approx(25 / 26, abs=1e-4)
    assert (np.diff(records.counter) == 1).all()
    assert start <= records.ts[0] < start + 1
    assert end - 1 <= records.ts[-1] < end
    assert demo_frames(1, end, start, BERLIN) == []


@pytest.mark.parametrize("day", [DAY, date(2025, 10, 26), date(2026, 3, 29)])
def test_nearly_every_beat_is_told_once(day: date) -> None:
    """The sum of the intervals of a night is its length, but for a few faults."""
    night = demo_night(2, day, BERLIN)
    samples = demo_samples(2, day).between(night.onset_ts, night.offset_ts)
    true = demo_beats(2, night.onset_ts, night.offset_ts, BERLIN)
    assert samples.rr_ms.sum() / 1000.0 == pytest.approx(night.offset_ts - night.onset_ts, rel=0.02)
    assert len(samples.rr_ms) == pytest.approx(len(true), rel=0.01)
    beats = place_beats(samples)
    near = np.abs(true[np.searchsorted(true, beats.t_s).clip(1, len(true) - 1)] - beats.t_s)
    assert np.median(near) < 1.0
    assert np.mean(beats.joined) > 0.97


def test_days_differ_and_wearers_differ() -> None:
    """No two nights are alike."""
    nights = {
        demo_night(seed, DAY + timedelta(days=day), BERLIN) for seed in (1, 2) for day in range(9)
    }
    assert len(nights) == 18
    lengths = [(night.offset_ts - night.onset_ts) / 3600 for night in nights]
    assert 6.0 < min(lengths) < max(lengths) < 10.0


def test_a_day_has_its_shape() -> None:
    """Asleep the heart is slow and the arm still; it walks, trains, and takes the strap off."""
    days = [DAY + timedelta(days=shift) for shift in range(4)]
    start, _ = window_of(days[0], BERLIN)
    frames = demo_frames(3, start, start + 4 * 86400, BERLIN)
    minutes = best_minutes(sum_minutes(decoded(frames), Source.SUMMARY))
    asleep = np.zeros(len(minutes), dtype=bool)
    for day in days:
        night = demo_night(3, day, BERLIN)
        asleep |= (minutes.minute >= night.onset_ts + 600) & (
            minutes.minute < night.offset_ts - 600
        )
    awake = ~asleep & (minutes.hr_n > 0)
    assert np.nanmean(minutes.hr_bpm[asleep]) < 62
    assert np.nanmean(minutes.hr_bpm[awake]) > 65
    assert np.median(minutes.dyn_g[asleep]) < 0.02
    assert np.median(minutes.dyn_g[awake]) > 2 * np.median(minutes.dyn_g[asleep])
    assert np.percentile(minutes.dyn_g[awake], 90) > 8 * np.median(minutes.dyn_g[asleep])
    assert (minutes.hr_bpm[awake] > 120).sum() > 20
    assert (minutes.hr_bpm[awake] > 82).sum() > 160


def test_the_strap_comes_off_at_noon() -> None:
    """For twelve minutes or 25: without a pulse, or without records at all; the wear rule sees both."""
    kinds = set()
    for shift in range(8):
        day = DAY + timedelta(days=shift)
        frames = demo_frames(3, at(day, 12), at(day, 14), BERLIN)
        samples = build_samples([(Source.SUMMARY, decoded(frames))])
        minutes = worn_seconds(samples.ts, worn_records(samples)) / 60
        off = 25 if (DAY + timedelta(days=shift)).toordinal() % 5 == 0 else 12
        assert minutes == pytest.approx(120 - off, abs=1.5)
        kinds.add(bool((samples.hr_bpm == 0).any()))
    assert kinds == {True, False}
