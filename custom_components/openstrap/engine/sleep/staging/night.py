"""A finished night as stages."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...metric import need_input
from ...samples import Samples
from ...signal.beats import Beats
from ...signal.motion import Motion
from ..hypnogram import EPOCH_S, Hypnogram, Stage
from .decision import decide, merge_short
from .features import EnergyFrame, align_energy, energy_medians, matrix, night_features
from .parameters import NightParameters, shipped
from .series import BIN_S, GRID_S, PER_EPOCH, Series, night_series
from .totals import StageMinutes

MIN_EPOCHS = 20
"""Ten minutes: of less nothing is said."""
MIN_HR_PRESENT = 0.5
"""Share of the window with a heart rate; with less even wake is a guess."""
MAX_HR_LOST = 0.2
"""Lost in blocks, more than this costs a quarter of the agreement on stages."""
FULL_WINDOW_S = 10800.0
"""Three hours: the fit saw nights, and what it learnt of their first hours is wrong of naps."""
MAX_HR_HOLE_S = 600.0
"""An epoch in a longer hole of the heart rate was not observed."""
MAX_MOTION_HOLE_S = 900.0
"""In a longer hole of the motion no movement would be taken for sleep."""
NO_MOTION = "no_motion"


@dataclass(frozen=True, slots=True)
class StagedNight:
    """The stages of a window, and how far to trust them.

    ``hypnogram`` covers the window in epochs of 30 s. With ``depth`` false only sleep and wake
    are told apart, for the ``reason`` given: LIGHT then stands for all sleep, in ``stage`` as in
    ``probability``. ``expected_accuracy`` is the share of epochs expected to be right,
    ``confidence`` the same lowered by what was not observed. ``minutes`` has "wake", "asleep" and,
    with depth, "light", "deep" and "rem"; all but "asleep" sum to ``observed_min``. ``energy`` has
    the night medians of heart-rate energy (natural log of bpm), which tell one device's filter
    from another's.
    """

    hypnogram: Hypnogram
    depth: bool
    reason: str | None
    expected_accuracy: float
    confidence: float
    minutes: Mapping[str, StageMinutes]
    observed_min: float
    hr_present: float
    energy: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Described:
    """What the classifier is shown of a night: ``columns`` (epochs, k), which epochs count.

    ``energy`` are the night medians before any alignment; ``hr_present`` and ``motion_seen`` the
    shares of the window.
    """

    columns: NDArray[np.float64]
    observed: NDArray[np.bool_]
    energy: Mapping[str, float]
    hr_present: float
    motion_seen: float


def stage_night(
    samples: Samples,
    beats: Beats | None,
    motion: Motion,
    start_ts: float,
    end_ts: float,
    *,
    parameters: NightParameters | None = None,
) -> StagedNight | str:
    """Tell wake, light, deep and REM in a finished window (epoch s); a reason (str) if it cannot.

    Heart rate may come from beats where the strap's own is missing. Without motion, or with a
    heart rate for less than half of the window, nothing is said. A window under three hours or a
    heart rate lost for more than a fifth of it gives sleep and wake alone. ``parameters`` stand in
    for the shipped ones when a fit is judged.
    """
    epochs = int((end_ts - start_ts) // EPOCH_S)
    if epochs < MIN_EPOCHS:
        return need_input("window_min", max(epochs, 0) / 2, MIN_EPOCHS / 2)
    taught = shipped().night if parameters is None else parameters
    series = night_series(samples, beats, motion, start_ts, epochs)
    seen = describe(series, taught.frame)
    if isinstance(seen, str):
        return seen
    probability = np.full((epochs, 4), np.nan)
    probability[seen.observed] = taught.classifier.probability(seen.columns[seen.observed])
    return _told(start_ts, probability, seen, taught)


def describe(series: Series, frame: EnergyFrame | None) -> Described | str:
    """Compute what the classifier is shown; without a frame energies are left as they are."""
    hr_present = float(series.present.mean())
    if hr_present < MIN_HR_PRESENT:
        return need_input("hr_share", round(hr_present, 3), MIN_HR_PRESENT)
    if not series.watched.any():
        return NO_MOTION
    observed = _observed(series)
    if not observed.any():
        return need_input("observed_min", 0, MIN_EPOCHS / 2)
    features = night_features(series)
    energy = energy_medians(features)
    if frame is not None:
        features = align_energy(features, frame)
    return Described(
        columns=matrix(features),
        observed=observed,
        energy=energy,
        hr_present=hr_present,
        motion_seen=float(series.watched.mean()),
    )


def _observed(series: Series) -> NDArray[np.bool_]:
    """Tell the epochs that lie in no long hole of heart rate or motion."""
    heart = _in_reach(series.present, round(MAX_HR_HOLE_S / GRID_S))
    motion = _in_reach(series.watched, round(MAX_MOTION_HOLE_S / BIN_S))
    per_bin = round(EPOCH_S / BIN_S)
    seen: NDArray[np.bool_] = np.logical_and(
        np.logical_or.reduce(heart.reshape(-1, PER_EPOCH), axis=1),
        np.logical_or.reduce(motion.reshape(-1, per_bin), axis=1),
    )
    return seen


def _in_reach(there: NDArray[np.bool_], longest: int) -> NDArray[np.bool_]:
    """Return a mask with its holes of up to ``longest`` cells closed."""
    closed = there.copy()
    edge = np.flatnonzero(np.diff(np.concatenate(([True], there, [True]))))
    for first, last in edge.reshape(-1, 2).tolist():
        if last - first <= longest:
            closed[first:last] = True
    return closed


def _told(
    start_ts: float,
    probability: NDArray[np.float64],
    seen: Described,
    taught: NightParameters,
) -> StagedNight:
    epochs = len(probability)
    rows = probability[seen.observed]
    expected = taught.accuracy.expect(rows, 1.0 - seen.hr_present)
    wake, light, deep, rem, asleep = taught.totals.minutes(rows, expected, taught.accuracy.typical)
    reason = None
    if epochs * EPOCH_S < FULL_WINDOW_S:
        reason = need_input("window_min", epochs / 2, FULL_WINDOW_S / 60)
    elif seen.hr_present < 1.0 - MAX_HR_LOST:
        reason = need_input("hr_share", round(seen.hr_present, 3), 1.0 - MAX_HR_LOST)
    minutes = {"wake": wake, "asleep": asleep}
    stage = decide(probability, taught.weight)
    if reason is None:
        minutes |= {"light": light, "deep": deep, "rem": rem}
        stage = merge_short(stage)
    else:
        stage[stage > Stage.WAKE] = Stage.LIGHT
        probability = np.column_stack(
            (probability[:, 0], 1.0 - probability[:, 0], 0.0 * probability[:, 2:])
        )
    return StagedNight(
        hypnogram=Hypnogram(start_ts, stage, probability),
        depth=reason is None,
        reason=reason,
        expected_accuracy=expected,
        confidence=expected * float(seen.observed.mean()),
        minutes=minutes,
        observed_min=len(rows) * EPOCH_S / 60.0,
        hr_present=seen.hr_present,
        energy=seen.energy,
    )
