"""What triggers and conditions ask of a wearer at this moment; None where it is not known."""

from typing import NamedTuple

from homeassistant.util import dt as dt_util

from .analysis import ShownDay
from .coordinator import OpenStrapCoordinator
from .engine.recovery.bands import whole
from .happening_search import band_name
from .strap_view import LinkPhase


class Recovery(NamedTuple):
    """The recovery of a day as people read it: whole points, 0 to 100, and their colour."""

    day: str
    points: int
    band: str
    confidence: float


def recovery_today(coordinator: OpenStrapCoordinator) -> Recovery | None:
    """Give the recovery of today, by the home's calendar; None until it is known."""
    if (shown := night_of_today(coordinator)) is None:
        return None
    metric = shown.result.metrics["recovery"]
    if metric.value is None:
        return None
    day = shown.result.day.isoformat()
    return Recovery(day, whole(metric.value), band_name(metric.value), metric.confidence)


def night_of_today(coordinator: OpenStrapCoordinator) -> ShownDay | None:
    """Give the result of today's night; None while there is none."""
    shown = coordinator.data.nights.night
    return shown if shown is not None and shown.result.day == dt_util.now().date() else None


def worn_now(coordinator: OpenStrapCoordinator) -> bool | None:
    """Tell whether the band is worn; not known of one that is out of reach."""
    if coordinator.strap is None:
        return None
    seen = coordinator.strap.snapshot
    return None if seen.phase is LinkPhase.AWAY else seen.state.worn


def age_s(coordinator: OpenStrapCoordinator) -> float | None:
    """Give how long ago (s) the newest record is; None without any."""
    newest = coordinator.data.latest.record_ts
    return None if newest is None else dt_util.utcnow().timestamp() - newest
