"""Sleep over days as metrics: regularity, social jetlag, need and debt, daily rhythm."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Final

from ..facts import DayFacts, calendar_days
from ..metric import DEGENERATE_SIGNAL, Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from ..profile import Profile
from .circadian import MIN_DAYS, complete, rhythm
from .jetlag import (
    MIN_NIGHTS_CHRONOTYPE,
    MIN_NIGHTS_EACH,
    Night,
    chronotype,
    mid_sleep_corrected,
    social_jetlag,
    weekend,
)
from .need_metrics import ROWS as NEED_ROWS, need_metrics
from .regularity import (
    MIN_NIGHTS,
    clock_h,
    on_this_clock,
    regularity_index,
    timing_consistency,
    zone_jump,
)

REGULAR_DAYS = 8
"""Seven pairs of days, each weekday once."""
MIN_REGULAR_PAIRS = 4
"""Five days (Windred et al. 2024 asked for as many)."""
TIMING_DAYS = 7
TIMING_CONFIDENCE = 0.7
JETLAG_DAYS = 28
FULL_JETLAG_NIGHTS = 14.0

_row = partial(MetricSpec, tier=Tier.HIGH, kind="trend")
OWN_ROWS: Final = (
    _row("sleep_regularity_index", "points", 0, label="Sleep regularity index", headline=True),
    _row("timing_consistency", "points", 0, label="Timing consistency"),
    _row("social_jetlag_h", "h", 1, label="Social jetlag"),
    _row("chronotype_h", "h", 1, label="Chronotype"),
    _row("interdaily_stability", "ratio", 2, label="Interdaily stability"),
    _row("intradaily_variability", "ratio", 2, label="Intradaily variability"),
    _row("relative_amplitude", "ratio", 2, label="Relative amplitude"),
    _row("m10_onset_h", "h", 0, label="Most active ten hours begin"),
    _row("l5_onset_h", "h", 0, label="Least active five hours begin"),
)
ROWS: Final = (*NEED_ROWS, *OWN_ROWS)
SPEC: Final = {row.key: row for row in OWN_ROWS}

_SPANS = ("asleep spans", "seen spans")
_SLEEP = ("sleep",)
_ACTIVITY = ("activity",)
_RHYTHM = (
    "interdaily_stability",
    "intradaily_variability",
    "relative_amplitude",
    "m10_onset_h",
    "l5_onset_h",
)
ZONE_JUMP = "zone_jump"
"""Reason: the wall clock moved by three hours or more in the days that are compared."""


def sleep_trends(
    facts: Mapping[date, DayFacts],
    day: date,
    profile: Profile,
    *,
    free: Callable[[date], bool] = weekend,
    strain: Mapping[date, float] | None = None,
) -> dict[str, Metric]:
    """Metrics of a day among the days before it: all of ``ROWS``, absent with a reason.

    ``facts`` hold the day itself and earlier calendar days, as many as there are of the last 90;
    others are not looked at. Of the profile the age and the wearer's own need are used. ``free``
    tells the days without work, the nights that end on them being free nights. ``strain`` is that
    of the days (0 to 21), of which the day and the one before are looked at. Times on another wall
    clock than the day's (three hours or more) are not compared with it.
    """
    clock = on_this_clock(facts, calendar_days(day, JETLAG_DAYS, including=True))
    return {
        "sleep_regularity_index": _regularity(facts, day),
        "timing_consistency": _timing(clock, day),
        **_jetlag(clock, day, free),
        **need_metrics(
            facts,
            day,
            age_years=profile.age_on(day),
            free=free,
            strain=strain,
            own_min=profile.sleep_need_min,
        ),
        **_rhythm(facts, day),
    }


def _regularity(facts: Mapping[date, DayFacts], day: date) -> Metric:
    spec = SPEC["sleep_regularity_index"]
    found = regularity_index(facts, calendar_days(day, REGULAR_DAYS, including=True))
    if found.sri is None or found.pairs < MIN_REGULAR_PAIRS:
        return spec.absent(need_input("day_pairs", found.pairs, MIN_REGULAR_PAIRS), _SPANS)
    return spec.measured(
        found.sri,
        clamp(found.pairs / (REGULAR_DAYS - 1) * found.coverage, 0.3, 0.95),
        _SPANS,
        drivers=(
            ("day_pairs", found.pairs),
            ("held_pairs", found.held),
            ("coverage", found.coverage),
        ),
    )


def _timing(clock: list[DayFacts], day: date) -> Metric:
    spec = SPEC["timing_consistency"]
    since = day - timedelta(days=TIMING_DAYS)
    nights = [fact for fact in clock if fact.day > since]
    onset = [clock_h(fact, fact.onset_ts) for fact in nights if fact.onset_ts is not None]
    offset = [clock_h(fact, fact.offset_ts) for fact in nights if fact.offset_ts is not None]
    found = timing_consistency(onset, offset)
    if found.score is None or found.onset_sd_min is None or found.offset_sd_min is None:
        return spec.absent(need_input("nights", found.nights, MIN_NIGHTS), _SLEEP)
    return spec.measured(
        found.score,
        clamp(TIMING_CONFIDENCE * found.nights / TIMING_DAYS, 0.3, TIMING_CONFIDENCE),
        _SLEEP,
        drivers=(
            ("onset_sd_min", found.onset_sd_min),
            ("offset_sd_min", found.offset_sd_min),
            ("nights", found.nights),
        ),
    )


def _jetlag(clock: list[DayFacts], day: date, free: Callable[[date], bool]) -> dict[str, Metric]:
    nights = [
        Night(
            clock_h(fact, (fact.onset_ts + fact.offset_ts) / 2.0),
            (fact.offset_ts - fact.onset_ts) / 3600.0,
            free(fact.day),
        )
        for fact in clock
        if fact.onset_ts is not None and fact.offset_ts is not None
    ]
    sure = clamp(len(nights) / FULL_JETLAG_NIGHTS, 0.3, 0.9)
    spec, late = SPEC["social_jetlag_h"], SPEC["chronotype_h"]
    found = social_jetlag(
        [night.mid_h for night in nights if night.free],
        [night.mid_h for night in nights if not night.free],
    )
    fewest = min(found.free_nights, found.work_nights)
    thin = need_input("nights_of_each_kind", fewest, MIN_NIGHTS_EACH)
    lag = spec.absent(thin, _SLEEP)
    if found.hours is not None and found.free_mid_h is not None and found.work_mid_h is not None:
        lag = spec.measured(
            found.hours,
            sure,
            _SLEEP,
            drivers=(("free_mid_h", found.free_mid_h), ("work_mid_h", found.work_mid_h)),
        )
    days = calendar_days(day, JETLAG_DAYS, including=True)
    corrected = mid_sleep_corrected(nights, sum(free(on) for on in days) / len(days))
    if corrected is None:
        if fewest >= MIN_NIGHTS_EACH:
            thin = need_input("nights", len(nights), MIN_NIGHTS_CHRONOTYPE)
        kind = late.absent(thin, _SLEEP)
    else:
        kind = late.measured(
            corrected % 24.0, sure, _SLEEP, note=f"chronotype:type={chronotype(corrected)}"
        )
    return {"social_jetlag_h": lag, "chronotype_h": kind}


def _rhythm(facts: Mapping[date, DayFacts], day: date) -> dict[str, Metric]:
    """Take the seven days before: the day itself is not over yet."""
    there = [facts[on] for on in calendar_days(day, MIN_DAYS) if on in facts]
    whole = [fact for fact in there if complete(fact.hourly_activity)]
    found = None
    reason = need_input("complete_days", len(whole), MIN_DAYS)
    if len(whole) == MIN_DAYS:
        reason = DEGENERATE_SIGNAL
        if any(zone_jump(before, after) for before, after in pairwise(whole)):
            reason = ZONE_JUMP
        else:
            found = rhythm([fact.hourly_activity for fact in whole])
    values: dict[str, float | None] = dict.fromkeys(_RHYTHM)
    sure = 0.0
    if found is not None:
        sure = clamp(found.days / MIN_DAYS, 0.3, 0.95) * found.observed
        values = dict(
            zip(
                _RHYTHM,
                (
                    found.stability,
                    found.variability,
                    found.amplitude,
                    found.m10_hour,
                    found.l5_hour,
                ),
                strict=True,
            )
        )
    return {
        key: SPEC[key].absent(reason, _ACTIVITY)
        if value is None
        else SPEC[key].measured(value, sure, _ACTIVITY)
        for key, value in values.items()
    }
