"""The routes that tell of many days: lists of rows, trends, histories, records, and today."""

from datetime import date, timedelta
from typing import Final

from homeassistant.util import dt as dt_util

from ..answers.briefs import BRIEFS
from ..answers.spans import QUARTER_DAYS
from ..const import CONF_STEP_GOAL
from . import history_page as history, session_list, trend_pages as trends
from .asking import BAD_QUERY, date_of, moment_of
from .day_rows import DAILY_ROWS
from .envelope import Json
from .names import METRICS
from .record_page import record_page
from .refusal import invalid
from .sleep_rows import MOST_PERIODS, PERIOD_ROWS, SLEEP_ROWS, days_of, newest_need
from .today import directions_of, today_page
from .view import Call, PhoneView, read_route, urls

MOST_ROWS: Final = 120
NEED_DAYS: Final = 30
"""What a night needs is looked for in so many days before now."""
MAX_DAYS: Final = 365
USUAL_DAYS: Final = 30


class TodayView(PhoneView):
    """Answers today as far as it has come, the newest night, and this minute."""

    url, *extra_urls = urls("today")
    name = "api:openstrap:v1:today"

    @read_route
    async def get(self, call: Call) -> Json:
        """Answer the home page."""
        on = dt_util.now().date()
        nights = await SLEEP_ROWS.async_newest(call.async_run, date.min, on, 1)
        return await call.async_run(
            today_page,
            on,
            date.fromisoformat(nights[0]["date"]) if nights else None,
            now_ts=dt_util.utcnow().timestamp(),
            step_goal=call.wearer.config_entry.options.get(CONF_STEP_GOAL),
        )


class StrainView(PhoneView):
    """Answers whole rows of days, newest first: at most 120 of the days from ``from`` to ``to``."""

    url, *extra_urls = urls("strain")
    name = "api:openstrap:v1:strain"

    @read_route
    async def get(self, call: Call) -> list[Json]:
        """Answer the rows; days without the band have none."""
        return await DAILY_ROWS.async_newest(call.async_run, *_range(call), MOST_ROWS)


class SleepView(PhoneView):
    """Answers rows of nights, newest first: at most 120 of the days from ``from`` to ``to``."""

    url, *extra_urls = urls("sleep")
    name = "api:openstrap:v1:sleep"

    @read_route
    async def get(self, call: Call) -> list[Json]:
        """Answer the rows; days without a night have none."""
        return await SLEEP_ROWS.async_newest(call.async_run, *_range(call), MOST_ROWS)


class PeriodsView(PhoneView):
    """Answers all sleep day by day, naps too, newest day first: at most 400 periods."""

    url, *extra_urls = urls("sleep/v2")
    name = "api:openstrap:v1:sleep:v2"

    @read_route
    async def get(self, call: Call) -> Json:
        """Answer the days; ``need_min`` is the newest need of sleep that is known."""
        rows = await PERIOD_ROWS.async_newest(call.async_run, *_range(call), MOST_PERIODS)
        on = dt_util.now().date()
        since = on - timedelta(days=NEED_DAYS)
        briefs = await _async_briefs(call, since, on)
        return {"days": days_of(rows), "need_min": newest_need(briefs), "stages_beta": True}


class SessionsView(PhoneView):
    """Answers workouts, newest first: at most 200 that began from ``from`` to ``to`` (epoch s)."""

    url, *extra_urls = urls("sessions")
    name = "api:openstrap:v1:sessions"

    @read_route
    async def get(self, call: Call) -> list[Json]:
        """Answer the rows; deleted ones are none."""
        now_ts = dt_util.utcnow().timestamp()
        start, end = (moment_of(call.query, name) for name in ("from", "to"))
        return await session_list.async_sessions(
            call.async_run,
            0.0 if start is None else start,
            now_ts if end is None else end,
            now_ts,
            dt_util.get_default_time_zone(),
        )


