"""Metrics of a day for tests of what is made of them."""

from custom_components.openstrap.engine.metric import Metric, Tier


def metric(value: float | None, confidence: float = 0.6, **drivers: float) -> Metric:
    """Wrap a number, or its absence."""
    return Metric(
        value,
        "points",
        0.0 if value is None else confidence,
        Tier.ESTIMATE,
        "Number",
        drivers=tuple(drivers.items()),
        note="need_input:name=x,have=0,need=1" if value is None else None,
    )


def metrics(**values: float | None) -> dict[str, Metric]:
    """Wrap several by key."""
    return {key: metric(value) for key, value in values.items()}
