"""24-hour series of intervals with reference values of heart-rate variability."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.heart.bands import HF, LF, band_powers
from openstrap.engine.heart.hrv import TimeDomain, differences, time_domain
from openstrap.engine.samples import Samples
from openstrap.engine.signal.beats import RECORD_LAG_S, place_beats
from openstrap.engine.signal.clean import clean_beats
from openstrap.engine.signal.noise import judge_noise

from .scores import bootstrap_by_subject, confidence_table
from .tables import UnknownFormat, find_table, rows

SERIES: Final = {"record", "rr_ms"}
WINDOWS: Final = {"record", "first_beat", "last_beat", "nk_MeanNN", "nk_SDNN", "nk_RMSSD"}
RECORDS: Final = {"record", "rmssd_nn20"}
WINDOW_ERRORS: Final = tuple(
    f"{prefix}{key}_rel_err_max"
    for prefix in ("", "unrounded_")
    for key in ("rmssd", "sdnn", "mean_nn")
)
RECORD_ERRORS: Final = ("clean_rmssd_rel_err", "sdann_rel_err", "sdnn_index_rel_err")
LIBRARIES: Final = ("nk", "ha", "py")
SPREAD: Final = {"lf": (0.5, 1.6), "hf": (0.56, 2.1)}
"""Ratios between two of the libraries, 5th to 95th percentile, as the recordings come described."""
ACCEPTED_MS: Final = (200.0, 2500.0)
"""What the decoder takes for an interval at all."""


def knows(path: Path) -> bool:
    """Tell whether the tables of the format are there."""
    return find_table(path, SERIES) is not None and (
        find_table(path, WINDOWS) is not None or find_table(path, RECORDS) is not None
    )


def evaluate(path: Path) -> dict[str, Any]:
    """Compare raw windows with neurokit2, and cleaned records with the reference by rule.

    The reference of a record takes pairs of beats that lie in 300..2000 ms and differ by at most
    20 %. No heart rate came with the series, so the gate leaves every beat unverified.
    """
    series_file = find_table(path, SERIES)
    if series_file is None:
        raise UnknownFormat("no table of intervals")
    series = {
        record: np.array([float(row["rr_ms"]) for row in part])
        for record, part in groupby(rows(series_file), key=lambda row: row["record"])
    }
    windows = _windows(find_table(path, WINDOWS), series)
    records = _records(find_table(path, RECORDS), series)
    subjects = [
        {"clean": [row for row in records if row["record"] == record]}
        | {"windows": [row for row in windows if row["record"] == record]}
        for record in series
    ]
    per_record = [_of_record(subject) for subject in subjects]
    return _scores(subjects) | {
        "windows": len(windows),
        **{key: max(row[key] for row in windows) for key in WINDOW_ERRORS if windows},
        "records": len(records),
        "clean_rmssd_rel_err_max": max(
            (row["clean_rmssd_rel_err"] for row in records), default=None
        ),
        "gate": "unverified",
        "intervals": bootstrap_by_subject(subjects, _scores),
        "confidence_error": "relative error of cleaned RMSSD",
        "confidence_table": confidence_table(
            [row["quality"] for row in records],
            [row["clean_rmssd_rel_err"] for row in records],
        ),
        "per_record": [row for row in per_record if row],
    }


def _scores(subjects: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    """Give the numbers that are medians or shares over records or windows."""
    records = [row for subject in subjects for row in subject["clean"]]
    windows = [row for subject in subjects for row in subject["windows"]]
    return {
        f"{key}_median": _median([row[key] for row in records if key in row])
        for key in RECORD_ERRORS
    } | _bands(windows)


def _bands(windows: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    """Compare LF and HF with the three libraries, which do not agree with one another.

    Within the spread: the ratio to the libraries' median lies where 90 % of the ratios between
    two of them lie, as the description of the recordings gives it. Between: strictly from the
    smallest of the three to the largest.
    """
    found: dict[str, float | None] = {}
    for name, (low, high) in SPREAD.items():
        told = [row for row in windows if name in row]
        ratio = [row[name]["ours"] / float(np.median(row[name]["libraries"])) for row in told]
        between = [
            min(row[name]["libraries"]) <= row[name]["ours"] <= max(row[name]["libraries"])
            for row in told
        ]
        found |= {
            f"{name}_within_spread_share": _share([low <= value <= high for value in ratio]),
            f"{name}_between_libraries_share": _share(between),
            f"{name}_ratio_median": _median(ratio),
        }
    return found


def _of_record(subject: dict[str, Any]) -> dict[str, Any]:
    """Return one row of a record's own numbers; empty for a record without any."""
    if not subject["clean"] and not subject["windows"]:
        return {}
    row = subject["clean"][0] if subject["clean"] else {"record": subject["windows"][0]["record"]}
    return row | _bands(subject["windows"]) | {"windows": len(subject["windows"])}


