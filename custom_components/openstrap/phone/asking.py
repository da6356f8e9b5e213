"""What stands behind the question mark, checked."""

from collections.abc import Mapping
from datetime import date
import math
import re
from typing import Final

from .refusal import invalid

BAD_QUERY: Final = "Invalid query"
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NEVER_AFTER: Final = 4102444800.0
"""Epoch s of the year 2100: later moments are milliseconds, or a mistake."""


def date_of(query: Mapping[str, str], name: str = "date") -> date:
    """Read a day that has to be given; raises Refusal for anything else."""
    text = query.get(name)
    if text is None or DATE.fullmatch(text) is None:
        raise invalid(f"{name}=YYYY-MM-DD is needed", f"{name}=YYYY-MM-DD required")
    try:
        return date.fromisoformat(text)
    except ValueError as err:
        raise invalid(f"there is no day {text}", BAD_QUERY) from err


def moment_of(query: Mapping[str, str], name: str) -> float | None:
    """Read a time in epoch s; None when it is not given; raises Refusal for anything else."""
    text = query.get(name)
    if text is None:
        return None
    try:
        ts = float(text)
    except ValueError:
        ts = math.nan
    if not 0.0 <= ts <= NEVER_AFTER:
        raise invalid(
            f"{name} must be a time in seconds since 1970, up to the year 2100", BAD_QUERY
        )
    return ts
