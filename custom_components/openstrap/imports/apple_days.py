"""Records of Apple Health gathered into days and nights."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Final

from ..engine.sleep.hypnogram import Segment, Stage
from .nights import STAGE_KEYS, Sleep, by_day, in_order, local_day
from .parts import ImportedDay, ImportedWorkout, ImportRefused, Part, Refusal, Skipped, SourceName
from .sports import kind_of_activity
from .table import number

SOURCE: Final = SourceName.APPLE_HEALTH
MAX_HELD: Final = 3_000_000
"""Stretches of sleep, and days of each source: ten years of nights with 100 stretches are 400 000."""
SAME_SLEEP_S: Final = 3600.0
"""Stretches with less between them are of one sleep, s (judgement)."""
BAD_ROW: Final = "damaged_row"
SDNN: Final = "hrv_sdnn"
"""Heart rate variability as SDNN, which has no place here."""
_QUANTITY: Final = "HKQuantityTypeIdentifier"
_SDNN_TYPE: Final = f"{_QUANTITY}HeartRateVariabilitySDNN"
_SLEEP_TYPE: Final = "HKCategoryTypeIdentifierSleepAnalysis"
_SLEEP_VALUE: Final = "HKCategoryValueSleepAnalysis"
_ACTIVITY: Final = "HKWorkoutActivityType"
_WATCH: Final = "watch"
SUMS: Final = {
    f"{_QUANTITY}StepCount": "steps",
    f"{_QUANTITY}ActiveEnergyBurned": "active_kcal",
    f"{_QUANTITY}BasalEnergyBurned": "basal_kcal",
}
MEANS: Final = {
    f"{_QUANTITY}RestingHeartRate": "resting_hr_bpm",
    f"{_QUANTITY}RespiratoryRate": "breathing_rate_brpm",
    f"{_QUANTITY}VO2Max": "vo2max",
}
HIGHEST: Final = {f"{_QUANTITY}HeartRate": "day_hr_max_bpm"}
_UNITS: Final = {
    "count": 1.0, "count/min": 1.0, "cal": 1.0, "kcal": 1.0, "kj": 1.0 / 4.184,
    "ml/min·kg": 1.0, "ml/kg·min": 1.0,
}  # fmt: skip
"""What a value is multiplied with; Apple's Cal with a large letter is a kilocalorie."""
_STAGES: Final = {
    "AsleepCore": Stage.LIGHT,
    "AsleepDeep": Stage.DEEP,
    "AsleepREM": Stage.REM,
    "Awake": Stage.WAKE,
}
_PLAIN: Final = frozenset({"AsleepUnspecified", "Asleep"})
_IN_BED: Final = "InBed"


@dataclass(slots=True)
class _Amount:
    """What one source told of one day."""

    total: float = 0.0
    count: int = 0
    highest: float = 0.0


@dataclass(slots=True)
class _Stretch:
    """One record of sleep."""

    start_ts: float
    end_ts: float
    word: str


@dataclass(slots=True)
class _Workout:
    told: Mapping[str, str]
    kcal: float | None = None
    heart: dict[str, float | None] = field(default_factory=dict)


class Health:
    """Everything that is kept of an export while it streams by."""

    def __init__(self, zone: tzinfo) -> None:
        """Begin; days are those of the zone."""
        self._zone = zone
        self._amounts: defaultdict[tuple[str, date], defaultdict[str, _Amount]] = defaultdict(
            lambda: defaultdict(_Amount)
        )
        self._sleep: defaultdict[str, list[_Stretch]] = defaultdict(list)
        self._skipped: Counter[str] = Counter()
        self._held = 0
        self._going: _Workout | None = None
        self._done: list[ImportedWorkout] = []

    def start(self, name: str, told: Mapping[str, str]) -> None:
        """Take the beginning of an element with its attributes."""
        if name == "Record":
            self._record(told)
        elif name == "Workout":
            self._going = _Workout(
                dict(told),
                _amount(told.get("totalEnergyBurned"), told.get("totalEnergyBurnedUnit")),
            )
        elif name == "WorkoutStatistics" and self._going is not None:
            self._statistics(self._going, told)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == "Workout" and self._going is not None:
            workout = _workout_of(self._going)
            self._going = None
            if workout is None:
                self._skipped[BAD_ROW] += 1
            else:
                self._done.append(workout)

    def workouts(self) -> Iterator[Part]:
        """Give the workouts that ended, once."""
        done, self._done = self._done, []
        yield from done

    def parts(self) -> Iterator[Part]:
        """Give every day."""
        values: defaultdict[date, dict[str, float]] = defaultdict(dict)
        for (key, day), sources in sorted(self._amounts.items()):
            source = max(sources, key=lambda name: _rank(name, sources[name]))
            values[day][key] = _value(key, sources[source])
        nights = by_day(self._sleeps(), self._zone)
        for day in sorted(values.keys() | nights.keys()):
            night, naps = nights.get(day, (None, ()))
            told = (night.values if night is not None else {}) | values.get(day, {})
            span = (night.start_ts, night.end_ts) if night is not None else None
            stages = night.stages if night is not None else ()
            yield ImportedDay(day, str(self._zone), SOURCE, told, span, stages, naps)
        for reason, count in sorted(self._skipped.items()):
            yield Skipped(reason, count)

    def _record(self, told: Mapping[str, str]) -> None:
        kind = told.get("type", "")
        if kind == _SLEEP_TYPE:
            self._add_sleep(told)
            return
        if kind == _SDNN_TYPE:
            self._skipped[SDNN] += 1
            return
        key = SUMS.get(kind) or MEANS.get(kind) or HIGHEST.get(kind)
        if key is None:
            return
        value = _amount(told.get("value"), told.get("unit"))
        # A breathing rate is of the night, whose day is the one on which it ends.
        at = _moment(told.get("endDate" if key in MEANS.values() else "startDate"))
        if value is None or at is None or value <= 0.0:
            self._skipped[BAD_ROW] += 1
            return
        sources = self._amounts[key, local_day(at, self._zone)]
        if (source := told.get("sourceName", "")) not in sources:
            self._hold()
        amount = sources[source]
        amount.total += value
        amount.count += 1
        amount.highest = max(amount.highest, value)

    def _add_sleep(self, told: Mapping[str, str]) -> None:
        start, end = _moment(told.get("startDate")), _moment(told.get("endDate"))
        word = told.get("value", "").removeprefix(_SLEEP_VALUE)
        if start is None or end is None or end <= start or word not in (*_STAGES, *_PLAIN, _IN_BED):
            self._skipped[BAD_ROW] += 1
            return
        self._hold()
        self._sleep[told.get("sourceName", "")].append(_Stretch(start, end, word))

    def _hold(self) -> None:
        self._held += 1
        if self._held > MAX_HELD:
            raise ImportRefused(Refusal.TOO_LARGE)

    def _statistics(self, workout: _Workout, told: Mapping[str, str]) -> None:
        kind = told.get("type")
        if kind == f"{_QUANTITY}ActiveEnergyBurned":
            workout.kcal = _amount(told.get("sum"), told.get("unit"))
        elif kind == f"{_QUANTITY}HeartRate":
            for name in ("average", "maximum"):
                workout.heart[name] = _amount(told.get(name), told.get("unit"))

    def _sleeps(self) -> Iterator[Sleep]:
        """Give the sleeps of every source; of those at a time the day's night is chosen later."""
        for _, stretches in sorted(self._sleep.items()):
            group: list[_Stretch] = []
            reach = 0.0
            for stretch in sorted(stretches, key=lambda one: (one.start_ts, one.end_ts, one.word)):
                if group and stretch.start_ts - reach >= SAME_SLEEP_S:
                    yield from _sleep_of(group)
                    group = []
                reach = max(reach, stretch.end_ts) if group else stretch.end_ts
                group.append(stretch)
            yield from _sleep_of(group)


