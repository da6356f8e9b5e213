"""A day as other systems told it, in the form of a day that was measured."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from .catalog import CATALOG
from .day_result import DayResult
from .facts import DayFacts, clock_of
from .imported import (
    IMPORTED,
    IMPORTED_ALGORITHM,
    NAP,
    RANK,
    SLEEP,
    STAGES,
    TIMEZONE,
    VALUE,
    WORKOUT,
    WORKOUT_KEYS,
    Fields,
    SourceName,
)
from .metric import Metric, Tier
from .metric_spec import TRENDS
from .sleep.hypnogram import EPOCH_S, MAX_EPOCHS, Hypnogram, Segment, Stage, encode
from .told import Span, is_same

CONFIDENCE: Final = 0.5
"""Nobody here saw what the number was made of (judgement)."""
NOT_IMPORTED: Final = "not_imported"
STAGE_KEYS: Final = {"light_min": Stage.LIGHT, "deep_min": Stage.DEEP, "rem_min": Stage.REM}

type Told = tuple[SourceName, Any]
"""A value, and whose it is."""
type Night = tuple[Told | None, tuple[SourceName, list[Segment]] | None]
"""The rest as (start, end), and its stages."""


def compose(day: date, told: Mapping[SourceName, Fields]) -> DayResult:
    """Make the result of a day from what each source told of it; the same in any order.

    The better source holds; what it lacks is filled from the next. Raises ValueError for fields
    that nobody can have written here, and ZoneInfoNotFoundError likewise.
    """
    ranked = sorted(told, key=RANK.__getitem__)
    found = _best(ranked, told)
    zone = ZoneInfo(found[TIMEZONE][1])
    night = _night(found)
    naps = _apart(found, NAP)
    workouts = _apart(found, WORKOUT)
    values = {
        name.removeprefix(VALUE): value for name, value in found.items() if name.startswith(VALUE)
    }
    for key, told_value in _derived(night, naps, workouts).items():
        values.setdefault(key, told_value)
    metrics = {
        key: _metric(key, values[key]) if key in values else spec.absent(NOT_IMPORTED)
        for key, spec in CATALOG.items()
    }
    details: dict[str, Any] = {
        IMPORTED: {"source": ranked[0].value, "sources": [one.value for one in ranked]},
        "naps": [
            [start, end, _asleep_s(start, end, asleep_min), CONFIDENCE]
            for _, (start, end, asleep_min) in naps
        ],
        "trends": {"workouts": [_workout(source, row) for source, row in workouts]},
    }
    if (stages := night[1]) is not None:
        details["hypnogram"] = encode(Hypnogram.from_segments(stages[1]))
    return DayResult(
        day=day,
        timezone=zone.key,
        algorithm=IMPORTED_ALGORITHM,
        metrics=metrics,
        facts=_facts(day, zone, metrics, night, naps),
        details=details,
    )


def _best(ranked: list[SourceName], told: Mapping[SourceName, Fields]) -> dict[str, Told]:
    """Give each field from the best source that has it."""
    found: dict[str, Told] = {}
    for source in ranked:
        for name, (_, value) in sorted(told[source].items()):
            found.setdefault(name, (source, value))
    # The stages are of one source: minutes of one and a picture of another would not agree.
    staged = found.get(STAGES)
    if staged is not None:
        for key in STAGE_KEYS:
            name = VALUE + key
            if name in found and found[name][0] != staged[0]:
                del found[name]
    return found


def _night(found: Mapping[str, Told]) -> Night:
    """Give the rest as (start, end), and its stages, as far as both are of the same night."""
    sleep = found.get(SLEEP)
    staged = found.get(STAGES)
    if staged is None:
        return sleep, None
    source, rows = staged
    segments: list[Segment] = [(start, end, Stage(stage)) for start, end, stage in rows]
    span = segments[0][0], segments[-1][1]
    if span[1] - span[0] > MAX_EPOCHS * EPOCH_S:
        return sleep, None
    if sleep is None:
        return (source, span), (source, segments)
    return sleep, (source, segments) if is_same(span, tuple(sleep[1])) else None


def _apart(found: Mapping[str, Told], kind: str) -> list[Told]:
    """Give the naps or workouts by their start; of two that are one the better source's holds."""
    rows = [told for name, told in found.items() if name.startswith(kind)]
    spans: list[tuple[Span, Told]] = []
    for told in sorted(rows, key=lambda one: (RANK[one[0]], one[1][0], -one[1][1])):
        span = told[1][0], told[1][1]
        if not any(is_same(span, other) for other, _ in spans):
            spans.append((span, told))
    return [told for _, told in sorted(spans, key=lambda one: one[0])]


