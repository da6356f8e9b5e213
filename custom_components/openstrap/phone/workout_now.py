"""The heart rate of a workout, and what of it is known before its day is derived.

By the day's own rules, so that the numbers stay once the day is there. Times are epoch s.
"""

from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

import numpy as np

from .. import analysis
from ..engine.motion.indices import worn_dyn_g
from ..engine.profile import Profile
from ..engine.rollup import best_minutes
from ..engine.samples import build_samples
from ..engine.signal.minutes import MINUTE_S
from ..engine.signal.wear import judge_wear
from ..engine.training.anchors import anchors_of
from ..engine.training.breakdown import Scale, breakdown
from ..engine.training.track import Track, track_of
from ..store import WearerStore
from .envelope import Json
from .lines import track_of as track_of_row

AFTER_S: Final = 240.0
"""Records after the end that tell how the heart came down, s."""
LEAST_S: Final = 1.0
"""What has only begun has nothing to tell, s."""
OF_WHOLE_DAY: Final = ("strain", "trimp", "kcal")
"""Depend on what the rest of the day costs, so they wait for it."""


def measured_now(store: WearerStore, one: Json, now: float, zone: tzinfo, profile: Profile) -> Json:
    """Add to a pending workout, as ``answers`` gives it, what is known of it until ``now``.

    Heart rates, zones and recovery follow from the records; what depends on the whole day is absent
    until that is derived. One that is measured comes back as it was, and so does one of which there
    is no reading yet.
    """
    start_ts, end_ts = one["start_ts"], now if one["end_ts"] is None else one["end_ts"]
    if not one["pending"] or end_ts - start_ts < LEAST_S:
        return one
    one = one | {"duration_min": (end_ts - start_ts) / MINUTE_S}
    track = heart_rates(store, start_ts, end_ts, zone)
    if track is None:
        return one | _of_minutes(store, start_ts, end_ts)
    day = datetime.fromtimestamp(end_ts, zone).date()
    found = breakdown(
        track.step_ts, track.hr_bpm, (start_ts, end_ts), _scale(store, day, profile)
    ).to_dict()
    return one | {key: None if key in OF_WHOLE_DAY else found[key] for key in found}


def heart_rates(store: WearerStore, start_ts: float, end_ts: float, zone: tzinfo) -> Track | None:
    """Give a track that holds the heart rate of a stretch; None without any reading of it.

    As the day keeps it that was derived, else by the records, which may have come since.
    """
    day = datetime.fromtimestamp(end_ts, zone).date()
    reach = timedelta(days=1)
    tracks = [track_of_row(row) for row in store.days(day - reach, day + reach)]
    tracks.append(_recorded(store, start_ts, end_ts))
    known = [(_readings(track, start_ts, end_ts), track) for track in tracks if track is not None]
    best = max(known, key=lambda one: one[0], default=(0, None))
    return best[1] if best[0] else None


def _readings(track: Track, start_ts: float, end_ts: float) -> int:
    inside = (track.step_ts >= start_ts) & (track.step_ts < end_ts)
    return int(np.isfinite(track.hr_bpm[inside]).sum())


def _recorded(store: WearerStore, start_ts: float, end_ts: float) -> Track | None:
    samples = build_samples(store.records(start_ts - MINUTE_S, end_ts + AFTER_S))
    if not len(samples.ts):
        return None
    worn = judge_wear(samples).worn
    stretch = (start_ts, end_ts + AFTER_S)
    return track_of(samples, worn, stretch, (), dyn_g=worn_dyn_g(samples, worn))


def _scale(store: WearerStore, day: date, profile: Profile) -> Scale | None:
    facts = {one.day: one for one in analysis.history_of(store, day + timedelta(days=1))}
    anchors = anchors_of(facts, day, profile)
    return None if isinstance(anchors, str) else Scale(anchors)


def _of_minutes(store: WearerStore, start_ts: float, end_ts: float) -> dict[str, Any]:
    """Tell the heart rate by the sums of minutes, which live readings are in too."""
    found = best_minutes(store.minutes(start_ts, end_ts))
    known = found.hr_n > 0
    if not known.any():
        return {}
    return {
        "avg_bpm": round(float(np.average(found.hr_bpm[known], weights=found.hr_n[known])), 1),
        "max_bpm": float(found.hr_max[known].max()),
        "min_bpm": float(found.hr_min[known].min()),
    }
