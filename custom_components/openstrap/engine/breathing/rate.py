"""Breathing rate from the heart: how the intervals between beats swing with the breath."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import artifact, clamp, need_input
from ..signal.clean import CleanBeats
from .candidates import HIGH_HZ, LOW_HZ, SLOW_LOW_HZ, Candidates, find_candidates
from .counting import counted_rate, timed_rate
from .tachogram import MIN_BEATS, Tachogram, cut

SEGMENT_S: Final = 300.0
MIN_SEGMENT_S: Final = 60.0
MAX_ARTIFACT: Final = 0.30
MIN_SEGMENTS: Final = 3
CLEAR_CEILING_HZ: Final = 0.40
"""Half the rate of beats from which no sleeper's breath is too fast to be seen."""
LOWEST_CEILING_HZ: Final = 0.30
CEILING_SHARE: Final = 0.75
"""Under a ceiling below 0.40 Hz a peak may lie up to here: breath that is folded back to a lower
place would have to be faster than 1.25 ceilings, 22 a minute at the lowest."""
LOW_CEILING_CONSENSUS: Final = 0.7
MIN_SHARE: Final = 0.3
"""Share of its band that a peak must hold."""
SURE_SHARE: Final = 0.7
"""Share that leaves no doubt."""
AGREE_BRPM: Final = 2.0
"""How far the counted breaths may be from the spectrum's, and a segment from the median. The error
on patients in intensive care is between 0.4 and 0.5 a minute for 1 to 3 here, and for shares of
0.25 to 0.4 above; what changes is how many minutes are answered."""
SLOW_AGREE_BRPM: Final = 1.5
MIN_CONSENSUS: Final = 0.5
MIN_TOLD: Final = 0.1
"""Share of all segments that must tell a rate: a night of noise tells a few as well."""
FULL_TOLD: Final = 0.5
ASLEEP_HZ: Final = 0.125
"""Slowest breath that is believed of a sleeper, 7.5 a minute: the waves of blood pressure lie just
below, and a night of them looks like a night of six breaths a minute."""
AWAKE_HZ: Final = SLOW_LOW_HZ
"""The same of someone awake, who may breathe slowly by intention."""
JUMP_HZ: Final = 0.02
"""A change of the rate by this much between neighbours costs as much as a peak e times lower."""


