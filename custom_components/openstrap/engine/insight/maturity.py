"""How far each baseline has come: learning, usable, trusted, or out of date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any, Final

from ..against_usual import EWMA_DAYS
from ..baseline import (
    HRV_MS,
    PROVISIONAL,
    RESPIRATION_BRPM,
    RESTING_HR_BPM,
    SKIN_TEMPERATURE_C,
    STALE_NIGHTS,
    TRUSTED,
    Status,
    Usual,
    calendar_values,
    fold_all,
    known_values,
)

BASELINES: Final[Mapping[str, Usual]] = {
    "rmssd_ms": HRV_MS,
    "resting_hr_bpm": RESTING_HR_BPM,
    "breathing_rate_brpm": RESPIRATION_BRPM,
    "skin_temp_c": SKIN_TEMPERATURE_C,
}
"""By the metric that each is of."""
QUIET_COST: Final = "quiet_cost"
QUIET_DAYS: Final = 28
"""Days from whose quiet minutes the strain scale learns; it uses them from 14 on."""


class MaturityLevel(IntEnum):
    """What a baseline is worth, as a number."""

    CALIBRATING = 0
    PROVISIONAL = 1
    TRUSTED = 2
    STALE = 3


LEVELS: Final = {
    Status.CALIBRATING: MaturityLevel.CALIBRATING,
    Status.PROVISIONAL: MaturityLevel.PROVISIONAL,
    Status.TRUSTED: MaturityLevel.TRUSTED,
    Status.STALE: MaturityLevel.STALE,
}


@dataclass(frozen=True, slots=True)
class Maturity:
    """A baseline before a day: of which metric, from how many nights, the last how long ago.

    ``missed`` is the number of days since its last value, None without any. ``trusted_at`` is how
    many values make it trusted.
    """

    key: str
    status: Status
    nights: int
    missed: int | None
    trusted_at: int = TRUSTED

    @property
    def level(self) -> MaturityLevel:
        """The status as a number."""
        return LEVELS[self.status]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "baseline": self.key,
            "status": self.status.value,
            "nights": self.nights,
            "missed": self.missed,
            "trusted_at": self.trusted_at,
        }


def baseline_maturity(key: str, values: Mapping[date, float], day: date) -> Maturity:
    """Tell the maturity of a baseline of ``BASELINES`` before ``day``, over the 120 dates before.

    Values out of the quantity's range and rejected outliers do not count.
    """
    base = fold_all(BASELINES[key], calendar_values(values, day, EWMA_DAYS))
    return Maturity(key, base.status, base.count, base.held if base.count else None)


def quiet_cost_maturity(quiet_costs: Mapping[date, float], day: date) -> Maturity:
    """Tell the maturity of what a quiet minute costs, which day strain is measured from.

    A median over the 28 dates before ``day``: in use, and trusted, from 14 of them on; below, the
    scale is that of a reference person. Stale: after 14 days without one, having had 4 or more in
    120.
    """
    nights = len(known_values(quiet_costs, day, QUIET_DAYS))
    before = [on for on in quiet_costs if on < day and (day - on).days <= EWMA_DAYS]
    missed = (day - max(before)).days - 1 if before else None
    if missed is not None and missed > STALE_NIGHTS and len(before) >= PROVISIONAL:
        status = Status.STALE
    else:
        status = Status.TRUSTED if nights >= TRUSTED else Status.CALIBRATING
    return Maturity(QUIET_COST, status, nights, missed)
