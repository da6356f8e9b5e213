"""One day of one wearer: what the records of its night and day say."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .catalog import CATALOG
from .day_facts import day_facts
from .facts import DayFacts
from .heart.day_metrics import day_metrics
from .heart.stress_metrics import arousal_metrics
from .heart.zones import maximum_hr
from .metric import Metric, need_input
from .metric_rows import restore, shorten
from .night import Night, derive_night, no_night
from .profile import Profile
from .samples import Samples
from .signal.beats import place_beats
from .signal.calibration import Calibration, fit_calibration
from .signal.minutes import Minutes, minutes_of
from .signal.motion import STAGED_STEP_G, Motion, motion_of
from .signal.wear import Wear, WristEvent, judge_wear
from .sleep.groups import Span
from .sleep.nap_metrics import nap_metrics
from .sleep.naps import Naps, find_naps
from .sleep.window import find_night
from .training.track import Track, track_of
from .wear_metrics import wear_metrics

ALGORITHM_VERSION: Final = 3
"""Goes up with every change of what a day's records give; stored days carry it."""
DIP: Final = "nocturnal_dip_percent"
NO_HISTORY: Final = need_input("earlier_days", 0, 1)
"""Of what looks back on earlier days, until these were asked."""


@dataclass(frozen=True, slots=True)
class DayInputs:
    """What a day is derived from: ``samples`` hold the records within ``window_of``.

    ``wrist`` holds the strap's wrist events within it, ascending. ``motion`` stands in for the
    acceleration in the samples where a recording measured movement some other way.
    """

    day: date
    tz: tzinfo
    samples: Samples
    profile: Profile
    wrist: tuple[WristEvent, ...] = ()
    motion: Motion | None = None


@dataclass(frozen=True, slots=True)
class DayResult:
    """What a day gave, under the algorithm's version. ``metrics`` has every key of the catalogue.

    ``facts`` are what later days look back on, None for results of an older algorithm.
    ``details`` are what pictures show, as plain JSON types: ``hypnogram`` (of ``encode``),
    ``breathing`` and ``hrv`` (``start_ts``, ``step_s``, ``values``), ``naps``, ``calibration``,
    ``track`` (of ``Track.to_dict``).
    """

    day: date
    timezone: str
    algorithm: int
    metrics: Mapping[str, Metric]
    facts: DayFacts | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types; the same result always gives the same text."""
        rows, stories = shorten(self.metrics)
        return {
            "day": self.day.isoformat(),
            "timezone": self.timezone,
            "algorithm": self.algorithm,
            "metrics": rows,
            "stories": stories,
            "facts": None if self.facts is None else self.facts.to_dict(),
            "details": dict(self.details),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> DayResult:
        """Undo ``to_dict``. Raises KeyError, TypeError or ValueError for anything else.

        Metrics that the day's algorithm did not know are absent; those of no use any more left out.
        """
        rows, facts = data["metrics"], data.get("facts")
        return cls(
            day=date.fromisoformat(data["day"]),
            timezone=data["timezone"],
            algorithm=data["algorithm"],
            metrics=restore(rows, data.get("stories") or (), data["algorithm"]),
            facts=None if facts is None else DayFacts.from_dict(facts),
            details=dict(data.get("details") or {}),
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

    Without input every metric is absent and says what it misses. What looks back on earlier days
    is absent until ``derive_trends`` has asked them.
    """
    span = _span(inputs.day, inputs.tz)
    samples = inputs.samples.between(span.start, span.end)
    wear = judge_wear(samples, inputs.wrist)
    samples, calibration = _calibrated(samples, wear)
    motion = motion_of(samples, wear.worn) if inputs.motion is None else inputs.motion
    motion = motion.between(span.start, span.end)
    beats = place_beats(samples)
    minutes = minutes_of(samples, wear.worn, motion, beats, span.start, span.end)
    rest = find_night(samples, wear.worn, motion, span)
    if isinstance(rest, str):
        night = no_night(rest)
    else:
        night = derive_night(
            rest,
            samples,
            worn=wear.worn,
            motion=motion,
            minutes=minutes,
            beats=beats,
            turns=motion.above(STAGED_STEP_G) if inputs.motion is None else None,
        )
    main = None if isinstance(rest, str) else (rest.bed_ts, rest.rise_ts)
    day = span.midnight, span.end
    naps = find_naps(samples, wear.worn, motion, day, night=main)
    nap_spans = [(nap.start_ts, nap.end_ts) for nap in naps.naps]
    # The evening's part of the next night is no waking either.
    resting = [*nap_spans, *naps.deferred]

    track = track_of(samples, wear.worn, day, resting if main is None else [main, *resting])

    metrics = dict(night.metrics)
    metrics |= wear_metrics(samples, wear, inputs.wrist, day)
    metrics |= nap_metrics(naps)
    metrics |= day_metrics(samples, beats, motion, day=day, main=main, naps=resting)
    if not isinstance(rest, str):
        metrics[DIP] = metrics[DIP].at_most(rest.tier, rest.confidence)
    waking = minutes.between(*day)
    floor = metrics["resting_hr_bpm"]
    arousal = arousal_metrics(
        waking,
        _outside(waking, resting if main is None else [main, *resting]),
        floor.value,
        maximum_hr(inputs.profile, inputs.day),
    )
    metrics |= {
        key: metric.at_most(floor.tier, floor.confidence) for key, metric in arousal.items()
    }
    facts = day_facts(
        inputs.day,
        inputs.tz,
        metrics=metrics,
        minutes=minutes,
        samples=samples,
        worn=wear.worn,
        night=night,
        naps=naps,
        track=track,
    )
    return DayResult(
        day=inputs.day,
        timezone=facts.tz,
        algorithm=ALGORITHM_VERSION,
        metrics={key: metrics.get(key) or spec.absent(NO_HISTORY) for key, spec in CATALOG.items()},
        facts=facts,
        details=_details(night, naps, calibration, track),
    )


