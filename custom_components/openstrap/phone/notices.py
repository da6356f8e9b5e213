"""The notifications of the phone: the nudges that were told, as the phone lists them."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, tzinfo
from typing import Final

from ..store import Notice, WearerStore
from .envelope import Json
from .notice_words import CODE_OF_KIND, WORDINGS, body_of

MOST: Final = 50


def notifications(store: WearerStore, now: float, zone: tzinfo) -> Json:
    """List the nudges of the last seven days before ``now`` (epoch s).

    Unread ones come first, then those that matter more, then the newest. A nudge that only a later
    version has words for is left out.
    """
    known = [one for one in store.notices(now) if one.code in WORDINGS]
    known.sort(
        key=lambda one: (one.read_ts is not None, -WORDINGS[one.code].priority, -one.told_ts)
    )
    return {
        "unread": sum(one.read_ts is None for one in known),
        "notifications": [_worded(one, zone) for one in known[:MOST]],
    }


def mark_read(store: WearerStore, ids: Iterable[str] | None, now: float) -> Json:
    """Mark notifications as read, all of them for None; ids of none that is there do nothing."""
    wanted = None if ids is None else [known for one in ids if (known := _known(one)) is not None]
    store.read_notices(wanted, now)
    return {"ok": True}


def _worded(notice: Notice, zone: tzinfo) -> Json:
    wording = WORDINGS[notice.code]
    return {
        "id": f"{notice.day.isoformat()}:{wording.kind}",
        "date": notice.day.isoformat(),
        "kind": wording.kind,
        "category": wording.category,
        "priority": wording.priority,
        "title": wording.title,
        "body": body_of(wording, notice.values, zone),
        "window": wording.window,
        "quiet_ok": notice.quiet_ok,
        "created_at": int(notice.told_ts),
        "read": notice.read_ts is not None,
        "read_at": None if notice.read_ts is None else int(notice.read_ts),
    }


def _known(notification_id: str) -> tuple[date, str] | None:
    """Read the day and the code out of an id; None for what is none."""
    day, _, kind = notification_id.partition(":")
    with suppress(ValueError):
        if kind in CODE_OF_KIND:
            return date.fromisoformat(day), CODE_OF_KIND[kind]
    return None
