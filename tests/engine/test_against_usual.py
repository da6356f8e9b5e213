"""A value beside the wearer's own usual."""

from datetime import date, timedelta

import pytest

from custom_components.openstrap.engine.against_usual import EWMA_DAYS, against_usual, usual
from custom_components.openstrap.engine.baseline import RESTING_HR_BPM
from custom_components.openstrap.engine.metric import Metric, Tier
from custom_components.openstrap.engine.metric_spec import MetricSpec

DAY = date(2026, 6, 10)
IN_DEVIATIONS = MetricSpec("z", "sd", 2, Tier.HIGH, "z", headline=False, kind="trend")
AS_DIFFERENCE = MetricSpec("d", "Δbpm", 1, Tier.HIGH, "d", headline=False, kind="trend")


def steady(nights: int, tonight: float | None = 65.0, *, back: int = 1) -> dict[date, float]:
    """Make nights at 60, the last one so many days before tonight."""
    values = {DAY - timedelta(days=back + at): 60.0 for at in range(nights)}
    return values if tonight is None else values | {DAY: tonight}


def of(values: dict[date, float], row: MetricSpec = IN_DEVIATIONS) -> Metric:
    """Wrap tonight."""
    return against_usual(
        row,
        RESTING_HR_BPM,
        values,
        DAY,
        name="bpm",
        inputs=("hr",),
        missing="none",
        drivers=(("a", 1.0),),
    )


def test_in_deviations_and_as_a_difference() -> None:
    """Each has the other as a driver."""
    z = 5.0 / (1.253 * 2.0)
    found = of(steady(28))
    assert found.value == pytest.approx(z, abs=1e-6)
    assert dict(found.drivers) == {"usual_bpm": 60.0, "difference_bpm": 5.0, "a": 1.0}
    assert (found.confidence, found.note) == (0.9, "baseline=trusted")
    other = of(steady(28), AS_DIFFERENCE)
    assert other.value == 5.0
    assert dict(other.drivers) == pytest.approx({"usual_bpm": 60.0, "z": z, "a": 1.0}, abs=1e-6)


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ({}, "none"),
        (steady(28, None), "none"),
        (steady(3), "need_baseline:have=3,need=4"),
        (steady(28, back=16), "need_baseline:have=0,need=4"),
        (steady(28, back=EWMA_DAYS + 1), "need_baseline:have=0,need=4"),
    ],
    ids=["nothing", "no tonight", "few", "stale", "too long ago"],
)
def test_no_usual(values: dict[date, float], note: str) -> None:
    """And why."""
    found = of(values)
    assert (found.value, found.confidence, found.note) == (None, 0.0, note)


def test_more_nights_are_never_less_sure() -> None:
    """And tonight is not in its own baseline."""
    sure = [of(steady(nights)).confidence for nights in (4, 10, 20, 28, 60)]
    assert sure == sorted(sure)
    found = usual(RESTING_HR_BPM, steady(10, 110.0), DAY)
    assert not isinstance(found, str)
    assert found[0].centre == 60.0
