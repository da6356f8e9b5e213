"""What a derived day leaves behind for later days."""

from collections.abc import Callable, Mapping
from datetime import date, tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .breathing.temperature import MIN_READINGS, still_skin_c
from .facts import DAY_S, HOURS, MINUTE_S, UNIX_DAY, UNKNOWN_HOURS, Clock, DayFacts, clock_of
from .metric import Metric
from .night import Night
from .samples import Samples
from .signal.minutes import Minutes
from .signal.observed import observed_seconds
from .signal.runs import merge, runs
from .sleep.naps import Naps
from .training.track import Track

FULL_HOUR_MIN: Final = 30
"""Minutes with a heart rate, or seen moving or still, from which an hour counts (judgement)."""
MIN_CONFIDENCE: Final = 0.3
"""What is less sure is nothing to compare with, neither today nor later (judgement)."""
MIN_SEEN_SPAN_S: Final = 60.0
"""Shorter stretches of observation are dust: a day of a poor link would have thousands."""


def day_facts(
    day: date,
    tz: tzinfo,
    *,
    metrics: Mapping[str, Metric],
    minutes: Minutes,
    samples: Samples,
    worn: NDArray[np.bool_],
    night: Night,
    naps: Naps,
    track: Track,
) -> DayFacts:
    """Gather the facts of a day from what was derived of it.

    ``minutes``, ``samples`` and ``worn`` (n,) cover the stretch in which its night is looked for.
    """
    clock, end_ts = clock_of(day, tz)
    start_ts = clock[0][0]
    # Holes of less than a minute are bridged.
    observed = runs(observed_seconds(samples, worn, start_ts, int(end_ts - start_ts)))
    seen = [
        (start_ts + first, start_ts + last)
        for first, last in merge(*observed, MIN_SEEN_SPAN_S)
        if last - first >= MIN_SEEN_SPAN_S
    ]
    hour = _wall_hour(minutes.ts, day, clock)
    skin = still_skin_c(samples.skin_temp_c, samples.accel_g, worn)
    sleep = metrics["sleep_min"]
    asleep_min = sleep.value if sleep.confidence >= MIN_CONFIDENCE else None
    slept = night.asleep if asleep_min is not None else ()
    return DayFacts(
        day=day,
        tz=getattr(tz, "key", None) or str(tz),
        clock=clock,
        end_ts=end_ts,
        onset_ts=slept[0][0] if slept else None,
        offset_ts=slept[-1][1] if slept else None,
        tst_min=asleep_min if slept else None,
        nap_min=metrics["nap_min"].value,
        asleep=(*slept, *((nap.start_ts, nap.end_ts) for nap in naps.naps)),
        seen=tuple(seen),
        hourly_hr=_hourly(hour, minutes.hr_mean, np.median, FULL_HOUR_MIN),
        hourly_activity=_hourly(hour, minutes.moved, np.mean, FULL_HOUR_MIN),
        hourly_skin_c=UNKNOWN_HOURS
        if skin is None
        else _hourly(_wall_hour(samples.ts, day, clock), skin, np.median, MIN_READINGS),
        wake_hr=track.wake_hr(),
        values={
            key: metric.value
            for key, metric in metrics.items()
            if metric.value is not None and metric.confidence >= MIN_CONFIDENCE
        },
    )


def _wall_hour(ts: NDArray[np.float64], day: date, clock: Clock) -> NDArray[np.int64]:
    """Hour of the day by the clock on the wall, below 0 before its midnight."""
    since = np.array([step[0] for step in clock])
    ahead = np.array([step[1] for step in clock])
    place = np.maximum(np.searchsorted(since, ts, side="right") - 1, 0)
    wall = ts + MINUTE_S * ahead[place] - (day.toordinal() - UNIX_DAY) * DAY_S
    hour: NDArray[np.int64] = np.floor(wall / 3600.0).astype(np.int64)
    return hour


def _hourly(
    hour: NDArray[np.int64],
    values: NDArray[np.float64],
    middle: Callable[[NDArray[np.float64]], np.floating],
    least: int,
) -> tuple[float | None, ...]:
    """Bring the known values of each hour together, None where they are fewer than ``least``."""
    found: list[float | None] = []
    for at in range(HOURS):
        known = values[(hour == at) & np.isfinite(values)]
        found.append(float(middle(known)) if len(known) >= least else None)
    return tuple(found)
