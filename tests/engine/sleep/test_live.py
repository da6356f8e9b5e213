"""Whether the wearer sleeps right now."""

from dataclasses import replace

import numpy as np
import pytest

from custom_components.openstrap.engine.signal.motion import Motion
from custom_components.openstrap.engine.sleep.live import (
    NO_RECENT,
    LiveSleep,
    live_features,
    live_state,
    recent_series,
)

from .staging.nights import START, made_night


def told(*args: object) -> LiveSleep:
    """Ask, and hold that there is an answer."""
    found = live_state(*args)  # type: ignore[arg-type]  # passed on
    assert isinstance(found, LiveSleep)
    return found


def test_two_minutes_are_enough() -> None:
    """The first answer comes within two minutes of data; before, the reason."""
    samples, motion = made_night(4.0)
    now_ts = START + 7200.0
    late, still = samples.between(now_ts - 120.0, now_ts), motion.between(now_ts - 120.0, now_ts)
    found = told(late, None, still, now_ts)
    assert sum(found.probability) == pytest.approx(1.0)
    assert found.asleep == pytest.approx(1.0 - found.probability[0])
    early = live_state(
        samples.between(now_ts - 60.0, now_ts), None, motion.between(now_ts - 60.0, now_ts), now_ts
    )
    assert isinstance(early, str) and early.startswith("need_input:name=hr_s")


def test_the_future_is_never_looked_at() -> None:
    """Later records change nothing."""
    samples, motion = made_night(4.0)
    now_ts = START + 7200.0
    whole = told(samples, None, motion, now_ts)
    so_far = told(samples.between(0.0, now_ts), None, motion.between(0.0, now_ts), now_ts)
    assert whole == so_far


def test_what_lies_three_hours_back_is_forgotten() -> None:
    """Memory is bounded."""
    samples, motion = made_night(6.0)
    now_ts = START + 18000.0
    recent = told(
        samples.between(now_ts - 10800.0, now_ts),
        None,
        motion.between(now_ts - 10800.0, now_ts),
        now_ts,
    )
    assert told(samples, None, motion, now_ts) == recent


def test_moving_is_awake_and_stillness_asleep() -> None:
    """Side, start of the state, confidence."""
    samples, motion = made_night(4.0)
    bin_s = motion.ts - START
    amount = np.where(bin_s < 7200.0, 0.0, 1.0)
    hr = np.where(samples.ts - START < 7200.0, samples.hr_bpm, samples.hr_bpm + 20)
    story = replace(samples, hr_bpm=hr.astype(np.int16))
    moved = Motion(motion.ts, amount, 15.0)
    asleep = told(story, None, moved, START + 7000.0)
    awake = told(story, None, moved, START + 9000.0)
    assert asleep.stage > 0 and asleep.asleep > 0.8
    assert awake.stage == 0 and awake.asleep < 0.5
    assert awake.since_ts == pytest.approx(START + 7200.0, abs=300.0)
    assert asleep.since_ts < START + 3600.0
    assert 0.0 < awake.confidence < 1.0


def test_stale_and_missing_data_are_refused() -> None:
    """What ended minutes ago says nothing of now; no motion is no stillness."""
    samples, motion = made_night(2.0)
    assert live_state(samples, None, motion, START + 7200.0 + 300.0) == NO_RECENT
    nothing = Motion(np.empty(0), np.empty(0), 1.0)
    refused = live_state(samples, None, nothing, START + 3600.0)
    assert isinstance(refused, str) and refused.startswith("need_input:name=motion_s")
    no_heart = replace(samples, hr_bpm=np.zeros_like(samples.hr_bpm))
    assert live_state(no_heart, None, motion, START + 3600.0) == NO_RECENT
    gone = Motion(motion.ts, np.where(motion.ts < START + 3000.0, motion.amount, np.nan), 15.0)
    assert live_state(samples, None, gone, START + 3600.0) == NO_RECENT


def test_less_seen_is_less_sure() -> None:
    """Holes in the last minutes lower confidence."""
    samples, motion = made_night(2.0)
    now_ts = START + 6000.0
    lost = (samples.ts > now_ts - 90.0) & (samples.ts < now_ts - 20.0)
    holed = replace(samples, hr_bpm=np.where(lost, 0, samples.hr_bpm).astype(np.int16))
    assert (
        told(holed, None, motion, now_ts).confidence
        < told(samples, None, motion, now_ts).confidence
    )


def test_units_do_not_matter() -> None:
    """A quicker heart and another measure of motion are the same state."""
    samples, motion = made_night(3.0)
    raised = replace(samples, hr_bpm=(samples.hr_bpm + 12).astype(np.int16))
    scaled = Motion(motion.ts, motion.amount * 7.0, 15.0)
    assert told(raised, None, scaled, START + 9000.0) == told(samples, None, motion, START + 9000.0)


def test_features_are_finite() -> None:
    """Whatever part of the past there is."""
    samples, motion = made_night(3.0)
    for length in (100.0, 400.0, 3000.0, 10800.0):
        now_ts = START + 10800.0
        recent = recent_series(
            samples.between(now_ts - length, now_ts),
            None,
            motion.between(now_ts - length, now_ts),
            now_ts,
        )
        assert not isinstance(recent, str)
        assert np.isfinite(live_features(recent, np.array([len(recent.hr)]))).all()
