"""What a day cost the body: strain, load, zones, energy and capacity, wrapped."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..facts import DayFacts
from ..metric import Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from ..profile import Profile
from .anchors import Anchors, anchors_of
from .energy import MOVING_MG, Energy, body_of, sleeping_energy, waking_energy
from .held_peak import ceiling_bpm
from .hr_max import hr_max_of
from .loads import MIN_QUIET_MIN, DayLoad, day_loads, quiet_minutes
from .track import STEPS, Track
from .vo2max import ERROR_METS, ML_A_MET, Vo2Max, physique_of, vo2max_of
from .zones import FLOORS, zone_scale, zone_seconds

LOAD_CONFIDENCE: Final = 0.8
ENERGY_CONFIDENCE: Final = 0.5
CAPACITY_CONFIDENCE: Final = 0.4
UNSEEN_SHARE: Final = 0.5
"""Of the confidence in a capacity while no ceiling of this wearer was told or seen (judgement)."""
REFERENCE_SHARE: Final = 0.7
"""Of the confidence while the quiet cost is that of a reference person."""
FULL_WAKE_MIN: Final = 600
"""Waking, worn minutes from which a day counts in full."""
MIN_WAKE_MIN: Final = 10
"""Of fewer nothing is said (judgement)."""
MIN_SURE: Final = 0.01
REFERENCE_QUIET: Final = "quiet_source=reference"

_row = partial(MetricSpec, tier=Tier.ESTIMATE, kind="day_trend")
ROWS: Final = (
    _row("strain", "strain", 1, label="Strain", headline=True),
    _row("trimp", "TRIMP", 0, label="Training load"),
    _row("net_trimp", "TRIMP", 0, label="Training load above quiet"),
    _row("quiet_cost", "TRIMP/min", 3, label="Cost of a quiet minute"),
    *(
        _row(f"zone_{n}_min", "min", 0, label=f"Time in zone {n}")
        for n in range(1, len(FLOORS) + 1)
    ),
    _row("day_hr_max_bpm", "bpm", 0, label="Highest heart rate of the day", tier=Tier.HIGH),
    _row("hr_max_bpm", "bpm", 0, label="Maximum heart rate"),
    _row("active_kcal", "kcal", 0, label="Active energy", headline=True),
    _row("basal_kcal", "kcal", 0, label="Basal energy"),
    _row("total_kcal", "kcal", 0, label="Total energy"),
    _row("vo2max", "mL/kg/min", 1, label="VO2max"),
)
SPEC: Final = {row.key: row for row in ROWS}
LOADS: Final = ("strain", "trimp", "net_trimp")
ZONES: Final = tuple(f"zone_{n}_min" for n in range(1, len(FLOORS) + 1))
ENERGIES: Final = ("active_kcal", "basal_kcal", "total_kcal")
HR: Final = ("hr",)
ANCHORED: Final = ("hr", "resting heart rate", "maximum heart rate")
BODILY: Final = (*ANCHORED, "body")


def training_trends(
    facts: Mapping[date, DayFacts], day: date, profile: Profile, track: Track | None
) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day, from what is kept of it and of earlier days.

    ``track`` is the day's own. Without it zones and energy come from the minutes by heart rate
    alone, and the day has no highest heart rate of ten seconds.
    """
    known = {on: fact for on, fact in facts.items() if on <= day}
    metrics = {
        "hr_max_bpm": _maximum(known, day, profile),
        "day_hr_max_bpm": _day_peak(track, profile.age_on(day)),
    }
    anchors = anchors_of(known, day, profile)
    if isinstance(anchors, str):
        return _absent(metrics, anchors)
    # Capacity is of the days before: it is known where this one has no heart rate yet.
    physique = physique_of(profile, day)
    capacity = physique if isinstance(physique, str) else vo2max_of(known, day, anchors, physique)
    metrics["vo2max"] = _capacity(capacity, anchors)
    load = day_loads(known, day, anchors, 1).get(day)
    have = 0 if load is None else load.wake_min
    if load is None or have < MIN_WAKE_MIN:
        return _absent(metrics, need_input("waking_hr_min", have, MIN_WAKE_MIN))
    sure = clamp(have / FULL_WAKE_MIN, 0.0, 1.0) * anchors.confidence
    metrics |= _loads(load, sure, quiet_minutes(known[day].wake_hr, anchors))
    hr, minutes, moving = _waking(known[day], track)
    metrics |= _zones(hr, minutes, anchors, sure)
    if isinstance(physique, str):
        return _absent(metrics, physique)
    if isinstance(capacity, str):
        return _absent(metrics, capacity)
    body = body_of(physique, capacity.ml_kg_min)
    waking = waking_energy(hr, minutes, anchors, body, moving)
    asleep = sleeping_energy(_resting_min(known[day], track), body)
    metrics |= _energy(waking, asleep, sure)
    return {row.key: metrics[row.key] for row in ROWS}


def _absent(metrics: Mapping[str, Metric], reason: str) -> dict[str, Metric]:
    """Put the metrics in the order of the rows; those not yet found miss what ``reason`` says."""
    return {row.key: metrics.get(row.key) or row.absent(reason, ANCHORED) for row in ROWS}


