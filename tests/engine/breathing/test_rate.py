"""Breathing rate from hearts whose breath is known, and silence where it cannot be."""

from pathlib import Path

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest
from scipy.signal import lombscargle

from custom_components.openstrap.engine.breathing.rate import (
    AWAKE_HZ,
    BreathingRate,
    breath_track,
    breathing_rate,
    night_track,
    window_confidence,
)
from custom_components.openstrap.engine.breathing.tachogram import cut, tachogram
from custom_components.openstrap.engine.signal.beats import place_beats
from custom_components.openstrap.engine.signal.clean import CleanBeats, clean_beats

from ..series import lcg, real_night, tone_a, tone_b
from .hearts import breath, cleaned, heart, waves

HOUR = 3600.0


def rate_of(
    clean: CleanBeats, start: float | None = None, end: float | None = None
) -> BreathingRate:
    """Tell the rate the way a night does."""
    line = tachogram(clean, start, end)
    return breathing_rate(clean, None if line is None else night_track(line))


def test_two_tones() -> None:
    """RSA1: the faster wave is the breath, not the one of 0.1 Hz. Truth is 15."""
    found = rate_of(cleaned(tone_a()))
    assert found.brpm == pytest.approx(14.992806, abs=0.02)
    assert found.brpm == pytest.approx(15.0, abs=0.005)
    assert (found.consensus, found.segments, found.confidence) == (1.0, 10, 0.9)


def test_one_tone() -> None:
    """RSA2. Truth is 12."""
    found = rate_of(cleaned(tone_b()))
    assert found.brpm == pytest.approx(12.014354, abs=0.02)
    assert found.brpm == pytest.approx(12.0, abs=0.005)


@pytest.mark.parametrize("brpm", [26.4, 28.8])
def test_fast_breathing(brpm: float) -> None:
    """RSA3."""
    assert rate_of(cleaned(breath(1800, brpm, bpm=75))).brpm == pytest.approx(brpm, abs=0.3)


@pytest.mark.parametrize(("brpm", "bpm"), [(26, 43), (20, 43), (24, 36), (15, 36)])
def test_folded_breath_is_refused(brpm: float, bpm: float) -> None:
    """RSA4: what one sample a beat cannot show is not shown as something else."""
    found = rate_of(cleaned(breath(1800, brpm, bpm=bpm)))
    assert found.brpm is None
    assert found.confidence == 0.0
    assert found.reason is not None
    assert found.reason.startswith("aliased:nyquist_brpm=")


@pytest.mark.parametrize(("brpm", "bpm"), [(14, 47), (14, 43), (12, 40), (12.5, 38)])
def test_slow_hearts_are_answered(brpm: float, bpm: float) -> None:
    """The fittest sleepers below 48 bpm."""
    assert rate_of(cleaned(breath(1800, brpm, bpm=bpm))).brpm == pytest.approx(brpm, abs=0.1)


def test_a_drift_shows() -> None:
    """RSA5: from 19 to 16 over eight hours."""

    def wave(t: float) -> float:
        return float(35.0 * np.sin(2 * np.pi * (19 * t - 1.5 * t * t / (8 * HOUR)) / 60.0))

    found = rate_of(cleaned(heart(8 * HOUR, 950.0, wave)))
    assert found.brpm == pytest.approx(17.5, abs=0.1)
    assert found.p10_brpm == pytest.approx(16.3, abs=0.15)
    assert found.p90_brpm == pytest.approx(18.7, abs=0.15)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("pressure", [0.0, 30.0, 60.0])
def test_nobody_breathes_noise(seed: int, pressure: float) -> None:
    """Waves of blood pressure and 1/f variability alone are no breath, however strong."""
    slow = waves(2 * HOUR, seed, centre_hz=0.1, width_hz=0.015)
    drift = waves(2 * HOUR, seed + 10, centre_hz=0.0, width_hz=0.0)
    rr = heart(2 * HOUR, 1000.0, lambda t: pressure * slow[int(4 * t)] + 40.0 * drift[int(4 * t)])
    assert rate_of(cleaned(rr)).brpm is None


def test_breath_beside_stronger_waves() -> None:
    """A breath of half the height of the waves around it is found all the same."""
    slow = waves(2 * HOUR, 3, centre_hz=0.1, width_hz=0.015)
    drift = waves(2 * HOUR, 4, centre_hz=0.0, width_hz=0.0)

    def wave(t: float) -> float:
        at = int(4 * t)
        return float(25 * np.sin(2 * np.pi * 0.24 * t) + 50 * slow[at] + 30 * drift[at])

    found = rate_of(cleaned(heart(2 * HOUR, 1000.0, wave)))
    assert found.brpm == pytest.approx(14.4, abs=0.4)


def test_six_breaths_a_minute_only_of_someone_awake() -> None:
    """By intention they are told; of a sleeper neither they nor their multiples are."""
    rr = heart(600, 1000.0, lambda t: 70 * np.sin(0.2 * np.pi * t) + 15 * np.sin(0.4 * np.pi * t))
    line = tachogram(cleaned(rr))
    assert line is not None
    awake = breath_track(line, 60.0, 30.0, lowest_hz=AWAKE_HZ).brpm
    assert awake[np.isfinite(awake)] == pytest.approx(6.0, abs=0.1)
    assert np.isfinite(awake).mean() > 0.9
    assert not np.isfinite(breath_track(line, 60.0, 30.0).brpm).any()


