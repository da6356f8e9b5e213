"""From samples to the numbers of a night, and from facts to what they say together."""

from datetime import date, datetime

import numpy as np

from openstrap.engine.day import DayInputs, derive_day
from openstrap.engine.day_result import DayResult
from openstrap.engine.demo import demo_night
from openstrap.engine.facts import DayFacts
from openstrap.engine.metric import NO_SLEEP
from openstrap.engine.protocol import Generation
from openstrap.engine.protocol.bulk import decode_records
from openstrap.engine.rollup import Source
from openstrap.engine.samples import Samples, build_samples
from openstrap.engine.trends import HISTORY_DAYS, derive_trends

from .figure import Figure, seconds
from .frames import ADULT, DAY, SEED, START, TZ, days
from .history import facts_before

NIGHT_RECORDS = 32_000
REPEATS = 15  # short work beside whatever else the machine does


def metrics() -> list[Figure]:
    """Derive every metric of a night of nine hours from its samples."""
    day, samples = _night()
    found = derive_day(DayInputs(day, TZ, samples, ADULT))
    told = sum(metric.value is not None for metric in found.metrics.values())
    if found.metrics["rest_onset"].value is None:
        raise RuntimeError(found.metrics["rest_onset"].note or NO_SLEEP)
    runs = seconds(lambda: derive_day(DayInputs(day, TZ, samples, ADULT)), REPEATS)
    note = f"{len(samples)} records, {len(samples.rr_ms)} beats, {told} numbers"
    return [Figure("night_metrics", "ms", tuple(run * 1e3 for run in runs), 250, note=note)]


def trends() -> list[Figure]:
    """Work out what a day says among all the days that it looks back on."""
    day, samples = _night()
    result = derive_day(DayInputs(day, TZ, samples, ADULT))
    past = _past(result)
    found = derive_trends(result, past, ADULT)
    told = sum(one.value is not None for one in found.metrics.values())
    told -= sum(one.value is not None for one in result.metrics.values())
    runs = seconds(lambda: derive_trends(result, past, ADULT), REPEATS)
    note = f"{len(past)} days before, {told} numbers"
    return [Figure("trends", "ms", tuple(run * 1e3 for run in runs), 100, note=note)]


def _night() -> tuple[date, Samples]:
    """Cut the demo wearer's first night out, as much before it as after."""
    frames = days(1)
    matrix = np.frombuffer(b"".join(frames), np.uint8).reshape(len(frames), -1)
    samples = build_samples([(Source.SUMMARY, decode_records(matrix, Generation.GEN4))])
    day = datetime.fromtimestamp(START + DAY, TZ).date()
    night = demo_night(SEED, day, TZ)
    middle = int(np.searchsorted(samples.ts, (night.onset_ts + night.offset_ts) / 2.0))
    first, last = samples.ts[[middle - NIGHT_RECORDS // 2, middle + NIGHT_RECORDS // 2]].tolist()
    return day, samples.between(first, last)


def _past(result: DayResult) -> list[DayFacts]:
    if result.facts is None:
        raise RuntimeError("a day without facts")
    return [facts_before(result.facts, back) for back in range(1, HISTORY_DAYS + 1)]
