"""Sustained stillness of the arm."""

import numpy as np
import pytest

from custom_components.openstrap.engine.signal.accel import z_angle_deg
from custom_components.openstrap.engine.sleep.vanhees import Stillness, still_blocks

from ..series import GEN4_STEP_S, clock


def with_burst(at: int, *, seconds: int = 3600) -> Stillness:
    """Still, but for ten seconds in which the arm turns to and fro."""
    accel = np.tile([0.0, 0.0, 1.0], (seconds, 1))
    for second in range(0, 10, 2):
        accel[at + second] = (0.87, 0.0, 0.5)
    angle = z_angle_deg(accel)
    return still_blocks(clock(0.0, float(seconds)), angle, start_ts=0.0, end_ts=float(seconds))


def test_a_burst_is_bridged() -> None:
    """VH1: what comes after it counts, as far as it can be decided."""
    found = with_burst(3280)
    assert [(block.onset_ts, block.offset_ts) for block in found.blocks] == [(0, 3301)]
    assert found.undecidable_s == 299


def test_too_near_the_end() -> None:
    """VH2: after the burst less than five minutes are left."""
    found = with_burst(3400)
    assert [(block.onset_ts, block.offset_ts) for block in found.blocks] == [(0, 3103)]
    assert found.undecidable_s == 193


def test_a_long_restless_time_parts_blocks() -> None:
    """Half an hour of turning is not bridged."""
    ts = clock(0.0, 3 * 3600.0)
    angle = np.where((ts > 4000) & (ts < 6100) & (ts % 20 < 10), 40.0, 0.0)
    found = still_blocks(ts, angle, start_ts=0.0, end_ts=3 * 3600.0)
    assert len(found.blocks) == 2


@pytest.mark.parametrize("step_s", [1.0, GEN4_STEP_S, 1.04])
def test_the_distance_of_records_does_not_matter(step_s: float) -> None:
    """A second that no record fell into keeps the last angle."""
    ts = clock(0.0, 3600.0, step_s)
    found = still_blocks(ts, np.zeros(len(ts)), start_ts=0.0, end_ts=3600.0)
    (block,) = found.blocks
    assert block.length_s == pytest.approx(3301, abs=2)


def test_a_hole_is_not_stillness() -> None:
    """What comes before it within five minutes cannot be decided."""
    ts = np.concatenate([clock(0.0, 1000.0), clock(1010.0, 2000.0)])
    found = still_blocks(ts, np.zeros(len(ts)), start_ts=0.0, end_ts=2000.0)
    assert found.undecidable_s == 299 + 299
    nothing = still_blocks(np.empty(0), np.empty(0), start_ts=0.0, end_ts=2000.0)
    assert nothing == Stillness((), 0)