def test_white_noise_and_constants() -> None:
    """Say nothing."""
    assert rate_of(cleaned(800.0 + 40.0 * (lcg(3000) - 0.5))).brpm is None
    flat = rate_of(cleaned(np.full(3000, 1000.0)))
    assert (flat.brpm, flat.confidence) == (None, 0.0)


@pytest.mark.parametrize(
    ("rr", "reason"),
    [
        (np.empty(0), "need_input:name=nn,have=0,need=30"),
        (breath(25, 15, bpm=60), "need_input:name=nn"),
        (breath(80, 15, bpm=60), "need_input:name=breathing_segments"),
        (np.resize([1000.0, 600.0, 1500.0, 700.0], 1000), "artifact:fraction="),
    ],
)
def test_refusals(rr: NDArray[np.float64], reason: str) -> None:
    """No, few, short and wrong beats."""
    found = rate_of(cleaned(rr))
    assert found.brpm is None
    assert found.confidence == 0.0
    assert found.reason is not None
    assert found.reason.startswith(reason)


@given(st.floats(-1e9, 2e9), st.floats(10.5, 22.0))
def test_time_shift(shift: float, brpm: float) -> None:
    """The same night at another time gives the same."""
    rr = breath(900, brpm, bpm=66)
    here, there = rate_of(cleaned(rr)), rate_of(cleaned(rr, start=float(int(shift))))
    assert here.brpm == pytest.approx(brpm, abs=0.1)
    assert there.brpm == pytest.approx(here.brpm, abs=1e-3)
    assert there.confidence == pytest.approx(here.confidence)


@given(st.floats(0.3, 3.0))
def test_height_does_not_matter(scale: float) -> None:
    """A clean breath is as sure whether it is large or small."""
    base = rate_of(cleaned(breath(900, 14, bpm=66, swing_ms=20)))
    other = rate_of(cleaned(breath(900, 14, bpm=66, swing_ms=20 * scale)))
    assert other.brpm == pytest.approx(base.brpm, abs=0.01)
    assert other.confidence == base.confidence


@given(st.floats(0.0, 0.9), st.floats(0.1, 0.9))
def test_missing_beats_never_raise_confidence(at: float, share: float) -> None:
    """A hole anywhere in the window, and none raises."""
    rr = breath(2 * HOUR, 15, bpm=60)
    t_s = np.cumsum(rr) / 1000.0
    whole = rate_of(cleaned(rr), 0.0, 2 * HOUR)
    out = (t_s > at * t_s[-1]) & (t_s < (at + share) * t_s[-1])
    first = int(out.argmax())
    lost = float(rr[out].sum() / 1000.0)
    part = rate_of(
        cleaned(rr[~out], {first: lost} if first < (~out).sum() else None), 0.0, 2 * HOUR
    )
    assert part.confidence <= whole.confidence
    assert (part.brpm is None) == (part.confidence == 0.0)
    if part.brpm is not None:
        assert part.brpm == pytest.approx(15.0, abs=0.1)


def test_less_coverage_is_less_sure() -> None:
    """A quarter of the night against all of it."""
    rr = breath(HOUR, 15, bpm=60)
    whole, part = rate_of(cleaned(rr), 0.0, HOUR), rate_of(cleaned(rr), 0.0, 4 * HOUR)
    assert part.brpm == pytest.approx(15.0, abs=0.01)
    assert part.confidence < 0.6 < whole.confidence


def test_peaks_stand_where_a_periodogram_has_them() -> None:
    """The even series against scipy's for uneven ones."""
    drift = waves(400, 5, centre_hz=0.0, width_hz=0.0)
    rr = heart(301, 900.0, lambda t: 30 * np.sin(2 * np.pi * 0.23 * t) + 20 * drift[int(4 * t)])
    clean = cleaned(rr)
    line = tachogram(clean)
    assert line is not None
    (power,), freq = (segments := cut(line, 300.0, 150.0)).power, segments.freq_hz
    inside = (freq > 0.15) & (freq < 0.45)
    window = np.hanning(len(rr))
    other = lombscargle(
        clean.t_s, window * (clean.nn_ms - clean.nn_ms.mean()), 2 * np.pi * freq[inside]
    )
    assert freq[inside][power[inside].argmax()] == pytest.approx(
        freq[inside][other.argmax()], abs=2 * freq[1]
    )


def test_single_segments_say_how_sure_they_are() -> None:
    """Of no rate not at all."""
    line = tachogram(cleaned(breath(600, 15, bpm=60)), 0.0, 1200.0)
    assert line is not None
    track = breath_track(line, 60.0, 30.0)
    sure = window_confidence(track, 0.0)
    assert ((sure > 0.0) == np.isfinite(track.brpm)).all()
    assert (window_confidence(track, 0.5) <= sure).all()
    assert (sure > 0).any()
    assert (sure == 0).any()


@pytest.mark.full
def test_a_real_night(shared_data: Path) -> None:
    """A recorded night breathes about 15.6 a minute by two other methods."""
    samples, _ = real_night(shared_data / "whoop_real_night", 1_700_000_000)
    found = rate_of(clean_beats(place_beats(samples)), samples.ts[0], samples.ts[-1])
    assert found.brpm == pytest.approx(15.6, abs=0.3)
    assert found.consensus > 0.9
    assert 0.5 < found.confidence < 0.9
