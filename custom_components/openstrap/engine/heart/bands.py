"""Power of the heart's slow and fast waves (Task Force 1996; Laguna et al. 1998)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..signal.spectrum import segment_spectra


@dataclass(frozen=True, slots=True)
class Band:
    """A range of frequencies, Hz, lower end included."""

    name: str
    low_hz: float
    high_hz: float

    @property
    def segment_s(self) -> float:
        """Ten periods of the slowest wave."""
        return PERIODS / self.low_hz


PERIODS: Final = 10.0
OVERLAP: Final = 0.5
OVERSAMPLING: Final = 4.0
MIN_SEGMENT_BEATS: Final = 16
MAX_ARTIFACT: Final = 0.15
"""Share of artefacts above which fast waves are withheld: each leaves its own."""

ULF: Final = Band("ulf", 0.0003, 0.003)
VLF: Final = Band("vlf", 0.003, 0.04)
LF: Final = Band("lf", 0.04, 0.15)
HF: Final = Band("hf", 0.15, 0.40)
"""Limits of the bands: Task Force 1996."""
NIGHT: Final = (VLF, LF, HF)


@dataclass(frozen=True, slots=True)
class BandPowers:
    """Power by band (ms²), None where it cannot be told, and how many segments it is the mean of.

    ``total_ms2`` is the sum of all bands asked for, None unless all are there: a sum of other
    bands is another quantity. ``lf_nu`` and ``hf_nu`` are percent of LF and HF together.
    """

    power_ms2: Mapping[str, float | None]
    segments: Mapping[str, int]
    total_ms2: float | None
    lf_hf: float | None
    lf_nu: float | None
    hf_nu: float | None


def band_powers(
    nn_ms: NDArray[np.float64],
    t_s: NDArray[np.float64],
    *,
    artifact_fraction: float = 0.0,
    bands: Sequence[Band] = NIGHT,
) -> BandPowers:
    """Mean Lomb-Scargle power over half-overlapping segments of ten periods of each band.

    ``nn_ms`` (m,) ms and ``t_s`` (m,) s ascending. Segments start at the first beat, lie wholly
    within the record and hold 16 beats or more. With artefacts above 15 % HF and what is made of
    it is withheld. The ratio of LF to HF is not a balance of nerves (Billman 2013, Front Physiol
    4:26).
    """
    power: dict[str, float | None] = {}
    segments: dict[str, int] = {}
    for band in bands:
        power[band.name], segments[band.name] = _mean_power(nn_ms, t_s, band)
        if band == HF and artifact_fraction > MAX_ARTIFACT:
            power[band.name] = None
    low, high = power.get(LF.name), power.get(HF.name)
    known = [value for value in power.values() if value is not None]
    both = low + high if low is not None and high is not None else 0.0
    return BandPowers(
        power_ms2=power,
        segments=segments,
        total_ms2=sum(known) if known and len(known) == len(power) else None,
        lf_hf=low / high if low is not None and high else None,
        lf_nu=100.0 * low / both if low is not None and both else None,
        hf_nu=100.0 * high / both if high is not None and both else None,
    )


def _mean_power(
    nn_ms: NDArray[np.float64], t_s: NDArray[np.float64], band: Band
) -> tuple[float | None, int]:
    """Mean over the segments, and their number; None and 0 when the record holds none."""
    if len(nn_ms) < MIN_SEGMENT_BEATS:
        return None, 0
    length = band.segment_s
    hop = length * (1.0 - OVERLAP)
    count = int(np.floor((t_s[-1] - t_s[0] - length) / hop + 1e-9)) + 1
    if count < 1:
        return None, 0
    points = int(np.ceil((band.high_hz - band.low_hz) * length * OVERSAMPLING)) + 1
    freq_hz = np.linspace(band.low_hz, band.high_hz, points)
    spectra = segment_spectra(
        t_s, nn_ms, t_s[0] + hop * np.arange(count), length, freq_hz, MIN_SEGMENT_BEATS
    )
    # The upper end is the next band's.
    power = spectra[:, :-1].sum(axis=1) * (freq_hz[1] - freq_hz[0])
    power = power[np.isfinite(power)]
    return (float(power.mean()), len(power)) if len(power) else (None, 0)
