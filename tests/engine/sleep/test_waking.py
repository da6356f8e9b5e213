"""Whether the wearer has got up."""

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.signal.minutes import Minutes
from custom_components.openstrap.engine.sleep.waking import (
    ASLEEP,
    AWAKE,
    UNKNOWN,
    Waking,
    minute_tilt,
    quick_look,
    wake_consensus,
)

from ..series import clock, samples_of

START = 1_800_000_000.0


def minutes(
    moved: NDArray[np.float64],
    hr: NDArray[np.float64],
    *,
    rr_sd: float = 20.0,
    worn: bool = True,
) -> Minutes:
    """Make minutes of movement (share) and heart rate."""
    n = len(moved)
    return Minutes(
        start_ts=START,
        hr_mean=hr,
        hr_min=hr,
        hr_max=hr,
        hr_n=np.where(np.isfinite(hr), 60, 0),
        seen_s=np.full(n, 60),
        worn=np.full(n, worn),
        act_g=np.zeros(n),
        moved=moved,
        rr_count=np.full(n, 60),
        rmssd_ms=np.full(n, 40.0),
        rr_sd_ms=np.full(n, rr_sd),
    )


def night(awake: int, *, asleep: int = 480, before: int = 60) -> Minutes:
    """Awake in the evening, asleep, and awake again for so many minutes."""
    moved = np.concatenate([np.full(before, 0.3), np.full(asleep, 0.0), np.full(awake, 0.3)])
    hr = np.concatenate([np.full(before, 75.0), np.full(asleep, 52.0), np.full(awake, 75.0)])
    return minutes(moved, hr)


def of(table: Minutes, *, resting_bpm: float | None = None) -> Waking:
    """Judge, and be sure that it can be."""
    found = wake_consensus(table, resting_bpm=resting_bpm)
    assert isinstance(found, Waking)
    return found


def test_nine_minutes_are_not_enough() -> None:
    """WAKE1: no event after 9 minutes awake."""
    found = of(night(9))
    assert (found.wake_ts, found.onset_ts) == (None, None)
    assert found.state[-1] == ASLEEP


def test_twelve_minutes_are() -> None:
    """WAKE1: after 12 the event is at the first of them."""
    found = of(night(12))
    assert found.wake_ts == START + 60 * 540
    assert found.onset_ts == pytest.approx(START + 60 * 60, abs=240)
    assert 0.8 < found.confidence <= 1.0


def test_a_nap_is_no_night() -> None:
    """It takes 90 minutes of sleep."""
    assert of(night(20, asleep=80)).wake_ts is None
    assert of(night(20, asleep=110)).wake_ts is not None


def test_an_hour_awake_in_between() -> None:
    """What counts is the sleep right before."""
    table = night(60)
    again = np.concatenate([table.moved, np.zeros(30), np.full(12, 0.3)])
    hr = np.concatenate([table.hr_mean, np.full(30, 52.0), np.full(12, 75.0)])
    assert of(minutes(again, hr)).wake_ts is None


def test_unknown_minutes_in_between() -> None:
    """The sleep may be followed by what was not observed."""
    table = night(15)
    table.moved[520:540] = np.nan
    table.hr_mean[520:540] = np.nan
    table.rr_sd_ms[520:540] = np.nan
    found = of(table)
    assert (found.state == UNKNOWN).sum() == 20
    assert found.wake_ts == START + 60 * 540
    assert found.confidence < of(night(15)).confidence


def test_movement_alone_decides() -> None:
    """It has two votes; the heart alone has one, with wild intervals two."""
    calm = minutes(np.full(60, 0.3), np.full(60, 52.0))
    assert (of(calm).state == AWAKE).all()
    heart = np.concatenate([np.full(30, 50.0), np.full(30, 70.0)])
    still = minutes(np.zeros(60), heart)
    assert (of(still).state == ASLEEP).all()
    aroused = minutes(np.zeros(60), heart, rr_sd=60.0)
    assert (of(aroused).state[-25:] == AWAKE).all()
    assert (of(aroused, resting_bpm=75.0).state == ASLEEP).all()


def test_a_change_of_posture_is_decisive() -> None:
    """Walking between two rest positions of the wrist; turning over is not walking."""
    table = night(0)
    tilt = np.tile([0.0, 0.0, 1.0], (len(table), 1))
    tilt[-10:] = (1.0, 0.0, 0.0)
    calm = wake_consensus(table, tilt=tilt)
    assert isinstance(calm, Waking)
    assert calm.state[-1] == ASLEEP
    turning = np.zeros(len(table))
    tilt[-24:] = np.where(np.arange(24)[:, None] % 4 < 2, (1.0, 0.0, 0.0), (0.0, 0.0, 1.0))
    turning[-24:] = 0.3
    walked = wake_consensus(minutes(turning, table.hr_mean), tilt=tilt)
    assert isinstance(walked, Waking)
    assert walked.wake_ts is not None


def test_tilt_of_minutes() -> None:
    """Mean direction of gravity; NaN in minutes without a reading."""
    table = minutes(np.zeros(3), np.full(3, 60.0))
    ts = clock(START, START + 120.0)
    accel = np.where((ts < START + 60.0)[:, None], (0.0, 0.0, 1.0), (0.0, 0.5, 0.0))
    found = minute_tilt(samples_of(ts, accel_g=accel), np.ones(len(ts), dtype=bool), table)
    np.testing.assert_allclose(found[:2], [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    assert np.isnan(found[2]).all()


def test_a_quick_look() -> None:
    """By the heart of the last half hour; None without one."""
    hr = np.full(60, 50.0)
    assert quick_look(minutes(np.zeros(60), hr), 50.0) is False
    hr[30:] = 60.0
    assert quick_look(minutes(np.zeros(60), hr), 50.0) is True
    assert quick_look(minutes(np.zeros(60), np.full(60, np.nan)), 50.0) is None
    assert quick_look(minutes(np.zeros(60), hr, worn=False), 50.0) is None


def test_refusals() -> None:
    """Nine minutes; a strap on a table; constant input."""
    assert wake_consensus(night(0, asleep=9, before=0)) == "need_input:name=minutes,have=9,need=10"
    table = of(minutes(np.full(60, np.nan), np.full(60, np.nan), rr_sd=np.nan, worn=False))
    assert (table.state == UNKNOWN).all()
    assert (table.confidence, table.wake_ts) == (0.0, None)
    assert of(minutes(np.zeros(300), np.full(300, 60.0))).wake_ts is None
