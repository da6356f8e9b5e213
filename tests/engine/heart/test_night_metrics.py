"""A night's heart, wrapped."""

from pathlib import Path

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.heart.baevsky import stress_score
from custom_components.openstrap.engine.heart.bands import band_powers
from custom_components.openstrap.engine.heart.hrv import time_domain
from custom_components.openstrap.engine.heart.night_metrics import ROWS, night_metrics
from custom_components.openstrap.engine.metric import Tier
from custom_components.openstrap.engine.signal.beats import place_beats
from custom_components.openstrap.engine.signal.clean import clean_beats
from custom_components.openstrap.engine.sleep.hypnogram import Hypnogram, Stage

from ..series import lcg, real_night, samples_of, tone
from .nights import START, records, sleeping, told, window_of_all, without

KEYS = [row.key for row in ROWS]
STEPS = ("rmssd_ms", "rmssd_whole_ms", "pnn50", "pnn20", "sd1_ms", "sd2_ms")
RATES = ("resting_hr_bpm", "sleeping_hr_bpm", "hr_nadir_bpm", "hr_nadir_ts", "hr_nadir_position")
STAGED = ("rmssd_deep_ms", "nrem_hr_bpm")
RATIOS = ("lf_hf", "lf_nu")


def stages(*parts: tuple[float, Stage]) -> Hypnogram:
    """Hours of stages one after another."""
    at, segments = START, []
    for hours, stage in parts:
        segments.append((at, at + 3600.0 * hours, stage))
        at += 3600.0 * hours
    return Hypnogram.from_segments(segments)


def test_a_steady_sleeper() -> None:
    """Every key in order, all but the staged with a value, the values those of the functions."""
    samples = sleeping()
    found = told(samples)
    assert list(found) == KEYS
    assert {key for key in KEYS if found[key].value is None} == set(STAGED)
    clean = clean_beats(place_beats(samples))
    time = time_domain(clean.nn_ms, clean.t_s, clean.joined)
    waves = band_powers(clean.nn_ms, clean.t_s)
    for key, value in (
        ("rmssd_whole_ms", time.rmssd),
        ("sdnn_ms", time.sdnn),
        ("sdann_ms", time.sdann),
        ("pnn20", time.pnn20),
        ("hf_power_ms2", waves.power_ms2["hf"]),
        ("lf_hf", waves.lf_hf),
    ):
        assert found[key].value == pytest.approx(value, abs=1e-6)
    assert found["rmssd_ms"].value == pytest.approx(time.rmssd, rel=0.02)
    assert found["resting_hr_bpm"].value == found["sleeping_hr_bpm"].value == 60.0
    assert found["rmssd_ms"].confidence > 0.9
    assert found["beats"].tier is Tier.AUTH
    stress = found["stress_index"]
    score = stress_score(stress.value or 0.0)
    assert dict(stress.drivers)["score"] == pytest.approx(score, abs=1e-5)


def test_deep_sleep_by_itself() -> None:
    """Its windows alone; what the stages leave out does not enter."""
    quiet = tone(7200, 1000.0, (30.0, 0.1), (10.0, 0.25))
    deep = tone(7200, 1000.0, (30.0, 0.1), (50.0, 0.25))
    samples = records(np.concatenate((quiet, deep, quiet)).round())
    found = told(samples, stages((2, Stage.LIGHT), (2, Stage.DEEP), (2, Stage.REM)))
    alone = told(records(deep.round()))
    assert found["rmssd_deep_ms"].value == pytest.approx(alone["rmssd_ms"].value, rel=0.01)
    assert (found["rmssd_ms"].value or 0) < 0.7 * (found["rmssd_deep_ms"].value or 0)
    assert found["rmssd_deep_ms"].tier is Tier.ESTIMATE
    assert found["nrem_hr_bpm"].value == 60.0
    assert found["sleeping_hr_bpm"].note == "estimator:name=mean_asleep"
    awake = told(samples, stages((6, Stage.WAKE)))
    assert awake["rmssd_deep_ms"].note == "need_input:name=differences_in_5_min,have=0,need=60"
    assert awake["sleeping_hr_bpm"].note == "need_input:name=hr_s,have=0,need=900"


