"""A day on which a wearer is asked for, and what is asked."""

from datetime import date, timedelta
import json
from typing import Any

from ..stored_days import local

TODAY = date(2026, 6, 10)
NOW = local(TODAY, 12)
YESTERDAY = TODAY - timedelta(days=1)
RUN = (local(YESTERDAY, 17, 30), local(YESTERDAY, 18, 0))


def plain(answer: Any) -> Any:
    """Bring an answer through JSON, as it goes to whoever asked; nothing may be lost."""
    found = json.loads(json.dumps(answer, allow_nan=False))
    assert found == answer
    return found
