"""The routes of a chart and of a day's pages."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from homeassistant.util import dt as dt_util

from ..store import WearerStore
from . import chart
from .asking import BAD_QUERY, date_of, moment_of
from .day_heart import heart_page, hrv_page, lungs_page
from .day_page import DayPage
from .day_pages import strain_page, stress_page, timeline_page, wear_page
from .day_sleep import periods_page, sleep_page
from .envelope import Json
from .refusal import invalid
from .view import Call, PhoneView, read_route, urls

type Page = Callable[[DayPage], Json]


class ChartView(PhoneView):
    """Answers a line of heart rate, movement or steps over up to 400 days."""

    url, *extra_urls = urls("chart")
    name = "api:openstrap:v1:chart"

    @read_route
    async def get(self, call: Call) -> Json:
        """Answer at most 500 points between two moments, the last day without them."""
        metric = call.query.get("metric", "hr")
        if metric not in chart.UNITS:
            known = ", ".join(chart.UNITS)
            raise invalid(f"metric must be one of {known}", BAD_QUERY)
        start_ts, end_ts = _span(call)
        zone = dt_util.get_default_time_zone()
        parts = [
            await call.async_run(chart.part_of, metric, first, last, zone)
            for first, last in chart.slices(start_ts, end_ts)
        ]
        return await call.hass.async_add_executor_job(
            chart.chart_of, metric, start_ts, end_ts, parts
        )


def _span(call: Call) -> tuple[float, float]:
    """Read what stretch of time is asked for; raises Refusal where that makes no sense."""
    start, end = (moment_of(call.query, name) for name in ("from", "to"))
    end_ts = dt_util.utcnow().timestamp() if end is None else end
    start_ts = end_ts - chart.DAY_S if start is None else start
    if start_ts >= end_ts:
        raise invalid("from must be before to", BAD_QUERY)
    if end_ts - start_ts > chart.MAX_DAYS * chart.DAY_S:
        raise invalid(f"from and to must be at most {chart.MAX_DAYS} days apart", BAD_QUERY)
    return start_ts, end_ts


class DayView(PhoneView):
    """Answers one page of a day; of a day without data the same keys with nothing in them."""

    def __init__(self, path: str, page: Page) -> None:
        """Take the path behind /day/ and what makes the page."""
        self.url, *self.extra_urls = urls(f"day/{path}")
        self.name = f"api:openstrap:v1:day:{path.replace('/', ':')}"
        self._page = page

    @read_route
    async def get(self, call: Call) -> Json:
        """Answer the page of the day that stands behind ``date``."""
        return await call.async_run(_made, self._page, date_of(call.query), dt_util.now())


def _made(store: WearerStore, make: Page, day: date, now: datetime) -> Json:
    """Make a page, in the worker."""
    return make(DayPage.of(store, day, now))


PAGES: Final[dict[str, Page]] = {
    "strain": strain_page,
    "sleep": sleep_page,
    "v2/sleep": periods_page,
    "stress": stress_page,
    "timeline": timeline_page,
    "heart": heart_page,
    "lungs": lungs_page,
    "wear": wear_page,
    "hrv": hrv_page,
}
"""Path behind /day/ -> what makes the page."""


def views() -> tuple[PhoneView, ...]:
    """Give the routes of this module."""
    return (ChartView(), *(DayView(path, page) for path, page in PAGES.items()))
