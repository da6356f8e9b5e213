"""How often the arm is shaken a second, and how regularly: cadence out of acceleration."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE_HZ: Final = 12.5
"""Rate that everything is brought to: the slowest at which steps are counted at all."""
LOW_PASS_HZ: Final = 5.0
"""Steps and their first overtones lie below; what lies above would fold into them."""
MIN_RATE_HZ: Final = 11.5
"""Rate of a recording below which it holds no steps (nominal 12.5 Hz with a tolerance)."""
REST_G: Final = 1.0
CLIP_G: Final = 0.8
"""A knock counts no more than this, g: one must not hide ten seconds of walking."""
CADENCE_HZ: Final = np.arange(0.9, 3.45, 0.05, dtype=np.float64)
"""Steps a second that are looked for: 54 to 204 a minute."""
ANY_HZ: Final = (0.3, 6.0)
"""Band whose power counts as movement."""
SWING_WEIGHT: Final = 0.3
"""Share of the power at half a cadence that speaks for it: the arm swings once in two steps. A
whole share would take the overtone of slow steps for the steps."""
CHANGE_COST: Final = 2.0
"""Cost of changing the cadence by a factor of e from one second to the next, in shares of power."""
HALF_WIDTH: Final = 1.2
"""Half-width of a spectral line of a Hann window, in bins of its length."""
SIZE: Final = 512


@dataclass(frozen=True, slots=True)
class Cadence:
    """Per second, (n,): the likeliest steps a second, and the share of power that agrees with it."""

    step_hz: NDArray[np.float64]
    regularity: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spectra:
    """Power of the window around each second, (n, k), as a share of the power of movement."""

    freq_hz: NDArray[np.float64]
    share: NDArray[np.float64]
    window_s: float

    def line(self, freq_hz: float) -> NDArray[np.float64]:
        """Share of power around one frequency, (n,)."""
        half = HALF_WIDTH / self.window_s
        first, last = np.searchsorted(self.freq_hz, (freq_hz - half, freq_hz + half))
        found: NDArray[np.float64] = self.share[:, first:last].sum(axis=1)
        return found

    def between(self, low_hz: float, high_hz: float) -> NDArray[np.float64]:
        """Shares of the frequencies within a band, (n, j)."""
        return self.share[:, (self.freq_hz > low_hz) & (self.freq_hz < high_hz)]


def resampled(t_s: NDArray[np.float64], magnitude_g: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring one stretch to 12.5 Hz, low-passed, from its first moment on.

    ``t_s`` (n,) ascending, without a long hole, of any rate from 12.5 Hz; ``magnitude_g`` (n,)
    length of the acceleration with gravity, g. Empty for a slower or shorter than 1 s one.
    """
    if len(t_s) < 2 or t_s[-1] - t_s[0] < 1.0:
        return np.empty(0)
    span = float(t_s[-1] - t_s[0])
    rate = 1.0 / float(np.median(np.diff(t_s)))
    if min(rate, (len(t_s) - 1) / span) < MIN_RATE_HZ:
        return np.empty(0)
    even, values = t_s, magnitude_g
    if rate > 1.5 * RATE_HZ:
        from scipy.signal import butter, sosfiltfilt  # noqa: PLC0415  loads with the first analysis

        even = np.arange(t_s[0], t_s[-1], 1.0 / rate)
        sections = butter(4, LOW_PASS_HZ, fs=rate, output="sos")
        values = sosfiltfilt(sections, np.interp(even, t_s, magnitude_g))
    step = 1.0 / RATE_HZ
    # The last reading lasts as long as the others.
    at = np.arange(t_s[0], t_s[-1] + min(1.0 / rate, step) - 1e-6, step)
    found: NDArray[np.float64] = np.interp(at, even, values)
    return found


def band_pass(values: NDArray[np.float64], low_hz: float, high_hz: float) -> NDArray[np.float64]:
    """Second order band-pass without delay of a stretch at 12.5 Hz."""
    from scipy.signal import butter, sosfiltfilt  # noqa: PLC0415  scipy loads with first analysis

    sections = butter(2, (low_hz, high_hz), "bandpass", fs=RATE_HZ, output="sos")
    pad = min(len(values) - 1, 15)
    found: NDArray[np.float64] = sosfiltfilt(sections, values, padlen=pad)
    return found


def windows(values: NDArray[np.float64], window_s: float) -> NDArray[np.float64]:
    """Window around the middle of every whole second of a stretch at 12.5 Hz, (n, w).

    Beyond the ends the stretch is mirrored.
    """
    size = int(window_s * RATE_HZ)
    before = size // 2
    padded = np.pad(values, (before, size - before), mode="reflect")
    seconds = int(len(values) / RATE_HZ)
    start = ((np.arange(seconds) + 0.5) * RATE_HZ).astype(np.intp)
    found: NDArray[np.float64] = np.lib.stride_tricks.sliding_window_view(padded, size)[start]
    return found


def spectra_of(values: NDArray[np.float64], window_s: float) -> Spectra:
    """Spectrum around every second of a stretch at 12.5 Hz, g."""
    held = windows(values - REST_G, window_s)
    held = np.clip(held - np.median(held, axis=1, keepdims=True), -CLIP_G, CLIP_G)
    held -= held.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(held * np.hanning(held.shape[1]), SIZE)) ** 2
    freq = np.fft.rfftfreq(SIZE, 1.0 / RATE_HZ)
    low, high = ANY_HZ
    total = power[:, (freq > low) & (freq < high)].sum(axis=1, keepdims=True)
    share = power / np.maximum(total, 1e-9)
    return Spectra(freq.astype(np.float64), share.astype(np.float64), window_s)


def track_cadence(spectra: Spectra) -> Cadence:
    """Follow the cadence through a stretch: the path of most power that changes least.

    A dynamic programme over seconds and cadences, as trackers of pitch do it, where the walking
    recognition of Straczkiewicz et al. 2023 (npj Digit Med 6:29) takes each second alone and then
    drops runs that jump. Power at half of the cadence, the swing of the arm, speaks for it.
    """
    evidence = np.column_stack(
        [spectra.line(hz) + SWING_WEIGHT * spectra.line(hz / 2.0) for hz in CADENCE_HZ.tolist()]
    )
    log = np.log(CADENCE_HZ)
    cost = CHANGE_COST * np.abs(log[:, None] - log)
    came = np.zeros(evidence.shape, dtype=np.intp)
    best = evidence[0].copy()
    for second in range(1, len(evidence)):
        ways = best[:, None] - cost
        came[second] = ways.argmax(axis=0)
        best = ways.max(axis=0) + evidence[second]
    path = np.zeros(len(evidence), dtype=np.intp)
    path[-1] = best.argmax()
    for second in range(len(evidence) - 1, 0, -1):
        path[second - 1] = came[second, path[second]]
    step_hz: NDArray[np.float64] = CADENCE_HZ[path]
    return Cadence(step_hz, evidence[np.arange(len(path)), path])
