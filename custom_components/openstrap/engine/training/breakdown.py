"""One workout from its heart rates: how hard, how long in which zone, and how it ended."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..signal.minutes import MINUTE_S
from ..signal.rolling import rolling_quantiles
from .anchors import Anchors
from .energy import MOVING_MG, Body, waking_energy
from .recovery_rate import Decay, Drop, effort_end, heart_rate_decay, heart_rate_drop
from .strain import reference_quiet_rate, session_strain
from .track import Track
from .trimp import banister_trimp, reserve
from .zones import MAX_GAP_S, ZoneSource, owned_seconds, zone_scale, zone_seconds

DRIFT_MIN: Final = 6
"""Known minutes from which a drift is told."""
STEADY_CV: Final = 0.10
STEADY_MIN: Final = 5
"""A drift means something where means of five minutes vary by less than this share."""
CURVE_S: Final = (60, 120, 180)
NEAR_S: Final = 15.0
"""How near a reading must be to a point of the recovery curve (judgement)."""
LAST_S: Final = 30.0
MIN_MINUTE_S: Final = 15.0
"""Known seconds from which a minute has a heart rate, as in the day's minutes."""
EFFORT_SHARE: Final = 0.4
"""Share of the reserve that the heart must have held for its recovery to mean anything."""
SPIKES: Final = 5
"""Readings of the running median that takes single wrong ones out of a recording at 1 Hz."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What a workout was made of; everything that no heart rate tells is None.

    Heart rates bpm. ``zone_s`` are seconds below zone 1 and in zones 1 to 5 of ``zone_source``,
    whose floors (bpm) are ``zone_floors_bpm``. ``drift_pct`` is how much higher the second half of
    a steady workout was. ``curve`` are (seconds after the effort, bpm, beats lost). ``coverage`` is
    the share of the time with a heart rate. ``strain`` is 0 to 21 and part of the day's.
    """

    duration_min: float
    coverage: float
    avg_bpm: float | None = None
    max_bpm: float | None = None
    min_bpm: float | None = None
    time_to_peak_min: float | None = None
    drift_pct: float | None = None
    zone_s: tuple[float, ...] | None = None
    zone_floors_bpm: tuple[float, ...] | None = None
    zone_source: ZoneSource | None = None
    trimp: float | None = None
    strain: float | None = None
    kcal: float | None = None
    drop: Drop | None = None
    decay: Decay | None = None
    curve: tuple[tuple[int, float, float], ...] = ()
    steps: int | None = None
    cadence_spm: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types, keys always the same and in the same order."""
        return {
            "duration_min": _rounded(self.duration_min, 1),
            "coverage": _rounded(self.coverage, 2),
            "avg_bpm": _rounded(self.avg_bpm, 1),
            "max_bpm": _rounded(self.max_bpm, 0),
            "min_bpm": _rounded(self.min_bpm, 0),
            "time_to_peak_min": _rounded(self.time_to_peak_min, 1),
            "drift_pct": _rounded(self.drift_pct, 1),
            "zone_s": None if self.zone_s is None else [round(spent) for spent in self.zone_s],
            "zone_floors_bpm": None
            if self.zone_floors_bpm is None
            else [_rounded(floor, 1) for floor in self.zone_floors_bpm],
            "zone_source": self.zone_source,
            "trimp": _rounded(self.trimp, 1),
            "strain": _rounded(self.strain, 2),
            "kcal": _rounded(self.kcal, 0),
            "hrr60_bpm": _rounded(None if self.drop is None else self.drop.bpm, 0),
            "hrr60_confidence": _rounded(None if self.drop is None else self.drop.confidence, 2),
            "hrr_tau_s": _rounded(None if self.decay is None else self.decay.tau_s, 0),
            "recovery_curve": [
                [at, _rounded(hr, 0), _rounded(lost, 0)] for at, hr, lost in self.curve
            ],
            "steps": self.steps,
            "cadence_spm": _rounded(self.cadence_spm, 0),
        }


@dataclass(frozen=True, slots=True)
class Scale:
    """What turns heart rates into load: ``quiet_rate`` None takes the reference person's quiet hours.

    ``body`` None leaves the energy out.
    """

    anchors: Anchors
    quiet_rate: float | None = None
    body: Body | None = None


def breakdown(
    ts: NDArray[np.float64],
    hr_bpm: NDArray[np.float64],
    span: tuple[float, float],
    scale: Scale | None,
    *,
    moving: NDArray[np.bool_] | None = None,
) -> Breakdown:
    """Break a workout down.

    ``ts`` (n,) epoch s ascending and ``hr_bpm`` (n,), NaN where unknown, at 1 Hz or every ten
    seconds, before and beyond the workout as well; ``span`` its start and end, epoch s; ``scale``
    None leaves everything out that is measured against the wearer. ``moving`` (n,) marks the
    readings of minutes in which the wrist moved.
    """
    start_ts, end_ts = span
    duration_s = end_ts - start_ts
    inside = (ts >= start_ts) & (ts < end_ts) & np.isfinite(hr_bpm) & (hr_bpm > 0.0)
    at, hr = ts[inside], hr_bpm[inside]
    if not len(at):
        return Breakdown(duration_s / MINUTE_S, 0.0)
    step = float(np.median(np.diff(at))) if len(at) > 1 else MAX_GAP_S
    last_s = min(step, MAX_GAP_S, end_ts - float(at[-1]))
    owned = owned_seconds(at, last_s=last_s)
    shown = hr
    if len(hr) >= SPIKES and step * SPIKES <= MAX_GAP_S:
        shown = rolling_quantiles(hr, SPIKES, [0.5])[0]
    minute_hr, minute_share = _minutes(ts, hr_bpm, span, min(step, MAX_GAP_S))
    found: dict[str, Any] = {
        "coverage": min(float(owned.sum()) / duration_s, 1.0),
        "avg_bpm": float(np.average(hr, weights=owned)) if owned.sum() else float(hr.mean()),
        "max_bpm": float(shown.max()),
        "min_bpm": float(shown.min()),
        "time_to_peak_min": float(at[int(np.argmax(shown))] - start_ts) / MINUTE_S,
        "drift_pct": heart_rate_drift(minute_hr),
    }
    if scale is not None:
        found |= _load(
            hr,
            owned,
            (minute_hr, minute_share),
            scale,
            None if moving is None else moving[inside],
        )
        floor = scale.anchors.resting_bpm + EFFORT_SHARE * (
            scale.anchors.hr_max.bpm - scale.anchors.resting_bpm
        )
        found |= _ending(ts, hr_bpm, end_ts, floor)
    return Breakdown(duration_s / MINUTE_S, **found)


def heart_rate_drift(minute_hr: NDArray[np.float64]) -> float | None:
    """How much higher the second half of a steady workout was, %.

    ``minute_hr`` (n,) bpm a minute, in order. None below six, and where means of five minutes vary
    by a tenth or more: then the work changed, not the heart.
    """
    if len(minute_hr) < DRIFT_MIN:
        return None
    fives = [minute_hr[k : k + STEADY_MIN].mean() for k in range(0, len(minute_hr), STEADY_MIN)]
    if np.std(fives, ddof=1) / np.mean(fives) >= STEADY_CV:
        return None
    half = len(minute_hr) // 2
    first, second = float(minute_hr[:half].mean()), float(minute_hr[half:].mean())
    return 100.0 * (second - first) / first


def moving_steps(track: Track) -> NDArray[np.bool_]:
    """Mark the ten seconds of a track in whose minute the wrist moved."""
    marked: NDArray[np.bool_] = np.repeat(
        np.nan_to_num(track.dyn_mg) >= MOVING_MG, len(track.hr_bpm) // max(len(track), 1)
    )
    return marked


def _minutes(
    ts: NDArray[np.float64], hr_bpm: NDArray[np.float64], span: tuple[float, float], step_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Whole-bpm means of the known clock minutes, and how much of each lies in the workout.

    As the day counts its minutes, and whole minutes at the edges too: a workout is never harder
    than its day.
    """
    minute = np.floor(ts / MINUTE_S)
    touched = (minute + 1.0 > span[0] / MINUTE_S) & (minute < span[1] / MINUTE_S)
    touched &= np.isfinite(hr_bpm) & (hr_bpm > 0.0)
    known, place = np.unique(minute[touched], return_inverse=True)
    count = np.bincount(place, minlength=len(known))
    mean = np.floor(np.bincount(place, hr_bpm[touched]) / np.maximum(count, 1) + 0.5)
    first = np.maximum(known * MINUTE_S, span[0])
    last = np.minimum((known + 1.0) * MINUTE_S, span[1])
    enough = count * step_s >= MIN_MINUTE_S
    return mean[enough], (last - first)[enough] / MINUTE_S


