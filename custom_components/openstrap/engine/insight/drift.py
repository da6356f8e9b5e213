"""Whether the level of the resting heart rate has moved since the month before last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ..baseline import calendar_values, detectable_change, known_values, need_baseline
from ..metric import need_input
from ..signal.stats import median
from .window_summary import MIN_STEPS, Direction

RECENT_DAYS: Final = 14
MIN_RECENT: Final = 7
EARLIER_DAYS: Final = 30
BACK_DAYS: Final = 30
"""The thirty days that are compared with end so many days before."""
MIN_EARLIER: Final = 14
"""Values that must be known of each (judgement)."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Recent less earlier median; the ``direction`` is named beyond what is ``detectable``."""

    delta: float
    recent: float
    earlier: float
    detectable: float
    direction: Direction
    recent_days: int
    earlier_days: int


def drift(values: Mapping[date, float], day: date, *, name: str) -> Drift | str:
    """Compare the median of the 14 dates up to ``day`` with that of days 31 to 60 before it.

    The detectable change is that between single days of the two months (1.96 sqrt(2) typical
    errors, Hopkins 2000), hence cautious for medians. ``name`` is what is missing where the recent
    days are too few; a reason where anything is.
    """
    after = day + timedelta(days=1)
    recent = known_values(values, after, RECENT_DAYS)
    if len(recent) < MIN_RECENT:
        return need_input(name, len(recent), MIN_RECENT)
    earlier = known_values(values, day - timedelta(days=BACK_DAYS), EARLIER_DAYS)
    now, then = median(recent), median(earlier)
    if len(earlier) < MIN_EARLIER or now is None or then is None:
        return need_baseline(len(earlier), MIN_EARLIER)
    change = detectable_change(calendar_values(values, after, BACK_DAYS + EARLIER_DAYS), MIN_STEPS)
    if change is None:
        return need_input("neighbouring_nights", 0, MIN_STEPS)
    delta, direction = now - then, Direction.STEADY
    if delta and abs(delta) >= change:
        direction = Direction.RISING if delta > 0.0 else Direction.FALLING
    return Drift(delta, now, then, change, direction, len(recent), len(earlier))
