"""One night: what is measured in a rest, and what is not claimed."""

from dataclasses import replace
from datetime import date, timedelta
import json

import numpy as np
import pytest

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.metric import NO_SLEEP, Tier
from custom_components.openstrap.engine.motion.motion_metrics import ROWS as ARM_ROWS
from custom_components.openstrap.engine.night import Night, derive_night, no_night, stage_rest
from custom_components.openstrap.engine.samples import Samples, empty_samples
from custom_components.openstrap.engine.signal.beats import place_beats
from custom_components.openstrap.engine.signal.minutes import minutes_of
from custom_components.openstrap.engine.signal.motion import motion_of
from custom_components.openstrap.engine.signal.wear import worn_records
from custom_components.openstrap.engine.sleep.hypnogram import decode
from custom_components.openstrap.engine.sleep.window import RestWindow

from .series import at, demo_samples, quiet_night, samples_of

DAY = date(2026, 6, 10)
BED, RISE = at(DAY - timedelta(days=1), 23), at(DAY, 7)
ARM = {row.key for row in ARM_ROWS}
KEYS = {key for key, spec in CATALOG.items() if spec.kind == "night"} - ARM


def rest(
    bed_ts: float = BED, rise_ts: float = RISE, *, sure: float = 0.9, tier: Tier = Tier.HIGH
) -> RestWindow:
    """Make a rest that was found by hand."""
    return RestWindow(bed_ts, rise_ts, sure, tier, None, (), bed_ts, rise_ts, False, "made", ())


def of(samples: Samples, window: RestWindow | None = None) -> Night:
    """Measure a rest in records that may reach beyond it."""
    window = window or rest()
    worn = worn_records(samples)
    motion, beats = motion_of(samples, worn), place_beats(samples)
    minutes = minutes_of(samples, worn, motion, beats, window.bed_ts - 7200, window.rise_ts + 7200)
    return derive_night(window, samples, worn=worn, motion=motion, minutes=minutes, beats=beats)


def with_beats() -> Samples:
    """Make a night that breathes, with a beat in every record."""
    night = quiet_night(DAY)
    rr = 1000.0 + 40.0 * np.sin(2 * np.pi * 0.25 * night.ts)
    return samples_of(
        night.ts,
        hr_bpm=np.where(night.hr_bpm == 52, 60, 75),
        accel_g=night.accel_g,
        rr_ms=np.where(night.hr_bpm == 52, rr, 800.0),
        rr_index=np.arange(len(night)),
    )


def test_every_metric_of_a_night_is_there_with_and_without_one() -> None:
    """Also without, and then for one reason."""
    assert of(quiet_night(DAY)).metrics.keys() == KEYS
    none = no_night("no_sleep")
    assert none.metrics.keys() == KEYS
    assert {metric.note for metric in none.metrics.values()} == {NO_SLEEP}
    assert (none.asleep, none.details) == ((), {})


@pytest.mark.full
def test_the_window_is_the_rest() -> None:
    """Resting heart rate, beats and minutes are those within, whatever lies around."""
    samples = with_beats()
    found = of(samples).metrics
    alone = of(samples.between(BED, RISE)).metrics
    for key in ("resting_hr_bpm", "beats", "rmssd_ms", "breathing_rate_brpm", "sleep_stress"):
        assert found[key].value is not None, key
        # The heart rate around the first and last beats may still come from outside.
        assert found[key].value == pytest.approx(alone[key].value, rel=1e-3), key
        assert found[key].confidence == pytest.approx(alone[key].confidence, abs=1e-3), key
    assert found["beats"].value == RISE - BED
    assert found["rest_duration_min"].value == 480


