"""The routes of the journal."""

from datetime import date, timedelta
from typing import Any, Final

from homeassistant.util import dt as dt_util

from ..answers import async_values
from ..store import WearerStore
from .journal import OUTCOMES, day_of, entry_of, insights, journal, range_days, write
from .refusal import invalid
from .view import Call, PhoneView, read_route, urls, write_route

DEFAULT_RANGE: Final = "30d"
DEFAULT_INSIGHTS: Final = "90d"
AHEAD: Final = timedelta(days=1)
"""A phone on a journey may be a day ahead of Home Assistant."""


def views() -> tuple[PhoneView, ...]:
    """Make the routes."""
    return InsightsView(), JournalView()


class JournalView(PhoneView):
    """Answers what the wearer wrote down, newest first, and takes the entry of a day."""

    url, *extra_urls = urls("journal")
    name = "api:openstrap:v1:journal"

    @read_route
    async def get(self, call: Call) -> list[dict[str, Any]]:
        """List the entries of a range."""
        start, today = _range(call, DEFAULT_RANGE)
        return await call.async_run(journal, start, today + AHEAD)

    @write_route
    async def post(self, call: Call) -> dict[str, Any]:
        """Keep tags and note of a local day; empty ones delete it."""
        body = await call.async_body()
        day = day_of(body.get("date"))
        if day > dt_util.now().date() + AHEAD:
            raise invalid("date is in the future", "date must not be in the future")
        kept = await call.async_run(write, day, entry_of(body))
        call.wearer.sweeper.async_frames_came()
        return kept


class InsightsView(PhoneView):
    """Answers which tags of the journal go along with which metrics, beyond chance."""

    url, *extra_urls = urls("journal/insights")
    name = "api:openstrap:v1:journal:insights"

    @read_route
    async def get(self, call: Call) -> dict[str, Any]:
        """Read in the worker, scan beside it: a scan takes its time, and frames must not wait."""
        start, today = _range(call, DEFAULT_INSIGHTS)
        entries = await call.async_run(WearerStore.journal, start, today)
        values = await async_values(call.async_run, OUTCOMES, start, today, compared=True)
        found = await call.hass.async_add_executor_job(insights, entries, values)
        return {"range": call.query.get("range", DEFAULT_INSIGHTS), **found}


def _range(call: Call, default: str) -> tuple[date, date]:
    """Read the range that was asked for, up to today."""
    days = range_days(call.query.get("range", default))
    today = dt_util.now().date()
    return today - timedelta(days=days - 1), today
