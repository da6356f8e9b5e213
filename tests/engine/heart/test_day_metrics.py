"""A day's heart, wrapped."""

import numpy as np
import pytest

from custom_components.openstrap.engine.heart.day_metrics import DAY_ROWS, day_metrics
from custom_components.openstrap.engine.metric import Metric
from custom_components.openstrap.engine.signal.beats import place_beats
from custom_components.openstrap.engine.signal.motion import Motion

from ..series import samples_of, tone
from .nights import START, records

HOUR = 3600.0
MAIN = (START, START + 2 * HOUR)
DAY = (START, START + 6 * HOUR)


def of(
    *, still_share: float = 1.0, hours: float = 6.0, main: tuple[float, float] | None = MAIN
) -> dict[str, Metric]:
    """Two hours asleep at 60, four hours awake at 75, still for a share of every ten minutes."""
    rr = np.concatenate(
        (
            tone(7200, 1000.0, (0.0, 0.1), (30.0, 0.25)),
            tone(18000, 800.0, (20.0, 0.1), (20.0, 0.25)),
        )
    )
    samples = records(rr.round())
    rate = np.where(samples.ts < MAIN[1], 60, 75)
    samples = samples_of(samples.ts, hr_bpm=rate, rr_ms=samples.rr_ms, rr_index=samples.rr_index)
    samples = samples.between(START, START + hours * HOUR)
    moved = (samples.ts - START) % 600.0 >= 600.0 * still_share
    motion = Motion(samples.ts, np.where(moved, 0.3, 0.0), 1.0)
    return day_metrics(samples, place_beats(samples), motion, day=DAY, main=main)


def test_a_day() -> None:
    """The night lies a fifth below the day."""
    found = of()
    assert list(found) == [row.key for row in DAY_ROWS]
    assert all(row.kind == "day" for row in DAY_ROWS)
    dip = found["nocturnal_dip_percent"]
    assert dip.value == pytest.approx(20.0, abs=0.2)
    assert dip.note == "dip:kind=dipper"
    assert dict(dip.drivers)["day_bpm"] == 75.0
    assert 10.0 < (found["daytime_rmssd_ms"].value or 0) < 30.0


def test_confidence_falls_with_what_was_seen() -> None:
    """A less still and a shorter day say less."""
    better, shorter, restless = of(), of(hours=3.0), of(still_share=0.2)
    for key, metric in better.items():
        assert 0.0 < shorter[key].confidence < metric.confidence
        assert 0.0 < restless[key].confidence <= metric.confidence
    dip = "nocturnal_dip_percent"
    assert restless[dip].confidence < better[dip].confidence


def test_refusals() -> None:
    """No sleep, a day that never was still, a day that has not begun, nothing."""
    assert of(main=None)["nocturnal_dip_percent"].note == "need_input:name=main_sleep,have=0,need=1"
    restless = of(still_share=0.0)
    assert restless["daytime_rmssd_ms"].note == "need_input:name=still_bins_of_5_min,have=0,need=3"
    early = of(hours=2.0)["nocturnal_dip_percent"]
    assert early.note == "need_input:name=still_waking_hr_s,have=0,need=300"
    empty = samples_of([])
    motion = Motion(np.empty(0), np.empty(0), 1.0)
    found = day_metrics(empty, place_beats(empty), motion, day=DAY, main=MAIN)
    assert all(metric.value is None and metric.note for metric in found.values())
