"""Days and nights with wrist counts, a chest strap's beats, a diary and an actigraph's verdict."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from openstrap.engine.heart.hrv import differences, root_mean_square
from openstrap.engine.heart.nightly import windowed_rmssd
from openstrap.engine.heart.resting import resting_hr
from openstrap.engine.night import stage_rest
from openstrap.engine.samples import Samples
from openstrap.engine.signal.beats import place_beats
from openstrap.engine.signal.clean import clean_beats
from openstrap.engine.signal.motion import Motion
from openstrap.engine.signal.wear import worn_records
from openstrap.engine.sleep.groups import Span
from openstrap.engine.sleep.hypnogram import EPOCH_S
from openstrap.engine.sleep.naps import find_naps
from openstrap.engine.sleep.window import RestWindow, find_night

from .scores import bootstrap_by_subject, confidence_table
from .tables import UnknownFormat, find_table, rows

SECONDS: Final = {"user", "t_s", "ax1", "ax2", "ax3", "hr"}
BEATS: Final = {"user", "t_s", "rr_ms"}
TRUTH: Final = {"user", "in_bed_s", "onset_s", "out_bed_s", "tst_min"}
REFERENCE: Final = {"user", "sleep_rmssd_ms", "hr_min_30min_mean"}
DAY_S: Final = 86400.0
SPAN: Final = Span(start=0.5 * DAY_S, midnight=DAY_S, noon=1.5 * DAY_S, end=2.0 * DAY_S)
"""Times are told from the midnight of the first day; the night ends on the second."""
ACCEPTED_MS: Final = (200.0, 2500.0)
"""What the decoder takes for an interval at all."""
MAX_HR: Final = 250


def knows(path: Path) -> bool:
    """Tell whether the tables of the format are there."""
    return find_table(path, SECONDS) is not None and find_table(path, TRUTH) is not None


def evaluate(path: Path) -> dict[str, Any]:
    """Find each user's night and naps, and hold them against diary, actigraph and definitions.

    ``onset`` and ``end`` are what is published as sleep onset and end: the first and the last sleep
    of the hypnogram; ``settled`` the window alone, ``bed`` and ``rise`` the rest around it. ``rmssd_rel_err`` is of the clean beats of the whole sleep, as the reference is;
    the median of five-minute windows (``rmssd_windows_rel_err``) means something else. ``tst``
    is the sleep that was observed, ``tst_whole`` the same share of the whole window: the recordings
    have holes that the actigraph's verdict has not. The counts of a second are the length of their vector; the posture that the
    recorder also tells is not used, for a band has none.
    """
    seconds_file, truth_file = find_table(path, SECONDS), find_table(path, TRUTH)
    if seconds_file is None or truth_file is None:
        raise UnknownFormat("no table of seconds and nights")
    truth = {row["user"]: row for row in rows(truth_file)}
    reference_file, beats_file = find_table(path, REFERENCE), find_table(path, BEATS)
    reference = {row["user"]: row for row in rows(reference_file)} if reference_file else {}
    seconds = _by_user(seconds_file, ("t_s", "ax1", "ax2", "ax3", "hr"))
    beats = _by_user(beats_file, ("t_s", "rr_ms")) if beats_file else {}
    found = [
        _user(user, seconds[user], beats.get(user), row, reference.get(user, {}))
        for user, row in truth.items()
        if user in seconds
    ]
    told = [row for row in found if "onset_error_min" in row]
    return (
        {"users": len(found)}
        | _scores(found)
        | {
            "intervals": bootstrap_by_subject(found, _scores),
            "confidence_error": "minutes by which onset and end are off together",
            "confidence_table": confidence_table(
                [row["confidence"] for row in told],
                [abs(row["onset_error_min"]) + abs(row["end_error_min"]) for row in told],
            ),
            "per_subject": found,
        }
    )


def samples_of(
    seconds: NDArray[np.float64], beats: NDArray[np.float64] | None
) -> tuple[Samples, Motion]:
    """Make records of a user's seconds (n, 5: time, three counts, heart rate) and beats (m, 2)."""
    heard = np.empty((0, 2)) if beats is None else beats
    low, high = ACCEPTED_MS
    heard = heard[(heard[:, 1] >= low) & (heard[:, 1] <= high)]
    ts = np.unique(np.concatenate((seconds[:, 0], heard[:, 0])))
    hr = np.nan_to_num(seconds[:, 4])
    told = np.zeros(len(ts), dtype=np.int16)
    told[np.searchsorted(ts, seconds[:, 0])] = np.where((hr > 0) & (hr <= MAX_HR), hr, 0)
    samples = Samples(
        ts=ts,
        hr_bpm=told,
        accel_g=np.full((len(ts), 3), np.nan),
        rr_ms=heard[:, 1],
        rr_index=np.searchsorted(ts, heard[:, 0]),
    )
    return samples, Motion(seconds[:, 0], np.linalg.norm(seconds[:, 1:4], axis=1), 1.0)


