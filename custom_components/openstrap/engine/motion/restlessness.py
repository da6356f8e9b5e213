"""How still a sleep was, beside the score of restlessness that comes with sleep stress."""

from typing import Final

import numpy as np

from ..signal.minutes import Minutes
from ..signal.runs import runs

MIN_MINUTES: Final = 60
"""Of less than an hour nothing is said (judgement)."""


def longest_still_min(minutes: Minutes) -> tuple[int | None, int]:
    """Longest row of minutes without a turn above 5 degrees, and the observed minutes.

    ``minutes`` of a sleep. A minute that was not observed ends a row. None below an hour observed.
    """
    observed = int(np.isfinite(minutes.moved).sum())
    if observed < MIN_MINUTES:
        return None, observed
    first, last = runs(minutes.moved == 0.0)
    return int((last - first).max(initial=0)), observed
