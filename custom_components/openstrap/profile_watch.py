"""Results go by the wearer's profile: when it changes, those that are stored follow.

Runs in the worker thread and knows no Home Assistant.
"""

from dataclasses import asdict
from datetime import date, timedelta
import json
from typing import Final

from .engine.profile import Profile
from .engine.trends import HISTORY_DAYS
from .store import WearerStore

PROFILE_CURSOR: Final = "profile"
"""What the stored results go by. Of a file that does not say so, they go by what is told now."""

OF_DAYS: Final = frozenset({"birth_year", "hr_max_bpm"})
"""What a day takes in by itself: how high the heart can go."""


def follow_profile(store: WearerStore, profile: Profile) -> bool:
    """Let results be looked at anew where the profile is another; True when there are some.

    As far back as a trend looks, so that all that stands beside the newest day is measured alike;
    a day of before goes by what was told then, until its own data change. Trends need no frames
    for that. What a day says by itself does, and only of the body: without them it stays.
    """
    told = asdict(profile)
    text = json.dumps(told, separators=(",", ":"), sort_keys=True)
    before = store.cursor(PROFILE_CURSOR)
    if before == text:
        return False
    newest = [] if before is None else store.newest_names(1, date.max)
    for day in newest:
        days = [day - timedelta(days=ago) for ago in range(HISTORY_DAYS + 1)]
        store.review(days[-1])
        held = json.loads(before or "{}")
        if any(held.get(field) != value for field, value in told.items() if field in OF_DAYS):
            store.recompute(days)
    # Last, so that a crash in between looks at them twice and not never.
    store.set_cursor(PROFILE_CURSOR, text)
    return bool(newest)
