"""Numbers that go along with others."""

from datetime import date, timedelta
import math

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.insight.associations import (
    ALIKE_INPUT,
    NO_CONTRAST,
    SPARSE,
    TAUTOLOGY,
    AssociationScan,
    Variable,
    associations_of,
)
from custom_components.openstrap.engine.insight.journal_effects import CHANCE, CONSTANT

from .made_days import MONDAY, remembering

DAYS = 140
STEPS = Variable("steps", "day", "steps", as_outcome=False)
SLEEP = Variable("sleep_min", "night", "min")
STRAIN = Variable("strain", "day", "")
READINESS = Variable("readiness", "night", "%", derived_from=frozenset({"hrv"}))
HRV = Variable("hrv", "night", "ms")


def daily(values: NDArray[np.float64]) -> dict[date, float]:
    """On consecutive days."""
    return {MONDAY + timedelta(days=day): float(value) for day, value in enumerate(values)}


def scan(variables: list[Variable], **values: NDArray[np.float64]) -> AssociationScan:
    """Scan made-up days."""
    return associations_of(variables, {key: daily(x) for key, x in values.items()}, seed=1)


def test_a_link_is_found_at_its_lag() -> None:
    """A day's steps with the night that follows it, a night with its own day."""
    rng = np.random.default_rng(1)
    steps = remembering(rng, DAYS, 0.3)
    sleep = np.concatenate(([0.0], steps[:-1])) + 0.5 * rng.normal(size=DAYS)
    strain = -sleep + 0.5 * rng.normal(size=DAYS)
    found = scan([STEPS, SLEEP, STRAIN], steps=steps, sleep_min=sleep, strain=strain)
    links = {(one.input, one.outcome): one for one in found.findings}
    assert links["steps", "sleep_min"].lag_days == 1
    assert links["steps", "sleep_min"].pairs == DAYS - 1
    assert links["steps", "sleep_min"].rho > 0.7
    assert (links["steps", "sleep_min"].contrast or 0) > 1
    assert links["sleep_min", "strain"].lag_days == 0
    assert links["sleep_min", "strain"].rho < -0.7
    assert not any(outcome == "steps" for _, outcome in links)
    assert found.span_days == DAYS
    assert found.confidence == pytest.approx(0.2 + 0.2 * DAYS / 365)
    assert found.to_dict()["tests"] == 4


def test_what_is_worked_out_from_it_is_no_finding() -> None:
    """Neither way round."""
    hrv = remembering(np.random.default_rng(2), DAYS, 0.3)
    found = scan([HRV, READINESS], hrv=hrv, readiness=hrv)
    assert [one.note for one in found.refused] == [TAUTOLOGY, TAUTOLOGY]
    assert not found.tested


def test_gates() -> None:
    """Half of the span, 84 days, and something that varies; imported days are no days."""
    rng = np.random.default_rng(3)
    full, flat = rng.normal(size=DAYS), np.zeros(DAYS)
    holes = np.where(np.arange(DAYS) % 3 == 0, full, np.nan)
    short = np.where(np.arange(DAYS) < 80, full, np.nan)
    found = scan([STEPS, SLEEP, STRAIN, HRV], steps=full, sleep_min=flat, strain=holes, hrv=short)
    notes = {one.input: one.note for one in found.refused}
    assert notes["sleep_min"] == CONSTANT
    assert notes["hrv"] == "need_input:name=days,have=80,need=84"
    values = {
        "steps": daily(full),
        "strain": {day: value for day, value in daily(holes).items() if math.isfinite(value)},
    }
    assert associations_of([STRAIN, STEPS], values, seed=1).refused[0].note == SPARSE
    days = [MONDAY + timedelta(days=day) for day in range(83)]
    imported = associations_of([STEPS], {"steps": daily(full)}, seed=1, measured=days)
    assert imported.refused[0].note == "need_input:name=days,have=83,need=84"
    assert associations_of([], {}, seed=1).note == "need_input:name=days,have=0,need=84"
    with pytest.raises(ValueError, match="once"):
        associations_of([STEPS, STEPS], {}, seed=1)


def test_two_inputs_that_say_the_same_count_once() -> None:
    """The stronger stays."""
    rng = np.random.default_rng(4)
    steps = rng.normal(size=DAYS)
    late = np.concatenate(([0.0], steps[:-1]))
    found = scan(
        [
            STEPS,
            Variable("walked", "day", "m", as_outcome=False),
            Variable("sleep_min", "night", "min", as_input=False),
        ],
        steps=steps,
        walked=steps + 0.3 * rng.normal(size=DAYS),
        sleep_min=late + 0.3 * rng.normal(size=DAYS),
    )
    assert [one.input for one in found.findings] == ["steps"]
    assert {one.input: one.note for one in found.tested} == {"steps": None, "walked": ALIKE_INPUT}


def test_rare_days_make_no_contrast() -> None:
    """Four days of something are too few to be a group."""
    rng = np.random.default_rng(5)
    rare = np.zeros(DAYS)
    rare[[20, 50, 80, 110]] = 1.0
    late = np.concatenate(([0.0], rare[:-1]))
    found = scan(
        [
            Variable("sick", "day", "", as_outcome=False, self_reported=True),
            Variable("hrv", "night", "ms", as_input=False),
        ],
        sick=rare,
        hrv=late * 50.0 + 0.01 * rng.normal(size=DAYS),
    )
    (one,) = found.tested
    assert one.note in (NO_CONTRAST, CHANCE)
    assert one.contrast is None
    assert {"self_reported", "binary_contrast"} <= set(one.caveats)


@pytest.mark.full
def test_unrelated_numbers() -> None:
    """Bodies that remember yesterday: hardly ever a finding among twenty pairs."""
    said = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        keys = [Variable(str(n), "night", "") for n in range(5)]
        found = scan(keys, **{str(n): remembering(rng, DAYS, 0.2 * n) for n in range(5)})
        said += bool(found.findings)
    assert said <= 8
