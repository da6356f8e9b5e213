"""Whether the radio path is any good."""

import pytest

from custom_components.openstrap.strap.policy.quality import LinkQuality


@pytest.mark.parametrize(
    ("frames", "marginal"),
    [
        ([(19, 0)], False),
        ([(15, 4)], False),
        ([(16, 4)], True),
        ([(17, 3)], False),
        ([(40, 0), (0, 10)], True),
        ([(0, 10), (40, 0)], True),
        ([(0, 10), (41, 0)], False),
        ([(0, 50), (50, 0)], False),
        ([(1000, 0)], False),
        ([(0, 1000)], True),
    ],
)
def test_a_fifth_of_the_last_fifty_frames(frames: list[tuple[int, int]], marginal: bool) -> None:
    """At least twenty must have come."""
    quality = LinkQuality()
    for good, corrupt in frames:
        quality.note(good=good, corrupt=corrupt)
    assert quality.marginal is marginal
