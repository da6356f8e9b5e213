"""How Home Assistant shows the units of the catalogue: the same in sensors and in graphs."""

from typing import Final, NamedTuple

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import UnitOfEnergy, UnitOfRatio, UnitOfTemperature, UnitOfTime

from .engine.catalog import EPOCH, MetricSpec

# So short or so fine that hours would hide them.
SHOWN_IN_MINUTES: Final = frozenset(
    {
        *(f"zone_{number}_min" for number in range(1, 6)),
        "workout_min",
        "active_min",
        "longest_still_min",
        "movement_min",
        "night_movement_min",
        "light_movement_min",
        "moderate_movement_min",
        "vigorous_movement_min",
    }
)


class Display(NamedTuple):
    """How Home Assistant shows a unit of the catalogue."""

    unit: str | None
    device_class: SensorDeviceClass | None = None
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT
    suggested_unit: str | None = None
    scale: float = 1.0


PLAIN: Final = Display(None)
MINUTES: Final = Display(UnitOfTime.MINUTES, SensorDeviceClass.DURATION)
DISPLAYS: Final = {
    EPOCH: Display(None, SensorDeviceClass.TIMESTAMP, None),
    "min": MINUTES._replace(suggested_unit=UnitOfTime.HOURS),
    "s": Display(UnitOfTime.SECONDS, SensorDeviceClass.DURATION),
    "ms": Display(UnitOfTime.MILLISECONDS, SensorDeviceClass.DURATION),
    "h": Display(UnitOfTime.HOURS),
    "fraction": Display(UnitOfRatio.PERCENTAGE, scale=100.0),
    "%": Display(UnitOfRatio.PERCENTAGE),
    "°C": Display(UnitOfTemperature.CELSIUS, SensorDeviceClass.TEMPERATURE),
    "d": Display(UnitOfTime.DAYS),
    # What adds up over a day and begins anew with the next, as ``last_reset`` says. No total that
    # only increases: a late record may lower it.
    "kcal": Display(UnitOfEnergy.KILO_CALORIE, SensorDeviceClass.ENERGY, SensorStateClass.TOTAL),
    "steps": Display("steps", None, SensorStateClass.TOTAL),
    # Thousandths of gravity, where Home Assistant reads milligrams.
    "mg": Display("milli-g"),
    # A difference is no temperature: 1 °C more are 1.8 °F more, not 33.8.
    "Δ°C": Display(UnitOfTemperature.CELSIUS, SensorDeviceClass.TEMPERATURE_DELTA),
    "flag": PLAIN,
    "level": PLAIN,
    "points": PLAIN,
    "ratio": PLAIN,
    "strain": PLAIN,
}


def display_of(spec: MetricSpec) -> Display:
    """Show a unit that Home Assistant does not know by its name."""
    if spec.key in SHOWN_IN_MINUTES:
        return MINUTES
    return DISPLAYS.get(spec.unit) or Display(spec.unit)
