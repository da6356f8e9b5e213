"""24-hour series of intervals with reference values of heart-rate variability."""

from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.heart.hrv import TimeDomain, time_domain
from openstrap.engine.samples import Samples
from openstrap.engine.signal.beats import RECORD_LAG_S, place_beats
from openstrap.engine.signal.clean import clean_beats

from .tables import UnknownFormat, find_table, rows

SERIES: Final = {"record", "rr_ms"}
WINDOWS: Final = {"record", "first_beat", "last_beat", "nk_MeanNN", "nk_SDNN", "nk_RMSSD"}
RECORDS: Final = {"record", "rmssd_nn20"}
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
    records = _records(find_table(path, RECORDS), series)
    clean = [row["clean_rmssd_rel_err"] for row in records]
    return (
        _windows(find_table(path, WINDOWS), series)
        | {
            "records": len(records),
            "clean_rmssd_rel_err_median": float(np.median(clean)) if clean else None,
            "clean_rmssd_rel_err_max": max(clean, default=None),
            "gate": "unverified",
        }
        | {"per_record": records}
    )


def _windows(file: Path | None, series: dict[str, NDArray[np.float64]]) -> dict[str, Any]:
    """Compare raw windows twice: from the beats that neurokit2 was given, and unrounded.

    The reference came by way of beat times in whole milliseconds, which alone moves the RMSSD of
    an even heart by up to 1 %; what the engine is held to are the same beat times.
    """
    columns = {"rmssd": "nk_RMSSD", "sdnn": "nk_SDNN", "mean_nn": "nk_MeanNN"}
    errors: dict[str, list[float]] = {}
    for row in rows(file) if file else ():
        nn_ms = series[row["record"]][int(row["first_beat"]) : int(row["last_beat"]) + 1]
        for prefix, found in (("", _raw(whole_ms(nn_ms))), ("unrounded_", _raw(nn_ms))):
            for key, column in columns.items():
                error = _relative(getattr(found, key), float(row[column]))
                errors.setdefault(f"{prefix}{key}_rel_err_max", []).append(error)
    return {"windows": len(errors.get("rmssd_rel_err_max", ()))} | {
        key: max(values) for key, values in errors.items()
    }


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
        rmssd = time_domain(clean.nn_ms, clean.t_s, clean.joined).rmssd
        reference = float(row["rmssd_nn20"])
        found.append(
            {
                "record": row["record"],
                "beats": len(rr_ms),
                "clean_rmssd_ms": rmssd,
                "reference_rmssd_ms": reference,
                "clean_rmssd_rel_err": _relative(rmssd, reference),
                "artifact_fraction": clean.artifact_fraction,
            }
        )
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