@pytest.mark.full
@pytest.mark.parametrize(("sure", "tier"), [(0.2, Tier.ESTIMATE), (0.6, Tier.HIGH)])
def test_nothing_claims_more_than_its_window(sure: float, tier: Tier) -> None:
    """Neither more confidence nor a bolder tier."""
    found = of(with_beats(), rest(sure=sure, tier=tier))
    order = list(Tier)
    for key, metric in found.metrics.items():
        assert metric.confidence <= sure, key
        assert order.index(metric.tier) >= order.index(tier), key
    assert found.metrics["resting_hr_bpm"].confidence > 0.0


def test_stages_begin_shortly_before_sleep_settles() -> None:
    """At most a quarter of an hour, and never before the rest."""
    samples = demo_samples(1, DAY)
    worn = worn_records(samples)
    motion, beats = motion_of(samples, worn), place_beats(samples)
    for settled_min, lead_min in ((0, 0), (10, 10), (40, 15)):
        window = replace(rest(), onset_ts=BED + 60.0 * settled_min)
        staged = stage_rest(samples, beats, motion, window)
        assert not isinstance(staged, str)
        assert staged.hypnogram.start_ts == window.onset_ts - 60.0 * lead_min


@pytest.mark.full
def test_sleep_and_its_details_agree() -> None:
    """Asleep spans are those of the hypnogram; the line of HRV has a point a minute."""
    found = of(with_beats())
    kept = json.loads(json.dumps(found.details))
    hypnogram = decode(kept["hypnogram"])
    asleep_min = sum(end - start for start, end in found.asleep) / 60.0
    scored = dict(found.metrics["sleep_min"].drivers)["scored"]
    assert asleep_min == pytest.approx(scored)
    assert found.asleep[0][0] == found.metrics["sleep_onset"].value
    assert found.asleep[-1][1] == found.metrics["sleep_offset"].value
    assert hypnogram.start_ts >= BED and hypnogram.end_ts <= RISE
    assert kept["hrv"]["step_s"] == 60.0
    assert len(kept["hrv"]["values"]) == 480 - 4
    assert kept["breathing"]["values"]


@pytest.mark.full
@pytest.mark.parametrize("length_s", [0.0, 1.0, 61.0, 700.0])
def test_a_rest_of_moments(length_s: float) -> None:
    """Nothing raises, and nothing is said of its sleep."""
    found = of(with_beats(), rest(BED, BED + length_s)).metrics
    for metric in found.values():
        assert (metric.value is None) == (metric.confidence == 0.0)
    if length_s < 600:
        assert found["sleep_min"].value is None
        assert found["breathing_rate_brpm"].value is None
        assert found["resting_hr_bpm"].value is None


@pytest.mark.full
def test_a_rest_beyond_the_records() -> None:
    """A window in which nothing was recorded, and records that end within it."""
    samples = with_beats()
    for holed in (empty_samples(), samples.between(0.0, BED - 3600)):
        found = of(holed).metrics
        told = {key for key, metric in found.items() if metric.value is not None}
        assert told == {"rest_onset", "rest_offset", "rest_duration_min"}
    half, whole = of(samples.between(0.0, BED + 14400.0)).metrics, of(samples).metrics
    for key in KEYS:
        assert half[key].confidence <= whole[key].confidence + 1e-9, key
    assert half["beats"].value == 14400


@pytest.mark.full
def test_the_heart_alone() -> None:
    """Without acceleration there is no stage, and the sleeping heart rate says what it is of."""
    samples = with_beats()
    bare = replace(samples, accel_g=np.full_like(samples.accel_g, np.nan))
    found = of(bare)
    assert found.metrics["deep_min"].note == "no_motion"
    assert found.metrics["sleeping_hr_bpm"].note == "estimator:name=mean_of_rest_window"
    assert found.metrics["rmssd_ms"].value is not None
    assert found.metrics["restlessness"].value is None
    assert (found.asleep, "hypnogram" in found.details) == ((), False)
    constant = of(quiet_night(DAY)).metrics
    assert constant["rmssd_ms"].note == "need_input:name=rr,have=0,need=60"
    assert constant["resting_hr_bpm"].value == 52.0