class TrendsView(PhoneView):
    """Answers the last 1 to 365 days side by side, oldest first, and where they lead."""

    url, *extra_urls = urls("trends")
    name = "api:openstrap:v1:trends"

    @read_route
    async def get(self, call: Call) -> Json:
        """Answer the days up to today."""
        days = _days(call)
        on = dt_util.now().date()
        start = on - timedelta(days=days - 1)
        briefs = await _async_briefs(call, start, on)
        newest = await call.async_run(directions_of, on)
        return await call.hass.async_add_executor_job(history.trends_page, briefs, newest, on, days)


class HistoryView(PhoneView):
    """Answers a week, month, quarter or year summed up, beside as many days before."""

    url, *extra_urls = urls("history")
    name = "api:openstrap:v1:history"

    @read_route
    async def get(self, call: Call) -> Json:
        """Answer the range that ends today; an unknown one is 30 days."""
        name = call.query.get("range", history.USUAL).lower()
        if name not in history.RANGES:
            name = history.USUAL
        on = dt_util.now().date()
        start = on - timedelta(days=2 * history.RANGES[name] - 1)
        briefs = await _async_briefs(call, start, on)
        return await call.hass.async_add_executor_job(
            history.history_page, briefs, name, on, dt_util.get_default_time_zone()
        )


class TrendView(PhoneView):
    """Answers one metric in the days of a week, five weeks, or three months."""

    url, *extra_urls = urls("trend/{metric}")
    name = "api:openstrap:v1:trend"

    @read_route
    async def get(self, call: Call, metric: str) -> Json:
        """Answer the page that ends with the day ``anchor``, today without it."""
        if metric not in METRICS:
            raise trends.unknown_metric(metric)
        scale = trends.SCALES.get(call.query.get("scale", trends.USUAL), trends.OTHER)
        anchor = date_of(call.query, "anchor") if "anchor" in call.query else dt_util.now().date()
        if not trends.FIRST <= anchor <= trends.LAST:
            raise invalid("anchor must lie between the years 2000 and 2100", BAD_QUERY)
        start = anchor - timedelta(days=QUARTER_DAYS)
        await BRIEFS.async_ready(call.async_run, start, anchor)
        return await call.async_run(
            trends.trend_page, metric, scale, anchor, dt_util.get_default_time_zone()
        )


class RecordsView(PhoneView):
    """Answers the best of all days, streaks, and how the resting heart rate has moved."""

    url, *extra_urls = urls("records")
    name = "api:openstrap:v1:records"

    @read_route
    async def get(self, call: Call) -> Json:
        """Answer what stands today."""
        on = dt_util.now().date()
        await BRIEFS.async_ready(call.async_run, date.min, on)
        return await call.async_run(record_page, on, dt_util.get_default_time_zone())


async def _async_briefs(call: Call, start: date, end: date) -> history.Briefs:
    """Read a range of days, made ready part by part."""
    await BRIEFS.async_ready(call.async_run, start, end)
    return await call.async_run(BRIEFS.read, start, end)


def _range(call: Call) -> tuple[date, date]:
    """Read the days from ``from`` to ``to``, all without them; raises Refusal for what is no day."""
    start = date_of(call.query, "from") if "from" in call.query else date.min
    end = date_of(call.query, "to") if "to" in call.query else date.max
    return start, end


def _days(call: Call) -> int:
    """Read how many days, held to what there can be; raises Refusal for what is no number."""
    text = call.query.get("days")
    if text is None:
        return USUAL_DAYS
    try:
        return min(max(int(text), 1), MAX_DAYS)
    except ValueError as err:
        raise invalid("days must be a whole number", BAD_QUERY) from err


def views() -> tuple[PhoneView, ...]:
    """Give the routes of this module."""
    return (
        TodayView(),
        StrainView(),
        SleepView(),
        PeriodsView(),
        SessionsView(),
        TrendsView(),
        HistoryView(),
        TrendView(),
        RecordsView(),
    )
