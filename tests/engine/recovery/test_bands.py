"""Words for scores."""

import pytest

from custom_components.openstrap.engine.recovery.bands import Band, band_of, whole


@pytest.mark.parametrize(
    ("score", "points", "band"),
    [
        (0.0, 0, Band.RED),
        (33.49, 33, Band.RED),
        (33.5, 34, Band.YELLOW),
        (66.49, 66, Band.YELLOW),
        (66.5, 67, Band.GREEN),
        (100.0, 100, Band.GREEN),
    ],
)
def test_bands_follow_the_number_shown(score: float, points: int, band: Band) -> None:
    """Rounded half up first."""
    assert whole(score) == points
    assert band_of(score) is band
    assert band_of(points) is band