def _derived(night: Night, naps: list[Told], workouts: list[Told]) -> dict[str, Told]:
    """Work out what follows by counting from what was told."""
    found: dict[str, Told] = {}
    sleep, stages = night
    if sleep is not None:
        source, (onset, offset) = sleep
        found["rest_onset"] = source, onset
        found["rest_offset"] = source, offset
        found["rest_duration_min"] = source, (offset - onset) / 60.0
    if stages is not None:
        source, segments = stages
        asleep = [one for one in segments if one[2].asleep]
        if asleep:
            found["sleep_onset"] = source, asleep[0][0]
            found["sleep_offset"] = source, asleep[-1][1]
            found["sleep_min"] = source, _minutes(asleep)
        # Some sources know sleep and wake only, or call all of it light.
        if len({one[2] for one in asleep}) > 1:
            for key, stage in STAGE_KEYS.items():
                found[key] = source, _minutes(one for one in asleep if one[2] is stage)
    if naps:
        found["nap_count"] = naps[0][0], len(naps)
        known = [row[2] for _, row in naps]
        if None not in known:
            found["nap_min"] = naps[0][0], sum(known)
    if workouts:
        first = workouts[0][0]
        found["workouts"] = first, len(workouts)
        found["workout_min"] = first, sum((row[1] - row[0]) / 60.0 for _, row in workouts)
        place = WORKOUT_KEYS.index("strain")
        strains = [(row[place], source) for source, row in workouts if row[place] is not None]
        if strains:
            hardest, source = max(strains)
            found["workout_strain"] = source, hardest
    return found


def _minutes(segments: Iterable[Segment]) -> float:
    return sum(end - start for start, end, _ in segments) / 60.0


def _metric(key: str, told: Told) -> Metric:
    source, value = told
    found = CATALOG[key].measured(value, CONFIDENCE, (f"{IMPORTED}:{source.value}",))
    return found.at_most(Tier.ESTIMATE)


def _asleep_s(start: float, end: float, asleep_min: float | None) -> float:
    """Give the seconds slept in a nap; all of it where nobody told."""
    return end - start if asleep_min is None else 60.0 * asleep_min


def _workout(source: SourceName, row: list[Any]) -> dict[str, Any]:
    """Give a workout in the form of those that were detected; what nobody told is None."""
    # The title came last: what was kept before it has none.
    told = dict(zip(WORKOUT_KEYS, [*row, None][: len(WORKOUT_KEYS)], strict=True))
    start, end = told["start_ts"], told["end_ts"]
    zones = told["zone_s"]
    minutes = (end - start) / 60.0
    steps = told["steps"]
    return {
        "id": None,
        "start_ts": start,
        "end_ts": end,
        "kind": told["kind"] or "other",
        "kind_confidence": CONFIDENCE if told["kind"] else 0.0,
        "title": told["title"],
        "source": IMPORTED,
        "imported_from": source.value,
        "confidence": CONFIDENCE,
        "duration_min": round(minutes, 1),
        "coverage": None,
        "avg_bpm": told["avg_bpm"],
        "max_bpm": told["max_bpm"],
        "min_bpm": None,
        "time_to_peak_min": None,
        "drift_pct": None,
        # Below zone 1 is what the zones do not cover.
        "zone_s": None
        if zones is None
        else [round(max(end - start - sum(zones), 0.0)), *(round(spent) for spent in zones)],
        "zone_floors_bpm": None,
        "zone_source": None,
        "trimp": None,
        "strain": told["strain"],
        "kcal": told["kcal"],
        "hrr60_bpm": None,
        "hrr60_confidence": None,
        "hrr_tau_s": None,
        "recovery_curve": [],
        "steps": steps,
        "cadence_spm": None,
    }


def _facts(
    day: date,
    zone: ZoneInfo,
    metrics: Mapping[str, Metric],
    night: Night,
    naps: list[Told],
) -> DayFacts:
    """Gather what later days may look back on, if the wearer asks for it."""
    sleep, stages = night
    clock, end_ts = clock_of(day, zone)
    slept = metrics["sleep_min"].value
    asleep: list[Span] = []
    onset = offset = None
    if sleep is not None and slept:
        onset, offset = sleep[1]
        if stages is not None:
            asleep = [(start, end) for start, end, stage in stages[1] if stage.asleep]
        asleep = asleep or [(onset, offset)]
        onset, offset = asleep[0][0], asleep[-1][1]
    return DayFacts(
        day=day,
        tz=zone.key,
        clock=clock,
        end_ts=end_ts,
        onset_ts=onset,
        offset_ts=offset,
        tst_min=None if onset is None else slept,
        nap_min=metrics["nap_min"].value,
        asleep=(*asleep, *((row[0], row[1]) for _, row in naps)),
        values={
            key: metric.value
            for key, metric in metrics.items()
            if metric.value is not None and CATALOG[key].kind not in TRENDS
        },
    )
