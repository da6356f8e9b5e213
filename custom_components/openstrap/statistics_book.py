"""What the recorder holds of a wearer's statistics: compared, written and cleared."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
import math
from typing import Any

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    async_add_external_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util

from .const import CONF_SLUG, DOMAIN
from .statistics_rows import Slice, Value, Window
from .statistics_series import HEART_RATE, SERIES, statistic_id


@dataclass(frozen=True, slots=True)
class Difference:
    """What the recorder lacks, and the series in which it has a row too many."""

    missing: Mapping[str, Sequence[StatisticData]]
    surplus: frozenset[str]


@dataclass(slots=True)
class Described:
    """How the recorder describes a wearer's series."""

    nothing: bool
    """It knows none of them."""
    renamed: set[str] = field(default_factory=set)
    other_unit: set[str] = field(default_factory=set)
    """Their rows are in a unit that somebody chose there; ours would not fit beside them."""


class Book:
    """The recorder's rows of one wearer. All of it needs a recorder."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Take a wearer who has a slug."""
        self._hass = hass
        self._entry = entry
        self._recorder = get_instance(hass)

    async def async_ready(self) -> bool:
        """Wait until the recorder can be asked; False when it never will."""
        # Others wait for it too: who stops waiting must not stop them.
        return await asyncio.shield(self._recorder.async_db_ready)

    async def async_describe(self) -> Described:
        """Compare names and units."""
        return await self._recorder.async_add_executor_job(self._describe)

    async def async_compare(self, wanted: Slice) -> Difference:
        """Compare rows with what they should be."""
        return await self._recorder.async_add_executor_job(self._compare, wanted)

    async def async_write(self, rows: Mapping[str, Sequence[StatisticData]]) -> None:
        """Hand rows over, and wait until the recorder has dealt with them."""
        for key, data in rows.items():
            async_add_external_statistics(self._hass, self._metadata(key), data)
        await self._async_clear_ids([])

    async def async_clear(self, keys: Iterable[str]) -> None:
        """Delete whole series; there is no way to delete a single row."""
        await self._async_clear_ids([statistic_id(self._entry, key) for key in keys])

    async def async_clear_all(self) -> None:
        """Delete all that goes by a wearer's name, also series that there are no more."""
        own = self._entry.data[CONF_SLUG]
        # Others may have a slug that begins with this one.
        others = tuple(
            f"{DOMAIN}:{slug}_"
            for other in self._hass.config_entries.async_entries(DOMAIN)
            if (slug := other.data.get(CONF_SLUG, own)).startswith(f"{own}_")
        )
        # First what was handed over before: series that are still to be written are not known yet.
        await self._async_clear_ids([])
        ids = await self._recorder.async_add_executor_job(self._own_ids, f"{DOMAIN}:{own}_")
        await self._async_clear_ids([one for one in ids if not one.startswith(others)])

    async def _async_clear_ids(self, ids: list[str]) -> None:
        """Delete series, none of them perhaps; done when all is done that was asked for before."""
        loop = self._hass.loop
        done = loop.create_future()

        @callback
        def finish() -> None:
            if not done.done():
                done.set_result(None)

        def call_back() -> None:
            loop.call_soon_threadsafe(finish)

        self._recorder.async_clear_statistics(ids, on_done=call_back)
        await done

    def _metadata(self, key: str) -> StatisticMetaData:
        series = SERIES[key]
        return StatisticMetaData(
            mean_type=StatisticMeanType.ARITHMETIC,
            has_sum=False,
            name=f"{self._entry.title} {series.label}",
            source=DOMAIN,
            statistic_id=statistic_id(self._entry, key),
            unit_class=series.unit_class,
            unit_of_measurement=series.unit,
        )

    def _describe(self) -> Described:
        found = get_metadata(
            self._hass, statistic_ids={statistic_id(self._entry, key) for key in SERIES}
        )
        described = Described(not found)
        for key in SERIES:
            wanted = self._metadata(key)
            if wanted["statistic_id"] not in found:
                continue
            _, held = found[wanted["statistic_id"]]
            if held["name"] != wanted["name"]:
                described.renamed.add(key)
            if held["unit_of_measurement"] != wanted["unit_of_measurement"]:
                described.other_unit.add(key)
        return described

    def _own_ids(self, prefix: str) -> list[str]:
        known = get_metadata(self._hass, statistic_source=DOMAIN)
        return [one for one in known if one.startswith(prefix)]

    def _compare(self, wanted: Slice) -> Difference:
        missing: dict[str, list[StatisticData]] = {}
        surplus: set[str] = set()
        held = self._held(wanted.rows, wanted.days)
        for key, values in wanted.rows.items():
            rows = {at: Value(one, one, one) for at, one in values.items()}
            known = held.get(key, {})
            if known.keys() - rows.keys():
                surplus.add(key)
            if data := _unlike(rows, known):
                missing[key] = data
        if wanted.hours:
            beats = wanted.heart_rate
            of_hours = self._held([HEART_RATE], wanted.hours).get(HEART_RATE, {})
            # Hours whose frames are gone are kept nowhere else, so the series is never cleared: an
            # hour that turned out to have no heart rate gets a row that says nothing.
            gone = [
                at
                for at in sorted(of_hours.keys() - beats.keys())
                if of_hours[at] is not None
                and any(one.sure and one.start <= at < one.end for one in wanted.hours)
            ]
            if data := [*_unlike(beats, of_hours), *map(_empty, gone)]:
                missing[HEART_RATE] = data
        return Difference(missing, frozenset(surplus))

    def _held(
        self, keys: Collection[str], windows: Iterable[Window]
    ) -> dict[str, dict[int, Value | None]]:
        """Read rows back, None for those that say nothing."""
        ids = {statistic_id(self._entry, key): key for key in keys}
        held: dict[str, dict[int, Value | None]] = {}
        for start, end in _spans(windows):
            found = statistics_during_period(
                self._hass,
                dt_util.utc_from_timestamp(start),
                dt_util.utc_from_timestamp(end),
                set(ids),
                "hour",
                None,
                {"mean", "min", "max"},
            )
            for one, rows in found.items():
                known = held.setdefault(ids[one], {})
                for row in rows:
                    known[int(row["start"])] = _value(row)
        return held


def _spans(windows: Iterable[Window]) -> Iterator[tuple[int, int]]:
    """Give windows as few stretches; days that lie far apart are asked for apart."""
    start = end = None
    for window in sorted(windows, key=lambda one: one.start):
        if start is None or end is None:
            start, end = window.start, window.end
        elif window.start <= end:
            end = max(end, window.end)
        else:
            yield start, end
            start, end = window.start, window.end
    if start is not None and end is not None:
        yield start, end


def _value(row: StatisticsRow) -> Value | None:
    mean, low, high = row.get("mean"), row.get("min"), row.get("max")
    return None if mean is None or low is None or high is None else Value(mean, low, high)


def _unlike(rows: Mapping[int, Value], held: Mapping[int, Value | None]) -> list[StatisticData]:
    """Give the rows that are not held, or not as they should be, oldest first."""
    return [
        StatisticData(
            start=dt_util.utc_from_timestamp(at), mean=value.mean, min=value.low, max=value.high
        )
        for at, value in sorted(rows.items())
        if not _alike(value, held.get(at))
    ]


def _alike(value: Value, held: Value | None) -> bool:
    return held is not None and all(map(math.isclose, value, held))


def _empty(at: int) -> StatisticData:
    return StatisticData(start=dt_util.utc_from_timestamp(at))
