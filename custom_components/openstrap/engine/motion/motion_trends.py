"""What a day's movement says against the wearer's own earlier days, wrapped."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..facts import DayFacts, values_of
from ..metric import Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from .intensity import band_minutes, frozen_cuts_mg
from .motion_metrics import MOVING
from .movement import FULL_DAYS, MIN_DAY_MIN, movement_floor_mg, movement_minutes

FULL_COVER: Final = 0.6
"""Share of the day whose minutes are covered from which movement minutes are as sure as they get."""
MOVEMENT_CONFIDENCE: Final = (0.1, 0.3)
BAND_CONFIDENCE: Final = 0.8
"""Of a band with frozen cuts, a whole day covered."""

_row = partial(MetricSpec, unit="min", decimals=0, kind="day_trend")
ROWS: Final = (
    _row("movement_min", label="Time in movement", tier=Tier.ESTIMATE),
    _row("night_movement_min", label="Movement in sleep", tier=Tier.ESTIMATE),
    _row("light_movement_min", label="Light movement", tier=Tier.RELATIVE),
    _row("moderate_movement_min", label="Moderate movement", tier=Tier.RELATIVE),
    _row("vigorous_movement_min", label="Vigorous movement", tier=Tier.RELATIVE),
)
SPEC: Final = {row.key: row for row in ROWS}
INPUTS: Final = ("arm movement by minute", "arm movement of earlier days")
BANDS: Final = ("light_movement_min", "moderate_movement_min", "vigorous_movement_min")


def motion_trends(
    facts: Mapping[date, DayFacts],
    day: date,
    *,
    day_mg: NDArray[np.float64],
    rest_mg: NDArray[np.float64],
) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day.

    ``facts`` as for every trend. ``day_mg`` (n,) mg, NaN uncovered: movement of each minute of the
    day from midnight on. ``rest_mg`` (m,) likewise for the minutes of its rests, the main one and
    naps, in order; empty without. Both come from the day's track. The measure is made of earlier
    days alone and holds for eight weeks.
    """
    floor = movement_floor_mg(values_of(facts, "dyn_amp_p90_mg"), day)
    return {
        "movement_min": _movement(SPEC["movement_min"], floor, day_mg, 3),
        "night_movement_min": _movement(SPEC["night_movement_min"], floor, rest_mg, 1),
        **_bands(facts, day, day_mg),
    }


def _movement(
    row: MetricSpec, floor: tuple[float, int] | str, dyn_mg: NDArray[np.float64], run_min: int
) -> Metric:
    covered = int(np.isfinite(dyn_mg).sum())
    if covered < MIN_DAY_MIN:
        return row.absent(need_input("covered_min", covered, MIN_DAY_MIN), INPUTS)
    if isinstance(floor, str):
        return row.absent(floor, INPUTS)
    floor_mg, days = floor
    found, bouts = movement_minutes(dyn_mg, floor_mg, run_min)
    low, high = MOVEMENT_CONFIDENCE
    share = clamp(covered / len(dyn_mg) / FULL_COVER, 0.3, 1.0) * min(days / FULL_DAYS, 1.0)
    drivers = (
        ("floor_mg", floor_mg),
        ("bouts", float(bouts)),
        ("covered_min", float(covered)),
        ("days", float(days)),
    )
    return row.measured(found, clamp(high * share, low, high), INPUTS, drivers=drivers)


def _bands(
    facts: Mapping[date, DayFacts], day: date, day_mg: NDArray[np.float64]
) -> dict[str, Metric]:
    rows = [SPEC[key] for key in BANDS]
    covered = int(np.isfinite(day_mg).sum())
    if covered < MIN_DAY_MIN:
        note = need_input("covered_min", covered, MIN_DAY_MIN)
        return {row.key: row.absent(note, INPUTS) for row in rows}
    cuts = frozen_cuts_mg([values_of(facts, key) for key in MOVING], day)
    if isinstance(cuts, str):
        return {row.key: row.absent(cuts, INPUTS) for row in rows}
    sure = clamp(BAND_CONFIDENCE * covered / len(day_mg), 0.1, BAND_CONFIDENCE)
    return {
        row.key: row.measured(minutes, sure, INPUTS, drivers=[("from_mg", cut)])
        for row, minutes, cut in zip(rows, band_minutes(day_mg, cuts), cuts, strict=True)
    }
