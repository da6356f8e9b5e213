"""Minutes and facts with known content."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custom_components.openstrap.engine.facts import UNKNOWN_HOURS, DayFacts, clock_of
from custom_components.openstrap.engine.signal.minutes import Minutes
from tests.engine.series import BERLIN

FIRST = date(2026, 3, 2)


def minutes_made(
    hr_bpm: ArrayLike,
    *,
    act_g: ArrayLike = 0.005,
    moved: ArrayLike = 0.0,
    worn: ArrayLike = True,
    rmssd_ms: ArrayLike = np.nan,
    start_ts: float = 1_700_006_400.0,
) -> Minutes:
    """Make one row per heart rate; one value stands for all."""
    hr = np.asarray(hr_bpm, dtype=np.float64)

    def column(values: ArrayLike) -> NDArray[np.float64]:
        return np.broadcast_to(np.asarray(values, dtype=np.float64), hr.shape).copy()

    known = np.isfinite(hr)
    return Minutes(
        start_ts=start_ts,
        hr_mean=hr,
        hr_min=hr,
        hr_max=hr,
        hr_n=np.where(known, 60, 0),
        seen_s=np.full(hr.shape, 60),
        worn=np.broadcast_to(np.asarray(worn, dtype=bool), hr.shape).copy(),
        act_g=column(act_g),
        moved=column(moved),
        rr_count=np.where(known, 60, 0),
        rmssd_ms=column(rmssd_ms),
        rr_sd_ms=column(np.nan),
    )


def series(values: Sequence[float], first: date = FIRST) -> dict[date, float]:
    """Give one value to each day from the first on."""
    return {first + timedelta(days=at): value for at, value in enumerate(values)}


def day_at(at: int) -> date:
    """Tell the day with this index in ``series``."""
    return FIRST + timedelta(days=at)


def facts_made(
    day: date,
    values: Mapping[str, float] | None = None,
    *,
    hourly_hr: Sequence[float | None] = UNKNOWN_HOURS,
    hourly_activity: Sequence[float | None] = UNKNOWN_HOURS,
    asleep: Sequence[tuple[float, float]] = (),
) -> DayFacts:
    """Make the facts of a day in Berlin."""
    clock, end_ts = clock_of(day, BERLIN)
    return DayFacts(
        day=day,
        tz="Europe/Berlin",
        clock=clock,
        end_ts=end_ts,
        asleep=tuple(asleep),
        hourly_hr=tuple(hourly_hr),
        hourly_activity=tuple(hourly_activity),
        values=dict(values or {}),
    )
