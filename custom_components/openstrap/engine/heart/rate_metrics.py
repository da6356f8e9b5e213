"""What the heart rate says of a night, wrapped."""

from typing import Final

from ..metric import Metric, Tier, clamp, need_input
from ..metric_spec import EPOCH, MetricSpec
from ..samples import Samples
from ..sleep.hypnogram import Hypnogram
from .resting import MIN_COVERED, MIN_SECONDS, WINDOW_S, RestingHr, resting_hr, sleeping_hr
from .wrapping import LEAST, Span, all_measured

HIGH, ESTIMATE = Tier.HIGH, Tier.ESTIMATE

RATE_ROWS: Final = (
    MetricSpec("resting_hr_bpm", "bpm", 1, HIGH, "Resting heart rate", headline=True),
    MetricSpec("sleeping_hr_bpm", "bpm", 1, HIGH, "Sleeping heart rate", headline=True),
    MetricSpec("nrem_hr_bpm", "bpm", 1, ESTIMATE, "NREM heart rate", headline=False),
    MetricSpec("hr_nadir_bpm", "bpm", 1, HIGH, "Lowest heart rate", headline=False),
    MetricSpec("hr_nadir_ts", EPOCH, 0, HIGH, "Time of the lowest heart rate", headline=False),
    MetricSpec(
        "hr_nadir_position", "fraction", 2, HIGH, "Place of the lowest heart rate", headline=False
    ),
)
SPEC: Final = {row.key: row for row in RATE_ROWS}

FULL_HR_S: Final = 7200.0


def rate_metrics(
    night: Samples, window: Span, hypnogram: Hypnogram | None = None
) -> dict[str, Metric]:
    """Every metric of ``RATE_ROWS``, those without a value with their reason.

    Confidences are those of the method times the share of the window with a heart rate. Without
    stages the sleeping heart rate is that of the whole window, and says so.
    """
    floor = resting_hr(night.ts, night.hr_bpm, *window)
    sleep = sleeping_hr(night.ts, night.hr_bpm, *window, hypnogram)
    covered = min(floor.seconds / max(window[1] - window[0], 1.0), 1.0)
    sure = max(clamp(floor.seconds / FULL_HR_S, 0.4, 0.95) * covered, LEAST)
    drivers = (("hr_min", floor.seconds / 60.0), ("covered", covered))
    found = {"resting_hr_bpm": _floor(floor, sure, drivers)}

    mean, thin = SPEC["sleeping_hr_bpm"], need_input("hr_s", sleep.seconds, MIN_SECONDS)
    inputs = ("hr", "stages") if hypnogram is not None else ("hr",)
    estimator = "mean_of_rest_window" if hypnogram is None else "mean_asleep"
    found[mean.key] = mean.measured(
        sleep.mean_bpm,
        sure,
        inputs,
        drivers=drivers if sleep.mean_bpm is not None else (),
        note=thin if sleep.mean_bpm is None else f"estimator:name={estimator}",
    )
    nrem = need_input("nrem_hr_s", sleep.nrem_seconds, MIN_SECONDS)
    found |= all_measured(
        SPEC, {"nrem_hr_bpm": (sleep.nrem_median_bpm, nrem)}, sure, ("hr", "stages"), drivers
    )
    no_nadir = need_input("covered_5_min", 0, 1)
    nadir = {
        "hr_nadir_bpm": (sleep.nadir_bpm, no_nadir),
        "hr_nadir_ts": (sleep.nadir_ts, no_nadir),
        "hr_nadir_position": (sleep.nadir_position, no_nadir),
    }
    return found | all_measured(SPEC, nadir, sure, ("hr",), drivers)


def _floor(floor: RestingHr, sure: float, minutes: tuple[tuple[str, float], ...]) -> Metric:
    spec = SPEC["resting_hr_bpm"]
    if floor.bpm is None or floor.p1_bpm is None:
        need = MIN_COVERED * WINDOW_S
        return spec.absent(need_input("hr_s_in_30_min", floor.best_window_s, need), ("hr",))
    return spec.measured(floor.bpm, sure, ("hr",), drivers=(("p1_bpm", floor.p1_bpm), *minutes))
