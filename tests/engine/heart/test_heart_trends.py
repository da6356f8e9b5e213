"""The heart beside earlier days, wrapped."""

from datetime import date, timedelta

import numpy as np
import pytest

from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.heart.heart_trends import ROWS, _elevated, heart_trends
from custom_components.openstrap.engine.metric import Metric

from .made import day_at, facts_made

DAYS = 100
DAY = date(2026, 6, 10)


def history(days: int = DAYS, seed: int = 1) -> dict[date, DayFacts]:
    """So many days of a steady wearer."""
    dice = np.random.default_rng(seed)
    hour = np.arange(24) + 0.5
    found = {}
    for at in range(days):
        values = {
            "rmssd_ms": float(np.exp(dice.normal(4.0, 0.1))),
            "resting_hr_bpm": 52.0 + float(dice.normal(0.0, 1.0)),
            "night_hr_median_bpm": 55.0 + float(dice.normal(0.0, 1.0)),
            "sleeping_hr_bpm": 56.0,
        }
        hr = 65.0 + 10.0 * np.cos(2 * np.pi * (hour - 16.0) / 24.0) + dice.normal(0.0, 1.0, 24)
        found[day_at(at)] = facts_made(
            day_at(at), values, hourly_hr=hr.tolist(), hourly_activity=[0.1] * 24
        )
    return found


def trends(facts: dict[date, DayFacts], at: int = DAYS - 1) -> dict[str, Metric]:
    """Trends of the day with this index."""
    return heart_trends(facts, day_at(at))


def value(found: dict[str, Metric], key: str) -> float:
    """Return the value of a metric that has one."""
    value = found[key].value
    assert value is not None
    return value


def with_values(facts: dict[date, DayFacts], at: int, **values: float) -> dict[date, DayFacts]:
    """Change values of one day."""
    old = facts[day_at(at)]
    new = facts_made(
        day_at(at),
        dict(old.values) | values,
        hourly_hr=old.hourly_hr,
        hourly_activity=old.hourly_activity,
    )
    return facts | {day_at(at): new}


def test_a_long_history_answers_everything() -> None:
    """Every row has a value, near what the history was made of."""
    found = trends(history())
    assert set(found) == {row.key for row in ROWS}
    assert all(row.kind == "trend" for row in ROWS)
    assert {key: metric.note for key, metric in found.items() if metric.value is None} == {}
    assert all(0.0 < metric.confidence <= 0.95 for metric in found.values())
    assert found["cosinor_acrophase_h"].value == pytest.approx(16.0, abs=0.3)
    assert found["cosinor_mesor_bpm"].value == pytest.approx(65.0, abs=0.5)
    assert found["cosinor_amplitude_bpm"].value == pytest.approx(10.0, abs=0.5)
    assert found["arousal_vs_usual_bpm"].value == pytest.approx(0.0, abs=1.5)
    assert found["hrv_7d_ln"].value == pytest.approx(4.0, abs=0.15)


def test_what_is_usual_and_what_is_a_change() -> None:
    """Beside a deviation stands the usual value, and the smallest change that is one."""
    facts = history()
    drivers = {key: dict(metric.drivers) for key, metric in trends(facts).items()}
    assert drivers["hrv_readiness_z"]["usual_ms"] == pytest.approx(np.exp(4.0), rel=0.1)
    assert drivers["resting_hr_deviation"]["usual_bpm"] == pytest.approx(52.0, abs=1.0)
    # Nights that vary by 1 differ by 1.4; 1.96 times that is no chance.
    assert drivers["resting_hr_deviation"]["detectable_bpm"] == pytest.approx(2.77, rel=0.4)
    assert drivers["hrv_night_z"]["detectable_ms"] == pytest.approx(2.77 * 5.5, rel=0.4)
    week = {on: fact for on, fact in facts.items() if on > day_at(DAYS - 6)}
    assert "detectable_bpm" not in dict(trends(week)["resting_hr_deviation"].drivers)


@pytest.mark.parametrize(("tonight", "raised"), [(58.0, 1.0), (55.9, 0.0), (50.0, 0.0)])
def test_a_raised_sleeping_heart_rate_is_told(tonight: float, raised: float) -> None:
    """Four beats and a twentieth above four weeks; with fewer than a week nothing is said."""
    sleeping = {DAY - timedelta(days=back): 52.0 for back in range(1, 29)} | {DAY: tonight}
    assert _elevated(sleeping, DAY) == (("sleeping_hr_elevated", raised),)
    few = {day: bpm for day, bpm in sleeping.items() if day >= DAY - timedelta(days=6)}
    assert _elevated(few, DAY) == ()
    assert _elevated({**sleeping, DAY - timedelta(days=40): 99.0}, DAY)[0][1] == raised


def test_no_history_says_what_is_missing() -> None:
    """The first day has reasons with counts, no numbers."""
    found = trends(history(1), 0)
    assert {key for key, metric in found.items() if metric.value is not None} == set()
    assert found["hrv_night_z"].note == "need_baseline:have=0,need=3"
    assert found["resting_hr_deviation"].note == "need_baseline:have=0,need=4"
    assert found["illness_level"].note == "need_baseline:have=0,need=7"
    assert found["cosinor_mesor_bpm"].note == "need_input:name=complete_days,have=1,need=3"
    assert found["hrv_cv_pct"].note == "need_input:name=nights,have=1,need=5"


