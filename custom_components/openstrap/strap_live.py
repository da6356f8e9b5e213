"""When the link is held for live values: the wearer's options, and the hour."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from .const import (
    CONF_LIVE_MODE,
    CONF_NIGHT_END,
    CONF_NIGHT_START,
    DEFAULT_NIGHT_END,
    DEFAULT_NIGHT_START,
)
from .strap_view import LiveMode


def live_mode(options: Mapping[str, Any]) -> LiveMode:
    """Give what the wearer has chosen."""
    return LiveMode(options.get(CONF_LIVE_MODE, LiveMode.NEVER))


def live_wanted(options: Mapping[str, Any], now: time) -> bool:
    """Tell whether the link is to be held at a local time of day.

    A night that begins later than it ends goes over midnight.
    """
    mode = live_mode(options)
    if mode is not LiveMode.NIGHT:
        return mode is LiveMode.ALWAYS
    start = time.fromisoformat(options.get(CONF_NIGHT_START, DEFAULT_NIGHT_START))
    end = time.fromisoformat(options.get(CONF_NIGHT_END, DEFAULT_NIGHT_END))
    return start <= now < end if start <= end else now >= start or now < end
