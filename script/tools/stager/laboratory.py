"""Fitting on nights, and being judged on nights that took no part, down to the last choice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.sleep.hypnogram import EPOCH_S
from openstrap.engine.sleep.staging.features import ENERGIES, EnergyFrame
from openstrap.engine.sleep.staging.models import Classifier
from openstrap.engine.sleep.staging.night import FULL_WINDOW_S, describe
from openstrap.engine.sleep.staging.parameters import NightParameters
from openstrap.engine.sleep.staging.series import Series, night_series

from .choosing import Answer, choose_weight, fit_accuracy, fit_totals
from .recordings import Recording
from .training import fit_classifier
from .views import View, cut_to_stillness, lost, motion_invented, noisy, smoothed

GROUPS: Final = 5
COPIES: Final[tuple[View, ...]] = (
    cut_to_stillness,
    smoothed(10.0),
    smoothed(20.0),
    noisy(2.0),
)
"""What a night also teaches as: as a detector finds it, and as other devices would have told it."""
PASSES: Final = 2
PENALTY: Final = 2000.0
EVERY: Final = 3
"""Each epoch comes five times: fewer passes over them, and rows that are nearly repeats are left out."""
WORSE: Final[tuple[View, ...]] = (
    lost(0.1, blocks=True),
    lost(0.2, blocks=True),
    smoothed(20.0),
    noisy(4.0),
    motion_invented(0.02),
)
"""What nights are put through so that a night's doubt is learnt from doubtful nights too."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A classifier and the energies of the nights that taught it."""

    classifier: Classifier
    frame: EnergyFrame


@dataclass(frozen=True, slots=True)
class Shown:
    """A night as the engine sees it, with its labels; ``copies`` are what it also teaches as."""

    series: Series
    stage: NDArray[np.int8]
    valid: NDArray[np.bool_]
    copies: tuple[Shown, ...] = ()


def shown(night: Recording) -> Shown:
    """Lay a night out on the engine's grids."""
    epochs = len(night.stage)
    series = night_series(night.samples, None, night.motion, night.start_ts, epochs)
    return Shown(series, night.stage, night.valid)


def teach(nights: Sequence[Shown]) -> Taught:
    """Fit the classifier on nights; those that the engine refuses teach nothing.

    What is usual of a night is learnt from nights alone, not from an hour of one.
    """
    energies = [
        [seen.energy[name] for name in ENERGIES]
        for night in nights
        if is_whole(night.stage) and not isinstance(seen := describe(night.series, None), str)
    ]
    table = np.array(energies)
    frame = EnergyFrame(
        median=dict(zip(ENERGIES, np.median(table, axis=0).tolist(), strict=True)),
        sd=dict(zip(ENERGIES, table.std(axis=0).tolist(), strict=True)),
    )
    parts, labels = [], []
    for night in (one for whole in nights for one in (whole, *whole.copies)):
        seen = describe(night.series, frame)
        if isinstance(seen, str):
            continue
        used = night.valid & seen.observed
        parts.append(seen.columns[used])
        labels.append(night.stage[used])
    classifier = fit_classifier(parts, labels, penalty=PENALTY, every=EVERY, passes=PASSES)
    return Taught(classifier, frame)


def ask(taught: Taught, night: Shown) -> Answer | None:
    """Answer for the valid epochs of a night; None where the engine refuses."""
    seen = describe(night.series, taught.frame)
    if isinstance(seen, str):
        return None
    used = night.valid & seen.observed
    if not used.any():
        return None
    probability = taught.classifier.probability(seen.columns[used])
    return Answer(night.stage[used], probability, 1.0 - seen.hr_present)


class Laboratory:
    """Nights in five groups, fixed by their content, and the fits without some of them.

    To judge a night everything is learnt without it: the classifier, and what is chosen from
    answers about nights unseen. Such answers come from fits that leave out the judged night's
    group and the answered night's, which many judged nights share.
    """

    def __init__(self, nights: Iterable[Recording]) -> None:
        """Order the nights by content."""
        self.nights = sorted(nights, key=lambda night: night.fingerprint)
        self.clean = [
            replace(shown(night), copies=tuple(shown(view(night)) for view in COPIES))
            for night in self.nights
        ]
        self.worse = [[shown(view(night)) for view in WORSE] for night in self.nights]
        self._fits: dict[frozenset[int], Taught] = {}
        self._answers: dict[tuple[int, frozenset[int]], list[Answer]] = {}

    def without(self, excluded: Iterable[int]) -> Taught:
        """Return the fit on all nights but these."""
        key = frozenset(excluded)
        if key not in self._fits:
            self._fits[key] = teach([night for at, night in enumerate(self.clean) if at not in key])
        return self._fits[key]

    def answers(self, asked: int, excluded: Iterable[int]) -> list[Answer]:
        """Answer about a night, as it is and made worse, from the fit without some nights."""
        key = (asked, frozenset(excluded))
        if key not in self._answers:
            taught = self.without(key[1])
            plain = ask(taught, self.clean[asked])
            every = [] if plain is None else [plain, *(ask(taught, w) for w in self.worse[asked])]
            self._answers[key] = [one for one in every if one is not None]
        return self._answers[key]

    def parameters(self, left_out: int | None = None) -> NightParameters:
        """Fit all that ``stage_night`` needs, on all nights or without one."""
        others = [at for at in range(len(self.nights)) if at != left_out]
        every = [
            answers
            for at in others
            if (answers := self.answers(at, strangers(at, left_out, len(self.nights))))
        ]
        plain = [answers[0] for answers in every]
        whole = [answers for answers in every if is_whole(answers[0].truth)]
        weight = choose_weight(plain)
        accuracy = fit_accuracy(whole, weight)
        taught = self.without(() if left_out is None else (left_out,))
        return NightParameters(
            classifier=taught.classifier,
            frame=taught.frame,
            weight=weight,
            accuracy=accuracy,
            totals=fit_totals([answers[0] for answers in whole], accuracy),
        )


def is_whole(stage: NDArray[np.int8]) -> bool:
    """Tell whether so many epochs are a night, by the engine's own measure."""
    return len(stage) * EPOCH_S >= FULL_WINDOW_S


def strangers(asked: int, left_out: int | None, count: int) -> list[int]:
    """Nights that a fit must not know which answers about one night, another being left out."""
    groups = {asked % GROUPS} | (set() if left_out is None else {left_out % GROUPS})
    return [at for at in range(count) if at % GROUPS in groups]
