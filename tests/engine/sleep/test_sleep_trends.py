"""Sleep over days, wrapped."""

from datetime import date, timedelta
import json
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.metric import Metric
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.sleep.jetlag import weekend
from custom_components.openstrap.engine.sleep.sleep_trends import ROWS, sleep_trends

from ..series import at
from .days import DAY, many, told

GROWN = Profile(birth_year=1986)
WAVE = tuple((0.5 + 0.4 * np.cos(2 * np.pi * (np.arange(24) - 14) / 24)).tolist())


def usual(day: date) -> DayFacts:
    """Seven hours before a work day, nine and a half, an hour later, before a free one."""
    night = (0.0, 9.5) if weekend(day) else (23.0, 6.0)
    return told(day, *night, hourly_activity=WAVE, values={"sleep_efficiency": 90.0})


def of(facts: dict[date, DayFacts], day: date = DAY, profile: Profile = GROWN) -> dict[str, Metric]:
    """Trends, with every row there; days that have values are of half the highest strain."""
    strain = {on: 10.5 for on, fact in facts.items() if fact.values}
    found = sleep_trends(facts, day, profile, strain=strain)
    assert set(found) == {row.key for row in ROWS}
    for row in ROWS:
        metric = found[row.key]
        assert (metric.unit, metric.tier, metric.label) == (row.unit, row.tier, row.label)
        assert row.kind == "trend"
    return found


def test_a_month_of_an_ordinary_life() -> None:
    """A month of an ordinary life."""
    found = of(many(100, usual))
    assert all(metric.value is not None for metric in found.values())
    # Twelve Sundays before this one, and this one too for the night that comes.
    base = 570 * 12 / 22 + 480 * 10 / 22
    coming = 570 * 13 / 23 + 480 * 10 / 23
    debt = 0.0
    for back in range(27, -1, -1):
        slept = 570.0 if weekend(DAY - timedelta(days=back)) else 420.0
        debt = min(max(0.85 * debt + base - slept, 0.0), 600.0)
    need = coming + min(debt, 60.0) + 22.5
    values = {key: metric.value for key, metric in found.items()}
    assert values["sleep_debt_min"] == pytest.approx(debt)
    assert values["sleep_need_min"] == pytest.approx(need)
    assert values["sleep_performance"] == pytest.approx(100 * 570 / (base + 60 + 22.5))
    assert values["bedtime"] == pytest.approx(
        at(DAY + timedelta(days=1), 6) - 60 * need / 0.9, abs=1e-3
    )
    assert values["social_jetlag_h"] == pytest.approx(2.25)
    mean = (7 * 20 + 9.5 * 8) / 28
    assert values["chronotype_h"] == pytest.approx(4.75 - (9.5 - mean) / 2)
    assert found["chronotype_h"].note == "chronotype:type=moderate_early"
    # Two of seven pairs differ: 23 to 24 and 6 to 9:30 are 4.5 h of 24.
    assert values["sleep_regularity_index"] == pytest.approx(200 * (1 - 2 * 4.5 / 168) - 100)
    assert values["interdaily_stability"] == pytest.approx(1.0)
    assert (values["m10_onset_h"], values["l5_onset_h"]) == (9, 0)


def test_the_need_of_a_night_is_what_was_told_the_evening_before() -> None:
    """The need of a night is what was told the evening before."""
    facts = many(100, usual)
    told_before = of(
        {day: fact for day, fact in facts.items() if day < DAY}, DAY - timedelta(days=1)
    )["sleep_need_min"].value
    drivers = dict(of(facts)["sleep_performance"].drivers)
    assert drivers["need_min"] == told_before


def test_nothing_known() -> None:
    """Nothing known."""
    for metric in of({}, profile=Profile()).values():
        assert (metric.value, metric.confidence) == (None, 0.0)
    reasons = {key: metric.note for key, metric in of(many(1, usual)).items()}
    assert reasons["sleep_regularity_index"] == "need_input:name=day_pairs,have=0,need=4"
    assert reasons["timing_consistency"] == "need_input:name=nights,have=1,need=3"
    assert reasons["social_jetlag_h"] == "need_input:name=nights_of_each_kind,have=0,need=2"
    assert reasons["sleep_debt_min"] == "need_input:name=free_nights,have=0,need=1"
    assert reasons["sleep_need_min"] == "without:debt_min"
    assert reasons["interdaily_stability"] == "need_input:name=complete_days,have=0,need=7"