@dataclass(frozen=True, slots=True)
class BreathTrack:
    """Breathing rate of n segments.

    ``start_ts`` (n,) epoch s; ``length_s``; ``brpm`` (n,) breaths a minute, NaN where it was not
    told; ``share`` (n,) of its band's power that the breath holds, NaN with it; ``low_ceiling``
    (n,) told under a ceiling below 0.40 Hz; ``aliased`` (n,) refused for the heart was too slow.
    """

    start_ts: NDArray[np.float64]
    length_s: float
    brpm: NDArray[np.float64]
    share: NDArray[np.float64]
    low_ceiling: NDArray[np.bool_]
    aliased: NDArray[np.bool_]
    ceiling_hz: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the segments."""
        return len(self.start_ts)


@dataclass(frozen=True, slots=True)
class BreathingRate:
    """Breaths a minute of a stretch: median, 10th and 90th percentile, and how they came about.

    The rates are None when the breath was not told, and then ``reason`` says why. ``told`` of
    ``segments`` gave a rate; ``consensus`` is the share of these within 2 of the median; ``share``
    the median of theirs. ``confidence`` is 0 exactly when there is no rate.
    """

    brpm: float | None
    p10_brpm: float | None
    p90_brpm: float | None
    consensus: float
    told: int
    segments: int
    share: float
    confidence: float
    reason: str | None


def aliased(nyquist_brpm: float) -> str:
    """Say that a heart this slow cannot show the breath."""
    return f"aliased:nyquist_brpm={nyquist_brpm:.1f}"


def breath_track(
    line: Tachogram, length_s: float, step_s: float, *, lowest_hz: float = ASLEEP_HZ
) -> BreathTrack:
    """Follow the breath through segments of ``length_s`` every ``step_s``.

    Respiratory sinus arrhythmia (Hirsch & Bishop 1981): of each segment's spectral peaks the path
    is taken that is strong and does not jump (Viterbi), and a rate is told only where it agrees
    with breaths counted one by one and the peak stands out of its band (quality indices of this
    kind: Charlton et al. 2018). Where nothing tells breath from noise nothing is said.
    """
    segments = cut(line, length_s, step_s)
    found = find_candidates(segments)
    low = segments.ceiling_hz < CLEAR_CEILING_HZ
    limit = np.where(low, CEILING_SHARE * segments.ceiling_hz, HIGH_HZ)
    ceiling = segments.ceiling_hz[segments.valid]
    high = min(float(np.median(ceiling)), HIGH_HZ) if len(ceiling) else HIGH_HZ
    counted = counted_rate(line, segments, LOW_HZ, high)
    found = _without_pressure_waves(found, counted, lowest_hz)
    chosen = _path(found, segments.valid)
    row = np.arange(len(segments))
    freq, share = found.freq_hz[row, chosen], found.share[row, chosen]
    slow = chosen == found.freq_hz.shape[1] - 1
    brpm = 60.0 * freq
    agreed = AGREE_BRPM * np.ones(len(segments))
    for at in np.flatnonzero(slow & segments.valid & np.isfinite(freq)):
        counted[at] = timed_rate(line, float(segments.start_ts[at]), length_s, float(freq[at]))
        agreed[at] = SLOW_AGREE_BRPM
    with np.errstate(invalid="ignore"):
        told = segments.valid & (share >= MIN_SHARE) & (np.abs(counted - brpm) <= agreed)
        reachable = (segments.ceiling_hz >= LOWEST_CEILING_HZ) & (freq < limit)
    brpm = np.where(slow, counted, brpm)
    told &= reachable
    return BreathTrack(
        start_ts=segments.start_ts,
        length_s=length_s,
        brpm=np.where(told, brpm, np.nan),
        share=np.where(told, share, np.nan),
        low_ceiling=low & told,
        aliased=segments.valid & low & ~reachable,
        ceiling_hz=segments.ceiling_hz,
    )


def breathing_rate(clean: CleanBeats, track: BreathTrack | None) -> BreathingRate:
    """Tell the breathing rate of a rest window, or of a still stretch of at least two minutes.

    ``track`` is ``night_track`` of the same beats.
    """
    if clean.total and clean.artifact_fraction > MAX_ARTIFACT:
        return nothing(artifact(clean.artifact_fraction, MAX_ARTIFACT))
    if track is None:
        return nothing(need_input("nn", len(clean.nn_ms), MIN_BEATS))
    return summarise(track, clean.artifact_fraction)


def night_track(line: Tachogram) -> BreathTrack:
    """Follow the breath in segments of 300 s; of half the span when it is shorter than 600 s.

    Segments are never shorter than 60 s, so a span below two minutes has fewer than three.
    """
    length = clamp(np.floor(line.span_s / 2.0), MIN_SEGMENT_S, SEGMENT_S)
    return breath_track(line, length, length / 2.0)


def summarise(track: BreathTrack, artifact: float) -> BreathingRate:
    """Sum the segments of a track up: at least three must tell a rate, and half of them the same.

    Where most hearts beats stand under a ceiling below 0.40 Hz, 0.7 of them must.
    Confidence: what is not artefact, times the consensus, times the share of segments that told a
    rate as far as it is below a half; 0.2 to 0.9.
    """
    known = np.isfinite(track.brpm)
    told, total = int(known.sum()), len(track)
    need_told = max(MIN_SEGMENTS, int(np.ceil(MIN_TOLD * total)))
    if told < need_told:
        if total and 2 * int(track.aliased.sum()) > total - told:
            ceiling = float(np.median(track.ceiling_hz[track.aliased]))
            return nothing(aliased(60.0 * ceiling), told, total)
        return nothing(need_input("breathing_segments", told, need_told), told, total)
    brpm = track.brpm[known]
    middle = float(np.median(brpm))
    consensus = float((np.abs(brpm - middle) <= AGREE_BRPM).mean())
    mostly_low = 2 * int(track.low_ceiling.sum()) > told
    need = LOW_CEILING_CONSENSUS if mostly_low else MIN_CONSENSUS
    if consensus < need:
        return nothing(need_input("breathing_consensus", round(consensus, 3), need), told, total)
    sure = (1.0 - artifact) * consensus * min(told / total / FULL_TOLD, 1.0)
    low, high = (float(value) for value in np.percentile(brpm, (10.0, 90.0)))
    return BreathingRate(
        brpm=middle,
        p10_brpm=low,
        p90_brpm=high,
        consensus=consensus,
        told=told,
        segments=total,
        share=float(np.median(track.share[known])),
        confidence=clamp(sure, 0.2, 0.9),
        reason=None,
    )


def nothing(reason: str, told: int = 0, segments: int = 0) -> BreathingRate:
    """No rate, and why."""
    return BreathingRate(None, None, None, 0.0, told, segments, 0.0, 0.0, reason)


def _without_pressure_waves(
    found: Candidates, counted: NDArray[np.float64], lowest_hz: float
) -> Candidates:
    """Leave slow peaks out that are too slow, or beside which the band's strongest looks like breath.

    Of a wave too slow for breath the multiples are none either.
    """
    freq = found.freq_hz
    with np.errstate(invalid="ignore"):
        seen = np.abs(60.0 * freq[:, 0] - counted) <= AGREE_BRPM
        seen &= (found.share[:, 0] >= MIN_SHARE) & ~found.multiple[:, 0]
        low = freq[:, -1] < lowest_hz
    freq = freq.copy()
    freq[:, :-1][found.multiple & (low & ~seen)[:, None]] = np.nan
    freq[seen | low, -1] = np.nan
    return replace(found, freq_hz=freq)


def _path(found: Candidates, valid: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Choose a candidate of each segment, (n,): the cheapest way through all (Viterbi 1967).

    A candidate costs the logarithm of how much it falls short of the segment's strongest, a change
    of frequency its size over 0.02 Hz by the segments that it took.
    """
    usable = np.isfinite(found.freq_hz) & valid[:, None]
    rows = np.flatnonzero(usable.any(axis=1))
    chosen = np.zeros(len(valid), dtype=np.intp)
    if not len(rows):
        return chosen
    power = np.where(usable, found.power, 0.0)[rows]
    with np.errstate(divide="ignore"):
        own = np.log(power.max(axis=1, keepdims=True)) - np.log(power)
    freq = np.where(usable, found.freq_hz, 0.0)[rows]
    jump = np.abs(freq[1:, None, :] - freq[:-1, :, None]) / JUMP_HZ
    jump /= np.diff(rows)[:, None, None]
    cost = own[0]
    back = np.zeros(power.shape, dtype=np.intp)
    for at in range(1, len(rows)):
        way = cost[:, None] + jump[at - 1]
        back[at] = way.argmin(axis=0)
        cost = way.min(axis=0) + own[at]
    place = int(cost.argmin())
    for at in range(len(rows) - 1, -1, -1):
        chosen[rows[at]] = place
        place = int(back[at, place])
    return chosen


def window_confidence(track: BreathTrack, artifact: float) -> NDArray[np.float64]:
    """Tell how sure the rate of a single segment is, (n,), 0 where there is none.

    What is not artefact times the share of the band that the breath holds against 0.7; 0.2 to 0.9.
    """
    sure = np.clip((1.0 - artifact) * track.share / SURE_SHARE, 0.2, 0.9)
    return np.where(np.isfinite(track.brpm), sure, 0.0)
