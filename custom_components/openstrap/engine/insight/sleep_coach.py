"""The coming night: when to wake, what its need is made of, when to bed for how much of it."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from ..metric import clamp
from ..sleep.need import EFFICIENCY_RANGE, bedtime, need_tonight

GOALS: Final = (("all", 1.0), ("most", 0.85), ("enough", 0.7))
"""Shares of the need that one may aim at: all of it, most of it, enough to get by (judgement)."""


@dataclass(frozen=True, slots=True)
class SleepWindow:
    """Time in bed (epoch s) that gives ``sleep_min`` of sleep: a goal's share of the need."""

    goal: str
    bed_ts: float
    wake_ts: float
    sleep_min: float

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class NeedParts:
    """What the need of the coming night is made of, minutes; None of what was not measured.

    ``debt_min`` and ``strain_min`` are what they really add: less than they could where the need
    is held within its limits, so the parts need not add up to ``need_min``.
    """

    need_min: float
    base_min: float
    debt_min: float | None
    strain_min: float | None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self)


def need_parts(
    base_min: float, debt_min: float | None, strain: float | None, *, told: bool = False
) -> NeedParts:
    """Take the need of a night apart: each part is what the need loses without it.

    ``base_min`` without debt, ``debt_min`` owed (minutes), ``strain`` of the day (0 to 21);
    ``told``: the base is the wearer's own word.
    """
    need = need_tonight(base_min, debt_min, strain, told=told)
    without_debt = need_tonight(base_min, None, strain, told=told)
    without_strain = need_tonight(base_min, debt_min, None, told=told)
    return NeedParts(
        need,
        base_min,
        None if debt_min is None else need - without_debt,
        None if strain is None else need - without_strain,
    )


def wake_target(bed_ts: float, need_min: float, efficiency: float) -> float:
    """When to wake (epoch s) after as long in bed as the need takes; efficiency 0 to 1."""
    return bed_ts + 60.0 * need_min / clamp(efficiency, *EFFICIENCY_RANGE)


def sleep_windows(wake_ts: float, need_min: float, efficiency: float) -> tuple[SleepWindow, ...]:
    """Tell when to be in bed (epoch s) for each share of the need, to wake at one and the same."""
    return tuple(
        SleepWindow(goal, bedtime(wake_ts, share * need_min, efficiency), wake_ts, share * need_min)
        for goal, share in GOALS
    )
