"""The nudges that a wearer was told in the last seven days, and which of them were read."""

from datetime import date, tzinfo
from typing import Final

from ..engine.insight.findings import Severity
from ..engine.insight.nudge_candidates import CODES
from ..store import Notice, WearerStore
from .wording import Answer, iso

_SEVERITIES: Final = {int(severity): severity.name.lower() for severity in Severity}


def notices(store: WearerStore, now: float, zone: tzinfo) -> Answer:
    """List the nudges of the last seven days before ``now`` (epoch s), newest first."""
    found = _known(store, now)
    return {
        "unread": sum(one.read_ts is None for one in found),
        "notifications": [_worded(one, zone) for one in found],
    }


def dismiss(
    store: WearerStore, code: str | None, day: date | None, now: float, zone: tzinfo
) -> Answer:
    """Mark nudges as read, on the phone too: those of a code, of a day, or all of them for None.

    Gives those that were unread until then, and how many are left.
    """
    unread = [one for one in _known(store, now) if one.read_ts is None]
    chosen = [one for one in unread if code in (None, one.code) and day in (None, one.day)]
    if chosen:
        store.read_notices([(one.day, one.code) for one in chosen], now)
    gone = {(one.day, one.code) for one in chosen}
    after = [one for one in _known(store, now) if (one.day, one.code) in gone]
    return {
        "unread": len(unread) - len(chosen),
        "dismissed": [_worded(one, zone) for one in after],
    }


def _known(store: WearerStore, now: float) -> list[Notice]:
    """Give the notices, newest first, without what only a later version knows."""
    found = [one for one in store.notices(now) if one.code in CODES and one.severity in _SEVERITIES]
    return found[::-1]


def _worded(one: Notice, zone: tzinfo) -> Answer:
    """Write a nudge as its event has it, and when it was told and read."""
    return {
        "code": one.code,
        "severity": _SEVERITIES[one.severity],
        "day": one.day.isoformat(),
        "values": dict(one.values),
        "told": iso(one.told_ts, zone),
        "told_ts": one.told_ts,
        "read": None if one.read_ts is None else iso(one.read_ts, zone),
        "read_ts": one.read_ts,
    }