def test_nothing_at_all() -> None:
    """No facts at all are no fault."""
    found = heart_trends({}, day_at(0))
    assert set(found) == {row.key for row in ROWS}
    assert all(metric.value is None and metric.note for metric in found.values())


def test_a_day_without_a_night_has_no_answer_of_the_night() -> None:
    """Earlier nights never stand in for tonight."""
    facts = history()
    facts[day_at(DAYS - 1)] = facts_made(day_at(DAYS - 1))
    found = trends(facts)
    assert found["hrv_readiness_z"].note == "need_input:name=rmssd_ms,have=0,need=1"
    assert found["illness_cusum"].note == "need_input:name=resting_heart_rate,have=0,need=1"
    assert found["night_signal"].note == "need_input:name=night_heart_rate,have=0,need=1"
    # The wave is that of the days before.
    assert found["cosinor_mesor_bpm"].value is not None


def test_later_days_and_today_s_own_baseline() -> None:
    """The future is not read, and today is not in what it is measured by."""
    facts = history()
    assert trends(facts, 80) == trends({d: f for d, f in facts.items() if d <= day_at(80)}, 80)
    raised = with_values(facts, DAYS - 1, resting_hr_bpm=70.0)
    found, usual = trends(raised), trends(facts)
    assert dict(found["resting_hr_deviation"].drivers)["usual_bpm"] == pytest.approx(
        dict(usual["resting_hr_deviation"].drivers)["usual_bpm"]
    )
    assert value(found, "resting_hr_deviation") > 4.0


def test_an_illness_shows() -> None:
    """Two raised nights are red for both watches, a quiet history is green."""
    facts = history()
    for at in (DAYS - 2, DAYS - 1):
        facts = with_values(facts, at, resting_hr_bpm=58.0, night_hr_median_bpm=62.0)
    found = trends(facts)
    assert found["illness_level"].value == found["night_signal"].value == 2.0
    assert value(found, "illness_cusum") > 4.0
    quiet = trends(history())
    assert quiet["illness_level"].value == quiet["night_signal"].value == 0.0


def test_hrv_that_falls_is_suppressed() -> None:
    """A low week and a low night, each by its own measure."""
    facts = history()
    for at in range(DAYS - 7, DAYS):
        facts = with_values(facts, at, rmssd_ms=float(np.exp(3.6)))
    found = trends(facts)
    assert value(found, "hrv_readiness_z") < -1.0
    assert found["hrv_readiness_z"].note == "band=suppressed"
    low = trends(with_values(history(), DAYS - 1, rmssd_ms=20.0))
    assert value(low, "hrv_night_z") < -3.0


def test_a_slow_heart_with_much_hrv_is_saturated() -> None:
    """High HRV is marked only where the heart is very slow."""
    facts = with_values(history(), DAYS - 1, rmssd_ms=120.0, sleeping_hr_bpm=45.0)
    assert dict(trends(facts)["hrv_night_z"].drivers)["saturated"] == 1.0
    facts = with_values(history(), DAYS - 1, rmssd_ms=120.0)
    assert dict(trends(facts)["hrv_night_z"].drivers)["saturated"] == 0.0


def test_constant_history_is_degenerate() -> None:
    """No spread, no z."""
    facts = history()
    for at in range(DAYS):
        facts = with_values(facts, at, rmssd_ms=50.0, resting_hr_bpm=55.0)
    found = trends(facts)
    assert found["hrv_readiness_z"].note == "degenerate_baseline:scale=0"
    assert found["illness_level"].note == "degenerate_baseline:scale=0"
    # The spread of this one has a floor.
    assert found["resting_hr_deviation"].value == pytest.approx(0.0)


def test_a_heart_without_a_daily_wave() -> None:
    """The level stands, the peak is refused; a flat line has neither."""
    dice = np.random.default_rng(8)
    facts = {
        day_at(at): facts_made(day_at(at), hourly_hr=(60.0 + dice.normal(0, 2.0, 24)).tolist())
        for at in range(7)
    }
    found = trends(facts, 6)
    assert found["cosinor_mesor_bpm"].value == pytest.approx(60.0, abs=1.0)
    assert str(found["cosinor_acrophase_h"].note).startswith("no_daily_wave:r2=")
    flat = {day_at(at): facts_made(day_at(at), hourly_hr=[60.0] * 24) for at in range(7)}
    assert trends(flat, 6)["cosinor_mesor_bpm"].note == "degenerate_signal"


def test_an_incomplete_day_ends_the_run_of_the_wave() -> None:
    """Five missing hours end the row of complete days."""
    facts = history(10)
    hours = [60.0] * 19 + [None] * 5
    facts[day_at(6)] = facts_made(day_at(6), hourly_hr=hours)
    found = trends(facts, 8)
    assert found["cosinor_mesor_bpm"].note == "need_input:name=complete_days,have=2,need=3"
    assert dict(trends(facts, 9)["cosinor_mesor_bpm"].drivers)["days"] == 3.0


def test_fewer_days_never_raise_confidence() -> None:
    """Whatever days are taken away."""
    facts, dice = history(), np.random.default_rng(5)
    whole = trends(facts)
    for share in (0.1, 0.3, 0.6, 0.9):
        gone = {day_at(at) for at in range(DAYS - 1) if dice.random() < share}
        thin = trends({d: f for d, f in facts.items() if d not in gone})
        for key, metric in thin.items():
            if key.startswith("cosinor"):
                continue  # how well a wave fits is its own confidence
            assert metric.confidence <= whole[key].confidence + 1e-9, key
