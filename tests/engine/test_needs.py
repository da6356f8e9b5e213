"""What metrics need, by taking it away: whatever then goes needed it, and nothing else did."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import numpy as np
import pytest

from custom_components.openstrap.engine.catalog import CATALOG, Source
from custom_components.openstrap.engine.day import DayInputs, derive_day
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.day_window import span_of
from custom_components.openstrap.engine.demo_story import day_story
from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.needs import FREE_OF, NEEDING, SOURCES, needs_of
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.told import NOTHING_TOLD, Told
from custom_components.openstrap.engine.trends import derive_trends

from .series import BERLIN, demo_samples

SEED: Final = 6
DAY: Final = date(2026, 6, 5)
"""A day with a workout, after a night with REM sleep."""
WEEK: Final = 7
HISTORY: Final = 70
STEP_BACK: Final = 20
"""Days ago on which resting heart rate and HRV took on a new level."""
SITTING_H: Final = (10, 12, 13, 15, 17, 20)
REST_G: Final = (0.012, -0.015, 1.021)
"""What the demo wearer's sensor reads in a still hand."""
WHOLE: Final = Profile(birth_year=1990, sex="f", height_cm=170.0, weight_kg=65.0)
TOLD: Final = Told(
    period_starts=tuple(DAY - timedelta(days=back) for back in (96, 68, 40, 12)),
    cycle_tracking=True,
)

NEVER: Final = frozenset({"sleep_latency_min"})
"""Absent with everything: it waits for lights out, which nobody can tell as yet."""


def as_it_is(samples: Samples) -> Samples:
    """Take nothing away."""
    return samples


def without_heart_rate(samples: Samples) -> Samples:
    """Leave no record with a reading."""
    return replace(samples, hr_bpm=np.zeros_like(samples.hr_bpm))


def without_beats(samples: Samples) -> Samples:
    """Leave no interval."""
    return replace(samples, rr_ms=np.empty(0), rr_index=np.empty(0, dtype=np.int64))


def without_movement(samples: Samples) -> Samples:
    """Leave no acceleration."""
    return replace(samples, accel_g=np.full_like(samples.accel_g, np.nan))


def without_skin_temperature(samples: Samples) -> Samples:
    """As from a band without a thermometer."""
    return replace(samples, skin_temp_c=None)


def without_steps(samples: Samples) -> Samples:
    """As from a band that does not count."""
    return replace(samples, step_counter=None)


def without_night(samples: Samples) -> Samples:
    """Leave the waking day, which ends two hours before its midnight."""
    midnight = samples.ts[-1] // 3600.0 * 3600.0 + 3600.0
    return samples.between(midnight - 14.5 * 3600.0, midnight - 2.0 * 3600.0)


@dataclass(frozen=True, slots=True)
class Life:
    """What there is of a wearer."""

    change: Callable[[Samples], Samples] = as_it_is
    profile: Profile = WHOLE
    told: Told = TOLD
    history: int = HISTORY


EVERYTHING: Final = Life()
WITHOUT: Final[tuple[tuple[Source, Life], ...]] = (
    ("heart rate", Life(without_heart_rate)),
    ("beats", Life(without_beats)),
    ("movement", Life(without_movement)),
    ("skin temperature", Life(without_skin_temperature)),
    ("steps", Life(without_steps)),
    ("night", Life(without_night)),
    ("earlier days", Life(history=0)),
    ("birth year", Life(profile=replace(WHOLE, birth_year=None))),
    ("sex", Life(profile=replace(WHOLE, sex=None))),
    ("height and weight", Life(profile=replace(WHOLE, height_cm=None))),
    ("height and weight", Life(profile=replace(WHOLE, weight_kg=None))),
    ("told", Life(told=NOTHING_TOLD)),
)


@cache
def full_samples(day: date) -> Samples:
    """Make records of a demo day with every column.

    The wearer sits still for some of the hours, and the heart calms down after a workout.
    """
    samples = demo_samples(SEED, day)
    ts, midnight = samples.ts, span_of(day, BERLIN).midnight
    hour = (ts - midnight) / 3600.0
    accel, hr = samples.accel_g.copy(), samples.hr_bpm.astype(np.float64)
    if DAY - day in {timedelta(days=back) for back in (0, 2, 3, 4)}:
        accel[np.isin(np.floor(hour), SITTING_H) & (hour * 2.0 % 1.0 < 0.3)] = REST_G
    for workout in day_story(SEED, day, BERLIN).workouts:
        after = (ts >= workout.end_ts) & (ts < workout.end_ts + 1200.0)
        last = hr[np.searchsorted(ts, workout.end_ts - 20.0)]
        hr[after] = 72.0 + (last - 72.0) * np.exp(-(ts[after] - workout.end_ts) / 40.0)
        accel[after] = REST_G
    jerk = np.linalg.norm(np.diff(accel, axis=0, prepend=accel[:1]), axis=1)
    steps = np.cumsum(np.where(jerk > 0.1, 1.8, 0.0) * np.diff(ts, prepend=ts[0]))
    warmer = 0.1 * (day.toordinal() * 7 % 5 - 2)
    return replace(
        samples,
        accel_g=accel,
        hr_bpm=np.round(hr).astype(np.int16),
        skin_temp_c=33.5 + warmer + 0.8 * np.cos((hour - 3.0) / 12.0 * np.pi),
        step_counter=steps.astype(np.int64) % 65536,
    )


