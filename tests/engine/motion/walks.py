"""Walks on a wrist that is sampled fast."""

import numpy as np

from custom_components.openstrap.engine.motion.imu import Stretch

DAY = (86_400.0, 172_800.0)


def gait(start: float, seconds: float, spm: float = 108.0, fs_hz: float = 100.0) -> Stretch:
    """Walk so long from a moment of the day on."""
    t_s = np.arange(int(seconds * fs_hz)) / fs_hz
    return Stretch(DAY[0] + start + t_s, 1.0 + 0.3 * np.sin(2.0 * np.pi * spm / 60.0 * t_s))
