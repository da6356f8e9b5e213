"""Capacity without an exercise test."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.openstrap.engine.training.vo2max import (
    Physique,
    Vo2Max,
    activity_mets,
    jurca_ml_kg_min,
    physique_of,
    vo2max_of,
)

from .wearers import DAY, PROFILE, anchors_made, day_made, history

ANCHORS = anchors_made()
PHYSIQUE = Physique(30, "m", 75.0, 180.0)


def found_of(wake_hr: dict[int, int], days: int = 30) -> Vo2Max:
    """Capacity after so many equal days."""
    found = vo2max_of(history(days, wake_hr), DAY, ANCHORS, PHYSIQUE)
    assert isinstance(found, Vo2Max)
    return found


def test_known_answer() -> None:
    """A man of 30, and a woman of the same."""
    assert jurca_ml_kg_min(30, 24.2, 55.0, "m", 1.76) == pytest.approx(48.426, abs=0.001)
    assert jurca_ml_kg_min(30, 24.2, 55.0, "f", 1.76) == pytest.approx(48.426 - 3.5 * 2.77)


@pytest.mark.parametrize(
    ("minutes", "mets"), [(0, 0.0), (9.9, 0.0), (10, 0.32), (20, 1.06), (60, 1.76), (180, 3.03)]
)
def test_activity(minutes: float, mets: float) -> None:
    """More minutes, more capacity."""
    assert activity_mets(minutes) == mets


def test_from_days() -> None:
    """The seated rate is a low one of the quiet minutes; effort is of a week."""
    found = found_of({64: 30, 70: 500, 85: 270, 130: 10})
    assert (found.seated_bpm, found.active_min_a_week, found.days) == (70.0, 70.0, 28)
    assert found.ml_kg_min == pytest.approx(
        jurca_ml_kg_min(30, 75.0 / 1.8**2, 70.0, "m", 1.76), rel=1e-9
    )
    assert found_of({64: 60, 70: 700}).seated_bpm == 64.0


def test_the_day_counts_only_where_it_is_alone() -> None:
    """A hard day does not change what its own energy is measured by."""
    facts = history(5) | {DAY: day_made(DAY, {70: 500, 150: 300})}
    found = vo2max_of(facts, DAY, ANCHORS, PHYSIQUE)
    assert isinstance(found, Vo2Max)
    assert (found.active_min_a_week, found.days) == (0.0, 4)
    alone = vo2max_of({DAY: facts[DAY]}, DAY, ANCHORS, PHYSIQUE)
    assert isinstance(alone, Vo2Max)
    assert alone.active_min_a_week == 2100.0


def test_nothing_is_assumed() -> None:
    """Each part of the body that was not told is named; short days are none."""
    for field, name in (
        ("birth_year", "birth_year"),
        ("sex", "sex"),
        ("weight_kg", "weight_kg"),
        ("height_cm", "height_cm"),
    ):
        without = replace(PROFILE, **{field: None})
        assert physique_of(without, DAY) == f"need_input:name={name},have=0,need=1"
    assert physique_of(PROFILE, DAY) == PHYSIQUE
    short = "need_input:name=days_of_600_waking_min,have=0,need=1"
    assert vo2max_of(history(5, {70: 599}), DAY, ANCHORS, PHYSIQUE) == short
    old = history(5, day=DAY - timedelta(days=29))
    assert vo2max_of(old, DAY, ANCHORS, PHYSIQUE) == short
    frail = Physique(85, "f", 110.0, 155.0)
    assert vo2max_of(history(5, {85: 700}), DAY, ANCHORS, frail) == (
        "need_input:name=capacity_mets,have=-0.8,need=1"
    )
    racing = history(5, {150: 700})
    assert vo2max_of(racing, DAY, ANCHORS, PHYSIQUE) == (
        "need_input:name=quiet_waking_min,have=0,need=1"
    )
