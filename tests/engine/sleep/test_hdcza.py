"""Blocks of rest by the angle of the arm."""

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.sleep.hdcza import Quiet, quiet_blocks

from ..series import GEN4_STEP_S, clock

HOUR = 3600.0
DAY = 24 * HOUR


def swinging(ts: NDArray[np.float64], *rests: tuple[float, float]) -> NDArray[np.float64]:
    """Angles 20 degrees up and down every 5 s, but constant within the rests."""
    angle = np.where((ts // 5.0) % 2 == 0, 20.0, -20.0)
    for start, stop in rests:
        angle[(ts >= start) & (ts < stop)] = 15.0
    return angle


def of(ts: NDArray[np.float64], angle: NDArray[np.float64], *, end: float = DAY) -> Quiet:
    """Blocks of a day that begins at 0."""
    return quiet_blocks(ts, angle, start_ts=0.0, day_end_ts=DAY, end_ts=end)


@pytest.mark.parametrize("step_s", [1.0, GEN4_STEP_S, 5.0])
def test_one_night(step_s: float) -> None:
    """HDZ1: still from 23:00 to 07:00, counted from noon."""
    ts = clock(0.0, DAY, step_s)
    found = of(ts, swinging(ts, (11 * HOUR, 19 * HOUR)))
    (night,) = found.blocks
    assert night.onset_ts == pytest.approx(11 * HOUR, abs=180)
    assert night.offset_ts == pytest.approx(19 * HOUR, abs=180)
    assert found.threshold_deg == pytest.approx(0.13)
    assert found.observed == 1.0


def test_short_rests_and_short_breaks() -> None:
    """Half an hour is no block; blocks less than an hour apart are one."""
    ts = clock(0.0, DAY)
    rests = [
        (HOUR, 1.45 * HOUR),
        (4 * HOUR, 5 * HOUR),
        (5.8 * HOUR, 7 * HOUR),
        (9 * HOUR, 10 * HOUR),
    ]
    blocks = of(ts, swinging(ts, *rests)).blocks
    assert [block.onset_ts / HOUR for block in blocks] == pytest.approx([4, 9], abs=0.05)
    assert [block.length_s / HOUR for block in blocks] == pytest.approx([3, 1], abs=0.1)


def test_what_was_not_observed_is_no_rest() -> None:
    """Holes up to an hour are bridged, longer ones end the night."""
    ts = clock(0.0, DAY)
    angle = swinging(ts, (8 * HOUR, 20 * HOUR))
    angle[(ts >= 10 * HOUR) & (ts < 10.7 * HOUR)] = np.nan
    angle[(ts >= 14 * HOUR) & (ts < 15.5 * HOUR)] = np.nan
    blocks = of(ts, angle).blocks
    assert [block.onset_ts / HOUR for block in blocks] == pytest.approx([8, 15.5], abs=0.05)
    assert [block.offset_ts / HOUR for block in blocks] == pytest.approx([14, 20], abs=0.05)


def test_scattered_losses_do_not_matter() -> None:
    """A third of the records lost at random: the same night."""
    ts = clock(0.0, DAY)
    angle = swinging(ts, (11 * HOUR, 19 * HOUR))
    keep = np.random.default_rng(5).random(len(ts)) > 0.33
    (night,) = of(ts[keep], angle[keep]).blocks
    assert night.onset_ts == pytest.approx(11 * HOUR, abs=180)
    assert night.offset_ts == pytest.approx(19 * HOUR, abs=180)


def test_the_threshold_comes_from_the_day() -> None:
    """From noon to noon; a restless sleeper has a higher one, up to half a degree."""
    ts = clock(0.0, 36 * HOUR)
    noise = np.random.default_rng(1).normal(0.0, 0.05, len(ts))
    quiet = of(ts, swinging(ts, (11 * HOUR, 19 * HOUR)) + noise, end=36 * HOUR)
    assert quiet.threshold_deg is not None
    assert 0.13 < quiet.threshold_deg < 0.5
    loud = of(ts, swinging(ts, (11 * HOUR, 19 * HOUR)) + 20 * noise, end=36 * HOUR)
    assert loud.threshold_deg == pytest.approx(0.5)


def test_a_late_sleeper_is_not_cut_at_noon() -> None:
    """Blocks run on past the second noon."""
    ts = clock(0.0, 36 * HOUR)
    (night,) = of(ts, swinging(ts, (18 * HOUR, 26 * HOUR)), end=36 * HOUR).blocks
    assert night.offset_ts == pytest.approx(26 * HOUR, abs=180)


def test_nothing() -> None:
    """No records, or none with an angle."""
    for ts in (np.empty(0), clock(0.0, DAY)):
        found = of(ts, np.full(len(ts), np.nan))
        assert (found.blocks, found.threshold_deg, found.observed) == ((), None, 0.0)
