"""Fields that several actions have, and how what was filled in is read."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..answers import AnswerError
from ..engine.catalog import CATALOG
from .action import Fields, action_error

ATTR_DATE: Final = "date"
ATTR_START_DATE: Final = "start_date"
ATTR_END_DATE: Final = "end_date"
ATTR_START: Final = "start"
ATTR_END: Final = "end"
ATTR_METRIC: Final = "metric"
ATTR_METRICS: Final = "metrics"

DEFAULT_DAYS: Final = 30
"""Of a range of which only one end, or none, is given."""
MAX_DAYS: Final = 366
"""Of a range that is answered at once: an answer is held in memory, and sent, as a whole."""
FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""Of the days that may be asked for. Beyond them lies nothing, and at the ends of the calendar
there is no day before, or after, to look at."""

# Dates and times are read here and not by the schema: so a mistake is told in the user's language.
ANY: Final = vol.Any(str, date, datetime)
DATE: Final = {vol.Optional(ATTR_DATE): ANY}
RANGE: Final = {vol.Optional(ATTR_START_DATE): ANY, vol.Optional(ATTR_END_DATE): ANY}
METRICS: Final = {vol.Optional(ATTR_METRICS): vol.All(cv.ensure_list, [cv.string])}


def today() -> date:
    """Give the day it is where Home Assistant is."""
    return dt_util.now().date()


def zone() -> tzinfo:
    """Give the zone that days are lived in here."""
    return dt_util.get_default_time_zone()


def now_ts() -> float:
    """Give the time, epoch s."""
    return dt_util.utcnow().timestamp()


def day_of(fields: Fields, name: str = ATTR_DATE) -> date | None:
    """Read a date; None when it was left out."""
    value = fields.get(name)
    if value is None:
        return None
    found: date | None
    if isinstance(value, datetime):
        found = value.date()
    else:
        found = value if isinstance(value, date) else dt_util.parse_date(value)
    if found is None or not FIRST_DAY <= found <= LAST_DAY:
        raise action_error("not_a_date", field=name, value=str(value))
    return found


def needed_day(fields: Fields, name: str = ATTR_DATE) -> date:
    """Read a date that must be there."""
    found = day_of(fields, name)
    if found is None:
        raise action_error("field_missing", field=name)
    return found


def range_of(fields: Fields, *, most: int | None = MAX_DAYS) -> tuple[date, date]:
    """Read a range of days, both included: the last 30 days unless told otherwise."""
    end = day_of(fields, ATTR_END_DATE) or today()
    start = day_of(fields, ATTR_START_DATE) or end - timedelta(days=DEFAULT_DAYS - 1)
    if start > end:
        raise action_error(
            "range_backwards", start_date=start.isoformat(), end_date=end.isoformat()
        )
    if most is not None and (end - start).days >= most:
        raise action_error("range_too_long", days=str((end - start).days + 1), most=str(most))
    return start, end


def moment_of(fields: Fields, name: str) -> float | None:
    """Read a date and time as epoch s, in the zone of Home Assistant unless it names one.

    None when it was left out.
    """
    value = fields.get(name)
    if value is None:
        return None
    try:
        if not isinstance(value, datetime):
            value = dt_util.parse_datetime(str(value), raise_on_error=True)
        return dt_util.as_utc(value).timestamp()
    except (ValueError, OverflowError) as err:
        raise action_error("not_a_time", field=name, value=str(value)) from err


def needed_moment(fields: Fields, name: str) -> float:
    """Read a date and time that must be there, as epoch s."""
    found = moment_of(fields, name)
    if found is None:
        raise action_error("field_missing", field=name)
    return found


def checked[T](check: Callable[[str], T], keys: Sequence[str]) -> list[T]:
    """Check keys of metrics, which those who do not know them are told."""
    return [_checked(check, key) for key in keys]


def _checked[T](check: Callable[[str], T], key: str) -> T:
    try:
        return check(key)
    except AnswerError as err:
        if err.code == "metric_is_a_moment":
            raise action_error("metric_is_a_moment", metric=key) from err
        raise action_error("unknown_metric", metric=key, known=", ".join(CATALOG)) from err
