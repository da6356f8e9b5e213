"""Hearts that breathe: series of intervals with a known breath."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.signal.beats import Beats
from custom_components.openstrap.engine.signal.clean import CleanBeats, clean_beats

from ..series import samples_of


def heart(seconds: float, base_ms: float, wave: Callable[[float], float]) -> NDArray[np.float64]:
    """Return intervals (ms) for so many seconds: a base and a wave of time (s)."""
    t, found = 0.0, []
    while t < seconds:
        found.append(base_ms + wave(t))
        t += found[-1] / 1000.0
    return np.array(found)


def breath(
    seconds: float, brpm: float, *, bpm: float, swing_ms: float = 40.0
) -> NDArray[np.float64]:
    """Return intervals of a heart whose only wave is the breath."""
    return heart(seconds, 60000.0 / bpm, lambda t: swing_ms * np.sin(2 * np.pi * brpm / 60.0 * t))


def cleaned(
    rr_ms: ArrayLike, gaps: dict[int, float] | None = None, start: float = 0.0
) -> CleanBeats:
    """Clean intervals laid end to end, with a gap (s) before some of them."""
    rr = np.asarray(rr_ms, dtype=np.float64)
    pause = np.zeros(len(rr))
    for at, gap in gaps.items() if gaps else ():
        pause[at] = gap
    t_s = start + np.cumsum(rr / 1000.0 + pause)
    joined = pause == 0.0
    joined[:1] = False
    return clean_beats(Beats(t_s, rr, joined, t_s, np.full(len(rr), np.nan)))


def worn(rr_ms: NDArray[np.float64], start: float = 0.0, **more: ArrayLike) -> Samples:
    """Return the records of a still wrist, one a second, that bring these intervals."""
    end = start + np.cumsum(rr_ms) / 1000.0
    ts = np.arange(start, end[-1] + 1.0)
    rate = np.interp(ts, end, 60000.0 / rr_ms)
    return samples_of(
        ts,
        hr_bpm=np.rint(rate),
        rr_ms=np.round(rr_ms),
        rr_index=np.searchsorted(ts + 0.3, end).clip(max=len(ts) - 1),
        **more,
    )


def waves(seconds: float, seed: int, *, centre_hz: float, width_hz: float) -> NDArray[np.float64]:
    """Return noise of unit spread at 4 Hz around one frequency, or falling with it when width is 0."""
    size = int(seconds * 4) + 400
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(size))
    freq = np.fft.rfftfreq(size, 0.25)
    with np.errstate(divide="ignore"):
        shape = (
            np.exp(-0.5 * ((freq - centre_hz) / width_hz) ** 2)
            if width_hz
            else np.where(freq > 0, freq, np.inf) ** -0.5
        )
    series = np.fft.irfft(spectrum * shape, size)
    level: NDArray[np.float64] = series / series.std()
    return level
