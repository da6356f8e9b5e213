"""The nudges in plain English, for a phone that has no words of its own.

Conditions with their numbers, never causes. What a nudge does not know is left out of its words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from string import Formatter
from types import MappingProxyType
from typing import Final, Literal

from ..agenda import duration

type Category = Literal["health", "recovery", "sleep", "activity"]
type Window = Literal["morning", "midday", "evening", "any"]


@dataclass(frozen=True, slots=True)
class Wording:
    """How the phone shows a nudge: its kind there, where it belongs, how much it matters (0 to 3).

    ``sentences`` are templates with names of values; one whose values are not known is left out.
    """

    kind: str
    category: Category
    priority: int
    window: Window
    title: str
    sentences: tuple[str, ...]


_NO_DIAGNOSIS: Final = "This is no diagnosis."
_WEEK: Final = (
    "Recovery {recovery} on average.",
    "Asleep for {sleep_min} a night.",
    "Strain {strain} a day.",
    "Resting heart rate {resting_hr_bpm} bpm.",
    "{steps} steps a day.",
    "Workouts: {workouts}.",
)
WORDINGS: Final[Mapping[str, Wording]] = MappingProxyType(
    {
        "body_alert": Wording(
            "body_alert",
            "health",
            3,
            "morning",
            "Body alert",
            (
                "Two nights in a row differed clearly from your usual nights.",
                "Resting heart rate {resting_hr_bpm} bpm.",
                "Heart-rate variability {rmssd_ms} ms.",
                "Breathing {breathing_rate_brpm} a minute.",
                _NO_DIAGNOSIS,
            ),
        ),
        "irregular_rhythm": Wording(
            "irregular_rhythm",
            "health",
            3,
            "morning",
            "Irregular rhythm",
            (
                "The beats of the night looked irregular: a hint to have it looked at.",
                _NO_DIAGNOSIS,
            ),
        ),
        "warm_skin": Wording(
            "warm_skin",
            "health",
            2,
            "morning",
            "Warm skin",
            ("Your skin was warmer than usual in the night.", _NO_DIAGNOSIS),
        ),
        "low_recovery": Wording(
            "low_recovery",
            "recovery",
            2,
            "morning",
            "Low recovery",
            ("Recovery is {recovery} this morning.",),
        ),
        "recovery_ready": Wording(
            "morning_readiness",
            "recovery",
            1,
            "morning",
            "Recovery ready",
            ("Recovery is {recovery} this morning.",),
        ),
        "steps_goal_reached": Wording(
            "steps_goal",
            "activity",
            0,
            "any",
            "Step goal reached",
            ("{steps} steps, with a goal of {goal}.",),
        ),
        "strain_goal_reached": Wording(
            "strain_goal",
            "activity",
            0,
            "any",
            "Strain target reached",
            ("Strain {strain}, with a target from {goal} on.",),
        ),
        "workout_ended": Wording(
            "workout",
            "activity",
            0,
            "any",
            "Workout ended",
            (
                "A workout of {duration_min} was found.",
                "Strain {strain}.",
                "Heart rate {avg_bpm} bpm on average.",
                "{kcal} kcal.",
            ),
        ),
        "bedtime_near": Wording(
            "bedtime",
            "sleep",
            1,
            "evening",
            "Bedtime near",
            (
                "Bedtime is at {bedtime}.",
                "You need {sleep_need_min} of sleep.",
                "{sleep_debt_min} are missing from the last nights.",
            ),
        ),
        "week_over": Wording("week", "activity", 0, "morning", "Week over", _WEEK),
    }
)
"""Wording of each code of a nudge."""
CODE_OF_KIND: Final[Mapping[str, str]] = MappingProxyType(
    {wording.kind: code for code, wording in WORDINGS.items()}
)
MIN_DEBT_MIN: Final = 15.0
"""Less sleep than this is not missing (judgement)."""

_WRITTEN: Final[Mapping[str, Callable[[float], str]]] = MappingProxyType(
    {
        "recovery": "{:.0f} %".format,
        "strain": "{:.1f}".format,
        "breathing_rate_brpm": "{:.1f}".format,
        "sleep_min": duration,
        "sleep_need_min": duration,
        "sleep_debt_min": duration,
        "duration_min": duration,
    }
)
"""How values are written by name; the others are whole numbers."""
_WHOLE: Final = "{:.0f}".format


def body_of(wording: Wording, values: Mapping[str, float], zone: tzinfo) -> str:
    """Put the values of a nudge (by name, moments as epoch s) into its words."""
    written = {name: _WRITTEN.get(name, _WHOLE)(value) for name, value in values.items()}
    if (bedtime := values.get("bedtime")) is not None:
        written["bedtime"] = f"{datetime.fromtimestamp(bedtime, zone):%H:%M}"
    if (goal := values.get("goal")) is not None and "strain" in values:
        written["goal"] = _WRITTEN["strain"](goal)
    if values.get("sleep_debt_min", 0.0) < MIN_DEBT_MIN:
        written.pop("sleep_debt_min", None)
    return " ".join(
        sentence.format_map(written)
        for sentence in wording.sentences
        if _names(sentence) <= written.keys()
    )


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
