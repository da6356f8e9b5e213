"""What the heart says of a waking day, wrapped."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ..metric import Metric, Tier, clamp, hrv_refused, need_input
from ..metric_spec import MetricSpec
from ..samples import Samples
from ..signal.beats import Beats
from ..signal.motion import Motion
from ..signal.noise import judge_noise
from .daytime import MIN_BINS, daytime_rmssd, still_at
from .dip import MIN_SECONDS, nocturnal_dip
from .resting import hr_seconds
from .wrapping import LEAST, Span

DAY_ROWS: Final = (
    MetricSpec(
        "daytime_rmssd_ms", "ms", 1, Tier.ESTIMATE, "Daytime HRV", headline=False, kind="day"
    ),
    MetricSpec(
        "nocturnal_dip_percent", "%", 1, Tier.HIGH, "Nocturnal dip", headline=False, kind="day"
    ),
)
SPEC: Final = {row.key: row for row in DAY_ROWS}

FULL_BINS: Final = 24
"""Five-minute bins for full confidence: two still hours."""
FULL_NIGHT_S: Final = 14400.0
FULL_DAY_S: Final = 7200.0
"""Still waking seconds from which the day's side of a dip is sure (judgement)."""


def day_metrics(
    samples: Samples,
    beats: Beats,
    motion: Motion,
    *,
    day: Span,
    main: Span | None,
    naps: Sequence[Span] = (),
) -> dict[str, Metric]:
    """Every metric of ``DAY_ROWS``, those without a value with their reason.

    ``samples`` and ``beats`` cover the day (epoch s, [start, end)) and the main sleep ``main``,
    which may begin before it; ``motion`` covers the day. ``main`` and ``naps`` are no waking time.
    """
    asleep = [*([] if main is None else [main]), *naps]
    return {
        "daytime_rmssd_ms": _daytime(beats, motion, day, asleep),
        "nocturnal_dip_percent": _dip(samples, motion, day, main, asleep),
    }


def _daytime(beats: Beats, motion: Motion, day: Span, asleep: Sequence[Span]) -> Metric:
    spec, inputs = SPEC["daytime_rmssd_ms"], ("rr", "hr", "accel")
    still = (beats.record_ts >= day[0]) & (beats.record_ts < day[1])
    still[still] = still_at(motion, beats.record_ts[still])
    found = daytime_rmssd(beats, still, day[0], asleep)
    if found.rmssd_ms is None:
        return spec.absent(need_input("still_bins_of_5_min", found.bins, MIN_BINS), inputs)
    noise = judge_noise(found.step)
    if noise.refused:
        return spec.absent(hrv_refused(noise.acf1, noise.concentration), inputs)
    sure = clamp(found.bins / FULL_BINS, 0.0, 1.0) * noise.quality
    return spec.measured(
        found.rmssd_ms, max(clamp(sure, 0.1, 0.8), LEAST), inputs, drivers=(("bins", found.bins),)
    )


def _dip(
    samples: Samples, motion: Motion, day: Span, main: Span | None, asleep: Sequence[Span]
) -> Metric:
    spec, inputs = SPEC["nocturnal_dip_percent"], ("hr", "accel")
    if main is None:
        return spec.absent(need_input("main_sleep", 0, 1), inputs)
    waking = hr_seconds(samples.ts, samples.hr_bpm, *day)
    second = day[0] + np.arange(len(waking), dtype=np.float64)
    for begin, end in asleep:
        waking[(second >= begin) & (second < end)] = np.nan
    known = np.flatnonzero(np.isfinite(waking))
    waking[known[~still_at(motion, second[known])]] = np.nan
    night = hr_seconds(samples.ts, samples.hr_bpm, *main)
    awake_s, night_s = (int(np.isfinite(part).sum()) for part in (waking, night))
    found = nocturnal_dip(waking, night)
    if found is None:
        thin = min((awake_s, "still_waking_hr_s"), (night_s, "sleeping_hr_s"))
        return spec.absent(need_input(thin[1], thin[0], MIN_SECONDS), inputs)
    sure = clamp(night_s / FULL_NIGHT_S, 0.4, 0.9) * clamp(awake_s / FULL_DAY_S, 0.3, 1.0)
    return spec.measured(
        found.percent,
        sure,
        inputs,
        drivers=(
            ("day_bpm", found.day_bpm),
            ("night_bpm", found.night_bpm),
            ("still_waking_min", awake_s / 60.0),
        ),
        note=f"dip:kind={found.kind}",
    )