def test_unsure_stages_make_unsure_values() -> None:
    """Confidence of the deep-sleep value is also that of the stage."""
    sure = stages((6, Stage.DEEP))
    unsure = Hypnogram(sure.start_ts, sure.stage, np.full((len(sure), 4), 0.25))
    samples = sleeping()
    one, other = told(samples, sure), told(samples, unsure)
    assert other["rmssd_deep_ms"].value == one["rmssd_deep_ms"].value
    assert other["rmssd_deep_ms"].confidence == pytest.approx(
        one["rmssd_deep_ms"].confidence / 4, abs=1e-6
    )


def test_confidence_falls_with_coverage() -> None:
    """Of every metric, and none gets surer when more is lost; what remains is still near."""
    whole = sleeping()
    before = told(whole, hours=6)
    for share in (0.2, 0.5, 0.8):
        lost = np.floor(np.arange(len(whole)) / 600.0) % 10 < 10 * share
        after = told(without(whole, lost), hours=6)
        for key in KEYS:
            if key == "beats":
                continue
            assert after[key].confidence < before[key].confidence or not before[key].confidence, key
        assert after["rmssd_ms"].value == pytest.approx(before["rmssd_ms"].value, rel=0.03)
        before = after


@pytest.mark.full
@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0))
def test_losing_records_makes_nothing_surer(seed: int, share: float) -> None:
    """Here and there, of a night with waves; a value that is gone has a reason."""
    whole = sleeping(1.5)
    lost = np.random.default_rng(seed).random(len(whole)) < share
    before, after = told(whole, hours=1.5), told(without(whole, lost), hours=1.5)
    for key in KEYS:
        assert after[key].confidence <= before[key].confidence
        assert (after[key].value is None) == (after[key].confidence == 0.0)
        assert after[key].value is not None or after[key].note


def test_no_beats() -> None:
    """The heart rate is still told; the rest says that there are none."""
    found = told(samples_of(START + np.arange(3600.0), hr_bpm=55))
    assert {key for key in KEYS if found[key].value is not None} == set(RATES)
    assert found["hf_ln_ms2"].note == found["beats"].note == "need_input:name=rr,have=0,need=60"


def test_no_records_at_all() -> None:
    """Every metric is absent, with its reason."""
    found = told(samples_of([]), hours=8)
    assert list(found) == KEYS
    assert not any(metric.confidence for metric in found.values())


def test_no_heart_rate() -> None:
    """Beats alone give their variability, unverified."""
    samples = sleeping()
    found = told(samples_of(samples.ts, hr_bpm=0, rr_ms=samples.rr_ms, rr_index=samples.rr_index))
    assert {key for key in KEYS if found[key].value is None} == {*RATES, *STAGED}
    assert found["resting_hr_bpm"].note == "need_input:name=hr_s_in_30_min,have=0,need=1620"
    assert dict(found["rr_clean_fraction"].drivers)["unverified"] == 1.0


def test_a_shaky_clock_is_refused() -> None:
    """All that is made of differences, and the fast waves; slow ones and rates stay."""
    rr = sleeping(4.0).rr_ms
    times = np.cumsum(rr) + 80.0 * (lcg(len(rr)) - 0.5)
    found = told(records(np.diff(times).round()))
    for key in (*STEPS, "hf_power_ms2", "hf_ln_ms2", *RATIOS, "hrv_shape_ratio"):
        assert (found[key].note or "").startswith("hrv_refused:acf1=-0."), key
    for key in ("sdnn_ms", "lf_power_ms2", "deceleration_capacity_ms", *RATES):
        assert found[key].value is not None


def test_artefacts_withhold_the_fast_waves() -> None:
    """More than 15 % of beats that are not normal."""
    samples = sleeping(2.0)
    rr = samples.rr_ms.copy()
    rr[::5] *= 0.6
    found = told(samples_of(samples.ts, hr_bpm=60, rr_ms=rr, rr_index=samples.rr_index), hours=2)
    assert (found["hf_power_ms2"].note or "").startswith("artifact:fraction=0.2")
    assert found["lf_hf"].value is None
    assert found["lf_power_ms2"].value is not None


