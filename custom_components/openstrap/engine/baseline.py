"""What is usual for this wearer: a centre and a spread from earlier days, and how far today is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
import math
from typing import Final

from .metric import clamp
from .signal.stats import mad, median, sd

CENTRE_NIGHTS: Final = 14.0
"""Half-life of the centre."""
SPREAD_NIGHTS: Final = 21.0
YOUNG_CENTRE_NIGHTS: Final = 3.0
"""Half-life of the centre while the baseline is young."""
YOUNG: Final = 8
"""Values before which the centre moves fast and nothing is rejected."""
YOUNG_BAND: Final = 2.5
"""How much wider the band is that long."""
BAND: Final = 3.0
"""Spreads beyond which a value pulls no harder (winsorising, Tukey 1962)."""
REJECTED: Final = 5.0
"""Spreads beyond which a value does not count."""
PROVISIONAL: Final = 4
TRUSTED: Final = 14
STALE_NIGHTS: Final = 14
SPREAD_TO_SD: Final = 1.253
"""The spread follows the mean absolute deviation; of a normal distribution this is its SD."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What values a quantity may have, and below which spread nobody's varies."""

    low: float
    high: float
    floor: float


HRV_MS: Final = Usual(5.0, 250.0, 5.0)
RESTING_HR_BPM: Final = Usual(30.0, 120.0, 2.0)
RESPIRATION_BRPM: Final = Usual(4.0, 40.0, 0.5)
SKIN_TEMPERATURE_C: Final = Usual(20.0, 42.0, 0.3)


class Status(StrEnum):
    """How much a baseline is worth."""

    CALIBRATING = "calibrating"
    PROVISIONAL = "provisional"
    TRUSTED = "trusted"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Deviation:
    """A value against its baseline: standard deviations, difference, ratio, within one SD.

    ``ratio`` is None against a centre of 0.
    """

    z: float
    delta: float
    ratio: float | None
    usual: bool


@dataclass(frozen=True, slots=True)
class WinsorisedEwma:
    """Centre and spread that follow slow change and shrug off single nights.

    ``spread`` follows the mean absolute deviation; ``count`` values were taken in, the last one
    ``held`` nights ago. An exponentially weighted mean (Roberts 1959; Lucas & Saccucci 1990) of
    winsorised values. Without a value ``centre`` and ``spread`` mean nothing.
    """

    config: Usual
    centre: float = 0.0
    spread: float = 0.0
    count: int = 0
    held: int = 0

    def fold(self, value: float | None) -> WinsorisedEwma:
        """Take in the value of one more night, None if it has none.

        A value out of the quantity's range counts as none, as does, once there are eight, one
        more than five spreads away.
        """
        usual = self.config
        if value is None or not usual.low <= value <= usual.high:
            return replace(self, held=self.held + 1)
        if not self.count:
            return replace(self, centre=value, spread=usual.floor, count=1, held=0)
        young = self.count < YOUNG
        off = value - self.centre
        if not young and abs(off) > REJECTED * self.spread:
            return replace(self, held=self.held + 1)
        band = BAND * self.spread * (YOUNG_BAND if young else 1.0)
        pull = _weight(YOUNG_CENTRE_NIGHTS if young else CENTRE_NIGHTS)
        return replace(
            self,
            centre=self.centre + pull * clamp(off, -band, band),
            spread=max(
                usual.floor, self.spread + _weight(SPREAD_NIGHTS) * (abs(off) - self.spread)
            ),
            count=self.count + 1,
            held=0,
        )

    @property
    def status(self) -> Status:
        """Calibrating below 4 values, trusted from 14, stale after 14 nights without one."""
        if self.count < PROVISIONAL:
            return Status.CALIBRATING
        if self.held > STALE_NIGHTS:
            return Status.STALE
        return Status.TRUSTED if self.count >= TRUSTED else Status.PROVISIONAL

    def deviation(self, value: float) -> Deviation | None:
        """Compare a value; None while calibrating, when stale, and for what is no number."""
        if self.status not in (Status.PROVISIONAL, Status.TRUSTED) or not math.isfinite(value):
            return None
        z = (value - self.centre) / (SPREAD_TO_SD * self.spread)
        ratio = value / self.centre if self.centre else None
        return Deviation(z, value - self.centre, ratio, abs(z) <= 1.0)


