"""A finished night as stages."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.signal.beats import Beats
from custom_components.openstrap.engine.signal.motion import Motion
from custom_components.openstrap.engine.sleep.hypnogram import Stage
from custom_components.openstrap.engine.sleep.staging import StagedNight, stage_night

from ...series import samples_of
from .nights import START, beats_every, made_night, without

HOURS = 8.0
END = START + HOURS * 3600.0


def staged(*args: object, **kwargs: object) -> StagedNight:
    """Stage, and hold that there is an answer."""
    found = stage_night(*args, **kwargs)  # type: ignore[arg-type]  # passed on
    assert isinstance(found, StagedNight)
    return found


def test_a_night_is_told_whole() -> None:
    """Every epoch has a stage and probabilities that sum to one; minutes sum to the night."""
    samples, motion = made_night(HOURS)
    found = staged(samples, None, motion, START, END)
    assert found.depth and found.reason is None
    hypnogram = found.hypnogram
    assert hypnogram.start_ts == START
    assert len(hypnogram) == 960
    assert (hypnogram.stage >= 0).all()
    assert hypnogram.probability.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    assert set(found.minutes) == {"wake", "asleep", "light", "deep", "rem"}
    parts = sum(found.minutes[name].value for name in ("wake", "light", "deep", "rem"))
    assert parts == pytest.approx(found.observed_min) == 480.0
    assert found.minutes["asleep"].value == pytest.approx(480.0 - found.minutes["wake"].value)
    for minutes in found.minutes.values():
        assert 0.0 <= minutes.low <= minutes.value <= minutes.high <= 480.0
    assert 0.25 <= found.confidence <= found.expected_accuracy <= 0.95


def test_moving_is_wake() -> None:
    """Half an hour of movement in the middle of the night is told."""
    samples, motion = made_night(HOURS)
    amount = motion.amount.copy()
    amount[960:1080] = 1.0
    busy = (motion.ts >= START + 14400.0) & (motion.ts < START + 16200.0)
    hr = np.where(
        (samples.ts >= START + 14400.0) & (samples.ts < START + 16200.0), 80, samples.hr_bpm
    )
    found = staged(
        replace(samples, hr_bpm=hr.astype(np.int16)),
        None,
        Motion(motion.ts, amount, 15.0),
        START,
        END,
    )
    assert busy.sum() == 120
    assert (found.hypnogram.stage[484:536] == Stage.WAKE).mean() > 0.8


def test_two_runs_are_the_same_bits() -> None:
    """Nothing but the input decides."""
    samples, motion = made_night(HOURS)
    first, second = (staged(samples, None, motion, START, END) for _ in range(2))
    assert first.hypnogram.probability.tobytes() == second.hypnogram.probability.tobytes()
    assert first.minutes == second.minutes


@settings(max_examples=5)
@given(st.integers(-15, 40), st.floats(0.1, 30.0), st.integers(-(10**6), 10**6))
def test_units_and_dates_do_not_matter(bpm: int, factor: float, days: int) -> None:
    """Ten beats more all night, a motion in other units, another date: the same night."""
    samples, motion = made_night(4.0)
    plain = staged(samples, None, motion, START, START + 14400.0)
    shift = 86400.0 * (days % 1000)
    moved = staged(
        replace(samples, ts=samples.ts + shift, hr_bpm=(samples.hr_bpm + bpm).astype(np.int16)),
        None,
        Motion(motion.ts + shift, motion.amount * factor, motion.step_s),
        START + shift,
        START + shift + 14400.0,
    )
    assert moved.hypnogram.probability == pytest.approx(plain.hypnogram.probability, abs=1e-9)
    assert (moved.hypnogram.stage == plain.hypnogram.stage).all()


def test_ten_beats_more_change_no_bit() -> None:
    """Whole beats are taken off exactly."""
    samples, motion = made_night(HOURS)
    raised = replace(samples, hr_bpm=(samples.hr_bpm + 10).astype(np.int16))
    tripled = Motion(motion.ts, motion.amount * 3.0, motion.step_s)
    plain = staged(samples, None, motion, START, END).hypnogram.probability
    assert (staged(raised, None, motion, START, END).hypnogram.probability == plain).all()
    assert (staged(samples, None, tripled, START, END).hypnogram.probability == plain).all()


def test_beats_stand_in_for_the_heart_rate() -> None:
    """An hour whose heart rate is missing is staged from its beats."""
    samples, motion = made_night(HOURS)
    hour = (samples.ts >= START + 10800.0) & (samples.ts < START + 14400.0)
    t_s, rr = beats_every(1000.0, START + 10800.0, START + 14400.0)
    beats = Beats(t_s, rr, np.ones(len(rr), bool), t_s, np.full(len(rr), np.nan))
    holed = without(samples, hour)
    alone = staged(holed, None, motion, START, END)
    helped = staged(holed, beats, motion, START, END)
    assert (alone.hypnogram.stage[380:460] == Stage.UNOBSERVED).all()
    assert (helped.hypnogram.stage >= 0).all()
    assert helped.hr_present > alone.hr_present
    assert helped.confidence > alone.confidence


def test_no_motion_no_stages() -> None:
    """No movement seen is not stillness."""
    samples, motion = made_night(HOURS)
    nothing = Motion(np.empty(0), np.empty(0), 1.0)
    assert stage_night(samples, None, nothing, START, END) == "no_motion"
    unseen = Motion(motion.ts, np.full(len(motion), np.nan), 15.0)
    assert stage_night(samples, None, unseen, START, END) == "no_motion"


def test_a_long_hole_of_motion_is_unobserved() -> None:
    """A quarter of an hour is bridged, more is not."""
    samples, motion = made_night(HOURS)
    amount = motion.amount.copy()
    amount[800:860] = np.nan
    amount[1000:1100] = np.nan
    found = staged(samples, None, Motion(motion.ts, amount, 15.0), START, END)
    assert (found.hypnogram.stage[400:430] >= 0).all()
    assert (found.hypnogram.stage[500:550] == Stage.UNOBSERVED).all()
    assert np.isnan(found.hypnogram.probability[500:550]).all()
    assert found.observed_min == pytest.approx(480.0 - 25.0)
    whole = staged(samples, None, motion, START, END)
    assert found.confidence < whole.confidence


def test_lost_heart_rate_costs_depth_then_all() -> None:
    """A fifth lost: no stages; half lost: nothing."""
    samples, motion = made_night(HOURS)
    block = ((samples.ts - START) // 300.0).astype(int)
    some = staged(without(samples, block % 4 == 3), None, motion, START, END)
    assert not some.depth
    assert some.reason is not None and some.reason.startswith("need_input:name=hr_share")
    assert set(some.minutes) == {"wake", "asleep"}
    assert set(np.unique(some.hypnogram.stage)) <= {Stage.WAKE, Stage.LIGHT}
    assert some.hypnogram.probability.sum(axis=1) == pytest.approx(1.0)
    assert (some.hypnogram.probability[:, 2:] == 0.0).all()
    most = stage_night(without(samples, block % 3 > 0), None, motion, START, END)
    assert isinstance(most, str) and most.startswith("need_input:name=hr_share")


def test_confidence_falls_as_heart_rate_goes() -> None:
    """The more is missing, the less is claimed."""
    samples, motion = made_night(HOURS)
    block = ((samples.ts - START) // 300.0).astype(int)
    lost = [block < 0, block % 20 == 3, block % 8 == 3, block % 4 == 3]
    sure = [
        staged(without(samples, gone), None, motion, START, END).expected_accuracy for gone in lost
    ]
    assert sure[0] > sure[-1]


def test_a_nap_has_no_depth() -> None:
    """Under three hours only sleep and wake; under ten minutes nothing."""
    samples, motion = made_night(2.0)
    nap = staged(samples, None, motion, START, START + 7200.0)
    assert not nap.depth and nap.reason == "need_input:name=window_min,have=120,need=180"
    assert stage_night(samples, None, motion, START, START + 300.0) == (
        "need_input:name=window_min,have=5,need=10"
    )
    assert isinstance(stage_night(samples, None, motion, END, START), str)


@pytest.mark.parametrize("hr", [0, 60])
def test_thin_and_constant_input(hr: int) -> None:
    """No heart rate at all is refused; a constant one is staged without a warning."""
    _, motion = made_night(HOURS)
    samples = samples_of(motion.ts, hr_bpm=hr)
    found = stage_night(samples, None, motion, START, END)
    if hr:
        assert isinstance(found, StagedNight)
        assert np.isfinite(found.hypnogram.probability).all()
    else:
        assert isinstance(found, str)


def test_a_filter_in_the_device_does_not_make_deep_sleep() -> None:
    """Heart rate smoothed over 20 s: deep sleep stays within a quarter of an hour."""
    samples, motion = made_night(HOURS)
    bell = np.exp(-0.5 * (np.arange(-60, 61) / 20.0) ** 2)
    padded = np.pad(samples.hr_bpm.astype(float), 60, mode="edge")
    slow = np.convolve(padded, bell / bell.sum(), mode="valid")
    smooth = replace(samples, hr_bpm=np.round(slow).astype(np.int16))
    plain, filtered = (
        staged(one, None, motion, START, END).minutes["deep"].value for one in (samples, smooth)
    )
    assert filtered - plain < 15.0
