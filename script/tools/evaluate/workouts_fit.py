"""Recorded workouts at about 1 Hz, with the watch's own summary, padded with rest on both sides."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.training.anchors import Anchors
from openstrap.engine.training.breakdown import Scale, breakdown
from openstrap.engine.training.detect import MIN_SPAN_S, PAUSE_S, Effort, find_efforts
from openstrap.engine.training.energy import Body, basal_kcal_a_day
from openstrap.engine.training.hr_max import HrMax
from openstrap.engine.training.trimp import banister_trimp
from openstrap.engine.training.zones import owned_seconds, zone_seconds, zones_of_maximum

from .scores import bootstrap_by_subject, confidence_table
from .tables import UnknownFormat, find_table, rows

RECORDS: Final = {"workout", "t_s", "hr"}
SUMMARY: Final = {"workout", "sport", "elapsed_s"}
RESTING_BPM: Final = 60.0
MAX_BPM: Final = 190.0
"""Ends of the heart rate that the summary's reference columns are made with."""
ANCHORS: Final = Anchors(RESTING_BPM, HrMax(MAX_BPM, 2.0, "lab"), "m", 0, 1.0)
WEIGHT_KG: Final = 75.0
HEIGHT_CM: Final = 178.0
AGE: Final = 35.0
VO2MAX_ML_KG_MIN: Final = 48.0
"""Nobody's body: that of these people is not told, so the energy is only reported."""
BODY: Final = Body(basal_kcal_a_day(WEIGHT_KG, HEIGHT_CM, AGE, "m"), WEIGHT_KG, VO2MAX_ML_KG_MIN)
MAX_GAP_S: Final = 10.0
"""What a longer gap between records counts as, in the reference columns."""
PRINTED: Final = 0.005
"""What rounding to two places may have taken from a reference."""
MIN_SHOWN_S: Final = 600.0
"""Shorter recordings are tests of a watch: their energy is a few kcal of rounding."""
TRIMP: Final = "trimp_banister_m_60_190"
ZONE: Final = "zone{}_min_hrmax190"
PAD_S: Final = 3600
QUIET_BPM: Final = 70.0
NOISE_BPM: Final = 3.0
NOISE_KEEPS: Final = 0.98
FALL_S: Final = 75.0
"""Rest before and after: awake, with slow noise, and reached by an exponential."""
SEED: Final = 20260102
SAME: Final = 0.5
"""Shared part of two stretches, of all that either covers, from which they are one."""


def knows(path: Path) -> bool:
    """Tell whether the tables of the format are there."""
    return find_table(path, RECORDS) is not None and find_table(path, SUMMARY) is not None


def evaluate(path: Path) -> dict[str, Any]:
    """Hold zones, load, detection and energy of each workout against its summary.

    Zones of the maximum and load are those of the reference columns, worked out here where the
    summary has none. For detection a workout is what was recorded without a pause of more than five
    minutes, and long enough to be detected at all (twelve); each lies between two hours of made
    rest. ``edge`` is of starts and ends of those that were found.
    """
    records_file, summary_file = find_table(path, RECORDS), find_table(path, SUMMARY)
    if records_file is None or summary_file is None:
        raise UnknownFormat("no table of records and workouts")
    records: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows(records_file):
        hr = float(row["hr"] or "nan")
        records[row["workout"]].append((float(row["t_s"]), hr if hr > 0.0 else np.nan))
    found = [
        _workout(row, np.array(sorted(records[row["workout"]])), seed)
        for seed, row in enumerate(rows(summary_file))
        if sum(hr > 0.0 for _, hr in records[row["workout"]]) > 1
    ]
    hits = [hit for row in found for hit in row["hits"]]
    return (
        {"workouts": len(found), "body": "assumed"}
        | _scores(found)
        | {
            "intervals": bootstrap_by_subject(found, _scores),
            "confidence_error": "1 for a detected workout that was none",
            "confidence_table": confidence_table(
                [sure for sure, _ in hits], [0.0 if hit else 1.0 for _, hit in hits]
            ),
            "per_subject": found,
        }
    )


