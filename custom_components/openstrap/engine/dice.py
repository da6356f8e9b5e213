"""Chance that is no chance: numbers that look random and follow from their names alone."""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray


def uniform(seed: int, name: str, index: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each index (n,); the same for ever, whatever stands beside."""
    share: NDArray[np.float64] = (_mix(seed, name, index) >> np.uint64(11)).astype(np.float64)
    share *= 2.0**-53
    return share


def bell(seed: int, name: str, index: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return a number for each index, mean 0, standard deviation 1, nearly normal, |x| < 3.5."""
    bits = _mix(seed, name, index)
    total = np.zeros(len(bits))
    for shift in (0, 16, 32, 48):
        total += (bits >> np.uint64(shift)) & np.uint64(0xFFFF)
    # Four uniform numbers: variance 4 / 12.
    total /= 65536.0
    total -= 2.0
    total *= np.sqrt(3.0)
    return total


def _mix(seed: int, name: str, index: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Mix seed, name and index into 64 bits (the finisher of splitmix64, Steele et al. 2014)."""
    salt = (seed * 0x9E3779B97F4A7C15 + crc32(name.encode()) * 0xD1B54A32D192ED03) % 2**64
    mixed = index.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return mixed
