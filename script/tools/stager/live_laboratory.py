"""The same for the live state: every moment is told from its own past alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.sleep.hypnogram import EPOCH_S
from openstrap.engine.sleep.live import HISTORY_S, live_features, recent_series
from openstrap.engine.sleep.staging.models import Classifier
from openstrap.engine.sleep.staging.parameters import LiveParameters

from .choosing import Answer, choose_weight
from .laboratory import strangers
from .recordings import Recording
from .training import fit_classifier

NETS: Final = 4
HIDDEN: Final = 16
SHORTEST_S: Final = 120.0
"""Of the shortest past that a moment is shown with in the fit."""
EVERY: Final = 2
"""Epochs: a moment a minute tells as much as two."""
SEED: Final = 11


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of a night: ``columns`` (n, k) and the stage (n,) of the epoch that just ended."""

    columns: NDArray[np.float64]
    stage: NDArray[np.int8]


def moments(night: Recording, *, cut: bool) -> Moments | None:
    """Describe the end of each valid epoch from what came before it in the recording.

    With ``cut`` each looks back a length of its own, log-uniform from two minutes to three hours:
    how much past there is must not tell how far the night has come.
    """
    dice = np.random.default_rng(SEED)
    length = SHORTEST_S * (HISTORY_S / SHORTEST_S) ** dice.random(len(night.stage))
    columns, stage = [], []
    for epoch in np.flatnonzero(night.valid)[::EVERY]:
        now_ts = night.start_ts + EPOCH_S * (int(epoch) + 1)
        since_ts = now_ts - (float(length[epoch]) if cut else HISTORY_S)
        recent = recent_series(
            night.samples.between(since_ts, now_ts),
            None,
            night.motion.between(since_ts, now_ts),
            now_ts,
        )
        if not isinstance(recent, str):
            columns.append(live_features(recent, np.array([len(recent.hr)]))[0])
            stage.append(night.stage[epoch])
    return Moments(np.array(columns), np.array(stage, dtype=np.int8)) if columns else None


class LiveLaboratory:
    """Fits of the live classifier without some nights, in the groups of the laboratory."""

    def __init__(self, nights: Iterable[Recording]) -> None:
        """Order the nights by content."""
        self.nights = sorted(nights, key=lambda night: night.fingerprint)
        self.cut = [moments(night, cut=True) for night in self.nights]
        self.whole = [moments(night, cut=False) for night in self.nights]
        self._fits: dict[frozenset[int], Classifier] = {}

    def without(self, excluded: Iterable[int]) -> Classifier:
        """Return the fit on all nights but these."""
        key = frozenset(excluded)
        if key not in self._fits:
            used = [night for at, night in enumerate(self.cut) if at not in key and night]
            self._fits[key] = fit_classifier(
                [night.columns for night in used],
                [night.stage for night in used],
                nets=NETS,
                hidden=HIDDEN,
            )
        return self._fits[key]

    def parameters(self, left_out: int | None = None) -> LiveParameters:
        """Fit all that ``live_state`` needs, on all nights or without one."""
        answers: list[Answer] = []
        for at in range(len(self.nights)):
            if at == left_out:
                continue
            classifier = self.without(strangers(at, left_out, len(self.nights)))
            answers += ask_live(classifier, self.whole[at])
        classifier = self.without(() if left_out is None else (left_out,))
        return LiveParameters(classifier, choose_weight(answers))


def ask_live(classifier: Classifier, night: Moments | None) -> Sequence[Answer]:
    """Answer for each moment of a night; nothing where there are none."""
    if night is None:
        return ()
    return (Answer(night.stage, classifier.probability(night.columns), 0.0),)
