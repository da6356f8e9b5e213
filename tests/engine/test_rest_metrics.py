"""The window of rest, wrapped."""

from custom_components.openstrap.engine.metric import NO_SLEEP, Tier
from custom_components.openstrap.engine.rest_metrics import ROWS, rest_metrics
from custom_components.openstrap.engine.sleep.window import RestWindow

FOUND = RestWindow(
    onset_ts=1000.0,
    offset_ts=30_000.0,
    confidence=0.7,
    tier=Tier.HIGH,
    note="open_end",
    drivers=(("observed", 0.9),),
    bed_ts=400.0,
    rise_ts=30_400.0,
    open_end=True,
    method="sessions",
    sessions=(),
)


def test_a_rest() -> None:
    """From falling quiet to moving again, with the story of how it was found."""
    found = rest_metrics(FOUND)
    assert {key: metric.value for key, metric in found.items()} == {
        "rest_onset": 400.0,
        "rest_offset": 30_400.0,
        "rest_duration_min": 500.0,
    }
    for metric in found.values():
        assert (metric.confidence, metric.note, metric.drivers) == (0.7, "open_end", FOUND.drivers)


def test_no_rest() -> None:
    """Every row says why."""
    found = rest_metrics(NO_SLEEP)
    assert list(found) == [row.key for row in ROWS]
    assert {(metric.value, metric.note) for metric in found.values()} == {(None, NO_SLEEP)}