def test_repeated_beats_are_refused() -> None:
    """Lists of intervals that came twice would double what the heart varies."""
    samples = sleeping(2.0)
    twice = samples_of(
        samples.ts,
        hr_bpm=60,
        rr_ms=np.repeat(samples.rr_ms, 2),
        rr_index=np.repeat(samples.rr_index, 2),
    )
    found = told(twice)
    assert found["rmssd_ms"].note == found["sdnn_ms"].note == "repeated_beats:covered=2.00,max=1.1"
    assert found["resting_hr_bpm"].value == 60.0


def test_slow_breathing_makes_no_ratio() -> None:
    """Its waves are among the slow ones."""
    samples = sleeping(2.0)
    slow, usual = (told(samples, breathing_per_min=value) for value in (9.4, 9.5))
    for key in RATIOS:
        assert slow[key].note == "slow_breathing:per_min=9.4,need=9.5"
        assert usual[key].value is not None
    assert slow["hf_power_ms2"].value == usual["hf_power_ms2"].value


def test_a_heart_like_a_clock() -> None:
    """Nothing varies: zeros where zero is the answer, absent where it is not defined."""
    found = told(records(np.full(7200, 1000.0)))
    assert found["rmssd_ms"].value == found["sdnn_ms"].value == found["pnn50"].value == 0.0
    for key in (
        "lf_hf",
        "hf_ln_ms2",
        "deceleration_capacity_ms",
        "stress_index",
        "hrv_shape_ratio",
    ):
        assert found[key].value is None
        assert found[key].note


def test_a_minute() -> None:
    """Too short for most: what cannot be told says what it takes."""
    found = told(records(tone(60, 1000.0, (30.0, 0.1), (30.0, 0.25)).round()))
    for key, reason in (
        ("rmssd_ms", "need_input:name=differences_in_5_min"),
        ("sdann_ms", "need_input:name=bins_of_5_min"),
        ("vlf_power_ms2", "need_input:name=vlf_segments"),
        ("lf_hf", "need_input:name=lf_segments"),
        ("hrv_shape_ratio", "need_input:name=half_hours"),
        ("sleeping_hr_bpm", "need_input:name=hr_s"),
        ("hr_nadir_ts", "need_input:name=covered_5_min"),
    ):
        assert (found[key].note or "").startswith(reason), key


def test_shifting_time_shifts_only_times() -> None:
    """By weeks."""
    samples = sleeping(2.0)
    shift = 3 * 604800.0
    later = samples_of(
        samples.ts + shift, hr_bpm=samples.hr_bpm, rr_ms=samples.rr_ms, rr_index=samples.rr_index
    )
    here = told(samples)
    start, end = window_of_all(samples)
    moved = start + shift, end + shift
    beats = place_beats(later)
    there = night_metrics(later, beats, clean_beats(beats), moved)
    for key in KEYS:
        expected = here[key].value
        if key == "hr_nadir_ts" and expected is not None:
            expected += shift
        assert there[key].value == pytest.approx(expected, rel=1e-5), key


@pytest.mark.full
def test_a_real_night(shared_data: Path) -> None:
    """What it gave when it was looked at: a change here is a change of the numbers people see."""
    samples, _ = real_night(shared_data / "whoop_real_night", START)
    found = told(samples)
    for key, value in (
        ("rmssd_ms", 61.86),
        ("rmssd_whole_ms", 68.97),
        ("sdnn_ms", 111.69),
        ("deceleration_capacity_ms", 9.58),
        ("acceleration_capacity_ms", -10.656),
        ("lf_power_ms2", 2450.1),
        ("resting_hr_bpm", 59.33),
        ("sleeping_hr_bpm", 66.74),
        ("hr_nadir_bpm", 55.81),
    ):
        assert found[key].value == pytest.approx(value, rel=1e-3), key
