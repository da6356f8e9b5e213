"""Fit the sleep stager on a folder of labelled nights and write its numbers to one file."""

import argparse
from collections.abc import Mapping
import io
from pathlib import Path
import sys
from typing import Any, Final
import zipfile

import numpy as np
from numpy.typing import NDArray
import scipy

from openstrap.engine.sleep.staging.parameters import FILE, Parameters, to_arrays

from . import ROOT
from .evaluate.tables import UnknownFormat
from .stager import choosing, laboratory, live_laboratory, training
from .stager.recordings import Recording, read_recordings

SHIPPED: Final = ROOT / "custom_components" / "openstrap" / "engine/sleep/staging" / FILE
MIN_NIGHTS: Final = 6
"""Five groups, and every one leaves somebody to learn from."""
SOURCE: Final = {
    "title": "Motion and heart rate from a wrist-worn wearable and labeled sleep from"
    " polysomnography, version 1.0.0",
    "authors": "Walch O. (2019), PhysioNet, doi:10.13026/hmhs-py35",
    "cite": [
        (
            "Walch O, Huang Y, Forger D, Goldstein C. Sleep stage prediction with raw acceleration and"
            " photoplethysmography heart rate data derived from a consumer wearable device."
            " SLEEP 42(12):zsz180, 2019."
        ),
        (
            "Goldberger A et al. PhysioBank, PhysioToolkit, and PhysioNet. Circulation"
            " 101(23):e215-e220, 2000."
        ),
    ],
    "licence": "Open Data Commons Attribution License v1.0 (ODC-By 1.0)",
    "note": "Contains information from this data set, which is made available under the ODC-By"
    " 1.0. Only numbers fitted to it are here.",
}


def main(arguments: list[str]) -> int:
    """Fit and write; 2 when the folder holds no labelled nights, or too few."""
    parser = argparse.ArgumentParser(prog="script/fit", description=__doc__)
    parser.add_argument("folder", type=Path, help="of the format of sleep_accel, told by columns")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where to write (%(default)s)")
    told = parser.parse_args(arguments)
    try:
        nights = read_recordings(told.folder)
    except (OSError, UnknownFormat) as error:
        print(error, file=sys.stderr)
        return 2
    whole = sum(laboratory.is_whole(night.stage) for night in nights)
    if whole < MIN_NIGHTS:
        print(f"{whole} whole labelled nights; it takes {MIN_NIGHTS}", file=sys.stderr)
        return 2
    data = as_file(to_arrays(fit(nights)))
    told.out.write_bytes(data)
    print(f"{told.out}: {len(data)} bytes from {len(nights)} nights")
    return 0


def fit(nights: list[Recording]) -> Parameters:
    """Fit all on all nights, and say so."""
    return Parameters(
        night=laboratory.Laboratory(nights).parameters(),
        live=live_laboratory.LiveLaboratory(nights).parameters(),
        provenance={
            "source": SOURCE,
            "subjects": len(nights),
            "fingerprints": sorted(night.fingerprint for night in nights),
            "epochs": int(sum(night.valid.sum() for night in nights)),
            "settings": {
                "copies": 1 + len(laboratory.COPIES),
                "penalty": [laboratory.PENALTY, training.PENALTY],
                "every": laboratory.EVERY,
                "iterations": training.ITERATIONS,
                "nets": [training.NETS, live_laboratory.NETS],
                "hidden": [training.HIDDEN, live_laboratory.HIDDEN],
                "passes": [laboratory.PASSES, training.PASSES],
                "batch": training.BATCH,
                "kept": training.KEPT,
                "rate": training.RATE,
                "decay": training.DECAY,
                "seed": training.SEED,
                "groups": laboratory.GROUPS,
                "weights_averaged": choosing.BEST,
            },
            "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
        },
    )


def as_file(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Pack arrays as .npz, always to the same bytes: no clock, no order, no compressor gets in."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.save(member, np.ascontiguousarray(arrays[name]))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue())
    return packed.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
