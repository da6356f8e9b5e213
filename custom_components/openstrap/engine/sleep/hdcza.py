"""The longest quiet of the arm in a day: sleep period time without a diary."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..metric import clamp
from ..signal.grid import on_grid
from ..signal.rolling import rolling_quantiles
from ..signal.runs import merge, runs

EPOCH_S = 5.0
SMOOTH_EPOCHS = 60
"""Five minutes."""
MIN_SMOOTH_EPOCHS = 30
"""A median over less than half of its five minutes is not taken: nothing was observed."""
THRESHOLD_FACTOR = 15.0
THRESHOLD_DEG = (0.13, 0.50)
MIN_BLOCK_S = 1800.0
MERGE_GAP_S = 3600.0


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of rest, epoch seconds."""

    onset_ts: float
    offset_ts: float

    @property
    def length_s(self) -> float:
        """How long it lasted."""
        return self.offset_ts - self.onset_ts


@dataclass(frozen=True, slots=True)
class Quiet:
    """Blocks in order; the threshold (degrees, None without data); share of the day observed."""

    blocks: tuple[Block, ...]
    threshold_deg: float | None
    observed: float


def quiet_blocks(
    ts: NDArray[np.float64],
    angle_deg: NDArray[np.float64],
    *,
    start_ts: float,
    day_end_ts: float,
    end_ts: float,
) -> Quiet:
    """Blocks of rest by the z-angle of the arm.

    ``ts`` (n,) epoch s ascending within [start, end), ``angle_deg`` (n,) with NaN where the wrist
    was not observed. [start, day_end) is the noon-to-noon day that sets the threshold; blocks are
    looked for up to ``end_ts``. Source: HDCZA, van Hees et al. 2018, Sci Rep 8:12975. Deviations:
    what was not observed is no rest (the paper fills it in from other days), and blocks may run
    past the second noon, so that a late sleeper is not cut off.
    """
    epochs = max(int(np.ceil((end_ts - start_ts) / EPOCH_S)), 1)
    angle = on_grid(ts, angle_deg, start_ts=start_ts, step_s=EPOCH_S, size=epochs)
    change = np.abs(np.diff(angle, prepend=np.nan))
    (level,) = rolling_quantiles(change, SMOOTH_EPOCHS, (0.5,), min_count=MIN_SMOOTH_EPOCHS)
    day = min(round((day_end_ts - start_ts) / EPOCH_S), epochs)
    observed = float(np.isfinite(angle[:day]).mean())
    base = level[:day][np.isfinite(level[:day])]
    if not len(base):
        return Quiet((), None, observed)
    threshold = clamp(THRESHOLD_FACTOR * float(np.percentile(base, 10)), *THRESHOLD_DEG)

    with np.errstate(invalid="ignore"):
        rest = level < threshold
    first, last = runs(rest)
    long = (last - first) * EPOCH_S > MIN_BLOCK_S
    blocks = merge(first[long], last[long], MERGE_GAP_S / EPOCH_S)
    known = ts[np.isfinite(angle_deg)]
    return Quiet(
        tuple(
            Block(
                max(start_ts + EPOCH_S * onset, float(known[0])),
                min(start_ts + EPOCH_S * offset, float(known[-1])),
            )
            for onset, offset in blocks
        ),
        threshold,
        observed,
    )