def _load(
    hr: NDArray[np.float64],
    owned: NDArray[np.float64],
    minutes: tuple[NDArray[np.float64], NDArray[np.float64]],
    scale: Scale,
    moving: NDArray[np.bool_] | None,
) -> dict[str, Any]:
    anchors, zones = scale.anchors, zone_scale(scale.anchors)
    rate = scale.quiet_rate
    if rate is None:
        rate = reference_quiet_rate(anchors.sex)
    spent = owned / MINUTE_S
    found: dict[str, Any] = {
        "zone_s": zone_seconds(hr, owned, zones.floors_bpm),
        "zone_floors_bpm": zones.floors_bpm,
        "zone_source": zones.source,
        "trimp": banister_trimp(hr, spent, anchors),
        "strain": session_strain(*minutes, anchors, rate),
    }
    if scale.body is not None:
        found["kcal"] = waking_energy(hr, spent, anchors, scale.body, moving).total_kcal
    return found


def _ending(
    ts: NDArray[np.float64], hr_bpm: NDArray[np.float64], end_ts: float, floor_bpm: float
) -> dict[str, Any]:
    """How the heart came down, where it was up."""
    over_ts = effort_end(ts, hr_bpm, end_ts, floor_bpm)
    if over_ts is None:
        return {}
    drop = heart_rate_drop(ts, hr_bpm, over_ts)
    if drop is None or drop.peak_bpm < floor_bpm:
        return {}
    known = np.isfinite(hr_bpm)
    at, hr = ts[known] - over_ts, hr_bpm[known]
    last = float(np.median(hr[(at >= -LAST_S) & (at <= 0.0)]))
    curve = []
    for after in CURVE_S:
        near = int(np.argmin(np.abs(at - after)))
        if abs(at[near] - after) <= NEAR_S:
            curve.append((after, float(hr[near]), max(last - float(hr[near]), 0.0)))
    return {"drop": drop, "decay": heart_rate_decay(ts, hr_bpm, over_ts), "curve": tuple(curve)}


def mean_share(found: Breakdown, anchors: Anchors) -> float | None:
    """Mean heart rate of a workout as a share of the reserve."""
    if found.avg_bpm is None:
        return None
    return float(reserve(found.avg_bpm, anchors.resting_bpm, anchors.hr_max.bpm))


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)
