"""One night, or one day, as it is stored."""

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from typing import Any, Final

from ..engine.catalog import CATALOG
from ..engine.day_window import span_of
from ..engine.metric_spec import Kind
from ..store import WearerStore
from .stored import Stored, asked
from .wording import NOT_DERIVED, Answer, iso, span, unknown, worded
from .workouts import listed

NIGHT_KINDS: Final[tuple[Kind, ...]] = ("night", "trend")
DAY_KINDS: Final[tuple[Kind, ...]] = ("day", "day_trend")


class AnswerError(ValueError):
    """A question makes no sense; ``code`` is a stable word that the screens translate."""

    def __init__(self, code: str) -> None:
        """Take the word."""
        super().__init__(code)
        self.code = code


def night(
    store: WearerStore, day: date | None, today: date, metrics: Sequence[str] | None = None
) -> Answer:
    """Tell of the night that ends on a day, the newest one for None.

    ``metrics`` are keys of the catalogue; without them those of the night, by itself and among
    earlier ones. Raises AnswerError for a key that is none.
    """
    keys = _keys(metrics, NIGHT_KINDS)
    stored = asked(store, day, today, with_night=True)
    if not isinstance(stored, Stored):
        return stored
    onset, offset = (stored.result.metrics[key] for key in ("rest_onset", "rest_offset"))
    if onset.value is None or offset.value is None:
        return unknown(onset.note or NOT_DERIVED, day=stored.result.day.isoformat())
    return stored.head() | {
        "in_bed": span(onset.value, offset.value, stored.zone),
        "metrics": worded(stored.result.metrics, keys, stored.zone),
    }


def day(
    store: WearerStore, day: date | None, today: date, metrics: Sequence[str] | None = None
) -> Answer:
    """Tell of a day, the newest one for None: its metrics, strain curve, naps, workouts, advice.

    ``metrics`` as in ``night``, else those of the day.
    """
    keys = _keys(metrics, DAY_KINDS)
    stored = asked(store, day, today, with_night=False)
    if not isinstance(stored, Stored):
        return stored
    bounds = span_of(stored.result.day, stored.zone)
    trends = stored.trends
    return stored.head() | {
        **span(bounds.midnight, bounds.end, stored.zone),
        "metrics": worded(stored.result.metrics, keys, stored.zone),
        "strain_curve": _curve(trends.get("curve"), stored.zone),
        "naps": [
            span(start_ts, end_ts, stored.zone)
            | {"asleep_min": round(asleep_s / 60.0, 1), "confidence": confidence}
            for start_ts, end_ts, asleep_s, confidence in stored.result.details.get("naps") or ()
        ],
        "workouts": listed(store, stored.result.day, stored.result.day, stored.zone),
        "coach": trends.get("coach") or unknown(NOT_DERIVED),
        "findings": (trends.get("health") or {}).get("findings") or [],
        "records": trends.get("records") or [],
    }


def known_metric(key: str) -> str:
    """Give a key of the catalogue back. Raises AnswerError for another."""
    if key not in CATALOG:
        raise AnswerError("unknown_metric")
    return key


def _keys(metrics: Sequence[str] | None, kinds: tuple[Kind, ...]) -> list[str]:
    if metrics is not None:
        return [known_metric(key) for key in dict.fromkeys(metrics)]
    return [key for key, spec in CATALOG.items() if spec.kind in kinds]


def _curve(curve: Mapping[str, Any] | None, zone: tzinfo) -> Answer:
    """Lay out how strain grew: points of (epoch s, strain so far)."""
    if curve is None:
        return unknown(NOT_DERIVED)
    start_ts = curve["start_ts"]
    return {
        "known": True,
        "start": iso(start_ts, zone),
        "points": [
            [start_ts + after, value]
            for after, value in zip(curve["after_s"], curve["strain"], strict=True)
        ],
    }
