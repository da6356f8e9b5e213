"""A value of a night or day beside the wearer's own usual, wrapped."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from .baseline import (
    PROVISIONAL,
    Deviation,
    Status,
    Usual,
    WinsorisedEwma,
    calendar_values,
    fold_all,
    need_baseline,
)
from .metric import Metric, clamp
from .metric_spec import MetricSpec

EWMA_DAYS: Final = 120
"""Days that a baseline is folded over: more than eight half-lives."""
FULL_NIGHTS: Final = 28
"""Nights for full confidence in a deviation (judgement)."""
CONFIDENCE: Final = (0.3, 0.9)


def usual(
    config: Usual, values: Mapping[date, float], day: date
) -> tuple[WinsorisedEwma, Deviation] | str:
    """Compare a day's value with its baseline, or say why not; ``values`` must have the day."""
    base = fold_all(config, calendar_values(values, day, EWMA_DAYS))
    found = base.deviation(values[day])
    if found is None:
        return need_baseline(0 if base.status is Status.STALE else base.count, PROVISIONAL)
    return base, found


def against_usual(
    row: MetricSpec,
    config: Usual,
    values: Mapping[date, float],
    day: date,
    *,
    name: str,
    inputs: tuple[str, ...],
    missing: str,
    drivers: tuple[tuple[str, float], ...] = (),
) -> Metric:
    """Wrap how far a day's value is from usual: in deviations where the row has the unit ``sd``.

    Else as a difference. The other of the two, and the usual value, are drivers that carry the
    unit in their ``name``. ``missing`` is the reason for a day without a value.
    """
    if day not in values:
        return row.absent(missing, inputs)
    found = usual(config, values, day)
    if isinstance(found, str):
        return row.absent(found, inputs)
    base, deviation = found
    in_deviations = row.unit == "sd"
    other = (f"difference_{name}", deviation.delta) if in_deviations else ("z", deviation.z)
    return row.measured(
        deviation.z if in_deviations else deviation.delta,
        clamp(base.count / FULL_NIGHTS, *CONFIDENCE),
        inputs,
        drivers=((f"usual_{name}", base.centre), other, *drivers),
        note=f"baseline={base.status}",
    )