def _windows(file: Path | None, series: dict[str, NDArray[np.float64]]) -> list[dict[str, Any]]:
    """Compare raw windows twice: from the beats that neurokit2 was given, and unrounded.

    The reference came by way of beat times in whole milliseconds, which alone moves the RMSSD of
    an even heart by up to 1 %; what the engine is held to are the same beat times.
    """
    columns = {"rmssd": "nk_RMSSD", "sdnn": "nk_SDNN", "mean_nn": "nk_MeanNN"}
    table = []
    for row in rows(file) if file else ():
        nn_ms = series[row["record"]][int(row["first_beat"]) : int(row["last_beat"]) + 1]
        found: dict[str, Any] = {"record": row["record"]}
        for prefix, told in (("", _raw(whole_ms(nn_ms))), ("unrounded_", _raw(nn_ms))):
            for key, column in columns.items():
                error = _relative(getattr(told, key), float(row[column]))
                found[f"{prefix}{key}_rel_err_max"] = error
        power = band_powers(nn_ms, np.cumsum(nn_ms) / 1000.0, bands=(LF, HF)).power_ms2
        for name in SPREAD:
            libraries = [row.get(f"{library}_{name.upper()}") for library in LIBRARIES]
            if power[name] is not None and all(libraries):
                found[name] = {
                    "ours": power[name],
                    "libraries": [float(value) for value in libraries if value],
                }
        table.append(found)
    return table


def whole_ms(nn_ms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the intervals between beats whose times are rounded to whole ms, as neurokit2 does."""
    end_s = np.cumsum(nn_ms / 1000.0)
    beats_s = np.concatenate((end_s[:1] - nn_ms[:1] / 1000.0, end_s))
    return np.diff(np.round(beats_s * 1000.0))


def _records(file: Path | None, series: dict[str, NDArray[np.float64]]) -> list[dict[str, Any]]:
    found = []
    for row in rows(file) if file else ():
        rr_ms = series[row["record"]]
        clean = clean_beats(place_beats(as_samples(rr_ms)))
        told = time_domain(clean.nn_ms, clean.t_s, clean.joined)
        reference = float(row["rmssd_nn20"])
        mine: dict[str, Any] = {
            "record": row["record"],
            "beats": len(rr_ms),
            "clean_rmssd_ms": told.rmssd,
            "reference_rmssd_ms": reference,
            "clean_rmssd_rel_err": _relative(told.rmssd, reference),
            "artifact_fraction": clean.artifact_fraction,
            "quality": (1.0 - clean.artifact_fraction)
            * judge_noise(differences(clean.nn_ms, clean.joined)).quality,
        }
        for key in ("sdann", "sdnn_index"):
            if row.get(f"{key}_5min"):
                reference = float(row[f"{key}_5min"])
                mine |= {f"{key}_ms": getattr(told, key), f"reference_{key}_ms": reference}
                mine[f"{key}_rel_err"] = _relative(getattr(told, key), reference)
        found.append(mine)
    return found


def as_samples(rr_ms: NDArray[np.float64]) -> Samples:
    """Make records as a strap would send them, one a second, without a heart rate.

    Intervals that no decoder takes for one are not heard; the records go on.
    """
    low, high = ACCEPTED_MS
    heard = (rr_ms >= low) & (rr_ms <= high)
    end_s = np.cumsum(rr_ms) / 1000.0
    ts = np.arange(0.0, end_s[-1] + 2.0)
    return Samples(
        ts=ts,
        hr_bpm=np.zeros(len(ts), dtype=np.int16),
        accel_g=np.full((len(ts), 3), np.nan),
        rr_ms=rr_ms[heard],
        rr_index=np.searchsorted(ts + RECORD_LAG_S, end_s[heard]),
    )


def _raw(nn_ms: NDArray[np.float64]) -> TimeDomain:
    """Variability of a window as it stands: nothing cleaned, every beat joined to the one before."""
    joined = np.ones(len(nn_ms), dtype=bool)
    joined[:1] = False
    return time_domain(nn_ms, np.cumsum(nn_ms) / 1000.0, joined)


def _relative(got: float | None, reference: float) -> float:
    """Relative error, 1 where there is no value."""
    return 1.0 if got is None else abs(got / reference - 1.0)


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if values else None


def _share(truths: Sequence[bool]) -> float | None:
    return float(np.mean(truths)) if truths else None
