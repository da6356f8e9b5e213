"""Which long-term statistics a wearer has: one series for each number, and the heart rate."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from homeassistant.components.sensor.const import UNIT_CONVERTERS
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import slugify
from homeassistant.util.unit_conversion import (
    BaseUnitConverter,
    DurationConverter,
    EnergyConverter,
    UnitlessRatioConverter,
)

from .const import BPM, CONF_SLUG, DOMAIN
from .display import Display, display_of
from .engine.catalog import CATALOG, EPOCH

HEART_RATE: Final = "heart_rate"
"""Key of the hourly series; all others have one row a day."""
# A unit may belong to several; these are the ones in which sensors without a device class convert.
_CONVERTERS: Final[tuple[type[BaseUnitConverter], ...]] = (
    DurationConverter,
    EnergyConverter,
    UnitlessRatioConverter,
)


class Series(NamedTuple):
    """How one number is kept: in the unit that people see it in."""

    label: str
    unit: str | None
    unit_class: str | None
    scale: float
    """Values of the catalogue times this are in ``unit``."""


def _converter(display: Display) -> type[BaseUnitConverter] | None:
    """Find what converts a unit; what has none is no share of anything either."""
    if display.unit is None:
        return None
    if display.device_class in UNIT_CONVERTERS:
        return UNIT_CONVERTERS[display.device_class]
    return next((one for one in _CONVERTERS if display.unit in one.VALID_UNITS), None)


def _series(label: str, display: Display) -> Series:
    converter, unit, scale = _converter(display), display.unit, display.scale
    if converter is not None and display.suggested_unit is not None:
        scale *= converter.convert(1.0, unit, display.suggested_unit)
        unit = display.suggested_unit
    return Series(label, unit, None if converter is None else converter.UNIT_CLASS, scale)


DAILY: Final[Mapping[str, Series]] = MappingProxyType(
    {
        spec.key: _series(spec.label, display_of(spec))
        for spec in CATALOG.values()
        if spec.unit != EPOCH
    }
)
"""Key -> series with one row a day: every number of the catalogue; a moment is no number."""
SERIES: Final[Mapping[str, Series]] = MappingProxyType(
    {**DAILY, HEART_RATE: _series("Heart rate", Display(BPM))}
)
"""Key -> every series."""


def statistic_id(entry: ConfigEntry[Any], key: str) -> str:
    """Return what a wearer's series is known by; it stays when the wearer is renamed."""
    return _id(entry.data[CONF_SLUG], key)


@callback
def async_give_slug(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Give a wearer the name that their series go by, once, and to nobody else."""
    if CONF_SLUG in entry.data:
        return
    others = {
        one
        for other in hass.config_entries.async_entries(DOMAIN)
        if (slug := other.data.get(CONF_SLUG))
        for one in _ids(slug)
    }
    base = slug = slugify(entry.title)
    number = 1
    # Different names are not enough: "ada_net" has a load where "ada" has a net load.
    while not others.isdisjoint(_ids(slug)):
        number += 1
        slug = f"{base}_{number}"
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_SLUG: slug})


def _ids(slug: str) -> Iterable[str]:
    return (_id(slug, key) for key in SERIES)


def _id(slug: str, key: str) -> str:
    return f"{DOMAIN}:{slug}_{key}"
