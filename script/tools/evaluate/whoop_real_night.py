"""A night of a WHOOP 4.0: once a second with beats, and raw records of a few minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.day import DayInputs, derive_day
from openstrap.engine.heart.hrv import time_domain
from openstrap.engine.metric import Metric
from openstrap.engine.profile import Profile
from openstrap.engine.protocol import Generation, decode_records
from openstrap.engine.protocol.encode import encode_r24_rows
from openstrap.engine.rollup import Source
from openstrap.engine.samples import build_samples
from openstrap.engine.signal.beats import place_beats
from openstrap.engine.signal.clean import clean_beats

from .tables import UnknownFormat, find_table, rows

SECONDS: Final = {"rel_sec", "hr", "ax", "ay", "az"}
BEATS: Final = {"rel_ms", "rr_ms"}
RAW: Final = {"hex", "ts_epoch", "hr", "rr_ms"}
WAKING: Final = datetime(2026, 7, 2, 7, 30, tzinfo=UTC)
"""Where the end of the night is put: the recording has no date."""
RR_SLOTS: Final = 4
SECONDS_5_MIN: Final = 300


def knows(path: Path) -> bool:
    """Tell whether the tables of the format are there."""
    return find_table(path, SECONDS) is not None and find_table(path, BEATS) is not None


def evaluate(path: Path) -> dict[str, Any]:
    """Derive the day from the recording, beside what follows from it by definition."""
    seconds_file, beats_file = find_table(path, SECONDS), find_table(path, BEATS)
    if seconds_file is None or beats_file is None:
        raise UnknownFormat("no table of seconds and beats")
    night = read_night(seconds_file, beats_file)
    start = WAKING.timestamp() - float(night.second[-1])
    samples = build_samples(
        [(Source.SUMMARY, decode_records(framed(night, start), Generation.GEN4))]
    )
    metrics = derive_day(DayInputs(WAKING.date(), UTC, samples, Profile())).metrics
    onset, offset = metrics["rest_onset"].value, metrics["rest_offset"].value
    result: dict[str, Any] = {
        "resting_hr_bpm": metrics["resting_hr_bpm"].value,
        **_stages(metrics),
        "sleeping_hr_bpm": metrics["sleeping_hr_bpm"].value,
        "breathing_rate_brpm": metrics["breathing_rate_brpm"].value,
        "cvhr_per_h": metrics["cvhr_per_h"].value,
        "rmssd_ms": metrics["rmssd_ms"].value,
        "rmssd_deep_ms": metrics["rmssd_deep_ms"].value,
        "rmssd_whole_ms": metrics["rmssd_whole_ms"].value,
        "rr_clean_fraction": metrics["rr_clean_fraction"].value,
        "window": {
            "onset_s": None if onset is None else onset - start,
            "offset_s": None if offset is None else offset - start,
            "note": metrics["rest_onset"].note,
        },
        "recorded_s": float(night.second[-1] - night.second[0]),
        "reference": _reference(night),
        "confidence": {
            key: metric.confidence for key, metric in metrics.items() if metric.value is not None
        },
        "notes": {key: metric.note for key, metric in metrics.items() if metric.note},
    }
    raw_file = find_table(path, RAW)
    if raw_file is not None:
        result["raw_records"] = _raw_records(raw_file)
    return result


def _stages(metrics: Mapping[str, Metric]) -> dict[str, float | None]:
    """Minutes by stage, and awake from the first to the last sleep as the watch counts them."""
    return {
        "wake_min": metrics["waso_min"].value,
        "light_min": metrics["light_min"].value,
        "deep_min": metrics["deep_min"].value,
        "rem_min": metrics["rem_min"].value,
        "sleep_min": metrics["sleep_min"].value,
    }


@dataclass(frozen=True, slots=True)
class Night:
    """Second, heart rate and acceleration (n, 3) of each record; arrival and length of beats."""

    second: NDArray[np.int64]
    hr_bpm: NDArray[np.int64]
    accel_g: NDArray[np.float64]
    arrival_s: NDArray[np.float64]
    rr_ms: NDArray[np.float64]


def read_night(seconds_file: Path, beats_file: Path) -> Night:
    """Read the table of seconds and the one of beats."""
    columns = ("rel_sec", "hr", "ax", "ay", "az")
    table = np.array([[float(row[key]) for key in columns] for row in rows(seconds_file)])
    beats = np.array([[float(row["rel_ms"]), float(row["rr_ms"])] for row in rows(beats_file)])
    if not len(table) or not len(beats):
        raise UnknownFormat("a table without rows")
    return Night(
        second=table[:, 0].astype(np.int64),
        hr_bpm=table[:, 1].astype(np.int64),
        accel_g=table[:, 2:],
        arrival_s=beats[:, 0] / 1000.0,
        rr_ms=beats[:, 1],
    )


def framed(night: Night, start: float) -> NDArray[np.uint8]:
    """Frame the night as a strap sends it from ``start`` (whole epoch s) on, one record a row."""
    record = np.searchsorted(night.second, night.arrival_s)
    slot = np.arange(len(record)) - np.searchsorted(record, record)
    heard = (record < len(night.second)) & (slot < RR_SLOTS)
    record, slot = record[heard], slot[heard]
    intervals = np.zeros((len(night.second), RR_SLOTS), dtype=np.int16)
    intervals[record, slot] = night.rr_ms[heard]
    matrix: NDArray[np.uint8] = encode_r24_rows(
        counter=night.second,
        epoch=int(start) + night.second,
        subsec=0,
        hr_bpm=night.hr_bpm,
        rr_ms=intervals,
        rr_count=np.bincount(record, minlength=len(night.second)),
        accel_g=night.accel_g,
    )
    return matrix


def _reference(night: Night) -> dict[str, Any]:
    """Values by definition, without the engine: pairs of beats up to 3 s and 20 % apart."""
    hr, arrival_s, rr_ms = night.hr_bpm, night.arrival_s, night.rr_ms
    heard = hr[hr > 0].astype(np.float64)
    five = np.convolve(heard, np.full(SECONDS_5_MIN, 1.0 / SECONDS_5_MIN), mode="valid")
    step = np.diff(rr_ms)
    near = np.diff(arrival_s) <= 3.0
    alike = np.abs(step) <= 0.2 * rr_ms[:-1]
    return {
        "mean_hr_bpm": float(heard.mean()),
        "lowest_5_min_hr_bpm": float(five.min()) if len(heard) >= SECONDS_5_MIN else None,
        "mean_rr_ms": float(rr_ms.mean()),
        "rmssd_20_percent_ms": float(np.sqrt(np.mean(step[near & alike] ** 2))),
        "rejected_pairs_fraction": float(1.0 - (near & alike).mean()),
        "rr_coverage": float(rr_ms.sum() / 1000.0 / (arrival_s[-1] - arrival_s[0])),
    }


def _raw_records(file: Path) -> dict[str, Any]:
    """Decode raw records, and see what their beats give."""
    table = list(rows(file))
    inners = [bytes.fromhex(row["hex"]) for row in table]
    parts = [
        (Source.SUMMARY, decode_records(np.frombuffer(inner, np.uint8)[None], Generation.GEN4))
        for inner in inners
    ]
    samples = build_samples(parts)
    as_said = sum(
        int(records.hr_bpm[0]) == int(row["hr"])
        and records.rr_ms[0, : records.rr_count[0]].tolist()
        == [int(part) for part in row["rr_ms"].split()]
        for row, (_, records) in zip(table, parts, strict=True)
    )
    beats = place_beats(samples)
    clean = clean_beats(beats)
    found = time_domain(clean.nn_ms, clean.t_s, clean.joined)
    return {
        "records": len(table),
        "moments": len(samples),
        "heart_rate_and_intervals_as_said": as_said,
        "span_s": float(samples.ts[-1] - samples.ts[0]) if len(samples) else 0.0,
        "beats": len(beats),
        "runs": int((~beats.joined).sum()),
        "rr_covered": float(beats.rr_ms.sum() / 1000.0 / (samples.ts[-1] - samples.ts[0])),
        "rr_clean_fraction": 1.0 - clean.artifact_fraction,
        "clean_rmssd_ms": found.rmssd,
        "mean_nn_ms": found.mean_nn,
    }
