"""Which stage a moment fell into."""

import numpy as np

from custom_components.openstrap.engine.heart.staged import stages_at
from custom_components.openstrap.engine.sleep.hypnogram import EPOCH_S, Hypnogram, Stage

from ..series import clock

NIGHT = Hypnogram.from_segments(
    [(1000.0, 1060.0, Stage.WAKE), (1060.0, 1090.0, Stage.DEEP), (1120.0, 1150.0, Stage.REM)]
)


def test_a_stage_begins_with_its_epoch() -> None:
    """Before, after and in holes nothing was observed."""
    moments = np.array([999.9, 1000.0, 1059.9, 1060.0, 1100.0, 1149.9, 1150.0, 1e9])
    expected = [-1, Stage.WAKE, Stage.WAKE, Stage.DEEP, -1, Stage.REM, -1, -1]
    assert stages_at(NIGHT, moments).tolist() == expected


def test_each_epoch_has_its_seconds() -> None:
    """Thirty of each."""
    stage = stages_at(NIGHT, clock(1000.0, 1150.0))
    assert np.array_equal(stage, np.repeat(NIGHT.stage, int(EPOCH_S)))


def test_nothing() -> None:
    """No moments, no epochs."""
    assert len(stages_at(NIGHT, np.empty(0))) == 0
    assert stages_at(Hypnogram.from_segments([]), np.array([5.0])).tolist() == [-1]
