"""When the link is held for live values."""

from datetime import time
from typing import Any

import pytest

from custom_components.openstrap.strap_live import live_mode, live_wanted
from custom_components.openstrap.strap_view import LiveMode

OVER_MIDNIGHT = {"live_mode": "night", "night_start": "22:00:00", "night_end": "08:00:00"}
AFTER_MIDNIGHT = {"live_mode": "night", "night_start": "01:00:00", "night_end": "07:00:00"}


def test_never_unless_chosen() -> None:
    """It costs battery and a slot."""
    assert live_mode({}) is LiveMode.NEVER
    assert not live_wanted({}, time(3))


@pytest.mark.parametrize("now", [time(0), time(12), time(23, 59)])
def test_always(now: time) -> None:
    """At every hour."""
    assert live_wanted({"live_mode": "always"}, now)


@pytest.mark.parametrize(
    ("options", "now", "wanted"),
    [
        (OVER_MIDNIGHT, time(21, 59, 59), False),
        (OVER_MIDNIGHT, time(22), True),
        (OVER_MIDNIGHT, time(0), True),
        (OVER_MIDNIGHT, time(7, 59, 59), True),
        (OVER_MIDNIGHT, time(8), False),
        (AFTER_MIDNIGHT, time(0, 59), False),
        (AFTER_MIDNIGHT, time(1), True),
        (AFTER_MIDNIGHT, time(7), False),
        ({"live_mode": "night"}, time(23), True),
        ({"live_mode": "night"}, time(12), False),
    ],
)
def test_at_night(options: dict[str, Any], now: time, wanted: bool) -> None:
    """From its beginning, up to but without its end; also over midnight."""
    assert live_wanted(options, now) is wanted
