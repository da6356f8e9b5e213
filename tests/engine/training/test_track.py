"""The day's track: what it keeps of the records, and the text it is kept in."""

from datetime import date, timedelta
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.motion.indices import worn_dyn_g
from custom_components.openstrap.engine.samples import Samples, empty_samples
from custom_components.openstrap.engine.training.track import STEPS, Track, track_of

from ..series import at, clock, demo_samples, samples_of

DAY = date(2026, 9, 2)
MIDNIGHT, END = at(DAY, 0), at(DAY + timedelta(days=1), 0)


def track(samples: Samples, resting: Any = (), day: date = DAY) -> Track:
    """Lay samples that are all worn on the track of a day."""
    span = at(day, 0), at(day + timedelta(days=1), 0)
    worn = np.ones(len(samples), dtype=bool)
    return track_of(samples, worn, span, resting, dyn_g=worn_dyn_g(samples, worn))


def pulse(start: float, stop: float, hr: int) -> Samples:
    """Return records of one heart rate a second, of an arm at rest."""
    ts = clock(start, stop)
    return samples_of(ts, hr_bpm=hr)


def same(one: Track, other: Track) -> None:
    """Hold every part equal to the bit."""
    assert (one.start_ts, one.midnight_ts) == (other.start_ts, other.midnight_ts)
    assert (one.steps is None) == (other.steps is None)
    for name in ("hr_bpm", "dyn_mg", "waking", "steps"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_day_without_records() -> None:
    """Six hours and a day long, nothing known."""
    found = track(empty_samples())
    assert len(found) == 30 * 60
    assert not np.isfinite(found.hr_bpm).any()
    assert not np.isfinite(found.dyn_mg).any()
    assert found.waking.all()
    assert found.wake_hr() == ()


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_of_a_clock_change(day: date, hours: int) -> None:
    """A day is as long as it is."""
    assert len(track(empty_samples(), day=day).of_day()) == 60 * hours


def test_heart_rate_and_waking_minutes() -> None:
    """Ten minutes at 60 and one at 90 of which half a minute is a nap's."""
    samples = pulse(MIDNIGHT - 300.0, MIDNIGHT + 600.0, 60)
    found = track(samples, [(MIDNIGHT - 600.0, MIDNIGHT + 90.0)])
    assert found.midnight_ts == MIDNIGHT
    assert np.isfinite(found.hr_bpm).sum() == 15 * STEPS
    assert found.wake_hr() == ((60, 8),)
    assert np.nanmax(found.dyn_mg) == 0.0


def test_a_minute_wants_two_known_steps() -> None:
    """Ten seconds of heart rate are no minute's."""
    known = track(pulse(MIDNIGHT, MIDNIGHT + 10.0, 70))
    assert np.isfinite(known.hr_bpm).sum() == 1
    assert known.wake_hr() == ()
    assert track(pulse(MIDNIGHT, MIDNIGHT + 20.0, 70)).wake_hr() == ((70, 1),)


def test_unworn_records_and_no_readings_do_not_count() -> None:
    """A heart rate of 0, and one of a strap on the table, are none."""
    samples = pulse(MIDNIGHT, MIDNIGHT + 600.0, 0)
    assert track(samples).wake_hr() == ()
    samples = pulse(MIDNIGHT, MIDNIGHT + 600.0, 80)
    worn = np.zeros(len(samples), dtype=bool)
    found = track_of(samples, worn, (MIDNIGHT, END), (), dyn_g=worn_dyn_g(samples, worn))
    assert found.wake_hr() == ()


def test_a_real_text_of_a_day_is_small_and_exact() -> None:
    """A day of the demo wearer, there and back, in little space."""
    found = track(demo_samples(3, DAY))
    text = json.dumps(found.to_dict())
    same(Track.from_dict(json.loads(text)), found)
    assert len(text) < 9000
    total = sum(minutes for _, minutes in found.wake_hr())
    assert total == (found.of_day().waking & np.isfinite(found.of_day().minute_hr())).sum()


@given(st.data())
@settings(deadline=None)
def test_any_track_comes_back(data: st.DataObject) -> None:
    """Any numbers that a track may hold survive the text."""
    minutes = data.draw(st.integers(1, 8))
    rates = st.one_of(st.just(np.nan), st.integers(1, 255).map(float))
    amounts = st.one_of(st.just(np.nan), st.integers(0, 65534).map(float))
    found = Track(
        MIDNIGHT,
        MIDNIGHT,
        np.array(data.draw(st.lists(rates, min_size=6 * minutes, max_size=6 * minutes))),
        np.array(data.draw(st.lists(amounts, min_size=minutes, max_size=minutes))),
        np.array(data.draw(st.lists(st.booleans(), min_size=minutes, max_size=minutes))),
        data.draw(
            st.one_of(
                st.none(),
                st.lists(amounts, min_size=minutes, max_size=minutes).map(np.array),
            )
        ),
    )
    same(Track.from_dict(json.loads(json.dumps(found.to_dict()))), found)


@pytest.mark.parametrize(
    "broken",
    [{"hr": ""}, {"hr": "zz"}, {"dyn": 3}, {"waking": "c"}, {"start": "x"}, {"midnight": None}],
)
def test_a_broken_text_is_refused(broken: dict[str, Any]) -> None:
    """What is no track raises one of three errors."""
    data = track(empty_samples()).to_dict() | broken
    with pytest.raises((KeyError, TypeError, ValueError)):
        Track.from_dict(data)


def test_parts_of_unequal_length_are_refused() -> None:
    """Half a track is none."""
    data = track(empty_samples()).to_dict()
    other = track(empty_samples(), day=date(2026, 3, 29)).to_dict()
    with pytest.raises(ValueError, match="one length"):
        Track.from_dict(data | {"hr": other["hr"]})
