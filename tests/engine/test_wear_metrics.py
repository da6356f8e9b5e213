"""How long the band was on the wrist, wrapped."""

import numpy as np
import pytest

from custom_components.openstrap.engine.metric import Metric
from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.signal.wear import WristEvent, judge_wear
from custom_components.openstrap.engine.wear_metrics import wear_metrics

from .series import clock, samples_of

DAY = (86_400.0, 172_800.0)


def worn(samples: Samples, *wrist: WristEvent) -> Metric:
    """Wrap the wear of the day."""
    return wear_metrics(samples, judge_wear(samples, wrist), wrist, DAY)["worn_min"]


def test_only_the_day_counts() -> None:
    """Of records that begin the noon before."""
    found = worn(samples_of(clock(43_200.0, DAY[1])))
    assert found.value == pytest.approx(1440, abs=0.1)
    assert (found.confidence, found.inputs_used) == (0.8, ("records", "hr"))


def test_events_that_hold_all_day_are_sure() -> None:
    """One before the day and no contradiction after; a later one leaves the morning to records."""
    samples = samples_of(clock(43_200.0, DAY[1]))
    assert worn(samples, (50_000.0, True)).confidence == 1.0
    assert worn(samples, (90_000.0, True)).confidence == 0.8
    off = worn(samples, (50_000.0, True), (100_000.0, False), (110_000.0, True))
    assert off.value == pytest.approx(1440 - 10_000 / 60, abs=0.1)


@pytest.mark.parametrize(
    ("ts", "seen"),
    [
        (np.empty(0), 0),
        (clock(0.0, 80_000.0), 0),
        (DAY[0] + np.arange(59.0), 59),
        (DAY[0] + 0.01 * np.arange(5900.0), 59),
    ],
    ids=["nothing", "the day before", "a minute less a second", "many a second"],
)
def test_too_little_to_tell(ts: np.ndarray, seen: int) -> None:
    """Not even that it was not worn."""
    found = worn(samples_of(ts))
    assert (found.value, found.note) == (None, f"need_input:name=seen_s,have={seen},need=60")


def test_a_strap_on_a_table_was_not_worn() -> None:
    """Records without a pulse are seen, and are no wear: zero is an answer."""
    found = worn(samples_of(clock(*DAY), hr_bpm=0))
    assert (found.value, found.confidence) == (0.0, 0.8)
