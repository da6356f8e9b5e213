"""Options that triggers and conditions have in common, and what they may be."""

from typing import Final

import voluptuous as vol

CONF_MAX_AGE: Final = "max_age"
CONF_PERCENT: Final = "percent"
CONF_BAND: Final = "band"
CONF_BEFORE: Final = "before"
CONF_HOURS: Final = "hours"

BANDS: Final = ("red", "yellow", "green")

AGE: Final = vol.All(vol.Coerce(int), vol.Range(min=1, max=2160))
"""Minutes, up to the day and a half in which anything is told at all."""
PERCENT: Final = vol.All(vol.Coerce(float), vol.Range(min=0, max=100))
HOURS: Final = vol.All(vol.Coerce(float), vol.Range(min=1, max=720))
BAND: Final = vol.In(BANDS)
DEFAULT_LOW_BATTERY: Final = 30
"""Percent: a night and a morning of most bands, with a margin (judgement)."""
DEFAULT_STALE_H: Final = 12
"""Longer than a band is out of reach on an ordinary day of work (judgement)."""
