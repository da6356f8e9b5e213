"""The movement of a day, wrapped."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from custom_components.openstrap.engine.metric import NO_SLEEP, Metric, need_input
from custom_components.openstrap.engine.motion.imu import Stretch
from custom_components.openstrap.engine.motion.indices import worn_dyn_g
from custom_components.openstrap.engine.motion.motion_metrics import NO_STEPS, ROWS, motion_metrics
from custom_components.openstrap.engine.motion.steps import day_steps
from custom_components.openstrap.engine.samples import Samples, empty_samples
from custom_components.openstrap.engine.signal.beats import place_beats
from custom_components.openstrap.engine.signal.minutes import minutes_of
from custom_components.openstrap.engine.signal.motion import motion_of
from custom_components.openstrap.engine.signal.wear import worn_records

from ..series import at, demo_samples
from .walks import gait

DAY = date(2026, 5, 20)
SPAN = at(DAY, 0), at(DAY, 0) + 86_400.0
MAIN = SPAN[0] - 1800.0, SPAN[0] + 6.5 * 3600.0
KEYS = {row.key for row in ROWS}


def metrics(
    samples: Samples, main: tuple[float, float] | None = MAIN, imu: tuple[Stretch, ...] = ()
) -> dict[str, Metric]:
    """Wrap a day."""
    worn = worn_records(samples)
    minutes = minutes_of(
        samples, worn, motion_of(samples, worn), place_beats(samples), SPAN[0] - 43_200.0, SPAN[1]
    )
    return motion_metrics(
        samples,
        worn,
        minutes,
        dyn_g=worn_dyn_g(samples, worn),
        day=SPAN,
        main=main,
        naps=[],
        counted=day_steps(samples, imu, SPAN),
    )


@pytest.fixture(scope="module")
def samples() -> Samples:
    """Make a day with its night."""
    return demo_samples(5, DAY)


def test_a_day(samples: Samples) -> None:
    """Every row but the steps, which one record a second does not hold."""
    found = metrics(samples)
    assert set(found) == KEYS
    assert {key for key, metric in found.items() if metric.value is None} == {
        "steps", "cadence_spm",
    }  # fmt: skip
    assert {found[key].note for key in ("steps", "cadence_spm")} == {NO_STEPS}
    assert 0 < (found["active_min"].value or 0) < 1440
    mean, busy = (found[key].value or 0.0 for key in ("dyn_amp_mg", "dyn_amp_p90_mg"))
    assert 0.0 < mean < busy
    cuts = [found[f"dyn_moving_p{share}_mg"].value or 0.0 for share in (50, 75, 90)]
    assert cuts == sorted(cuts)
    assert found["dyn_amp_p90_mg"].confidence >= 0.3


def test_nothing_in_nothing_out() -> None:
    """Every key, without a value and with a reason."""
    found = metrics(empty_samples(), None)
    assert set(found) == KEYS
    assert all(metric.value is None and metric.note for metric in found.values())
    assert found["enmo_mg"].note == need_input("covered_min", 0, 60)
    assert found["longest_still_min"].note == NO_SLEEP


@pytest.mark.full
def test_raw_acceleration_is_as_sure_as_it_covers_the_day(samples: Samples) -> None:
    """Twenty minutes of it are no day's count."""
    shift = SPAN[0] - 86_400.0
    walk = gait(12 * 3600.0, 1200.0, fs_hz=25.0)
    found = metrics(samples, imu=(Stretch(walk.ts + shift, walk.magnitude_g),))["steps"]
    assert found.value == pytest.approx(2160, rel=0.02)
    assert found.confidence < 0.05
    assert dict(found.drivers)["covered_min"] == pytest.approx(20.0, abs=0.1)
    assert found.note == "source=imu"


def test_the_bands_count_is_the_one(samples: Samples) -> None:
    """Surer, and never added to the other."""
    counter = (np.arange(len(samples)) // 10) % 65536
    walk = gait(12 * 3600.0, 60.0, fs_hz=25.0)
    imu = (Stretch(walk.ts + SPAN[0] - 86_400.0, walk.magnitude_g),)
    found = metrics(replace(samples, step_counter=counter), imu=imu)["steps"]
    of_day = counter[samples.ts >= SPAN[0]]
    assert found.value == pytest.approx(int(of_day[-1] - of_day[0]), abs=1)
    assert found.note == "source=band"
    assert found.confidence == 0.7


@pytest.mark.parametrize(("hours", "sure"), [(1.0, 0.07), (5.0, 0.35), (10.0, 0.7), (12.0, 0.7)])
def test_the_bands_count_is_as_sure_as_the_day_was_seen(
    samples: Samples, hours: float, sure: float
) -> None:
    """Ten waking hours make a day's count; those of an hour are no fact for later days."""
    worn = (samples.ts >= at(DAY, 8)) & (samples.ts < at(DAY, 8) + 3600.0 * hours)
    counter = (np.arange(len(samples)) // 10) % 65536
    off = replace(
        samples,
        hr_bpm=np.where(worn, samples.hr_bpm, 0).astype(samples.hr_bpm.dtype),
        step_counter=np.where(worn, counter, -1),
    )
    found = metrics(off)["steps"]
    assert found.value == pytest.approx(hours * 360.0, rel=0.06)
    assert found.confidence == pytest.approx(sure, abs=0.02)
    assert dict(found.drivers)["worn_awake_min"] == pytest.approx(60.0 * hours, rel=0.05)


def test_a_count_of_an_unworn_strap_is_hardly_one(samples: Samples) -> None:
    """It may have swung from a bag."""
    off = replace(
        samples,
        hr_bpm=np.zeros_like(samples.hr_bpm),
        step_counter=(np.arange(len(samples)) // 10) % 65535,
    )
    assert metrics(off)["steps"].confidence == 0.01


def test_a_strap_on_a_table_says_nothing(samples: Samples) -> None:
    """What was not worn is not covered."""
    off = replace(samples, hr_bpm=np.zeros_like(samples.hr_bpm))
    found = metrics(off)
    assert found["dyn_amp_mg"].value is None
    assert found["active_min"].value is None
    assert found["posture_changes_per_h"].value is None
