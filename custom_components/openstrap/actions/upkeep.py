"""Actions for a wearer's file: computing days again, and deleting what is to be gone."""

from datetime import date, timedelta
from typing import Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..coordinator import OpenStrapCoordinator
from ..store import WearerStore
from .action import Answer, Fields, action_error, write_action
from .fields import ANY, RANGE, needed_day, range_of, today, zone

ATTR_BEFORE: Final = "before"
ATTR_WHAT: Final = "what"
ATTR_CONFIRM: Final = "confirm"
WHAT_RAW: Final = "raw"
WHAT_EVERYTHING: Final = "everything"


async def _async_recompute(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    """Have days computed again from their frames; those whose frames are gone stay."""
    start, end = range_of(fields)
    again, gone = await wearer.worker.async_run(_recompute, start, min(end, today()))
    wearer.sweeper.async_frames_came()
    return {
        "days": [day.isoformat() for day in again],
        "frames_gone": [day.isoformat() for day in gone],
    }


def _recompute(store: WearerStore, start: date, end: date) -> tuple[list[date], list[date]]:
    """Let days be derived anew; gives them, and those that stay because their frames are gone."""
    known = store.known_days(start, end)
    again = store.recompute(known)
    return sorted(again), sorted({*known} - {*again})


async def _async_purge(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    """Delete the days before a day, for good."""
    before = needed_day(fields, ATTR_BEFORE)
    if before > today():
        raise action_error("day_in_future", value=before.isoformat())
    if not fields[ATTR_CONFIRM]:
        raise action_error("not_confirmed", name=wearer.config_entry.title)
    everything = fields[ATTR_WHAT] == WHAT_EVERYTHING
    run = wearer.worker.async_run
    deleted = await run(_count, before) if everything else 0
    # A slice a job: frames that come meanwhile need not wait for all of it.
    while await run(WearerStore.purge, before, zone(), everything=everything):
        pass
    if everything:
        wearer.sweeper.async_purged(before)
    await wearer.async_results_changed()
    return {"before": before.isoformat(), "what": fields[ATTR_WHAT], "days_deleted": deleted}


def _count(store: WearerStore, before: date) -> int:
    return len(store.known_days(date.min, before - timedelta(days=1)))


ACTIONS: Final = (
    write_action("recompute", RANGE, _async_recompute),
    write_action(
        "purge",
        {
            vol.Required(ATTR_BEFORE): ANY,
            vol.Required(ATTR_WHAT): vol.In((WHAT_RAW, WHAT_EVERYTHING)),
            vol.Optional(ATTR_CONFIRM, default=False): cv.boolean,
        },
        _async_purge,
    ),
)