def _maximum(facts: Mapping[date, DayFacts], day: date, profile: Profile) -> Metric:
    row, found = SPEC["hr_max_bpm"], hr_max_of(facts, day, profile)
    if isinstance(found, str):
        return row.absent(found)
    return row.measured(
        found.bpm,
        found.confidence,
        ("maximum heart rate",) if found.source == "lab" else ("age", "held heart rates"),
        drivers=(("sd_bpm", found.sd),),
        note=f"hr_max_source={found.source}",
    )


def _day_peak(track: Track | None, age: int | None) -> Metric:
    """Highest ten seconds of the day's heart rate, without what no heart of that age reaches."""
    row = SPEC["day_hr_max_bpm"]
    hr = np.empty(0) if track is None else track.of_day().hr_bpm
    hr = hr[hr <= ceiling_bpm(age)]
    if len(hr) < STEPS * MIN_WAKE_MIN:
        return row.absent(need_input("hr_min", len(hr) // STEPS, MIN_WAKE_MIN), HR)
    return row.measured(
        float(hr.max()), clamp(len(hr) / (STEPS * FULL_WAKE_MIN), 0.1, LOAD_CONFIDENCE), HR
    )


def _loads(load: DayLoad, sure: float, quiet_min: float) -> dict[str, Metric]:
    note = None if load.personal else REFERENCE_QUIET
    own = max(LOAD_CONFIDENCE * sure, MIN_SURE)
    net = own if load.personal else max(REFERENCE_SHARE * own, MIN_SURE)
    minutes = ("waking_min", float(load.wake_min))
    cost, strain = SPEC["quiet_cost"], SPEC["strain"]
    return {
        "strain": strain.measured(
            load.strain,
            net,
            ANCHORED,
            drivers=(("net_trimp", load.net), ("quiet_rate", load.quiet_rate), minutes),
            note=note,
        ),
        "trimp": SPEC["trimp"].measured(load.trimp, own, ANCHORED, drivers=(minutes,)),
        "net_trimp": SPEC["net_trimp"].measured(
            load.net,
            net,
            ANCHORED,
            drivers=(("trimp", load.trimp), ("quiet_rate", load.quiet_rate), minutes),
            note=note,
        ),
        "quiet_cost": cost.absent(
            need_input("quiet_waking_min", quiet_min, MIN_QUIET_MIN), ANCHORED
        )
        if load.quiet_cost is None
        else cost.measured(load.quiet_cost, own, ANCHORED),
    }


def _waking(
    facts: DayFacts, track: Track | None
) -> tuple[NDArray[np.float64], NDArray[np.float64] | float, NDArray[np.bool_] | None]:
    """Waking heart rates of a day, the minutes each was held, and whether the wrist moved then."""
    if track is None:
        hr, minutes = np.array(facts.wake_hr, dtype=np.float64).T
        return hr, minutes, None
    day = track.of_day()
    with np.errstate(invalid="ignore"):
        moving = day.dyn_mg >= MOVING_MG
    hr = np.where(np.repeat(day.waking, STEPS), day.hr_bpm, np.nan)
    return hr, 1.0 / STEPS, np.repeat(moving, STEPS)


def _resting_min(facts: DayFacts, track: Track | None) -> float:
    """Minutes of the day spent in rest, as far as observed; without a track those slept."""
    if track is None:
        return (facts.tst_min or 0.0) + (facts.nap_min or 0.0)
    day = track.of_day()
    return float((~day.waking & np.isfinite(day.minute_hr())).sum())


def _zones(
    hr: NDArray[np.float64], minutes: NDArray[np.float64] | float, anchors: Anchors, sure: float
) -> dict[str, Metric]:
    scale = zone_scale(anchors)
    below, *spent = (
        s / 60.0 for s in zone_seconds(hr, 60.0 * np.asarray(minutes), scale.floors_bpm)
    )
    return {
        key: SPEC[key].measured(
            found,
            max(sure, MIN_SURE),
            ANCHORED,
            drivers=(("floor_bpm", floor), *((("below_min", below),) if key == ZONES[0] else ())),
            note=f"zone_source={scale.source}",
        )
        for key, found, floor in zip(ZONES, spent, scale.floors_bpm, strict=True)
    }


def _energy(waking: Energy, asleep: Energy, sure: float) -> dict[str, Metric]:
    values = (
        waking.active_kcal,
        waking.basal_kcal + asleep.basal_kcal,
        waking.total_kcal + asleep.total_kcal,
    )
    return {
        key: SPEC[key].measured(value, max(ENERGY_CONFIDENCE * sure, MIN_SURE), BODILY)
        for key, value in zip(ENERGIES, values, strict=True)
    }


def _capacity(found: Vo2Max | str, anchors: Anchors) -> Metric:
    row = SPEC["vo2max"]
    if isinstance(found, str):
        return row.absent(found, BODILY)
    seen = 1.0 if anchors.hr_max.seen else UNSEEN_SHARE
    return row.measured(
        found.ml_kg_min,
        CAPACITY_CONFIDENCE * seen,
        BODILY,
        drivers=(
            ("error", ERROR_METS * ML_A_MET),
            ("seated_bpm", found.seated_bpm),
            ("active_min_a_week", found.active_min_a_week),
            ("days", float(found.days)),
        ),
    )
