"""Every text that stands in a picture, in one place, and how numbers and times are written."""

from datetime import date, datetime, tzinfo
import math
import re
from typing import Final

from ..engine.metric import NO_SLEEP, Metric
from ..engine.recovery.bands import Band
from ..engine.sleep.hypnogram import Stage
from ..engine.told import WorkoutKind

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
MINUS: Final = "\u2212"
UNKNOWN: Final = "–"

SLEEP: Final = "Sleep"
STRAIN: Final = "Strain"
MONTH: Final = "Five weeks"
RECOVERY: Final = "Recovery"

STAGES: Final = {
    Stage.WAKE: "Awake",
    Stage.REM: "REM",
    Stage.LIGHT: "Light",
    Stage.DEEP: "Deep",
}
BANDS: Final = {Band.RED: "Low", Band.YELLOW: "Medium", Band.GREEN: "High"}
KINDS: Final[dict[WorkoutKind, str]] = {
    "run": "Run",
    "cycle": "Ride",
    "strength": "Strength",
    "walk": "Walk",
    "swim": "Swim",
    "cardio": "Cardio",
    "yoga": "Yoga",
    "other": "Workout",
}
DRIVERS: Final = {
    "hrv": "HRV",
    "resting_hr": "Resting heart rate",
    "breathing": "Breathing rate",
    "skin_temp": "Skin temperature",
    "sleep": "Sleep",
}

HEART: Final = "Heart"
HRV: Final = "HRV"
BREATH: Final = "Breath"
BPM: Final = "bpm"
MS: Final = "ms"
PER_MINUTE: Final = "/min"
NO_DATA: Final = "no data"
NO_HEART_RATE: Final = "No heart rate was kept."
NOTHING_YET: Final = "Nothing is known of this day yet."
NO_NIGHT_YET: Final = "No night has been recorded yet."
PROVISIONAL: Final = "Provisional: more data may come."
LEARNING: Final = "The baseline is still being learnt, so this may shift."
USUAL: Final = "A night on which all is as usual gives {points}."
FORWARD: Final = "The clock went forward in the night."
BACK: Final = "The clock went back in the night."
FORWARD_DAY: Final = "The clock went forward on this day."
BACK_DAY: Final = "The clock went back on this day."
BELOW: Final = "Lower"
ZONE: Final = "Zone {number}"
TARGET: Final = "Target {range}"
MEAN_RECOVERY: Final = "mean recovery"
EMPTY_PLACE: Final = "Dashed: not known."
MORE: Final = "and {count} more"
STRAIN_MARK: Final = "Bar: strain, 0 to 21"
ADDED: Final = "Why"
IN_POINTS: Final = "points"

_NEEDED: Final = {
    "worn_min": "time worn, in minutes",
    "accel_min": "recorded movement, in minutes",
    "waking_hr_min": "heart rate while awake, in minutes",
    "resting_heart_rate": "nights with a resting heart rate",
    "resting_hr_bpm": "a resting heart rate",
    "rmssd_ms": "nightly HRV",
    "birth_year": "a year of birth",
    "heart_rate_reserve_bpm": "room between resting and maximum heart rate",
}
"""Inputs whose names say too little to who reads them in a picture."""
_NOTE: Final = re.compile(r"(\w+):(?:name=(\w+),)?have=([\d.]+),need=([\d.]+)")


def why(metric: Metric | None, otherwise: str = NOTHING_YET) -> str:
    """Say in a sentence why a number is absent, from the note that it carries."""
    note = None if metric is None else metric.note
    if note is None:
        return otherwise
    if note == NO_SLEEP:
        return "No sleep was found in this night."
    if (found := _NOTE.match(note)) is None:
        return f"Not known ({note.split(':', maxsplit=1)[0].replace('_', ' ')})."
    kind, name, have, need = found.groups()
    if kind == "need_baseline":
        return f"Calibrating: {have} of {need} nights are known."
    name = name or kind
    needed = _NEEDED.get(name, name.replace("_", " "))
    if need == "1":
        return f"Missing: {needed}."
    return f"Not enough yet: {needed} ({have} of {need})."


def day_words(day: date) -> str:
    """Name a day, as in Thu 15 Jan."""
    return f"{WEEKDAYS[day.weekday()]} {day_of_month(day)}"


def day_of_month(day: date) -> str:
    """Name a day without its weekday."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def clock(ts: float, zone: tzinfo) -> str:
    """Tell the time of day, 24 h, where the wearer was."""
    at = datetime.fromtimestamp(ts, zone)
    return f"{at.hour:02d}:{at.minute:02d}"


def duration(minutes: float | None) -> str:
    """Write minutes as hours and minutes; a dash for what is not known."""
    if minutes is None or not math.isfinite(minutes):
        return UNKNOWN
    hours, rest = divmod(math.floor(minutes + 0.5), 60)
    return f"{hours} h {rest:02d}" if hours else f"{rest} min"


def full_duration(minutes: float | None) -> str:
    """Write minutes as hours and minutes with both units, for where there is room."""
    text = duration(minutes)
    return f"{text} min" if " h " in text else text


def plain(value: float | None, decimals: int = 0) -> str:
    """Write a number; a dash for what is not known."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{value:.{decimals}f}"
    return f"{MINUS}{text[1:]}" if text.startswith("-") and float(text) else text.lstrip("-")


def signed(value: float, decimals: int = 1) -> str:
    """Write what was added or taken, with its sign."""
    text = plain(abs(value), decimals)
    if float(text) == 0.0:
        return text
    return f"{MINUS if value < 0.0 else '+'}{text}"


def between(low: float, high: float, decimals: int = 0) -> str:
    """Write a range, or one number where both ends read the same."""
    first, last = plain(low, decimals), plain(high, decimals)
    return first if first == last else f"{first}–{last}"


def confidence(metric: Metric) -> str:
    """Say how sure a number is."""
    return f"Confidence {plain(100.0 * metric.confidence)} %"