def test_a_told_need_is_used_and_named() -> None:
    """In debt, performance and bedtime as well; the notes say whose word it is."""
    facts = many(100, usual)
    own = Profile(birth_year=1986, sleep_need_min=450.0)
    found, learnt = of(facts, profile=own), of(facts)
    debt = 0.0
    for back in range(27, -1, -1):
        slept = 570.0 if weekend(DAY - timedelta(days=back)) else 420.0
        debt = min(max(0.85 * debt + 450.0 - slept, 0.0), 600.0)
    assert found["sleep_debt_min"].value == pytest.approx(debt)
    need = 450.0 + min(debt, 60.0) + 22.5
    assert found["sleep_need_min"].value == pytest.approx(need)
    assert dict(found["sleep_need_min"].drivers)["base_min"] == 450.0
    assert dict(found["bedtime"].drivers)["need_min"] == pytest.approx(need)
    for key in ("sleep_need_min", "sleep_debt_min", "sleep_performance"):
        assert found[key].note == "own_need"
        assert found[key].confidence == learnt[key].confidence
        assert learnt[key].note is None
    others = {row.key for row in ROWS} - {
        "sleep_need_min", "sleep_debt_min", "sleep_performance", "bedtime",
    }  # fmt: skip
    assert {key: found[key] for key in others} == {key: learnt[key] for key in others}


def test_a_told_need_needs_no_age_and_no_free_night() -> None:
    """Known at once; debt and performance still want the nights."""
    found = of({DAY: told(DAY)}, profile=Profile(sleep_need_min=500.0))
    assert found["sleep_need_min"].value == 500.0
    assert found["sleep_need_min"].note == "own_need;without:debt_min,strain"
    assert found["sleep_need_min"].confidence == pytest.approx(0.6 * 0.8)
    assert found["sleep_performance"].value == pytest.approx(96.0)
    assert found["sleep_debt_min"].note == "need_input:name=nights,have=1,need=4"


def test_without_an_age_no_need() -> None:
    """Without an age no need."""
    found = of(many(40, usual), profile=Profile())
    for key in ("sleep_need_min", "sleep_debt_min", "sleep_performance", "bedtime"):
        assert found[key].value is None
        assert found[key].note == "need_input:name=birth_year,have=0,need=1"
    assert found["sleep_regularity_index"].value is not None


def test_without_a_main_sleep_nothing_of_the_night() -> None:
    """Without a main sleep nothing of the night."""
    facts = many(40, usual)
    none = {"onset_ts": None, "offset_ts": None, "tst_min": None, "asleep": ()}
    facts[DAY] = told(DAY, **none)  # type: ignore[arg-type]  # None for each
    found = of(facts)
    assert found["sleep_debt_min"].note == "no_sleep"
    assert found["sleep_performance"].note == "no_sleep"
    need = found["sleep_need_min"]
    assert need.note == "without:debt_min,strain"
    assert need.value is not None
    assert need.confidence < of(many(40, usual))["sleep_need_min"].confidence


def test_the_calendar_decides_what_is_recent() -> None:
    """Nights of a month ago do not slip into a week with holes."""
    old = {day: fact for day, fact in many(60, usual).items() if day < DAY - timedelta(days=30)}
    found = of(old | {DAY: usual(DAY)})
    for key in ("timing_consistency", "social_jetlag_h", "sleep_regularity_index"):
        assert found[key].value is None
    assert found["sleep_debt_min"].note == "need_input:name=nights,have=1,need=4"


def test_today_and_later_are_in_no_baseline() -> None:
    """Today and later are in no baseline."""
    facts = many(40, usual)
    later = facts | {DAY + timedelta(days=1): told(DAY + timedelta(days=1), 3.0, 12.0)}
    assert of(later) == of(facts)
    busy = facts | {DAY: told(DAY, 0.0, 9.5, hourly_activity=(0.9, *[0.1] * 23))}
    for key in ("interdaily_stability", "m10_onset_h"):
        assert of(busy)[key] == of(facts)[key]


def test_order_of_days_and_storage_change_nothing() -> None:
    """Order of days and storage change nothing."""
    facts = many(40, usual)
    stored = {
        day: DayFacts.from_dict(json.loads(json.dumps(facts[day].to_dict())))
        for day in sorted(facts, reverse=True)
    }
    assert of(stored) == of(facts)


def test_a_journey_holds_what_it_makes_incomparable() -> None:
    """A journey holds what it makes incomparable."""
    away = ZoneInfo("Asia/Tokyo")
    facts = many(40, usual)
    for back in (0, 1):
        day = DAY - timedelta(days=back)
        facts[day] = told(day, tz=away, hourly_activity=WAVE)
    found = of(facts)
    assert found["timing_consistency"].note == "need_input:name=nights,have=2,need=3"
    assert found["social_jetlag_h"].value is None
    assert found["interdaily_stability"].note == "zone_jump"
    assert dict(found["sleep_regularity_index"].drivers)["held_pairs"] == 1
    assert found["sleep_debt_min"].value is not None


