"""Energy: known answers, and that work never takes less."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.training.energy import (
    Body,
    basal_kcal_a_day,
    body_of,
    sleeping_energy,
    waking_energy,
    working_rate,
)
from custom_components.openstrap.engine.training.trimp import reserve
from custom_components.openstrap.engine.training.vo2max import Physique

from .wearers import anchors_made

ANCHORS = anchors_made()
BODY = Body(1648.75, 70.0, 48.426)
BASAL = 1648.75 / 1440.0


def test_basal() -> None:
    """Men and women."""
    assert basal_kcal_a_day(70.0, 175.0, 30.0, "m") == pytest.approx(1648.75)
    assert basal_kcal_a_day(60.0, 165.0, 30.0, "f") == pytest.approx(1320.25)
    assert body_of(Physique(30, "m", 70.0, 175.0), 48.426) == BODY


@pytest.mark.parametrize(
    ("bpm", "rate"), [(75, 3.021), (95, 5.447), (120, 8.481), (140, 10.907), (165, 13.941)]
)
def test_a_minute_of_work(bpm: float, rate: float) -> None:
    """From the share of the reserve between 60 and 187."""
    share = reserve([bpm], 60.0, 187.0)
    assert working_rate(share, 48.426, 70.0)[0] == pytest.approx(rate, abs=0.001)


def test_a_waking_minute() -> None:
    """Work by the heart, a quiet one by the body; basal is the same in both."""
    work = waking_energy(np.array([140.0]), 1.0, ANCHORS, BODY)
    assert work.total_kcal == pytest.approx(10.907, abs=0.001)
    assert work.basal_kcal == pytest.approx(BASAL)
    quiet = waking_energy(np.array([75.0]), 1.0, ANCHORS, BODY)
    assert quiet.total_kcal == pytest.approx(1.3 * BASAL)
    moved = waking_energy(np.array([75.0]), 1.0, ANCHORS, BODY, np.array([True]))
    assert moved.total_kcal == pytest.approx(3.021, abs=0.001)
    standing = waking_energy(np.array([65.0]), 1.0, ANCHORS, BODY, np.array([True]))
    assert standing.total_kcal == pytest.approx(1.3 * BASAL)


def test_a_sleeping_hour() -> None:
    """Nothing of it is active."""
    found = sleeping_energy(60.0, BODY)
    assert found.basal_kcal == pytest.approx(0.95 * 60.0 * BASAL)
    assert found.active_kcal == 0.0


def test_holes_take_nothing() -> None:
    """What was not observed is not filled in."""
    whole = waking_energy(np.array([140.0, np.nan]), 5.0, ANCHORS, BODY)
    assert whole == waking_energy(np.array([140.0]), 5.0, ANCHORS, BODY)
    assert waking_energy(np.array([]), 1.0, ANCHORS, BODY).total_kcal == 0.0


@given(st.lists(st.floats(40.0, 200.0), min_size=1, max_size=30), st.floats(0.0, 60.0))
def test_a_faster_heart_never_takes_less(rates: list[float], more: float) -> None:
    """And no minute takes less than a quiet one, whoever it is."""
    hr = np.array(rates)
    low, high = (waking_energy(at, 1.0, ANCHORS, BODY) for at in (hr, hr + more))
    assert high.active_kcal >= low.active_kcal - 1e-9
    assert low.active_kcal >= 0.3 * low.basal_kcal - 1e-9
    frail = waking_energy(hr, 1.0, ANCHORS, Body(1648.75, 70.0, 4.0))
    assert frail.active_kcal >= 0.3 * frail.basal_kcal - 1e-9
