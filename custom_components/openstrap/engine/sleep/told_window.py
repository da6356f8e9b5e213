"""The night's rest where the wearer told it: their word on when, the records' on what."""

from collections.abc import Iterable
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import Tier, clamp, need_input
from ..samples import Samples
from ..signal.motion import Motion
from ..told import Span as Stretch
from .edges import settled
from .groups import Span
from .sessions import Evidence, gather
from .window import LIMITS, OPEN_S, RestWindow

TOLD: Final = "told"
"""Method of such a window."""
TOLD_NOTE: Final = "told:window"
"""Note: the window is the wearer's own word, not found."""
TOLD_CONFIDENCE: Final = 0.9
"""Of a night that was seen as a whole: people tell their nights from memory (judgement)."""
MIN_INSIDE: Final = 0.5
"""Share of the rest in which movement or heart was seen; with less nothing is said of it (judgement)."""


def told_window(
    told: Stretch, samples: Samples, worn: NDArray[np.bool_], motion: Motion, span: Span
) -> RestWindow | str:
    """Make a window of what was told (start, end; epoch s); a reason (str) when it was not seen.

    ``samples`` lie within ``span``, ``worn`` (n,) tells which came from a wrist, ``motion`` how it
    moved. The rest is what was told, to the second; settled sleep within it is found as in a night
    that was found. Where the strap was not worn for half of it there is no night to measure.
    It claims no more than ESTIMATE: a memory is no diary.
    """
    bed_ts, rise_ts = told
    evidence = gather(samples, worn, motion, span.start, span.end)
    length_s = rise_ts - bed_ts
    heard = evidence.hr_covered(bed_ts, rise_ts)
    inside = max(min(evidence.seen_s(bed_ts, rise_ts) / length_s, 1.0), heard)
    if inside < MIN_INSIDE:
        need = math.ceil(MIN_INSIDE * length_s / 60.0)
        return need_input("worn_min", inside * length_s // 60, need)
    onset_ts, offset_ts = _settled(told, evidence)
    drivers = (
        ("observed_inside", inside),
        ("hr_covered", heard),
        ("quiet_before_min", (onset_ts - bed_ts) / 60.0),
        ("quiet_after_min", (rise_ts - offset_ts) / 60.0),
    )
    open_end = float(samples.ts[-1]) - rise_ts < OPEN_S
    return RestWindow(
        onset_ts=onset_ts,
        offset_ts=offset_ts,
        confidence=clamp(TOLD_CONFIDENCE * inside, *LIMITS),
        tier=Tier.ESTIMATE,
        note=f"{TOLD_NOTE};open_end" if open_end else TOLD_NOTE,
        drivers=drivers,
        bed_ts=bed_ts,
        rise_ts=rise_ts,
        open_end=open_end,
        method=TOLD,
        sessions=(),
    )


def without(
    spans: Iterable[Stretch], samples: Samples, worn: NDArray[np.bool_], motion: Motion
) -> tuple[NDArray[np.bool_], Motion]:
    """Give ``worn`` (n,) and ``motion`` as if nothing had been seen in some stretches.

    They are the rests of other days by the wearer's word, and no second night.
    """
    amount = motion.amount.copy()
    for first, last in spans:
        worn = worn & ~((samples.ts >= first) & (samples.ts < last))
        amount[(motion.ts >= first) & (motion.ts < last)] = np.nan
    return worn, Motion(motion.ts, amount, motion.step_s)


def _settled(told: Stretch, evidence: Evidence) -> Stretch:
    """Give where settled sleep first begins and last ends, the whole rest where it never settles."""
    first, stop = (evidence.at(ts) for ts in told)
    calm = settled(evidence.moved[first:stop])
    if calm is None:
        return told
    onset_ts, offset_ts = (evidence.ts(first + edge) for edge in calm)
    return max(onset_ts, told[0]), min(offset_ts, told[1])