def test_confidence_falls_with_missing_days() -> None:
    """Confidence falls with missing days."""
    facts = many(40, usual)
    thin = {day: fact for day, fact in facts.items() if (DAY - day).days not in (2, 3)}
    whole, less = of(facts), of(thin)
    for key, metric in less.items():
        assert metric.confidence <= whole[key].confidence, key
    assert less["sleep_debt_min"].confidence < whole["sleep_debt_min"].confidence
    assert less["timing_consistency"].confidence < whole["timing_consistency"].confidence


def test_no_movement_is_no_rhythm() -> None:
    """No movement is no rhythm."""
    facts = many(9, lambda day: told(day, hourly_activity=(0.0,) * 24))
    assert of(facts)["interdaily_stability"].note == "degenerate_signal"


def test_bedtime_knows_the_night_of_the_change() -> None:
    """The clock goes forward in the coming night: to bed an hour earlier by the clock before."""
    saturday = date(2026, 3, 28)
    facts = many(
        60, lambda day: told(day, 22.0, 7.0, values={"sleep_efficiency": 90.0}), last=saturday
    )
    found = of(facts, saturday)
    need = found["sleep_need_min"].value
    assert need is not None
    assert found["bedtime"].value == pytest.approx(
        at(date(2026, 3, 29), 7) - 60 * need / 0.9, abs=1
    )


def test_free_days_may_be_told() -> None:
    """Free days may be told."""
    facts = many(40, told)
    found = sleep_trends(facts, DAY, GROWN, free=lambda day: day.weekday() in (1, 2))
    assert found["social_jetlag_h"].value == 0.0
    assert found["chronotype_h"].value == pytest.approx(3.0)
    assert sleep_trends(facts, DAY, GROWN, free=lambda _: False)["sleep_need_min"].value is None


def test_performance_is_by_the_debt_of_the_evening_before() -> None:
    """A short night lowers no need of its own, it raises that of the next."""
    facts = many(40, lambda day: told(day, 22.0, 7.0))
    facts[DAY] = told(DAY, 2.0, 7.0)
    found = of(facts)
    # Five Sundays of nine hours against ten nights' worth of eight.
    assert dict(found["sleep_performance"].drivers)["need_min"] == pytest.approx(500)
    assert dict(found["sleep_need_min"].drivers)["debt_min"] == pytest.approx(200)
    assert found["sleep_need_min"].value == pytest.approx(
        dict(found["sleep_need_min"].drivers)["base_min"] + 60
    )


def test_bedtime_is_for_the_kind_of_day_that_follows() -> None:
    """After a Friday people sleep longer than after a Sunday."""
    friday = DAY - timedelta(days=2)
    found = of(many(60, usual, last=friday), friday)
    assert dict(found["bedtime"].drivers)["wake_h"] == 9.5
    assert dict(of(many(60, usual))["bedtime"].drivers)["wake_h"] == 6.0


def test_regularity_is_less_sure_of_what_was_not_seen() -> None:
    """Days of which hours are missing make the same pairs, with less in them."""

    def partly(day: date) -> DayFacts:
        whole = told(day)
        return told(day, seen=((whole.start_ts, at(day, 8)),))

    whole, part = (of(many(9, make))["sleep_regularity_index"] for make in (told, partly))
    assert whole.value == part.value == 100.0
    assert dict(whole.drivers)["day_pairs"] == dict(part.drivers)["day_pairs"]
    assert part.confidence < whole.confidence


def test_only_strain_that_was_measured_adds_to_the_need() -> None:
    """Half of the strain there is adds half of 45 min to the night after; none adds nothing."""
    facts = many(40, usual)
    without = sleep_trends(facts, DAY, GROWN)["sleep_need_min"]
    zero = sleep_trends(facts, DAY, GROWN, strain={DAY: 0.0})["sleep_need_min"]
    half = sleep_trends(facts, DAY, GROWN, strain={DAY: 10.5})["sleep_need_min"]
    before = {DAY - timedelta(days=1): 21.0, DAY + timedelta(days=1): 21.0}
    other = sleep_trends(facts, DAY, GROWN, strain=before)
    assert half.value == pytest.approx((without.value or 0.0) + 22.5)
    assert (zero.value, zero.note) == (without.value, None)
    assert without.note == other["sleep_need_min"].note == "without:strain"
    assert other["sleep_need_min"].value == without.value
    assert dict(other["sleep_performance"].drivers)["need_min"] == pytest.approx(
        dict(sleep_trends(facts, DAY, GROWN)["sleep_performance"].drivers)["need_min"] + 45
    )
