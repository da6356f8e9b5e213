"""Laboratory nights: heart rate of a watch and counts of movement against scored sleep."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from openstrap.engine.sleep.groups import Span
from openstrap.engine.sleep.hypnogram import EPOCH_S
from openstrap.engine.sleep.staging import StagedNight, stage_night
from openstrap.engine.sleep.staging.parameters import LiveParameters, NightParameters, shipped
from openstrap.engine.sleep.window import find_night

from ..stager.choosing import confusion, kappa
from ..stager.laboratory import Laboratory, is_whole
from ..stager.live_laboratory import LiveLaboratory, Moments, ask_live, moments
from ..stager.recordings import Recording, knows, read_recordings
from ..stager.scoring import TWO, Row, Scored, calibration, intervals, ranges, summary
from ..stager.views import (
    LEAD_EPOCHS,
    View,
    as_is,
    every_second,
    lost,
    motion_above,
    motion_invented,
    motion_lost,
    noisy,
    part,
    shifted,
    smoothed,
    still_span,
)
from .scores import confidence_table

__all__ = ["evaluate", "knows"]

MIN_TO_REFIT: Final = 6
"""Of fewer nights that took part in the fit none can be judged by refitting without it."""
TOOK_PART = "took_part_in_fit"
NOT_SCORED = "no_scored_epoch"
NOON_BEFORE_S: Final = 39600.0
"""Recordings are taken to begin at eleven at night."""
DAY_S: Final = 86400.0

DISTURBED: Final[dict[str, View]] = {
    "none": as_is,
    "once_a_second": every_second(),
    "hr_10_percent_lost": lost(0.1, blocks=False),
    "hr_50_percent_lost": lost(0.5, blocks=False),
    "hr_10_percent_lost_in_blocks": lost(0.1, blocks=True),
    "hr_15_percent_lost_in_blocks": lost(0.15, blocks=True),
    "hr_smoothed_10_s": smoothed(10.0),
    "hr_smoothed_20_s": smoothed(20.0),
    "hr_noise_2_bpm": noisy(2.0),
    "hr_noise_4_bpm": noisy(4.0),
    "hr_plus_10_bpm": shifted(10),
    "motion_20_percent_lost": motion_lost(0.2),
    "motion_weakest_quarter_unseen": motion_above(0.25),
    "motion_weakest_half_unseen": motion_above(0.5),
    "motion_1_percent_invented": motion_invented(0.01),
    "motion_2_percent_invented": motion_invented(0.02),
}

CONFIDENCE_OVER: Final = (
    "none",
    "hr_15_percent_lost_in_blocks",
    "hr_noise_4_bpm",
    "motion_2_percent_invented",
)


def evaluate(path: Path) -> dict[str, Any]:
    """Stage every night and compare.

    Nights that took part in the fit that ships, told by their content, are staged with numbers
    that were refitted without them, settings included; all others with those that ship.
    """
    nights = read_recordings(path)
    judged = list(_judged(nights))
    staged = [(one.night, one.taught, score(one.night, one.taught)) for one in judged]
    scored = [one for _, _, one in staged if isinstance(one, Scored)]
    deep = [one for one in scored if one.depth]
    result: dict[str, Any] = {
        "subjects": len(nights),
        "scored_subjects": len(scored),
        "staged_subjects": len(deep),
        "refitted_subjects": sum(one.taught is not shipped().night for one in judged),
        "epochs": sum(len(one.truth) for one in deep),
    }
    wanted = sum(int(night.valid.sum()) for night in nights)
    result["coverage"] = result["epochs"] / wanted if wanted else None
    if not deep:
        return result | {"per_subject": [_row(*one) for one in staged]}
    detected = [
        one
        for night, taught, _ in staged
        if isinstance(one := score_detected(night, taught), Scored)
    ]
    within = summary([Row.of(one) for one in detected])
    return (
        result
        | summary([Row.of(one) for one in scored])
        | {
            f"detected_{key}": within.get(key)
            for key in ("four_class_kappa", "four_class_kappa_mean", "sleep_wake_kappa")
        }
        | _live(judged)
        | {
            "calibration_error": calibration(deep),
            "ranges": ranges(deep),
            "robustness": _robustness(judged),
            "confidence_error": "share of epochs that are wrong",
            "confidence_table": _epoch_confidence(deep),
            "night_confidence": _night_confidence(judged),
            "intervals": intervals(scored)
            | {
                f"detected_{key}": limits
                for key, limits in intervals(detected).items()
                if key == "four_class_kappa"
            },
            "per_subject": [_row(*one) for one in staged]
            + [
                {"subject": night.subject, "refused": TOOK_PART}
                for night in nights
                if all(night is not one.night for one in judged)
            ],
        }
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A night with numbers that do not know it, and its moments for the live state."""

    night: Recording
    taught: NightParameters
    live: LiveParameters
    moments: Moments | None


def _judged(nights: Sequence[Recording]) -> Iterator[Judged]:
    known = set(shipped().provenance["fingerprints"])
    fitted = [night for night in nights if night.fingerprint in known]
    for night in nights:
        if night.fingerprint not in known:
            yield Judged(night, shipped().night, shipped().live, moments(night, cut=False))
    if sum(is_whole(night.stage) for night in fitted) >= MIN_TO_REFIT:
        laboratory, live = Laboratory(fitted), LiveLaboratory(fitted)
        for at, night in enumerate(laboratory.nights):
            yield Judged(night, laboratory.parameters(at), live.parameters(at), live.whole[at])


