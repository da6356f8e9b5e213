"""Made-up days, stored as derived ones are, for tests of what reads results."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import ALGORITHM_VERSION
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.facts import DayFacts, clock_of
from custom_components.openstrap.engine.metric_spec import TRENDS
from custom_components.openstrap.engine.sleep.hypnogram import Hypnogram, Stage, encode
from custom_components.openstrap.engine.training.track import STEPS, Track
from custom_components.openstrap.store import DayRow, WearerStore

BERLIN = ZoneInfo("Europe/Berlin")
MISSING = "need_input:name=made_up,have=0,need=1"
"""Why the metrics that a made-up day does not name are absent."""
CONFIDENCE = 0.8
LEAD_MIN = 360


def local(day: date, hour: int, minute: int = 0, zone: ZoneInfo = BERLIN) -> float:
    """Epoch seconds of a local time."""
    return datetime.combine(day, time(hour, minute), zone).timestamp()


def values_of(day: date) -> dict[str, float]:
    """Give numbers of an ordinary day that differ a little from day to day."""
    wave = day.toordinal() % 7
    return {
        "recovery": 55.0 + 3 * wave,
        "strain": 8.0 + wave,
        "sleep_min": 420.0 + 5 * wave,
        "sleep_need_min": 450.0,
        "sleep_efficiency": 90.0,
        "rmssd_ms": 50.0 + wave,
        "resting_hr_bpm": 55.0 - 0.5 * wave,
        "sleeping_hr_bpm": 57.0,
        "breathing_rate_brpm": 14.5,
        "steps": 6000.0 + 500 * wave,
        "worn_min": 1400.0,
        "wear_streak_days": 3.0,
    }


def workout(
    start_ts: float, end_ts: float, *, workout_id: str | None = None, **beside: Any
) -> dict[str, Any]:
    """Make a workout as a derived day lists it."""
    return {
        "id": workout_id,
        "start_ts": start_ts,
        "end_ts": end_ts,
        "kind": "run",
        "kind_confidence": 0.7,
        "source": "detected" if workout_id is None else "told",
        "confidence": 0.9,
        "duration_min": (end_ts - start_ts) / 60.0,
        "coverage": 1.0,
        "avg_bpm": 140.0,
        "zone_s": [0, 0, 600, 1200, 0, 0],
        "strain": 9.5,
        "kcal": 300.0,
        **beside,
    }


def made_day(
    day: date,
    values: Mapping[str, float] | None = None,
    *,
    zone: ZoneInfo = BERLIN,
    night: bool = True,
    workouts: Iterable[Mapping[str, Any]] = (),
    records: Iterable[Mapping[str, Any]] = (),
    algorithm: int = ALGORITHM_VERSION,
) -> DayResult:
    """Make a day: in bed from 23:00 to 07:00, of which the first and last ten minutes awake."""
    known = values_of(day) if values is None else dict(values)
    bed, rise = local(day - timedelta(days=1), 23, 0, zone), local(day, 7, 0, zone)
    details: dict[str, Any] = {
        "naps": [[local(day, 14, 0, zone), local(day, 14, 30, zone), 1500.0, 0.6]]
    }
    if night:
        known |= {"rest_onset": bed, "rest_offset": rise}
        details |= _night(bed, rise)
    clock, end_ts = clock_of(day, zone)
    midnight = local(day, 0, 0, zone)
    minutes = LEAD_MIN + int((end_ts - midnight) // 60)
    details["track"] = Track(
        midnight - 60.0 * LEAD_MIN,
        midnight,
        55.0 + np.arange(STEPS * minutes, dtype=np.float64) % 30.0,
        np.full(minutes, 20.0),
        np.ones(minutes, dtype=bool),
    ).to_dict()
    details["trends"] = {
        "workouts": [dict(one) for one in workouts],
        "curve": {"start_ts": midnight, "after_s": [0, 43200, 86340], "strain": [0.0, 4.0, 8.5]},
        "coach": {"plan": [], "summary": {"recovery": known.get("recovery")}},
        "health": {"findings": []},
        "records": [dict(one) for one in records],
    }
    return DayResult(
        day=day,
        timezone=zone.key,
        algorithm=algorithm,
        metrics={
            key: spec.measured(known[key], CONFIDENCE, ("made up",), drivers=(("made_up", 1.0),))
            if key in known
            else spec.absent(MISSING)
            for key, spec in CATALOG.items()
        },
        facts=DayFacts(
            day=day,
            tz=zone.key,
            clock=clock,
            end_ts=end_ts,
            values={key: value for key, value in known.items() if CATALOG[key].kind not in TRENDS},
        ),
        details=details,
    )


def _night(bed: float, rise: float) -> dict[str, Any]:
    middle = (bed + rise) / 2.0
    stages = Hypnogram.from_segments(
        [
            (bed, bed + 600.0, Stage.WAKE),
            (bed + 600.0, middle, Stage.LIGHT),
            (middle, middle + 3600.0, Stage.DEEP),
            (middle + 3600.0, rise - 600.0, Stage.REM),
            (rise - 600.0, rise, Stage.WAKE),
        ]
    )
    steps = int((rise - bed) // 60)
    return {
        "hypnogram": encode(stages),
        "hrv": {
            "start_ts": bed + 300.0,
            "step_s": 60.0,
            "values": [None if at % 50 == 0 else 40.0 + at % 20 for at in range(steps)],
        },
        "breathing": {"start_ts": bed, "step_s": 180.0, "values": [14.0, None, 15.0]},
    }


def row_of(result: DayResult, *, final: bool = True) -> DayRow:
    """Wrap a result as the store keeps it."""
    return DayRow(
        day=result.day,
        timezone=result.timezone,
        algorithm=result.algorithm,
        final=final,
        records=80000,
        result=result.to_dict(),
    )


def store_days(store: WearerStore, results: Iterable[DayResult], *, final: bool = True) -> None:
    """Keep results; a job for the worker."""
    for result in results:
        store.save_day(row_of(result, final=final))


def made_days(last: date, days: int, **how: Any) -> list[DayResult]:
    """Make so many days in a row, up to one."""
    return [made_day(last - timedelta(days=back), **how) for back in range(days - 1, -1, -1)]
