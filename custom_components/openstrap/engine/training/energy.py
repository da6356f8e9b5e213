"""Energy that a day and a workout took, from the heart-rate reserve and the body."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..profile import Sex
from .anchors import Anchors
from .trimp import reserve
from .vo2max import ML_A_MET, Physique

DAY_MIN: Final = 1440.0
KCAL_A_LITRE: Final = 4.9
"""Energy of a litre of oxygen, kcal: between that of fat and of carbohydrate."""
WORKING: Final = 0.20
"""Share of the reserve from which the heart tells the work (judgement; below, posture and mood)."""
WORKING_MOVING: Final = 0.10
"""The same for a minute in which the wrist moved."""
MOVING_MG: Final = 40.0
"""Mean dynamic acceleration of such a minute, mg (judgement)."""
AWAKE: Final = 1.3
"""A quiet waking minute as a multiple of the basal rate: sitting, fidgeting, meals (judgement)."""
ASLEEP: Final = 0.95
"""A sleeping minute, likewise."""


@dataclass(frozen=True, slots=True)
class Body:
    """What energy depends on beside the heart: basal rate (kcal a day), mass and capacity."""

    basal_kcal: float
    weight_kg: float
    vo2max_ml_kg_min: float


@dataclass(frozen=True, slots=True)
class Energy:
    """Energy of the minutes that were observed, kcal; ``total`` is basal and active together."""

    basal_kcal: float
    active_kcal: float

    @property
    def total_kcal(self) -> float:
        """All of it."""
        return self.basal_kcal + self.active_kcal


def basal_kcal_a_day(weight_kg: float, height_cm: float, age: float, sex: Sex) -> float:
    """Basal rate (Mifflin, St Jeor et al. 1990, Am J Clin Nutr 51:241), kcal a day."""
    return 10.0 * weight_kg + 6.25 * height_cm - 5.0 * age + (5.0 if sex == "m" else -161.0)


def body_of(physique: Physique, vo2max_ml_kg_min: float) -> Body:
    """Bring together what energy depends on."""
    basal = basal_kcal_a_day(physique.weight_kg, physique.height_cm, physique.age, physique.sex)
    return Body(basal, physique.weight_kg, vo2max_ml_kg_min)


def working_rate(
    share: NDArray[np.float64], vo2max_ml_kg_min: float, weight_kg: float
) -> NDArray[np.float64]:
    """Energy of a minute at a share of the heart-rate reserve, kcal.

    Shares of the heart-rate reserve are shares of the oxygen reserve (Swain and Leutholtz 1997).
    """
    oxygen = ML_A_MET + share * (vo2max_ml_kg_min - ML_A_MET)
    return oxygen * weight_kg / 1000.0 * KCAL_A_LITRE


def waking_energy(
    hr_bpm: NDArray[np.float64],
    minutes: NDArray[np.float64] | float,
    anchors: Anchors,
    body: Body,
    moving: NDArray[np.bool_] | None = None,
) -> Energy:
    """Energy of waking heart rates (n,) bpm held for ``minutes`` each; NaN are left out.

    From 0.20 of the reserve on (0.10 where ``moving``, (n,)) the heart tells the work, but never
    less than a quiet waking minute takes. Serves days and workouts alike.
    """
    share = reserve(hr_bpm, anchors.resting_bpm, anchors.hr_max.bpm)
    known = np.isfinite(share)
    basal = body.basal_kcal / DAY_MIN
    least = WORKING if moving is None else np.where(moving, WORKING_MOVING, WORKING)
    rate = np.full(share.shape, AWAKE * basal)
    with np.errstate(invalid="ignore"):
        works = share >= least
    work = working_rate(share[works], body.vo2max_ml_kg_min, body.weight_kg)
    rate[works] = np.maximum(work, AWAKE * basal)
    spent = np.broadcast_to(minutes, share.shape)[known]
    return Energy(
        basal_kcal=float(basal * spent.sum()),
        active_kcal=float(((rate[known] - basal) * spent).sum()),
    )


def sleeping_energy(minutes: float, body: Body) -> Energy:
    """Energy of so many minutes of sleep: all of it basal."""
    return Energy(ASLEEP * body.basal_kcal / DAY_MIN * minutes, 0.0)
