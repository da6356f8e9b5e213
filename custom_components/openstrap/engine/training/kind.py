"""What kind of workout it may have been: a guess from heart rate, movement and steps."""

from dataclasses import dataclass
from typing import Final

from ..told import WorkoutKind

VIGOROUS_SHARE: Final = 0.6
"""Share of the heart-rate reserve of vigorous effort (ACSM)."""
RUN_SPM: Final = 140.0
WALK_SPM: Final = 70.0
"""Steps a minute of a run and of a walk; runners take 150 to 190, walkers 80 to 130."""
MOVES_TIMES: Final = 2.0
"""A wrist at work moves more than twice as much as in the waking day's median minute."""
SURE_STEPS: Final = 0.5
SURE_MOVEMENT: Final = 0.4
SURE_HEART: Final = 0.2
"""Nothing here is sure: a wrist on a handlebar and one at a bench look alike (judgement)."""


@dataclass(frozen=True, slots=True)
class KindGuess:
    """A kind of workout, and how sure (0 to 0.5)."""

    kind: WorkoutKind
    confidence: float


def guess_kind(
    share: float,
    moving_mg: float | None = None,
    usual_mg: float | None = None,
    cadence_spm: float | None = None,
) -> KindGuess:
    """Guess the kind of a workout.

    ``share`` is its mean share of the heart-rate reserve; ``moving_mg`` its mean dynamic
    acceleration and ``usual_mg`` the median of the waking day; ``cadence_spm`` its steps a minute
    where steps were counted. Heart rate and a quiet wrist cannot tell a bike from weights: that is
    "cardio", or "other" where it was easy.
    """
    vigorous = share >= VIGOROUS_SHARE
    if cadence_spm is not None and cadence_spm >= RUN_SPM:
        return KindGuess("run", SURE_STEPS)
    if cadence_spm is not None and cadence_spm >= WALK_SPM:
        return KindGuess("walk", SURE_STEPS)
    if moving_mg is None or not usual_mg:
        return KindGuess("cardio" if vigorous else "other", SURE_HEART)
    if moving_mg <= MOVES_TIMES * usual_mg:
        return KindGuess("cardio" if vigorous else "other", SURE_HEART)
    if cadence_spm is not None:
        # Steps were counted and are few, so the arms moved and the legs did not.
        return KindGuess("cardio" if vigorous else "other", SURE_MOVEMENT)
    return KindGuess("run" if vigorous else "walk", SURE_MOVEMENT)