def padded(
    records: NDArray[np.float64], seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Time (s) and heart rate (bpm), a row a second, with an hour of rest on both sides.

    ``records`` (n, 2). Each stands until the next, for ten seconds at most.
    """
    ts, hr = records.T
    held = np.rint(np.clip(np.diff(ts, append=ts[-1] + 1.0), 1.0, MAX_GAP_S)).astype(np.intp)
    row = np.repeat(np.arange(len(ts)), held)
    within = np.arange(len(row)) - np.repeat(np.cumsum(held) - held, held)
    inner = np.floor(ts)[row] + within
    _, first = np.unique(inner, return_index=True)
    inner, inner_hr = inner[first], hr[row][first]
    dice = np.random.Generator(np.random.PCG64([SEED, seed]))
    pad = np.arange(1.0, PAD_S + 1.0)
    before, after = (QUIET_BPM + _noise(dice) for _ in range(2))
    after += (float(inner_hr[-5:].mean()) - QUIET_BPM) * np.exp(-pad / FALL_S)
    return (
        np.concatenate((inner[0] - pad[::-1], inner, inner[-1] + pad)),
        np.concatenate((before, inner_hr, after)),
    )


def _noise(dice: np.random.Generator) -> NDArray[np.float64]:
    from scipy.signal import lfilter

    steps = dice.normal(0.0, NOISE_BPM * np.sqrt(1.0 - NOISE_KEEPS**2), PAD_S)
    found: NDArray[np.float64] = lfilter([1.0], [1.0, -NOISE_KEEPS], steps)
    return found


def _workout(summary: dict[str, str], records: NDArray[np.float64], seed: int) -> dict[str, Any]:
    ts, hr = records.T
    row: dict[str, Any] = {"workout": summary["workout"], "sport": summary["sport"]}
    row |= _against_reference(summary, ts, hr) | _detection(records[np.isfinite(hr)], seed)
    device = float(summary.get("dev_calories_kcal") or 0.0)
    span = float(ts[0]), float(ts[-1]) + 1.0
    kcal = breakdown(ts, hr, span, Scale(ANCHORS, None, BODY)).kcal
    if device > 0.0 and kcal is not None and span[1] - span[0] >= MIN_SHOWN_S:
        row |= {"kcal": kcal, "kcal_rel_err": kcal / device - 1.0}
    return row


def _against_reference(
    summary: dict[str, str], ts: NDArray[np.float64], hr: NDArray[np.float64]
) -> dict[str, Any]:
    """Zones and load against the columns, or against their definition where there are none."""
    owned = owned_seconds(ts, MAX_GAP_S)
    zones = np.array(zone_seconds(hr, owned, zones_of_maximum(MAX_BPM))) / 60.0
    load = banister_trimp(hr, owned / 60.0, ANCHORS) or 0.0
    told = [summary.get(ZONE.format(zone)) or "" for zone in range(len(zones))]
    told_load = summary.get(TRIMP) or ""
    printed = PRINTED if told_load else 0.0
    reference = np.array([float(text) for text in told]) if all(told) else _zones(owned, hr)
    reference_load = float(told_load) if told_load else _trimp(owned, hr)
    off = max(abs(load - reference_load) - printed, 0.0)
    return {
        "zone_err_min": float(np.abs(zones - reference).max()),
        "trimp": load,
        "trimp_rel_err": off / reference_load if reference_load > 0.0 else 0.0,
    }


def _zones(owned: NDArray[np.float64], hr: NDArray[np.float64]) -> NDArray[np.float64]:
    """Minutes in [50, 60, 70, 80, 90] % of the maximum, and below."""
    zone = np.where(np.isfinite(hr), np.clip(hr // (MAX_BPM / 10.0) - 4.0, 0.0, 5.0), np.nan)
    return np.array([owned[zone == k].sum() / 60.0 for k in range(6)])


def _trimp(owned: NDArray[np.float64], hr: NDArray[np.float64]) -> float:
    """Sum of minutes times x 0.64 exp(1.92 x)."""
    x = np.clip((hr - RESTING_BPM) / (MAX_BPM - RESTING_BPM), 0.0, 1.0)
    return float(np.nansum(owned / 60.0 * x * 0.64 * np.exp(1.92 * x)))


def _detection(records: NDArray[np.float64], seed: int) -> dict[str, Any]:
    """Stretches that were recorded, those that were found, and how far their edges are apart."""
    ts = records[:, 0]
    breaks = np.flatnonzero(np.diff(ts) > PAUSE_S)
    first, last = np.append(0, breaks + 1), np.append(breaks, len(ts) - 1)
    stretches = [(float(ts[a]), float(ts[b])) for a, b in zip(first, last, strict=True)]
    truth = [(a, b) for a, b in stretches if b - a >= MIN_SPAN_S]
    efforts = find_efforts(*padded(records, seed), RESTING_BPM, MAX_BPM)
    edges, hits, left = [], [], list(truth)
    for effort in efforts:
        same = [span for span in left if _shared(span, effort) >= SAME]
        hits.append((effort.confidence, bool(same)))
        if same:
            left.remove(same[0])
            edges += [effort.start_ts - same[0][0], effort.end_ts - same[0][1]]
    return {
        "stretches": len(truth),
        "found": len(efforts),
        "right": len(truth) - len(left),
        "edge_errors_s": edges,
        "hits": hits,
    }


def _shared(span: tuple[float, float], effort: Effort) -> float:
    both = min(span[1], effort.end_ts) - max(span[0], effort.start_ts)
    either = max(span[1], effort.end_ts) - min(span[0], effort.start_ts)
    return float(both / either)


def _scores(found: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    edges = np.abs([edge for row in found for edge in row["edge_errors_s"]])
    truth, detected, right = (
        sum(row[key] for row in found) for key in ("stretches", "found", "right")
    )
    kcal = [abs(row["kcal_rel_err"]) for row in found if "kcal_rel_err" in row]
    return {
        "zone_minutes_max_err": max((row["zone_err_min"] for row in found), default=None),
        "trimp_rel_err_max": max((row["trimp_rel_err"] for row in found), default=None),
        "detect_f1": 2.0 * right / (truth + detected) if truth + detected else None,
        "detect_precision": right / detected if detected else None,
        "detect_recall": right / truth if truth else None,
        "edge_median_s": float(np.median(edges)) if len(edges) else None,
        "edge_p90_s": float(np.percentile(edges, 90)) if len(edges) else None,
        "kcal_mape": float(np.mean(kcal)) if kcal else None,
    }