def _sleep_of(group: list[_Stretch]) -> Iterator[Sleep]:
    """Make a sleep of its stretches; time in bed without any sleep is none."""
    asleep = [one for one in group if one.word in _PLAIN or _is_asleep(one.word)]
    if not asleep:
        return
    segments: list[Segment] = [
        (one.start_ts, one.end_ts, _STAGES[one.word]) for one in group if one.word in _STAGES
    ]
    stages = in_order(segments) if any(stage.asleep for _, _, stage in segments) else ()
    values = {"sleep_min": _union_s(asleep) / 60.0}
    if stages:
        for stage, key in STAGE_KEYS.items():
            values[key] = sum(end - start for start, end, one in stages if one is stage) / 60.0
        first = min(start for start, _, stage in stages if stage.asleep)
        last = max(end for _, end, stage in stages if stage.asleep)
        values["waso_min"] = (
            sum(
                min(end, last) - max(start, first)
                for start, end, stage in stages
                if stage is Stage.WAKE and end > first and start < last
            )
            / 60.0
        )
    found = Sleep(
        min(one.start_ts for one in group), max(one.end_ts for one in group), values, stages
    )
    if found.is_possible:
        yield found


def _is_asleep(word: str) -> bool:
    return word in _STAGES and _STAGES[word].asleep


def _union_s(stretches: list[_Stretch]) -> float:
    total, reach = 0.0, float("-inf")
    for one in sorted(stretches, key=lambda each: each.start_ts):
        total += max(0.0, one.end_ts - max(one.start_ts, reach))
        reach = max(reach, one.end_ts)
    return total


def _rank(name: str, amount: _Amount) -> tuple[bool, float, str]:
    """Rank a source: a watch is on the wrist while the phone lies on the table; then the most."""
    return _WATCH in name.lower(), amount.total, name


def _value(key: str, amount: _Amount) -> float:
    if key in SUMS.values():
        return amount.total
    return amount.highest if key in HIGHEST.values() else amount.total / amount.count


def _workout_of(going: _Workout) -> ImportedWorkout | None:
    start, end = _moment(going.told.get("startDate")), _moment(going.told.get("endDate"))
    if start is None or end is None or end <= start:
        return None
    name = going.told.get("workoutActivityType", "").removeprefix(_ACTIVITY)
    return ImportedWorkout(
        SOURCE,
        start,
        end,
        kind_of_activity(_words(name)),
        avg_hr_bpm=going.heart.get("average"),
        max_hr_bpm=going.heart.get("maximum"),
        kcal=going.kcal or None,
    )


def _words(name: str) -> str:
    """Part the words of a name like TraditionalStrengthTraining."""
    return "".join(f" {char}" if char.isupper() else char for char in name)


def _amount(value: str | None, unit: str | None) -> float | None:
    found = number(value)
    factor = _UNITS.get((unit or "").strip().lower())
    return None if found is None or factor is None else found * factor


def _moment(text: str | None) -> float | None:
    """Read a time with its offset, epoch s; None for anything else."""
    # "2021-12-11 18:04:47 -0700"; without the second blank it is a form that is read quickly.
    if text is None or len(text) != 25:
        return None
    try:
        found = datetime.fromisoformat(text[:19] + text[20:])
    except ValueError:
        return None
    return found.timestamp() if found.tzinfo is not None and 2000 < found.year < 2100 else None
