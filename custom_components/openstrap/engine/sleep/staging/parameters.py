"""The numbers of the fit, which ship as one file with their provenance."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
import json
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .features import ENERGIES, EnergyFrame
from .models import Classifier, Logistic, Nets, Scaling
from .totals import Accuracy, Totals

FILE: Final = "parameters.npz"


@dataclass(frozen=True, slots=True)
class NightParameters:
    """All that ``stage_night`` was taught. ``weight`` (4,) lifts rare stages in the decision."""

    classifier: Classifier
    frame: EnergyFrame
    weight: NDArray[np.float64]
    accuracy: Accuracy
    totals: Totals


@dataclass(frozen=True, slots=True)
class LiveParameters:
    """All that ``live_state`` was taught."""

    classifier: Classifier
    weight: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parameters:
    """What was fitted, and on whom: ``provenance`` holds plain JSON types."""

    night: NightParameters
    live: LiveParameters
    provenance: Mapping[str, Any]


def to_arrays(parameters: Parameters) -> dict[str, NDArray[Any]]:
    """As named arrays for a file. Net weights keep half precision: no answer moves by 0.1 %."""
    night = parameters.night
    frame, accuracy, totals = night.frame, night.accuracy, night.totals
    return {
        **_classifier_arrays("night", night.classifier),
        **_classifier_arrays("live", parameters.live.classifier),
        "live_weight": parameters.live.weight,
        "night_weight": night.weight,
        "night_energy": np.array([[frame.median[e], frame.sd[e]] for e in ENERGIES]),
        "night_accuracy": np.array(
            [accuracy.base, accuracy.certain, accuracy.lost, accuracy.typical]
        ),
        "night_share": totals.share,
        "night_keep": np.array([totals.keep]),
        "night_sd_share": totals.sd_share,
        "provenance": np.frombuffer(
            json.dumps(parameters.provenance, indent=1, sort_keys=True).encode(), dtype=np.uint8
        ),
    }


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Parameters:
    """Undo ``to_arrays``."""
    energy = arrays["night_energy"]
    base, certain, lost, typical = arrays["night_accuracy"].tolist()
    return Parameters(
        night=NightParameters(
            classifier=_classifier("night", arrays),
            frame=EnergyFrame(
                median=dict(zip(ENERGIES, energy[:, 0].tolist(), strict=True)),
                sd=dict(zip(ENERGIES, energy[:, 1].tolist(), strict=True)),
            ),
            weight=arrays["night_weight"],
            accuracy=Accuracy(base, certain, lost, typical),
            totals=Totals(
                arrays["night_share"], float(arrays["night_keep"][0]), arrays["night_sd_share"]
            ),
        ),
        live=LiveParameters(_classifier("live", arrays), arrays["live_weight"]),
        provenance=json.loads(arrays["provenance"].tobytes()),
    )


@cache
def shipped() -> Parameters:
    """Return the numbers that ship with the package, read once."""
    with (files(__package__) / FILE).open("rb") as file, np.load(file, allow_pickle=False) as store:
        return from_arrays({name: store[name] for name in store.files})


def _classifier_arrays(prefix: str, classifier: Classifier) -> dict[str, NDArray[Any]]:
    nets = classifier.nets
    return {
        f"{prefix}_mean": classifier.scaling.mean.astype(np.float32),
        f"{prefix}_sd": classifier.scaling.sd.astype(np.float32),
        f"{prefix}_logistic": np.vstack(
            (classifier.logistic.weight, classifier.logistic.bias)
        ).astype(np.float32),
        f"{prefix}_inner": nets.inner.astype(np.float16),
        f"{prefix}_inner_bias": nets.inner_bias.astype(np.float32),
        f"{prefix}_outer": nets.outer.astype(np.float16),
        f"{prefix}_outer_bias": nets.outer_bias.astype(np.float32),
    }


def _classifier(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> Classifier:
    def take(name: str) -> NDArray[np.float64]:
        return arrays[f"{prefix}_{name}"].astype(np.float64)

    logistic = take("logistic")
    return Classifier(
        Scaling(take("mean"), take("sd")),
        Logistic(logistic[:-1], logistic[-1]),
        Nets(take("inner"), take("inner_bias"), take("outer"), take("outer_bias")),
    )
