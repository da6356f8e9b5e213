"""One workout in depth, as the phone's page shows it."""

from datetime import tzinfo
from typing import Final

from ..answers import find_workout
from ..engine.insight.decimate import low_and_high
from ..engine.profile import Profile
from ..store import WearerStore
from .envelope import Json
from .refusal import not_found
from .session_rows import ZONES, session_row, whole, workout_id as answers_id
from .workout_now import heart_rates, measured_now

ZONE_NAMES: Final = ("Very light", "Light", "Moderate", "Hard", "Maximum")
MAX_OF_RANGE: Final = 0.5 / 0.4
"""Zones are equal shares: from zone 1 to the maximum it is half of the whole, to zone 5 0.4."""


def page(store: WearerStore, workout_id: str, now: float, zone: tzinfo, profile: Profile) -> Json:
    """Tell all that is known of a workout, also while it goes on; raises Refusal without it.

    ``hr`` are means of ten seconds, at most 500 of them. What no record tells is null, or an empty
    list.
    """
    one = find_workout(store, answers_id(workout_id), zone)
    if one is None:
        raise not_found("No such workout")
    one = measured_now(store, one, now, zone, profile)
    coverage = one.get("coverage")
    return {
        **session_row(one),
        "hr": _heart_rate(store, one, now, zone),
        "min_hr": whole(one.get("min_bpm")),
        "hr_drift_pct": one.get("drift_pct"),
        "time_to_peak_min": one.get("time_to_peak_min"),
        "zone_bands": _bands(one),
        "recovery_curve": [
            {"sec": after, "hr": whole(bpm), "drop": whole(lost)}
            for after, bpm, lost in one.get("recovery_curve") or ()
        ],
        "hrr_tau_s": one.get("hrr_tau_s"),
        "steps": one.get("steps"),
        "cadence_spm": whole(one.get("cadence_spm")),
        "coverage_pct": None if coverage is None else round(100.0 * coverage),
    }


def _heart_rate(store: WearerStore, one: Json, now: float, zone: tzinfo) -> list[Json]:
    start_ts, end_ts = one["start_ts"], now if one["end_ts"] is None else one["end_ts"]
    track = heart_rates(store, start_ts, end_ts, zone)
    if track is None:
        return []
    inside = (track.step_ts >= start_ts) & (track.step_ts < end_ts)
    ts, hr = track.step_ts[inside], track.hr_bpm[inside]
    return [{"t": int(ts[at]), "v": whole(hr[at])} for at in low_and_high(ts, hr)]


def _bands(one: Json) -> list[Json]:
    """Give the five zones with their limits (bpm), minutes and shares of the time in zones."""
    spent, floors = one.get("zone_s"), one.get("zone_floors_bpm")
    minutes = [None] * ZONES if spent is None else [round(s / 60.0, 1) for s in spent[1:]]
    total = 0.0 if spent is None else float(sum(spent[1:]))
    ends = _ends(floors, one.get("max_bpm"))
    return [
        {
            "zone": at + 1,
            "name": ZONE_NAMES[at],
            "lo": ends[at],
            "hi": ends[at + 1],
            "min": minutes[at],
            "pct": None if spent is None else round(100.0 * spent[at + 1] / total) if total else 0,
        }
        for at in range(ZONES)
    ]


def _ends(floors: list[float] | None, seen_bpm: float | None) -> list[int | None]:
    """Give the limits of the zones; the last is the maximum, or what was seen above it."""
    if not floors:
        return [None] * (ZONES + 1)
    maximum = floors[0] + MAX_OF_RANGE * (floors[-1] - floors[0])
    return [*(round(floor) for floor in floors), round(max(maximum, seen_bpm or 0.0))]