def _weight(half_life_nights: float) -> float:
    return 1.0 - math.exp2(-1.0 / half_life_nights)


def fold_all(config: Usual, values: Iterable[float | None]) -> WinsorisedEwma:
    """Fold the values of consecutive nights, oldest first, None for a night without one."""
    state = WinsorisedEwma(config)
    for value in values:
        state = state.fold(value)
    return state


def calendar_values(
    history: Mapping[date, float | None], day: date, days: int
) -> list[float | None]:
    """Values of the ``days`` dates before ``day``, oldest first; None for dates without one.

    A missing night never pulls an older one in, and the day itself is not in its own baseline.
    """
    last = day.toordinal()
    return [history.get(date.fromordinal(at)) for at in range(last - days, last)]


def known_values(history: Mapping[date, float | None], day: date, days: int) -> list[float]:
    """Only the numbers among ``calendar_values``."""
    return [
        value
        for value in calendar_values(history, day, days)
        if value is not None and math.isfinite(value)
    ]


# Reasons: stable strings that the screens translate.

DEGENERATE_BASELINE: Final = "degenerate_baseline:scale=0"


def need_baseline(have: int, need: int) -> str:
    """Too few earlier days: how many there are, how many it takes."""
    return f"need_baseline:have={have},need={need}"


@dataclass(frozen=True, slots=True)
class MedianMad:
    """Centre and scale (as a standard deviation) of ``count`` earlier values."""

    centre: float
    scale: float
    count: int

    def z(self, value: float) -> float:
        """Robust z; beyond 3.5 an outlier (Iglewicz & Hoaglin 1993)."""
        return (value - self.centre) / self.scale


def median_mad(values: Sequence[float], need: int) -> MedianMad | str:
    """Median and 1.4826 MAD of earlier values, or the reason why there is none.

    Where more than half of the values are one and the same the standard deviation stands in.
    Not for values that are standardised already.
    """
    if len(values) < max(need, 1):
        return need_baseline(len(values), max(need, 1))
    centre, scale = median(values), mad(values) or sd(values)
    if centre is None or not scale:
        return DEGENERATE_BASELINE
    return MedianMad(centre, scale, len(values))


def detectable_change(values: Sequence[float | None], need: int = 2) -> float | None:
    """Smallest change between two nights that is real with 95 % confidence, in their unit.

    ``values`` of consecutive nights, None for one without; differences are taken between
    neighbouring nights alone. 1.96 sqrt(2) times the typical error, which is the standard
    deviation of the differences / sqrt(2) (Hopkins 2000). None below ``need`` differences.
    """
    steps = [
        later - earlier
        for earlier, later in pairwise(values)
        if earlier is not None and later is not None
    ]
    spread = sd(steps) if len(steps) >= need else None
    return None if spread is None else 1.96 * spread


@dataclass(frozen=True, slots=True)
class Fused:
    """Value and variance."""

    value: float
    variance: float


def inverse_variance(parts: Iterable[tuple[float, float]]) -> Fused | None:
    """Fuse independent (value, variance) estimates of one quantity by their precision.

    Those that are not finite or have no positive variance are left out; None without any. Of
    estimates that depend on each other the variance comes out too small.
    """
    usable = [
        (value, variance)
        for value, variance in parts
        if math.isfinite(value) and math.isfinite(variance) and variance > 0.0
    ]
    if not usable:
        return None
    precision = math.fsum(1.0 / variance for _, variance in usable)
    total = math.fsum(value / variance for value, variance in usable)
    return Fused(total / precision, 1.0 / precision)
