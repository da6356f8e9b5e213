"""The night's rest: one window a day, for everything that is measured asleep."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..metric import NO_SLEEP, Tier, clamp, need_input
from ..samples import Samples
from ..signal.accel import z_angle_deg
from ..signal.wear import seen_seconds
from .hdcza import Block, quiet_blocks
from .vanhees import still_blocks

MIN_REST_S = 10800.0
"""Three hours: below it is a nap, not a night."""
FULL_REST_S = 25200.0
"""Seven hours: a window this long is as sure as its length can make it."""
MIN_OBSERVED = 0.67
"""Share of the noon-to-noon day that the method was published with (van Hees et al. 2018)."""
MIN_HR_COVERED = 0.5
"""Share of a window's seconds with a heart rate: a still strap with less is not on a wrist."""
FALLBACK_MAX_CONFIDENCE = 0.5
MAX_REST_S = 57600.0
"""Sixteen hours: what lies still for longer is no sleeper (judgement)."""
DAY_EDGE_S = 160.0
"""A rest that ends this close to midnight is the next day's: it may go on, and the smoothing looks
150 s ahead for what the day no longer holds. Each rest still belongs to just one day."""
STILL_AHEAD_S = 310.0
"""Blocks of stillness end this much before the rest does: their last second saw 300 s ahead."""
OPEN_S = 300.0
"""A window that ends this close to the end of the data may go on."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where to look, epoch seconds: noon before to noon of the day, its midnights.

    ``start`` is the noon before, ``midnight`` begins the day, ``noon`` is its noon and ``end``
    the midnight that ends it. With daylight saving the parts have 11 to 13 hours.
    """

    start: float
    midnight: float
    noon: float
    end: float


@dataclass(frozen=True, slots=True)
class RestWindow:
    """The window, epoch seconds, and how sure it is. ``note`` names what is special about it.

    ``tier`` is HIGH as far as the method was fed what it was published with, else ESTIMATE: so
    much may be claimed at most by what is measured within.
    """

    onset_ts: float
    offset_ts: float
    confidence: float
    tier: Tier
    note: str | None
    drivers: tuple[tuple[str, float], ...]


def find_rest(samples: Samples, worn: NDArray[np.bool_], span: Span) -> RestWindow | str:
    """Find the longest rest that ends within the day; a reason (str) when there is none.

    ``samples`` lie within the span, ``worn`` (n,) tells which came from a wrist. Looks with HDCZA
    first, also where less of the day was observed than it was published with (then the note says
    so and confidence falls with what is missing), and with van Hees 2015 where that finds no
    three hours. A rest that reaches the end of the day belongs to the next.
    """
    angle = z_angle_deg(samples.accel_g)
    observed_s = seen_seconds(samples.ts[np.isfinite(angle)])
    if observed_s < MIN_REST_S:
        return need_input("accel_min", observed_s // 60, MIN_REST_S // 60)
    angle[~worn] = np.nan
    worn_s = seen_seconds(samples.ts[np.isfinite(angle)])
    if worn_s < MIN_REST_S:
        return need_input("worn_min", worn_s // 60, MIN_REST_S // 60)

    quiet = quiet_blocks(
        samples.ts, angle, start_ts=span.start, day_end_ts=span.noon, end_ts=span.end
    )
    notes, most, tier = [], 1.0, Tier.HIGH
    if quiet.observed < MIN_OBSERVED:
        notes.append(f"partial_span:observed={quiet.observed:.2f},need={MIN_OBSERVED:g}")
        tier = Tier.ESTIMATE
    best = _main(quiet.blocks, samples, span)
    if best is None:
        still = still_blocks(samples.ts, angle, start_ts=span.start, end_ts=span.end)
        best = _main(still.blocks, samples, span, ahead_s=STILL_AHEAD_S)
        notes.append("fallback:method=van_hees_2015")
        most, tier = FALLBACK_MAX_CONFIDENCE, Tier.ESTIMATE
    if best is None:
        return NO_SLEEP
    if samples.ts[-1] - best.offset_ts < OPEN_S:
        notes.append("open_end")
    drivers = [("observed", quiet.observed), ("hr_covered", _hr_covered(samples, best))]
    if quiet.threshold_deg is not None:
        drivers.append(("threshold_deg", quiet.threshold_deg))
    sure = quiet.observed * clamp(best.length_s / FULL_REST_S, 0.3, 1.0)
    return RestWindow(
        onset_ts=best.onset_ts,
        offset_ts=best.offset_ts,
        confidence=min(clamp(sure, 0.3, 0.95), most),
        tier=tier,
        note=";".join(notes) or None,
        drivers=tuple(drivers),
    )


def _main(
    blocks: tuple[Block, ...], samples: Samples, span: Span, *, ahead_s: float = 0.0
) -> Block | None:
    """Return the longest block that ends on the day, has a pulse and lasts; the first of equals."""
    best = None
    for block in blocks:
        if not span.midnight < block.offset_ts + ahead_s + DAY_EDGE_S <= span.end:
            continue
        if not MIN_REST_S <= block.length_s <= MAX_REST_S:
            continue
        if _hr_covered(samples, block) < MIN_HR_COVERED:
            continue
        if best is None or block.length_s > best.length_s:
            best = block
    return best


def _hr_covered(samples: Samples, block: Block) -> float:
    inside = samples.between(block.onset_ts, block.offset_ts)
    return min(seen_seconds(inside.ts[inside.hr_bpm > 0]) / block.length_s, 1.0)
