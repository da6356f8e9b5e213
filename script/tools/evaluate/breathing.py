"""What recordings with counted breaths have in common: windows, answers, scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.breathing.rate import AWAKE_HZ, breath_track, window_confidence
from openstrap.engine.breathing.tachogram import tachogram
from openstrap.engine.samples import Samples
from openstrap.engine.signal.beats import RECORD_LAG_S, place_beats
from openstrap.engine.signal.clean import clean_beats

from .scores import bootstrap_by_subject, confidence_table

WITHIN_BRPM: Final = 2.0
RR_RANGE_MS: Final = (200.0, 2500.0)
"""What the decoder accepts."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch from ``start_s`` to ``end_s`` of a recording in which people counted breaths."""

    start_s: float
    end_s: float
    brpm: float


def as_samples(t_s: NDArray[np.float64], rr_ms: NDArray[np.float64]) -> Samples:
    """Make records as a strap would send them: one a second, whole milliseconds, no heart rate.

    ``t_s`` (m,) end of each interval in the recording's own time, ascending.
    """
    low, high = RR_RANGE_MS
    heard = np.isfinite(t_s) & (rr_ms >= low) & (rr_ms <= high)
    t_s, rr_ms = t_s[heard], rr_ms[heard]
    ts = np.arange(0.0, (t_s[-1] if len(t_s) else 0.0) + 2.0)
    return Samples(
        ts=ts,
        hr_bpm=np.zeros(len(ts), dtype=np.int16),
        accel_g=np.full((len(ts), 3), np.nan),
        rr_ms=np.round(rr_ms),
        rr_index=np.searchsorted(ts + RECORD_LAG_S, t_s),
    )


def answers(samples: Samples, windows: Sequence[Window]) -> list[tuple[float, float]]:
    """Rate and confidence for each window, (NaN, 0) where nothing is told.

    Windows of one length share one track through the recording, as a night's segments do.
    """
    if not windows:
        return []
    clean = clean_beats(place_beats(samples))
    starts = np.array([window.start_s for window in windows])
    length = float(np.median([window.end_s - window.start_s for window in windows]))
    step = float(np.diff(np.unique(starts)).min()) if len(np.unique(starts)) > 1 else length
    end = max(window.end_s for window in windows)
    line = tachogram(clean, float(starts.min()), end)
    if line is None:
        return [(float("nan"), 0.0)] * len(windows)
    track = breath_track(line, length, step, lowest_hz=AWAKE_HZ)
    sure = window_confidence(track, clean.artifact_fraction)
    found = []
    for start in starts:
        at = int(np.abs(track.start_ts - start).argmin()) if len(track) else 0
        near = len(track) > 0 and abs(track.start_ts[at] - start) <= step / 2.0
        known = near and bool(np.isfinite(track.brpm[at]))
        found.append((float(track.brpm[at]), float(sure[at])) if known else (float("nan"), 0.0))
    return found


def score(subjects: dict[str, tuple[Samples, list[Window]]]) -> dict[str, Any]:
    """Errors over all windows that were answered, and how many these are."""
    per_subject, sure, off = [], [], []
    for subject, (samples, windows) in subjects.items():
        found = answers(samples, windows)
        error = [abs(rate - window.brpm) for (rate, _), window in zip(found, windows, strict=True)]
        known = [one for one in error if np.isfinite(one)]
        sure += [confidence for (rate, confidence) in found if np.isfinite(rate)]
        off += known
        per_subject.append({"subject": subject, "windows": len(windows), "errors": known})
    return {
        **_statistic(per_subject),
        "windows": sum(row["windows"] for row in per_subject),
        "subjects": len(per_subject),
        "intervals": bootstrap_by_subject(per_subject, _statistic),
        "per_subject": [
            {"subject": row["subject"], "windows": row["windows"], **_statistic([row])}
            for row in per_subject
        ],
        "confidence_error": "breaths/min",
        "confidence_table": confidence_table(sure, off),
    }


def _statistic(rows: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    errors = np.array([error for row in rows for error in row["errors"]])
    windows = sum(row["windows"] for row in rows)
    return {
        "mae": float(errors.mean()) if len(errors) else None,
        "coverage": len(errors) / windows if windows else None,
        "share_within_2": float((errors <= WITHIN_BRPM).mean()) if len(errors) else None,
    }
