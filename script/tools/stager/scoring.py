"""What the evaluation of staged nights adds up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.sleep.hypnogram import EPOCH_S
from openstrap.engine.sleep.staging import StageMinutes

from ..evaluate.scores import bootstrap_by_subject
from .choosing import confusion, kappa

PARTS: Final = ("wake", "light", "deep", "rem", "tst")
THREE: Final = (0, 1, 1, 2)
TWO: Final = (0, 1, 1, 1)
BINS: Final = 10
EPOCH_MIN: Final = EPOCH_S / 60.0


@dataclass(frozen=True, slots=True)
class Scored:
    """One night, epoch by epoch where it is scored and answered.

    ``truth`` and ``said`` (n,) stages, ``probability`` (n, 4); ``minutes`` of wake, light, deep,
    rem and sleep as the engine would publish them for these epochs. Without ``depth`` only sleep
    and wake were told apart, and only for those the night counts.
    """

    depth: bool

    truth: NDArray[np.int8]
    said: NDArray[np.int8]
    probability: NDArray[np.float64]
    minutes: tuple[StageMinutes, ...]

    @property
    def table(self) -> NDArray[np.float64]:
        """Count epochs by true stage and answer, (4, 4)."""
        return confusion(self.truth, self.said)

    @property
    def true_minutes(self) -> NDArray[np.float64]:
        """Minutes of wake, light, deep, rem and sleep in truth, (5,)."""
        return with_sleep(EPOCH_MIN * np.bincount(self.truth, minlength=4).astype(np.float64))

    @property
    def error(self) -> NDArray[np.float64]:
        """Published minus true minutes, (5,)."""
        published = np.array([part.value for part in self.minutes])
        found: NDArray[np.float64] = published - self.true_minutes
        return found

    @property
    def waso(self) -> tuple[float, float] | None:
        """Minutes of wake between the first and the last sleep: said, true."""
        said, truth = (_waso(stage) for stage in (self.said, self.truth))
        return None if said is None or truth is None else (said, truth)


def with_sleep(minutes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Append the sum of all but wake to (..., 4)."""
    return np.concatenate((minutes, minutes[..., 1:].sum(axis=-1, keepdims=True)), axis=-1)


@dataclass(frozen=True, slots=True)
class Row:
    """What of a night enters the sums: its table, errors in minutes (5,) and WASO."""

    depth: bool
    table: NDArray[np.float64]
    error: NDArray[np.float64]
    waso: tuple[float, float] | None

    @classmethod
    def of(cls, night: Scored) -> Self:
        """Take it from a scored night."""
        return cls(night.depth, night.table, night.error, night.waso)


def summary(nights: Sequence[Row]) -> dict[str, float | None]:
    """Agreement and errors of nights; None where they cannot be told, nothing without nights."""
    if not nights:
        return {}
    found: dict[str, float | None] = {}
    every = np.array([night.table for night in nights])
    found["sleep_wake_kappa"] = _number(kappa(every.sum(axis=0), TWO))
    found["sleep_wake_kappa_mean"] = _mean(kappa(every, TWO))
    nights = [night for night in nights if night.depth]
    if not nights:
        return found
    tables = np.array([night.table for night in nights])
    pooled = tables.sum(axis=0)
    errors = np.array([night.error for night in nights])
    decided = with_sleep((tables.sum(axis=1) - tables.sum(axis=2)) * EPOCH_MIN)
    waso = [night.waso[0] - night.waso[1] for night in nights if night.waso]
    found |= {
        "four_class_kappa": _number(kappa(pooled)),
        "four_class_kappa_mean": _mean(kappa(tables)),
        "three_class_kappa": _number(kappa(pooled, THREE)),
        "three_class_kappa_mean": _mean(kappa(tables, THREE)),
        "four_class_accuracy": float(np.trace(pooled) / pooled.sum()),
        "waso_mae_min": float(np.abs(waso).mean()) if waso else None,
        "waso_bias_min": float(np.mean(waso)) if waso else None,
    }
    for prefix, off in (("", errors), ("decided_", decided)):
        for at, part in enumerate(PARTS):
            found[f"{prefix}{part}_mae_min"] = float(np.abs(off[:, at]).mean())
            found[f"{prefix}{part}_bias_min"] = float(off[:, at].mean())
    return found


def intervals(nights: Sequence[Scored]) -> dict[str, list[float]]:
    """95 % intervals of the summary, whole nights drawn."""
    return bootstrap_by_subject([Row.of(night) for night in nights], summary)


def calibration(nights: Sequence[Scored]) -> dict[str, float]:
    """Return the expected calibration error of each stage's probability, ten bins (Guo et al. 2017)."""
    probability = np.concatenate([night.probability for night in nights])
    truth = np.concatenate([night.truth for night in nights])
    found = {}
    for at, part in enumerate(PARTS[:-1]):
        told, hit = probability[:, at], truth == at
        box = np.minimum((told * BINS).astype(int), BINS - 1)
        gaps = [
            abs(told[box == one].mean() - hit[box == one].mean()) * (box == one).mean()
            for one in np.unique(box)
        ]
        found[part] = float(sum(gaps))
    return found


def ranges(nights: Sequence[Scored]) -> dict[str, dict[str, float | None]]:
    """How often the truth lies in the published range, how wide that is, and what totals tell.

    ``correlation`` is that of published with true minutes over nights.
    """
    truth = np.array([night.true_minutes for night in nights])
    found: dict[str, dict[str, float | None]] = {}
    for at, part in enumerate(PARTS):
        told = [night.minutes[at] for night in nights]
        value = np.array([one.value for one in told])
        inside = [one.low <= true <= one.high for one, true in zip(told, truth[:, at], strict=True)]
        found[part] = {
            "covered": float(np.mean(inside)),
            "width_min": float(np.mean([one.high - one.low for one in told])),
            "correlation": _correlation(value, truth[:, at]),
        }
    return found


def _correlation(told: NDArray[np.float64], truth: NDArray[np.float64]) -> float | None:
    if len(told) < 3 or not told.std() or not truth.std():
        return None
    return float(np.corrcoef(told, truth)[0, 1])


def _waso(stage: NDArray[np.int8]) -> float | None:
    asleep = np.flatnonzero(stage > 0)
    if not len(asleep):
        return None
    return float((stage[asleep[0] : asleep[-1]] == 0).sum() * EPOCH_MIN)


def _number(value: NDArray[np.float64]) -> float | None:
    return float(value) if np.isfinite(value) else None


def _mean(values: NDArray[np.float64]) -> float | None:
    return float(np.nanmean(values)) if np.isfinite(values).any() else None
