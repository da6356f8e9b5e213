"""One day of one wearer: what the records of its night and day say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .catalog import CATALOG
from .heart.hrv import differences, root_mean_square
from .heart.nightly import MIN_WINDOW_DIFFERENCES, windowed_rmssd
from .heart.resting import MIN_COVERED, WINDOW_S as RESTING_WINDOW_S, resting_hr
from .metric import NO_SLEEP, Metric, clamp, hrv_refused, need_input, not_computed
from .profile import Profile
from .samples import Samples
from .signal.beats import Beats, place_beats
from .signal.clean import CleanBeats, clean_beats
from .signal.noise import Noise, judge_noise
from .signal.wear import Wear, WristEvent, judge_wear, seen_seconds, worn_seconds
from .sleep.window import RestWindow, Span, find_rest

ALGORITHM_VERSION = 2
"""Goes up with every change of what a day's records give; stored days carry it."""

TOLD_CONFIDENCE = 1.0
"""Wear by the strap's wrist events, all day long."""
WORN_CONFIDENCE = 0.8
"""Wear judged from records where there are no events."""
MIN_SEEN_S = 60
"""Of fewer seconds with a record nothing is said of a day's wear, not even that there was none."""
FULL_WINDOWS = 12
"""Five-minute windows for full confidence: one hour."""
FULL_BEATS = 250
FULL_HR_S = 7200.0


