"""The window of a night that the wearer told."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from custom_components.openstrap.engine.day_window import span_of
from custom_components.openstrap.engine.metric import Tier
from custom_components.openstrap.engine.samples import Samples, empty_samples
from custom_components.openstrap.engine.signal.motion import motion_of
from custom_components.openstrap.engine.signal.wear import worn_records
from custom_components.openstrap.engine.sleep.told_window import (
    MIN_INSIDE,
    TOLD_CONFIDENCE,
    told_window,
    without,
)
from custom_components.openstrap.engine.sleep.window import RestWindow
from custom_components.openstrap.engine.told import Span

from ..series import BERLIN, at, quiet_night, samples_of

DAY = date(2026, 6, 10)
EVE = DAY - timedelta(days=1)
SPAN = span_of(DAY, BERLIN)
NIGHT = at(EVE, 23), at(DAY, 7)


def of(samples: Samples, told: Span = NIGHT) -> RestWindow | str:
    """Make a window of what was told."""
    worn = worn_records(samples)
    return told_window(told, samples, worn, motion_of(samples, worn), SPAN)


def kept(samples: Samples, keep: np.ndarray) -> Samples:
    """Leave records out."""
    return samples_of(samples.ts[keep], hr_bpm=samples.hr_bpm[keep], accel_g=samples.accel_g[keep])


def test_the_rest_is_what_was_told_to_the_second() -> None:
    """Settled sleep within it is where the arm lies still."""
    told = NIGHT[0] - 1807.0, NIGHT[1] + 911.0
    found = of(quiet_night(DAY), told)
    assert isinstance(found, RestWindow)
    assert (found.bed_ts, found.rise_ts) == told
    assert found.onset_ts == pytest.approx(NIGHT[0], abs=15.0)
    assert found.offset_ts == pytest.approx(NIGHT[1], abs=15.0)
    assert (found.note, found.method, found.tier) == ("told:window", "told", Tier.ESTIMATE)
    assert found.confidence == pytest.approx(TOLD_CONFIDENCE, abs=0.01)
    assert not found.open_end


def test_sleep_that_never_settles_is_the_whole_rest() -> None:
    """Who swung their arm all evening and calls it sleep is believed; the stages tell."""
    told = at(DAY, 12), at(DAY, 13)
    found = of(quiet_night(DAY), told)
    assert isinstance(found, RestWindow)
    assert (found.onset_ts, found.offset_ts) == told


def test_a_still_night_settles_within_what_was_told() -> None:
    """Edges lie on bins of 15 s, but never outside."""
    told = NIGHT[0] + 100.0, NIGHT[1] - 100.0
    found = of(quiet_night(DAY), told)
    assert isinstance(found, RestWindow)
    assert told[0] <= found.onset_ts < found.offset_ts <= told[1]


def test_records_that_end_with_it_leave_it_open() -> None:
    """More of them may come."""
    night = quiet_night(DAY)
    found = of(kept(night, night.ts < NIGHT[1]))
    assert isinstance(found, RestWindow)
    assert found.open_end
    assert found.note == "told:window;open_end"


def test_what_was_hardly_worn_is_no_night() -> None:
    """Half of it must have been; confidence falls with what is missing."""
    night = quiet_night(DAY)
    half = NIGHT[0] + MIN_INSIDE * (NIGHT[1] - NIGHT[0])
    found = of(kept(night, (night.ts < NIGHT[0]) | (night.ts >= half - 600.0)))
    assert isinstance(found, RestWindow)
    assert found.confidence == pytest.approx(TOLD_CONFIDENCE * (0.5 + 600.0 / 28800.0), abs=0.01)
    late = of(kept(night, (night.ts < NIGHT[0]) | (night.ts >= half + 600.0)))
    assert late == "need_input:name=worn_min,have=230,need=240"
    off = replace(night, hr_bpm=np.where(night.hr_bpm == 52, 0, 75).astype(np.int16))
    assert of(off) == "need_input:name=worn_min,have=0,need=240"
    assert of(empty_samples()) == "need_input:name=worn_min,have=0,need=240"


def test_a_night_outside_of_the_records_is_none() -> None:
    """Told by a clock that was set elsewhere since."""
    assert of(quiet_night(DAY), (SPAN.end, SPAN.end + 28800.0)) == (
        "need_input:name=worn_min,have=0,need=240"
    )


def test_rests_of_other_days_are_as_if_unseen() -> None:
    """Records and movement alike, end excluded; what was given stays as it was."""
    night = quiet_night(DAY)
    worn = worn_records(night)
    motion = motion_of(night, worn)
    seen = np.isfinite(motion.amount).sum()
    less, still = without([(NIGHT[0], NIGHT[0] + 600.0)], night, worn, motion)
    assert worn.sum() - less.sum() == 600
    assert seen - np.isfinite(still.amount).sum() == 600
    assert np.isfinite(motion.amount).sum() == seen
    assert worn.all()
