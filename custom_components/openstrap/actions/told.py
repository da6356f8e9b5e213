"""Actions by which a wearer tells what no record says: journal, corrected sleep."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .. import answers
from ..coordinator import OpenStrapCoordinator
from ..engine.insight.journal import MAX_NOTE, MAX_TAGS, JournalDay, cleaned
from ..engine.told import Span
from ..engine.told_rules import ToldError
from ..store import WearerStore
from .action import Answer, Fields, action_error, write_action
from .fields import (
    ANY,
    ATTR_END,
    ATTR_START,
    DATE,
    day_of,
    needed_day,
    needed_moment,
    now_ts,
    today,
    zone,
)

ATTR_TAGS: Final = "tags"
ATTR_NUMBERS: Final = "numbers"
ATTR_NOTE: Final = "note"
ATTR_REPLACE: Final = "replace"
ATTR_RESTORE: Final = "restore"

JOURNAL: Final = {
    vol.Optional(ATTR_TAGS): vol.All(cv.ensure_list, [cv.string]),
    vol.Optional(ATTR_NUMBERS): {cv.string: vol.Coerce(float)},
    vol.Optional(ATTR_NOTE): vol.All(cv.string, vol.Length(max=MAX_NOTE)),
    vol.Optional(ATTR_REPLACE, default=False): cv.boolean,
}
SPAN: Final = {
    vol.Optional(ATTR_START): ANY,
    vol.Optional(ATTR_END): ANY,
    vol.Optional(ATTR_RESTORE, default=False): cv.boolean,
}


@contextmanager
def _telling() -> Iterator[None]:
    """Translate why something that was told is refused."""
    try:
        yield
    except ToldError as err:
        raise action_error(f"told_{err.code}") from err


async def _async_log_journal(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    """Write in the journal: beside what stands there, or in its place."""
    day = day_of(fields) or today()
    if day > today():
        raise action_error("day_in_future", value=day.isoformat())
    tags = frozenset(cleaned(fields.get(ATTR_TAGS, ())))
    # More than these would be dropped without a word.
    if len({tag.strip().lower() for tag in fields.get(ATTR_TAGS, ())} - {""}) > MAX_TAGS:
        raise action_error("too_many_tags", most=str(MAX_TAGS))
    numbers = fields.get(ATTR_NUMBERS, {})
    if not all(name.strip() for name in numbers):
        raise action_error("journal_number", reason="a number of a journal has a name")
    try:
        entry = JournalDay(tags, numbers, fields.get(ATTR_NOTE, ""))
    except ValueError as err:
        raise action_error("journal_number", reason=str(err)) from err
    kept = await wearer.worker.async_run(_log, day, entry, replace=fields[ATTR_REPLACE])
    wearer.sweeper.async_frames_came()
    return {"day": day.isoformat(), **kept.to_dict()}


def _log(store: WearerStore, day: date, entry: JournalDay, *, replace: bool) -> JournalDay:
    held = None if replace else store.journal(day, day).get(day)
    if held is not None:
        tags = held.tags | entry.tags
        if len(tags) > MAX_TAGS:
            raise action_error("too_many_tags", most=str(MAX_TAGS))
        entry = JournalDay(tags, {**held.numbers, **entry.numbers}, entry.note or held.note)
    store.write_journal(day, entry or None)
    return entry


async def _async_edit_sleep(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    """Tell when a night began and ended, or take that back."""
    day, span = needed_day(fields), _span(fields)
    with _telling():
        await wearer.worker.async_run(WearerStore.edit_sleep, day, span, tz=zone(), now=now_ts())
    return _changed(wearer, day, span)


async def _async_reject_nap(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    """Say that a nap was none, or let all naps of a day stand again."""
    span = _span(fields)
    day = needed_day(fields) if span is None else None
    with _telling():
        if span is not None:
            await wearer.worker.async_run(WearerStore.reject_nap, span, zone())
        elif day is not None:
            await wearer.worker.async_run(WearerStore.restore_naps, day, zone())
    return _changed(wearer, day, span)


def _span(fields: Fields) -> Span | None:
    """Read start and end; None where something is to be taken back."""
    if fields[ATTR_RESTORE]:
        return None
    return needed_moment(fields, ATTR_START), needed_moment(fields, ATTR_END)


def _changed(wearer: OpenStrapCoordinator, day: date | None, span: Span | None) -> Answer:
    """Have the days looked at anew soon, and say what is told now."""
    wearer.sweeper.async_frames_came()
    answer: Answer = {} if day is None else {"day": day.isoformat()}
    if span is not None:
        answer |= answers.worded_span(*span, zone())
    return {**answer, "restored": span is None}


ACTIONS: Final = (
    write_action("log_journal", DATE | JOURNAL, _async_log_journal),
    write_action("edit_sleep", DATE | SPAN, _async_edit_sleep),
    write_action("reject_nap", DATE | SPAN, _async_reject_nap),
)