def _by_user(file: Path, columns: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """Columns of each user in the order of time, each second once."""
    table: dict[str, list[list[float]]] = defaultdict(list)
    for row in rows(file):
        table[row["user"]].append([float(row[key] or "nan") for key in columns])
    return {
        user: np.array(sorted(lines, key=lambda line: line[0])) for user, lines in table.items()
    }


def _user(
    user: str,
    seconds: NDArray[np.float64],
    beats: NDArray[np.float64] | None,
    truth: dict[str, str],
    reference: dict[str, str],
) -> dict[str, Any]:
    samples, motion = samples_of(seconds, beats)
    worn = worn_records(samples)
    first, last = (int(row) for row in np.searchsorted(samples.ts, (SPAN.start, SPAN.end)))
    night = find_night(samples.between(SPAN.start, SPAN.end), worn[first:last], motion, SPAN)
    rest = None if isinstance(night, str) else (night.bed_ts, night.rise_ts)
    naps = [
        find_naps(samples, worn, motion, day, night=rest)
        for day in ((0.0, SPAN.midnight), (SPAN.midnight, SPAN.end))
    ]
    row: dict[str, Any] = {
        "user": user,
        "detected": rest is not None,
        "naps": sum(len(day.naps) for day in naps),
        "nap_min": sum(nap.asleep_s for day in naps for nap in day.naps) / 60.0,
    }
    if isinstance(night, str):
        return row | {"reason": night}
    onset, out = float(truth["onset_s"]), float(truth["out_bed_s"])
    row |= {
        "confidence": night.confidence,
        "note": night.note,
        "rests": len(night.sessions),
        "settled_onset_error_min": (night.onset_ts - onset) / 60.0,
        "settled_end_error_min": (night.offset_ts - out) / 60.0,
        "bed_error_min": (night.bed_ts - float(truth["in_bed_s"])) / 60.0,
        "rise_error_min": (night.rise_ts - out) / 60.0,
    }
    row |= _stages(samples, motion, night, truth)
    return row | _heart(samples, night, reference)


def _stages(
    samples: Samples, motion: Motion, night: RestWindow, truth: dict[str, str]
) -> dict[str, Any]:
    """Errors of sleep time, and of onset and end as the stages alone would have them."""
    staged = stage_rest(samples, place_beats(samples), motion, night)
    if isinstance(staged, str):
        return {"stages": staged}
    asleep = [segment for segment in staged.hypnogram.segments() if segment[2].asleep]
    if not asleep:
        return {"stages": "no sleep"}
    asleep_min = staged.minutes["asleep"].value
    observed_s = EPOCH_S * float((staged.hypnogram.stage >= 0).sum())
    whole_s = EPOCH_S * len(staged.hypnogram)
    truth_min = float(truth["tst_min"])
    return {
        "tst_error_min": asleep_min - truth_min,
        "tst_whole_error_min": asleep_min / observed_s * whole_s - truth_min,
        "onset_error_min": (asleep[0][0] - float(truth["onset_s"])) / 60.0,
        "end_error_min": (asleep[-1][1] - float(truth["out_bed_s"])) / 60.0,
    }


def _heart(samples: Samples, night: RestWindow, reference: dict[str, str]) -> dict[str, Any]:
    inside = samples.between(night.onset_ts, night.offset_ts)
    row: dict[str, Any] = {}
    resting = resting_hr(inside.ts, inside.hr_bpm, night.onset_ts, night.offset_ts).bpm
    if resting is not None and reference.get("hr_min_30min_mean"):
        row["rhr_error_bpm"] = resting - float(reference["hr_min_30min_mean"])
    if not reference.get("sleep_rmssd_ms"):
        return row
    truth, beats = float(reference["sleep_rmssd_ms"]), place_beats(inside)
    clean = clean_beats(beats)
    whole = root_mean_square(differences(clean.nn_ms, clean.joined))
    if whole is not None:
        row["rmssd_rel_err"] = whole / truth - 1.0
    windows = windowed_rmssd(beats, night.onset_ts).enough()
    if len(windows):
        row["rmssd_windows_rel_err"] = float(np.median(windows)) / truth - 1.0
    return row


def _scores(found: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    def errors(key: str) -> NDArray[np.float64]:
        return np.abs([row[key] for row in found if key in row])

    scores: dict[str, float | None] = {
        "detected_share": float(np.mean([row["detected"] for row in found])) if found else None
    }
    for key in ("onset", "end", "bed", "rise", "settled_onset", "settled_end"):
        values = errors(f"{key}_error_min")
        scores[f"{key}_median_min"] = float(np.median(values)) if len(values) else None
        scores[f"{key}_mae_min"] = float(values.mean()) if len(values) else None
    for name, key in (
        ("tst_mae_min", "tst_error_min"),
        ("tst_whole_mae_min", "tst_whole_error_min"),
        ("rhr_mae_bpm", "rhr_error_bpm"),
    ):
        values = errors(key)
        scores[name] = float(values.mean()) if len(values) else None
    for key in ("rmssd_rel_err", "rmssd_windows_rel_err"):
        values = errors(key)
        scores[f"{key}_median"] = float(np.median(values)) if len(values) else None
    scores["naps"] = float(sum(row["naps"] for row in found))
    scores["nap_min"] = float(sum(row["nap_min"] for row in found))
    return scores
