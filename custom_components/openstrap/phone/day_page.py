"""A day as its pages see it: what is stored of it, and nothing where nothing is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .. import answers
from ..answers.stored import Stored, read
from ..answers.wording import Answer
from ..engine.catalog import CATALOG
from ..engine.day_result import DayResult
from ..engine.day_window import span_of
from ..engine.imported import IMPORTED
from ..engine.metric import Metric
from ..store import WearerStore
from .blobs import BLOBS
from .envelope import NOT_COMPUTED, Json, drivers, envelope
from .lines import MINUTE_S, Line, gaps, line_between, points

EARLIEST: Final = date(2010, 1, 1)
"""No band is so old: of earlier days nothing is looked for."""
SURE: Final = 0.5
"""Confidence from which a breathing rate is shown, on every page."""
OFF_MIN: Final = 5
"""Minutes without a heart rate from which a line of it says that the band was off (judgement)."""
SHARES: Final = ("efficiency",)
"""Are a share of 1 on the phone's pages of a day, and percents here."""
DRIVEN: Final = (
    ("strain", "strain"),
    ("recovery", "recovery"),
    ("readiness", "readiness"),
    ("resting_hr", "resting_hr_bpm"),
    ("calories", "active_kcal"),
    ("stress", "arousal_score"),
    ("sleep_stress", "sleep_stress"),
    ("illness", "body_alert"),
    ("hrv", "rmssd_ms"),
    ("resp", "breathing_rate_brpm"),
    ("sleep", "sleep_performance"),
    ("steps", "steps"),
    ("load", "acwr"),
    ("dip", "nocturnal_dip_percent"),
)
"""Metrics whose parts the pages tell of: the phone's name, key of the catalogue."""


@dataclass(frozen=True)
class DayPage:
    """A day of a wearer for the time of one request, in the worker.

    ``zone`` is that of the stored day, else Home Assistant's. ``now_ts`` epoch s. Of a day to come,
    or one long before there were bands, nothing is known and nothing is asked.
    """

    store: WearerStore
    day: date
    zone: tzinfo
    now_ts: float
    stored: Stored | None = None
    asked: bool = True

    @classmethod
    def of(cls, store: WearerStore, day: date, now: datetime) -> DayPage:
        """Read a day; ``now`` is in Home Assistant's zone."""
        zone = now.tzinfo or UTC
        page = cls(store, day, zone, now.timestamp(), asked=EARLIEST <= day <= now.date())
        found = read(store, day, day) if page.asked else []
        return replace(page, stored=found[0], zone=found[0].zone) if found else page

    @property
    def result(self) -> DayResult | None:
        """What the day gave."""
        return None if self.stored is None else self.stored.result

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """Its metrics by key; none of a day without a result."""
        return {} if self.result is None else self.result.metrics

    @property
    def details(self) -> Mapping[str, Any]:
        """Its curves and lists."""
        return {} if self.result is None else self.result.details

    @property
    def bounds(self) -> tuple[float, float]:
        """The local day from midnight to midnight, epoch s: 23 to 25 hours."""
        span = span_of(self.day, self.zone)
        return span.midnight, span.end

    @property
    def midnight_ts(self) -> float:
        """Begin of the day, epoch s."""
        return datetime.combine(self.day, time(), self.zone).timestamp()

    @cached_property
    def line(self) -> Line | None:
        """Its minutes up to now; None of a day of which nothing is asked."""
        if not self.asked:
            return None
        start_ts, end_ts = self.bounds
        return line_between(self.store, start_ts, min(end_ts, self.now_ts), self.zone)

    @property
    def hr(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The minutes with a heart rate: their times (epoch s) and bpm."""
        if self.line is None:
            return np.empty(0), np.empty(0)
        known = np.isfinite(self.line.hr_bpm)
        return self.line.ts[known], self.line.hr_bpm[known]

    def value(self, key: str) -> float | None:
        """Give the value of a metric."""
        metric = self.metrics.get(key)
        return None if metric is None else metric.value

    def shown(self, key: str) -> float | None:
        """Give the value in the decimals that people read it with, a whole number where none."""
        value, decimals = self.value(key), CATALOG[key].decimals
        return None if value is None else round(value, decimals) if decimals else round(value)

    def driver(self, key: str, name: str) -> float | None:
        """Give a number that a metric was made of."""
        metric = self.metrics.get(key)
        return None if metric is None else dict(metric.drivers).get(name)

    def confidence(self, key: str) -> float:
        """Tell how sure a metric is; 0 without one."""
        metric = self.metrics.get(key)
        return 0.0 if metric is None else metric.confidence

    def head(self) -> Json:
        """Begin a page: ``has_data`` tells whether the band was worn, or something was imported."""
        imported = self.details.get(IMPORTED)
        return {
            "date": self.day.isoformat(),
            "has_data": bool(self.value("worn_min") or imported or len(self.hr[0])),
            "final": self.stored is not None and self.stored.final,
            "imported": imported is not None,
            "imported_from": None if imported is None else imported.get("source"),
            "timezone": None if self.result is None else self.result.timezone,
        }

    def wrapped(self, **keys: str) -> Json:
        """Wrap the metrics that a page shows plainly: the phone's name = key of the catalogue.

        In the unit in which they stand there. Of a day without a result they are absent.
        """
        return {"metrics": {name: self._envelope(name, key) for name, key in keys.items()}}

    def _envelope(self, name: str, key: str) -> Json:
        metric = self.metrics.get(key) or CATALOG[key].absent(NOT_COMPUTED)
        return envelope(metric, scale=0.01, unit="ratio") if name in SHARES else envelope(metric)

    def drivers(self, *names: str) -> Json:
        """Tell what moved some metrics, all of them without a name."""
        wanted = [pair for pair in DRIVEN if not names or pair[0] in names]
        return drivers(self.metrics, wanted)

    def blob(self, name: str) -> Json | None:
        """Give a card of the day."""
        return None if self.result is None else BLOBS[name](self.result)

    def zones(self) -> Json:
        """Give the minutes in each zone of the heart rate."""
        return {f"z{zone}": self.shown(f"zone_{zone}_min") for zone in range(1, 6)}

    def breathing(self) -> Json | None:
        """Give the breathing rate of the night where it is sure enough to be shown."""
        metric = self.metrics.get("breathing_rate_brpm")
        if metric is None or metric.confidence < SURE:
            return None
        return {"value": metric.value, "confidence": metric.confidence}

    def sessions(self) -> list[Answer]:
        """Give the workouts that ended on the day."""
        if not self.asked:
            return []
        return answers.listed_workouts(self.store, self.day, self.day, self.zone)

    def hr_points(self, most: int) -> list[Json]:
        """Give the day's heart rate in at most so many points; 0 at the ends of times off the wrist.

        Where there are many such times, those of the longest.
        """
        ts, bpm = self.hr
        if self.line is None or not len(ts):
            return []
        off = gaps(np.isfinite(self.line.hr_bpm), OFF_MIN)
        off = sorted(off, key=lambda gap: gap[0] - gap[1])[: most // 8]
        found = points(ts, bpm, most - 2 * len(off))
        start = self.line.start_ts
        found += [(int(start + MINUTE_S * at), 0) for first, end in off for at in (first, end - 1)]
        return listed(sorted(found))


def listed(found: list[tuple[int, float]]) -> list[Json]:
    """Write points as the phone reads them."""
    return [{"t": at, "v": value} for at, value in found]
