"""Days with a known load, and ends of the heart rate."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from custom_components.openstrap.engine.facts import DayFacts, clock_of
from custom_components.openstrap.engine.profile import Profile, Sex
from custom_components.openstrap.engine.training.anchors import Anchors
from custom_components.openstrap.engine.training.hr_max import HrMax
from custom_components.openstrap.engine.training.track import LEAD_S, STEPS, Track
from tests.engine.series import BERLIN, at

DAY = date(2026, 6, 10)
PROFILE = Profile(birth_year=1996, sex="m", height_cm=180.0, weight_kg=75.0)
QUIET = {70: 500, 85: 400}
"""Waking minutes of a day at a desk, by heart rate."""


def anchors_made(
    resting: float = 60.0, maximum: float = 187.0, sex: Sex | None = "m", nights: int = 28
) -> Anchors:
    """Make ends of the heart rate, the maximum told."""
    return Anchors(resting, HrMax(maximum, 2.0, "lab"), sex, nights, 0.867)


def day_made(day: date, wake_hr: Mapping[int, int] | None = None, **values: float) -> DayFacts:
    """Facts of a day in Berlin with these waking minutes by heart rate."""
    clock, end_ts = clock_of(day, BERLIN)
    return DayFacts(
        day=day,
        tz="Europe/Berlin",
        clock=clock,
        end_ts=end_ts,
        wake_hr=tuple(sorted((wake_hr or {}).items())),
        values=values,
    )


def history(
    days: int = 40, wake_hr: Mapping[int, int] = QUIET, day: date = DAY, **values: float
) -> dict[date, DayFacts]:
    """So many equal days, the last of them ``day``."""
    told = {"resting_hr_bpm": 55.0} | values
    return {
        on: day_made(on, wake_hr, **told)
        for on in (day - timedelta(days=back) for back in range(days))
    }


def track_made(
    hr_a_minute: Sequence[float], *, resting_min: int = 0, dyn_mg: float = 10.0, day: date = DAY
) -> Track:
    """Track of a day whose minutes have these heart rates, the first ``resting_min`` of them rest."""
    lead = int(LEAD_S // 60)
    hr = np.concatenate((np.full(lead, np.nan), np.asarray(hr_a_minute, dtype=np.float64)))
    waking = np.arange(len(hr)) >= lead + resting_min
    midnight = at(day, 0)
    return Track(
        midnight - LEAD_S, midnight, np.repeat(hr, STEPS), np.full(len(hr), dyn_mg), waking
    )
