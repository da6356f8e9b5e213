"""A night as it went: stages, heart rate, variability and breathing over time."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..engine.insight.decimate import low_and_high
from ..engine.metric import not_computed
from ..engine.sleep.hypnogram import decode
from ..engine.training.track import STEP_S, Track
from ..store import WearerStore
from .stored import Stored, asked
from .wording import NOT_DERIVED, Answer, span, unknown

MINUTE_S: Final = 60.0


def timeline(store: WearerStore, day: date | None, today: date) -> Answer:
    """Tell how the night went that ends on a day, the newest one for None.

    ``stages`` are runs, ``hr``, ``hrv`` and ``breathing`` have ``points`` of (epoch s, value): at
    most 500, the lowest and highest of each stretch of time, and none where nothing is known.
    """
    stored = asked(store, day, today, with_night=True)
    if not isinstance(stored, Stored):
        return stored
    metrics = stored.result.metrics
    onset, offset = metrics["rest_onset"], metrics["rest_offset"]
    if onset.value is None or offset.value is None:
        return unknown(onset.note or NOT_DERIVED, day=stored.result.day.isoformat())
    details = stored.result.details
    return stored.head() | {
        "in_bed": span(onset.value, offset.value, stored.zone),
        "stages": _stages(stored),
        "hr": _heart_rate(stored, onset.value, offset.value),
        "hrv": _line(details.get("hrv"), "ms", metrics["rmssd_ms"].note),
        "breathing": _line(details.get("breathing"), "br/min", metrics["breathing_rate_brpm"].note),
    }


def _stages(stored: Stored) -> Answer:
    text = stored.result.details.get("hypnogram")
    if text is None:
        return unknown(stored.result.metrics["sleep_min"].note or NOT_DERIVED)
    return {
        "known": True,
        "runs": [
            span(start_ts, end_ts, stored.zone)
            | {"stage": stage.name.lower(), "minutes": (end_ts - start_ts) / MINUTE_S}
            for start_ts, end_ts, stage in decode(text).segments()
        ],
    }


def _heart_rate(stored: Stored, start_ts: float, end_ts: float) -> Answer:
    """Means of ten seconds, which are kept from six hours before the day's midnight on."""
    text = stored.result.details.get("track")
    if text is None:
        return unknown(not_computed(stored.result.algorithm))
    track = Track.from_dict(text)
    inside = (track.step_ts >= start_ts - STEP_S / 2.0) & (track.step_ts < end_ts)
    return _points(track.step_ts[inside], track.hr_bpm[inside], "bpm", None)


def _line(line: Mapping[str, Any] | None, unit: str, note: str | None) -> Answer:
    if line is None or not line["values"]:
        return unknown(note or NOT_DERIVED)
    values = np.array(line["values"], dtype=np.float64)
    return _points(
        line["start_ts"] + (line["step_s"] or 0.0) * np.arange(len(values)), values, unit, note
    )


def _points(ts: NDArray[np.float64], values: ArrayLike, unit: str, note: str | None) -> Answer:
    series = np.asarray(values, dtype=np.float64)
    kept = low_and_high(ts, series)
    if not len(kept):
        return unknown(note or NOT_DERIVED)
    return {
        "known": True,
        "unit": unit,
        "points": [[float(ts[at]), round(float(series[at]), 2)] for at in kept],
    }
