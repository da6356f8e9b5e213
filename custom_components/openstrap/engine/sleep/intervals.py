"""How far stage minutes may be off: ranges to show in place of points."""

from collections.abc import Mapping

from ..metric import clamp
from .hypnogram import Stage
from .staging.totals import StageMinutes

FULL_CONFIDENCE = 0.6
"""The most that sleep without an EEG is trusted with."""
REM_WIDTH = (0.30, 0.55)
"""Half-width over the minutes, at full confidence and at none (judgement)."""
DEEP_WIDTH = (0.45, 0.75)
MIN_WIDTH_MIN = 5.0
FULL_NIGHT_S = 25200.0
"""Seven hours in bed."""
HR_PART = 0.35
RR_PART = 0.25


def stage_ranges(minutes: Mapping[Stage, float], confidence: float) -> dict[Stage, StageMinutes]:
    """Ranges of light, deep and rem by confidence (0 to 1), for a stager that gives none.

    ``minutes`` of the three; missing ones count as none. Half-widths grow from full confidence to
    none in a straight line and are at least five minutes; light, what the others leave, is as
    uncertain as deep. No range leaves [0, all minutes slept].
    """
    part = {stage: minutes.get(stage, 0.0) for stage in (Stage.LIGHT, Stage.DEEP, Stage.REM)}
    slept = sum(part.values())
    deep = half_width(part[Stage.DEEP], confidence, DEEP_WIDTH)
    width = {
        Stage.LIGHT: deep,
        Stage.DEEP: deep,
        Stage.REM: half_width(part[Stage.REM], confidence, REM_WIDTH),
    }
    return {
        stage: StageMinutes(
            value,
            clamp(value - width[stage], 0.0, slept),
            clamp(value + width[stage], 0.0, slept),
        )
        for stage, value in part.items()
    }


def half_width(minutes: float, confidence: float, width: tuple[float, float]) -> float:
    """Half-width in minutes; ``width`` is the share of the minutes at full and at no confidence."""
    sure = clamp(confidence / FULL_CONFIDENCE, 0.0, 1.0)
    return max(minutes * (width[1] + (width[0] - width[1]) * sure), MIN_WIDTH_MIN)


def sleep_confidence(in_bed_s: float, hr_coverage: float, rr_coverage: float) -> float:
    """How sure sleep can be by what was recorded of it: the mean of length and coverage.

    Coverages are shares (0 to 1) of the seconds in bed with a heart rate and with beats. Lies
    within (0, 0.6].
    """
    length = clamp(in_bed_s / FULL_NIGHT_S, 0.3, 0.95)
    covered = (HR_PART + RR_PART * clamp(rr_coverage, 0.0, 1.0)) * clamp(hr_coverage, 0.0, 1.0)
    return min(FULL_CONFIDENCE, (length + covered) / 2.0)
