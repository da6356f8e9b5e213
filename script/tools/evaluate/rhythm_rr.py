"""Labelled stretches of rhythm: does the screen tell fibrillation from everything else."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.heart.rhythm import POSITIVE_ENTROPY, WINDOW_BEATS, rhythm_windows
from openstrap.engine.signal.beats import place_beats

from .rr_24h import as_samples
from .scores import bootstrap_by_subject, confidence_table
from .tables import UnknownFormat, find_table, rows

STRETCHES: Final = {"rhythm", "record", "rr_ms"}
FIBRILLATION: Final = "afib"
SINUS: Final = "sinus"
"""How the names of rhythms begin."""
HARD: Final = ("ectopyheavy", "ectopybigeminal", "ectopylight", "flutter", "junctional")


def knows(path: Path) -> bool:
    """Tell whether the table of the format is there."""
    return find_table(path, STRETCHES) is not None


def evaluate(path: Path) -> dict[str, Any]:
    """Score every stretch and hold the scores against the labels; nothing is fitted.

    The score is the mean irregularity of the windows of 130 intervals at its two ends, as
    production computes it. A stretch is flagged when that is above the published threshold, which
    is stricter than one positive window and laxer than the five of six that a night takes.
    """
    file = find_table(path, STRETCHES)
    if file is None:
        raise UnknownFormat("no table of labelled stretches")
    stretches = [_scored(row) for row in rows(file)]
    scored = [stretch for stretch in stretches if stretch["score"] is not None]
    by_record = [
        list(part)
        for _, part in groupby(
            sorted(scored, key=lambda row: str(row["record"])), key=lambda row: row["record"]
        )
    ]
    margin = [abs(row["score"] - POSITIVE_ENTROPY) for row in scored]
    return (
        {"stretches": len(stretches), "scored": len(scored), "records": len(by_record)}
        | _figures(by_record)
        | {
            "flag_share_by_rhythm": {
                rhythm: _flag_share(scored, rhythm)
                for rhythm in sorted({row["rhythm"] for row in scored})
            },
            "intervals": bootstrap_by_subject(by_record, _figures),
            "per_subject": [_record(part) for part in by_record],
            "confidence_error": "share of stretches that are called wrongly",
            "confidence_table": confidence_table(margin, [float(row["wrong"]) for row in scored]),
        }
    )


def _scored(row: dict[str, str]) -> dict[str, Any]:
    """Score one stretch; None where no window of it is valid."""
    rr_ms = np.array([float(value) for value in row["rr_ms"].split()])
    parts = [rr_ms[:WINDOW_BEATS], rr_ms[-WINDOW_BEATS:]] if len(rr_ms) >= WINDOW_BEATS else []
    found = np.array([value for part in parts for value in _irregularity(part)])
    found = found[np.isfinite(found)]
    score = float(found.mean()) if len(found) else None
    rhythm = row["rhythm"]
    flagged = score is not None and score > POSITIVE_ENTROPY
    return {
        "record": row["record"],
        "rhythm": rhythm,
        "score": score,
        "positive": int((found > POSITIVE_ENTROPY).sum()),
        "windows": len(found),
        "flagged": flagged,
        "wrong": flagged != _is(rhythm, FIBRILLATION),
    }


def _irregularity(rr_ms: NDArray[np.float64]) -> list[float]:
    found = rhythm_windows(place_beats(as_samples(rr_ms)), None).irregularity
    return [float(value) for value in found]


def _is(rhythm: str, name: str) -> bool:
    return rhythm.casefold().startswith(name)


def _figures(by_record: Sequence[list[dict[str, Any]]]) -> dict[str, float | None]:
    """Figures over all stretches of these records; None where a kind of rhythm is missing."""
    stretches = [row for part in by_record for row in part]
    fibrillation = [row["score"] for row in stretches if _is(row["rhythm"], FIBRILLATION)]
    sinus = [row["score"] for row in stretches if _is(row["rhythm"], SINUS)]
    others = [row["score"] for row in stretches if not _is(row["rhythm"], FIBRILLATION)]
    quiet = [row for row in stretches if _is(row["rhythm"], SINUS)]
    windows = sum(row["windows"] for row in quiet)
    figures = {
        "af_vs_sinus_auc": area(fibrillation, sinus),
        "af_vs_all_auc": area(fibrillation, others),
        "sinus_false_flag_share": _flag_share(stretches, SINUS),
        "sinus_positive_window_share": sum(row["positive"] for row in quiet) / windows
        if windows
        else None,
        "af_flag_share": _flag_share(stretches, FIBRILLATION),
    }
    return figures | {f"{name}_flag_share": _flag_share(stretches, name) for name in HARD}


def _flag_share(stretches: Sequence[dict[str, Any]], name: str) -> float | None:
    flags = [row["flagged"] for row in stretches if _is(row["rhythm"], name.casefold())]
    return float(np.mean(flags)) if flags else None


def area(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Area under the ROC curve: how often a positive scores above a negative, ties by half."""
    if not positive or not negative:
        return None
    values = np.sort(np.asarray(negative))
    below = np.searchsorted(values, positive, side="left")
    up_to = np.searchsorted(values, positive, side="right")
    return float((below + up_to).mean() / 2.0 / len(values))


def _record(part: list[dict[str, Any]]) -> dict[str, Any]:
    """Tell what became of one record, by rhythm."""
    return {
        "record": part[0]["record"],
        "rhythms": {
            rhythm: {
                "stretches": len(scores),
                "mean_score": float(np.mean(scores)),
                "flagged": int(sum(score > POSITIVE_ENTROPY for score in scores)),
            }
            for rhythm in sorted({row["rhythm"] for row in part})
            if (scores := [row["score"] for row in part if row["rhythm"] == rhythm])
        },
    }
