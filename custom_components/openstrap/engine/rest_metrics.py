"""The window of rest that everything of a night is measured in, wrapped."""

from typing import Final

from .metric import Metric, Tier
from .metric_spec import EPOCH, MetricSpec
from .sleep.window import RestWindow

ROWS: Final = (
    MetricSpec("rest_onset", EPOCH, 0, Tier.HIGH, "Rest onset", headline=True),
    MetricSpec("rest_offset", EPOCH, 0, Tier.HIGH, "Rest end", headline=True),
    MetricSpec("rest_duration_min", "min", 0, Tier.HIGH, "Rest duration", headline=True),
)
SPEC: Final = {row.key: row for row in ROWS}
INPUTS: Final = ("accel", "hr")


def rest_metrics(rest: RestWindow | str) -> dict[str, Metric]:
    """Every metric of ``ROWS``; ``rest`` may be the reason (str) for which there is none."""
    if isinstance(rest, str):
        return {key: spec.absent(rest) for key, spec in SPEC.items()}
    values = {
        "rest_onset": rest.bed_ts,
        "rest_offset": rest.rise_ts,
        "rest_duration_min": (rest.rise_ts - rest.bed_ts) / 60.0,
    }
    return {
        key: SPEC[key].measured(
            value, rest.confidence, INPUTS, drivers=rest.drivers, note=rest.note
        )
        for key, value in values.items()
    }
