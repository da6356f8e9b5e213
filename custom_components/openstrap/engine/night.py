"""One night of one wearer: the main sleep that ends on a day, and all that is measured in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .breathing.night_metrics import breath_night, breath_night_absent
from .breathing.timeline import BreathTimeline
from .heart.night_metrics import SPEC as HEART, night_metrics
from .heart.stress_metrics import NIGHT_KEYS as STRESS_KEYS, SPEC as STRESS, sleep_stress_metrics
from .heart.timeline import HrvTimeline, hrv_timeline
from .metric import Metric
from .rest_metrics import rest_metrics
from .samples import Samples
from .signal.beats import Beats
from .signal.clean import clean_beats
from .signal.minutes import Minutes
from .signal.motion import Motion
from .sleep.architecture import sleep_spans
from .sleep.hypnogram import encode
from .sleep.night_metrics import sleep_night_metrics
from .sleep.staging import StagedNight, stage_night
from .sleep.window import RestWindow

LEAD_S: Final = 900.0
"""The stager also sees this much of the rest before sleep settles: it has learnt from such wake."""
DETAIL_DECIMALS: Final = 1


@dataclass(frozen=True, slots=True)
class Night:
    """Metrics of a night; ``asleep`` spans (epoch s) and ``details`` for pictures, both empty without."""

    metrics: Mapping[str, Metric]
    staged: StagedNight | str
    asleep: tuple[tuple[float, float], ...]
    details: Mapping[str, Any]


def no_night(reason: str) -> Night:
    """Give every metric of a night without a value, for one reason."""
    absent = {key: spec.absent(reason) for key, spec in HEART.items()}
    absent |= breath_night_absent(reason)
    absent |= sleep_night_metrics(reason, reason)
    absent |= {key: STRESS[key].absent(reason) for key in STRESS_KEYS}
    absent |= rest_metrics(reason)
    return Night(absent, reason, (), {})


def derive_night(
    rest: RestWindow,
    samples: Samples,
    *,
    worn: NDArray[np.bool_],
    motion: Motion,
    minutes: Minutes,
    beats: Beats,
    turns: Motion | None = None,
) -> Night:
    """Measure the main sleep ``rest``; all but it reaches beyond the night.

    ``worn`` (n,) is for the samples. ``turns`` is the
    movement that the stager is shown, where that is another. No metric claims more than its window does.
    """
    start, end = rest.bed_ts, rest.rise_ts
    night = samples.between(start, end)
    inside = (samples.ts >= start) & (samples.ts < end)
    own = beats.only((beats.record_ts >= start) & (beats.record_ts < end))
    clean = clean_beats(own)
    staged = stage_rest(samples, beats, motion if turns is None else turns, rest)
    hypnogram = None if isinstance(staged, str) else staged.hypnogram

    asleep_minutes = minutes.between(start, end)
    stress = sleep_stress_metrics(asleep_minutes, own)
    breath = breath_night(
        night,
        worn[inside],
        clean,
        motion.between(start, end),
        (start, end),
        irregular=bool(stress["irregular_rhythm"].value),
    )
    heard = np.unique(np.floor(own.record_ts)).size / max(end - start, 1.0)
    metrics = dict(rest_metrics(rest))
    metrics |= sleep_night_metrics(staged, rest, rr_coverage=min(heard, 1.0))
    metrics |= night_metrics(
        night,
        own,
        clean,
        (start, end),
        hypnogram,
        breathing_per_min=breath.metrics["breathing_rate_brpm"].value,
    )
    metrics |= breath.metrics
    metrics |= stress
    details: dict[str, Any] = {}
    if hypnogram is not None:
        details["hypnogram"] = encode(hypnogram)
    if breath.timeline is not None:
        details["breathing"] = _breathing(breath.timeline)
    details["hrv"] = _hrv(hrv_timeline(clean.nn_ms, clean.t_s, clean.joined, start, end))
    return Night(
        metrics={
            key: metric.at_most(rest.tier, rest.confidence) for key, metric in metrics.items()
        },
        staged=staged,
        asleep=() if hypnogram is None else tuple(sleep_spans(hypnogram.segments())),
        details=details,
    )


def stage_rest(
    samples: Samples, beats: Beats, motion: Motion, rest: RestWindow
) -> StagedNight | str:
    """Tell the stages of a rest, from shortly before sleep settles to its last quiet.

    Lying in bed awake after that is wake; a reason (str) where stages cannot be told.
    """
    return stage_night(
        samples, beats, motion, max(rest.onset_ts - LEAD_S, rest.bed_ts), rest.offset_ts
    )


def _breathing(line: BreathTimeline) -> dict[str, Any]:
    return _line(line.start_ts, line.brpm)


def _hrv(line: HrvTimeline) -> dict[str, Any]:
    return _line(line.ts, line.rmssd_ms)


def _line(ts: NDArray[np.float64], values: NDArray[np.float64]) -> dict[str, Any]:
    """Points at even distances as plain numbers, None where there is none."""
    return {
        "start_ts": float(ts[0]) if len(ts) else None,
        "step_s": float(ts[1] - ts[0]) if len(ts) > 1 else None,
        "values": [
            round(float(value), DETAIL_DECIMALS) if np.isfinite(value) else None for value in values
        ],
    }
