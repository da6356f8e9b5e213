"""Calibration: a known gain and offset come back, and thin or wrong input is refused."""

from pathlib import Path

import numpy as np
import pytest

from custom_components.openstrap.engine.signal.calibration import (
    Calibration,
    fit_calibration,
    fit_sphere,
    still_blocks,
)

from ..series import GEN4_STEP_S, real_night

START = 1_782_900_000.0
GAIN, OFFSET = np.array((1.02, 0.98, 1.01)), np.array((0.03, -0.02, 0.05))


def sphere(n: int) -> np.ndarray:
    """Spread n directions evenly."""
    at = np.arange(n) + 0.5
    polar, turn = np.arccos(1.0 - 2.0 * at / n), np.pi * (1.0 + 5.0**0.5) * at
    return np.stack(
        [np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)], axis=1
    )


def lying(poses: np.ndarray, hours: float = 8.0, step_s: float = 1.0) -> tuple[np.ndarray, ...]:
    """Record an arm that takes these poses one after another, each equally long."""
    ts = START + np.arange(0.0, hours * 3600.0, step_s)
    pose = ((ts - START) / (hours * 3600.0) * len(poses)).astype(int)
    return ts, poses[pose] / GAIN - OFFSET


def test_known_answer() -> None:
    """Gain and offset of 200 directions come back."""
    found = fit_sphere(sphere(200) / GAIN - OFFSET)
    assert found.gain == pytest.approx(GAIN, abs=1e-6)
    assert found.offset_g == pytest.approx(OFFSET, abs=1e-6)
    assert found.error_after_g < 1e-8 < found.error_before_g
    assert found.confidence == 0.95


@pytest.mark.parametrize("step_s", [1.0, GEN4_STEP_S])
def test_from_records(step_s: float) -> None:
    """As well from records of any pace, and whenever they were made."""
    ts, accel = lying(sphere(200), step_s=step_s)
    found = fit_calibration(ts, accel)
    assert isinstance(found, Calibration)
    assert found.gain == pytest.approx(GAIN, abs=1e-5)
    assert np.abs(np.linalg.norm(found.apply(accel), axis=1) - 1.0).max() < 1e-5
    assert fit_calibration(ts + 86400.0, accel) == found


def test_refused() -> None:
    """Too short, too restless, too little turned, or no accelerometer at all."""
    ts, accel = lying(sphere(200))
    assert fit_calibration(np.empty(0), np.empty((0, 3))) == (
        "need_input:name=recorded_h,have=0,need=6"
    )
    assert str(fit_calibration(ts[:18000], accel[:18000])).startswith("need_input:name=recorded_h")
    restless = accel + 0.1 * np.sin(ts)[:, None]
    assert fit_calibration(ts, restless) == "need_input:name=still_10_s,have=0,need=100"
    upright = lying(np.array([(0.0, 0.0, 1.0), (0.6, 0.0, 0.8)]))
    assert str(fit_calibration(*upright)).startswith("need_input:name=reach_g")
    nothing = fit_calibration(ts, np.full_like(accel, np.nan))
    assert nothing == "need_input:name=recorded_h,have=0,need=6"
    same = fit_calibration(ts, np.broadcast_to((0.0, 0.0, 1.0), accel.shape))
    assert str(same).startswith("need_input:name=reach_g")


def test_a_fit_that_fits_nothing_is_not_believed() -> None:
    """Lengths that no gain and offset make equal leave the records as they came."""
    poses = sphere(200)
    poses *= (1.0 + 0.2 * (np.arange(200) % 2))[:, None]
    assert str(fit_calibration(*lying(poses))).startswith("not_calibrated:error_mg=")


def test_what_is_no_reading_stays_none() -> None:
    """Zeros and NaN are not turned into readings."""
    accel = np.array([(0.0, 0.0, 0.0), (np.nan, 0.0, 1.0), (0.0, 0.5, 0.5)])
    applied = fit_sphere(sphere(200) / GAIN - OFFSET).apply(accel)
    assert applied[0].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(applied[1, 0])
    assert applied[2, 1] == pytest.approx(0.48 * 0.98)


def test_thin_blocks_do_not_count() -> None:
    """A block with fewer than five readings says nothing of stillness."""
    ts, accel = lying(sphere(200))
    means, hours = still_blocks(ts[::3], accel[::3])
    assert (len(means), hours) == (0, 0.0)


@pytest.mark.full
def test_a_real_night(shared_data: Path) -> None:
    """A strap that was 47 mg off is less than 1 mg off."""
    samples, _ = real_night(shared_data / "whoop_real_night", START)
    found = fit_calibration(samples.ts, samples.accel_g)
    assert isinstance(found, Calibration)
    assert found.error_before_g == pytest.approx(0.0466, abs=2e-4)
    assert found.error_after_g == pytest.approx(0.00090, abs=2e-5)
    assert found.gain == pytest.approx((1.0036, 0.9948, 1.0058), abs=2e-4)
    assert found.offset_g == pytest.approx((0.018, 0.022, -0.063), abs=1e-3)