def moved_to(fact: DayFacts, back: int) -> DayFacts:
    """Make facts of a day so many days ago out of those of another one, a little different."""
    day = DAY - timedelta(days=back)
    shift = 86400.0 * (day - fact.day).days
    values = {key: value * (1.0 + 0.004 * (back * 5 % 7 - 3)) for key, value in fact.values.items()}
    if back > STEP_BACK:
        for key, times in (("resting_hr_bpm", 1.12), ("rmssd_ms", 0.45)):
            if key in values:
                values[key] *= times
    moved: dict[str, Any] = {
        name: ts + shift
        for name in ("end_ts", "onset_ts", "offset_ts")
        if (ts := getattr(fact, name)) is not None
    }
    for name in ("asleep", "seen"):
        moved[name] = tuple((a + shift, b + shift) for a, b in getattr(fact, name))
    clock = tuple((since + shift, ahead) for since, ahead in fact.clock)
    return replace(fact, day=day, clock=clock, values=values, **moved)


def derived(day: date, life: Life) -> DayResult:
    """Derive a day of its own."""
    samples = life.change(full_samples(day))
    return derive_day(DayInputs(day, BERLIN, samples, life.profile, told=life.told))


@cache
def known(life: Life) -> frozenset[str]:
    """Give the metrics that are present on the day, after weeks of such days."""
    result = derived(DAY, life)
    week = [result.facts]
    if life.history:
        week += [derived(DAY - timedelta(days=back), life).facts for back in range(1, WEEK)]
    facts = [one for one in week if one is not None]
    if life.change is without_night:
        # A waking day that is taken for a night would prove nothing.
        facts = [one for one in facts if one.tst_min is None]
        assert len(facts) > 3
    history = [moved_to(facts[back % len(facts)], back) for back in range(1, life.history + 1)]
    found = derive_trends(result, history, life.profile, life.told)
    return frozenset(key for key, metric in found.metrics.items() if metric.value is not None)


def test_the_catalogue_says_it() -> None:
    """Each source once, in the order of all; and all of them are needed by something."""
    for key, row in CATALOG.items():
        assert row.needs == tuple(source for source in SOURCES if source in row.needs), key
    assert CATALOG["steps"].needs == ("steps",)
    assert CATALOG["recovery"].needs == ("heart rate", "beats", "movement", "night", "earlier days")
    assert {source for row in CATALOG.values() for source in row.needs} == set(SOURCES)


def test_every_source_is_told_one_way() -> None:
    """By those that need it, or by those that do not."""
    assert FREE_OF.keys() | NEEDING.keys() == set(SOURCES)
    assert not FREE_OF.keys() & NEEDING.keys()


def test_what_is_not_in_the_catalogue_is_refused() -> None:
    """A metric that was renamed must not lose what it needs."""
    with pytest.raises(ValueError, match=r"not in the catalogue: hr_max_bpm, steps$"):
        needs_of(CATALOG.keys() - {"steps", "hr_max_bpm"})


@pytest.mark.full
def test_everything_gives_all() -> None:
    """But for what no source can give."""
    assert known(EVERYTHING) == CATALOG.keys() - NEVER


@pytest.mark.full
@pytest.mark.parametrize(("source", "life"), WITHOUT, ids=[source for source, _ in WITHOUT])
def test_what_goes_without_a_source_needs_it(source: Source, life: Life) -> None:
    """All of it, and nothing that stays does."""
    needing = {key for key in known(EVERYTHING) if source in CATALOG[key].needs}
    assert known(EVERYTHING) - known(life) == needing
    assert known(life) <= known(EVERYTHING)


def test_every_source_is_taken_away() -> None:
    """None is only said."""
    assert {source for source, _ in WITHOUT} == set(SOURCES)


@pytest.mark.full
def test_what_was_told_or_held_stands_in_for_the_age() -> None:
    """A told maximum heart rate gives arousal; what needs norms of an age stays away."""
    ageless = Life(profile=replace(WHOLE, birth_year=None))
    told = Life(profile=replace(WHOLE, birth_year=None, hr_max_bpm=185.0))
    assert "arousal_score" in known(told) - known(ageless)
    assert "strain" in known(ageless)
    assert "sleep_need_min" not in known(told)


@pytest.mark.full
def test_an_own_need_stands_in_for_the_age() -> None:
    """All that counts sleep against its need is there; energy still needs the age."""
    ageless = Life(profile=replace(WHOLE, birth_year=None))
    told = Life(profile=replace(WHOLE, birth_year=None, sleep_need_min=450.0))
    assert known(told) - known(ageless) == {
        "sleep_need_min",
        "sleep_debt_min",
        "sleep_performance",
        "bedtime",
        "wake_target",
        "sleep_streak_days",
    }
    assert "vo2max" not in known(told)
