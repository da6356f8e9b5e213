"""Recovery and readiness, wrapped."""

from datetime import date, timedelta
import math

import numpy as np
import pytest

from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.metric import Metric
from custom_components.openstrap.engine.recovery.bands import band_of
from custom_components.openstrap.engine.recovery.recovery_trends import ROWS, recovery_trends
from tests.engine.heart.made import facts_made

from .people import FIRST, NEED_MIN, lively, steady

HISTORY = steady(np.random.default_rng(2), 40).facts()


def day_at(at: int) -> date:
    """Tell a day of the history."""
    return FIRST + timedelta(days=at)


def trends(
    facts: dict[date, DayFacts], at: int = 39, need: float | None = NEED_MIN
) -> dict[str, Metric]:
    """Trends of a day."""
    return recovery_trends(facts, day_at(at), sleep_need_min=need)


def without(
    facts: dict[date, DayFacts], at: int, *keys: str, **values: float
) -> dict[date, DayFacts]:
    """Change the values of a day."""
    kept = {key: value for key, value in facts[day_at(at)].values.items() if key not in keys}
    return facts | {day_at(at): facts_made(day_at(at), kept | values)}


@pytest.mark.parametrize("at", [0, 3, 4, 6, 13, 39])
def test_every_row_always(at: int) -> None:
    """With a value or with a reason."""
    found = trends(HISTORY, at)
    assert list(found) == [row.key for row in ROWS]
    for row in ROWS:
        assert (found[row.key].unit, found[row.key].label) == (row.unit, row.label)
        assert (found[row.key].value is None) == (at < 4)
        assert found[row.key].note


def test_bands_never_contradict_the_numbers() -> None:
    """Whole points, and the band of them."""
    for at in range(4, 40):
        found = trends(HISTORY, at)
        for key in ("recovery", "readiness"):
            score = found[key].value
            assert score is not None and score == math.floor(score)
            assert found[f"{key}_band"].value == band_of(score)


def test_a_full_night() -> None:
    """Drivers in points, the largest first; as sure as it gets."""
    found = trends(HISTORY)["recovery"]
    assert found.confidence == pytest.approx(0.9)
    assert found.note == "baseline=trusted"
    assert {name for name, _ in found.drivers} == {
        "hrv_points",
        "resting_hr_points",
        "breathing_points",
        "sleep_points",
    }
    sizes = [abs(points) for _, points in found.drivers]
    assert sizes == sorted(sizes, reverse=True)
    assert found.value == pytest.approx(60.0 + sum(p for _, p in found.drivers), abs=0.5001)


def test_confidence_grows_with_the_baseline() -> None:
    """Provisional and unsure at first: absent, then surer night by night up to two weeks."""
    sure = [trends(HISTORY, at)["recovery"].confidence for at in range(20)]
    assert sure[:4] == [0.0] * 4
    assert sure[4:15] == sorted(sure[4:15])
    assert sure[4] < 0.3 < sure[14] == sure[19]
    notes = [trends(HISTORY, at)["recovery"].note for at in (3, 4, 13, 14)]
    assert notes == [
        "need_baseline:have=3,need=4",
        "baseline=provisional",
        "baseline=provisional",
        "baseline=trusted",
    ]


def test_missing_inputs_are_said() -> None:
    """Scored from the rest, less surely; without HRV not at all."""
    full = trends(HISTORY)["recovery"]
    no_need = trends(HISTORY, need=None)["recovery"]
    assert no_need.note == "baseline=trusted;without:sleep"
    bare = trends(without(HISTORY, 39, "sleep_min", "breathing_rate_brpm"))["recovery"]
    assert bare.note == "baseline=trusted;without:breathing,sleep"
    assert bare.value is not None
    assert 0.0 < bare.confidence < no_need.confidence < full.confidence
    assert bare.inputs_used == ("nightly HRV", "resting heart rate")
    absent = trends(without(HISTORY, 39, "rmssd_ms"))
    for key in ("recovery", "recovery_band"):
        assert absent[key].value is None
        assert absent[key].note == "need_input:name=rmssd_ms,have=0,need=1"
    assert absent["readiness"].value is not None
    unknown = recovery_trends({}, day_at(39), sleep_need_min=NEED_MIN)
    assert {metric.value for metric in unknown.values()} == {None}


def test_saturation_is_said_beside_the_score() -> None:
    """High HRV with a very slow heart; the score stands."""
    high = without(HISTORY, 39, "rmssd_ms", rmssd_ms=110.0)
    slow = without(high, 39, sleeping_hr_bpm=45.0)
    assert trends(slow)["recovery"].note == "baseline=trusted;saturated"
    assert trends(slow)["recovery"].value == trends(high)["recovery"].value
    assert trends(without(HISTORY, 39, sleeping_hr_bpm=45.0))["recovery"].note == "baseline=trusted"


def test_neither_order_nor_later_days_matter() -> None:
    """A day says the same whenever it is asked."""
    facts = lively(np.random.default_rng(4), 40).facts()
    backwards = dict(reversed(facts.items()))
    until = {day: fact for day, fact in facts.items() if day <= day_at(30)}
    assert trends(facts, 30) == trends(backwards, 30) == trends(until, 30)