def score(
    night: Recording,
    taught: NightParameters,
    *,
    first: int = 0,
    last: int | None = None,
    lead: int = 0,
) -> Scored | str:
    """Stage the epochs [first - lead, last) of a night and score [first, last) of them."""
    begin = max(first - lead, 0)
    window = part(night, begin, len(night.stage) if last is None else last)
    told = _stage(window, taught)
    if isinstance(told, str):
        return told
    stage = told.hypnogram.stage
    used = window.valid[: len(stage)] & (stage >= 0)
    used[: first - begin] = False
    if not used.any():
        return NOT_SCORED
    rows = told.hypnogram.probability[used]
    minutes = taught.totals.minutes(rows, told.expected_accuracy, taught.accuracy.typical)
    return Scored(told.depth, window.stage[: len(stage)][used], stage[used], rows, minutes)


def score_detected(night: Recording, taught: NightParameters) -> Scored | str:
    """Score a night within the window that the engine finds, staged from a bit before it."""
    start_ts = night.start_ts
    span = Span(
        start=start_ts - NOON_BEFORE_S,
        midnight=start_ts - NOON_BEFORE_S + DAY_S / 2,
        noon=start_ts - NOON_BEFORE_S + DAY_S,
        end=start_ts - NOON_BEFORE_S + 1.5 * DAY_S,
    )
    worn = np.ones(len(night.samples), dtype=bool)
    window = find_night(night.samples, worn, night.motion, span)
    if isinstance(window, str):
        return window
    size = len(night.stage)
    first, last = (
        min(max(round((ts - start_ts) / EPOCH_S), 0), size)
        for ts in (window.onset_ts, window.offset_ts)
    )
    return score(night, taught, first=first, last=last, lead=LEAD_EPOCHS)


def score_cut(night: Recording, taught: NightParameters) -> Scored | str:
    """Score a night from its first to its last ten still minutes, as if it had begun there."""
    first, last = still_span(night)
    return score(night, taught, first=first, last=last)


def _stage(night: Recording, taught: NightParameters) -> StagedNight | str:
    return stage_night(
        night.samples, None, night.motion, night.start_ts, night.end_ts, parameters=taught
    )


def _row(night: Recording, taught: NightParameters, one: Scored | str) -> dict[str, Any]:
    head = {"subject": night.subject, "refitted": taught is not shipped().night}
    if isinstance(one, str):
        return head | {"refused": one}
    told = summary([Row.of(one)])
    if not one.depth:
        return head | {"sleep_wake_kappa": told["sleep_wake_kappa"], "refused": "depth"}
    keys = ("four_class_kappa", "three_class_kappa", "sleep_wake_kappa", "four_class_accuracy")
    kept = {key: told[key] for key in keys}
    for at, name in enumerate(("wake", "light", "deep", "rem", "tst")):
        kept[f"{name}_min"] = one.minutes[at].value
        kept[f"{name}_low_min"] = one.minutes[at].low
        kept[f"{name}_high_min"] = one.minutes[at].high
        kept[f"true_{name}_min"] = float(one.true_minutes[at])
    if one.waso is not None:
        kept["waso_min"], kept["true_waso_min"] = one.waso
    return head | {"epochs": len(one.truth)} | kept


def _live(judged: Sequence[Judged]) -> dict[str, float | None]:
    """Agreement of the live state, each minute told from the past alone."""
    tables = [
        confusion(answer.truth, (answer.probability * one.live.weight).argmax(axis=1))
        for one in judged
        for answer in ask_live(one.live.classifier, one.moments)
    ]
    if not tables:
        return {}
    pooled = np.sum(tables, axis=0)
    return {
        "live_four_class_kappa": float(kappa(pooled)),
        "live_sleep_wake_kappa": float(kappa(pooled, TWO)),
    }


def _robustness(judged: Sequence[Judged]) -> dict[str, dict[str, float | None]]:
    """Agreement when the nights are disturbed and the numbers stay those of clean nights."""
    whole: Callable[[Recording, NightParameters], Scored | str] = score
    cases = [(name, view, whole) for name, view in DISTURBED.items()]
    cases.append(("window_cut_to_stillness", as_is, score_cut))
    found = {}
    for name, view, how in cases:
        scored = [
            Row.of(one)
            for each in judged
            if isinstance(one := how(view(each.night), each.taught), Scored)
        ]
        told = summary(scored)
        found[name] = {
            key: told.get(key)
            for key in ("four_class_kappa", "sleep_wake_kappa", "decided_deep_bias_min")
        } | {"nights": float(len(scored))}
    return found


def _epoch_confidence(scored: Sequence[Scored]) -> list[dict[str, Any]]:
    """Share of wrong epochs by the largest probability."""
    sure = np.concatenate([one.probability.max(axis=1) for one in scored])
    wrong = np.concatenate([one.said != one.truth for one in scored])
    return confidence_table(sure, wrong.astype(float))


def _night_confidence(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Share of wrong epochs by a night's confidence, over nights as they are and disturbed."""
    sure, wrong = [], []
    for each in judged:
        for name in CONFIDENCE_OVER:
            view = DISTURBED[name](each.night)
            one, told = score(view, each.taught), _stage(view, each.taught)
            if isinstance(one, Scored) and one.depth and isinstance(told, StagedNight):
                sure.append(told.confidence)
                wrong.append(float((one.said != one.truth).mean()))
    return confidence_table(sure, wrong)