@dataclass(frozen=True, slots=True)
class DayInputs:
    """What a day is derived from: ``samples`` hold the records within ``window_of``.

    ``wrist`` holds the strap's wrist events within it, ascending.
    """

    day: date
    tz: tzinfo
    samples: Samples
    profile: Profile
    wrist: tuple[WristEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class DayResult:
    """What a day gave, under the algorithm's version. ``metrics`` has every key of the catalogue."""

    day: date
    timezone: str
    algorithm: int
    metrics: Mapping[str, Metric]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types; the same result always gives the same text."""
        return {
            "day": self.day.isoformat(),
            "timezone": self.timezone,
            "algorithm": self.algorithm,
            "metrics": {key: metric.to_dict() for key, metric in self.metrics.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> DayResult:
        """Undo ``to_dict``. Raises KeyError, TypeError or ValueError for anything else.

        Metrics that the day's algorithm did not know are absent; those of no use any more left out.
        """
        rows, unknown = dict(data["metrics"]), not_computed(data["algorithm"])
        return cls(
            day=date.fromisoformat(data["day"]),
            timezone=data["timezone"],
            algorithm=data["algorithm"],
            metrics={
                key: Metric.from_dict(rows[key]) if key in rows else spec.absent(unknown)
                for key, spec in CATALOG.items()
            },
        )


def window_of(day: date, tz: tzinfo) -> tuple[float, float]:
    """Epoch seconds [start, end) of the records a day needs: noon before to the day's end."""
    span = _span(day, tz)
    return span.start, span.end


def days_touched(ts: NDArray[np.float64], tz: tzinfo) -> set[date]:
    """Return the local days whose window holds at least one of the times (epoch s, any order).

    A record at 23:00 touches its day and the next, whose night it belongs to.
    """
    times = np.sort(np.asarray(ts, dtype=np.float64))
    candidates = {
        datetime.fromtimestamp(float(utc_day) * 86400.0, tz).date() + timedelta(days=shift)
        for utc_day in np.unique(np.floor(times / 86400.0))
        for shift in (-1, 0, 1, 2)
    }
    touched = set()
    for day in candidates:
        first, last = np.searchsorted(times, window_of(day, tz))
        if last > first:
            touched.add(day)
    return touched


def derive_day(inputs: DayInputs) -> DayResult:
    """Derive all metrics of a day. The same inputs give the same result, always.

    Without input every metric is absent and says what it misses.
    """
    span = _span(inputs.day, inputs.tz)
    samples = inputs.samples.between(span.start, span.end)
    wear = judge_wear(samples, inputs.wrist)
    metrics = {"worn_min": _worn(samples, wear, inputs.wrist, span)}
    rest = find_rest(samples, wear.worn, span)
    if isinstance(rest, str):
        for key in ("rest_onset", "rest_offset", "rest_duration_min"):
            metrics[key] = CATALOG[key].absent(rest)
    else:
        night = samples.between(rest.onset_ts, rest.offset_ts)
        within = _rest(rest) | {"resting_hr_bpm": _resting(night, rest)}
        within |= _variability(place_beats(night), rest.onset_ts)
        metrics |= {key: metric.at_most(rest.tier) for key, metric in within.items()}
    return DayResult(
        day=inputs.day,
        timezone=getattr(inputs.tz, "key", None) or str(inputs.tz),
        algorithm=ALGORITHM_VERSION,
        metrics={key: metrics.get(key) or spec.absent(NO_SLEEP) for key, spec in CATALOG.items()},
    )


def _span(day: date, tz: tzinfo) -> Span:
    def local(on: date, hour: int) -> float:
        return datetime.combine(on, time(hour), tz).timestamp()

    return Span(
        start=local(day - timedelta(days=1), 12),
        midnight=local(day, 0),
        noon=local(day, 12),
        end=local(day + timedelta(days=1), 0),
    )


def _worn(samples: Samples, wear: Wear, wrist: tuple[WristEvent, ...], span: Span) -> Metric:
    spec = CATALOG["worn_min"]
    first, last = np.searchsorted(samples.ts, (span.midnight, span.end))
    ts = samples.ts[first:last]
    if (seen := seen_seconds(ts)) < MIN_SEEN_S:
        return spec.absent(need_input("seen_s", seen, MIN_SEEN_S), ("records",))
    told = bool(wrist) and wrist[0][0] <= span.midnight and bool(wear.told[first:last].all())
    return spec.measured(
        worn_seconds(ts, wear.worn[first:last]) / 60.0,
        TOLD_CONFIDENCE if told else WORN_CONFIDENCE,
        ("records", "hr", "wrist events") if wrist else ("records", "hr"),
    )


def _rest(rest: RestWindow) -> dict[str, Metric]:
    values = {
        "rest_onset": rest.onset_ts,
        "rest_offset": rest.offset_ts,
        "rest_duration_min": (rest.offset_ts - rest.onset_ts) / 60.0,
    }
    return {
        key: CATALOG[key].measured(
            value, rest.confidence, ("accel", "hr"), drivers=rest.drivers, note=rest.note
        )
        for key, value in values.items()
    }


def _resting(night: Samples, rest: RestWindow) -> Metric:
    found = resting_hr(night.ts, night.hr_bpm, rest.onset_ts, rest.offset_ts)
    spec = CATALOG["resting_hr_bpm"]
    if found.bpm is None or found.p1_bpm is None:
        need = MIN_COVERED * RESTING_WINDOW_S
        return spec.absent(need_input("hr_s_in_30_min", found.best_window_s, need), ("hr",))
    return spec.measured(
        found.bpm,
        clamp(found.seconds / FULL_HR_S, 0.4, 0.95),
        ("hr",),
        drivers=(("p1_bpm", found.p1_bpm), ("hr_min", found.seconds / 60.0)),
    )


def _variability(beats: Beats, onset_ts: float) -> dict[str, Metric]:
    """Metrics of the beats of a rest window."""
    if not len(beats):
        reason = need_input("rr", 0, MIN_WINDOW_DIFFERENCES)
        keys = ("beats", "rr_clean_fraction", "rmssd_ms", "rmssd_whole_ms")
        return {key: CATALOG[key].absent(reason, ("rr",)) for key in keys}
    clean = clean_beats(beats)
    share = len(beats) / FULL_BEATS
    return {
        "beats": CATALOG["beats"].measured(len(beats), 1.0, ("rr",)),
        "rr_clean_fraction": CATALOG["rr_clean_fraction"].measured(
            1.0 - clean.artifact_fraction,
            clamp(share, 0.3, 0.95),
            ("rr", "hr"),
            drivers=(
                ("rejected_by_hr", clean.rejected / clean.total),
                ("unverified", clean.unverified / clean.total),
                ("corrected", clean.corrected / clean.total),
                ("dropped", clean.dropped / clean.total),
            ),
        ),
        "rmssd_ms": _nightly(beats, clean, onset_ts),
        "rmssd_whole_ms": _whole(clean),
    }


def _nightly(beats: Beats, clean: CleanBeats, onset_ts: float) -> Metric:
    spec = CATALOG["rmssd_ms"]
    found = windowed_rmssd(beats, onset_ts)
    windows = found.enough()
    if not len(windows):
        most = int(found.count.max(initial=0))
        return spec.absent(
            need_input("differences_in_5_min", most, MIN_WINDOW_DIFFERENCES), ("rr", "hr")
        )
    noise = judge_noise(found.step)
    if noise.refused:
        return spec.absent(hrv_refused(noise.acf1, noise.concentration), ("rr", "hr"))
    quality = noise.quality * (1.0 - clean.artifact_fraction)
    return spec.measured(
        float(np.median(windows)),
        clamp(clamp(len(windows) / FULL_WINDOWS, 0.0, 1.0) * quality, 0.3, 0.95),
        ("rr", "hr"),
        drivers=(
            ("windows", len(windows)),
            ("mean_ms", float(windows.mean())),
            *_noise_drivers(noise),
            ("artifact", clean.artifact_fraction),
        ),
        note="estimator:name=median_of_5_min_windows",
    )


def _whole(clean: CleanBeats) -> Metric:
    spec = CATALOG["rmssd_whole_ms"]
    step = differences(clean.nn_ms, clean.joined)
    value = root_mean_square(step)
    if value is None:
        return spec.absent(need_input("differences", 0, 1), ("rr", "hr"))
    noise = judge_noise(step)
    if noise.refused:
        return spec.absent(hrv_refused(noise.acf1, noise.concentration), ("rr", "hr"))
    quality = noise.quality * (1.0 - clean.artifact_fraction)
    return spec.measured(
        value,
        clamp(clamp(len(clean.nn_ms) / FULL_BEATS, 0.0, 1.0) * quality, 0.3, 0.95),
        ("rr", "hr"),
        drivers=(
            ("beats", len(clean.nn_ms)),
            *_noise_drivers(noise),
            ("artifact", clean.artifact_fraction),
        ),
    )


def _noise_drivers(noise: Noise) -> tuple[tuple[str, float], ...]:
    named = (("acf1", noise.acf1), ("concentration", noise.concentration))
    return tuple((name, value) for name, value in named if np.isfinite(value))
