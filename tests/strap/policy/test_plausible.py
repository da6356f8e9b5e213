"""Which times a record can have."""

import pytest

from custom_components.openstrap.strap.policy.plausible import When, time_window, usable_range_ts

NOW = 1_780_000_000
DAY = 86_400


@pytest.mark.parametrize(
    ("epoch", "when"),
    [
        (0, When.BEFORE),
        (1_699_999_999, When.BEFORE),
        (1_700_000_000, When.PLAUSIBLE),
        (NOW + DAY, When.PLAUSIBLE),
        (NOW + DAY + 1, When.AFTER),
        (0xFFFFFFFF, When.AFTER),
    ],
)
def test_without_a_range(epoch: int, when: When) -> None:
    """From the first possible second to a day from now."""
    assert time_window(NOW, None, None).judge(epoch) is when


@pytest.mark.parametrize(
    ("epoch", "when"),
    [
        (NOW - 17 * DAY - 1, When.BEFORE),
        (NOW - 17 * DAY, When.PLAUSIBLE),
        (NOW, When.PLAUSIBLE),
        (NOW + DAY + 1, When.AFTER),
    ],
)
def test_within_a_week_of_what_the_strap_holds(epoch: int, when: When) -> None:
    """The strap's own range narrows it."""
    assert time_window(NOW, NOW - 10 * DAY, NOW - DAY).judge(epoch) is when


def test_a_range_needs_both_ends_and_real_times() -> None:
    """An impossible end is as good as none."""
    assert time_window(NOW, NOW - DAY, None) == time_window(NOW, None, None)
    assert usable_range_ts(31_536_000, NOW) is None
    assert usable_range_ts(NOW + 2 * DAY, NOW) is None
    assert usable_range_ts(NOW, NOW) == NOW
