"""Nights for tests of the heart: beats of any kind in records of a second."""

import numpy as np
from numpy.typing import NDArray

from custom_components.openstrap.engine.heart.night_metrics import night_metrics
from custom_components.openstrap.engine.metric import Metric
from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.signal.beats import RECORD_LAG_S, place_beats
from custom_components.openstrap.engine.signal.clean import clean_beats
from custom_components.openstrap.engine.sleep.hypnogram import Hypnogram

from ..series import lcg, samples_of, tone

START = 1.75e9


def records(rr_ms: NDArray[np.float64], *, hr_bpm: float | None = None) -> Samples:
    """Put beats end to end into records of a second; the strap's heart rate is their mean."""
    end_s = np.cumsum(rr_ms) / 1000.0
    ts = np.arange(0.0, end_s[-1] + 1.0)
    index = np.searchsorted(ts + RECORD_LAG_S, end_s)
    kept = index < len(ts)
    rate = round(60000.0 / float(np.median(rr_ms))) if hr_bpm is None else hr_bpm
    return samples_of(START + ts, hr_bpm=rate, rr_ms=rr_ms[kept], rr_index=index[kept])


def sleeping(hours: float = 6.0) -> Samples:
    """Make a steady sleeper: waves of 0.1 Hz and of breathing, and a drift over the night."""
    n = int(hours * 3600)
    rr = tone(n, 1000.0, (30.0, 0.1), (30.0, 0.25))
    drift = 40.0 * np.sin(2 * np.pi * np.arange(n) / 5400.0)
    return records((rr + drift + 4.0 * (lcg(n) - 0.5)).round())


def window_of_all(samples: Samples, *, hours: float | None = None) -> tuple[float, float]:
    """Take all of the records as the rest, or so many hours from the first on."""
    end = samples.ts[-1] + 1.0 if hours is None else START + 3600.0 * hours
    return START, float(end)


def told(
    samples: Samples,
    hypnogram: Hypnogram | None = None,
    *,
    hours: float | None = None,
    breathing_per_min: float | None = None,
) -> dict[str, Metric]:
    """Every metric of a night."""
    beats = place_beats(samples)
    return night_metrics(
        samples,
        beats,
        clean_beats(beats),
        window_of_all(samples, hours=hours),
        hypnogram,
        breathing_per_min=breathing_per_min,
    )


def without(samples: Samples, lost: NDArray[np.bool_]) -> Samples:
    """Lose records, with their beats."""
    kept = ~lost[samples.rr_index]
    number = np.cumsum(~lost) - 1
    return samples_of(
        samples.ts[~lost],
        hr_bpm=samples.hr_bpm[~lost],
        rr_ms=samples.rr_ms[kept],
        rr_index=number[samples.rr_index[kept]],
    )
