"""Days of a made-up recovery."""

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day_result import DayResult

from .made import DAY, metrics_of

POINTS = (("hrv", 8.3), ("sleep", 2.5), ("breathing", -1.6), ("resting_hr", -0.4))


def recovered(
    score: float,
    points: tuple[tuple[str, float], ...] = POINTS,
    note: str = "baseline=trusted",
    **values: float,
) -> DayResult:
    """Make a day of such a recovery."""
    metric = CATALOG["recovery"].measured(
        score,
        0.9,
        ("nightly HRV",),
        drivers=[(f"{name}_points", n) for name, n in points],
        note=note,
    )
    found = {"rmssd_ms": 45.0, "sleep_performance": 85.2} | values
    return DayResult(DAY, "Europe/Berlin", 1, metrics_of(found, recovery=metric))
