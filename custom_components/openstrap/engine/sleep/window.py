"""The night's rest: one window a day, for everything that is measured asleep."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import NO_SLEEP, Tier, clamp, need_input
from ..samples import Samples
from ..signal.accel import z_angle_deg
from ..signal.motion import Motion
from ..signal.wear import seen_seconds
from .edges import BIN_S, settled
from .groups import MIN_REST_S, Group, Span, main_sleep
from .hdcza import Quiet, quiet_blocks
from .hr_window import hr_window
from .sessions import Evidence, Session, find_sessions, gather, sessions_of
from .vanhees import still_blocks

FULL_REST_S: Final = 25200.0
"""Seven hours: a window this long is as sure as its length can make it."""
MIN_OBSERVED: Final = 0.67
"""Share of the noon-to-noon day that HDCZA was published with (van Hees et al. 2018)."""
MIN_AGREEMENT: Final = 0.7
"""Overlap with HDCZA, as a share of both together, below which the two disagree."""
DISAGREEMENT_COST: Final = 0.2
FALLBACK_MAX_CONFIDENCE: Final = 0.5
HR_LED_MAX_CONFIDENCE: Final = 0.35
MIN_MOTION_SHARE: Final = 0.5
"""Of the span, seen moving or still: with less, the heart alone may tell the night."""
CLEAR_EDGE: Final = 0.6
"""Change of the share of moving bins at a clear edge: from 0.7 awake to 0.1 asleep."""
UNCLEAR_COST: Final = 0.3
"""Share of confidence lost to an edge that is blurred or not seen, and to an hour of rest awake."""
CONTEXT_COST: Final = 0.4
"""Share of confidence lost where nothing but the rest was seen: the night may have been another."""
LONG_REST_S: Final = 3600.0
LIMITS: Final = (0.1, 0.95)
OPEN_S: Final = 300.0
"""A window that begins or ends this close to the data may reach further."""
NIGHT_BEGINS_S: Final = 10800.0
"""The night is from three hours before midnight (judgement) ..."""
NIGHT_END_S: Final = 32400.0
"""... to nine hours after it."""
MIN_NIGHT_SHARE: Final = 0.5
VAN_HEES_REACH_S: Final = 310.0
"""Blocks of stillness end this much before the rest does: their last second saw 300 s ahead."""


@dataclass(frozen=True, slots=True)
class RestWindow:
    """The night, epoch seconds, and how sure it is. ``note`` names what is special about it.

    ``bed_ts`` to ``rise_ts`` is the rest: the wrist falls quiet and moves again. ``onset_ts`` to
    ``offset_ts`` within it is where ten quiet minutes first begin and last end: settled sleep.
    ``open_end``: the data end with the rest, so it may go on. ``tier`` is HIGH when a published
    method, fed what it was published with, finds the same window, else ESTIMATE: so much may be
    claimed at most by what is measured within. ``method`` found it; ``sessions`` are the rests
    that it joins.
    """

    onset_ts: float
    offset_ts: float
    confidence: float
    tier: Tier
    note: str | None
    drivers: tuple[tuple[str, float], ...]
    bed_ts: float
    rise_ts: float
    open_end: bool
    method: str
    sessions: tuple[Session, ...]


def find_night(
    samples: Samples, worn: NDArray[np.bool_], motion: Motion, span: Span
) -> RestWindow | str:
    """Find the main sleep that is over within the day; a reason (str) when there is none.

    ``samples`` lie within the span, ``worn`` (n,) tells which came from a wrist, ``motion`` how
    it moved (of the gravity in the samples, or any other measure where there is none). Rests of
    a still wrist and a calm heart come first; HDCZA by the angle of the arm votes on what they
    give. Where they give nothing, HDCZA, then van Hees 2015, and where movement was hardly seen
    the heart alone stand in, with low confidence. Also where less of the day was observed than
    HDCZA was published with there is an answer: then the note says so and confidence falls with
    what is missing.
    """
    evidence = gather(samples, worn, motion, span.start, span.end)
    angle = z_angle_deg(samples.accel_g)
    moved_s = evidence.seen_s(span.start, span.end)
    observed_s = max(seen_seconds(samples.ts[np.isfinite(angle)]), moved_s)
    angle[~worn] = np.nan
    quiet = quiet_blocks(
        samples.ts, angle, start_ts=span.start, day_end_ts=span.noon, end_ts=span.end
    )
    for method, sessions in _candidates(samples.ts, angle, evidence, quiet, span):
        group = main_sleep(sessions, evidence, span)
        if group is not None and _is_believed(method, group, evidence, span):
            return _window(method, group, evidence, quiet, span)
    if observed_s < MIN_REST_S:
        return need_input("accel_min", observed_s // 60, MIN_REST_S // 60)
    if moved_s < MIN_REST_S:
        return need_input("worn_min", moved_s // 60, MIN_REST_S // 60)
    return NO_SLEEP


def _candidates(
    ts: NDArray[np.float64],
    angle: NDArray[np.float64],
    evidence: Evidence,
    quiet: Quiet,
    span: Span,
) -> Iterator[tuple[str, tuple[Session, ...]]]:
    """Rests by each method, the best first; the next is only asked when the last had no night."""
    moved_s = evidence.seen_s(span.start, span.end)
    if moved_s >= MIN_REST_S:
        yield "sessions", find_sessions(evidence)
        blocks = [(block.onset_ts, block.offset_ts) for block in quiet.blocks]
        yield "hdcza", sessions_of(blocks, evidence)
        if np.isfinite(angle).any():
            still = still_blocks(ts, angle, start_ts=span.start, end_ts=span.end)
            blocks = [
                (block.onset_ts, block.offset_ts + VAN_HEES_REACH_S) for block in still.blocks
            ]
            yield "van_hees_2015", sessions_of(blocks, evidence)
    if moved_s < MIN_MOTION_SHARE * (span.end - span.start):
        found = hr_window(evidence.pulse_ts, evidence.pulse_bpm)
        spans = [] if found is None else [(found.start_ts, found.end_ts)]
        yield "heart_rate", sessions_of(spans, evidence)


def _window(method: str, group: Group, evidence: Evidence, quiet: Quiet, span: Span) -> RestWindow:
    bed_ts, rise_ts = group.start_ts, group.end_ts
    first, stop = evidence.at(bed_ts), evidence.at(rise_ts)
    calm = settled(evidence.moved[first:stop])
    if calm is None or method == "heart_rate":
        onset_ts, offset_ts = bed_ts, rise_ts
    else:
        onset_ts, offset_ts = (evidence.ts(first + edge) for edge in calm)
    observed = evidence.seen_s(span.start, span.noon) / (span.noon - span.start)
    inside = evidence.seen_s(bed_ts, rise_ts) / max(group.length_s, BIN_S)
    drivers = [
        ("observed", observed),
        ("observed_inside", inside),
        ("hr_covered", evidence.hr_covered(bed_ts, rise_ts)),
        ("quiet_before_min", (onset_ts - bed_ts) / 60.0),
        ("quiet_after_min", (rise_ts - offset_ts) / 60.0),
    ]
    clear = min(group.sessions[0].fall, group.sessions[-1].rise, CLEAR_EDGE) / CLEAR_EDGE
    awake = clamp((onset_ts - bed_ts + rise_ts - offset_ts) / LONG_REST_S, 0.0, 1.0)
    context = 1.0 - CONTEXT_COST * (1.0 - min(observed / MIN_OBSERVED, 1.0))
    sure = context * inside * clamp((offset_ts - onset_ts) / FULL_REST_S, 0.3, 1.0)
    sure *= 1.0 - UNCLEAR_COST * (1.0 - clear + awake)
    notes, most, tier = [], 1.0, Tier.ESTIMATE
    agreement = _agreement(bed_ts, rise_ts, quiet)
    if agreement is not None and method == "sessions":
        overlap, apart_s = agreement
        drivers += [("hdcza_overlap", overlap), ("window_disagreement_min", apart_s / 60.0)]
        if overlap < MIN_AGREEMENT:
            sure -= DISAGREEMENT_COST
        elif quiet.observed >= MIN_OBSERVED:
            tier = Tier.HIGH
    if quiet.threshold_deg is not None:
        drivers.append(("threshold_deg", quiet.threshold_deg))
    if observed < MIN_OBSERVED:
        notes.append(f"partial_span:observed={observed:.2f},need={MIN_OBSERVED:g}")
    if method != "sessions":
        notes.append(f"fallback:method={method}")
        most = HR_LED_MAX_CONFIDENCE if method == "heart_rate" else FALLBACK_MAX_CONFIDENCE
    if bed_ts - _known(evidence)[0] < OPEN_S:
        notes.append("open_start")
    if open_end := _known(evidence)[1] - rise_ts < OPEN_S:
        notes.append("open_end")
    return RestWindow(
        onset_ts=onset_ts,
        offset_ts=offset_ts,
        confidence=min(clamp(sure, *LIMITS), most),
        tier=tier,
        note=";".join(notes) or None,
        drivers=tuple(drivers),
        bed_ts=bed_ts,
        rise_ts=rise_ts,
        open_end=open_end,
        method=method,
        sessions=group.sessions,
    )


def _is_believed(method: str, group: Group, evidence: Evidence, span: Span) -> bool:
    """Tell whether a rest by day stands out from enough of the day to be a sleep.

    A strap that is worn by day alone shows many still hours. So a rest that lies mostly outside of
    the night is none where it reaches over all that was seen, or where a fallback finds it in less
    of the day than HDCZA was published with. One by night is believed: most people sleep then.
    """
    night = min(group.end_ts, span.midnight + NIGHT_END_S) - max(
        group.start_ts, span.midnight - NIGHT_BEGINS_S
    )
    if night >= MIN_NIGHT_SHARE * (group.end_ts - group.start_ts):
        return True
    if method != "sessions":
        seen_s = evidence.seen_s(span.start, span.noon)
        return seen_s >= MIN_OBSERVED * (span.noon - span.start)
    first, last = _known(evidence)
    return group.start_ts - first >= OPEN_S or last - group.end_ts >= OPEN_S


def _agreement(start_ts: float, end_ts: float, quiet: Quiet) -> tuple[float, float] | None:
    """Overlap (share of both together) with the nearest block, and seconds that only one has.

    None when the arm's angle was not observed.
    """
    if quiet.threshold_deg is None:
        return None
    best = (0.0, end_ts - start_ts)
    for block in quiet.blocks:
        both = min(end_ts, block.offset_ts) - max(start_ts, block.onset_ts)
        either = max(end_ts, block.offset_ts) - min(start_ts, block.onset_ts)
        if both > 0.0 and both / either > best[0]:
            best = (both / either, either - both)
    return best


def _known(evidence: Evidence) -> tuple[float, float]:
    """Start and end of what was observed at all, movement or pulse."""
    rows = np.flatnonzero(np.isfinite(evidence.moved))
    edges = [evidence.ts(int(rows[0])), evidence.ts(int(rows[-1]) + 1)] if len(rows) else []
    edges += [float(evidence.pulse_ts[0]), float(evidence.pulse_ts[-1])]
    return min(edges), max(edges)
