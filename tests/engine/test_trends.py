"""What a day says among the days before it."""

from dataclasses import replace
from datetime import date, timedelta
import json

from hypothesis import given, settings, strategies as st
import numpy as np

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import NO_HISTORY, DayInputs, derive_day
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.metric import Tier
from custom_components.openstrap.engine.metric_spec import TRENDS as KINDS
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.trends import HISTORY_DAYS, OF_TONIGHT, derive_trends

from .series import BERLIN, demo_samples

DAY = date(2026, 6, 10)
ADULT = Profile(birth_year=1990, sex="m", height_cm=180.0, weight_kg=80.0)
TRENDS = {key for key, spec in CATALOG.items() if spec.kind in KINDS}
OF_A_NIGHT = {key for key in TRENDS if CATALOG[key].kind == "trend"}
STEADY = {
    "resting_hr_change_bpm", "resting_hr_change_days", "hrv_change_pct", "hrv_change_days",
}  # fmt: skip
"""Told of wearers alone who changed."""
WITHOUT_HISTORY = {"alertness_low", "alertness_high"}
"""They follow from one night's sleep."""
NOT_HERE = ("skin_temp", "cycle", "next_period", "hrr")
"""The demo wearer has no thermometer, did not ask for a cycle, and did no workout that day."""


def derived(day: date = DAY) -> DayResult:
    """Derive a day of the demo wearer."""
    return derive_day(DayInputs(day, BERLIN, demo_samples(5, day), ADULT))


RESULT = derived()
assert RESULT.facts is not None
FACTS = RESULT.facts


def earlier(back: int, **values: float) -> DayFacts:
    """Make facts of a day so many days before, like the day's own but for some values."""
    day, shift = DAY - timedelta(days=back), -86400.0 * back
    *easier, (bpm, minutes) = FACTS.wake_hr
    return replace(
        FACTS,
        day=day,
        end_ts=FACTS.end_ts + shift,
        onset_ts=None if FACTS.onset_ts is None else FACTS.onset_ts + shift,
        offset_ts=None if FACTS.offset_ts is None else FACTS.offset_ts + shift,
        clock=tuple((since + shift, ahead) for since, ahead in FACTS.clock),
        asleep=tuple((a + shift, b + shift) for a, b in FACTS.asleep),
        seen=tuple((a + shift, b + shift) for a, b in FACTS.seen),
        # Loads that are all the same have no monotony.
        wake_hr=(*easier, (bpm, minutes + back % 3)),
        values={**FACTS.values, **values},
    )


def month() -> list[DayFacts]:
    """Make four weeks that vary a little."""
    dice = np.random.default_rng(3)
    return [
        earlier(
            back,
            rmssd_ms=FACTS.values["rmssd_ms"] * float(np.exp(0.1 * dice.standard_normal())),
            resting_hr_bpm=FACTS.values["resting_hr_bpm"] + float(dice.standard_normal()),
            night_hr_median_bpm=55 + float(dice.standard_normal()),
            breathing_rate_brpm=14 + 0.3 * float(dice.standard_normal()),
        )
        for back in range(1, 29)
    ]


def test_a_day_alone_has_no_trends() -> None:
    """Until its history was asked, and then what is missing is named."""
    assert all(RESULT.metrics[key].note == NO_HISTORY for key in TRENDS)
    alone = derive_trends(RESULT, [], ADULT)
    for key in OF_A_NIGHT - WITHOUT_HISTORY:
        assert alone.metrics[key].value is None, key
    for key in TRENDS:
        assert alone.metrics[key].value is not None or alone.metrics[key].note != NO_HISTORY, key
    assert list(alone.metrics) == list(RESULT.metrics) == list(CATALOG)


def test_a_month_gives_them() -> None:
    """All but those that need what the demo wearer has not: a thermometer, hours of sitting still."""
    found = derive_trends(RESULT, month(), ADULT).metrics
    known = {key for key in TRENDS if found[key].value is not None}
    missing = {key for key in TRENDS - known - STEADY if not key.startswith(NOT_HERE)}
    # The heart's drift asks for more than a month.
    assert missing <= {"temperature_flag", "arousal_vs_usual_bpm", "resting_hr_drift_bpm"}
    assert 1.0 <= (found["recovery"].value or 0.0) <= 99.0
    assert found["body_alert"].value == 0
    assert abs(found["hrv_readiness_z"].value or 9.0) < 3
    assert found["illness_level"].value == 0
    assert (found["sleep_regularity_index"].value or 0) > 90


def test_a_raised_heart_rate_is_seen() -> None:
    """Three nights of it, whoever else sleeps as before."""
    past = {one.day: one for one in month()}
    for back in (1, 2):
        day = DAY - timedelta(days=back)
        past[day] = replace(past[day], values={**past[day].values, "resting_hr_bpm": 62.0})
    ill = replace(FACTS, values={**FACTS.values, "resting_hr_bpm": 63.0})
    found = derive_trends(replace(RESULT, facts=ill), past.values(), ADULT).metrics
    assert (found["illness_level"].value or 0) >= 1
    assert (found["resting_hr_deviation"].value or 0) > 2


def test_no_trend_claims_more_than_tonights_number() -> None:
    """Neither more confidence nor a bolder tier; all of them, and no other metric is touched."""
    past = month()
    unsure = {
        key: metric.at_most(Tier.RELATIVE, 0.31) if metric.value is not None else metric
        for key, metric in RESULT.metrics.items()
    }
    sure = derive_trends(RESULT, past, ADULT).metrics
    found = derive_trends(replace(RESULT, metrics=unsure), past, ADULT).metrics
    for key in OF_TONIGHT:
        assert found[key].confidence <= 0.31, key
        assert found[key].value is None or found[key].tier is Tier.RELATIVE, key
    assert found["hrv_readiness_z"].value == sure["hrv_readiness_z"].value
    assert OF_TONIGHT.keys() <= TRENDS
    # It follows from recovery, which had been held back before.
    assert found["strain_target"] == sure["strain_target"].at_most(Tier.RELATIVE, 0.31)
    for key in TRENDS - OF_TONIGHT.keys() - {"strain_target"}:
        assert found[key] == sure[key], key


@settings(max_examples=10)
@given(st.permutations(range(28)), st.integers(0, 3))
def test_order_and_the_future_do_not_matter(order: list[int], ahead: int) -> None:
    """Facts come in any order; later days, the day itself and days long ago change nothing."""
    past = month()
    mixed = [past[place] for place in order]
    later = [earlier(-shift, rmssd_ms=500.0) for shift in range(ahead + 1)]
    long_ago = [earlier(HISTORY_DAYS + 1 + shift, rmssd_ms=1.0) for shift in range(ahead)]
    assert derive_trends(RESULT, [*later, *mixed, *long_ago], ADULT) == derive_trends(
        RESULT, past, ADULT
    )


def test_trends_are_a_fixed_point_of_what_is_stored() -> None:
    """Also from facts that went through JSON, and on a result that has them already."""
    past = month()
    once = derive_trends(RESULT, past, ADULT)
    stored = [DayFacts.from_dict(json.loads(json.dumps(one.to_dict()))) for one in past]
    again = DayResult.from_dict(json.loads(json.dumps(once.to_dict())))
    assert derive_trends(again, stored, ADULT) == once


def test_a_result_without_facts_stays_as_it_is() -> None:
    """Such as one of an older algorithm."""
    old = replace(RESULT, facts=None)
    assert derive_trends(old, month(), ADULT) == old