def _calibrated(samples: Samples, wear: Wear) -> tuple[Samples, Calibration | str]:
    """Correct the acceleration by what the worn records say of the sensor, if they say enough.

    Only records of the day itself are asked, so that the order in which days are derived
    does not matter.
    """
    found = fit_calibration(samples.ts[wear.worn], samples.accel_g[wear.worn])
    if isinstance(found, str):
        return samples, found
    return replace(samples, accel_g=found.apply(samples.accel_g)), found


def _outside(minutes: Minutes, spans: list[tuple[float, float]]) -> NDArray[np.bool_]:
    """Tell which minutes lie outside of all spans."""
    outside = np.ones(len(minutes), dtype=bool)
    for start, end in spans:
        outside &= (minutes.ts + 60.0 <= start) | (minutes.ts >= end)
    return outside


def _details(
    night: Night, naps: Naps, calibration: Calibration | str, track: Track
) -> dict[str, Any]:
    details = dict(night.details)
    details["track"] = track.to_dict()
    details["naps"] = [
        [nap.start_ts, nap.end_ts, nap.asleep_s, round(nap.confidence, 3)] for nap in naps.naps
    ]
    if isinstance(calibration, str):
        details["calibration"] = calibration
    else:
        details["calibration"] = {
            "gain": [round(float(value), 5) for value in calibration.gain],
            "offset_g": [round(float(value), 5) for value in calibration.offset_g],
            "error_g": round(calibration.error_after_g, 5),
        }
    return details


def _span(day: date, tz: tzinfo) -> Span:
    def local(on: date, hour: int) -> float:
        return datetime.combine(on, time(hour), tz).timestamp()

    return Span(
        start=local(day - timedelta(days=1), 12),
        midnight=local(day, 0),
        noon=local(day, 12),
        end=local(day + timedelta(days=1), 0),
    )
