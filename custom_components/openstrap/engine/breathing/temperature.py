"""Skin temperature of a night, of straps that measure it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import need_input
from ..signal.accel import magnitude_mg

PLAUSIBLE_C: Final = (20.0, 42.0)
"""What worn skin can be."""
MIN_READINGS: Final = 60
SETTLED_C: Final = 1.0
"""How far below the night's median a reading may be before the strap has not settled, degrees C
(judgement). One-sided, so that fever passes."""
MIN_SETTLED: Final = 0.8
STILL_MG: Final = 40
"""How far the length of calibrated acceleration may be from 1 g: a moving arm is cooled."""
NO_THERMOMETER: Final = "need_input:name=skin_temp_c,have=0,need=60"
"""Reason: nothing that the strap sent is a skin temperature. What gen4 records hold in its place
moves by five to ten counts a second, which no skin does."""


@dataclass(frozen=True, slots=True)
class SkinTemperature:
    """Mean of the settled readings, degrees C, their share of the plausible ones and how many."""

    mean_c: float
    settled: float
    readings: int


def unsettled(share: float) -> str:
    """Say that the strap or the skin had not come to rest."""
    return f"unsettled_skin_temp:settled={share:.2f},need={MIN_SETTLED:g}"


def skin_temperature(
    skin_temp_c: NDArray[np.float64] | None, worn: NDArray[np.bool_]
) -> SkinTemperature | str:
    """Tell the skin temperature of a night, or why not.

    ``skin_temp_c`` (n,) degrees C of its records, NaN absent, or None where the strap has no
    thermometer; ``worn`` (n,). Wants 60 plausible readings, 80 % of them settled: not over 1
    degree below their median.
    """
    if skin_temp_c is None:
        return NO_THERMOMETER
    low, high = PLAUSIBLE_C
    with np.errstate(invalid="ignore"):
        found = skin_temp_c[worn & (skin_temp_c >= low) & (skin_temp_c <= high)]
    if len(found) < MIN_READINGS:
        return need_input("skin_temp_c", len(found), MIN_READINGS)
    kept = found[found >= np.median(found) - SETTLED_C]
    share = len(kept) / len(found)
    if share < MIN_SETTLED:
        return unsettled(share)
    return SkinTemperature(float(kept.mean()), share, len(found))


def still_skin_c(
    skin_temp_c: NDArray[np.float64] | None,
    accel_g: NDArray[np.float64],
    worn: NDArray[np.bool_],
) -> NDArray[np.float64] | None:
    """Plausible readings of a worn, still arm, (n,) degrees C, NaN for all others.

    ``accel_g`` (n, 3) calibrated. None where the strap has no thermometer. By day and night the
    wrist is warmest asleep, in antiphase to the core (Sarabia et al. 2008).
    """
    if skin_temp_c is None:
        return None
    low, high = PLAUSIBLE_C
    still = worn & (np.abs(magnitude_mg(accel_g) - 1000) <= STILL_MG)
    with np.errstate(invalid="ignore"):
        still &= (skin_temp_c >= low) & (skin_temp_c <= high)
    return np.where(still, skin_temp_c, np.nan)
